"""The demo brand's pictures: Harbor Coffee, a small roaster by the sea."""

from collections.abc import Callable
from math import cos, pi, sin
from typing import Final

from PIL import Image

from postline.demo.drawing import (
    Painter,
    disc,
    ellipse,
    glow,
    gradient,
    grain,
    line,
    paint,
    polygon,
    ring,
    rounded,
    write,
    write_spaced,
)

BRAND: Final = "HARBOR COFFEE"
CREAM: Final = "#f6ead8"
PAPER: Final = "#fbf5ea"
INK: Final = "#2b1a14"
COFFEE: Final = "#4a2617"
CREMA: Final = "#b9743f"
TERRACOTTA: Final = "#c8553d"
FOREST: Final = "#1f4a43"
SUN: Final = "#f2a541"

SQUARE: Final = (1080, 1080)
PORTRAIT: Final = (1080, 1350)
TALL: Final = (1080, 1920)


def slow_mornings() -> Image.Image:
    """A cup from above on a warm table."""
    canvas = gradient(SQUARE, "#e79a6b", "#b4472f")
    glow(canvas, (250, 200), 760, "#ffd9a0", 0.75)
    cup = (700, 712)
    paint(canvas, "#3a120a", disc((728, 760), 332), opacity=0.42, blur=38)
    paint(canvas, CREAM, disc(cup, 330))
    paint(canvas, "#e6d3b8", ring(cup, 298, 5))
    paint(canvas, "#7d5338", disc((712, 732), 240), opacity=0.35, blur=22)
    paint(canvas, PAPER, rounded((870, 640, 1016, 694), 27))
    paint(canvas, PAPER, disc(cup, 232))
    paint(canvas, "#d9c3a3", ring(cup, 212, 5))
    paint(canvas, COFFEE, disc(cup, 207))
    paint(canvas, CREMA, disc(cup, 190))
    for size, color in ((8.6, PAPER), (6.0, CREMA), (3.9, PAPER)):
        paint(canvas, color, _heart(cup, size))
    for x, y, turn in ((138, 660, 0.5), (244, 762, -0.4), (128, 828, 1.2)):
        _bean(canvas, (x, y), 46, turn)
    write(canvas, (76, 78), "Slow\nmornings.", 132, PAPER)
    write_spaced(canvas, (208, 1002), BRAND, 28, PAPER)
    return grain(canvas)


def single_origin() -> Image.Image:
    """A bag of beans on a plinth, under a green wall."""
    canvas = gradient(PORTRAIT, "#2d6a5f", "#153731")
    glow(canvas, (540, 620), 760, "#8fc2a5", 0.55)
    paint(canvas, SUN, disc((540, 560), 376))
    paint(canvas, "#f7c274", disc((540, 560), 300))
    paint(canvas, "#0c221e", ellipse((200, 1082, 880, 1160)), opacity=0.6, blur=26)
    paint(canvas, CREAM, polygon((318, 400), (762, 400), (800, 1120), (280, 1120)))
    paint(canvas, "#e3cfae", polygon((700, 400), (762, 400), (800, 1120), (726, 1120)))
    paint(canvas, "#d7bf98", polygon((318, 400), (762, 400), (756, 318), (324, 318)))
    paint(canvas, INK, rounded((340, 340, 740, 366), 13))
    paint(canvas, TERRACOTTA, rounded((366, 500, 690, 960), 22))
    _bean(canvas, (528, 640), 78, 0.5)
    write_spaced(canvas, (528, 548), BRAND, 22, PAPER)
    write(canvas, (528, 780), "Guji", 112, PAPER, anchor="mm")
    write_spaced(canvas, (528, 868), "ETHIOPIA", 26, PAPER)
    write_spaced(canvas, (528, 918), "250 g", 22, "#f3c9b4")
    write(canvas, (540, 130), "Apricot. Jasmine. Honey.", 72, PAPER, anchor="mm")
    write(canvas, (540, 1252), "The new single origin, roasted on Tuesday", 38, "#cfe3d6", anchor="mm")
    return grain(canvas, 0.04)


def new_roast_story() -> Image.Image:
    """A sunrise over hills, with room above and below for the app's own buttons."""
    canvas = gradient(TALL, "#f8c98a", "#e2694a")
    glow(canvas, (540, 920), 900, "#fff0c8", 0.9)
    paint(canvas, "#fff3d6", disc((540, 960), 270))
    for base, height, width, color in (
        (1180, 110, 760, "#d9583f"),
        (1330, 130, 620, "#a83a36"),
        (1500, 140, 880, "#6d2733"),
        (1680, 120, 700, "#3a1726"),
    ):
        _hills(canvas, base, height, width, color)
    write_spaced(canvas, (540, 316), BRAND, 36, INK)
    write(canvas, (540, 452), "New roast,", 150, INK, anchor="mm")
    write(canvas, (540, 612), "Friday.", 150, INK, anchor="mm")
    paint(canvas, PAPER, rounded((300, 1500, 780, 1610), 55))
    write(canvas, (540, 1555), "Doors open at 8", 48, INK, anchor="mm")
    return grain(canvas, 0.04)


def grind_card() -> Image.Image:
    return _card(1, "Grind", "18 g, as fine\nas sea salt", "#f3dcc0", TERRACOTTA, _draw_grinder)


