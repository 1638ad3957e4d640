"""A person acts while a worker holds the delivery: before the intent to commit they win, after it is too late."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

import pytest

from postline.core.states import DeliveryState
from postline.db.engine import Database
from tests.delivery.model.hands import Answer, Hand, Place
from tests.delivery.model.people import ACTS
from tests.delivery.model.stage import WORKERS, Stage
from tests.delivery.model.truth import Planned
from tests.support.rows import journal_kinds

pytestmark = pytest.mark.anyio

S = DeliveryState


def by_act(name: str) -> Callable[[Stage, Planned], Awaitable[None]]:
    return lambda stage, planned: stage.act(name, ACTS[name], planned)


async def unbind(stage: Stage, planned: Planned) -> None:
    await stage.unbind(planned)


async def switch_off(stage: Stage, planned: Planned) -> None:
    await stage.switch(on=False)


# Whether the post needs an approval, what is done, and where that leaves a delivery that has not begun to commit.
Case = tuple[bool, Callable[[Stage, Planned], Awaitable[None]], DeliveryState]
CASES: Final[Mapping[str, Case]] = {
    "cancel": (False, by_act("cancel"), S.CANCELLED),
    "take back": (False, by_act("take back"), S.HELD),
    "edit": (False, by_act("edit"), S.SCHEDULED),
    "reschedule": (False, by_act("move to later"), S.SCHEDULED),
    "approval withdrawn by an edit": (True, by_act("edit"), S.HELD),
    "profile unbound": (False, unbind, S.BLOCKED),
    "module switched off": (False, switch_off, S.BLOCKED),
}


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(database, tmp_path, is_fenced=True)
    await stage.open()
    yield stage
    for hand in list(stage.hands):
        await stage.kill(hand)


async def held(stage: Stage, *, needs_approval: bool, until: Place) -> tuple[Hand, Planned]:
    """A worker at a post of this kind, standing in the call `until`."""
    await stage.claim(WORKERS[0])
    hand = next(each for each in stage.hands if stage.truth.of(each).needs_approval is needs_approval)
    while hand.place is not until:
        await stage.go_on(hand, Answer.FINE)
    return hand, stage.truth.of(hand)


async def state_of(stage: Stage, planned: Planned) -> DeliveryState:
    return DeliveryState((await stage.rows())[planned.id].state)


@pytest.mark.parametrize(("needs_approval", "do", "becomes"), CASES.values(), ids=CASES)
async def test_before_the_intent_to_commit_the_person_wins(
    stage: Stage, needs_approval: bool, do: Callable[[Stage, Planned], Awaitable[None]], becomes: DeliveryState
) -> None:
    hand, planned = await held(stage, needs_approval=needs_approval, until=Place.PROCESS)
    await stage.go_on(hand, Answer.FINE)  # the next thing it does is to write the intent
    await do(stage, planned)
    while not hand.is_done:
        await stage.go_on(hand, Answer.FINE)
    assert (planned.shown, await state_of(stage, planned)) == ([], becomes)
    await stage.come_to_rest()


@pytest.mark.parametrize(("needs_approval", "do"), [case[:2] for case in CASES.values()], ids=CASES)
async def test_after_the_intent_it_is_too_late_and_goes_out_as_it_was(
    stage: Stage, needs_approval: bool, do: Callable[[Stage, Planned], Awaitable[None]]
) -> None:
    hand, planned = await held(stage, needs_approval=needs_approval, until=Place.COMMIT)
    wanted = planned.caption
    await do(stage, planned)
    while not hand.is_done:
        await stage.go_on(hand, Answer.FINE)
    assert (len(planned.shown), planned.caption) == (1, wanted)
    assert await state_of(stage, planned) is S.PUBLISHED
    await stage.come_to_rest()


async def test_a_reconnect_while_the_module_is_off_sends_nothing(stage: Stage) -> None:
    hand, planned = await held(stage, needs_approval=False, until=Place.PREPARE)
    await stage.go_on(hand, Answer.ACCESS_DEAD)
    while not hand.is_done:
        await stage.go_on(hand, Answer.FINE)
    await stage.switch(on=False)
    await stage.reconnect()
    for hand in await stage.claim(WORKERS[1]):
        while not hand.is_done:
            await stage.go_on(hand, Answer.FINE)
    assert (planned.shown, await state_of(stage, planned)) == ([], S.BLOCKED)
    await stage.come_to_rest()
    assert await state_of(stage, planned) is S.PUBLISHED


@pytest.mark.parametrize("is_seen", [True, False])
async def test_a_late_call_of_a_worker_that_was_taken_over_shows_nothing_twice(stage: Stage, is_seen: bool) -> None:
    """Its commit arrives before or after the one of the worker that took over."""
    slow, planned = await held(stage, needs_approval=False, until=Place.COMMIT)
    await stage.lapse(slow)
    [fresh] = [each for each in await stage.claim(WORKERS[1]) if stage.truth.of(each) is planned]
    while fresh.place is not Place.COMMIT:
        await stage.go_on(fresh, Answer.FINE)
    for hand in (slow, fresh) if is_seen else (fresh, slow):
        while not hand.is_done:
            await stage.go_on(hand, Answer.FINE)
    assert (len(planned.shown), await state_of(stage, planned)) == (1, S.PUBLISHED)
    await stage.come_to_rest()


async def test_a_first_harmless_call_needs_no_intent_but_the_claim(stage: Stage) -> None:
    """Its history and the time of the call come with the write that follows it."""
    hand, planned = await held(stage, needs_approval=False, until=Place.PREPARE)
    before = (await stage.rows())[planned.id]
    assert (before.state, before.first_call_at) == (S.PUBLISHING, None)
    assert await journal_kinds(stage.database, planned.id) == ["scheduled"]
    answered_at = hand.claimed.now()
    await stage.go_on(hand, Answer.FINE)
    assert hand.place is Place.WRITE
    await stage.go_on(hand, Answer.FINE)
    after = (await stage.rows())[planned.id]
    assert before.due_at <= after.first_call_at <= answered_at
    assert await journal_kinds(stage.database, planned.id) == ["scheduled", "began"]


@pytest.mark.parametrize("place", [Place.PREPARE, Place.READ])
@pytest.mark.parametrize("trouble", [Answer.FINE, Answer.LATER, Answer.BUSY])
async def test_only_the_step_that_a_worker_stopped_in_is_told_so(stage: Stage, place: Place, trouble: Answer) -> None:
    """Once: what it gave the worker that took over was stored."""
    doomed, planned = await held(stage, needs_approval=False, until=place)
    await stage.kill(doomed)
    await stage.lapse(doomed)
    assert stage.network.resumed == []
    for answer in (trouble, Answer.FINE):
        for hand in await stage.claim(WORKERS[1]):
            await stage.go_on(hand, answer)
            while not hand.is_done:
                await stage.go_on(hand, Answer.FINE)
        await stage.hasten()
    assert (stage.network.resumed, await state_of(stage, planned)) == ([place], S.PUBLISHED)


@pytest.mark.parametrize("is_fenced", [True, False])
@pytest.mark.parametrize("lost", [Answer.LOST_AFTER, Answer.LOST_BEFORE])
async def test_a_lost_answer_is_looked_up_and_ends_with_one_live_post(
    database: Database, tmp_path: Path, is_fenced: bool, lost: Answer
) -> None:
    """Where a look-up proves nothing and the network never says, a person does."""
    stage = Stage(database, tmp_path, is_fenced=is_fenced)
    await stage.open()
    hand, planned = await held(stage, needs_approval=False, until=Place.COMMIT)
    await stage.go_on(hand, lost)
    await stage.go_on(hand, Answer.FINE)
    assert await state_of(stage, planned) is S.UNCONFIRMED
    await stage.come_to_rest()
    assert (len(planned.shown), await state_of(stage, planned)) == (1, S.PUBLISHED)
