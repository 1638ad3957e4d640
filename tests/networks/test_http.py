"""What the HTTP client does when the way to a network fails."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.http import GUARD, Answer, Body, HttpClient, TimeOuts, unreadable

pytestmark = pytest.mark.anyio
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = web.Application(client_max_size=2**30)
    app.add_routes([web.route("*", "/{path:.*}", handler)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def failure(url: str, method: str = "POST", **options: object) -> NetworkError:
    async with HttpClient(TimeOuts(total=0.2, silence=0.2)) as http:
        with pytest.raises(NetworkError) as caught:
            await http.call(method, url, network="Meta", endpoint="test", **options)  # type: ignore[arg-type]
    return caught.value


async def test_a_refused_connection_is_known_to_have_sent_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await failure(f"http://127.0.0.1:{port}/?access_token=EAABsecret")
    assert (error.kind, error.code, error.is_definite) == (ErrorKind.TRANSIENT, "not_sent", True)
    assert "EAABsecret" not in repr(error) + repr(error.__context__) + repr(error.__cause__)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_a_connection_cut_after_sending_leaves_the_outcome_open_and_is_not_repeated(method: str) -> None:
    seen = []

    async def cut(request: web.Request) -> web.StreamResponse:
        seen.append(request.path)
        if len(seen) == 1:
            return web.Response()  # so that the next call reuses the connection
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with serving(cut) as url, HttpClient() as http:
        await http.call("GET", url, network="Meta", endpoint="test")
        with pytest.raises(NetworkError) as caught:
            await http.call(method, url, network="Meta", endpoint="test")
    assert (caught.value.kind, caught.value.code) == (ErrorKind.AMBIGUOUS, "no_answer")
    assert not caught.value.is_definite
    assert len(seen) == 2


async def test_silence_after_sending_leaves_the_outcome_open() -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(1)
        return web.Response()

    async with serving(silent) as url:
        assert (await failure(url)).code == "no_answer"


async def test_an_answer_cut_in_the_middle_leaves_the_outcome_open() -> None:
    async def partly(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"id":')
        assert request.transport is not None
        request.transport.abort()
        return response

    async with serving(partly) as url:
        assert (await failure(url)).code == "no_answer"


async def test_redirects_are_not_followed() -> None:
    async def away(request: web.Request) -> web.StreamResponse:
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with serving(away) as url, HttpClient() as http:
        assert (await http.call("PUT", url, network="TikTok", endpoint="test")).status == 307


async def test_an_address_is_called_exactly_as_it_was_given() -> None:
    seen = []

    async def note(request: web.Request) -> web.StreamResponse:
        seen.append(request.raw_path)
        return web.Response()

    address = "/video/?upload_id=67%2B890&upload_token=Xz%7ea1*!%3D"
    async with serving(note) as url, HttpClient() as http:
        await http.call("PUT", url + address, network="TikTok", endpoint="test")
    assert seen == [address]


async def test_a_body_is_streamed_with_its_length() -> None:
    size = 3_000_000
    seen: dict[str, Any] = {}

    async def take(request: web.Request) -> web.StreamResponse:
        seen["length"], seen["body"] = request.headers["Content-Length"], await request.read()
        seen["encoding"] = request.headers.get("Transfer-Encoding", "")
        return web.Response(status=201)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 1_000_000

    async with serving(take) as url, HttpClient() as http:
        body = Body(content=pieces(), size_bytes=size, content_type="video/mp4")
        await http.call("PUT", url, network="TikTok", endpoint="test", body=body)
    assert (seen["length"], seen["encoding"], len(seen["body"])) == (str(size), "", size)


async def test_a_call_is_one_log_line_without_its_address() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({}, headers={"x-fb-request-id": "A1"})

    async with serving(answer) as url, HttpClient() as http:
        with capture_logs() as lines:
            await http.call("GET", f"{url}/me?access_token=EAABsecret", network="Meta", endpoint="me")
    [line] = lines
    assert line.pop("ms") >= 0
    wanted = {"event": "network.call", "log_level": "info", "network": "meta", "endpoint": "me", "status": 200}
    assert line == wanted | {"request_id": "A1"}


def test_retry_after_may_be_a_number_or_a_date() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert Answer(429, {"retry-after": "30"}, b"").retry_after() == timedelta(seconds=30)
    wait = Answer(429, {"retry-after": soon}, b"").retry_after()
    assert wait is not None
    assert timedelta(seconds=60) < wait <= timedelta(seconds=90)
    assert Answer(429, {"retry-after": "soon"}, b"").retry_after() is None
    assert Answer(429, {}, b"").retry_after() is None


def test_whole_numbers_of_19_digits_stay_exact() -> None:
    assert Answer(200, {}, b'{"id": 7678907398077074696}').json() == {"id": 7678907398077074696}


def test_an_answer_can_be_stored_whatever_its_text_holds() -> None:
    """PostgreSQL takes neither NUL nor half of a surrogate pair, which JSON may carry as escapes."""
    body = rb'{"error": {"message": "a\u0000b \ud83d c \ud83d\ude00 \u00e9"}, "ids": ["1\u0000", 2, null]}'
    assert Answer(400, {}, body).json() == {"error": {"message": "ab ? c \U0001f600 \xe9"}, "ids": ["1", 2, None]}


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]", b"null"])
def test_what_is_no_json_object_is_no_answer(body: bytes) -> None:
    assert Answer(502, {}, body).json() is None
    assert unreadable("Meta", Answer(502, {}, body)).kind is ErrorKind.AMBIGUOUS


async def pieces_then(failure: Exception) -> AsyncIterator[bytes]:
    yield b"x" * 300_000
    raise failure


@pytest.mark.parametrize("failure", [EOFError("short"), ValueError("odd")])
async def test_a_body_that_cannot_be_read_is_never_taken_for_a_call_that_was_not_sent(failure: Exception) -> None:
    async def never(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.Response()

    body = Body(content=pieces_then(failure), size_bytes=600_000, content_type="video/mp4")
    async with serving(never) as url, HttpClient() as http:
        with pytest.raises(type(failure)):
            await http.call("POST", url, network="Meta", endpoint="test", body=body)


async def test_a_body_is_not_finished_by_who_has_lost_the_right_to() -> None:
    class Lost(Exception):
        pass

    checks = iter([None, None, Lost()])  # before the head and before each piece

    def guard() -> None:
        if (failure := next(checks)) is not None:
            raise failure

    async def never(request: web.Request) -> web.StreamResponse:
        await request.read()
        raise AssertionError("the whole body came")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(2):
            yield b"x" * 300_000

    body = Body(content=pieces(), size_bytes=600_000, content_type="video/mp4")
    token = GUARD.set(guard)
    try:
        async with serving(never) as url, HttpClient() as http:
            with pytest.raises(Lost):
                await http.call("POST", url, network="Meta", endpoint="test", body=body)
    finally:
        GUARD.reset(token)


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("ftp://127.0.0.1/", {}),
        ("http://127.0.0.1:1x/", {}),
        ("http:///path", {}),
        ("http://[::1/", {}),
        ("http://127.0.0.1:9/a b", {}),
        ("http://127.0.0.1:9/ä", {}),
        ("http://127.0.0.1:9/", {"Authorization": "Bearer a\r\nX-More: b"}),
    ],
)
async def test_what_cannot_be_written_is_known_to_have_sent_nothing(url: str, headers: dict[str, str]) -> None:
    assert (await failure(url, headers=headers)).code == "not_sent"
