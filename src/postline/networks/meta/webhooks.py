"""What Meta tells by itself: webhooks about Pages and permissions, and signed callbacks of people who leave.

Sources, read 2026-09-11: https://developers.facebook.com/docs/graph-api/webhooks/getting-started,
https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from postline.core.words import NetworkKey
from postline.networks.signals import AccessSignal, PostSignal, Signal

SIGNATURE: Final = "x-hub-signature-256"
POST_IDS: Final = ("post_id", "video_id", "photo_id")
# A Page's feed also tells of what visitors do.
REACTIONS: Final = frozenset({"comment", "reaction", "like"})


def answer_challenge(verify_token: str | None, query: Mapping[str, str]) -> str | None:
    """The challenge, when whoever asks knows our token."""
    given = query.get("hub.verify_token", "")
    is_meta = verify_token is not None and hmac.compare_digest(given.encode(), verify_token.encode())
    return query.get("hub.challenge") if is_meta and query.get("hub.mode") == "subscribe" else None


def is_signed(app_secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the header holds the HMAC-SHA256 of the raw body."""
    expected = "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    sent = next((value for name, value in headers.items() if name.lower() == SIGNATURE), "")
    return hmac.compare_digest(sent.encode(), expected.encode())


def read_signals(body: bytes) -> Sequence[Signal]:
    """Posts of Pages and changed permissions; anything else, and what cannot be read, tells nothing."""
    try:
        found = json.loads(body)
    except ValueError:
        return []
    envelopes = found if isinstance(found, list) else [found]
    return [signal for envelope in envelopes if isinstance(envelope, dict) for signal in _read(envelope)]


def _read(envelope: Mapping[str, Any]) -> Iterator[Signal]:
    for entry in _dicts(envelope.get("entry")):
        for change in _dicts(entry.get("changes")):
            value = change.get("value")
            value = value if isinstance(value, dict) else {}
            match envelope.get("object"), change.get("field"):
                case "page", "feed":
                    yield from _post_signals(str(entry.get("id", "")), value)
                case (("permissions" | "user"), _):
                    yield AccessSignal(subject_id=str(entry.get("uid") or entry.get("id", "")), is_over=False)


def _post_signals(page_id: str, value: Mapping[str, Any]) -> Iterator[Signal]:
    """An event names its post by one or more ids; a delivery may know any of them. Staged and removed is no news."""
    author = value.get("from")
    is_ours = not isinstance(author, dict) or str(author.get("id", page_id)) == page_id
    is_news = value.get("verb") in ("add", "edit", "edited") and value.get("published", 1) not in (0, False)
    if not is_ours or not is_news or value.get("item") in REACTIONS:
        return
    post_id = str(value["post_id"]) if value.get("post_id") else None
    for name in POST_IDS:
        if value.get(name):
            handle = str(value[name])
            yield PostSignal(network=NetworkKey.FACEBOOK, profile_remote_id=page_id, handle=handle, post_id=post_id)


def read_signed_request(app_secret: str, signed_request: str) -> str | None:
    """The app-scoped id of the person a callback is about; None when the signature is not Meta's."""
    signature, _, payload = signed_request.partition(".")
    expected = hmac.new(app_secret.encode(), payload.encode(), hashlib.sha256).digest()
    try:
        if not hmac.compare_digest(_decode(signature), expected):
            return None
        found = json.loads(_decode(payload))
    except ValueError:
        return None
    if not isinstance(found, dict) or found.get("algorithm") != "HMAC-SHA256" or not found.get("user_id"):
        return None
    return str(found["user_id"])


def _decode(text: str) -> bytes:
    """Base64url without padding. Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
