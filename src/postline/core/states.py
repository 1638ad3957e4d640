"""The states of deliveries and posts, and every legal move between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    HELD = "held"  # waits for an approval or a time
    SCHEDULED = "scheduled"  # waits for `run_at`: the due time, a poll or another try
    PUBLISHING = "publishing"  # leased by one worker
    UNCONFIRMED = "unconfirmed"  # may be live; the network is being asked, or a person is
    PUBLISHED = "published"
    FAILED = "failed"  # not live, and nothing more will be tried
    BLOCKED = "blocked"  # somebody must reconnect the profile or switch something on
    CANCELLED = "cancelled"


S = DeliveryState
MOVES: Final[Mapping[DeliveryState, frozenset[DeliveryState]]] = {
    S.HELD: frozenset({S.SCHEDULED, S.BLOCKED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.PUBLISHING, S.HELD, S.BLOCKED, S.UNCONFIRMED, S.FAILED, S.CANCELLED}),
    # A person's withdrawal wins as long as the intent to commit is not stored, hence HELD and CANCELLED.
    S.PUBLISHING: frozenset({S.SCHEDULED, S.PUBLISHED, S.FAILED, S.UNCONFIRMED, S.BLOCKED, S.HELD, S.CANCELLED}),
    # Only a person who looked and saw that it is not live may send it again or give it up.
    S.UNCONFIRMED: frozenset({S.PUBLISHING, S.SCHEDULED, S.PUBLISHED, S.FAILED, S.BLOCKED, S.CANCELLED}),
    S.BLOCKED: frozenset({S.SCHEDULED, S.HELD, S.CANCELLED}),
    S.FAILED: frozenset({S.SCHEDULED, S.HELD, S.CANCELLED}),
    S.PUBLISHED: frozenset(),
    S.CANCELLED: frozenset({S.HELD}),  # planned again
}


class IllegalMove(Exception):
    """A delivery was asked to go where `MOVES` does not lead."""

    def __init__(self, current: DeliveryState, to: DeliveryState) -> None:
        super().__init__(f"a delivery cannot go from {current} to {to}")
        self.current, self.to = current, to


def move(current: DeliveryState, to: DeliveryState) -> DeliveryState:
    """Return `to`. Staying where one is counts as legal; raises IllegalMove otherwise."""
    if to is not current and to not in MOVES[current]:
        raise IllegalMove(current, to)
    return to


class ApprovalState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class PostState(StrEnum):
    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    REJECTED = "rejected"  # a draft again, with the reviewer's note
    APPROVED = "approved"  # approved, and without a time yet
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    PARTLY_PUBLISHED = "partly_published"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """What the post's state depends on. `has_begun`: a call to the network was made."""

    state: DeliveryState
    has_begun: bool = False


def derive_post_state(approval: ApprovalState, deliveries: Sequence[DeliveryView]) -> PostState:
    """The one word people see for a post. What needs a person is shown before what goes well."""
    counted = [d for d in deliveries if d.state is not S.CANCELLED]
    states = {d.state for d in counted}
    if not counted:
        return PostState.CANCELLED if deliveries else _before_scheduling(approval)
    if states == {S.HELD}:
        return _before_scheduling(approval)
    if S.UNCONFIRMED in states:
        return PostState.UNCONFIRMED
    if S.PUBLISHING in states or any(d.state is S.SCHEDULED and d.has_begun for d in counted):
        return PostState.PUBLISHING
    if S.BLOCKED in states:
        return PostState.BLOCKED
    if S.SCHEDULED in states:
        return PostState.SCHEDULED
    if states == {S.PUBLISHED}:
        return PostState.PUBLISHED
    return PostState.PARTLY_PUBLISHED if S.PUBLISHED in states else PostState.FAILED


def _before_scheduling(approval: ApprovalState) -> PostState:
    return {
        ApprovalState.PENDING: PostState.AWAITING_APPROVAL,
        ApprovalState.REJECTED: PostState.REJECTED,
        ApprovalState.APPROVED: PostState.APPROVED,
    }.get(approval, PostState.DRAFT)
