"""HTTP/1.1 connections that know whether anything of a request may have left.

That knowledge decides whether a post may be sent again, and general clients blur it: they repeat a call by themselves,
or give one name to a connection that was never made and one that broke after the request (ADR 0012). Parsing is
httptools', TLS and sockets are asyncio's.
"""

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator
from functools import cache
from typing import Final, NamedTuple, Self, cast

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpResponseParser
from multidict import CIMultiDict

IDLE_LASTS_S: Final = 15.0  # servers close what is idle, and a request may cross that
HAPPY_EYEBALLS_S: Final = 0.25  # https://www.rfc-editor.org/rfc/rfc8305
FIRST_FINAL_STATUS: Final = 200


class NotSent(Exception):
    """Nothing of the request can have arrived: it could not be written, or its connection was never made."""


class NoAnswer(Exception):
    """No whole answer came, and the request, or a part of it, may have arrived."""


class Origin(NamedTuple):
    host: str
    port: int
    is_tls: bool


class Reply(NamedTuple):
    """A whole answer. Header names are case-insensitive."""

    status: int
    headers: CIMultiDict[str]
    body: bytes


class Connection(asyncio.Protocol):
    """One kept-alive connection, for one request at a time."""

    def __init__(self) -> None:
        self._parser = HttpResponseParser(self)
        self._reply: asyncio.Future[Reply] | None = None
        self._room: asyncio.Future[None] | None = None
        self._headers: list[tuple[str, str]] = []
        self._body: list[bytes] = []
        self._lasts_until_close = False
        self.is_reusable = True
        self.idle_since = 0.0

    async def exchange(self, head: bytes, body: bytes, seconds: float) -> Reply:
        """Send a request at once and wait for its answer. Raises NoAnswer."""
        with _Deadline(self, seconds):
            reply = self._begin()
            self._transport.write(head + body)
            return await reply

    async def stream(self, head: bytes, body: AsyncIterator[bytes], silence: float, seconds: float) -> Reply:
        """Send a body as it is read. `silence`: how long a piece, or the answer after the last, may take.

        An answer that comes early ends it. Raises NoAnswer, and what reading the body raises.
        """
        with _Deadline(self, seconds), _Deadline(self, silence) as patience:
            reply = self._begin()
            self._transport.write(head)
            async for piece in body:
                if reply.done():
                    self.is_reusable = False
                    break
                self._transport.write(piece)
                patience.restart()
                if self._room is not None:
                    await self._room
            return await reply

    def close(self) -> None:
        """At once. Whoever waits for an answer gets NoAnswer."""
        self._fail()
        self._transport.abort()

    def _begin(self) -> "asyncio.Future[Reply]":
        self._reply = asyncio.get_running_loop().create_future()
        return self._reply

    def _fail(self) -> None:
        self.is_reusable = False
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(NoAnswer())
        self.resume_writing()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._reply is None or self._reply.done():
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        if error is None and self._lasts_until_close:
            self.is_reusable = False
            self._complete()
        self._fail()

    def pause_writing(self) -> None:
        self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # What the parser calls

    def on_message_begin(self) -> None:
        self._headers, self._body = [], []
        if self._reply is None or self._reply.done():
            self.is_reusable = False  # nobody asked for a second answer

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.decode("latin-1"), value.decode("latin-1")))

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() >= FIRST_FINAL_STATUS:
            names = {name.lower() for name, _ in self._headers}
            self._lasts_until_close = names.isdisjoint(("content-length", "transfer-encoding"))

    def on_body(self, piece: bytes) -> None:
        self._body.append(piece)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= FIRST_FINAL_STATUS:
            self.is_reusable = self.is_reusable and self._parser.should_keep_alive()
            self._complete()

    def _complete(self) -> None:
        self._lasts_until_close = False
        if self._reply is not None and not self._reply.done():
            headers = CIMultiDict(self._headers)
            self._reply.set_result(Reply(self._parser.get_status_code(), headers, b"".join(self._body)))


class _Deadline:
    """Ends a connection whose time is over, and one that is left before its answer came."""

    __slots__ = ("_connection", "_seconds", "_timer")

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __enter__(self) -> Self:
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._connection.close)
        return self

    def restart(self) -> None:
        self._timer.cancel()
        self.__enter__()

    def __exit__(self, kind: object, *_: object) -> None:
        self._timer.cancel()
        if kind is not None:
            self._connection.close()


class Pool:
    """Connections by origin, at most `size` in use at once."""

    def __init__(self, size: int, connect_s: float) -> None:
        self._places = asyncio.Semaphore(size)
        self._connect_s = connect_s
        self._idle: defaultdict[Origin, list[Connection]] = defaultdict(list)
        self._sweeper: asyncio.TimerHandle | None = None

    async def take(self, origin: Origin) -> Connection:
        """A connection for one request; give it back. Raises NotSent."""
        await self._places.acquire()
        try:
            idle = self._idle[origin]
            while idle:
                if (connection := idle.pop()).is_reusable:
                    return connection
            return await self._connect(origin)
        except BaseException:
            self._places.release()
            raise

    def give_back(self, origin: Origin, connection: Connection) -> None:
        self._places.release()
        if not connection.is_reusable:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        self._idle[origin].append(connection)
        if self._sweeper is None:
            self._sweeper = loop.call_later(IDLE_LASTS_S, self._sweep)

    def close(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        for idle in self._idle.values():
            for each in idle:
                each.close()
        self._idle.clear()

    def _sweep(self) -> None:
        """Close what has been idle for long, and come again while anything is left."""
        loop = asyncio.get_running_loop()
        last = loop.time() - IDLE_LASTS_S
        for idle in self._idle.values():
            for each in idle:
                if each.idle_since <= last:
                    each.close()
            idle[:] = [each for each in idle if each.is_reusable]
        self._sweeper = loop.call_later(IDLE_LASTS_S, self._sweep) if any(self._idle.values()) else None

    async def _connect(self, origin: Origin) -> Connection:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._connect_s):
                addresses = await loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
                found = await start_connection(addresses, happy_eyeballs_delay=HAPPY_EYEBALLS_S)
                _, connection = await loop.create_connection(
                    Connection,
                    sock=found,
                    ssl=_tls() if origin.is_tls else None,
                    server_hostname=origin.host if origin.is_tls else None,
                )
        except (OSError, ValueError):  # ValueError: a host name of no use
            raise NotSent from None
        return connection


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
