"""What a step of a plan, and a look-up on the network, may come back with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

C = TypeVar("C")


class Effect(StrEnum):
    """What repeating a step would do."""

    READ = "read"  # changes nothing
    REPEATABLE = "repeatable"  # leaves at most something invisible behind, or looks before it acts
    ONCE = "once"  # may make the post visible; never repeated without a look


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the network gave back for a live post. `live_at`: when it says the post went live, if it says so.

    `note`: a sentence for people about what is different from what they asked for, or is left for them to do.
    """

    remote_id: str
    permalink: str | None
    live_at: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Done(Generic[C]):
    """The step is done; the checkpoint now holds what it gave, and the plan goes on with the next step."""

    checkpoint: C


@dataclass(frozen=True, slots=True)
class Waiting(Generic[C]):
    """The network still works on it: run this same step again after `after`."""

    checkpoint: C
    after: timedelta
    message: str


@dataclass(frozen=True, slots=True)
class Restart(Generic[C]):
    """What was prepared is gone (expired, refused in a way that a new preparation cures): begin the plan anew.

    Only legal while nothing can be visible.
    """

    checkpoint: C
    message: str


@dataclass(frozen=True, slots=True)
class Found(Generic[C]):
    """A look-up: the commit did happen. The plan goes on after the commit with this checkpoint."""

    checkpoint: C
    evidence: str


@dataclass(frozen=True, slots=True)
class NotFound(Generic[C]):
    """A look-up: the commit certainly did not happen. The commit may be sent again with this checkpoint."""

    checkpoint: C
    evidence: str


@dataclass(frozen=True, slots=True)
class CannotTell:
    """A look-up: the network does not say yet. `evidence` is a sentence for people."""

    evidence: str
