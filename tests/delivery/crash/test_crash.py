"""A worker is hurt at every point of a post's way, and the post is live once.

Here one kind of post of each network, every death and every second of the other things that can happen to it;
`make soak ARGS=--matrix` does the same for every kind and everything.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.crash.matrix import Cell, cells, run_cells
from tests.delivery.crash.play import Play
from tests.delivery.crash.points import Act, Moment
from tests.delivery.crash.soak import draw
from tests.delivery.crash.stage import own_database, stage_over
from tests.delivery.crash.verdict import Tally
from tests.networks.conformance.cases import CASES

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

FIRST_OF_EACH_NETWORK = {CASES[name].network: name for name in reversed(list(CASES))}.values()
OF_ONE_APP = [name for name, case in CASES.items() if not case.tiktok]
WORKERS = 6
SEED = 7
POSTS = 30


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with own_database(tmp_path / "data") as url:
        yield url


def _act(cell: Cell) -> Act:
    [point] = cell[1]
    return point.act


async def test_whatever_happens_to_workers_a_post_is_live_once(url: str, tmp_path: Path) -> None:
    async with stage_over(url, tmp_path) as stage:
        play = Play(stage, Tally(), WORKERS)
        possible = await cells(play, FIRST_OF_EACH_NETWORK)
        deaths = [cell for cell in possible if _act(cell) is Act.KILL]
        wanted = deaths + sorted((cell for cell in possible if cell not in deaths), key=_act)[::2]
        places = [point.place for _, (point,) in wanted if point.place]
        assert {place.moment for place in places} == set(Moment), "somebody passes every kind of place"
        await run_cells(play, wanted)
        assert play.tally.is_good, play.tally
        assert play.tally.live == play.tally.runs
        assert set(play.tally.acts) == set(Act)
        assert 0 < play.tally.kills <= play.tally.acts[Act.KILL], "two acts may kill the same worker"
        assert play.tally.refused_writes > 0, "those who were stopped came back, and could write nothing"


async def test_people_and_many_crashes_at_random_leave_each_post_live_once_or_cancelled(
    url: str, tmp_path: Path
) -> None:
    async with stage_over(url, tmp_path) as stage:
        play = Play(stage, Tally(), WORKERS, random.Random(SEED), cancels=30)
        await play.round([draw(play.chance, OF_ONE_APP) for _ in range(POSTS)])
        assert play.tally.is_good, play.tally
        assert play.tally.live == POSTS - play.tally.cancelled
        assert play.tally.kills > 0
