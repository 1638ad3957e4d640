"""Writing posts: create, change, copy, delete. What carries them on stands in `workflow`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.accounts.models import Account
from postline.accounts.zones import checked_zone
from postline.approvals import service as approvals
from postline.core.ids import new_id
from postline.core.schedule import to_instant
from postline.core.states import ApprovalState, DeliveryState
from postline.core.words import Format, Role
from postline.events.service import record
from postline.posts import queries
from postline.posts.compose import Networks, content_hashes, order_for, preflight, require_publishable
from postline.posts.crowding import crowded_days
from postline.posts.models import Delivery, Origin, Post, PostMedia, Variant
from postline.posts.moves import announce_due, enqueue, is_too_late, journal, withdraw
from postline.posts.schemas import CreativeIn, MediaIn, PostChange, PostIn, VariantIn
from postline.refusals import ProfileProblem, Refusal, Why, conflict, invalid

S = DeliveryState
CHANGEABLE: Final = {S.HELD, S.SCHEDULED, S.BLOCKED, S.FAILED, S.PUBLISHING, S.CANCELLED}


async def create_post(
    session: AsyncSession, actor: Actor, account: Account, given: PostIn, *, origin: Origin = Origin.COMPOSER
) -> Post:
    """A draft. Content that a network would refuse is kept all the same: preflight tells, scheduling refuses."""
    actor.require(Role.EDITOR, "write posts")
    post = Post(
        id=new_id(),
        account_id=actor.account_id,
        format=given.format,
        caption=given.caption,
        local_time=given.local_time,
        time_zone=checked_zone(given.time_zone or account.time_zone),
        needs_approval=account.requires_approval or origin is Origin.CREATIVE,
        origin=origin,
        origin_note=given.source if isinstance(given, CreativeIn) else None,
        author=actor.name,
    )
    post.media, post.variants, post.deliveries = [], [], []
    session.add(post)
    await _set_media(session, post, given.media)
    await _set_targets(session, post, given.profile_ids, given.variants)
    _note_due(post)
    record(session, actor, "post.created", ("post", post.id), f"Wrote a {post.format} post.")
    await session.flush()
    return await queries.get_post(session, post.id)


async def change_post(
    session: AsyncSession,
    actor: Actor,
    post_id: UUID,
    version: int,
    change: PostChange,
    networks: Networks,
    now: datetime,
) -> Post:
    """Apply a change to the version the writer saw. Raises Refusal; then nothing has changed.

    New content withdraws an approval. A scheduled post stays scheduled with the new content, if that may be published.
    """
    actor.require(Role.EDITOR, "change posts")
    post = await queries.get_post(session, post_id, for_change=True)
    require_version(post, version)
    _require_changeable(post)
    hashes_before = content_hashes(post)
    given = change.model_dump(exclude_unset=True)
    for name in ("format", "caption", "local_time"):
        if name in given and (given[name] is not None or name == "local_time"):
            setattr(post, name, given[name])
    if change.time_zone is not None:
        post.time_zone = checked_zone(change.time_zone)
    if change.media is not None:
        await _set_media(session, post, change.media)
    if change.profile_ids is not None or change.variants is not None:
        profile_ids = change.profile_ids
        if profile_ids is None:
            profile_ids = [delivery.profile_id for delivery in post.deliveries if delivery.state != S.CANCELLED]
        await _set_targets(session, post, profile_ids, change.variants or _variants_given(post))
    _note_due(post)
    touch(post, now)
    await session.flush()
    post = await queries.get_post(session, post_id)
    if content_hashes(post) != hashes_before:
        await _content_changed(session, actor, post, networks, now)
    record(session, actor, "post.changed", ("post", post.id), f"Changed {', '.join(sorted(given)) or 'nothing'}.")
    await session.flush()
    return await queries.get_post(session, post_id)


async def delete_post(session: AsyncSession, actor: Actor, post_id: UUID) -> None:
    actor.require(Role.EDITOR, "delete posts")
    post = await queries.get_post(session, post_id, for_change=True)
    if any(delivery.state not in (S.HELD, S.CANCELLED) for delivery in post.deliveries):
        raise conflict("post-in-use", "Only a post that is not scheduled can be deleted. Cancel it first.")
    if any(delivery.first_call_at for delivery in post.deliveries):
        raise conflict("post-in-use", "This post was already on its way to a network, so its history is kept.")
    record(session, actor, "post.deleted", ("post", post.id), f"Deleted the post “{post.caption[:60]}”.")
    await session.delete(post)


async def duplicate_post(session: AsyncSession, actor: Actor, account: Account, post_id: UUID) -> Post:
    source = await queries.get_post(session, post_id)
    return await create_post(
        session,
        actor,
        account,
        PostIn.model_construct(
            format=Format(source.format),
            caption=source.caption,
            media=[
                MediaIn(asset_id=used.asset_id, cover_asset_id=used.cover_asset_id, alt_text=used.alt_text)
                for used in source.media
            ],
            profile_ids=[delivery.profile_id for delivery in source.deliveries],
            variants=_variants_given(source),
            local_time=None,
            time_zone=source.time_zone,
        ),
    )


async def preflight_draft(
    session: AsyncSession, given: PostIn, zone: str, networks: Networks, now: datetime
) -> list[ProfileProblem]:
    """The problems that this would have, without storing anything."""
    assets = await queries.find_assets(session, _asset_ids(given.media))
    profiles = await queries.find_profiles(session, given.profile_ids)
    _require_known(given.media, assets, given.profile_ids, profiles)
    media = [
        PostMedia(
            asset=assets[used.asset_id],
            cover=assets[used.cover_asset_id] if used.cover_asset_id else None,
            alt_text=used.alt_text,
        )
        for used in given.media
    ]
    variants = {each.profile_id: Variant(caption=each.caption, options=each.options) for each in given.variants}
    orders = [
        order_for(given.format, given.caption, media, profiles[profile_id], variants.get(profile_id))
        for profile_id in given.profile_ids
    ]
    due_at = to_instant(given.local_time, checked_zone(given.time_zone or zone)) if given.local_time else now
    return [*preflight(orders, profiles, networks), *await crowded_days(session, orders, due_at, networks)]


def touch(post: Post, now: datetime) -> None:
    post.version += 1
    post.updated_at = now


def require_version(post: Post, version: int) -> None:
    if post.version != version:
        raise Refusal(
            Why.STALE,
            "post-changed",
            f"Somebody changed this post since you opened it (it is at version {post.version}). "
            "Load it again and repeat your change.",
        )


def due_instant(post: Post) -> datetime | None:
    return to_instant(post.local_time, post.time_zone) if post.local_time else None


async def _content_changed(session: AsyncSession, actor: Actor, post: Post, networks: Networks, now: datetime) -> None:
    """What was approved is no longer what stands here, and what was ordered must be ordered anew."""
    approval = await approvals.find_latest(session, post.id)
    if approval is not None and approvals.state_of(approval) in approvals.OPEN:
        approvals.close(approval, ApprovalState.WITHDRAWN, actor, "The content was changed.", now)
    queued = [d for d in post.deliveries if d.state in (S.SCHEDULED, S.PUBLISHING, S.BLOCKED)]
    if post.needs_approval:
        for delivery in post.deliveries:
            delivery.approved_hash = None
        for delivery in queued:
            withdraw(delivery, S.HELD)
            journal(session, delivery, "held", f"{actor.name} changed the content; it needs approval again.")
        return
    if not queued:
        return
    orders = require_publishable(post, networks)
    for delivery in queued:
        withdraw(delivery, S.HELD)
        enqueue(delivery, orders[delivery.id], delivery.due_at or now, needs_approval=False)
        journal(session, delivery, "scheduled", f"{actor.name} changed the content.")
    for delivery in post.deliveries:
        if delivery.state == S.HELD and queued[0].due_at is not None:
            enqueue(delivery, orders[delivery.id], queued[0].due_at, needs_approval=False)
            journal(session, delivery, "scheduled", f"{actor.name} added this profile.")
    await announce_due(session)


def _require_changeable(post: Post) -> None:
    if any(is_too_late(delivery) or delivery.state not in CHANGEABLE for delivery in post.deliveries):
        raise conflict("too-late", "It is too late to change this post: it is going out or already live. Duplicate it.")


def _note_due(post: Post) -> None:
    """Held deliveries carry the planned instant, for the calendar; scheduled ones are moved by scheduling alone."""
    for delivery in post.deliveries:
        if delivery.state == S.HELD:
            delivery.due_at = due_instant(post)


async def _set_media(session: AsyncSession, post: Post, media: Sequence[MediaIn]) -> None:
    assets = await queries.find_assets(session, _asset_ids(media))
    _require_known(media, assets, [], {})
    for used in post.media:
        await session.delete(used)
    await session.flush()
    post.media = [
        PostMedia(
            account_id=post.account_id,
            post_id=post.id,
            position=place,
            asset_id=used.asset_id,
            cover_asset_id=used.cover_asset_id,
            alt_text=used.alt_text,
        )
        for place, used in enumerate(media)
    ]


async def _set_targets(
    session: AsyncSession, post: Post, profile_ids: Sequence[UUID], variants: Sequence[VariantIn]
) -> None:
    profiles = await queries.find_profiles(session, [*profile_ids, *(each.profile_id for each in variants)])
    _require_known([], {}, [*profile_ids, *(each.profile_id for each in variants)], profiles)
    wanted = dict.fromkeys(profile_ids)
    by_profile = {delivery.profile_id: delivery for delivery in post.deliveries}
    for profile_id, delivery in by_profile.items():
        if profile_id not in wanted and delivery.state != S.CANCELLED:
            withdraw(delivery, S.CANCELLED)
    for profile_id in wanted:
        known = by_profile.get(profile_id)
        if known is not None and known.state == S.CANCELLED:
            withdraw(known, S.HELD)
        elif known is None:
            post.deliveries.append(
                Delivery(
                    id=new_id(),
                    account_id=post.account_id,
                    profile_id=profile_id,
                    network=profiles[profile_id].network,
                    state=S.HELD,
                )
            )
    post.variants = []
    await session.flush()
    post.variants = [
        Variant(
            account_id=post.account_id,
            post_id=post.id,
            profile_id=each.profile_id,
            caption=each.caption,
            options=each.options,
        )
        for each in {each.profile_id: each for each in variants if each.profile_id in wanted}.values()
    ]


def _asset_ids(media: Sequence[MediaIn]) -> list[UUID]:
    return [asset_id for used in media for asset_id in (used.asset_id, used.cover_asset_id) if asset_id is not None]


def _variants_given(post: Post) -> list[VariantIn]:
    return [VariantIn(profile_id=v.profile_id, caption=v.caption, options=v.options) for v in post.variants]


def _require_known(
    media: Sequence[MediaIn], assets: dict[UUID, Any], profile_ids: Sequence[UUID], profiles: dict[UUID, Any]
) -> None:
    for place, used in enumerate(media):
        for name, asset_id in (("asset_id", used.asset_id), ("cover_asset_id", used.cover_asset_id)):
            if asset_id is not None and asset_id not in assets:
                text = "There is no such media in this account. Upload it first and use the id that the upload returns."
                raise invalid("asset-unknown", text, f"/media/{place}/{name}")
    for place, profile_id in enumerate(profile_ids):
        if profile_id not in profiles:
            text = "There is no such profile in this account. List the profiles and use one of their ids."
            raise invalid("profile-unknown", text, f"/profile_ids/{place}")
