"""A request as the sandbox's endpoints see it, whatever way its parameters travelled, and the answer they give."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from aiohttp import web

from postline.sandbox.records import Token
from postline.sandbox.world import World

if TYPE_CHECKING:
    from postline.sandbox.context import Sandbox

INDEXED: Final = re.compile(r"^(\w+)\[(\d*)]$")


@dataclass(frozen=True, slots=True)
class UploadedFile:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to send back. `body`: str and bytes go as they are, anything else as JSON."""

    body: Any
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def redirect(location: str) -> Answer:
    return Answer(body="", status=302, content_type="text/html", headers={"Location": location})


class Refusal(Exception):
    """An endpoint's refusal, with the answer in its network's envelope."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.body))
        self.answer = answer


class BadRequestBody(Exception):
    """The body is not what its content type says."""


@dataclass(slots=True, kw_only=True)
class Call:
    """One request. `given` holds the parameters as sent, `params` those of the endpoint's table, converted."""

    sandbox: "Sandbox"
    method: str
    path: str
    given: dict[str, Any]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    node: str = ""
    version: str = ""
    token: Token | None = None
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.sandbox.world

    @property
    def base_url(self) -> str:
        return self.sandbox.base_url

    @property
    def caller(self) -> Token:
        """The token that the call was authenticated with. Raises LookupError on endpoints that need none."""
        if self.token is None:
            raise LookupError("this endpoint does not authenticate its callers")
        return self.token

    def bearer(self, scheme: str = "Bearer") -> str:
        """The token of the Authorization header, or nothing."""
        sent, _, token = self.headers.get("Authorization", "").partition(" ")
        return token.strip() if sent.lower() == scheme.lower() else ""

    def sent_token(self) -> str:
        """The token that the call carries, in whatever way; nothing if it carries none."""
        return self.bearer() or self.bearer("OAuth") or str(self.given.get("access_token", ""))


async def read_call(sandbox: "Sandbox", request: web.Request) -> Call:
    """Collect a request's parameters from query, form, multipart or JSON. Raises BadRequestBody."""
    given: dict[str, Any] = {}
    for name, value in request.query.items():
        _take(given, name, value)
    body = b""
    if request.method in ("POST", "PUT", "DELETE") and request.can_read_body:
        match request.content_type:
            case "multipart/form-data":
                await _take_multipart(given, request)
            case "application/x-www-form-urlencoded":
                body = await request.read()
                for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
                    _take(given, name, value)
            case "application/json":
                body = await request.read()
                given.update(_json_object(body))
            case _:
                body = await request.read()
    return Call(
        sandbox=sandbox,
        method=request.method,
        path=request.path,
        given=given,
        query=request.query,
        headers=request.headers,
        body=body,
    )


async def _take_multipart(given: dict[str, Any], request: web.Request) -> None:
    try:
        form = await request.post()
    except ValueError as error:
        raise BadRequestBody("malformed multipart body") from error
    for name, value in form.items():
        if isinstance(value, web.FileField):
            given[name] = UploadedFile(value.filename, value.file.read())
        else:
            _take(given, name, value if isinstance(value, str) else bytes(value).decode("utf-8", "replace"))


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestBody("malformed JSON body") from error
    if not isinstance(value, dict):
        raise BadRequestBody("the JSON body is not an object")
    return value


def _take(given: dict[str, Any], name: str, value: str) -> None:
    """`children[0]=a&children[1]=b` is the list children, a repeated plain name a list in the order sent."""
    if indexed := INDEXED.match(name):
        given.setdefault(indexed[1], []).append(value)
    elif name in given:
        first = given[name]
        given[name] = [*first, value] if isinstance(first, list) else [first, value]
    else:
        given[name] = value
