"""A row of a network's table of error codes."""

from dataclasses import dataclass
from datetime import timedelta

from postline.core.errors import ErrorKind


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means. `is_definite` False: a commit that was answered so may have happened all the same."""

    kind: ErrorKind
    message: str
    retry_after: timedelta | None = None
    is_definite: bool = True
