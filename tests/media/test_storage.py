"""Bytes go in and come out unchanged, from a folder and from an object store, a piece at a time."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web

from postline.media.storage import PART_BYTES, PIECE_BYTES, MediaStorage

KEY = "account/asset"
DATA = random.Random(7).randbytes(PART_BYTES * 2 + 12_345)


async def in_chunks(data: bytes, length: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), length):
        yield data[start : start + length]


class ObjectServer:
    """As much of S3 as a media storage asks for, told from its API reference."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.largest_request = 0

    async def put(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.largest_request = max(self.largest_request, len(body))
        if "uploadId" in request.query:
            self.parts[request.query["uploadId"]][int(request.query["partNumber"])] = body
        else:
            self.objects[request.path] = body
        return web.Response(headers={"ETag": '"tag"'})

    async def post(self, request: web.Request) -> web.Response:
        if "delete" in request.query:
            key = re.findall(r"<Key>(.*?)</Key>", await request.text())[0]
            self.objects.pop(f"{request.path.rstrip('/')}/{key}", None)
            return _xml(f"<DeleteResult><Deleted><Key>{key}</Key></Deleted></DeleteResult>")
        if "uploads" in request.query:
            upload = f"upload-{len(self.parts)}"
            self.parts[upload] = {}
            return _xml(f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
        parts = self.parts.pop(request.query["uploadId"])
        self.objects[request.path] = b"".join(parts[number] for number in sorted(parts))
        return _xml('<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>')

    async def get(self, request: web.Request) -> web.Response:
        body = self.objects.get(request.path)
        if body is None:
            return web.Response(status=404)
        headers = {"ETag": '"tag"', "Last-Modified": "Sun, 01 Mar 2026 12:00:00 GMT"}
        wanted = request.http_range
        if wanted.start is None:
            headers["Content-Length"] = str(len(body))  # else left out of the answer to HEAD for an empty object
            return web.Response(body=body, headers=headers)
        piece = body[wanted]
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.start + len(piece) - 1}/{len(body)}"
        return web.Response(status=206, body=piece, headers=headers)

    async def delete(self, request: web.Request) -> web.Response:
        if "uploadId" in request.query:
            del self.parts[request.query["uploadId"]]
        self.objects.pop(request.path, None)
        return web.Response(status=204)


def _xml(text: str) -> web.Response:
    return web.Response(text=f'<?xml version="1.0"?>{text}', content_type="application/xml")


Scenario = Callable[[MediaStorage], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture
def server() -> ObjectServer:
    return ObjectServer()


@pytest.fixture(params=["folder", "object store"])
def run(request: pytest.FixtureRequest, tmp_path: Path, server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Carry out a scenario on a fresh storage, once for each kind."""

    async def on_server(scenario: Scenario) -> None:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_get("/{key:.*}", server.get)
        for method in ("put", "post", "delete"):
            app.router.add_route(method, "/{key:.*}", getattr(server, method))
        runner = web.AppRunner(app)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{runner.addresses[0][1]}")
            monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
            monkeypatch.setenv("AWS_REGION", "us-east-1")
            await scenario(MediaStorage("s3://bucket/some/prefix"))
        finally:
            await runner.cleanup()

    async def in_folder(scenario: Scenario) -> None:
        await scenario(MediaStorage((tmp_path / "new folder" / "media").as_uri()))

    carry_out = on_server if request.param == "object store" else in_folder
    return lambda scenario: asyncio.run(carry_out(scenario))


def test_what_is_saved_is_read_back(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        assert await storage.save(KEY, in_chunks(DATA)) == len(DATA)
        assert await storage.size(KEY) == len(DATA)
        pieces = [piece async for piece in storage.read(KEY, 0, len(DATA))]
        assert b"".join(pieces) == DATA
        assert max(map(len, pieces)) <= PIECE_BYTES

    run(scenario)


RANGES = {
    "the first byte": (0, 1),
    "across two pieces": (PIECE_BYTES - 5, PIECE_BYTES + 5),
    "the last byte": (len(DATA) - 1, len(DATA)),
    "nothing": (10, 10),
}


@pytest.mark.parametrize(("start", "end"), RANGES.values(), ids=RANGES)
def test_a_part_is_read(start: int, end: int, run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        await storage.save(KEY, in_chunks(DATA))
        assert b"".join([piece async for piece in storage.read(KEY, start, end)]) == DATA[start:end]

    run(scenario)


def test_reading_past_the_end_is_an_error_and_not_a_short_answer(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        await storage.save(KEY, in_chunks(b"12345"))
        with pytest.raises(EOFError, match="byte 5"):
            [piece async for piece in storage.read(KEY, 0, 6)]

    run(scenario)


def test_an_empty_object_is_stored(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        assert await storage.save(KEY, in_chunks(b"")) == 0
        assert await storage.size(KEY) == 0

    run(scenario)


def test_an_upload_that_breaks_off_leaves_nothing(run: Run, server: ObjectServer, tmp_path: Path) -> None:
    async def breaking() -> AsyncIterator[bytes]:
        yield DATA
        raise ConnectionResetError("the browser went away")

    async def scenario(storage: MediaStorage) -> None:
        with pytest.raises(ConnectionResetError):
            await storage.save(KEY, breaking())
        assert not await storage.exists(KEY)

    run(scenario)
    assert not server.parts
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_an_upload_that_is_cancelled_shows_nothing(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        begun = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            yield DATA
            begun.set()
            await asyncio.Event().wait()

        saving = asyncio.create_task(storage.save(KEY, endless()))
        await begun.wait()
        saving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await saving
        assert not await storage.exists(KEY)

    run(scenario)


def test_deleting_twice_is_deleting_once(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        await storage.save(KEY, in_chunks(b"x"))
        assert await storage.exists(KEY)
        await storage.delete(KEY)
        await storage.delete(KEY)
        assert not await storage.exists(KEY)

    run(scenario)


def test_a_missing_key_is_told(run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        with pytest.raises(FileNotFoundError):
            await storage.size("account/none")
        with pytest.raises(FileNotFoundError):
            [piece async for piece in storage.read("account/none", 0, 1)]

    run(scenario)


def test_a_working_storage_passes_its_check_and_keeps_nothing_of_it(
    run: Run, server: ObjectServer, tmp_path: Path
) -> None:
    async def scenario(storage: MediaStorage) -> None:
        assert await storage.check() is None

    run(scenario)
    assert not server.objects
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_storage_that_is_gone_fails_its_check_in_words(tmp_path: Path) -> None:
    storage = MediaStorage((tmp_path / "media").as_uri())
    (tmp_path / "media").rmdir()
    (tmp_path / "media").touch()
    text = asyncio.run(storage.check())
    assert text is not None
    assert text.startswith("Cannot write to the media storage file://")
    assert "\n" not in text


@pytest.mark.parametrize("run", ["object store"], indirect=True)
def test_a_large_upload_goes_in_parts(run: Run, server: ObjectServer) -> None:
    async def scenario(storage: MediaStorage) -> None:
        await storage.save(KEY, in_chunks(DATA))

    run(scenario)
    assert server.objects == {"/bucket/some/prefix/account/asset": DATA}
    assert server.largest_request == PART_BYTES


@pytest.mark.parametrize("key", ["../other", "a//b", "a/../../b"])
def test_a_key_cannot_leave_its_place(key: str, run: Run) -> None:
    async def scenario(storage: MediaStorage) -> None:
        with pytest.raises(ValueError, match="path"):
            await storage.save(key, in_chunks(b"x"))

    run(scenario)


UNUSABLE = {
    "a bare path": "/var/media",
    "two slashes": "file://var/media",
    "no bucket": "s3://",
    "another protocol": "https://example.com/media",
    "nothing": "",
}


@pytest.mark.parametrize("url", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_url_is_refused_in_one_sentence(url: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+\.$"):
        MediaStorage(url)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="cannot be made"):
        MediaStorage((tmp_path / "file" / "media").as_uri())


def test_azure_without_an_account_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT", "AZURE_ACCOUNT_NAME"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match=r"Account must be specified\.$"):
        MediaStorage("az://container/prefix")
