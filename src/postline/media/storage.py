"""Where the bytes of media live: a local folder or an object store, behind one small interface."""

import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, GCSStore, LocalStore, ObjectStore, S3Store

PIECE_BYTES: Final = 1024 * 1024
# S3 allows 10,000 parts of an upload (userguide/qfacts.html, read 2026-11-25): 8 MiB parts reach 80 GB.
PART_BYTES: Final = 8 * 1024 * 1024
AT_ONCE_BYTES: Final = 256 * 1024  # of a local file: waking another thread takes longer than reading as much
PARTS_IN_FLIGHT: Final = 2
PROBE: Final = b"Postline storage check"
FORMS: Final = "file:///path, s3://bucket/prefix, gs://bucket/prefix or az://container/prefix"


class MediaStorage:
    """Objects by key, as "{account_id}/{asset_id}". Credentials of object stores come from their usual variables
    (AWS_*, GOOGLE_*, AZURE_*).

    Methods raise FileNotFoundError for a key that is not there, and `obstore.exceptions.BaseError` or OSError
    when the store fails.
    """

    def __init__(self, url: str) -> None:
        """Creates a local folder that is missing. Raises ValueError with one sentence for a URL of no use."""
        self.url = url
        self._store = _open(url)
        self._folder = str(self._store.prefix) if isinstance(self._store, LocalStore) else None

    async def save(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Store what comes and return its size in bytes. Nothing is visible under `key` until all of it is in.

        Holds a few parts of 8 MiB in memory, whatever the size. An error from `chunks` is passed on.
        """
        size = 0

        async def counted() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                yield chunk

        await obstore.put_async(
            self._store, key, counted(), use_multipart=True, chunk_size=PART_BYTES, max_concurrency=PARTS_IN_FLIGHT
        )
        return size

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in pieces of at most 1 MiB.

        Raises EOFError if the object is shorter: a silently short answer would damage an upload.
        """
        # A request a piece: one long request would time out while a slow reader works.
        for place in range(start, end, PIECE_BYTES):
            stop = min(place + PIECE_BYTES, end)
            piece = await self._piece(key, place, stop)
            if len(piece) != stop - place:
                raise EOFError(f"{key} ends at byte {place + len(piece)}, before {end}")
            yield piece

    async def _piece(self, key: str, start: int, end: int) -> bytes:
        if self._folder is not None and end - start <= AT_ONCE_BYTES:
            file = os.open(f"{self._folder}/{key}", os.O_RDONLY)
            try:
                return os.pread(file, end - start, start)
            finally:
                os.close(file)
        return bytes(await obstore.get_range_async(self._store, key, start=start, end=end))

    async def size(self, key: str) -> int:
        """In bytes."""
        return (await obstore.head_async(self._store, key))["size"]

    async def exists(self, key: str) -> bool:
        try:
            await obstore.head_async(self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def delete(self, key: str) -> None:
        """A key that is not there is as good as deleted."""
        with suppress(FileNotFoundError):
            await obstore.delete_async(self._store, key)

    async def check(self) -> str | None:
        """Write, read and delete a small object. None if all is well, else a sentence that says what failed."""
        key = f"postline-check/{uuid4()}"
        doing = "write to"
        try:
            await obstore.put_async(self._store, key, PROBE)
            doing = "read from"
            same = bytes(await obstore.get_range_async(self._store, key, start=0, end=len(PROBE))) == PROBE
            doing = "delete from"
            await obstore.delete_async(self._store, key)
        except (BaseError, OSError) as error:
            return f"Cannot {doing} the media storage {self.url}: {_first_line(error)}."
        return None if same else f"The media storage {self.url} gives back other bytes than were written."


def _open(url: str) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _open_folder(url, parts.netloc, unquote(parts.path))
    if parts.scheme not in ("s3", "gs", "az"):
        raise ValueError(f"“{url}” is not a media storage URL: use {FORMS}.")
    if not parts.netloc:
        raise ValueError(f"“{url}” names no bucket: use {FORMS}.")
    prefix = parts.path.strip("/") or None
    try:
        match parts.scheme:
            case "s3":
                return S3Store(parts.netloc, prefix=prefix)
            case "gs":
                return GCSStore(parts.netloc, prefix=prefix)
            case _:
                return AzureStore(parts.netloc, prefix=prefix)
    except (BaseError, ValueError) as error:
        raise ValueError(f"The media storage “{url}” cannot be opened: {_first_line(error)}.") from None


def _open_folder(url: str, host: str, path: str) -> LocalStore:
    if host or not path.startswith("/"):
        raise ValueError(f"“{url}” is not an absolute path: write file:///path with three slashes.")
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"The media folder {folder} cannot be made: {error.strerror}.") from None
    return LocalStore(folder)


def _first_line(error: Exception) -> str:
    """The message alone: what follows it in obstore's errors is for debugging."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
