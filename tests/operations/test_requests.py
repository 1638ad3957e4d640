"""Every request has a name that its caller, its answer and its log lines share."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from postline.api.app import build
from postline.api.headers import HEADERS
from tests.support.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    """The log, with what is bound to each request."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture.entries
    structlog.configure(processors=before)


async def test_a_caller_s_own_name_is_kept_and_logged(world: World, lines: list[Any]) -> None:
    await world.admin.patch("", {"is_enabled": True})
    answer = await world.admin.request("GET", "/posts", headers={"X-Request-Id": "host-4711.a_B"})
    assert answer.headers["X-Request-Id"] == "host-4711.a_B"
    told = {line["event"]: line for line in lines if line.get("request") == "host-4711.a_B"}["api.answered"]
    assert (told["method"], told["route"], told["status"]) == ("GET", "/accounts/{account_id}/posts", 200)
    assert told["ms"] >= 0


@pytest.mark.parametrize("unusable", ["", "two words", "a" * 65, "<script>", "a\tb"])
async def test_a_name_that_is_unfit_for_a_log_is_replaced(world: World, unusable: str) -> None:
    answer = await world.admin.request("GET", "/posts", headers={"X-Request-Id": unusable})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


async def test_each_request_gets_a_name_of_its_own(world: World) -> None:
    names = {(await world.admin.request("GET", "/posts")).headers["X-Request-Id"] for _ in range(3)}
    assert len(names) == 3


async def test_a_refusal_carries_it_too(world: World) -> None:
    answer = await world.stranger.http.get(f"{world.admin.root}/posts", headers={"X-Request-Id": "r-1"})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (404, "r-1")


async def test_the_secret_in_a_signed_address_is_not_logged(world: World, lines: list[Any]) -> None:
    await world.admin.http.get(f"{world.url}/media/a-signed-token")
    await world.admin.http.get(f"{world.url}/oauth/meta/callback", params={"code": "a-code", "state": "s"})
    routes = [line["route"] for line in lines if line["event"] == "api.answered"]
    assert routes[0] == "/media/{token}"
    assert "a-signed-token" not in str(lines)
    assert "a-code" not in str(lines)


async def test_a_fault_of_ours_is_logged_under_the_reference_that_people_are_told(
    world: World, lines: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no reason")

    await world.admin.patch("", {"is_enabled": True})
    monkeypatch.setattr("postline.posts.queries.list_posts", broken)
    answer = await world.admin.request("GET", "/posts", headers={"X-Request-Id": "r-500"})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, "r-500")
    assert "reference r-500." in answer.json()["detail"]
    [failed] = [line for line in lines if line["event"] == "api.failed"]
    assert (failed["request"], failed["route"]) == ("r-500", "/accounts/{account_id}/posts")


async def test_every_answer_tells_browsers_how_to_treat_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no reason")

    await world.admin.patch("", {"is_enabled": True})
    asked = [("GET", "/posts", 200), ("GET", "/nothing", 404), ("POST", "/posts", 422)]
    answers = [(status, await world.admin.request(method, path)) for method, path, status in asked]
    monkeypatch.setattr("postline.posts.queries.list_posts", broken)
    answers.append((500, await world.admin.request("GET", "/posts")))
    for status, answer in answers:
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/metrics"])
async def test_what_machines_ask_all_day_is_logged_for_debugging_only(
    world: World, lines: list[Any], page: str
) -> None:
    await world.admin.http.get(f"{world.url}{page}")
    assert [line["log_level"] for line in lines if line["event"] == "api.answered"] == ["debug"]


async def test_a_server_without_its_database_is_alive_but_not_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await world.admin.http.get(f"{world.url}/readyz")).json() == {"database": "ok"}
    monkeypatch.setattr("postline.scrape.DATABASE_ANSWERS_WITHIN_S", 0)
    answer = await world.admin.http.get(f"{world.url}/readyz")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:postline:problem:database-away")
    assert (await world.admin.http.get(f"{world.url}/healthz")).text == "ok"


def test_the_operators_pages_are_not_part_of_the_public_description() -> None:
    paths = build().openapi()["paths"]
    assert not {"/metrics", "/healthz", "/readyz"} & set(paths)
