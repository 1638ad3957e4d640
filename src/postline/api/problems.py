"""Errors as RFC 9457 problem details: a stable type, a sentence for people, the field to blame."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from postline.api.requests import route_of
from postline.posts.present import show_problems
from postline.posts.schemas import ProblemOut
from postline.refusals import Refusal, Why

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
STATUS: Final = {
    Why.UNAUTHENTICATED: 401,
    Why.FORBIDDEN: 403,
    Why.NOT_FOUND: 404,
    Why.INVALID: 422,
    Why.CONFLICT: 409,
    Why.STALE: 412,
    Why.PRECONDITION_MISSING: 428,
    Why.TOO_LARGE: 413,
    Why.UPSTREAM: 502,
    Why.UNAVAILABLE: 503,
}
HTTP_SLUGS: Final = {404: "not-found", 405: "method-not-allowed", 413: "too-large", 415: "media-type-not-supported"}


class ProblemDetails(BaseModel):
    """`field` is a JSON pointer into the request. `problems` lists preflight problems, warnings too."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    problems: list[ProblemOut] = []


RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    "default": {
        "model": ProblemDetails,
        "description": "What went wrong, for people and programs",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
}


def problem(
    status: int, slug: str, detail: str, field: str | None = None, problems: Sequence[ProblemOut] = ()
) -> JSONResponse:
    body = ProblemDetails(
        type=f"urn:postline:problem:{slug}",
        title=slug.replace("-", " ").capitalize(),
        status=status,
        detail=detail,
        field=field,
        problems=list(problems),
    )
    return JSONResponse(body.model_dump(mode="json"), status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every failure in one form."""

    @app.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> JSONResponse:
        return problem(STATUS[error.why], error.slug, error.message, error.field, show_problems(error.problems))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place, *path = [str(part) for part in first["loc"]]
        field = "".join(f"/{part}" for part in path) if place == "body" and path else None
        named = f" ({place} {'.'.join(path)})" if path else ""
        message = str(first["msg"]).removeprefix("Value error, ")
        return problem(422, "request-malformed", f"The request is not usable: {message}{named}.", field)

    @app.exception_handler(DataError)
    async def not_storable(request: Request, error: DataError) -> JSONResponse:
        log.info("api.not_storable", route=route_of(request.scope), kind=type(error.orig).__name__)
        text = (
            "The request holds something that cannot be stored: the character NUL, half of an emoji, or a number far "
            "out of range. Take it out and send the rest again."
        )
        return problem(422, "request-not-storable", text)

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        slug = HTTP_SLUGS.get(error.status_code, "request-refused")
        answer = problem(error.status_code, slug, str(error.detail).rstrip(".") + ".")
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        reference: str = request.state.request_id
        log.error("api.failed", route=route_of(request.scope), exc_info=error)
        text = (
            f"Something went wrong on our side. Try again; if it stays, tell your operator the reference {reference}."
        )
        return problem(500, "internal-error", text)
