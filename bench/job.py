"""What every side of a comparison is told, and the posts that all of them publish."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

VERSION: Final = "v26.0"
UPLOADS_LEAD_S: Final = 2.0
APP_SECRET: Final = "bench-app-secret"  # noqa: S105 - the stand-in checks none


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of one side, as JSON on its command line.

    `due_at` is the second since 1970 at which the first post is due, the next ones each `seconds_apart` later.
    `folder` holds the photo and what a side keeps. `uploads`: reels of `upload_mb` each on Pages of their own, due
    `UPLOADS_LEAD_S` before the first post; only the engine knows them.
    """

    base_url: str
    folder: str
    posts: int
    profiles: int
    in_flight: int
    due_at: float = 0
    seconds_apart: float = 0
    uploads: int = 0
    upload_mb: int = 8
    log_level: str = "warning"
    database_url: str = ""
    redis_url: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(**json.loads(text))

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @property
    def photo(self) -> Path:
        return Path(self.folder) / "photo.jpg"

    def due(self, place: int) -> float:
        return self.due_at + place * self.seconds_apart

    def page_id(self, place: int) -> str:
        """The Page that the post at this place goes to."""
        return page_id(place % self.profiles)


def page_id(number: int) -> str:
    return str(1_000_000 + number)


def token(page: str) -> str:
    """As long as the Page tokens that Meta gives."""
    return f"EAAB{page}".ljust(190, "x")


def caption(place: int) -> str:
    """Tells the posts apart, so that the stand-in sees a post that comes twice."""
    return f"Post {place}: good morning from the market hall."
