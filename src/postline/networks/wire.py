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
from math import inf
from time import monotonic
from typing import Final, NamedTuple, cast

from aiohappyeyeballs import start_connection
from httptools import HttpParserError, HttpResponseParser

IDLE_LASTS_S: Final = 15.0  # servers close what is idle, and a request may cross that
SWEEP_S: Final = 0.1  # how exact a time limit is: a timer of its own for each call costs more than it tells
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
    """A whole answer. Header names are in lower case; of one that came twice, the first counts."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """One kept-alive connection, for one request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parser = HttpResponseParser(self)
        self._reply: asyncio.Future[Reply] | None = None
        self._room: asyncio.Future[None] | None = None
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._lasts_until_close = False
        self.is_reusable = True
        self.ends_at = inf  # by the monotonic clock: its pool closes it then, in use or not

    async def exchange(self, head: bytes, body: bytes, seconds: float) -> Reply:
        """Send a request at once and wait for its answer. Raises NoAnswer."""
        reply = self._begin(monotonic() + seconds)
        try:
            self._transport.write(head + body)
            return await reply
        except BaseException:
            reply.cancel()
            self.close()
            raise

    async def stream(self, head: bytes, body: AsyncIterator[bytes], silence: float, seconds: float) -> Reply:
        """Send a body as it is read. `silence`: how long a piece, or the answer after the last, may take.

        An answer that comes early ends it. Raises NoAnswer, and what reading the body raises.
        """
        latest = monotonic() + seconds
        reply = self._begin(min(monotonic() + silence, latest))
        try:
            self._transport.write(head)
            async for piece in body:
                if reply.done():
                    self.is_reusable = False
                    break
                self._transport.write(piece)
                self.ends_at = min(monotonic() + silence, latest)
                if self._room is not None:
                    await self._room
            return await reply
        except BaseException:
            reply.cancel()
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing()

    def close(self) -> None:
        """At once. Whoever waits for an answer gets NoAnswer."""
        self._fail()
        self._transport.abort()

    def _begin(self, ends_at: float) -> "asyncio.Future[Reply]":
        self.ends_at = ends_at
        self._reply = self._loop.create_future()
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
        self._room = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    # What the parser calls

    def on_message_begin(self) -> None:
        self._headers, self._body = {}, []
        if self._reply is None or self._reply.done():
            self.is_reusable = False  # nobody asked for a second answer

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))

    def on_headers_complete(self) -> None:
        if self._parser.get_status_code() >= FIRST_FINAL_STATUS:
            self._lasts_until_close = self._headers.keys().isdisjoint(("content-length", "transfer-encoding"))

    def on_body(self, piece: bytes) -> None:
        self._body.append(piece)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() >= FIRST_FINAL_STATUS:
            self.is_reusable = self.is_reusable and self._parser.should_keep_alive()
            self._complete()

    def _complete(self) -> None:
        self._lasts_until_close = False
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(Reply(self._parser.get_status_code(), self._headers, b"".join(self._body)))


class Pool:
    """Connections by origin, at most `size` of each in use at once. Closes those whose time is over."""

    def __init__(self, size: int, connect_s: float) -> None:
        self._places: defaultdict[Origin, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(size))
        self._connect_s = connect_s
        self._open: set[Connection] = set()
        self._idle: defaultdict[Origin, list[Connection]] = defaultdict(list)
        self._sweeper: asyncio.TimerHandle | None = None

    async def take(self, origin: Origin) -> Connection:
        """A connection for one request; give it back. Raises NotSent."""
        await self._places[origin].acquire()
        try:
            idle = self._idle[origin]
            while idle:
                if (connection := idle.pop()).is_reusable:
                    return connection
            return await self._connect(origin)
        except BaseException:
            self._places[origin].release()
            raise

    def give_back(self, origin: Origin, connection: Connection) -> None:
        self._places[origin].release()
        if not connection.is_reusable:
            connection.close()
            return
        connection.ends_at = monotonic() + IDLE_LASTS_S
        self._idle[origin].append(connection)

    def close(self) -> None:
        for each in self._open:
            each.close()
        self._sweep()

    def _sweep(self) -> None:
        """Close what is past its time, forget what is closed, and come again while anything is open."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        now = monotonic()
        for each in self._open:
            if each.ends_at <= now:
                each.close()
        self._open = {each for each in self._open if each.is_open}
        for idle in self._idle.values():
            idle[:] = [each for each in idle if each.is_open]
        self._sweeper = asyncio.get_running_loop().call_later(SWEEP_S, self._sweep) if self._open else None

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
        self._open.add(connection)
        if self._sweeper is None:
            self._sweep()
        return connection


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
