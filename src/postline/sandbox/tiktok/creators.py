"""The creator behind a call, and what TikTok lets them post now.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Any

from postline.sandbox.calls import Call
from postline.sandbox.records import Creator
from postline.sandbox.settings import DAY
from postline.sandbox.tiktok.errors import refuse

MINUTE = 60.0


def creator_of(call: Call) -> Creator:
    return call.world.creators[call.caller.person_id]


def check_rate(call: Call, name: str, per_minute: int, *, of_app: bool = False) -> None:
    """Count this call of the token (or of the whole app) against its rate. Raises Refusal (429)."""
    if not per_minute:
        return
    key = "" if of_app else call.caller.id
    if call.world.used(name, key, MINUTE) >= per_minute:
        raise refuse("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
    call.world.count(name, key)


def cannot_post(call: Call, creator: Creator) -> str:
    """The error code for a creator who cannot post directly now; empty if they can."""
    world, settings = call.world, call.world.settings
    posted = world.used("tiktok.posts", creator.id, DAY)
    if creator.banned:
        return "spam_risk_user_banned_from_posting"
    if posted >= settings.tiktok_posts_per_day:
        return "spam_risk_too_many_posts"
    active_max = settings.tiktok_active_users if settings.audited else settings.tiktok_active_users_unaudited
    if active_max and not posted and len(world.recent_keys("tiktok.posts", DAY)) >= active_max:
        return "reached_active_user_cap"
    return ""


def check_direct_post(call: Call, creator: Creator, privacy_level: str) -> None:
    """All that a direct post needs besides its media. Raises Refusal (403)."""
    if code := cannot_post(call, creator):
        raise refuse(code, "The creator cannot post now.")
    if not call.world.settings.audited and (not creator.private or privacy_level != "SELF_ONLY"):
        message = (
            "Please review our integration guidelines at https://developers.tiktok.com/doc/content-sharing-guidelines/"
        )
        raise refuse("unaudited_client_can_only_post_to_private_accounts", message)
    if privacy_level not in creator.privacy_level_options:
        raise refuse("privacy_level_option_mismatch", "The privacy_level is not one of the creator's options.")


def check_draft(call: Call, creator: Creator) -> None:
    """Raises Refusal (403) when too many drafts wait in the creator's inbox."""
    settings = call.world.settings
    since = call.world.now() - DAY
    pending = sum(
        publish.open_id == creator.id
        and publish.mode == "inbox"
        and not publish.post_ids
        and not publish.failure
        and publish.created_at > since
        for publish in call.world.publishes
    )
    if creator.banned:
        raise refuse("spam_risk_user_banned_from_posting", "The user is banned from making new posts.")
    if pending >= settings.tiktok_pending_shares:
        raise refuse("spam_risk_too_many_pending_share", "The user has too many pending shares.")


def flags(params: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of what an init switched on: disable_comment, brand_content_toggle, is_aigc, …"""
    return tuple(sorted(name.rpartition(".")[2] for name, value in params.items() if value is True))


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
