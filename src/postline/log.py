"""Logs are events with fields. Secrets are kept out where they are used; what slips through is hidden here."""

import logging
import sys
from collections.abc import Mapping
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from postline.networks.redaction import HIDDEN, redact

SECRET_ENDINGS: Final = (
    "authorization",
    "cookie",
    "password",
    "secret",
    "secrets",
    "secret_keys",
    "token",
    "proof",
    "verifier",
)


LEVEL: Final = logging.getLogger("postline")
LEVEL.setLevel(logging.DEBUG)


def is_told(level: int) -> bool:
    """Whether a line of this level is written at all: to be asked before a line that is costly to gather."""
    return LEVEL.isEnabledFor(level)


def configure(level: str, *, as_json: bool) -> None:
    LEVEL.setLevel(level.upper())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            hide_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def hide_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """A processor: no field whose name says that it is a secret, and no text that looks like one, is written."""
    return {name: hide(value, name) for name, value in event.items()}


def hide(value: Any, name: str = "") -> Any:
    """Plain data without secrets, of the same shape; what is no plain data becomes text. `name`: of its field."""
    if value is not None and name.lower().replace("-", "_").endswith(SECRET_ENDINGS):
        return HIDDEN
    match value:
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {str(key): hide(each, str(key)) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [hide(each) for each in value]
        case _:
            return redact(str(value))
