"""Webhooks and signed callbacks of Meta: known signatures, and what is made of each event."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from postline.core.words import NetworkKey
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import MetaProvider
from postline.networks.registry import MetaApp
from postline.networks.signals import AccessSignal, PostSignal, Signal

SECRET = "app-secret-0123456789abcdef"
AGREED = "agreed"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BODY = (
    b'{"object":"page","entry":[{"id":"111","time":1700000000,"changes":[{"field":"feed","value":'
    b'{"item":"status","verb":"add","post_id":"111_222","published":1}}]}]}'
)
SIGNATURE = "sha256=6d0ace24bc008eb7f70720b55d4dde681ef21ca53defd4409e40745814262aa1"
SIGNED_REQUEST = (
    "7G1U4jW1dhNgXj6LaDfaV8SewSq9yPNHAUtihx_bkec.eyJ1c2VyX2lkIjoiMjE4NDcxIiwiYWxnb3JpdGhtIjoiSE1BQy1TSEEyNTYiLCJpc3N1"
    "ZWRfYXQiOjEyOTE4MzY4MDAsImV4cGlyZXMiOjEyOTE4NDA0MDB9"
)


def provider(verify_token: str | None = AGREED, secret: str = SECRET) -> MetaProvider:
    return MetaProvider(Graph(HttpClient(), MetaApp(app_id="1", app_secret=secret, verify_token=verify_token), "Meta"))


SIGNATURES = {
    "right": ({"X-Hub-Signature-256": SIGNATURE}, BODY, True),
    "right, in lower case": ({"x-hub-signature-256": SIGNATURE}, BODY, True),
    "of another body": ({"X-Hub-Signature-256": SIGNATURE}, BODY + b"\n", False),
    "without its name": ({"X-Hub-Signature-256": SIGNATURE.removeprefix("sha256=")}, BODY, False),
    "missing": ({}, BODY, False),
    "not ASCII": ({"X-Hub-Signature-256": "sha256=ä"}, BODY, False),
}


@pytest.mark.parametrize(("headers", "body", "is_genuine"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_webhook_is_believed_by_its_signature(headers: dict[str, str], body: bytes, is_genuine: bool) -> None:
    assert provider().is_genuine(headers, body, NOW) is is_genuine
    assert not provider(secret="another").is_genuine(headers, body, NOW)


QUERIES = {
    "ours": ({"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "agreed"}, "1158201444"),
    "another token": ({"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "guessed"}, None),
    "another mode": ({"hub.mode": "unsubscribe", "hub.challenge": "1", "hub.verify_token": "agreed"}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize(("query", "answer"), QUERIES.values(), ids=QUERIES)
def test_an_address_check_is_answered_to_who_knows_the_token(query: dict[str, str], answer: str | None) -> None:
    assert provider().challenge(query) == answer
    assert provider(verify_token=None).challenge(query) is None


REQUESTS = {
    "right": (SIGNED_REQUEST, "218471"),
    "changed": (SIGNED_REQUEST[:-1] + "8", None),
    "another signature": ("A" + SIGNED_REQUEST, None),
    "without a signature": (SIGNED_REQUEST.partition(".")[2], None),
    "nonsense": ("é.é", None),
    "empty": ("", None),
}


@pytest.mark.parametrize(("request_text", "subject"), REQUESTS.values(), ids=REQUESTS)
def test_a_signed_request_names_its_person(request_text: str, subject: str | None) -> None:
    assert provider().signed_subject(request_text) == subject


def post_signal(handle: str, post_id: str | None = "111_222") -> PostSignal:
    return PostSignal(network=NetworkKey.FACEBOOK, profile_remote_id="111", handle=handle, post_id=post_id)


def feed(**value: Any) -> dict[str, Any]:
    told = {"from": {"id": "111", "name": "Harbor"}, "item": "status", "verb": "add", "published": 1, **value}
    return {"object": "page", "entry": [{"id": "111", "changes": [{"field": "feed", "value": told}]}]}


def permissions(verb: str) -> dict[str, Any]:
    change = {"field": "instagram_basic", "value": {"verb": verb, "target_ids": ["1784"]}}
    return {"object": "permissions", "entry": [{"id": "7", "uid": "7", "changes": [change]}]}


EVENTS: dict[str, tuple[Any, list[Signal]]] = {
    "a text": (feed(post_id="111_222"), [post_signal("111_222")]),
    "a video, by both of its ids": (
        feed(item="video", post_id="111_222", video_id="987"),
        [post_signal("111_222"), post_signal("987")],
    ),
    "a photo": (feed(item="photo", photo_id=55), [post_signal("55", None)]),
    "wrapped in a list": ([feed(post_id="111_222")], [post_signal("111_222")]),
    "without an author": (
        {
            "object": "page",
            "entry": [
                {"id": "111", "changes": [{"field": "feed", "value": {"item": "post", "verb": "add", "post_id": "9"}}]}
            ],
        },
        [post_signal("9", "9")],
    ),
    "staged": (feed(post_id="111_222", published=0), []),
    "removed": (feed(item="post", verb="remove", post_id="111_222"), []),
    "a visitor's post": (feed(post_id="111_222", **{"from": {"id": "8"}}), []),
    "our own comment": (feed(item="comment", post_id="111_222", comment_id="222_3"), []),
    "a permission taken away": (permissions("revoked"), [AccessSignal(subject_id="7", is_over=False)]),
    "another object": ({"object": "instagram", "entry": [{"id": "1", "changes": [{"field": "comments"}]}]}, []),
    "no entries": ({"object": "page"}, []),
    "not an object": ("text", []),
}


@pytest.mark.parametrize(("told", "signals"), EVENTS.values(), ids=EVENTS)
def test_an_event_becomes_signals(told: Any, signals: list[Signal]) -> None:
    assert list(provider().signals(json.dumps(told).encode())) == signals


def test_what_is_no_json_tells_nothing() -> None:
    assert list(provider().signals(b"\xff")) == []


def test_without_an_app_nothing_is_believed() -> None:
    nobody = MetaProvider(Graph(HttpClient(), None, "Meta"))
    assert not nobody.is_genuine({"X-Hub-Signature-256": SIGNATURE}, BODY, NOW)
    assert nobody.signed_subject(SIGNED_REQUEST) is None
    assert nobody.challenge(QUERIES["ours"][0]) is None
