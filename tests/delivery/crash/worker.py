"""A real worker, in a process of its own, that is hurt at the points which a test has armed.

What runs is the product's own `worker` command. Around the four things it does with a delivery (claim it, write its
journal, call the network, stream a file) stand the places of `points.Moment`; waits that last minutes are seconds.
"""

import multiprocessing
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar
from unittest.mock import patch

import psycopg
from psycopg.rows import DictRow

from postline import log, runtime, services
from postline.config import Settings
from postline.core.outcomes import Effect
from postline.core.retry import Policy, seconds
from postline.core.states import DeliveryState
from postline.db.engine import Database
from postline.delivery import worker
from postline.delivery.claim import Claimed, LaneKey, Lease, claim
from postline.delivery.journal import Journal, Next
from postline.delivery.runner import Runner
from postline.networks.apps import MetaApp, TikTokApp
from postline.networks.http import Answer, Body, HttpClient
from tests.delivery.crash.points import CUTS, LOOK_UP, STOPS, Act, Folder, Moment, Place

FAULT_HEADER: Final = "Crash-Test"
LISTS_SETTLE: Final = timedelta(seconds=4)
POLICY: Final = Policy(
    # Whoever works beside a worker that is killed on purpose is hurt as well, so attempts are plenty.
    max_attempts=40,
    base=timedelta(milliseconds=50),
    cap=timedelta(seconds=1),
    rate_limit_default=timedelta(seconds=1),
    lookups=seconds(0.2, 0.3, 0.5, 1, 1, 1, 1, 2, 2, 3),
)

A = TypeVar("A", MetaApp, TikTokApp)

_claim, _run, _write, _commit, _call = claim, Runner.run, Journal.write, Journal._commit, HttpClient.call


@dataclass(slots=True)
class Course:
    """Where the delivery that this task carries stands."""

    delivery: Claimed
    step: str


_course: ContextVar[Course] = ContextVar("course")


@dataclass(slots=True)
class Saboteur:
    """Stands beside the worker. `cuts`: how the next commit of the journal goes wrong."""

    folder: Folder
    database_url: str
    cuts: set[Act]

    def passing(self, moment: Moment) -> Act | None:
        """Dies or stops here if that is what shall happen; gives any other act."""
        course = _course.get(None)
        if course is None:
            return None  # a chore calls
        place = Place(course.step, moment)
        act = self.folder.passing(course.delivery.id, place, course.delivery.fence)
        if moment is not Moment.ACCEPTED:  # there the network does it
            hurt(act, os.getpid())
        return act

    async def claim(self, database: Database, lease: Lease, limit: int, lane: LaneKey) -> list[Claimed]:
        claimed = await _claim(database, lease, limit, lane)
        for delivery in claimed:
            act = self.folder.passing(delivery.id, Place("", Moment.CLAIMED), delivery.fence)
            hurt(act, os.getpid())
            if act is Act.CUT_ANSWER:
                raise psycopg.OperationalError("the connection was lost with the answer of a claim")
        return claimed

    async def run(self, runner: Runner, delivery: Claimed) -> None:
        _course.set(Course(delivery, LOOK_UP if delivery.open_effect is Effect.ONCE else ""))
        await _run(runner, delivery)

    async def write(self, journal: Journal, delivery: Claimed, to: Next) -> None:
        is_intent = to.state is DeliveryState.PUBLISHING
        if is_intent:
            _course.get().step = delivery.open_step or ""
        before, after = (Moment.INTENT, Moment.BEGUN) if is_intent else (Moment.RESULT, Moment.STORED)
        if (act := self.passing(before)) in CUTS:
            self.cuts.add(act)
        await _write(journal, delivery, to)
        self.passing(after)

    async def commit(
        self, journal: Journal, connection: psycopg.AsyncConnection[DictRow], batch: list[Any], *statement: str
    ) -> set[int]:
        cuts, self.cuts = self.cuts, set()
        if Act.CUT in cuts:
            await self._terminate(connection)
        rows = await _commit(journal, connection, batch, *statement)
        if Act.CUT_ANSWER in cuts:
            await self._terminate(connection)
            await connection.execute("SELECT 'the answer that is lost'")
        return rows

    async def _terminate(self, connection: psycopg.AsyncConnection[DictRow]) -> None:
        """The server ends this connection of the journal's."""
        pid = connection.info.backend_pid
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    async def call(
        self,
        http: HttpClient,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
        **more: Any,
    ) -> Answer:
        course = _course.get(None)
        if course is not None and course.delivery.open_effect is not Effect.ONCE:
            course.step = course.delivery.open_step or ""  # the claim was the intent of a first harmless call
        fault = self.passing(Moment.SENDING) or self.passing(Moment.ACCEPTED)
        if fault is not None:
            headers = {**(headers or {}), FAULT_HEADER: f"{fault} {os.getpid()}"}
        if body is not None:
            body = replace(body, content=self._watched(body.content))
        answer = await _call(http, method, url, headers=headers, body=body, **more)
        self.passing(Moment.ANSWERED)
        return answer

    async def _watched(self, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in content:
            half = len(piece) // 2
            yield piece[:half]
            self.passing(Moment.UPLOADING)
            yield piece[half:]


def hurt(act: Act | None, pid: int) -> None:
    """Kill or stop a process."""
    if act is Act.KILL:
        os.kill(pid, signal.SIGKILL)
    elif act in STOPS:
        os.kill(pid, signal.SIGSTOP)


def work(settings: Settings, tiktok: Mapping[str, Any], folder: Path, log_path: Path) -> None:
    """The main function of the process: the product's worker until a signal ends it. `tiktok`: as of a `Case`."""
    output = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    random.seed()
    Thread(target=_end_with_parent, daemon=True).start()
    log.configure("info", as_json=False)
    assert settings.database_url is not None
    with hurting(Saboteur(Folder(folder), settings.database_url.get_secret_value(), set()), tiktok):
        runtime.work(settings)


def _end_with_parent() -> None:
    """Nobody would replace or stop this worker any more."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


@contextmanager
def hurting(saboteur: Saboteur, tiktok: Mapping[str, Any]) -> Iterator[None]:
    """While this lasts, this process passes its points, and waits for seconds where it would for minutes."""

    def around(method: Callable[..., Any]) -> Callable[..., Any]:
        """As a method of somebody else's class."""

        def called(owner: Any, *args: Any, **named: Any) -> Any:
            return method(owner, *args, **named)

        return called

    with ExitStack() as patches:
        for owner, name, instead in (
            (worker, "claim", saboteur.claim),
            (Runner, "run", around(saboteur.run)),
            (Journal, "write", around(saboteur.write)),
            (Journal, "_commit", around(saboteur.commit)),
            (HttpClient, "call", around(saboteur.call)),
            (runtime, "open_services", partial(services.open_services, policy=POLICY)),
            (services, "meta_app", _changed(services.meta_app, {"lists_settle": LISTS_SETTLE})),
            (services, "tiktok_app", _changed(services.tiktok_app, tiktok)),
        ):
            patches.enter_context(patch.object(owner, name, instead))
        yield


def _changed(make: Callable[[Settings], A | None], changes: Mapping[str, Any]) -> Callable[[Settings], A | None]:
    """Makes an app as usual, but for these changes."""

    def made(settings: Settings) -> A | None:
        app = make(settings)
        return replace(app, **changes) if app else None

    return made
