"""`python -m tests.delivery.crash.soak`: hurt workers for as long as one likes, and count what became of the posts.

At random from a seed (`--runs 200 --seed 1`), or the whole matrix of what can happen to a post (`--matrix`). Ends with
a line of counts, with `--json` as JSON, whatever ends it but SIGKILL: `ended_by` says what did when it was not its own
end. The status is 1 then, and when any count is not 0 that must be.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from postline import log
from tests.delivery.crash.matrix import Cell, cells, run_cells
from tests.delivery.crash.play import Play
from tests.delivery.crash.points import Act, Point
from tests.delivery.crash.stage import own_database, stage_over
from tests.delivery.crash.verdict import Tally
from tests.networks.conformance.cases import CASES

AT_ONCE: Final = 50
WORKERS: Final = (2, 8)
HURT: Final = (1, 3)  # acts on the workers of one post, one after another
USUAL: Final = (*Act, Act.KILL, Act.KILL)  # above all they die
FARTHEST: Final = 12  # a plan passes about as many places where a given act can happen
CANCELS: Final = 15  # of a hundred posts
FAULTS: Final = ("drop_before", "reset_before", "drop_after", "reset_after", "truncate_after", "garbage")
FAULT_CHANCE: Final = 0.01
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def draw(chance: random.Random, cases: Sequence[str], acts: Sequence[Act] = USUAL) -> Cell:
    """A post, and what happens to its workers."""
    drawn = chance.choices(acts, k=chance.randint(*HURT))
    return chance.choice(cases), tuple(Point(act, nth=chance.randint(1, FARTHEST)) for act in drawn)


async def soak(play: Play, cases: Sequence[str], runs: int) -> None:
    """Rounds of random posts, until there were `runs` of them."""
    chance = play.chance
    while (left := runs - play.tally.runs) > 0:
        play.workers = chance.randint(*WORKERS)
        play.faults = [
            {"match": {"probability": FAULT_CHANCE, "seed": chance.getrandbits(32)}, "action": fault}
            for fault in FAULTS
        ]
        await play.round([draw(chance, cases) for _ in range(min(AT_ONCE, left))])


class ToldToEnd(Exception):
    """A signal came."""


@asynccontextmanager
async def ending_in_order() -> AsyncIterator[None]:
    """A signal cancels the task within: workers and servers are put away, and ToldToEnd is raised.

    The API's server takes signals for itself when it starts, and passes them on when it has ended: it runs by now.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    told: list[str] = []

    def end(by: signal.Signals) -> None:
        if not told:  # told again, it goes on to put things away
            task.cancel()
        told.append(by.name)

    for each in SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:  # as under nohup, which outlives its terminal
            loop.add_signal_handler(each, end, each)
    try:
        yield
    except asyncio.CancelledError:
        raise ToldToEnd(told[0]) from None


async def main(options: argparse.Namespace, database_url: str, folder: Path, tally: Tally) -> None:
    cases = [name for name in CASES if options.only in name]
    async with stage_over(database_url, folder) as stage, ending_in_order():
        play = Play(stage, tally, options.workers, random.Random(options.seed), tell=tell_counts)
        if options.matrix:
            wanted = await cells(play, cases)
            tell(f"{len(wanted)} cells")
            await run_cells(play, wanted)
        else:
            play.cancels = CANCELS
            await soak(play, cases, options.runs)
        await play.look_again()
        tell_news(tally)


def tell_counts(tally: Tally) -> None:
    tell_news(tally)
    tell(json.dumps(tally.to_json()))


def tell_news(tally: Tally) -> None:
    for text in tally.untold:
        tell(text)
    tally.untold.clear()


def tell(text: str) -> None:
    with suppress(OSError):  # whoever read it has gone
        sys.stderr.write(f"{text}\n")


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak", description="Crash workers and count what became of the posts")
    parser.add_argument("--runs", type=int, default=200, help="how many posts, at random")
    parser.add_argument("--seed", type=int, default=1, help="the same seed draws the same posts and the same crashes")
    parser.add_argument("--matrix", action="store_true", help="each thing that can happen to each post, instead")
    parser.add_argument("--workers", type=int, default=4, help="workers at once in the matrix; at random it varies")
    parser.add_argument("--only", default="", help="only cases whose name has this text in it")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args(arguments)
    if not any(options.only in name for name in CASES):
        parser.error(f"no case has “{options.only}” in its name; there are {', '.join(CASES)}")
    return options


def run(arguments: Sequence[str]) -> int:
    options = parsed(arguments)
    log.configure("error", as_json=False)
    tally, ended_by = Tally(), None
    try:
        with tempfile.TemporaryDirectory(prefix="postline-soak-") as folder, own_database(Path(folder) / "data") as url:
            asyncio.run(main(options, url, Path(folder), tally))
    except Exception as error:  # noqa: BLE001 - whatever it was, the counts so far are told
        tell(traceback.format_exc())
        ended_by = f"{type(error).__name__}: {error}"
    counts = tally.to_json() | {"ended_by": ended_by}
    sys.stdout.write(f"{json.dumps(counts) if options.json else counts}\n")
    return 0 if tally.is_good and ended_by is None else 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
