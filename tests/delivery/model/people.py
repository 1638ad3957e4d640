"""What people do to a post: each act through the product's own services, and what it means when it is accepted."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.core.states import DeliveryState
from postline.posts import queries, service, workflow
from postline.posts.compose import Networks
from postline.posts.schemas import PostChange, ResolutionIn, ScheduleIn
from tests.delivery.model.truth import Planned

S = DeliveryState
TOO_LATE: Final = "too-late"
SETTLING: Final = ("resolve", "give up")
WAITING: Final = (S.SCHEDULED, S.PUBLISHING)


@dataclass(frozen=True, slots=True)
class Desk:
    """A transaction of a person's. Their services raise Refusal."""

    session: AsyncSession
    actor: Actor
    networks: Networks

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`accepted` tells the model; `stops`: it takes out of the queue what has not begun to commit, hence it must win
    before the intent and be told "too late" after it. `needs_profile`: it is refused while the profile is not ready.
    """

    do: Callable[[Desk, Planned], Awaitable[object]]
    accepted: Callable[[Planned], None]
    stops: bool = False
    needs_profile: bool = False

    def may_be_refused(self, planned: Planned, state: DeliveryState, *, is_ready: bool) -> bool:
        return not self.stops or planned.is_late or state not in WAITING or (self.needs_profile and not is_ready)

    def must_be_refused(self, planned: Planned, state: DeliveryState) -> bool:
        return self.stops and (planned.is_late or state in (S.PUBLISHED, S.UNCONFIRMED))


def edited(planned: Planned) -> str:
    return f"{planned.caption}!"


async def _edit(desk: Desk, planned: Planned) -> None:
    post = await queries.get_post(desk.session, planned.post_id)
    change = PostChange(caption=edited(planned))
    await service.change_post(desk.session, desk.actor, planned.post_id, post.version, change, desk.networks, desk.now)


async def _move_to_now(desk: Desk, planned: Planned) -> None:
    given = ScheduleIn(now=True)
    await workflow.schedule(desk.session, desk.actor, planned.post_id, given, desk.networks, desk.now)


async def _move_to_later(desk: Desk, planned: Planned) -> None:
    given = ScheduleIn(local_time=(desk.now + timedelta(hours=1)).replace(tzinfo=None))
    await workflow.schedule(desk.session, desk.actor, planned.post_id, given, desk.networks, desk.now)


async def _resolve(desk: Desk, planned: Planned, then: Literal["send", "cancel"] = "send") -> None:
    """A person who tells the truth."""
    given = ResolutionIn(is_live=bool(planned.shown), then=then)
    await workflow.resolve(desk.session, desk.actor, planned.id, given, desk.now)


def _was_edited(planned: Planned) -> None:
    planned.decided()
    planned.caption = edited(planned)
    if planned.needs_approval:
        planned.approved = None


def _was_cancelled(planned: Planned) -> None:
    planned.decided()
    planned.is_over = True


def _was_approved(planned: Planned) -> None:
    planned.decided()
    planned.approved = planned.caption


def _was_retried(planned: Planned) -> None:
    """What may be live is only looked up; everything else is ordered anew."""
    if not planned.is_late:
        planned.decided()


def _was_resolved(planned: Planned) -> None:
    if planned.shown:
        planned.holder = None
        planned.is_over = True
    else:
        planned.decided()


def _was_given_up(planned: Planned) -> None:
    _was_resolved(planned)
    planned.is_over = True


ACTS: Final[Mapping[str, Act]] = {
    "cancel": Act(
        do=lambda desk, planned: workflow.cancel(desk.session, desk.actor, planned.post_id, desk.now),
        accepted=_was_cancelled,
        stops=True,
    ),
    "take back": Act(
        do=lambda desk, planned: workflow.unschedule(desk.session, desk.actor, planned.post_id, desk.now),
        accepted=Planned.decided,
        stops=True,
    ),
    "edit": Act(do=_edit, accepted=_was_edited, stops=True, needs_profile=True),
    "move to now": Act(do=_move_to_now, accepted=Planned.decided, stops=True, needs_profile=True),
    "move to later": Act(do=_move_to_later, accepted=Planned.decided, stops=True, needs_profile=True),
    "submit": Act(
        do=lambda desk, planned: workflow.submit(
            desk.session, desk.actor, planned.post_id, None, desk.networks, desk.now
        ),
        accepted=lambda planned: None,
    ),
    "approve": Act(
        do=lambda desk, planned: workflow.approve(
            desk.session, desk.actor, planned.post_id, None, desk.networks, desk.now
        ),
        accepted=_was_approved,
    ),
    "try again": Act(
        do=lambda desk, planned: workflow.retry(desk.session, desk.actor, planned.id, desk.networks, desk.now),
        accepted=_was_retried,
    ),
    "resolve": Act(do=_resolve, accepted=_was_resolved),
    "give up": Act(do=lambda desk, planned: _resolve(desk, planned, "cancel"), accepted=_was_given_up),
}
