"""One process at a time looks after a data directory."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from postline.db.embedded.errors import EmbeddedServerError

POLL_SECONDS: Final = 0.05


@contextmanager
def exclusive_lock(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the file lock at `path`; the kernel frees it when the holder dies.

    Raises EmbeddedServerError when the lock cannot be had in time or the folder cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise EmbeddedServerError(
            f"{path.parent} cannot be used as data directory ({error.strerror}). Give the user that runs Postline "
            "the right to write there, or name another folder in POSTLINE_DATA_DIR."
        ) from error
    try:
        _acquire(descriptor, path, time.monotonic() + timeout_seconds)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise EmbeddedServerError(
                    f"Another process holds {path} for too long while it starts or stops the database. "
                    "See what it is waiting for, or end it, then try again."
                ) from None
            time.sleep(POLL_SECONDS)
