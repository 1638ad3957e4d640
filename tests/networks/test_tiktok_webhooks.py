"""TikTok's webhooks: a known signature, its age, and what is made of each event."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postline.core.words import NetworkKey
from postline.networks.http import HttpClient
from postline.networks.registry import TikTokApp
from postline.networks.signals import AccessSignal, PostSignal, Signal
from postline.networks.tiktok.client import TikTokClient
from postline.networks.tiktok.oauth import TikTokProvider

SECRET = "test_client_secret"
STAMP = 1764000000
NOW = datetime.fromtimestamp(STAMP, UTC)
BODY = (
    rb'{"client_key":"awtestkey","event":"post.publish.publicly_available","create_time":1764000000,'
    rb'"user_openid":"open-id-1","content":"{\"publish_id\":\"v_pub_file~v2-1.123456789\",'
    rb'\"post_id\":\"7678907398077074696\",\"publish_type\":\"DIRECT_PUBLISH\"}"}'
)
SIGNATURE = "df2e2cdfcf82daa9534198f844c04d7c3e81da641b92cc916de71243828fdcfd"
HEADER = f"t={STAMP},s={SIGNATURE}"
POST_ID = "7678907398077074696"


def provider(secret: str = SECRET) -> TikTokProvider:
    return TikTokProvider(TikTokClient(HttpClient(), TikTokApp(client_key="k", client_secret=secret)))


def signed(stamp: str) -> str:
    """A header that is right but for its moment."""
    proof = hmac.new(SECRET.encode(), stamp.encode("latin-1") + b"." + BODY, hashlib.sha256).hexdigest()
    return f"t={stamp},s={proof}"


HEADERS = {
    "right": (HEADER, BODY, True),
    "with a space": (HEADER.replace(",", ", "), BODY, True),
    "the other way round": (f"s={SIGNATURE},t={STAMP}", BODY, True),
    "of another body": (HEADER, BODY + b"\n", False),
    "of another moment": (f"t={STAMP + 1},s={SIGNATURE}", BODY, False),
    "without a moment": (f"s={SIGNATURE}", BODY, False),
    "without a signature": (f"t={STAMP}", BODY, False),
    "not ASCII": (f"t={STAMP},s=ä", BODY, False),
    "a moment that is no number": (signed("soon"), BODY, False),
    "a moment in other digits": (signed("²"), BODY, False),
    "a moment without end": (signed("1" * 5000), BODY, False),
    "empty": ("", BODY, False),
}


@pytest.mark.parametrize(("header", "body", "is_genuine"), HEADERS.values(), ids=HEADERS)
def test_a_webhook_is_believed_by_its_signature(header: str, body: bytes, is_genuine: bool) -> None:
    assert provider().is_genuine({"TikTok-Signature": header}, body, NOW) is is_genuine
    assert not provider("another").is_genuine({"TikTok-Signature": header}, body, NOW)


def test_a_webhook_without_a_signature_is_not_believed() -> None:
    assert not provider().is_genuine({}, BODY, NOW)


def test_without_an_app_nothing_is_believed() -> None:
    assert not TikTokProvider(TikTokClient(HttpClient(), None)).is_genuine({"TikTok-Signature": HEADER}, BODY, NOW)


AGES = {
    "at once": (timedelta(0), True),
    "five minutes late": (timedelta(minutes=5), True),
    "later": (timedelta(minutes=5, seconds=1), False),
    "with a clock that is slow": (timedelta(minutes=-5), True),
    "from the future": (timedelta(minutes=-5, seconds=-1), False),
}


@pytest.mark.parametrize(("age", "is_genuine"), AGES.values(), ids=AGES)
def test_an_old_webhook_may_be_somebody_s_copy(age: timedelta, is_genuine: bool) -> None:
    assert provider().is_genuine({"TikTok-Signature": HEADER}, BODY, NOW + age) is is_genuine


def event(name: str, content: object, user: str = "open-id-1") -> bytes:
    return json.dumps(
        {"client_key": "k", "event": name, "create_time": 1, "user_openid": user, "content": content}
    ).encode()


def told(handle: str, post_id: str | None = None) -> Signal:
    return PostSignal(network=NetworkKey.TIKTOK, profile_remote_id="open-id-1", handle=handle, post_id=post_id)


ABOUT: dict[str, Any] = {"publish_id": "v_pub_url~1", "publish_type": "DIRECT_PUBLISH"}
AVAILABLE = ABOUT | {"post_id": int(POST_ID)}
OVER = AccessSignal(subject_id="open-id-1", is_over=True)

EVENTS: dict[str, tuple[bytes, list[Signal]]] = {
    "available": (BODY, [told("v_pub_file~v2-1.123456789", POST_ID)]),
    "available, by number": (
        event("post.publish.publicly_available", json.dumps(AVAILABLE)),
        [told("v_pub_url~1", POST_ID)],
    ),
    "available, as it was spelt": (
        event("post.publish.publicaly_available", json.dumps(AVAILABLE)),
        [told("v_pub_url~1", POST_ID)],
    ),
    "content as an object": (event("post.publish.publicly_available", AVAILABLE), [told("v_pub_url~1", POST_ID)]),
    "complete": (event("post.publish.complete", json.dumps(ABOUT)), [told("v_pub_url~1")]),
    "failed": (
        event("post.publish.failed", json.dumps(ABOUT | {"reason": "spam_risk"})),
        [told("v_pub_url~1")],
    ),
    "draft delivered": (
        event("post.publish.inbox_delivered", json.dumps(ABOUT | {"publish_type": "INBOX_SHARE"})),
        [told("v_pub_url~1")],
    ),
    "no longer available": (
        event("post.publish.no_longer_publicaly_available", json.dumps(AVAILABLE)),
        [told("v_pub_url~1")],
    ),
    "access taken away": (event("authorization.removed", json.dumps({"reason": 1})), [OVER]),
    "access taken away, without content": (event("authorization.removed", None), [OVER]),
    "of no post": (event("post.publish.complete", json.dumps({"publish_type": "DIRECT_PUBLISH"})), []),
    "of Video Kit": (event("video.publish.completed", json.dumps({"share_id": "1"})), []),
    "of data portability": (event("portability.download.ready", json.dumps({"request_id": 1})), []),
    "unknown": (event("novel.event", json.dumps(ABOUT)), []),
    "content that is no JSON": (event("post.publish.complete", "{publish_id"), []),
    "content that is a list": (event("post.publish.complete", "[1]"), []),
    "a list": (b"[]", []),
    "no JSON": (b"{", []),
    "no text": (b"\xff\xfe", []),
    "empty": (b"", []),
}


@pytest.mark.parametrize(("body", "signals"), EVENTS.values(), ids=EVENTS)
def test_an_event_tells(body: bytes, signals: list[Signal]) -> None:
    assert list(provider().signals(body)) == signals


def test_tiktok_checks_no_address_and_signs_no_callback() -> None:
    assert provider().challenge({"hub.mode": "subscribe", "hub.challenge": "1"}) is None
    assert provider().signed_subject("a.b") is None
