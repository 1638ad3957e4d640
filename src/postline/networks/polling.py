"""How often to ask a network whether it is done, and how long."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pydantic import AwareDatetime

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Restart, Waiting
from postline.networks.base import Checkpoint

# (waited at least, ask again after), in seconds. Most media is ready within seconds; TikTok allows 30 status calls a
# minute for all posts of a person (https://developers.tiktok.com/docs/en/tiktok-api-v2-rate-limit, read 2026-09-11).
_PACE: Final = ((2160, 600), (360, 60), (60, 15), (20, 5), (5, 2), (0, 1))


class PollingCheckpoint(Checkpoint):
    """A checkpoint of a plan that waits.

    `waiting_since`: when the wait under way began. `restarts`: how often the preparation was begun anew.
    """

    waiting_since: AwareDatetime | None = None
    restarts: int = 0


MAX_RESTARTS: Final = 3
DETAIL_PATIENCE: Final = timedelta(minutes=2)

T = TypeVar("T")
P = TypeVar("P", bound=PollingCheckpoint)


def ask_again_after(waited: timedelta) -> timedelta:
    """One second at first, ten minutes after half an hour."""
    pace = next(pace for least, pace in _PACE if max(waited.total_seconds(), 0) >= least)
    return timedelta(seconds=pace)


def waited(checkpoint: PollingCheckpoint, now: datetime) -> timedelta:
    return now - (checkpoint.waiting_since or now)


def wait(checkpoint: P, now: datetime, message: str) -> Waiting[P]:
    """Ask again later; the checkpoint remembers when the wait began."""
    since = checkpoint.waiting_since or now
    return Waiting(checkpoint.model_copy(update={"waiting_since": since}), ask_again_after(now - since), message)


def begin_anew(checkpoint: P, error: NetworkError) -> Restart[P]:
    """Prepare again from the start after a failed preparation. Raises the error itself when that was tried enough."""
    if checkpoint.restarts >= MAX_RESTARTS:
        text = f"Nothing was published after {MAX_RESTARTS + 1} tries: {error.message} Check the media, then try again."
        raise NetworkError(ErrorKind.CONTENT_REJECTED, error.code, text, is_definite=True)
    return Restart(type(checkpoint)(restarts=checkpoint.restarts + 1), error.message)


async def ask(question: Awaitable[T]) -> T:
    """Ask what has become of an accepted post. A refused question says nothing about the post: it may be live.

    Only the network's verdict in an answer proves that nothing was published.
    """
    try:
        return await question
    except NetworkError as error:
        if error.kind is not ErrorKind.CONTENT_REJECTED:
            raise
        text = f"The network accepted the post and does not say what became of it. {error.message}"
        raise NetworkError(ErrorKind.AMBIGUOUS, error.code, text) from error


def still_processing(name: str) -> NetworkError:
    """For a post that the network accepted and never finished: look at it, never resend it."""
    text = f"{name} accepted the post and still works on it after a long time. Look at the profile."
    return NetworkError(ErrorKind.AMBIGUOUS, "still_processing", text)


def is_worth_waiting(error: NetworkError, checkpoint: PollingCheckpoint, now: datetime) -> bool:
    """Whether a detail of a live post that cannot be read now may be readable in a moment."""
    passing = {ErrorKind.TRANSIENT, ErrorKind.AMBIGUOUS, ErrorKind.RATE_LIMITED}
    return error.kind in passing and waited(checkpoint, now) < DETAIL_PATIENCE
