"""The log's settings belong to the process, so a test that changes them puts them back."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from postline import log


@contextmanager
def log_kept() -> Iterator[None]:
    before, level = structlog.get_config(), log.LEVEL.level
    try:
        yield
    finally:
        structlog.configure(**before)
        log.LEVEL.setLevel(level)
