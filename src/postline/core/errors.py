"""The six kinds of failure a network may report. What follows from each stands in `decide`."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ErrorKind(StrEnum):
    TRANSIENT = "transient"  # this call changed nothing; try again later
    RATE_LIMITED = "rate_limited"  # wait; costs no attempt
    RECONNECT_NEEDED = "reconnect_needed"  # an administrator must reconnect the profile
    CONTENT_REJECTED = "content_rejected"  # the author must change the post
    APP_NOT_READY = "app_not_ready"  # the operator's app lacks a review or a permission
    AMBIGUOUS = "ambiguous"  # it may be live: look first, or ask a person


@dataclass(eq=False)
class NetworkError(Exception):
    """A failure as the network told it.

    `code` is the network's own code ("4/2207051", "spam_risk_too_many_posts", "timeout"); `message` is a sentence for
    people that says what to do. Neither ever holds a token, a URL with one, or a raw body.
    `retry_after` is what the network asked us to wait; `is_definite` tells that the network itself answered, or that
    nothing was sent, so that a failed commit is known to have changed nothing.
    """

    kind: ErrorKind
    code: str
    message: str
    retry_after: timedelta | None = None
    is_definite: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.code}: {self.message}"
