"""What a creator may choose at this moment. Asked when the post is composed, and again right before it is sent.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-query-creator-info, read 2026-09-11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import MediaKind
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.guidelines import (
    BRANDED,
    BRANDED_DECLARATION,
    MUSIC,
    MUSIC_DECLARATION,
    MUST_SHOW,
    PROCESSING_NOTICE,
    must_ask,
)
from postline.networks.tiktok.options import Privacy, TikTokOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    username: str
    nickname: str
    avatar_url: str | None
    privacy_options: tuple[str, ...]
    comment_disabled: bool
    duet_disabled: bool
    stitch_disabled: bool
    video_max: timedelta | None

    def options(self, *, is_audited: bool) -> dict[str, Any]:
        """For a page that posts: what the creator may choose, and all that TikTok wants shown and asked there.

        "must_show" and "must_ask" hold `Shown` and `Asked` of the guidelines; "declaration" and "branded_declaration"
        are {"text", "links"}, the links by the words they stand under. Lengths in seconds.
        """
        privacy = tuple(each for each in self.privacy_options if is_audited or each == Privacy.SELF)
        asked = must_ask(
            privacy,
            comment_disabled=self.comment_disabled,
            duet_disabled=self.duet_disabled,
            stitch_disabled=self.stitch_disabled,
        )
        return {
            "username": self.username,
            "nickname": self.nickname,
            "avatar_url": self.avatar_url,
            "privacy_options": privacy,
            "comment_disabled": self.comment_disabled,
            "duet_disabled": self.duet_disabled,
            "stitch_disabled": self.stitch_disabled,
            "video_max_s": self.video_max.total_seconds() if self.video_max else None,
            "must_show": [asdict(each) for each in MUST_SHOW],
            "must_ask": [asdict(each) for each in asked],
            "declaration": {"text": MUSIC_DECLARATION, "links": MUSIC},
            "branded_declaration": {"text": BRANDED_DECLARATION, "links": {**BRANDED, **MUSIC}},
            "notice": PROCESSING_NOTICE,
        }


async def query_creator(client: TikTokClient, token: str) -> Creator:
    return parse_creator(await client.post("creator_info.query", "post/publish/creator_info/query/", token, {}))


async def query_drafter(client: TikTokClient, token: str) -> Creator:
    """A creator who lets us send drafts and nothing else, of whom TikTok tells little: nothing may be chosen here.

    Source: https://developers.tiktok.com/docs/en/scopes-overview, read 2026-09-11.
    """
    answer = await client.get("user.info", "user/info/", token, {"fields": "display_name,avatar_url"})
    user = answer.get("user") or {}
    return Creator(
        username="",
        nickname=str(user.get("display_name", "")),
        avatar_url=user.get("avatar_url"),
        privacy_options=(),
        comment_disabled=True,
        duet_disabled=True,
        stitch_disabled=True,
        video_max=None,
    )


def parse_creator(data: Mapping[str, Any]) -> Creator:
    seconds = data.get("max_video_post_duration_sec")
    return Creator(
        username=str(data.get("creator_username", "")),
        nickname=str(data.get("creator_nickname", "")),
        avatar_url=data.get("creator_avatar_url"),
        privacy_options=tuple(data.get("privacy_level_options") or ()),
        comment_disabled=bool(data.get("comment_disabled")),
        duet_disabled=bool(data.get("duet_disabled")),
        stitch_disabled=bool(data.get("stitch_disabled")),
        video_max=timedelta(seconds=seconds) if seconds else None,
    )


def require_allowed(creator: Creator, order: PublishOrder, options: TikTokOptions) -> None:
    """Nothing is replaced by something similar: what the creator can no longer choose goes back to the author."""
    for message in _refusals(creator, order, options):
        raise NetworkError(ErrorKind.CONTENT_REJECTED, "creator_may_not", message, is_definite=True)


def _refusals(creator: Creator, order: PublishOrder, options: TikTokOptions) -> Iterator[str]:
    if options.privacy_level is None or options.privacy_level not in creator.privacy_options:
        yield "The creator can no longer choose this visibility. Choose another."
    if options.allow_comment and creator.comment_disabled:
        yield "The creator has comments switched off at TikTok. Switch them off here too."
    videos = [item for item in order.media if item.kind is MediaKind.VIDEO]
    if videos and options.allow_duet and creator.duet_disabled:
        yield "The creator has duets switched off at TikTok. Switch them off here too."
    if videos and options.allow_stitch and creator.stitch_disabled:
        yield "The creator has stitches switched off at TikTok. Switch them off here too."
    for item in videos:
        if creator.video_max and item.duration_ms and item.duration_ms > creator.video_max.total_seconds() * 1000:
            yield f"This creator may post videos of up to {creator.video_max.total_seconds():g} s. Cut it."
