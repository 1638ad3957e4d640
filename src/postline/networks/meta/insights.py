"""Numbers of a Meta object. One name that Meta no longer knows fails a whole call; names are then asked one by one."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from postline.core.errors import NetworkError
from postline.networks.meta.errors import codes
from postline.networks.meta.graph import Graph

# "Invalid metric", "no metric", the unknown error that unsupported metrics give, and "not enough viewers" on stories.
NOT_REPORTED: Final = frozenset({100, 3001, 1, 10})
# Until a story is counted, Meta gives 0 at this end_time.
NOT_YET_COUNTED: Final = datetime(1970, 1, 3, tzinfo=UTC)


async def read_insights(
    graph: Graph, endpoint: str, path: str, tokens: tuple[str, str], names: Sequence[str]
) -> dict[str, Any]:
    """By metric name: its value, a number or an object of numbers. What Meta does not report is missing."""
    try:
        return await _read(graph, endpoint, path, tokens, names)
    except NetworkError as error:
        if codes(error)[0] not in NOT_REPORTED or codes(error) == (100, 33):
            raise
        if len(names) == 1:
            return {}
        failure = error
    values: dict[str, Any] = {}
    for name in names:
        values |= await read_insights(graph, endpoint, path, tokens, [name])
    if not values and codes(failure)[0] == 1:
        raise failure  # Nothing at all came: that is an outage, not a metric too many.
    return values


async def _read(
    graph: Graph, endpoint: str, path: str, tokens: tuple[str, str], names: Sequence[str]
) -> dict[str, Any]:
    answer = await graph.read(endpoint, path, tokens, {"metric": ",".join(names)}, can_wait=True)
    found = {}
    for metric in answer.get("data", ()):
        value = _value(metric)
        if value is not None:
            found[str(metric["name"]).lower()] = value
    return found


def _value(metric: Mapping[str, Any]) -> Any:
    if "total_value" in metric:
        return metric["total_value"].get("value")
    values = metric.get("values") or [{}]
    latest = values[-1]
    end = latest.get("end_time")
    if latest.get("value") == 0 and end and datetime.fromisoformat(end) < NOT_YET_COUNTED:
        return None
    return latest.get("value")


def as_count(value: Any) -> int | None:
    """A number, or the sum of an object of numbers such as {"like": 3, "love": 1}; None for anything else."""
    if isinstance(value, Mapping):
        return sum(each for each in value.values() if isinstance(each, int))
    return int(value) if isinstance(value, int | float) else None
