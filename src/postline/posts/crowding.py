"""More posts in a day than a network takes from one profile, told while somebody plans them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.core.capabilities import DailyLimit
from postline.core.content import PublishOrder
from postline.core.preflight import Problem, Severity
from postline.core.states import DeliveryState
from postline.posts.compose import Networks
from postline.posts.models import Delivery
from postline.refusals import ProfileProblem

DAY = timedelta(days=1)
PLANNED = (
    DeliveryState.SCHEDULED,
    DeliveryState.PUBLISHING,
    DeliveryState.UNCONFIRMED,
    DeliveryState.PUBLISHED,
)


def counted(limit: DailyLimit, profile_id: UUID) -> ColumnElement[bool]:
    """The ordered deliveries of a profile that count towards the limit; `DailyLimit.counts`, for the database."""
    is_free = Delivery.ordered.contains({"options": {limit.unless: True}}) if limit.unless else false()
    return and_(Delivery.profile_id == profile_id, Delivery.ordered["format"].astext.in_(limit.formats), not_(is_free))


async def crowded_days(
    session: AsyncSession, orders: Iterable[PublishOrder], due_at: datetime, networks: Networks
) -> list[ProfileProblem]:
    """A warning for each profile whose day before `due_at` is full: the network would make the post wait."""
    problems = []
    for order in orders:
        capabilities = networks[order.network].capabilities
        rules = capabilities.formats.get(order.format)
        if rules is None or rules.per_day is None or not rules.per_day.counts(order):
            continue
        planned = (
            select(func.count())
            .select_from(Delivery)
            .where(
                counted(rules.per_day, order.profile_id),
                Delivery.due_at > due_at - DAY,
                Delivery.due_at <= due_at,
                Delivery.state.in_(PLANNED),
            )
        )
        if (await session.scalar(planned) or 0) >= rules.per_day.posts:
            text = (
                f"{rules.per_day.told_of(capabilities.name)}, and so many are planned already in the 24 hours before. "
                "This one would wait. Choose another time."
            )
            problem = Problem("daily-limit", "/local_time", text, Severity.WARNING)
            problems.append(ProfileProblem(problem=problem, profile_id=order.profile_id))
    return problems
