"""What the connections make of answers in every shape, byte by byte."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from postline.networks.http import Body, HttpClient, TimeOuts
from postline.networks.wire import Connection, NoAnswer, NotSent, Origin, Pool

pytestmark = pytest.mark.anyio
HEAD = b"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"
Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[Origin]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield Origin("127.0.0.1", server.sockets[0].getsockname()[1], is_tls=False)


def answering(*pieces: bytes, ends: bool = False) -> Talk:
    """A server that answers each request with these pieces, and ends the connection after them when told so."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            if ends:
                break
        writer.close()

    return talk


@asynccontextmanager
async def connected(talk: Talk) -> AsyncIterator[Connection]:
    async with serving(talk) as origin:
        connection = await Pool(1, 1).take(origin)
        try:
            yield connection
        finally:
            connection.close()
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"], b"{}"),
        ([b"HTTP/1.1 200 O", b"K\r\nContent-Le", b"ngth: 2\r\n\r\n{", b"}"], b"{}"),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"], b"{}"),
        ([b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"], b"{}"),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], b""),
    ],
)
async def test_an_answer_is_whole_in_every_shape_and_its_connection_is_used_again(
    pieces: list[bytes], body: bytes
) -> None:
    pool = Pool(1, 1)
    async with serving(answering(*pieces)) as origin:
        first = await pool.take(origin)
        reply = await first.exchange(HEAD, b"", 1)
        pool.give_back(origin, first)
        again = await pool.take(origin)
        assert (reply.body, again is first) == (body, True)
        assert (await again.exchange(HEAD, b"", 1)).body == body
        pool.give_back(origin, again)
        pool.close()
        await asyncio.sleep(0)


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async with connected(answering(b"HTTP/1.1 200 OK\r\n\r\n", b"{}", ends=True)) as connection:
        assert (await connection.exchange(HEAD, b"", 1)).body == b"{}"
        assert not connection.is_reusable


@pytest.mark.parametrize(
    "piece",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nConten",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_half_an_answer_is_none(piece: bytes) -> None:
    async with connected(answering(piece, ends=True)) as connection:
        with pytest.raises(NoAnswer):
            await connection.exchange(HEAD, b"", 1)
        assert not connection.is_reusable


async def test_silence_ends_a_call_and_its_connection() -> None:
    async with connected(answering()) as connection:
        with pytest.raises(NoAnswer):
            await connection.exchange(HEAD, b"", 0.05)
        assert not connection.is_reusable


async def test_an_answer_that_nobody_waits_for_ends_its_connection() -> None:
    whole = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with connected(answering(whole + whole)) as connection:
        assert (await connection.exchange(HEAD, b"", 1)).status == 204
        assert not connection.is_reusable


async def test_a_connection_that_cannot_be_made_has_sent_nothing() -> None:
    async with serving(answering()) as origin:
        pass
    pool = Pool(1, 1)
    for place in (origin, Origin("no-such-host.invalid", 80, is_tls=False)):
        with pytest.raises(NotSent):
            await pool.take(place)
    async with serving(answering(b"HTTP/1.1 204 No Content\r\n\r\n")) as origin:
        pool.give_back(origin, await pool.take(origin))  # the places of those two are free again
        pool.close()
        await asyncio.sleep(0)


async def test_a_plain_answer_to_a_tls_greeting_has_sent_nothing() -> None:
    async with serving(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n", ends=True)) as plain:
        with pytest.raises(NotSent):
            await Pool(1, 1).take(plain._replace(is_tls=True))


async def test_a_refusal_that_comes_before_the_body_was_sent_is_the_answer() -> None:
    read: list[int] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        with suppress(ConnectionError):
            read.append(len(await reader.read()))
        writer.close()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 100_000
            await asyncio.sleep(0)

    async with serving(refuse) as origin, HttpClient(TimeOuts(silence=2, upload_total=10)) as http:
        body = Body(content=pieces(), size_bytes=100_000_000, content_type="video/mp4")
        url = f"http://127.0.0.1:{origin.port}/"
        answer = await http.call("POST", url, network="Meta", endpoint="test", body=body)
    assert answer.status == 413
    await asyncio.sleep(0)
    assert not read or read[0] < body.size_bytes


async def test_an_upload_that_is_given_up_leaves_nothing_behind() -> None:
    """Nobody waits for its answer any more, so the loop has nothing to complain of."""

    async def endless() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    async with connected(silent) as connection:
        sending = asyncio.create_task(connection.stream(HEAD, endless(), 10, 10))
        await asyncio.sleep(0.05)
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        assert not connection.is_reusable
        assert connection._reply is not None
        assert connection._reply.cancelled()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()
