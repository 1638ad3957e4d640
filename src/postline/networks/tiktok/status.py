"""What has become of a post that TikTok took.

Source: https://developers.tiktok.com/doc/content-posting-api-reference-get-video-status, read 2026-09-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from postline.networks.tiktok.client import TikTokClient


class State(StrEnum):
    UPLOADING = "PROCESSING_UPLOAD"
    DOWNLOADING = "PROCESSING_DOWNLOAD"
    IN_INBOX = "SEND_TO_USER_INBOX"
    COMPLETE = "PUBLISH_COMPLETE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStatus:
    """`state` None: a word that is not known, which counts as under way. `post_id`: public posts only."""

    state: State | None
    fail_reason: str
    post_id: str | None
    uploaded_bytes: int


async def fetch_status(client: TikTokClient, token: str, publish_id: str) -> PostStatus:
    return parse_status(
        await client.post("status.fetch", "post/publish/status/fetch/", token, {"publish_id": publish_id})
    )


def parse_status(data: Mapping[str, Any]) -> PostStatus:
    """The ids' field is misspelt by TikTok; it may be missing, null or empty, and hold numbers or texts."""
    state = str(data.get("status", ""))
    ids = data.get("publicaly_available_post_id") or data.get("publicly_available_post_id") or []
    return PostStatus(
        state=State(state) if state in set(State) else None,
        fail_reason=str(data.get("fail_reason") or ""),
        post_id=str(ids[0]) if ids else None,
        uploaded_bytes=int(data.get("uploaded_bytes") or 0),
    )
