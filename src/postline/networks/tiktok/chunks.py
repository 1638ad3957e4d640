"""How a video is cut for upload.

TikTok's rule: count = floor(size / chunk); each chunk has 5 to 64 MB, the last one takes the remainder too.
Source: https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide, read 2026-09-11.
"""

import re
from dataclasses import dataclass
from typing import Final

WHOLE_MAX_BYTES: Final = 64_000_000
CHUNK_BYTES: Final = 10_000_000
_RANGE: Final = re.compile(r"bytes\s+0-(\d+)/(?:\d+|\*)")


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """`ranges` are (first, end) byte positions, the end not included."""

    size_bytes: int
    chunk_bytes: int
    ranges: tuple[tuple[int, int], ...]

    @property
    def count(self) -> int:
        return len(self.ranges)

    def index_from(self, received: int) -> int:
        """The first chunk that is not wholly in, given how many bytes are; `count` when all are."""
        return next((place for place, (_, end) in enumerate(self.ranges) if end > received), self.count)


def plan_chunks(size_bytes: int, chunk_bytes: int = CHUNK_BYTES, whole_bytes: int = WHOLE_MAX_BYTES) -> ChunkPlan:
    """Whole up to `whole_bytes` (then chunk and file must have the same size), in two chunks at least beyond."""
    if size_bytes <= whole_bytes:
        return ChunkPlan(size_bytes, size_bytes, ((0, size_bytes),))
    chunk_bytes = min(chunk_bytes, size_bytes // 2)
    starts = [place * chunk_bytes for place in range(size_bytes // chunk_bytes)]
    return ChunkPlan(size_bytes, chunk_bytes, tuple(zip(starts, [*starts[1:], size_bytes], strict=True)))


def received_bytes(content_range: str, size_bytes: int) -> int | None:
    """How much TikTok says it has, one byte too much at most.

    The header names the last byte or the count, TikTok's pages do not say which. It is read as the last byte; a byte
    too much never reaches the end of another chunk, so `index_from` gives the same for both.
    """
    found = _RANGE.fullmatch(content_range.strip())
    if found is None:
        return None
    return min(int(found.group(1)) + 1, size_bytes)
