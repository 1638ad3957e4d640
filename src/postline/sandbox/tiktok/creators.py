"""The creator behind a call, and what TikTok lets them post now.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info, read 2026-11-24.
"""

from postline.sandbox.calls import Call
from postline.sandbox.records import Creator
from postline.sandbox.settings import DAY
from postline.sandbox.tiktok.errors import refuse

MINUTE = 60.0


def creator_of(call: Call) -> Creator:
    return call.world.creators[call.caller.person_id]


def check_rate(call: Call, name: str, per_minute: int) -> None:
    """Count this call of the token against its rate. Raises Refusal (429)."""
    if per_minute and call.world.used(name, call.caller.id, MINUTE) >= per_minute:
        raise refuse("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later.")
    call.world.count(name, call.caller.id)


def cannot_post(call: Call, creator: Creator) -> str:
    """The error code for a creator who cannot post directly now; empty if they can."""
    world, settings = call.world, call.world.settings
    if creator.banned:
        return "spam_risk_user_banned_from_posting"
    if world.used("tiktok.posts", creator.id, DAY) >= settings.tiktok_posts_per_day:
        return "spam_risk_too_many_posts"
    if not settings.audited:
        active = world.recent_keys("tiktok.posts", DAY)
        if creator.id not in active and len(active) >= settings.tiktok_active_users_unaudited:
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
        publish.open_id == creator.id and publish.mode == "inbox" and not publish.post_id and publish.created_at > since
        for publish in call.world.publishes
    )
    if creator.banned:
        raise refuse("spam_risk_user_banned_from_posting", "The user is banned from making new posts.")
    if pending >= settings.tiktok_pending_shares:
        raise refuse("spam_risk_too_many_pending_share", "The user has too many pending shares.")


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
