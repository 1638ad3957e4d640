"""The sides that a burst compares, each made when it is asked for: what cannot be had says why."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, Final

from bench import rows, stores
from bench.ground import Ground
from bench.job import Job
from bench.rivals import install
from bench.side import ROOT, SETTLES_WITHIN_S, Side, SideFailed
from bench.stores import NotInstalled

ENGINE: Final = "engine"
LIMIT: Final = "limit"
CORES: Final = 2  # of the machine that the goals are written for


@dataclass(frozen=True, slots=True)
class Sides:
    """Makes sides over one ground; `open` keeps the servers that they share until the benchmark ends."""

    ground: Ground
    open: ExitStack

    def make(self, name: str) -> Side:
        """Raises NotInstalled."""
        return MAKERS[name](self)


def limit(sides: Sides) -> Side:
    return Side(LIMIT, _module("bench.limit"), lead_s=0, note="the HTTP client alone")


def engine(ground: Ground, name: str = ENGINE, **more: Any) -> Side:
    """The product's worker. A run is over when its own rows say so too."""
    return Side(name, _module("bench.engine"), stores=[ground.postgres.pid], **{"settle": published, **more})


def published(job: Job) -> None:
    """Wait until the engine's rows tell of every post that it is live. Raises SideFailed."""
    deadline = time.time() + SETTLES_WITHIN_S
    while (states := rows.count_states(job.database_url)) != {"published": job.posts}:
        if time.time() > deadline:
            raise SideFailed(f"all {job.posts} posts are live, but the engine's rows say {states}")
        time.sleep(0.1)


def _on_postgres(name: str, lead_s: float = 10) -> Callable[[Sides], Side]:
    """A rival that keeps its jobs in PostgreSQL, in a new database each run."""

    def make(sides: Sides) -> Side:
        server = sides.ground.postgres
        if not install.has_package(name):
            raise NotInstalled(f"{name} needs a newer Python than was found here")

        def with_database(job: Job) -> Job:
            return replace(job, database_url=server.new(f"rival_{name}"))

        command = [install.python(), "-m", f"bench.rivals.{name}"]
        return Side(name, command, stores=[server.pid], job=with_database, lead_s=lead_s)

    return make


def celery(sides: Sides) -> Side:
    redis = sides.open.enter_context(stores.redis())
    command = [install.python(), "-m", "bench.rivals.celery"]
    env = {"PYTHONWARNINGS": "ignore"}  # it warns of root, as whom benchmarks may well run
    return Side("celery", command, [redis.pid], env, lead_s=30, job=lambda job: replace(job, redis_url=redis.url))


def bullmq(sides: Sides, workers: int = 1) -> Side:
    redis = sides.open.enter_context(stores.redis())
    command = [str(install.NODE), str(ROOT / "bench" / "rivals" / "bullmq.js")]
    env = {"BENCH_NODE_MODULES": str(install.node_modules())}
    name = "bullmq" if workers == 1 else f"bullmq-{workers}"
    return Side(name, command, [redis.pid], env, workers=workers, job=lambda job: replace(job, redis_url=redis.url))


def poll(sides: Sides) -> Side:
    server = sides.ground.postgres
    command = _module("bench.rivals.poll")

    def with_database(job: Job) -> Job:
        return replace(job, database_url=server.new("rival_poll"))

    # It would take hours: the minute tells its pace.
    return Side("poll", command, [server.pid], job=with_database, time_limit_s=60)


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


MAKERS: Final[Mapping[str, Callable[[Sides], Side]]] = {
    LIMIT: limit,
    ENGINE: lambda sides: engine(sides.ground, workers=CORES, note="a worker a core"),
    "bullmq": bullmq,
    "bullmq-2": lambda sides: bullmq(sides, workers=CORES),
    "pgqueuer": _on_postgres("pgqueuer", lead_s=15),
    "oban": _on_postgres("oban"),
    "procrastinate": _on_postgres("procrastinate"),
    "celery": celery,
    "poll": poll,
}
