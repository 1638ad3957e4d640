"""How much of Meta's limits is used, as the headers of its answers tell.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting, read 2026-09-11.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

APP: Final = "app"
PAGES: Final = "pages"
_MEASURED: Final = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Usage:
    """One limit. `name`: "app", or the use of a business that Meta counts, such as "pages" and "instagram".

    `percent` is the highest measure told and may pass 100; `regain_after`: when calls are allowed again, if told.
    """

    name: str
    percent: float
    regain_after: timedelta | None = None


def read_usage(headers: Mapping[str, str]) -> list[Usage]:
    """The limits told, each name once with the highest of its entries. Waits in the headers are minutes."""
    highest: dict[str, Usage] = {}
    for name, entry in _entries(headers):
        minutes = _number(entry.get("estimated_time_to_regain_access"))
        before = highest.get(name, Usage(name, 0))
        waits = [wait for wait in (before.regain_after, timedelta(minutes=minutes)) if wait]
        percent = max(before.percent, *(_number(entry.get(measure)) for measure in _MEASURED))
        highest[name] = Usage(name, percent, max(waits) if waits else None)
    return list(highest.values())


def _entries(headers: Mapping[str, str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for header, name in (("x-app-usage", APP), ("x-page-usage", PAGES)):
        if found := _object(headers, header):
            yield name, found
    for entries in _object(headers, "x-business-use-case-usage").values():
        for entry in entries if isinstance(entries, list) else ():
            yield str(entry.get("type", "other")), entry


def _object(headers: Mapping[str, str], name: str) -> Mapping[str, Any]:
    told = headers.get(name)
    if told is None:
        return {}
    try:
        found = json.loads(told)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
