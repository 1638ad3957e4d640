"""Assets: upload as a raw body, read back; and the signed links by which networks fetch them."""

from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from postline.api.deps import CallerDep, PageDep, ServicesDep, UnitDep
from postline.api.idempotency import KeyHeader, once
from postline.api.routes.lists import ListOut, listed
from postline.core.words import Role
from postline.media import service
from postline.media.links import LinkExpired, LinkInvalid
from postline.media.models import Asset
from postline.media.schemas import AssetOut
from postline.refusals import not_found
from postline.services import Services

router = APIRouter(prefix="/accounts/{account_id}/assets", tags=["media"])
public_router = APIRouter(prefix="/media", include_in_schema=False)

BYTES_MAX: Final = 10**15  # the setting bounds uploads, while they stream
PRIVATE_CACHE: Final = "private, max-age=31536000, immutable"
RAW_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=201, openapi_extra=RAW_BODY, max_body_size=BYTES_MAX)
async def upload_asset(
    request: Request,
    caller: CallerDep,
    name: Annotated[str, Query(min_length=1, max_length=255, description="The file's name, for people")],
    key: KeyHeader = None,
    content_length: Annotated[int | None, Header(include_in_schema=False)] = None,
) -> AssetOut:
    """Upload one image or video as the request's body. Its type is read from the bytes, not from the name."""
    most = caller.services.settings.upload_max_bytes
    async with caller.unit() as unit:
        unit.actor.require(Role.EDITOR, "upload media")
    if content_length is not None and content_length > most:
        raise service.too_large(most)
    upload = await service.receive(caller.services.media.storage, caller.actor, name, request.stream(), most)
    async with caller.unit() as unit:

        async def create() -> AssetOut:
            return AssetOut.of(await service.add_asset(unit.session, unit.actor, upload))

        return await once(unit, key, "assets", f"{name}\n{upload.sha256}", AssetOut, create)


@router.get("")
async def list_assets(unit: UnitDep, page: PageDep) -> ListOut[AssetOut]:
    """Newest first."""
    return listed((await service.list_assets(unit.session, cursor=page.cursor, limit=page.limit)).map(AssetOut.of))


@router.get("/{asset_id}")
async def read_asset(asset_id: UUID, unit: UnitDep) -> AssetOut:
    return AssetOut.of(await service.get_asset(unit.session, asset_id))


@router.get("/{asset_id}/content", response_class=StreamingResponse)
async def read_content(
    asset_id: UUID, unit: UnitDep, range_header: Annotated[str | None, Header(alias="Range")] = None
) -> Response:
    asset = await service.get_asset(unit.session, asset_id)
    return _stream(unit.services, asset, range_header, PRIVATE_CACHE)


@router.get("/{asset_id}/thumbnail", response_class=StreamingResponse)
async def read_thumbnail(asset_id: UUID, unit: UnitDep) -> Response:
    """A JPEG of at most 480 pixels a side."""
    asset = await service.get_asset(unit.session, asset_id)
    storage = unit.services.media.storage
    size = await storage.size(asset.thumbnail_key)
    headers = {"Content-Length": str(size), "Cache-Control": PRIVATE_CACHE}
    return StreamingResponse(storage.read(asset.thumbnail_key, 0, size), headers=headers, media_type="image/jpeg")


@public_router.api_route("/{token}", methods=["GET", "HEAD"])
async def fetch_by_link(
    token: str, services: ServicesDep, range_header: Annotated[str | None, Header(alias="Range")] = None
) -> Response:
    """For networks: one asset to whoever holds a link that is signed and not expired."""
    try:
        account_id, asset_id = services.media.signer.read(token, services.clock())
    except (LinkExpired, LinkInvalid):
        raise not_found("media") from None
    async with services.database.as_account(account_id) as session:
        asset = await service.get_asset(session, asset_id)
    return _stream(services, asset, range_header, "private, max-age=3600")


def _stream(services: Services, asset: Asset, range_header: str | None, cache: str) -> Response:
    start, end = _range(range_header, asset.size_bytes)
    headers = {"Content-Length": str(end - start), "Accept-Ranges": "bytes", "Cache-Control": cache}
    is_part = (start, end) != (0, asset.size_bytes)
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{asset.size_bytes}"
    pieces: AsyncIterator[bytes] = services.media.storage.read(asset.storage_key, start, end)
    return StreamingResponse(pieces, 206 if is_part else 200, headers=headers, media_type=asset.content_type)


def _range(header: str | None, size: int) -> tuple[int, int]:
    """The span of the first range that is asked for, end excluded; all of it when the header is of no use."""
    first, _, last = (header or "").removeprefix("bytes=").partition(",")[0].strip().partition("-")
    if not header or not header.startswith("bytes=") or not (first or last):
        return 0, size
    try:
        start = int(first) if first else max(0, size - int(last))
        end = min(int(last) + 1, size) if first and last else size
    except ValueError:
        return 0, size
    return (start, end) if 0 <= start < end else (0, size)
