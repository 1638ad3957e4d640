"""No secret is written to a log, even where one was put into it by mistake."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import structlog

from postline import log
from postline.networks.redaction import HIDDEN
from tests.support.logs import log_kept

SECRETS = {  # name: (fields of a log line, what must not be written)
    "a TikTok access token in words": ({"error": "token act.example12345 is old"}, "act.example12345"),
    "a TikTok refresh token as a value": ({"grant": "rft.example12345!x"}, "rft.example12345"),
    "a Meta token in an address": ({"url": "https://graph.facebook.com/me?access_token=EAABx"}, "EAABx"),
    "a bare Meta token": ({"answer": "EAABwzLixnjYBO"}, "EAABwzLixnjYBO"),
    "a header": ({"headers": {"Authorization": "Bearer x"}}, "Bearer x"),
    "a header in words": ({"sent": "Authorization: Bearer abcdef123"}, "abcdef123"),
    "a cookie": ({"Set-Cookie": "postline_session=abc"}, "abc"),
    "a password": ({"password": "correct horse"}, "correct"),
    "an app's secret, deep inside": ({"data": {"apps": [{"app_secret": "s3cr3t"}]}}, "s3cr3t"),
    "a key ring": ({"POSTLINE_SECRET_KEYS": "AAAA,BBBB"}, "AAAA"),
    "an API token of ours": ({"api_token": "pl_123_abc"}, "pl_123_abc"),
    "an upload address in a list": ({"urls": ("https://up.example/v?upload_token=Xza1",)}, "Xza1"),
    "an object that shows one": ({"error": ValueError("refresh_token=abcdef")}, "abcdef"),
}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as JSON lines, through the product's own configuration."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    with log_kept():
        log.configure("info", as_json=True)
        yield out


@pytest.mark.parametrize(("fields", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_not_written(written: io.StringIO, fields: dict[str, Any], secret: str) -> None:
    structlog.get_logger().info("something", **fields)
    assert secret not in written.getvalue()
    assert HIDDEN in written.getvalue()


def test_a_secret_in_a_traceback_is_not_written(written: io.StringIO) -> None:
    try:
        raise RuntimeError("GET https://graph.facebook.com/me?access_token=EAABsecret1")
    except RuntimeError:
        structlog.get_logger().exception("something")
    assert "RuntimeError" in written.getvalue()
    assert "EAABsecret1" not in written.getvalue()


def test_what_is_bound_to_a_delivery_is_looked_through_too(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(delivery="d-1", access_token="act.example12345"):
        structlog.get_logger().info("something")
    assert json.loads(written.getvalue())["delivery"] == "d-1"
    assert "act.example12345" not in written.getvalue()


def test_plain_fields_are_written_as_they_are(written: io.StringIO) -> None:
    fields = {"code": "4/2207051", "ms": 12.5, "ok": True, "none": None, "list": ["a", 1], "token_id": "t-1"}
    structlog.get_logger().warning("delivery.step_failed", **fields)
    line = json.loads(written.getvalue())
    assert {name: line[name] for name in fields} == fields
    assert (line["event"], line["level"]) == ("delivery.step_failed", "warning")


def test_ids_and_times_are_written_as_text(written: io.StringIO) -> None:
    at = datetime(2030, 1, 2, tzinfo=UTC)
    structlog.get_logger().info("something", id=UUID(int=1), at=at)
    line = json.loads(written.getvalue())
    assert (line["id"], line["at"]) == (str(UUID(int=1)), "2030-01-02 00:00:00+00:00")
