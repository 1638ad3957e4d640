"""From a draft to the queue and back: submit, approve, reject, schedule, hold, cancel, retry, resolve."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.accounts.zones import checked_zone
from postline.approvals import service as approvals
from postline.approvals.models import Approval
from postline.core.schedule import to_instant, to_local
from postline.core.states import ApprovalState, DeliveryState
from postline.core.words import Role
from postline.events.service import record
from postline.posts import queries
from postline.posts.compose import Networks, content_hashes, require_publishable, target_deliveries
from postline.posts.models import Delivery, Post
from postline.posts.moves import (
    announce_due,
    enqueue,
    is_too_late,
    journal,
    resume,
    settle_live,
    start_over,
    withdraw,
)
from postline.posts.schemas import ResolutionIn, ScheduleIn
from postline.posts.service import due_instant, touch
from postline.refusals import conflict, invalid

S = DeliveryState
PAST_TOLERANCE: Final = timedelta(minutes=1)
SCHEDULABLE: Final = (S.HELD, S.SCHEDULED, S.PUBLISHING, S.BLOCKED, S.FAILED)
TOO_LATE: Final = "It is too late: this post is going out right now or is already live."


async def submit(
    session: AsyncSession, actor: Actor, post_id: UUID, note: str | None, networks: Networks, now: datetime
) -> Post:
    """Ask for approval of exactly this content. Raises Refusal when a network would not take it."""
    actor.require(Role.EDITOR, "send posts for approval")
    post = await queries.get_post(session, post_id, for_change=True)
    _require_states(post, (S.HELD,), "Only a draft can be sent for approval. Take it back from the schedule first.")
    require_publishable(post, networks)
    approval = await approvals.find_latest(session, post.id)
    if approval is not None and approvals.state_of(approval) in approvals.OPEN:
        raise conflict("already-submitted", "This post is already awaiting approval or approved.")
    post.needs_approval = True
    await approvals.request(session, actor, post.id, content_hashes(post), note, now)
    record(session, actor, "post.submitted", ("post", post.id), "Sent it for approval.")
    return await _saved(session, post, now)


async def approve(
    session: AsyncSession, actor: Actor, post_id: UUID, note: str | None, networks: Networks, now: datetime
) -> Post:
    """Sign the content hashes; a post with a time to come is scheduled by this."""
    actor.require(Role.ADMINISTRATOR, "approve posts")
    post = await queries.get_post(session, post_id, for_change=True)
    approval = await _pending_request(session, post)
    hashes = content_hashes(post)
    if approval.content_hashes != hashes:
        raise conflict("post-changed", "The content changed since it was sent for approval. Look at it again.")
    orders = require_publishable(post, networks)
    approvals.close(approval, ApprovalState.APPROVED, actor, note, now)
    due_at = due_instant(post)
    for delivery in target_deliveries(post):
        delivery.approved_hash = hashes[str(delivery.profile_id)]
        journal(session, delivery, "approved", f"{actor.name} approved the content {delivery.approved_hash[:12]}.")
        if due_at is not None and due_at > now - PAST_TOLERANCE:
            enqueue(delivery, orders[delivery.id], due_at, needs_approval=True)
        elif due_at is not None:
            delivery.reason = "Its planned time passed while it waited for approval. Choose a new time."
    record(session, actor, "post.approved", ("post", post.id), "Approved it.", {"content_hashes": hashes})
    await announce_due(session)
    return await _saved(session, post, now)


async def reject(session: AsyncSession, actor: Actor, post_id: UUID, note: str, now: datetime) -> Post:
    actor.require(Role.ADMINISTRATOR, "reject posts")
    return await _close_request(session, actor, post_id, ApprovalState.REJECTED, note, now)


async def withdraw_request(session: AsyncSession, actor: Actor, post_id: UUID, note: str | None, now: datetime) -> Post:
    actor.require(Role.EDITOR, "take posts back")
    return await _close_request(session, actor, post_id, ApprovalState.WITHDRAWN, note, now)


async def schedule(
    session: AsyncSession, actor: Actor, post_id: UUID, given: ScheduleIn, networks: Networks, now: datetime
) -> Post:
    """Queue the post for its time, or move it to another one. Raises Refusal; then nothing has changed."""
    actor.require(Role.EDITOR, "schedule posts")
    post = await queries.get_post(session, post_id, for_change=True)
    if any(is_too_late(delivery) for delivery in post.deliveries):
        raise conflict("too-late", TOO_LATE)
    targets = [delivery for delivery in post.deliveries if delivery.state in SCHEDULABLE]
    if not targets and post.deliveries:
        raise conflict(
            "nothing-to-schedule", "Nothing of this post is left to schedule. Duplicate it to post it again."
        )
    due_at = _set_time(post, given, now)
    orders = require_publishable(post, networks)
    await _require_approved(
        session,
        post,
        "This post needs approval first. Send it for approval; once approved it is scheduled for its time.",
    )
    for delivery in targets:
        enqueue(delivery, orders[delivery.id], due_at, needs_approval=post.needs_approval)
        journal(session, delivery, "scheduled", f"{actor.name} scheduled it.")
    told = f"Scheduled it for {post.local_time:%Y-%m-%d %H:%M} ({post.time_zone})."
    record(session, actor, "post.scheduled", ("post", post.id), told)
    await announce_due(session)
    return await _saved(session, post, now)


async def unschedule(session: AsyncSession, actor: Actor, post_id: UUID, now: datetime) -> Post:
    """Take it back from the queue; the content and its approval stay."""
    return await _take_out(session, actor, post_id, S.HELD, "post.unscheduled", "Took it back from the schedule.", now)


async def cancel(session: AsyncSession, actor: Actor, post_id: UUID, now: datetime) -> Post:
    """Give up whatever is not out yet. Raises Refusal when nothing of it can be stopped any more."""
    return await _take_out(session, actor, post_id, S.CANCELLED, "post.cancelled", "Cancelled it.", now)


async def retry(session: AsyncSession, actor: Actor, delivery_id: UUID, networks: Networks, now: datetime) -> Delivery:
    """Try a failed or blocked delivery again, from the beginning and with the post's present content."""
    actor.require(Role.EDITOR, "try deliveries again")
    post, delivery = await _locked_delivery(session, delivery_id)
    _require_delivery(delivery, (S.FAILED, S.BLOCKED), "Only a failed or blocked delivery can be tried again.")
    orders = require_publishable(post, networks)
    await _require_approved(session, post, "The content changed since it was approved. Send it for approval again.")
    if is_too_late(delivery):
        resume(delivery, now)
    else:
        enqueue(delivery, orders[delivery.id], delivery.due_at or now, needs_approval=post.needs_approval)
    journal(session, delivery, "retried", f"{actor.name} asked to try again.")
    record(session, actor, "delivery.retried", ("delivery", delivery.id), "Asked to try again.")
    await announce_due(session)
    return delivery


