"""The rules by which hypothesis plays workers, networks, time and people, and what must hold after each move."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.db.engine import Database
from postline.delivery.claim import Lease
from tests.delivery.model.hands import Answer, Hand, Place
from tests.delivery.model.network import ANSWERS
from tests.delivery.model.people import ACTS, SETTLING
from tests.delivery.model.stage import APPROVALS, WORKERS, Stage
from tests.delivery.model.truth import Planned

T = TypeVar("T")
S = DeliveryState
NOT_LIVE: Final = (S.HELD, S.CANCELLED, S.FAILED)
NEEDS_REASON: Final = (S.BLOCKED, S.FAILED)
STEP_MAX_S: Final = 30
ALL_STEPS: Final = 8  # of one run, writes and calls

LOST: Final = [(Place.COMMIT, answer) for answer in (Answer.LOST_AFTER, Answer.LOST_BEFORE)]
CALLS: Final = [(place, answer) for place, answers in ANSWERS.items() for answer in answers] + 6 * LOST

workers = st.sampled_from(WORKERS)
places = st.integers(0, 7)
numbers = st.integers(0, len(APPROVALS) - 1)


class DeliveryMachine(RuleBasedStateMachine):
    """One example: an account with two posts. Its end lets everything come to rest: nothing may be lost."""

    database_url: str
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.Runner()
        self._database = Database(self.database_url, pool_size=6)
        self._stage: Stage

    def _do(self, work: Awaitable[T]) -> T:
        async def doing() -> T:
            async with asyncio.timeout(STEP_MAX_S):
                return await work

        return self._loop.run(doing())

    @property
    def _hands(self) -> list[Hand]:
        return self._stage.hands

    def _hand(self, place: int) -> Hand:
        return self._hands[place % len(self._hands)]

    @property
    def _holders(self) -> list[Hand]:
        return [each.holder for each in self._stage.truth.planned.values() if each.holder is not None]

    def _go_well(self, hand: Hand, steps: int) -> None:
        for _ in range(steps):
            if not hand.is_done:
                self._do(self._stage.go_on(hand, Answer.FINE))

    def _planned(self, number: int) -> Planned:
        return self._stage.current[number]

    @initialize(is_fenced=st.booleans(), is_lost=st.booleans(), is_told=st.booleans(), worker=workers)
    def open(self, is_fenced: bool, is_lost: bool, is_told: bool, worker: Lease) -> None:
        """Half of the examples begin with what is hardest: a commit whose answer is lost."""
        self._stage = Stage(self._database, self.folder, is_fenced=is_fenced)
        self._do(self._stage.open())
        if is_lost:
            self.claim(worker, 0, 0)
            self.lose_the_answer_to_a_commit(0, is_told, worker)

    # Workers, networks and time

    @rule(worker=workers, steps=st.integers(0, ALL_STEPS), steps_of_second=st.integers(0, ALL_STEPS))
    def claim(self, worker: Lease, steps: int, steps_of_second: int) -> None:
        hands = self._do(self._stage.claim(worker))
        for hand, how_many in zip(hands, (steps, steps_of_second), strict=False):
            self._go_well(hand, how_many)

    @precondition(lambda self: self._hands)
    @rule(place=places, steps=st.integers(1, 6))
    def work_on(self, place: int, steps: int) -> None:
        self._go_well(self._hand(place), steps)

    @precondition(lambda self: self._hands)
    @rule(place=places, call_and_answer=st.sampled_from(CALLS))
    def answer(self, place: int, call_and_answer: tuple[Place, Answer]) -> None:
        """All goes well until a certain call, and that gets this answer."""
        hand, (call, answer) = self._hand(place), call_and_answer
        while not hand.is_done and hand.place is not call:
            self._do(self._stage.go_on(hand, Answer.FINE))
        if not hand.is_done:
            self._do(self._stage.go_on(hand, answer))

    @precondition(lambda self: self._hands)
    @rule(place=places)
    def kill(self, place: int) -> None:
        self._do(self._stage.kill(self._hand(place)))

    @precondition(lambda self: self._holders)
    @rule(place=places, worker=workers, steps=st.integers(0, ALL_STEPS))
    def take_over(self, place: int, worker: Lease, steps: int) -> None:
        """A lease lapses, and whoever claims next has the delivery. The one that had it may still be at it."""
        self._do(self._stage.lapse(self._holders[place % len(self._holders)]))
        self.claim(worker, steps, 0)

    @precondition(lambda self: self._hands)
    @rule(place=places, is_told=st.booleans(), worker=workers)
    def lose_the_answer_to_a_commit(self, place: int, is_told: bool, worker: Lease) -> None:
        """The post is live, and whoever did it notes that it does not know, or dies. Another worker goes on."""
        hand = self._hand(place)
        self.answer(place, (Place.COMMIT, Answer.LOST_AFTER))
        if is_told:
            self._go_well(hand, 1)
            self.time_passes()
        else:
            if hand in self._holders:
                self._do(self._stage.lapse(hand))
            self._do(self._stage.kill(hand))
        self.claim(worker, ALL_STEPS, ALL_STEPS)

    @precondition(lambda self: self._hands)
    @rule(place=places)
    def heartbeat(self, place: int) -> None:
        self._do(self._stage.renew(self._hand(place)))

    @precondition(lambda self: self._holders)
    @rule(worker=workers)
    def hand_back(self, worker: Lease) -> None:
        self._do(self._stage.hand_back(worker))

    @rule()
    def time_passes(self) -> None:
        self._do(self._stage.hasten())

    # People

    @precondition(lambda self: self._stage.truth.is_enabled)
    @rule(number=numbers, name=st.sampled_from(sorted(ACTS)))
    def act(self, number: int, name: str) -> None:
        planned = self._planned(number)
        if name not in SETTLING or planned.shown or not planned.committing:
            self._do(self._stage.act(name, ACTS[name], planned))

    @precondition(lambda self: self._stage.truth.is_enabled and any(each.is_over for each in self._stage.current))
    @rule()
    def plan_the_next(self) -> None:
        """Where a post has come to its end, another one follows."""
        for planned in self._stage.current:
            if planned.is_over and planned.is_bound and not self._stage.truth.is_access_dead:
                self._do(self._stage.plan_after(planned))

    @precondition(lambda self: self._stage.truth.is_enabled)
    @precondition(lambda self: any(hand.place is Place.WRITE for hand in self._hands))
    @rule(place=places, name=st.sampled_from([name for name, act in ACTS.items() if act.stops]))
    def act_while_a_write_is_on_its_way(self, place: int, name: str) -> None:
        writing = [hand for hand in self._hands if hand.place is Place.WRITE]
        hand = writing[place % len(writing)]
        self._do(self._stage.act(name, ACTS[name], self._stage.truth.of(hand), racing=hand))

    @rule()
    def switch_module(self) -> None:
        self._do(self._stage.switch(on=not self._stage.truth.is_enabled))

    @precondition(lambda self: self._stage.truth.is_access_dead)
    @rule()
    def reconnect(self) -> None:
        self._do(self._stage.reconnect())

    @precondition(lambda self: self._stage.truth.is_enabled and not self._stage.truth.is_access_dead)
    @rule(number=numbers)
    def bind_or_unbind(self, number: int) -> None:
        planned = self._planned(number)
        self._do(self._stage.unbind(planned) if planned.is_bound else self._stage.bind(planned))

    # What must hold

    @invariant()
    def nothing_was_violated(self) -> None:
        assert not self._stage.truth.violations, self._stage.truth.violations

    @invariant()
    def rows_tell_the_truth(self) -> None:
        for row in self._do(self._stage.rows()).values():
            planned = self._stage.truth.planned[row.id]
            state, told = DeliveryState(row.state), f"{row}: {planned}"
            assert not (planned.shown and state in NOT_LIVE), told
            assert state is not S.PUBLISHED or len(planned.shown) == 1, told
            assert row.reason or state not in NEEDS_REASON, told
            assert row.reason or row.run_at or state is not S.UNCONFIRMED, told
            assert (state is S.PUBLISHING) == (planned.holder is not None), told
            assert planned.holder is None or planned.holder.fence == row.fence, told
            assert planned.is_late == (row.is_committed or row.open_effect == Effect.ONCE), told

    def teardown(self) -> None:
        try:
            if hasattr(self, "_stage") and not self._stage.truth.violations:
                self._do(self._stage.come_to_rest())
        finally:
            self._do(self._close())
            self._loop.close()

    async def _close(self) -> None:
        if hasattr(self, "_stage"):
            for hand in list(self._stage.hands):
                await hand.kill()
        await self._database.dispose()
        async with await psycopg.AsyncConnection.connect(self.database_url, autocommit=True) as connection:
            await connection.execute("DELETE FROM accounts")
