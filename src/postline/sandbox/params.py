"""Parameter tables: what an endpoint takes, as data, and the one function that applies them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from postline.sandbox.calls import UploadedFile


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter; a dot in the name leads into a nested object. A missing one becomes `default`."""

    name: str
    kind: str = "text"
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None


class BadParam(Exception):
    """A parameter is missing or not what its table says."""

    def __init__(self, param: Param, problem: str) -> None:
        super().__init__(problem)
        self.param = param
        self.missing = problem == "is required"


def check(given: Mapping[str, Any], table: Iterable[Param]) -> dict[str, Any]:
    """The parameters of a table, converted. Names beyond the table are ignored, as the networks do. Raises BadParam."""
    values: dict[str, Any] = {}
    for param in table:
        raw = _find(given, param.name)
        if raw is None or raw == "":
            if param.required:
                raise BadParam(param, "is required")
            values[param.name] = param.default
            continue
        try:
            value = KINDS[param.kind](raw)
        except (ValueError, TypeError, OverflowError) as error:
            raise BadParam(param, f"must be a valid {param.kind}") from error
        if param.choices:
            value = _chosen(param, value)
        if (param.low is not None and value < param.low) or (param.high is not None and value > param.high):
            raise BadParam(param, f"must be between {param.low} and {param.high}")
        values[param.name] = value
    return values


def unknown_names(given: Mapping[str, Any], table: Iterable[Param]) -> list[str]:
    """The names given that no parameter of the table has, with dots as in the table."""
    known = {param.name for param in table}

    def beyond(value: Any, name: str) -> Iterator[str]:
        if name in known:
            return
        if isinstance(value, Mapping) and (not name or any(each.startswith(f"{name}.") for each in known)):
            for key, inner in value.items():
                yield from beyond(inner, f"{name}.{key}" if name else str(key))
        else:
            yield name

    return list(beyond(given, ""))


def _find(given: Mapping[str, Any], name: str) -> Any:
    here: Any = given
    for part in name.split("."):
        if not isinstance(here, Mapping):
            return None
        here = here.get(part)
    return here


def _chosen(param: Param, value: str) -> str:
    for choice in param.choices:
        if value == choice or (param.kind == "text" and choice.lower() == str(value).lower()):
            return choice
    raise BadParam(param, f"must be one of {{{', '.join(param.choices)}}}")


def _text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool | int | float):
        return json.dumps(raw)
    raise TypeError


def _only_text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    raise TypeError


def _integer(raw: Any) -> int:
    if isinstance(raw, bool | float):
        raise TypeError
    return int(raw)


def _only_integer(raw: Any, bits: int = 64) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError
    if not -(2 ** (bits - 1)) <= raw < 2 ** (bits - 1):
        raise OverflowError
    return raw


def _flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in ("true", "1"):
        return True
    if str(raw).lower() in ("false", "0"):
        return False
    raise ValueError


def _only_flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    raise TypeError


def _json(raw: Any) -> Any:
    if isinstance(raw, str):
        return json.loads(raw)
    if isinstance(raw, list):
        return [json.loads(item) if isinstance(item, str) else item for item in raw]
    return raw


def _object(raw: Any) -> dict[str, Any]:
    value = _json(raw)
    if isinstance(value, dict):
        return value
    raise TypeError


def _list(raw: Any) -> list[Any]:
    value = json.loads(raw) if isinstance(raw, str) else raw
    if isinstance(value, list):
        return value
    raise TypeError


def _ids(raw: Any) -> list[str]:
    """A JSON list, a real list, or a comma-separated one."""
    if isinstance(raw, str):
        raw = json.loads(raw) if raw.lstrip().startswith("[") else raw.split(",")
    if not isinstance(raw, list):
        raise TypeError
    return [str(item).strip() for item in raw]


def _texts(raw: Any) -> list[str]:
    if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
        return raw
    raise TypeError


def _time(raw: Any) -> float:
    """Unix seconds, or ISO-8601."""
    try:
        return float(raw)
    except ValueError:
        moment = datetime.fromisoformat(str(raw))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _file(raw: Any) -> bytes:
    if isinstance(raw, UploadedFile):
        return raw.data
    raise TypeError


KINDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "string": _only_text,
    "int": _integer,
    "int32": partial(_only_integer, bits=32),
    "int64": _only_integer,
    "flag": _flag,
    "bool": _only_flag,
    "float": float,
    "json": _json,
    "object": _object,
    "list": _list,
    "ids": _ids,
    "list of strings": _texts,
    "time": _time,
    "file": _file,
}
"""text, int, flag: as forms carry them. string, int32, int64, bool: as JSON carries them, and nothing else."""
