"""The one word that people see for a post follows from its approval and its deliveries."""

from itertools import permutations
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postline.core.states import ApprovalState as A
from postline.core.states import DeliveryState as S
from postline.core.states import DeliveryView, derive_post_state
from postline.core.states import PostState as P

Views = list[DeliveryView]


def waiting(*states: S) -> Views:
    return [DeliveryView(state) for state in states]


def begun(*states: S) -> Views:
    return [DeliveryView(state, has_begun=True) for state in states]


CASES: Final[dict[str, tuple[A, Views, P]]] = {
    "no profile yet": (A.NONE, [], P.DRAFT),
    "held, nobody asked": (A.NONE, waiting(S.HELD), P.DRAFT),
    "held, asked for approval": (A.PENDING, waiting(S.HELD, S.HELD), P.AWAITING_APPROVAL),
    "held, rejected": (A.REJECTED, waiting(S.HELD), P.REJECTED),
    "held, approved, without a time": (A.APPROVED, waiting(S.HELD), P.APPROVED),
    "held, request taken back": (A.WITHDRAWN, waiting(S.HELD), P.DRAFT),
    "no profile, asked for approval": (A.PENDING, [], P.AWAITING_APPROVAL),
    "queued": (A.NONE, waiting(S.SCHEDULED, S.SCHEDULED), P.SCHEDULED),
    "queued after approval": (A.APPROVED, waiting(S.SCHEDULED), P.SCHEDULED),
    "one leased": (A.NONE, waiting(S.PUBLISHING, S.SCHEDULED), P.PUBLISHING),
    "waits for a poll": (A.NONE, begun(S.SCHEDULED), P.PUBLISHING),
    "one live, one waits for a poll": (A.NONE, begun(S.PUBLISHED, S.SCHEDULED), P.PUBLISHING),
    "one live, one not begun": (A.NONE, [*begun(S.PUBLISHED), *waiting(S.SCHEDULED)], P.SCHEDULED),
    "all live": (A.NONE, begun(S.PUBLISHED, S.PUBLISHED), P.PUBLISHED),
    "all live, one profile left out": (A.NONE, begun(S.PUBLISHED, S.CANCELLED), P.PUBLISHED),
    "one live, one failed": (A.NONE, begun(S.PUBLISHED, S.FAILED), P.PARTLY_PUBLISHED),
    "one live, one taken back": (A.NONE, [*begun(S.PUBLISHED), *waiting(S.HELD)], P.PARTLY_PUBLISHED),
    "all failed": (A.NONE, begun(S.FAILED, S.FAILED), P.FAILED),
    "failed, the other left out": (A.NONE, begun(S.FAILED, S.CANCELLED), P.FAILED),
    "one unconfirmed, one live": (A.NONE, begun(S.UNCONFIRMED, S.PUBLISHED), P.UNCONFIRMED),
    "one unconfirmed, one leased": (A.NONE, begun(S.UNCONFIRMED, S.PUBLISHING), P.UNCONFIRMED),
    "one unconfirmed, one blocked": (A.NONE, begun(S.UNCONFIRMED, S.BLOCKED), P.UNCONFIRMED),
    "one blocked, one queued": (A.NONE, waiting(S.BLOCKED, S.SCHEDULED), P.BLOCKED),
    "one blocked, one live": (A.NONE, begun(S.BLOCKED, S.PUBLISHED), P.BLOCKED),
    "one blocked, one leased": (A.NONE, begun(S.BLOCKED, S.PUBLISHING), P.PUBLISHING),
    "all cancelled": (A.APPROVED, waiting(S.CANCELLED, S.CANCELLED), P.CANCELLED),
    "held, the other left out": (A.PENDING, waiting(S.HELD, S.CANCELLED), P.AWAITING_APPROVAL),
}


@pytest.mark.parametrize(("approval", "deliveries", "expected"), CASES.values(), ids=CASES)
def test_the_posts_state_is(approval: A, deliveries: Views, expected: P) -> None:
    assert derive_post_state(approval, deliveries) is expected


@pytest.mark.parametrize(("approval", "deliveries", "expected"), CASES.values(), ids=CASES)
def test_the_order_of_the_profiles_does_not_matter(approval: A, deliveries: Views, expected: P) -> None:
    assert {derive_post_state(approval, order) for order in permutations(deliveries)} == {expected}


def test_every_state_of_a_post_can_be_reached() -> None:
    assert {derive_post_state(approval, deliveries) for approval, deliveries, _ in CASES.values()} == set(P)


@given(
    approval=st.sampled_from(A),
    deliveries=st.lists(st.builds(DeliveryView, st.sampled_from(S), st.booleans()), min_size=1, max_size=6),
)
def test_published_is_said_only_when_everything_that_counts_is_live(approval: A, deliveries: Views) -> None:
    counted = {each.state for each in deliveries} - {S.CANCELLED}
    assert (derive_post_state(approval, deliveries) is P.PUBLISHED) == (counted == {S.PUBLISHED})
