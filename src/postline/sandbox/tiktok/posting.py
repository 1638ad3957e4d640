"""From complete media to a post: how it arrives, what TikTok checks then, and when it is live.

Source: https://developers.tiktok.com/docs/en/content-posting-api-media-transfer-guide, read 2026-11-24.
"""

import asyncio
import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from postline.sandbox.context import Sandbox
from postline.sandbox.media import CannotFetch
from postline.sandbox.records import Creator, Media, Post, Publish
from postline.sandbox.redirects import LOOPBACK
from postline.sandbox.tiktok.errors import refuse
from postline.sandbox.tiktok.published import add_post, failure_of, pull_failed
from postline.sandbox.tiktok.webhooks import draft_posted, publish_ended
from postline.sandbox.world import World

VIDEO_CONTAINERS: Final = frozenset({"mp4", "mov", "webm"})
VIDEO_CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9"})
VIDEO_BYTES_MAX: Final = 4 * 1024**3
PHOTO_FORMATS: Final = frozenset({"JPEG", "WEBP"})
PHOTO_BYTES_MAX: Final = 20_000_000
DRAFT_SECONDS_MAX: Final = 600
PULL_AGAIN_SECONDS: Final = 1.0


def check_ownership(world: World, urls: Sequence[str]) -> None:
    """Raises Refusal (403) for an address whose domain or prefix was not verified in the developer portal."""
    for url in urls:
        if not is_verified(url, world.settings.tiktok_verified_prefixes):
            raise refuse("url_ownership_unverified", "Please review the URL ownership verification rules")


def is_verified(url: str, owned: Sequence[str]) -> bool:
    """Whether a URL is of a verified prefix or domain, over HTTPS; without any, whether it is on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if host in LOOPBACK:
        return not owned or _is_owned(url, host, owned)
    return parts.scheme == "https" and not _is_address(host) and _is_owned(url, host, owned)


def _is_owned(url: str, host: str, owned: Sequence[str]) -> bool:
    """A prefix ends at a slash, or https://host would also cover https://host.example."""
    return any(
        url.startswith(f"{each.rstrip('/')}/") if "://" in each else host == each or host.endswith(f".{each}")
        for each in owned
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def begin_pull(sandbox: Sandbox, publish: Publish) -> None:
    """Fetch the media of a publish after its init was answered."""
    sandbox.spawn(publish.id, _pull(sandbox, publish.id, publish.urls))


def resume_publishes(sandbox: Sandbox) -> None:
    """After a restart, fetch the media that had not arrived; files that arrived in part start from their first byte."""
    for publish in sandbox.world.publishes:
        if publish.committed_at or publish.failure:
            continue
        if publish.urls:
            begin_pull(sandbox, publish)
        elif publish.received:
            sandbox.world.publishes.put(replace(publish, received=0))


async def _pull(sandbox: Sandbox, publish_id: str, urls: Sequence[str]) -> None:
    fetched: list[Media] = []
    for url in urls:
        media = await _fetch(sandbox, publish_id, url)
        publish = sandbox.world.publishes[publish_id]
        if media is None:
            fail(sandbox, publish, pull_failed(publish))
            return
        sandbox.world.publishes.put(replace(publish, received=publish.received + media.size))
        fetched.append(media)
    commit(sandbox, publish_id, fetched)


async def _fetch(sandbox: Sandbox, publish_id: str, url: str) -> Media | None:
    """A server that stumbles is asked again until the time for downloads is over. None: the bytes cannot be had."""
    while True:
        try:
            within = sandbox.world.settings.tiktok_pull_seconds
            return await sandbox.fetch(url, follow=False, within_seconds=within)
        except CannotFetch as error:
            if not error.may_pass or failure_of(sandbox.world, sandbox.world.publishes[publish_id]):
                return None
        await asyncio.sleep(PULL_AGAIN_SECONDS)


def fail(sandbox: Sandbox, publish: Publish, reason: str) -> None:
    """End a publish now, unless it has failed already."""
    if not publish.failure:
        failed = replace(publish, failure=reason, ready_at=sandbox.world.now())
        publish_ended(sandbox, sandbox.world.publishes.put(failed))


def commit(sandbox: Sandbox, publish_id: str, media: Sequence[Media]) -> None:
    """All bytes are in: judge them; if they will do, the post (or draft) exists from `ready_at` on."""
    world = sandbox.world
    publish = world.publishes[publish_id]
    if reason := failure_of(world, publish):
        fail(sandbox, publish, reason)
        return
    creator, settings = world.creators[publish.open_id], world.settings
    seconds = settings.tiktok_photo_seconds if publish.media_type == "PHOTO" else settings.tiktok_video_seconds
    judged = next((problem for each in media if (problem := judge(publish, creator, each))), "")
    publish = replace(
        publish,
        committed_at=world.now(),
        ready_at=0.0 if settings.tiktok_never_ends else world.now() + seconds,
        media=tuple(each.id for each in media),
        received=sum(each.size for each in media),
        failure=settings.tiktok_fail_reason or judged,
    )
    world.publishes.put(publish)
    if settings.tiktok_never_ends:
        return
    if publish.mode == "direct" and not publish.failure:
        add_post(world, publish, publish.ready_at)
    publish_ended(sandbox, publish)


def judge(publish: Publish, creator: Creator, media: Media) -> str:
    """The fail_reason that processing will end with, or nothing."""
    if publish.media_type == "PHOTO":
        if media.format not in PHOTO_FORMATS or media.size > PHOTO_BYTES_MAX:
            return "file_format_check_failed"
        short, long = sorted((media.width, media.height))
        return "picture_size_check_failed" if short > 1_080 or long > 1_920 else ""
    if media.container not in VIDEO_CONTAINERS or media.format not in VIDEO_CODECS or media.size > VIDEO_BYTES_MAX:
        return "file_format_check_failed"
    if not (min(media.width, media.height) >= 360 and max(media.width, media.height) <= 4_096):
        return "picture_size_check_failed"
    if not 23 <= media.fps <= 60:
        return "frame_rate_check_failed"
    longest = creator.max_video_seconds if publish.mode == "direct" else DRAFT_SECONDS_MAX
    return "duration_check_failed" if media.seconds > longest else ""


class NoSuchDraft(Exception):
    """No draft of that publish_id waits in an inbox."""


def finish_draft(sandbox: Sandbox, publish_id: str, caption: str | None, privacy: str) -> Post:
    """What a creator does in the app with a draft in their inbox; they may do it again. Raises NoSuchDraft."""
    world = sandbox.world
    publish = world.publishes.get(publish_id)
    if publish is None or publish.mode != "inbox" or not 0 < publish.ready_at <= world.now() or publish.failure:
        raise NoSuchDraft(f"no draft {publish_id!r} waits in an inbox: it is unknown, failed, or still in process")
    publish = replace(publish, caption=publish.caption if caption is None else caption, privacy=privacy)
    post = add_post(world, publish, world.now())
    draft_posted(sandbox, publish)
    return post
