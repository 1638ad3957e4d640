"""Posts and deliveries as the API shows them, read in as few queries for many as for one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from postline.approvals import service as approvals
from postline.approvals.models import Approval
from postline.approvals.schemas import ApprovalOut
from postline.core.states import DeliveryState
from postline.core.words import Format
from postline.media.schemas import AssetOut
from postline.metrics.queries import Numbers, latest_numbers
from postline.posts.models import Delivery, Origin, Post, PostMedia
from postline.posts.queries import derived_state, timeline
from postline.posts.schemas import DeliveryDetail, DeliveryOut, MediaOut, PostOut, ProblemOut, TimelineEntry, VariantOut
from postline.posts.service import due_instant
from postline.profiles.schemas import ProfileOut
from postline.refusals import ProfileProblem

MACHINE_WAITS = (DeliveryState.SCHEDULED, DeliveryState.UNCONFIRMED)


async def show_posts(session: AsyncSession, posts: Sequence[Post]) -> list[PostOut]:
    current = await approvals.latest_by_post(session, [post.id for post in posts])
    numbers = await latest_numbers(session, [delivery.id for post in posts for delivery in post.deliveries])
    return [
        _show(post, current.get(post.id), [_show_delivery(d, numbers.get(d.id)) for d in post.deliveries])
        for post in posts
    ]


async def show_post(session: AsyncSession, post: Post) -> PostOut:
    return (await show_posts(session, [post]))[0]


async def show_delivery(session: AsyncSession, delivery: Delivery) -> DeliveryDetail:
    numbers = await latest_numbers(session, [delivery.id])
    entries = [TimelineEntry.model_validate(entry) for entry in await timeline(session, delivery.id)]
    return DeliveryDetail(
        **_delivery_fields(delivery, numbers.get(delivery.id)), timeline=entries, content_hash=delivery.content_hash
    )


def show_problems(problems: Sequence[ProfileProblem]) -> list[ProblemOut]:
    return [
        ProblemOut(
            code=each.problem.code,
            field=each.problem.field,
            message=each.problem.message,
            severity=each.problem.severity,
            profile_id=each.profile_id,
        )
        for each in problems
    ]


def lateness_ms(delivery: Delivery) -> int | None:
    if delivery.live_at is None or delivery.due_at is None:
        return None
    return max(0, (delivery.live_at - delivery.due_at) // timedelta(milliseconds=1))


def _show_media(used: PostMedia) -> MediaOut:
    cover = AssetOut.of(used.cover) if used.cover else None
    return MediaOut(asset=AssetOut.of(used.asset), cover=cover, alt_text=used.alt_text)


def _show(post: Post, approval: Approval | None, deliveries: list[DeliveryOut]) -> PostOut:
    return PostOut(
        id=post.id,
        format=Format(post.format),
        caption=post.caption,
        media=[_show_media(used) for used in post.media],
        variants=[VariantOut.model_validate(variant) for variant in post.variants],
        deliveries=deliveries,
        local_time=post.local_time,
        time_zone=post.time_zone,
        due_at=due_instant(post),
        state=derived_state(post, approval),
        needs_approval=post.needs_approval,
        approval=ApprovalOut.model_validate(approval) if approval else None,
        origin=Origin(post.origin),
        origin_note=post.origin_note,
        author=post.author,
        version=post.version,
        created_at=post.created_at,
        updated_at=post.updated_at,
    )


def _show_delivery(delivery: Delivery, numbers: Numbers | None) -> DeliveryOut:
    return DeliveryOut(**_delivery_fields(delivery, numbers))


def _delivery_fields(delivery: Delivery, numbers: Numbers | None) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "post_id": delivery.post_id,
        "profile": ProfileOut.of(delivery.profile),
        "state": DeliveryState(delivery.state),
        "due_at": delivery.due_at,
        "next_act_at": delivery.run_at if delivery.state in MACHINE_WAITS else None,
        "reason": delivery.reason,
        "error_code": delivery.error_code,
        "permalink": delivery.permalink,
        "remote_id": delivery.remote_id,
        "first_call_at": delivery.first_call_at,
        "live_at": delivery.live_at,
        "lateness_ms": lateness_ms(delivery),
        "attempts": delivery.attempts,
        "metrics": numbers.values if numbers else None,
        "metrics_at": numbers.observed_at if numbers else None,
    }
