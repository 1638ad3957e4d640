"""What a file really is, told by its bytes and by decoding them; its name decides nothing.

These functions block for as long as decoding takes: call them in a thread.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import av
import pillow_heif
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from postline.core.words import MediaKind

pillow_heif.register_heif_opener()

READABLE: Final = "Postline reads JPEG, PNG, WebP, GIF, HEIC and AVIF pictures and MP4, MOV and WebM videos"
AGAIN: Final = "Export it again and upload the new file."
ORIENTATION_TAG: Final = 0x0112  # EXIF 2.32, table 4
SIDEWAYS: Final = frozenset({5, 6, 7, 8})  # the orientations that swap width and height
HEAD_BYTES: Final = 64
BOX_HEADER_BYTES: Final = 8
BOXES_MAX: Final = 100_000  # more than a day of live recording has; a hostile file may hold millions
EBML: Final = b"\x1a\x45\xdf\xa3"
SEGMENT: Final = b"\x18\x53\x80\x67"


class UnreadableMedia(ValueError):
    """A sentence for people: which file, what is wrong, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Width and height are in pixels as people see them, with turns applied. Codecs are named as FFmpeg names them.

    `frame_rate` is the average, in frames a second. `moov_first`: the index comes before the pictures, so that the
    video plays while it loads; None for all but MP4 and MOV.
    """

    kind: MediaKind
    content_type: str
    width: int
    height: int
    duration_ms: int | None = None
    video_codec: str | None = None
    audio_codec: str | None = None
    frame_rate: float | None = None
    moov_first: bool | None = None


@dataclass(frozen=True, slots=True)
class FileType:
    """`label` is for people; `reader` is the one format of Pillow or demuxer of FFmpeg that the file is shown to."""

    kind: MediaKind
    label: str
    content_type: str
    reader: str


JPEG: Final = FileType(MediaKind.IMAGE, "JPEG", "image/jpeg", "JPEG")
PNG: Final = FileType(MediaKind.IMAGE, "PNG", "image/png", "PNG")
WEBP: Final = FileType(MediaKind.IMAGE, "WebP", "image/webp", "WEBP")
GIF: Final = FileType(MediaKind.IMAGE, "GIF", "image/gif", "GIF")
HEIC: Final = FileType(MediaKind.IMAGE, "HEIC", "image/heic", "HEIF")
AVIF: Final = FileType(MediaKind.IMAGE, "AVIF", "image/avif", "AVIF")
MP4: Final = FileType(MediaKind.VIDEO, "MP4", "video/mp4", "mov")
MOV: Final = FileType(MediaKind.VIDEO, "MOV", "video/quicktime", "mov")
WEBM: Final = FileType(MediaKind.VIDEO, "WebM", "video/webm", "matroska")

SIGNATURES: Final = (  # (offset, bytes, type); WebP's follows a length
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"\x89PNG\r\n\x1a\n", PNG),
    (8, b"WEBP", WEBP),
    (0, b"GIF8", GIF),
)
AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
# Cameras of before 2000 and some of today begin a MOV without ftyp.
BARE_MOV_BOXES: Final = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})


def file_type(head: bytes) -> FileType | None:
    """The type that a file's first 64 bytes tell, or None if it is none that we read."""
    for offset, signature, found in SIGNATURES:
        if head.startswith(signature, offset):
            return found
    box = head[4:8]
    if box == b"ftyp":
        major = head[8:12]
        listed = head[16 : int.from_bytes(head[:4], "big")]
        brands = {major, *(listed[place : place + 4] for place in range(0, len(listed), 4))}
        if major in AVIF_BRANDS | HEIC_BRANDS:
            return AVIF if brands & AVIF_BRANDS else HEIC
        return MOV if major == b"qt  " else MP4
    if box in BARE_MOV_BOXES:
        return MOV
    if head.startswith(EBML) and b"webm" in head:
        return WEBM
    return None


def type_of(path: Path) -> FileType | None:
    """The type that the file's bytes tell."""
    with path.open("rb") as file:
        return file_type(file.read(HEAD_BYTES))


def probe(path: Path, declared_name: str) -> Probe:
    """Open and decode the file. `declared_name` appears in messages only. Raises UnreadableMedia."""
    name = f"“{declared_name}”"
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not head:
            raise UnreadableMedia(f"{name} is empty (0 bytes). Check the original and upload it again.")
        found = file_type(head)
        if found is None:
            raise UnreadableMedia(f"{name} is of a kind that cannot be used: {READABLE}. Convert it to one of these.")
        if found.kind is MediaKind.IMAGE:
            return _probe_image(path, name, found)
        ends_early, moov_first = (_webm_ends_early(file), None) if found is WEBM else _mp4_layout(file)
    if ends_early:
        raise UnreadableMedia(f"{name} is damaged: the {found.label} ends early. {AGAIN}")
    return _probe_video(path, name, found, moov_first)


