"""The one way out to the networks: a pooled client that times out, never repeats a call and never tells a secret."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, Self

import structlog
from pydantic_core import to_json
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import BuilderError, DetailedPyreqwestError, PoolTimeoutError, PyreqwestError
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response

from postline.core.errors import ErrorKind, NetworkError

log = structlog.get_logger()

SMALL_BYTES: Final = 256 * 1024  # sent in one piece
REQUEST_ID_HEADERS: Final = ("x-fb-request-id", "x-fb-trace-id", "x-tt-logid", "x-request-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOuts:
    """Seconds. `total` bounds a call, `upload_total` one that carries a large file; `silence` is how long that may take
    to move on by a piece, and the network to answer after the last one.
    """

    connect: float = 10
    total: float = 60
    upload_total: float = 3600
    silence: float = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body of known length, made anew for one call and streamed piece by piece."""

    content: AsyncIterator[bytes]
    size_bytes: int
    content_type: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status. Header names are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status})"

    @property
    def is_ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_refusal(self) -> bool:
        """The network answered that it will not do this: a client error other than "too many calls"."""
        is_client_error = HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return is_client_error and self.status != HTTPStatus.TOO_MANY_REQUESTS

    def json(self) -> dict[str, Any] | None:
        """The body as a JSON object, or None when it is anything else. Whole numbers stay exact."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def retry_after(self) -> timedelta | None:
        """The Retry-After header, given in seconds or as a date, as a wait from now by the network's own clock."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return timedelta(seconds=int(value))
        until = _date(value)
        answered_at = _date(self.headers.get("Date", "")) or datetime.now(UTC)
        return max(until - answered_at, timedelta(0)) if until else None


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# Called right before a request leaves; raises when whoever is calling may not call any more.
GUARD: Final[ContextVar[Callable[[], None] | None]] = ContextVar("guard", default=None)


class HttpClient:
    """One connection pool for all networks; opened by the first call, closed by `close`.

    No retries, no redirects, no cookies, no proxies. Raises NetworkError only: TRANSIENT "not_sent" when the network
    could not be reached, so nothing can have happened; AMBIGUOUS "no_answer" when the call may have arrived.
    """

    def __init__(self, time_outs: TimeOuts | None = None, *, connections: int = 2000) -> None:
        self._time_outs = time_outs or TimeOuts()
        self._connections = connections
        self._client: Client | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def call(
        self,
        method: str,
        url: str,
        *,
        network: str,
        endpoint: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object | None = None,
        form: Mapping[str, str] | None = None,
        body: Body | None = None,
    ) -> Answer:
        """One call. `endpoint` is its name in logs, as the URL itself may hold secrets."""
        start = perf_counter()
        try:
            request = self._build(method, url, headers or {}, params or {}, json, form)
            response = await (self._send(request) if body is None else self._send_body(request, body))
            answer = Answer(response.status, response.headers, bytes(await response.bytes()))
        except (PyreqwestError, TimeoutError) as error:
            failure = _not_sent(network) if _proves_not_sent(error) else _no_answer(network)
        else:
            _log(network, endpoint, start, status=answer.status, request_id=_request_id(answer))
            return answer
        _log(network, endpoint, start, failure=failure.code)
        # Outside the handler, so that the library's error, which knows the URL, is not chained to ours.
        raise failure

    def _build(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        params: Mapping[str, str],
        json: object | None,
        form: Mapping[str, str] | None,
    ) -> RequestBuilder:
        try:
            request = self._open().request(method, url).query(params)
            if json is not None:
                headers = {"Content-Type": "application/json", **headers}
                request.body_bytes(to_json(json))
            elif form is not None:
                request.form(form)
            return request.headers(headers)
        except ValueError:
            raise BuilderError("This cannot be sent", {"causes": None}) from None

    async def _send(self, request: RequestBuilder) -> Response:
        async with asyncio.timeout(self._time_outs.total):
            _check_guard()
            return await request.build().send()

    async def _send_body(self, request: RequestBuilder, body: Body) -> Response:
        """A small body at once; a large one as it is read, for as long as it moves on."""
        request.header("Content-Type", body.content_type)
        if body.size_bytes <= SMALL_BYTES:
            return await self._send(request.body_bytes(b"".join([piece async for piece in body.content])))
        request.header("Content-Length", str(body.size_bytes))
        async with asyncio.timeout(self._time_outs.upload_total), asyncio.timeout(None) as silence:
            request.body_stream(_watched(body.content, silence, self._time_outs.silence))
            _check_guard()
            return await request.build().send()

    def _open(self) -> Client:
        if self._client is None:
            self._client = (
                ClientBuilder()
                .user_agent("Postline")
                .follow_redirects(False)
                .referer(False)
                .no_proxy()
                .max_connections(self._connections)
                .connect_timeout(timedelta(seconds=self._time_outs.connect))
                .build()
            )
        return self._client


async def _watched(content: AsyncIterator[bytes], silence: asyncio.Timeout, seconds: float) -> AsyncIterator[bytes]:
    """The pieces of a body; each one that the network takes gives it that many seconds more."""
    clock = asyncio.get_running_loop().time
    async for piece in content:
        silence.reschedule(clock() + seconds)
        yield piece
    silence.reschedule(clock() + seconds)


def _check_guard() -> None:
    if (guard := GUARD.get()) is not None:
        guard()


def _proves_not_sent(error: Exception) -> bool:
    """A request that could not be built, or whose connection was never made.

    The library's ConnectError alone says less: it is also raised when a connection broke after the request was sent.
    """
    if isinstance(error, BuilderError | PoolTimeoutError):
        return True
    causes = error.details["causes"] if isinstance(error, DetailedPyreqwestError) else None
    return any(cause["message"] == "client error (Connect)" for cause in causes or ())


def _not_sent(network: str) -> NetworkError:
    text = f"{network} could not be reached; nothing was sent. Postline tries again by itself."
    return NetworkError(ErrorKind.TRANSIENT, "not_sent", text, is_definite=True)


def _no_answer(network: str) -> NetworkError:
    return NetworkError(ErrorKind.AMBIGUOUS, "no_answer", f"{network} gave no answer to this call.")


def unreadable(network: str, answer: Answer) -> NetworkError:
    """For an answer that is not the network's own: an error page of a gateway, an empty body."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        text = f"{network} asks to slow down. Postline waits and tries again by itself."
        return NetworkError(ErrorKind.RATE_LIMITED, "http_429", text, answer.retry_after(), is_definite=True)
    text = f"{network} gave an answer that cannot be read (HTTP {answer.status})."
    return NetworkError(ErrorKind.AMBIGUOUS, "no_answer", text, answer.retry_after())


def text_of(answer: Mapping[str, Any], name: str, network: str) -> str:
    """A value that an answer cannot do without, as text. An answer that lacks it tells nothing."""
    value = answer.get(name)
    if value is None or value == "":
        text = f"{network} gave an answer without what it should hold ({name})."
        raise NetworkError(ErrorKind.AMBIGUOUS, "no_answer", text)
    return str(value)


def _request_id(answer: Answer) -> str | None:
    return next((answer.headers[name] for name in REQUEST_ID_HEADERS if name in answer.headers), None)


def _log(network: str, endpoint: str, start: float, **facts: object) -> None:
    log.info(
        "network.call", network=network.lower(), endpoint=endpoint, ms=round((perf_counter() - start) * 1000), **facts
    )
