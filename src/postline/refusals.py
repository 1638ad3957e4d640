"""What a person or program asked for and cannot have, told so that they can act on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from postline.core.preflight import Problem


class Why(StrEnum):
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    CONFLICT = "conflict"
    STALE = "stale"
    PRECONDITION_MISSING = "precondition_missing"
    TOO_LARGE = "too_large"
    UPSTREAM = "upstream"  # a network failed us
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileProblem:
    """A preflight problem, and the profile it concerns (None: the post as a whole)."""

    problem: Problem
    profile_id: UUID | None = None


@dataclass(eq=False)
class Refusal(Exception):
    """Nothing was changed. `slug` is stable and names the kind; `message` is a sentence that says what to do.

    `field` is a JSON pointer into the request, where one field is to blame.
    """

    why: Why
    slug: str
    message: str
    field: str | None = None
    problems: Sequence[ProfileProblem] = ()

    def __str__(self) -> str:
        return self.message


def not_found(what: str) -> Refusal:
    """Also the answer for rows of another account: it must not tell whether they exist."""
    return Refusal(Why.NOT_FOUND, "not-found", f"There is no such {what} in this account.")


def invalid(slug: str, message: str, field: str | None = None, problems: Sequence[ProfileProblem] = ()) -> Refusal:
    return Refusal(Why.INVALID, slug, message, field, problems)


def conflict(slug: str, message: str) -> Refusal:
    return Refusal(Why.CONFLICT, slug, message)