def _probe_image(path: Path, name: str, found: FileType) -> Probe:
    try:
        with Image.open(path, formats=[found.reader]) as image:
            width, height = image.size
            check_area(width, height, name)
            image.load()
            if image.getexif().get(ORIENTATION_TAG) in SIDEWAYS:
                width, height = height, width
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name) from None
    except UnreadableMedia:
        raise
    except Exception as error:  # decoders raise whatever hostile bytes make them raise
        ends_early = any(sign in str(error).lower() for sign in ("truncated", "end of file", "references data outside"))
        what = "ends early" if ends_early else "cannot be decoded"
        raise UnreadableMedia(f"{name} is damaged: the {found.label} {what}. {AGAIN}") from error
    return Probe(kind=found.kind, content_type=found.content_type, width=width, height=height)


def _probe_video(path: Path, name: str, found: FileType, moov_first: bool | None) -> Probe:
    try:
        with open_video(path, found.reader) as container:
            if len(container.streams) == 0:
                raise UnreadableMedia(f"{name} is damaged: the {found.label} holds nothing. {AGAIN}")
            if not container.streams.video:
                raise UnreadableMedia(f"{name} has no pictures, only sound. Upload a video or an image.")
            stream = container.streams.video[0]
            if stream.codec_context is None:
                raise UnreadableMedia(f"{name} is in a video codec that cannot be read. Convert it to H.264.")
            check_area(stream.codec_context.width, stream.codec_context.height, name)
            frame = _first_frame(container)
            width, height = (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)
            audio = container.streams.audio[0].codec_context if container.streams.audio else None
            return Probe(
                kind=found.kind,
                content_type=found.content_type,
                width=width,
                height=height,
                duration_ms=None if container.duration is None else round(container.duration * 1000 / av.time_base),
                video_codec=stream.codec_context.codec.canonical_name,
                audio_codec=None if audio is None else audio.codec.canonical_name,
                frame_rate=None if stream.average_rate is None else round(float(stream.average_rate), 3),
                moov_first=moov_first,
            )
    except (av.FFmpegError, StopIteration) as error:
        raise UnreadableMedia(f"{name} is damaged: the {found.label} cannot be decoded. {AGAIN}") from error


def open_video(path: Path, demuxer: str) -> InputContainer:
    """Open with one demuxer and local files only: a video may name other files, and playlists name addresses."""
    options = {"protocol_whitelist": "file"} | ({"enable_drefs": "0"} if demuxer == "mov" else {})
    # Cameras write titles in other encodings than UTF-8; no title is read here.
    return av.open(str(path.absolute()), format=demuxer, options=options, metadata_errors="replace")


def check_area(width: int, height: int, name: str) -> None:
    """Refuse what would fill the memory when decoded (a "bomb"). Raises UnreadableMedia."""
    if Image.MAX_IMAGE_PIXELS is not None and width * height > Image.MAX_IMAGE_PIXELS:
        raise _too_large(name)


def _too_large(name: str) -> UnreadableMedia:
    most = (Image.MAX_IMAGE_PIXELS or 0) // 1_000_000
    return UnreadableMedia(f"{name} has more than {most} million pixels. Make it smaller and upload it again.")


def _first_frame(container: InputContainer) -> VideoFrame:
    return next(container.decode(video=0))


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _mp4_layout(file: BinaryIO) -> tuple[bool, bool]:
    """Whether the file ends before its boxes do or before its index came, and whether the index comes first."""
    boxes = dict(islice(_top_boxes(file), BOXES_MAX))
    order = list(boxes)
    ends_early = b"moov" not in boxes or max(boxes[b"moov"], boxes.get(b"mdat", 0)) > _size(file)
    moov_first = b"moov" in boxes and (b"mdat" not in boxes or order.index(b"moov") < order.index(b"mdat"))
    return ends_early, moov_first


def _top_boxes(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Each outermost box of an MP4 or MOV: its type and where it says that it ends (ISO/IEC 14496-12, 4.2)."""
    start, size = 0, _size(file)
    while start < size:
        file.seek(start)
        header = file.read(16)
        length = int.from_bytes(header[:4], "big")
        if length == 1:  # a 64-bit length follows the type
            length = int.from_bytes(header[8:16], "big")
        end = size if length == 0 else start + length
        yield header[4:8], end
        if 0 < length < BOX_HEADER_BYTES:
            return
        start = end


def _webm_ends_early(file: BinaryIO) -> bool:
    """Whether the segment, which holds all but the header, says that it goes on after the file's end."""
    file.seek(len(EBML))
    header_length, _ = _vint(file)
    file.seek(header_length, os.SEEK_CUR)
    if file.read(len(SEGMENT)) != SEGMENT:
        return True
    length, known = _vint(file)
    return known and file.tell() + length > _size(file)


def _vint(file: BinaryIO) -> tuple[int, bool]:
    """A length as EBML writes it (RFC 8794, section 4), and whether it is known: all ones mean that it is not."""
    first = int.from_bytes(file.read(1), "big")
    extra = 8 - first.bit_length()
    value = int.from_bytes(bytes([first & (0x7F >> extra)]) + file.read(extra), "big")
    return value, value != (1 << 7 * (extra + 1)) - 1
