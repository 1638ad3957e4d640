"""Every case, every place that its plan passes, everything that can happen there.

Nothing here knows a step: each case is published once undisturbed, and the places that its worker passed are taken.
"""

from collections.abc import Collection, Sequence
from typing import Final

from tests.delivery.crash.play import Play
from tests.delivery.crash.points import ACTS, Point

AT_ONCE: Final = 200
TRIES: Final = 5  # somebody else's death may carry a delivery past its place

Cell = tuple[str, tuple[Point, ...]]


async def cells(play: Play, cases: Collection[str]) -> list[Cell]:
    """What can happen to these cases, by what their workers pass."""
    undisturbed = await play.round([(case, ()) for case in cases])
    return [
        (subject.case, (Point(act, place),))
        for subject in undisturbed
        for place in dict.fromkeys(play.stage.folder.passed(subject.delivery_id))
        for act in ACTS[place.moment]
    ]


async def run_cells(play: Play, wanted: Sequence[Cell]) -> None:
    """Make each happen. Those that did not, however often they were tried, are told as missed."""
    for _ in range(TRIES):
        missed = []
        for start in range(0, len(wanted), AT_ONCE):
            subjects = await play.round(wanted[start : start + AT_ONCE])
            missed += [each for each in subjects if play.stage.folder.armed(each.delivery_id)]
        wanted = [(each.case, each.points) for each in missed]
        if not wanted:
            return
    play.tally.missed += [str(each) for each in missed]
    play.tally.untold += [f"missed: {each}" for each in missed]
