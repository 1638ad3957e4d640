"""Meta's limits of calls: how much is used, told in headers with every answer, and the refusals once all is used.

Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting, read 2026-11-24.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from postline.sandbox.calls import Call
from postline.sandbox.meta.errors import refuse
from postline.sandbox.settings import DAY, HOUR, META_APP_ID

SEE: Final = "For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
MESSAGES: Final[Mapping[int, str]] = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    80001: f"(#80001) There have been too many calls to this Page account. Wait a bit and try again. {SEE}",
    80002: f"(#80002) There have been too many calls to this Instagram account. Wait a bit and try again. {SEE}",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit that applies to a call. `floor`: the percentage told at least. `business`: its use case, if any."""

    name: str
    key: str
    code: int
    seconds: float
    calls: int
    floor: int
    business: str = ""


def count_call(call: Call, kind: str, page_id: str) -> dict[str, str]:
    """Count a call towards its limits; gives the usage headers. Raises Refusal (4, 17, 32, 80001, 80002) with them."""
    headers: dict[str, str] = {}
    refusal = None
    for limit in _limits(call, kind, page_id):
        percent, minutes = _used(call, limit)
        headers |= _header(limit, percent, minutes)
        if percent >= 100 and refusal is None:
            refusal = refuse(limit.code, MESSAGES[limit.code], headers=headers)
    if refusal is not None:
        raise refusal
    return headers


def _limits(call: Call, kind: str, page_id: str) -> Iterator[Limit]:
    told, token = call.world.settings.meta_limits, call.caller
    yield Limit("app", META_APP_ID, 4, HOUR, told.app_calls_per_hour, told.app_percent)
    if token.kind == "user":
        yield Limit("user", token.person_id, 17, HOUR, told.user_calls_per_hour, told.user_percent)
    if kind in ("instagram", "container", "media", "reply"):
        account_id = call.world.pages[page_id].instagram_id
        calls, floor = told.instagram_calls_per_day, told.instagram_percent
        yield Limit("instagram", account_id, 80002, DAY, calls, floor, "instagram")
    elif page_id:
        is_business = token.kind == "page"
        code, business = (80001, "pages") if is_business else (32, "")
        yield Limit("page", page_id, code, DAY, told.page_calls_per_day, told.page_percent, business)


def _used(call: Call, limit: Limit) -> tuple[int, int]:
    """The percentage used before this call, and the minutes until calls are allowed again."""
    world, window, percent = call.world, f"calls.{limit.name}", limit.floor
    free_in = 0.0
    if limit.calls:
        free_in = world.free_in(window, limit.key, limit.seconds, limit.calls)
        percent = max(percent, 100 * world.used(window, limit.key, limit.seconds) // limit.calls)
        world.count(window, limit.key)
    if percent < 100:
        return percent, 0
    return percent, world.settings.meta_limits.regain_minutes or math.ceil((free_in or limit.seconds) / 60)


def _header(limit: Limit, percent: int, minutes: int) -> dict[str, str]:
    """The user's limit has no header of its own."""
    usage: dict[str, Any] = {"call_count": percent, "total_cputime": percent // 4, "total_time": percent // 4}
    if limit.business:
        usage = {"type": limit.business, **usage, "estimated_time_to_regain_access": minutes}
        return {"X-Business-Use-Case-Usage": json.dumps({limit.key: [usage]})}
    name = {"app": "X-App-Usage", "page": "X-Page-Usage"}.get(limit.name)
    return {name: json.dumps(usage)} if name else {}
