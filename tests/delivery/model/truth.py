"""What must hold, kept apart from the product: who may write, whose word came first, what people can see."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from postline.core.content import PublishOrder
from postline.core.outcomes import Effect
from postline.core.states import DeliveryState
from postline.delivery.claim import Claimed
from postline.delivery.journal import Next
from tests.delivery.model.hands import Hand


@dataclass(eq=False)
class Planned:
    """One delivery as it should be.

    `generation` counts what people decided: a hand of an older one may change and show nothing. `holder` is the one
    hand that may write. `is_late`: the intent to commit is stored and its call not known to have failed, so that
    people are told that it is too late. `committing`: hands whose call to commit may be on its way. `shown`: the
    containers of it that the public sees.
    """

    id: UUID
    post_id: UUID
    profile_id: UUID
    caption: str
    needs_approval: bool
    approved: str | None
    generation: int = 0
    holder: Hand | None = None
    is_late: bool = False
    is_over: bool = False  # live or cancelled, for ever
    is_bound: bool = True
    is_excused: bool = False  # was on its way when the module was switched off
    committing: set[Hand] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)

    def outlive(self, by: Hand) -> None:
        """The matter is closed: what others still had on its way is long over."""
        for other in self.committing - {by}:
            other.is_outlived = True
        self.committing.clear()

    def decided(self) -> None:
        """A person's act was accepted: what runs is void."""
        self.generation += 1
        self.holder = None
        self.is_late = False


@dataclass(eq=False)
class Truth:
    """All deliveries, and what went wrong. Violations are collected, as the engine survives whatever a call raises."""

    planned: dict[UUID, Planned] = field(default_factory=dict)
    is_enabled: bool = True
    is_access_dead: bool = False
    violations: list[str] = field(default_factory=list)

    def of(self, hand: Hand) -> Planned:
        return self.planned[hand.claimed.id]

    def claimed(self, hand: Hand) -> None:
        planned = self.of(hand)
        if planned.holder is not None and not planned.holder.is_lapsed:
            self._violated("two workers hold one delivery", planned)
        planned.holder = hand

    def wrote(self, hand: Hand, delivery: Claimed, to: Next) -> None:
        planned = self.of(hand)
        if planned.holder is not hand:
            self._violated("a worker wrote to what is no longer its own", planned)
        planned.is_late = delivery.open_effect is Effect.ONCE or delivery.is_committed
        if to.state is DeliveryState.PUBLISHING and delivery.open_effect is Effect.ONCE:
            planned.committing.add(hand)
            if not (self.is_enabled or planned.is_excused):
                self._violated("a commit was begun while the module is off", planned)
        elif not planned.is_late:
            planned.outlive(hand)
        if to.state is not DeliveryState.PUBLISHING:
            planned.holder = None
        planned.is_over = to.state is DeliveryState.PUBLISHED

    def could_not_write(self, hand: Hand) -> None:
        if self.of(hand).holder is hand:
            self._violated("the worker that holds it could not write", self.of(hand))

    def became_visible(self, hand: Hand, order: PublishOrder, container: str) -> None:
        planned = self.of(hand)
        planned.shown.append(container)
        if len(planned.shown) > 1:
            self._violated("it is live twice", planned)
        if hand.generation != planned.generation:
            self._violated("it went live after a person had stopped it", planned)
        if order.caption != planned.caption:
            self._violated(f"“{order.caption}” went live, “{planned.caption}” was wanted", planned)
        if planned.needs_approval and order.caption != planned.approved:
            self._violated("it went live without approval", planned)

    def access_died(self) -> None:
        """The provider proved it."""
        self.is_access_dead = True
        self.stop(self.planned.values())

    def stop(self, some: Iterable[Planned]) -> None:
        """A gate closed: whatever of these is not on its way yet goes no further."""
        for planned in some:
            if not planned.is_late:
                planned.holder = None

    def _violated(self, what: str, planned: Planned) -> None:
        self.violations.append(f"{what}: {planned}")
