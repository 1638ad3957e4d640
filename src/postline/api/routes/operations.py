"""For whoever runs this server, not for its users: is it alive, is it ready, what are its numbers."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from postline import telemetry
from postline.api.deps import ServicesDep
from postline.delivery.queue import QueueCollector, QueueGauge
from postline.scrape import DATABASE_ANSWERS_WITHIN_S, require_database, require_reader

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    """This process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def ready(services: ServicesDep) -> JSONResponse:
    """This process can serve: the database answers."""
    await require_database(services.database)
    return JSONResponse({"database": "ok"})


@router.get("/metrics")
async def metrics(request: Request, services: ServicesDep) -> Response:
    """This process's numbers, and those of the queue over all workers.

    Without its database the queue's are left out: that they are absent is what an alarm looks for.
    """
    require_reader(services.settings.metrics_token, request.client.host if request.client else None, request.headers)
    state = request.app.state
    if not hasattr(state, "queue"):
        state.queue = QueueGauge(services.database)
    try:
        async with asyncio.timeout(DATABASE_ANSWERS_WITHIN_S):
            known = [QueueCollector(await state.queue.read())]
    except (SQLAlchemyError, TimeoutError):
        known = []
    return Response(telemetry.render(*known), media_type=telemetry.CONTENT_TYPE)
