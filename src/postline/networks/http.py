"""The one way out to the networks: a pooled client that times out, never repeats a call and never tells a secret."""

import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

import structlog
from pydantic_core import to_json

from postline.core.errors import ErrorKind, NetworkError
from postline.log import is_told
from postline.networks.wire import NoAnswer, NotSent, Origin, Pool

log = structlog.get_logger()

SMALL_BYTES: Final = 256 * 1024  # sent in one piece
ADDRESS: Final = re.compile(r"(https?://[^/?#@]+)([^?#]*)(\?[^#]*)?(?:#.*)?")
FIRST_OK: Final = 200
FIRST_REDIRECT: Final = 300
PORTS: Final = {"http": 80, "https": 443}
BODILESS: Final = frozenset({"GET", "DELETE"})
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
    """What came back, whatever its status. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Answer({self.status})"

    @property
    def is_ok(self) -> bool:
        return FIRST_OK <= self.status < FIRST_REDIRECT

    @property
    def is_refusal(self) -> bool:
        """The network answered that it will not do this: a client error other than "too many calls"."""
        is_client_error = HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return is_client_error and self.status != HTTPStatus.TOO_MANY_REQUESTS

    def json(self) -> dict[str, Any] | None:
        """The body as a JSON object that can be stored, or None when it is anything else. Whole numbers stay exact."""
        try:
            text = self.body.decode()
            found = json.loads(text)
        except ValueError:
            return None
        if not isinstance(found, dict):
            return None
        return _storable(found) if "\\u" in text else found

    def retry_after(self) -> timedelta | None:
        """The Retry-After header, given in seconds or as a date, as a wait from now by the network's own clock."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit():
            return timedelta(seconds=int(value))
        until = _date(value)
        answered_at = _date(self.headers.get("date", "")) or datetime.now(UTC)
        return max(until - answered_at, timedelta(0)) if until else None


def _storable(value: Any) -> Any:
    """Without NUL and halves of surrogate pairs: JSON may carry them as escapes, and PostgreSQL takes neither."""
    match value:
        case str():
            return value.replace("\0", "").encode("utf-8", "replace").decode()
        case list():
            return [_storable(each) for each in value]
        case dict():
            return {_storable(name): _storable(each) for name, each in value.items()}
        case _:
            return value


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


# Called right before a request leaves; raises when whoever is calling may not call any more.
GUARD: Final[ContextVar[Callable[[], None] | None]] = ContextVar("guard", default=None)


class HttpClient:
    """One connection pool for all networks, `connections` to each; opened by the first call, closed by `close`.

    No retries, no redirects, no cookies, no proxies. Raises NetworkError only: TRANSIENT "not_sent" when the network
    could not be reached, so nothing can have happened; AMBIGUOUS "no_answer" when the call may have arrived.
    """

    def __init__(self, time_outs: TimeOuts | None = None, *, connections: int = 2000) -> None:
        self._time_outs = time_outs or TimeOuts()
        self._pool = Pool(connections, self._time_outs.connect)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        self._pool.close()

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
        content, content_type = _content(json, form, body)
        try:
            origin, head = _head(method, url, params, headers or {}, content, content_type)
            answer = await self._exchange(origin, head, content)
        except NotSent:
            failure = _not_sent(network)
        except NoAnswer:
            failure = _no_answer(network)
        else:
            _log(network, endpoint, start, answer)
            return answer
        _log(network, endpoint, start, failure.code)
        # Outside the handler, so that what knows the URL is not chained to ours.
        raise failure

    async def _exchange(self, origin: Origin, head: bytes, content: bytes | Body) -> Answer:
        if isinstance(content, Body) and content.size_bytes <= SMALL_BYTES:
            content = b"".join([piece async for piece in content.content])
        connection = await self._pool.take(origin)
        limits = self._time_outs
        try:
            _check_guard()
            if isinstance(content, Body):
                pieces = _guarded(content.content)
                return Answer(*await connection.stream(head, pieces, limits.silence, limits.upload_total))
            return Answer(*await connection.exchange(head, content, limits.total))
        finally:
            self._pool.give_back(origin, connection)


def _check_guard() -> None:
    if (guard := GUARD.get()) is not None:
        guard()


async def _guarded(content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A body that is not finished by whoever may not call any more: half a request is none."""
    async for piece in content:
        _check_guard()
        yield piece


def _content(json: object | None, form: Mapping[str, str] | None, body: Body | None) -> tuple[bytes | Body, str]:
    """What follows the head, and its type."""
    if body is not None:
        return body, body.content_type
    if json is not None:
        return to_json(json), "application/json"
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    return b"", ""


def _head(
    method: str,
    url: str,
    params: Mapping[str, str] | None,
    headers: Mapping[str, str],
    content: bytes | Body,
    content_type: str,
) -> tuple[Origin, bytes]:
    """Where a request goes, and its lines. Raises NotSent for what cannot be written.

    The path goes out as it is: an upload URL's signature may not survive another way of quoting.
    """
    parts = ADDRESS.fullmatch(url)
    if parts is None:
        raise NotSent
    root, path, query = parts.groups("")
    origin, host = _origin(root)
    if params:
        query = f"{query}{'&' if query else '?'}{urlencode(params)}"
    target = f"{path or '/'}{query}"
    fields = {"Host": host, "User-Agent": "Postline", "Accept": "*/*", "Accept-Encoding": "identity"}
    if content_type:
        fields["Content-Type"] = content_type
    if content_type or method not in BODILESS:
        fields["Content-Length"] = str(content.size_bytes if isinstance(content, Body) else len(content))
    fields.update(headers)
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in fields.items()]]
    text = "".join(lines)
    # A space would end the target; a line break would end its line, and begin another.
    if " " in target or not (text.isascii() and text.isprintable()):
        raise NotSent
    return origin, "\r\n".join([*lines, "\r\n"]).encode()


@lru_cache(maxsize=256)
def _origin(root: str) -> tuple[Origin, str]:
    """Where "https://host:port" is, and how its header Host is written. Raises NotSent for a host of no use."""
    try:
        parts = urlsplit(root)
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise NotSent from None
    if not parts.hostname:
        raise NotSent
    return Origin(parts.hostname, port, parts.scheme == "https"), parts.netloc


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


def _log(network: str, endpoint: str, start: float, result: Answer | str) -> None:
    """A line for a call and its answer, or the code of its failure."""
    if not is_told(logging.INFO):
        return
    ms = round((perf_counter() - start) * 1000)
    if isinstance(result, Answer):
        facts = {"status": result.status, "request_id": _request_id(result)}
    else:
        facts = {"failure": result}
    log.info("network.call", network=network.lower(), endpoint=endpoint, ms=ms, **facts)
