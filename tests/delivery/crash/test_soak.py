"""The soak ends with its counts, whatever ends it."""

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.crash import soak
from tests.delivery.crash.verdict import Tally
from tests.support.logs import log_kept


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """A soak is quiet, and the tests that follow in this process are not."""
    with log_kept():
        yield


@contextmanager
def no_database(_: Path) -> Iterator[str]:
    yield "postgresql://nowhere"


async def all_well(options: argparse.Namespace, database_url: str, folder: Path, tally: Tally) -> None:
    tally.runs = options.runs


async def broken(options: argparse.Namespace, database_url: str, folder: Path, tally: Tally) -> None:
    tally.runs = 3
    raise ConnectionError("the database is gone")


async def told_to_end(options: argparse.Namespace, database_url: str, folder: Path, tally: Tally) -> None:
    tally.runs = 3
    async with soak.ending_in_order():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.Event().wait()


ENDS = {
    "by itself": (all_well, 0, 7, None),
    "by an error": (broken, 1, 3, "ConnectionError: the database is gone"),
    "by a signal": (told_to_end, 1, 3, "ToldToEnd: SIGTERM"),
}


@pytest.mark.parametrize(("main", "status", "runs", "ended_by"), ENDS.values(), ids=ENDS)
def test_its_last_line_tells_the_counts_and_what_ended_it(
    main: Any,
    status: int,
    runs: int,
    ended_by: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(soak, "main", main)
    monkeypatch.setattr(soak, "own_database", no_database)
    assert soak.run(["--runs", "7", "--json"]) == status
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (told["runs"], told["ended_by"]) == (runs, ended_by)
