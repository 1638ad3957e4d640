"""The one way out to the networks: a pooled client that times out, never repeats a call and never tells a secret."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, Self

import aiohttp
import structlog
from aiohttp import hdrs
from yarl import URL

from postline.core.errors import ErrorKind, NetworkError

log = structlog.get_logger()

REQUEST_ID_HEADERS: Final = ("x-fb-request-id", "x-fb-trace-id", "x-tt-logid", "x-request-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOuts:
    """Seconds. `read` is the longest silence; `total` bounds a call, `upload_total` one that carries media."""

    connect: float = 10
    read: float = 60
    total: float = 120
    upload_total: float = 3600


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
        value = self.headers.get(hdrs.RETRY_AFTER, "").strip()
        if value.isdigit():
            return timedelta(seconds=int(value))
        until = _date(value)
        answered_at = _date(self.headers.get(hdrs.DATE, "")) or datetime.now(UTC)
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

    No retries, no redirects, no cookies. Raises NetworkError only: TRANSIENT "not_sent" when the network could not be
    reached, so nothing can have happened; AMBIGUOUS "no_answer" when the call may have arrived.
    """

    def __init__(self, time_outs: TimeOuts | None = None, *, connections: int = 2000) -> None:
        self._time_outs = time_outs or TimeOuts()
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

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
        sent = dict(headers or {})
        if body is not None:
            sent |= {hdrs.CONTENT_TYPE: body.content_type, hdrs.CONTENT_LENGTH: str(body.size_bytes)}
        if (guard := GUARD.get()) is not None:
            guard()
        start = perf_counter()
        try:
            async with self._open().request(
                method,
                # As it is: an upload URL's signature may not survive another way of quoting.
                URL(url, encoded=True),
                params=params,
                headers=sent,
                json=json,
                data=body.content if body is not None else form,
                allow_redirects=False,
                timeout=self._time_out(is_upload=body is not None),
            ) as response:
                answer = Answer(response.status, response.headers, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ValueError):
            failure = _not_sent(network)
        except (aiohttp.ClientError, TimeoutError, OSError):
            failure = _no_answer(network)
        else:
            _log(network, endpoint, start, status=answer.status, request_id=_request_id(answer))
            return answer
        _log(network, endpoint, start, failure=failure.code)
        # Outside the handler, so that the library's error, which knows the URL, is not chained to ours.
        raise failure

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={hdrs.USER_AGENT: "Postline"},
                middlewares=(_never_again,),
            )
        return self._session

    def _time_out(self, *, is_upload: bool) -> aiohttp.ClientTimeout:
        given = self._time_outs
        return aiohttp.ClientTimeout(
            total=given.upload_total if is_upload else given.total,
            connect=given.total,
            sock_connect=given.connect,
            sock_read=given.read,
        )


class _LostConnection(aiohttp.ClientError):
    """The connection broke after a call began on it."""


async def _never_again(
    request: aiohttp.ClientRequest, send: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
) -> aiohttp.ClientResponse:
    """Hide a broken connection's kind from aiohttp, which would send a GET or PUT once more by itself."""
    try:
        return await send(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        raise _LostConnection from None


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
