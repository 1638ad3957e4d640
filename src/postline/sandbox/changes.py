"""Records changed from JSON, with every name and type checked: for settings, fault rules and people."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")
KINDS: Final = {tuple: "list of texts", str: "text", bool: "boolean", int: "whole number", float: "number"}


def changed(record: R, changes: Mapping[str, Any], where: str = "") -> R:
    """A record with some fields replaced; records within it are changed likewise.

    A value must be of the type that the field has now, numbers must not be negative, and a field whose name ends in
    `url` takes http(s) addresses only. `where` begins each message. Raises ValueError.
    """
    known = {field.name: getattr(record, field.name) for field in fields(record)}
    checked: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"unknown {where}{name!r}; known: {', '.join(sorted(known))}")
        checked[name] = _as_type_of(known[name], value, f"{where}{name}")
    return replace(record, **checked)


def _as_type_of(current: object, value: Any, name: str) -> Any:
    if is_dataclass(current) and not isinstance(current, type):
        if isinstance(value, Mapping):
            return changed(current, value, f"{name}.")
    elif isinstance(current, Mapping):
        if isinstance(value, Mapping):
            return dict(value)
    elif isinstance(current, tuple):
        if isinstance(value, list | tuple):
            return tuple(str(item) for item in value)
    elif isinstance(current, bool | str):
        if isinstance(value, type(current)):
            return _checked_text(value, name)
    elif not isinstance(value, bool) and isinstance(value, int if isinstance(current, int) else int | float):
        if value < 0:
            raise ValueError(f"{name} must not be negative")
        return value if isinstance(current, int) else float(value)
    raise ValueError(f"{name} must be a {KINDS.get(type(current), 'JSON object')}, not {value!r}")


def _checked_text(value: bool | str, name: str) -> bool | str:
    if name.endswith("_url") and value and not str(value).startswith(("http://", "https://")):
        raise ValueError(f"{name} must be an http(s) address, not {value!r}")
    return value
