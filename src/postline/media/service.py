"""Taking in a file: bounded, hashed, looked into, stored. A file that is refused leaves nothing behind."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline.accounts.actor import Actor
from postline.core.ids import new_id
from postline.core.words import Role
from postline.db.paging import Page, page_by_id
from postline.events.service import record
from postline.media.models import Asset
from postline.media.probe import Probe, UnreadableMedia, probe
from postline.media.storage import PIECE_BYTES, MediaStorage
from postline.media.thumbnails import thumbnail
from postline.refusals import Refusal, Why, invalid, not_found


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that was taken in and stored, and has no row yet."""

    asset_id: UUID
    name: str
    size_bytes: int
    sha256: str
    probe: Probe


async def receive(
    storage: MediaStorage, actor: Actor, name: str, chunks: AsyncIterator[bytes], max_bytes: int
) -> Upload:
    """Stream a file through a temporary one into storage, with its thumbnail. Raises Refusal.

    Memory stays constant; looking into the file happens in a thread.
    """
    actor.require(Role.EDITOR, "upload media")
    with tempfile.TemporaryDirectory(prefix="postline-upload-") as folder:
        path = Path(folder) / "file"
        size_bytes, sha256 = await _write(path, chunks, max_bytes)
        try:
            seen = await asyncio.to_thread(probe, path, name)
            small = await asyncio.to_thread(thumbnail, path, seen)
        except UnreadableMedia as error:
            raise invalid("asset-unreadable", str(error)) from None
        asset_id = new_id()
        key = f"{actor.account_id}/{asset_id}"
        await storage.save(key, _pieces(path))
        await storage.save(f"{key}.thumbnail.jpg", _once(small))
    return Upload(asset_id=asset_id, name=name, size_bytes=size_bytes, sha256=sha256, probe=seen)


async def add_asset(session: AsyncSession, actor: Actor, upload: Upload) -> Asset:
    seen = upload.probe
    asset = Asset(
        id=upload.asset_id,
        account_id=actor.account_id,
        name=upload.name,
        kind=seen.kind,
        content_type=seen.content_type,
        size_bytes=upload.size_bytes,
        sha256=upload.sha256,
        width=seen.width,
        height=seen.height,
        duration_ms=seen.duration_ms,
        video_codec=seen.video_codec,
        audio_codec=seen.audio_codec,
        frame_rate=seen.frame_rate,
    )
    session.add(asset)
    record(session, actor, "asset.uploaded", ("asset", asset.id), f"Uploaded “{asset.name}”.")
    await session.flush()
    await session.refresh(asset)
    return asset


async def get_asset(session: AsyncSession, asset_id: UUID) -> Asset:
    asset = await session.get(Asset, asset_id)
    if asset is None:
        raise not_found("media")
    return asset


async def list_assets(session: AsyncSession, *, cursor: str | None, limit: int) -> Page[Asset]:
    return await page_by_id(session, select(Asset), Asset.id, cursor=cursor, limit=limit)


def too_large(max_bytes: int) -> Refusal:
    text = f"Files may have up to {max_bytes / 1e9:g} GB. Compress the file or cut it, and upload it again."
    return Refusal(Why.TOO_LARGE, "asset-too-large", text)


async def _write(path: Path, chunks: AsyncIterator[bytes], max_bytes: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > max_bytes:
                raise too_large(max_bytes)
            digest.update(chunk)
            file.write(chunk)
    if size == 0:
        raise invalid("asset-empty", "The file is empty. Choose another one.")
    return size, digest.hexdigest()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece


async def _once(piece: bytes) -> AsyncIterator[bytes]:
    yield piece