async def resolve(
    session: AsyncSession, actor: Actor, delivery_id: UUID, given: ResolutionIn, now: datetime
) -> Delivery:
    """A person looked: it is live (keep it), or it is not (send it again, or give it up)."""
    actor.require(Role.EDITOR, "settle unconfirmed deliveries")
    _, delivery = await _locked_delivery(session, delivery_id)
    _require_delivery(delivery, (S.UNCONFIRMED,), "Only an unconfirmed delivery needs a person's word.")
    if given.is_live:
        settle_live(delivery, given.permalink, now)
        told = f"{actor.name} saw that it is live."
    elif given.then == "cancel":
        withdraw(delivery, S.CANCELLED)
        delivery.reason = delivery.error_code = None
        told = f"{actor.name} saw that it is not live, and gave it up."
    else:
        start_over(delivery, now)
        told = f"{actor.name} saw that it is not live; it is sent again."
        await announce_due(session)
    journal(session, delivery, "resolved", told)
    record(session, actor, "delivery.resolved", ("delivery", delivery.id), told, given.model_dump())
    return delivery


async def _pending_request(session: AsyncSession, post: Post) -> Approval:
    approval = await approvals.find_latest(session, post.id)
    if approval is None or approvals.state_of(approval) is not ApprovalState.PENDING:
        raise conflict("not-awaiting-approval", "This post is not awaiting approval. Load it again to see where it is.")
    return approval


