"""What TikTok tells by itself: what became of posts and drafts, and people who take access away.

Sources, read 2026-09-11: https://developers.tiktok.com/doc/webhooks-overview, .../webhooks-events,
.../webhooks-verification
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from postline.core.words import NetworkKey
from postline.networks.signals import AccessSignal, PostSignal, Signal

SIGNATURE: Final = "TikTok-Signature"
TOLERANCE: Final = timedelta(minutes=5)
UNIX_SECONDS: Final = re.compile(r"[0-9]{1,12}")
POST_EVENTS: Final = "post.publish."
# Which of the two spellings comes depends on the event and the age of the page that tells of it.
NAMES_POST: Final = frozenset({"post.publish.publicly_available", "post.publish.publicaly_available"})


def is_signed(client_secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether the header is a signature over its time and the raw body, not older than a few minutes."""
    parts = dict(part.strip().split("=", 1) for part in headers.get(SIGNATURE, "").split(",") if "=" in part)
    stamp = parts.get("t", "")
    if not UNIX_SECONDS.fullmatch(stamp) or abs(now.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
        return False
    expected = hmac.new(client_secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(parts.get("s", "").encode(), expected.encode())


def read_signals(body: bytes) -> Sequence[Signal]:
    """News of a post or the end of access; anything else, and what cannot be read, tells nothing."""
    event = _object(body)
    name, subject_id = str(event.get("event", "")), str(event.get("user_openid", ""))
    if name == "authorization.removed":
        return [AccessSignal(subject_id=subject_id, is_over=True)]
    content = _object(event.get("content"))
    if not name.startswith(POST_EVENTS) or not content.get("publish_id"):
        return []
    post_id = str(content["post_id"]) if name in NAMES_POST and content.get("post_id") else None
    handle = str(content["publish_id"])
    return [PostSignal(network=NetworkKey.TIKTOK, profile_remote_id=subject_id, handle=handle, post_id=post_id)]


def _object(text: object) -> Mapping[str, Any]:
    """The content of an event is JSON within JSON; some programs send it as an object."""
    if isinstance(text, dict):
        return text
    try:
        found = json.loads(text) if isinstance(text, str | bytes) else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
