"""What the crash tests would notice, if it happened."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.delivery.crash.points import Act, Folder, Moment, Place, Point
from tests.delivery.crash.stage import Line, Row, Subject
from tests.delivery.crash.verdict import Tally, Wrong, judge, judge_unknown

ONE = UUID(int=1)
SUBJECT = Subject("facebook text", (), ONE, ONE, "10", "First!")
LIVE: list[dict[str, Any]] = [{"permalink": "https://example.com/1", "comments": ["First!"]}]
BEGAN, PUBLISHED, CANCELLED = Line(1, "began"), Line(1, "published"), Line(1, "cancelled")

# Where it ended, its history, what is live, and what is wrong with that
ENDS = {
    "published once": ("published", [BEGAN, PUBLISHED], LIVE, None),
    "cancelled in time": ("cancelled", [CANCELLED], [], None),
    "live twice": ("published", [BEGAN, PUBLISHED], LIVE * 2, Wrong.DUPLICATES),
    "with its comment twice": (
        "published",
        [BEGAN, PUBLISHED],
        [LIVE[0] | {"comments": ["First!", "First!"]}],
        Wrong.COMMENTED_TWICE,
    ),
    "published and nowhere to be seen": ("published", [BEGAN, PUBLISHED], [], Wrong.LOST),
    "failed without a fault of its own": ("failed", [BEGAN, Line(1, "failed")], [], Wrong.LOST),
    "live though it says that it failed": ("failed", [BEGAN, Line(1, "failed")], LIVE, Wrong.LOST),
    "live though it was cancelled": ("cancelled", [CANCELLED], LIVE, Wrong.LOST),
    "never ended": ("publishing", [BEGAN], [], Wrong.LOST),
    "published without a word": ("published", [BEGAN], LIVE, Wrong.SILENT),
    "written by one who had lost it": ("published", [Line(2, "published"), BEGAN], LIVE, Wrong.LATE_WRITES),
}


@pytest.mark.parametrize(("state", "history", "live", "wrong"), ENDS.values(), ids=ENDS)
def test_each_end_is_judged(state: str, history: list[Line], live: list[dict[str, Any]], wrong: Wrong | None) -> None:
    tally = Tally()
    judge(tally, SUBJECT, Row(state, is_idle=True, reason=None, fence=2), history, live)
    assert [kind for kind, found in tally.wrong.items() if found] == ([wrong] if wrong else [])
    assert tally.is_good is (wrong is None)
    assert (tally.runs, tally.live) == (1, len(live))


# Its reason, its history, whether only a person can tell, and what is wrong with that
QUESTIONS = {
    "with its evidence": ("It may be live.", [Line(1, "cannot_tell")], True, None),
    "without a reason": (None, [Line(1, "cannot_tell")], True, Wrong.SILENT),
    "without evidence": ("It may be live.", [BEGAN], True, Wrong.SILENT),
    "though the network can tell": ("It may be live.", [Line(1, "cannot_tell")], False, Wrong.UNKNOWN),
}


@pytest.mark.parametrize(("reason", "history", "is_expected", "wrong"), QUESTIONS.values(), ids=QUESTIONS)
def test_each_question_to_a_person_is_judged(
    reason: str | None, history: list[Line], is_expected: bool, wrong: Wrong | None
) -> None:
    tally = Tally()
    row = Row("unconfirmed", is_idle=True, reason=reason, fence=1)
    judge_unknown(tally, SUBJECT, row, history, is_expected=is_expected)
    assert [kind for kind, found in tally.wrong.items() if found] == ([wrong] if wrong else [])
    assert tally.unconfirmed == 1


def test_what_should_have_happened_and_did_not_is_no_success() -> None:
    tally = Tally(missed=["facebook text: kill at publish_post/begun"])
    assert not tally.is_good


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_point_fires_once_at_its_place(folder: Folder) -> None:
    begun = Place("publish", Moment.BEGUN)
    folder.arm(ONE, Point(Act.KILL, begun))
    assert folder.passing(ONE, Place("publish", Moment.INTENT), 1) is None
    assert folder.passing(ONE, begun, 1) is Act.KILL
    assert folder.passing(ONE, begun, 2) is None
    [fired] = folder.fired()
    assert (fired.delivery_id, fired.act, fired.place, fired.fence) == (ONE, Act.KILL, begun, 1)


def test_a_point_of_any_place_counts_the_places_where_it_can_happen(folder: Folder) -> None:
    folder.arm(ONE, Point(Act.RESET, nth=2))
    places = [Place("publish", moment) for moment in (Moment.SENDING, Moment.ANSWERED, Moment.SENDING)]
    assert [folder.passing(ONE, place, 1) for place in places] == [None, None, Act.RESET]


def test_points_happen_one_after_another(folder: Folder) -> None:
    first, second = Place("prepare", Moment.BEGUN), Place("publish", Moment.BEGUN)
    folder.arm(ONE, Point(Act.KILL, first), Point(Act.PAUSE, second))
    assert [folder.passing(ONE, place, 1) for place in (second, first, second)] == [None, Act.KILL, Act.PAUSE]
    assert folder.armed(ONE) == []


def test_a_worker_that_ends_by_itself_is_no_success() -> None:
    assert not Tally(quitters=1).is_good
