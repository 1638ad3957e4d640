"""Where providers tell what happened: webhooks, and callbacks of people who leave. Signed; nobody else gets in."""

from html import escape
from typing import Annotated, Any
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Request
from fastapi.params import Depends
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from postline.api.deps import ServicesDep
from postline.core.words import ProviderKey
from postline.networks.signals import AccessSignal
from postline.refusals import Refusal, Why, not_found
from postline.services import Services
from postline.webhooks import service

log = structlog.get_logger()

router = APIRouter(include_in_schema=False)


async def raw_body(request: Request) -> bytes:
    """The bytes as they came: a signature is over these and nothing else."""
    return await request.body()


RawBody = Annotated[bytes, Depends(raw_body)]


@router.get("/webhooks/{provider_key}")
async def answer_challenge(provider_key: ProviderKey, request: Request, services: ServicesDep) -> PlainTextResponse:
    """A provider checks that this address is ours."""
    answer = services.registry.providers[provider_key].challenge(dict(request.query_params))
    if answer is None:
        raise _forbidden("The verify token is not the one that is set here.")
    return PlainTextResponse(answer)


@router.post("/webhooks/{provider_key}")
async def receive(provider_key: ProviderKey, request: Request, body: RawBody, services: ServicesDep) -> Response:
    """Store what came and answer at once; a worker processes it."""
    provider = services.registry.providers[provider_key]
    if not provider.is_genuine(request.headers, body, services.clock()):
        raise _forbidden("The signature is missing, wrong or too old.")
    async with services.database.as_worker() as session:
        is_new = await service.store(session, provider_key, body)
    log.info("webhook.received", provider=str(provider_key), is_new=is_new)
    return Response(status_code=200)


@router.post("/callbacks/{provider_key}/deauthorize")
async def deauthorized(provider_key: ProviderKey, body: RawBody, services: ServicesDep) -> Response:
    """A person removed the app: what they gave can no longer be used."""
    subject_id = _subject(services, provider_key, body)
    async with services.database.as_worker() as session:
        if await service.store_done(session, provider_key, body):
            await service.apply(session, provider_key, [AccessSignal(subject_id=subject_id, is_over=True)])
    return Response(status_code=200)


@router.post("/callbacks/{provider_key}/data-deletion")
async def delete_data(provider_key: ProviderKey, body: RawBody, services: ServicesDep) -> dict[str, Any]:
    """A person wants what we hold of them deleted. The answer is what Meta asks for.

    Source: https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback, read
    2026-09-11.
    """
    subject_id = _subject(services, provider_key, body)
    async with services.database.as_worker() as session:
        code = await service.delete_person(session, provider_key, subject_id)
    return {"url": f"{services.settings.public_url}/data-deletion/{code}", "confirmation_code": code}


@router.get("/data-deletion/{code}")
async def show_deletion(code: str, services: ServicesDep) -> HTMLResponse:
    async with services.database.as_worker() as session:
        found = await service.find_deletion(session, code)
    if found is None:
        raise not_found("deletion request")
    text = (
        f"The deletion asked for on {found.received_at:%d %B %Y} is complete: the access that you had given "
        f"({found.connections_deleted} connection{'' if found.connections_deleted == 1 else 's'}) and your name "
        "were deleted."
    )
    return HTMLResponse(f"<!doctype html><title>Data deletion</title><p>{escape(text)}</p>")


def _subject(services: Services, provider_key: ProviderKey, body: bytes) -> str:
    form = parse_qs(body.decode("utf-8", "replace"))
    subject_id = services.registry.providers[provider_key].signed_subject((form.get("signed_request") or [""])[0])
    if subject_id is None:
        raise _forbidden("The signed request is missing or its signature is wrong.")
    return subject_id


def _forbidden(message: str) -> Refusal:
    return Refusal(Why.FORBIDDEN, "signature-invalid", message)
