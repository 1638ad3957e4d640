"""The application: routes, errors, OpenAPI, health, and the built user interface."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from postline.api import problems
from postline.api.headers import SecurityHeaders
from postline.api.requests import RequestIds
from postline.api.routes import (
    accounts,
    connections,
    deliveries,
    media,
    networks,
    notices,
    operations,
    overview,
    posts,
    profiles,
    sessions,
    webhooks,
)
from postline.config import Settings
from postline.delivery.watchdog import running_watchdog
from postline.refusals import not_found
from postline.services import Services, database_kept, open_services

WEB: Final = Path(__file__).parents[1] / "web" / "dist"
PREFIX: Final = "/api/v1"
JSON_BYTES_MAX: Final = 5_000_000
ROUTERS: Final = (
    sessions.router,
    networks.router,
    accounts.router,
    connections.router,
    profiles.router,
    media.router,
    posts.router,
    deliveries.router,
    overview.router,
    notices.router,
)


class App(FastAPI):
    """What is true of every answer stands around the whole stack: added middleware does not see unhandled errors."""

    def build_middleware_stack(self) -> ASGIApp:
        return RequestIds(SecurityHeaders(super().build_middleware_stack()))


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """The application over a database that is at the newest schema."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # The watchdog runs here too: when no worker lives, somebody must notice.
        async with (
            database_kept(settings),
            open_services(settings, database_url) as services,
            running_watchdog(services.database, settings),
        ):
            app.state.services = services
            yield

    return build(lifespan=lifespan)


def create_app_over(services: Services) -> FastAPI:
    """The application over services that somebody else opened and will close."""
    app = build()
    app.state.services = services
    return app


def build(**options: object) -> FastAPI:
    app = App(
        title="Postline",
        version=_version(),
        description="Social publishing that posts on time, exactly once: plan, approve, publish, measure.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=f"{PREFIX}/docs",
        redoc_url=None,
        responses=problems.RESPONSES,
        max_body_size=JSON_BYTES_MAX,
        generate_unique_id_function=lambda route: route.name,
        **options,  # type: ignore[arg-type]
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, prefix=PREFIX)
    for router in (connections.callback_router, media.public_router, operations.router, webhooks.router):
        app.include_router(router)
    _serve_ui(app)
    return app


def _serve_ui(app: FastAPI) -> None:
    """The built pages; paths that are no files are the UI's own and get its first page."""
    if (WEB / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=WEB / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    async def page(path: str) -> FileResponse:
        if path.startswith(("api/", "oauth/", "media/", "webhooks/", "callbacks/", "data-deletion/")):
            raise not_found("page")
        file = (WEB / path).resolve()
        if path and file.is_relative_to(WEB) and file.is_file():
            return FileResponse(file)
        if not (WEB / "index.html").is_file():
            raise not_found("user interface on this server; build it with `make ui`")
        return FileResponse(WEB / "index.html", headers={"Cache-Control": "no-cache"})


def _version() -> str:
    try:
        return version("postline")
    except PackageNotFoundError:
        return "0.1.0"
