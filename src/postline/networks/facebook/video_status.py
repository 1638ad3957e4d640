"""The status of a Page's video, in every spelling that Meta uses.

Source: https://developers.facebook.com/documentation/video-api/guides/reels-publishing, read 2026-09-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.base import Call
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.meta.errors import BY_SUBCODE, as_number, error_for
from postline.networks.meta.graph import Graph

FIELDS: Final = "status,published,post_id,permalink_url"
PHASES: Final = ("uploading_phase", "processing_phase", "publishing_phase")


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStatus:
    """`failure` is set when Meta will not publish this video. `is_under_way`: the commit has been accepted."""

    is_published: bool
    is_under_way: bool
    is_waiting_for_commit: bool
    is_uploaded: bool
    bytes_transferred: int
    post_id: str | None
    permalink: str | None
    failure: NetworkError | None


async def fetch_status(graph: Graph, call: Call, checkpoint: FacebookCheckpoint) -> VideoStatus:
    """The status of the checkpoint's video now. Raises NetworkError."""
    params = {"fields": FIELDS}
    return read_status(await graph.get("video.status", checkpoint.video_id or "", call.target.access_token, params))


def read_status(node: Mapping[str, Any]) -> VideoStatus:
    """What `GET /{video-id}?fields=` FIELDS tells."""
    status: Mapping[str, Any] = node.get("status") or {}
    video = status.get("video_status")
    publishing: Mapping[str, Any] = status.get("publishing_phase") or {}
    uploading: Mapping[str, Any] = status.get("uploading_phase") or {}
    begun = publishing.get("status", "not_started") != "not_started"
    is_published = (
        publishing.get("status") in ("complete", "completed") and publishing.get("publish_status") == "published"
    )
    is_published = is_published or (video == "ready" and node.get("published") is True)
    transferred = uploading.get("bytes_transferred", uploading.get("bytes_transfered"))
    link = node.get("permalink_url")
    return VideoStatus(
        is_published=is_published,
        is_under_way=is_published or begun or bool(node.get("post_id")),
        is_waiting_for_commit=video in ("uploading", "upload_complete", "ready") and not begun and not is_published,
        is_uploaded=video in ("upload_complete", "processing", "ready")
        or uploading.get("status") in ("complete", "completed"),
        bytes_transferred=as_number(transferred) or 0,
        post_id=str(node["post_id"]) if node.get("post_id") else None,
        permalink=f"https://www.facebook.com{link}" if link and link.startswith("/") else link,
        failure=_failure(status),
    )


def _failure(status: Mapping[str, Any]) -> NetworkError | None:
    phases = [status.get(name) or {} for name in PHASES]
    problems = [problem for phase in (status, *phases) for problem in _problems(phase)]
    has_failed = status.get("video_status") in ("error", "expired", "upload_failed")
    if not problems and not has_failed and all(phase.get("status") != "error" for phase in phases):
        return None
    first = problems[0] if problems else {}
    code = as_number(first.get("code"))
    # Whatever the code's usual kind: this post is refused, and nothing of it is visible.
    known = error_for(None, code) if code in BY_SUBCODE else error_for(code, None)
    message = (
        known.message if code else "Facebook could not process the video. Convert it to MP4 with H.264 and try again."
    )
    name = str(code) if code else "video_failed"
    return NetworkError(ErrorKind.CONTENT_REJECTED, name, message, is_definite=True)


def _problems(phase: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """`errors: [{code, message}]` in the specification, `error: {message}` in the guide."""
    found = [*(phase.get("errors") or ()), phase.get("error")]
    return [problem for problem in found if isinstance(problem, Mapping)]
