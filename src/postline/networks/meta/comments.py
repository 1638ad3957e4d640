"""The first comment below a new post: written once, and never a reason for the post to fail.

Sources, read 2026-09-11: https://developers.facebook.com/docs/graph-api/reference/object/comments,
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-media/comments
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from pydantic import AwareDatetime

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Receipt, Waiting
from postline.networks.base import Call
from postline.networks.meta.graph import Graph
from postline.networks.meta.paging import Node, read_list
from postline.networks.polling import PollingCheckpoint

LOOK_AGAIN: Final = timedelta(seconds=30)
TRY_AGAIN: Final = timedelta(minutes=1)
PATIENCE: Final = timedelta(minutes=30)
PASSING: Final = frozenset({ErrorKind.TRANSIENT, ErrorKind.AMBIGUOUS, ErrorKind.RATE_LIMITED})
TOO_MANY: Final = NetworkError(
    ErrorKind.TRANSIENT,
    "too_many_comments",
    "The post has more comments than can be looked through. Write it by hand if it is missing there.",
    is_definite=True,
)
NOT_CONFIRMED: Final = "Meta did not confirm it. Look at the post, and write it by hand if it is missing."


class CommentCheckpoint(PollingCheckpoint):
    """A checkpoint of a post that may get a first comment, and of the live post until the comment is settled.

    `comment_at`: from when on the comment may be sent; `comment_since`: the first such moment.
    `comment_is_open`: it may have been sent, `comment_at` at the latest, and its answer is lost.
    """

    remote_id: str | None = None
    permalink: str | None = None
    live_at: AwareDatetime | None = None
    comment_at: AwareDatetime | None = None
    comment_since: AwareDatetime | None = None
    comment_is_open: bool = False


P = TypeVar("P", bound=CommentCheckpoint)


def then_comment(call: Call, checkpoint: P, receipt: Receipt, comment: str) -> Done[P] | Receipt:
    """The end of a plan without a comment; with one, what the step that writes it needs."""
    if not comment:
        return receipt
    live = {"remote_id": receipt.remote_id, "permalink": receipt.permalink, "live_at": receipt.live_at}
    moments = {"comment_at": call.now, "comment_since": call.now, "waiting_since": None}
    return Done(checkpoint.model_copy(update=live | moments))


@dataclass(frozen=True, slots=True)
class FirstComment:
    """`text_field`: what reading calls the text. `tells_author`: whether an author's id there is the profile's own."""

    graph: Graph
    text_field: str
    fields: str
    tells_author: bool

    async def write(self, call: Call, checkpoint: P, comment: str) -> Waiting[P] | Receipt:
        """Look; send when it is time; after a lost answer wait until a look is certain. Never raises."""
        if call.is_resumed:
            checkpoint = _sent_perhaps(checkpoint, call.now)
        receipt = Receipt(checkpoint.remote_id or "", checkpoint.permalink, checkpoint.live_at)
        due_at = checkpoint.comment_at or call.since
        try:
            if await self._is_there(call, receipt.remote_id, comment):
                return receipt
        except NetworkError as error:
            return _wait(call, checkpoint, receipt, error, LOOK_AGAIN)
        if call.now < due_at:
            return Waiting(checkpoint, due_at - call.now, "The post is live; its first comment waits.")
        if checkpoint.comment_is_open:
            return self._look_later(call, checkpoint, receipt, due_at)
        try:
            path = f"{receipt.remote_id}/comments"
            await self.graph.post("comment.create", path, call.target.access_token, {"message": comment})
        except NetworkError as error:
            if not error.is_definite:
                return _wait(call, _sent_perhaps(checkpoint, call.now), receipt, error, LOOK_AGAIN)
            wait = error.retry_after or TRY_AGAIN
            return _wait(call, checkpoint.model_copy(update={"comment_at": call.now + wait}), receipt, error, wait)
        return receipt

    def _look_later(self, call: Call, checkpoint: P, receipt: Receipt, sent_at: datetime) -> Waiting[P] | Receipt:
        """It may have been sent before: the lists are believed once they have had time, then it is sent anew."""
        left = self.graph.ready_app.lists_settle - (call.now - sent_at)
        if call.now - (checkpoint.comment_since or sent_at) > PATIENCE:
            return _without(receipt, NOT_CONFIRMED)
        if left > timedelta(0):
            return Waiting(checkpoint, min(left, LOOK_AGAIN), "The post is live; its first comment is looked for.")
        anew = checkpoint.model_copy(update={"comment_at": call.now, "comment_is_open": False})
        return Waiting(anew, timedelta(0), "The post is live; its first comment is written now.")

    async def _is_there(self, call: Call, post_id: str, comment: str) -> bool:
        """Raises NetworkError, also when there are too many comments to tell."""
        tokens = (call.target.access_token, call.target.user_token)

        async def page(params: Mapping[str, str]) -> Node:
            return await self.graph.read("comment.list", f"{post_id}/comments", tokens, params)

        listing = await read_list(page, {"fields": self.fields, "limit": "50"}, lambda found: True)
        is_there = any(
            _folded(found.get(self.text_field)) == _folded(comment) and self._may_be_ours(found, call)
            for found in listing.nodes
        )
        if not is_there and not listing.is_whole:
            raise TOO_MANY
        return is_there

    def _may_be_ours(self, found: Node, call: Call) -> bool:
        """An author that cannot be told counts as us: rather no comment than two."""
        author = (found.get("from") or {}).get("id")
        return author is None or not self.tells_author or str(author) == call.target.remote_id


def _sent_perhaps(checkpoint: P, at: datetime) -> P:
    """What is stored of a comment that was sent, if at all, `at` that moment or before, and whose answer is lost."""
    return checkpoint.model_copy(update={"comment_is_open": True, "comment_at": at})


def _wait(call: Call, checkpoint: P, receipt: Receipt, error: NetworkError, wait: timedelta) -> Waiting[P] | Receipt:
    """Try again later what may pass, within patience; anything else is for a person."""
    since = checkpoint.comment_since or call.now
    if error.kind not in PASSING or call.now + wait - since > PATIENCE:
        return _without(receipt, error.message)
    return Waiting(checkpoint, wait, f"The post is live; its first comment waits. {error.message}")


def _without(receipt: Receipt, why: str) -> Receipt:
    return replace(receipt, note=f"The first comment could not be written: {why}")


def _folded(text: object) -> str:
    return " ".join(str(text or "").split())
