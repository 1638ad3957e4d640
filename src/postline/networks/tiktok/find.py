"""Did the commit happen? For an upload TikTok's status tells, for what it fetches only public posts can."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from postline.core.capabilities import TextUnit
from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind
from postline.core.outcomes import CannotTell, Found, NotFound
from postline.networks.base import Call
from postline.networks.tiktok.checkpoint import TikTokCheckpoint
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.errors import failure_of
from postline.networks.tiktok.options import Privacy, chosen
from postline.networks.tiktok.status import State, fetch_status

# Marks a receipt of a post whose id TikTok does not tell: private posts, and public ones until they are moderated.
UNRESOLVED: Final = "publish:"
SEARCH_BEFORE: Final = timedelta(minutes=1)
SEARCH_AFTER: Final = timedelta(hours=24)
# The Display API cuts texts: https://developers.tiktok.com/docs/en/tiktok-api-v2-video-object, read 2026-08-24.
SHOWN_CAPTION: Final = 150
LIST_FIELDS: Final = "id,create_time,share_url,title,video_description"

Answer = Found[TikTokCheckpoint] | NotFound[TikTokCheckpoint] | CannotTell


@dataclass(frozen=True, slots=True)
class TikTokFinder:
    client: TikTokClient

    async def find(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Answer:
        if checkpoint.upload_url is not None:
            return await self._find_upload(call, order, checkpoint)
        if chosen(order).as_draft:
            return CannotTell("TikTok shows apps no drafts; the creator sees in the TikTok app whether it came.")
        return await self._find_listed(call, order, checkpoint)

    async def _find_upload(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Answer:
        status = await fetch_status(self.client, call.target.access_token, checkpoint.publish_id or "")
        if status.state is State.FAILED and failure_of(status.fail_reason).kind is ErrorKind.TRANSIENT:
            spent = checkpoint.model_copy(update={"is_spent": True})
            return NotFound(spent, "TikTok says that the post failed by a fault of its own.")
        if status.state is State.UPLOADING and status.uploaded_bytes < order.size_bytes:
            return NotFound(checkpoint, f"TikTok has {status.uploaded_bytes:,} of {order.size_bytes:,} bytes.")
        found = checkpoint.model_copy(update={"waiting_since": None})
        return Found(found, "TikTok has all bytes of the video.")

    async def _find_listed(self, call: Call, order: PublishOrder, checkpoint: TikTokCheckpoint) -> Answer:
        if chosen(order).privacy_level is not Privacy.EVERYONE:
            return CannotTell("TikTok shows apps only public posts, and this one is not.")
        params = {"fields": LIST_FIELDS}
        answer = await self.client.post(
            "video.list", "video/list/", call.target.access_token, {"max_count": 20}, params
        )
        matching = [video for video in answer.get("videos") or () if _is_ours(video, call, order)]
        if len(matching) != 1:
            shown = "no post" if not matching else "several posts"
            return CannotTell(f"TikTok shows {shown} like this one; a missing post may still appear.")
        update = {"post_id": str(matching[0]["id"]), "permalink": _permalink(matching[0]), "waiting_since": None}
        return Found(checkpoint.model_copy(update=update), "The creator's profile shows this post.")


def _is_ours(video: Mapping[str, Any], call: Call, order: PublishOrder) -> bool:
    asked_at = call.commit_began_at or call.since
    made_at = datetime.fromtimestamp(int(video.get("create_time") or 0), UTC)
    if not asked_at - SEARCH_BEFORE <= made_at <= asked_at + SEARCH_AFTER:
        return False
    wanted = {_shown(order.caption), _shown(chosen(order).title)} - {""}
    return bool(wanted & {_shown(str(video.get(name) or "")) for name in ("video_description", "title")})


def _shown(text: str) -> str:
    """The beginning that TikTok shows, so that whole and cut texts compare equal."""
    folded = " ".join(text.split())
    while TextUnit.UTF16.length(folded) > SHOWN_CAPTION:
        folded = folded[:SHOWN_CAPTION] if len(folded) > SHOWN_CAPTION else folded[:-1]
    return folded.rstrip()


def _permalink(video: Mapping[str, Any]) -> str | None:
    return str(video["share_url"]).partition("?")[0] if video.get("share_url") else None