def bloom_card() -> Image.Image:
    return _card(2, "Bloom", "40 g of water,\nwait 30 seconds", "#dfe6d5", FOREST, _draw_dripper)


def pour_card() -> Image.Image:
    return _card(3, "Pour", "slow circles\nto 300 g", "#f7d79b", "#a8461f", _draw_kettle, is_last=True)


BREW_GUIDE: Final = (grind_card, bloom_card, pour_card)  # a carousel in one style


def _card(
    number: int,
    word: str,
    text: str,
    background: str,
    accent: str,
    draw: Callable[[Image.Image, str], None],
    *,
    is_last: bool = False,
) -> Image.Image:
    canvas = Image.new("RGB", PORTRAIT, background)
    glow(canvas, (840, 430), 720, "#ffffff", 0.6)
    paint(canvas, accent, disc((700, 520), 330))
    draw(canvas, accent)
    write(canvas, (80, 60), str(number), 190, accent)
    write(canvas, (80, 884), word, 190, INK)
    write(canvas, (86, 1104), text, 58, INK)
    write_spaced(canvas, (880, 1276), BRAND, 24, INK)
    if not is_last:
        paint(canvas, accent, line((912, 1160), (990, 1160), width=8))
        paint(canvas, accent, line((962, 1132), (990, 1160), (962, 1188), width=8))
    return grain(canvas, 0.04)


def _draw_grinder(canvas: Image.Image, accent: str) -> None:
    paint(canvas, PAPER, polygon((560, 330), (840, 330), (762, 500), (638, 500)))
    for x, y, turn in ((640, 296, 0.4), (706, 268, -0.6), (764, 300, 1.1), (700, 326, 0.1)):
        _bean(canvas, (x, y), 40, turn)
    paint(canvas, PAPER, rounded((600, 512, 800, 760), 26))
    paint(canvas, accent, rounded((630, 620, 770, 720), 14))
    paint(canvas, PAPER, disc((700, 670), 15))
    paint(canvas, INK, line((800, 560), (890, 560), (890, 470), width=18))
    paint(canvas, INK, disc((890, 456), 28))


def _draw_dripper(canvas: Image.Image, _accent: str) -> None:
    paint(canvas, PAPER, polygon((500, 360), (900, 360), (752, 600), (648, 600)))
    paint(canvas, COFFEE, ellipse((520, 326, 880, 400)))
    for x, y, radius in ((600, 356, 20), (668, 344, 26), (748, 362, 30), (816, 354, 16), (704, 374, 14)):
        paint(canvas, CREMA, disc((x, y), radius))
    paint(canvas, INK, rounded((560, 600, 840, 624), 12))
    paint(canvas, PAPER, rounded((590, 636, 810, 790), 40))
    paint(canvas, COFFEE, rounded((610, 724, 790, 774), 24))
    for x in (628, 700, 772):
        wave = [(x + 16 * sin(step / 3), 300 - step * 7) for step in range(18)]
        paint(canvas, PAPER, line(*wave, width=9), opacity=0.85)


def _draw_kettle(canvas: Image.Image, _accent: str) -> None:
    paint(canvas, PAPER, polygon((610, 330), (850, 330), (890, 560), (570, 560)))
    paint(canvas, PAPER, line((590, 520), (500, 480), (470, 380), (410, 352), width=28))
    paint(canvas, INK, rounded((690, 282, 770, 334), 18))
    paint(canvas, INK, line((850, 360), (960, 360), (960, 500), (884, 520), width=20))
    paint(canvas, COFFEE, line((408, 360), (400, 760), width=12))
    paint(canvas, INK, rounded((330, 700, 560, 730), 14))
    paint(canvas, PAPER, polygon((344, 730), (546, 730), (516, 860), (374, 860)))


def _heart(center: tuple[float, float], size: float) -> Painter:
    """Latte art."""
    turns = [step * pi / 40 for step in range(80)]
    return polygon(
        *(
            (
                center[0] + size * 16 * sin(turn) ** 3,
                center[1] - size * (13 * cos(turn) - 5 * cos(2 * turn) - 2 * cos(3 * turn) - cos(4 * turn)),
            )
            for turn in turns
        )
    )


def _bean(canvas: Image.Image, center: tuple[float, float], size: float, turn: float) -> None:
    def turned(x: float, y: float) -> tuple[float, float]:
        return center[0] + x * cos(turn) - y * sin(turn), center[1] + x * sin(turn) + y * cos(turn)

    outline = [turned(size * 0.68 * cos(step * pi / 24), size * sin(step * pi / 24)) for step in range(48)]
    crease = [turned(size * 0.16 * sin(step * pi / 10), size * step / 11) for step in range(-10, 11)]
    paint(canvas, "#5b2f1c", polygon(*outline))
    paint(canvas, "#2c130b", line(*crease, width=size * 0.13))


def _hills(canvas: Image.Image, base: float, height: float, width: float, color: str) -> None:
    ridge = [(x, base + height * sin(x / width * 2 * pi + base)) for x in range(0, canvas.width + 1, 12)]
    paint(canvas, color, polygon(*ridge, (canvas.width, canvas.height), (0, canvas.height)))
