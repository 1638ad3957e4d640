"""Graph API's `fields` language: `id,name,picture{url},insights.metric(views,reach){name,values}`, and paging."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from postline.sandbox.calls import Call
from postline.sandbox.meta.errors import refuse


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    inner: tuple["Field", ...] = ()


Maker = Callable[[Field], Any]


def parse_fields(text: str) -> tuple[Field, ...]:
    """Read a `fields` value. Raises Refusal (code 2500) where the syntax is wrong."""
    fields = []
    for part in _split(text, ","):
        head, _, inner = part.partition("{")
        name, *calls = _split(head, ".")
        arguments = {}
        for call in calls:
            argument, _, value = call.partition("(")
            arguments[argument] = value.rstrip(")")
        if part.count("{") != part.count("}") or not name.replace("_", "").isalnum():
            raise refuse(2500, f"Syntax error: cannot read the field {part!r}")
        inside = inner.strip().removesuffix("}") if inner else ""
        fields.append(Field(name, arguments, parse_fields(inside) if inside else ()))
    return tuple(fields)


def _split(text: str, at: str) -> list[str]:
    """Split where no bracket is open."""
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(text):
        depth += (letter in "({") - (letter in ")}")
        if letter == at and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def select(kind: str, makers: Mapping[str, Maker], wanted: Sequence[Field], object_id: str) -> dict[str, Any]:
    """The wanted fields of a node and its id. None values are left out. Raises Refusal (100) for an unknown one."""
    chosen: dict[str, Any] = {}
    for each in wanted:
        if each.name == "id":
            continue
        maker = makers.get(each.name)
        if maker is None:
            raise refuse(100, f"(#100) Tried accessing nonexisting field ({each.name}) on node type ({kind})")
        value = maker(each)
        if value is not None:
            chosen[each.name] = value
    return {**chosen, "id": object_id}


def paged(call: Call, rows: Sequence[Any], show: Callable[[Any], Any], default: int = 25) -> dict[str, Any]:
    """One page of rows as {"data", "paging"}; `next` carries the token only if the request did so as a parameter."""
    try:
        limit = min(max(int(call.given.get("limit", default)), 1), 100)
    except ValueError as error:
        raise refuse(100, "(#100) Param limit must be an integer") from error
    start = _offset(str(call.given.get("after", "")))
    page = rows[start : start + limit]
    data = [show(row) for row in page]
    if not page:
        return {"data": []}
    paging: dict[str, Any] = {"cursors": {"before": _cursor(start), "after": _cursor(start + len(page))}}
    if start + len(page) < len(rows):
        kept = {name: value for name, value in call.query.items() if name != "after"}
        query = urlencode({**kept, "limit": limit, "after": _cursor(start + len(page))})
        paging["next"] = f"{call.base_url}{call.path}?{query}"
    return {"data": data, "paging": paging}


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return max(int(base64.urlsafe_b64decode(cursor).decode().removeprefix("at:")), 0)
    except (ValueError, binascii.Error) as error:
        raise refuse(100, "(#100) The cursor is not valid") from error


def graph_time(seconds: float) -> str:
    """ISO-8601 as Graph API writes it, without a colon in the offset."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
