"""What a network can carry, as data. The composer, preflight, the docs page and the tests read the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from postline.core.content import PublishOrder
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey


class TextUnit(StrEnum):
    CHARACTERS = "characters"  # Unicode code points
    UTF16 = "utf16"  # UTF-16 code units, as JavaScript counts

    def length(self, text: str) -> int:
        return len(text.encode("utf-16-le")) // 2 if self is TextUnit.UTF16 else len(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """Bounds of one media file. `None` means that the network states no bound. Ratio is width / height."""

    content_types: frozenset[str]
    size_max_bytes: int | None = None
    ratio: tuple[float, float] | None = None
    duration: tuple[timedelta, timedelta] | None = None
    width_min: int | None = None
    height_min: int | None = None
    frame_rate: tuple[float, float] | None = None
    video_codecs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLimit:
    """How many posts one profile may publish in 24 hours. All of `formats` are counted together.

    `unless`: the option that, switched on, takes a post out of the count.
    """

    posts: int
    formats: frozenset[Format]
    unless: str | None = None

    def counts(self, order: PublishOrder) -> bool:
        return order.format in self.formats and (self.unless is None or order.options.get(self.unless) is not True)

    def told_of(self, network: str) -> str:
        """The limit as the beginning of a sentence."""
        what = f"{' and '.join(sorted(self.formats))} posts"
        return f"{network} takes {self.posts} {what} a day from one profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRules:
    """One format of one network: how many media of which kinds, and how long a caption (0: none is shown).

    `per_day`: what it counts towards, where the network tells. `cover`: which images may stand for its video (None:
    none can be given).
    """

    count: tuple[int, int]
    media: Mapping[MediaKind, MediaLimits]
    caption_max: int | None
    mixes_kinds: bool = False
    cover: MediaLimits | None = None
    per_day: DailyLimit | None = None
    needs_public_url: frozenset[MediaKind] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """A network's rules. `source` is the page they were read on, `read_on` the day."""

    network: NetworkKey
    name: str
    provider: ProviderKey
    formats: Mapping[Format, FormatRules]
    caption_unit: TextUnit
    scopes: frozenset[str]
    source: str
    read_on: date
    hashtags_max: int | None = None
    mentions_max: int | None = None
    missing_formats: Mapping[Format, str] = field(default_factory=dict)
