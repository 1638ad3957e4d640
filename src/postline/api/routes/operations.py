"""For whoever runs this server, not for its users: is it alive, is it ready, what are its numbers."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from postline import telemetry
from postline.api.deps import ServicesDep
from postline.delivery.queue import QueueCollector, QueueGauge
from postline.scrape import require_database, require_reader

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
    """This process's numbers, and those of the queue over all workers."""
    require_reader(services.settings.metrics_token, request.client.host if request.client else None, request.headers)
    state = request.app.state
    if not hasattr(state, "queue"):
        state.queue = QueueGauge(services.database)
    numbers = await state.queue.read()
    return Response(telemetry.render(QueueCollector(numbers)), media_type=telemetry.CONTENT_TYPE)
