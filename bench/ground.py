"""What a benchmark stands on: PostgreSQL, the stand-in, and databases with accounts that can be published to."""

import asyncio
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PIL import Image

from bench import engine
from bench.job import Job
from bench.side import StandIn, stand_in
from bench.stores import Postgres, postgres

PROFILES: Final = 1000


@dataclass(frozen=True, slots=True)
class Ground:
    """`folder` is temporary and holds the photo and the engine's media."""

    postgres: Postgres
    standin: StandIn
    folder: Path

    def job(self, *, posts: int, in_flight: int, log_level: str, profiles: int = PROFILES) -> Job:
        return Job(
            base_url=self.standin.base_url,
            folder=str(self.folder),
            posts=posts,
            profiles=max(1, min(profiles, posts)),
            in_flight=in_flight,
            log_level=log_level,
        )

    def with_database(self, job: Job, name: str) -> Job:
        """The job over a new database of the engine's, with the job's profiles in it."""
        url = self.postgres.new(name)
        engine.migrate(url)
        job = replace(job, database_url=url)
        asyncio.run(engine.set_up(job))
        return job


@contextmanager
def ground() -> Iterator[Ground]:
    with (
        tempfile.TemporaryDirectory(prefix="postline-bench-") as name,
        stand_in() as standin,
        postgres() as server,
    ):
        folder = Path(name)
        (folder / "photo.jpg").write_bytes(_photo())
        yield Ground(server, standin, folder)


def _photo() -> bytes:
    """A real JPEG of some 16 kB: small, so that a side's own work shows beside the bytes."""
    out = io.BytesIO()
    Image.effect_noise((256, 256), 32).convert("RGB").save(out, "JPEG", quality=60)
    return out.getvalue()