async def _require_approved(session: AsyncSession, post: Post, message: str) -> None:
    """Where approval is needed, exactly this content must have it. Raises Refusal."""
    if not post.needs_approval:
        return
    if not approvals.covers(await approvals.find_latest(session, post.id), content_hashes(post)):
        raise conflict("approval-required", message)


async def _close_request(
    session: AsyncSession, actor: Actor, post_id: UUID, state: ApprovalState, note: str | None, now: datetime
) -> Post:
    post = await queries.get_post(session, post_id, for_change=True)
    approval = await _pending_request(session, post)
    approvals.close(approval, state, actor, note, now)
    told = "Rejected it." if state is ApprovalState.REJECTED else "Took it back from approval."
    record(session, actor, f"post.{state}", ("post", post.id), f"{told} {note or ''}".strip())
    return await _saved(session, post, now)


async def _take_out(
    session: AsyncSession, actor: Actor, post_id: UUID, to: DeliveryState, verb: str, told: str, now: datetime
) -> Post:
    actor.require(Role.EDITOR, "take posts out of the schedule")
    post = await queries.get_post(session, post_id, for_change=True)
    open_ones = [d for d in post.deliveries if d.state not in (S.PUBLISHED, S.CANCELLED, S.UNCONFIRMED, to)]
    stopped = [delivery for delivery in open_ones if not is_too_late(delivery)]
    if not stopped and post.deliveries:
        raise conflict("too-late", TOO_LATE)
    for delivery in stopped:
        withdraw(delivery, to)
        delivery.reason = delivery.error_code = None
        journal(session, delivery, str(to), f"{actor.name}: {told}")
    if not stopped and to is S.CANCELLED:
        raise conflict("nothing-to-cancel", "This draft has no profiles, so nothing is planned. Delete it instead.")
    record(session, actor, verb, ("post", post.id), told)
    return await _saved(session, post, now)


def _set_time(post: Post, given: ScheduleIn, now: datetime) -> datetime:
    """Write the wanted time on the post and return its instant. Raises Refusal."""
    if given.time_zone is not None:
        post.time_zone = checked_zone(given.time_zone)
    if given.now:
        post.local_time = to_local(now, post.time_zone)
        return now
    if given.local_time is not None:
        post.local_time = given.local_time
    if post.local_time is None:
        raise invalid("time-missing", "Choose a date and time, or publish it now.", "/local_time")
    due_at = to_instant(post.local_time, post.time_zone)
    if due_at < now - PAST_TOLERANCE:
        text = f"{post.local_time:%Y-%m-%d %H:%M} in {post.time_zone} is in the past. Choose a later time."
        raise invalid("time-in-the-past", text, "/local_time")
    return due_at


async def _locked_delivery(session: AsyncSession, delivery_id: UUID) -> tuple[Post, Delivery]:
    found = await queries.get_delivery(session, delivery_id)
    post = await queries.get_post(session, found.post_id, for_change=True)
    return post, next(delivery for delivery in post.deliveries if delivery.id == delivery_id)


def _require_states(post: Post, states: Collection[DeliveryState], message: str) -> None:
    if any(delivery.state not in states for delivery in target_deliveries(post)):
        raise conflict("wrong-state", message)


def _require_delivery(delivery: Delivery, states: Collection[DeliveryState], message: str) -> None:
    if delivery.state not in states:
        raise conflict("wrong-state", f"{message} This one is {delivery.state}.")


async def _saved(session: AsyncSession, post: Post, now: datetime) -> Post:
    touch(post, now)
    await session.flush()
    return await queries.get_post(session, post.id)
