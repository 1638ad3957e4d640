"""Brushes for the demo's pictures. Shapes are drawn at twice their size and scaled down, which smooths their edges."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SMOOTH: Final = 2
SPACING: Final = 0.28  # of the letter size, between the letters of a `spaced` line

Box = tuple[float, float, float, float]
Painter = Callable[[ImageDraw.ImageDraw, float], None]


def gradient(size: tuple[int, int], top: str, bottom: str) -> Image.Image:
    ramp = Image.linear_gradient("L").resize(size, Image.Resampling.BICUBIC)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), ramp)


def glow(canvas: Image.Image, center: tuple[float, float], radius: float, color: str, strength: float) -> None:
    """Light of a colour that fades out with the distance. `strength` is 0 to 1."""
    side = round(radius * 2)
    fade = Image.radial_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
    mask = fade.point(lambda value: round(max(0, 255 - value * 1.42) * strength))
    canvas.paste(color, (round(center[0] - radius), round(center[1] - radius)), mask)


def mask(size: tuple[int, int], painter: Painter) -> Image.Image:
    """A shape with smooth edges: white where `painter`, who is given the drawing's scale, draws."""
    large = Image.new("L", (size[0] * SMOOTH, size[1] * SMOOTH), 0)
    painter(ImageDraw.Draw(large), SMOOTH)
    return large.resize(size, Image.Resampling.BOX)


def paint(canvas: Image.Image, color: str, painter: Painter, *, opacity: float = 1.0, blur: float = 0) -> None:
    """Lay a shape on the canvas. `blur` is a radius in pixels."""
    shape = mask(canvas.size, painter)
    if blur:
        shape = shape.filter(ImageFilter.GaussianBlur(blur))
    if opacity < 1:
        shape = shape.point(lambda value: round(value * opacity))
    canvas.paste(color, (0, 0), shape)


def disc(center: tuple[float, float], radius: float) -> Painter:
    return ellipse((center[0] - radius, center[1] - radius, center[0] + radius, center[1] + radius))


def ellipse(box: Box) -> Painter:
    return lambda draw, scale: draw.ellipse(scaled(box, scale), fill=255)


def ring(center: tuple[float, float], radius: float, width: float) -> Painter:
    box = (center[0] - radius, center[1] - radius, center[0] + radius, center[1] + radius)
    return lambda draw, scale: draw.ellipse(scaled(box, scale), outline=255, width=round(width * scale))


def rounded(box: Box, radius: float) -> Painter:
    return lambda draw, scale: draw.rounded_rectangle(scaled(box, scale), radius * scale, fill=255)


def polygon(*points: tuple[float, float]) -> Painter:
    return lambda draw, scale: draw.polygon([(x * scale, y * scale) for x, y in points], fill=255)


def line(*points: tuple[float, float], width: float) -> Painter:
    return lambda draw, scale: draw.line(
        [(x * scale, y * scale) for x, y in points], fill=255, width=round(width * scale), joint="curve"
    )


def scaled(box: Box, scale: float) -> Box:
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)


def write(
    canvas: Image.Image, at: tuple[float, float], text: str, size: float, color: str, *, anchor: str = "la"
) -> None:
    """Text in Pillow's own typeface; several lines are set close, as headlines are."""
    draw = ImageDraw.Draw(canvas)
    for number, row in enumerate(text.split("\n")):
        draw.text((at[0], at[1] + number * size * 1.06), row, fill=color, font=typeface(size), anchor=anchor)


def write_spaced(canvas: Image.Image, at: tuple[float, float], text: str, size: float, color: str) -> None:
    """One line of spaced-out letters, centred on `at`, as labels are set."""
    font = typeface(size)
    widths = [font.getlength(letter) for letter in text]
    x = at[0] - (sum(widths) + SPACING * size * (len(text) - 1)) / 2
    draw = ImageDraw.Draw(canvas)
    for letter, width in zip(text, widths, strict=True):
        draw.text((x, at[1]), letter, fill=color, font=font, anchor="lm")
        x += width + SPACING * size


@lru_cache(maxsize=32)
def typeface(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def grain(canvas: Image.Image, strength: float = 0.05) -> Image.Image:
    """A little noise: it hides the bands of a gradient and reads as paper."""
    noise = Image.effect_noise(canvas.size, 60).convert("RGB")
    return Image.blend(canvas, noise, strength)
