"""A network and its provider that answer as a test tells them, and know what the public sees."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from postline.core.capabilities import Capabilities
from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Done, Effect, Found, NotFound, Receipt, Restart, Waiting
from postline.core.preflight import Problem
from postline.core.words import Format, Metric, NetworkKey
from postline.networks import base
from postline.networks.base import Call, Grant, RemoteProfile, Step, Target
from postline.networks.facebook.capabilities import CAPABILITIES
from postline.networks.http import HttpClient
from postline.networks.meta.graph import Graph
from postline.networks.meta.oauth import MetaProvider
from tests.delivery.model.hands import HAND, Answer, Hand, Place
from tests.delivery.model.truth import Truth

SOON: Final = timedelta(seconds=5)
ERRORS: Final[Mapping[Answer, NetworkError]] = {
    Answer.BUSY: NetworkError(ErrorKind.TRANSIENT, "busy", "The network is busy.", is_definite=True),
    Answer.RATE_LIMITED: NetworkError(ErrorKind.RATE_LIMITED, "slow", "Too many calls.", SOON, is_definite=True),
    Answer.REJECTED: NetworkError(ErrorKind.CONTENT_REJECTED, "no", "Refused. Change the post.", is_definite=True),
    Answer.ACCESS_DEAD: NetworkError(ErrorKind.RECONNECT_NEEDED, "dead", "Reconnect the profile.", is_definite=True),
    Answer.LOST_BEFORE: NetworkError(ErrorKind.TRANSIENT, "cut", "The connection was cut."),
    Answer.LOST_AFTER: NetworkError(ErrorKind.TRANSIENT, "timeout", "No answer came."),
}
TROUBLE: Final = (Answer.BUSY, Answer.ACCESS_DEAD, Answer.MISTAKE)
ANSWERS: Final[Mapping[Place, tuple[Answer, ...]]] = {
    Place.PREPARE: (Answer.FINE, Answer.RATE_LIMITED, Answer.REJECTED, *TROUBLE),
    Place.PROCESS: (Answer.FINE, Answer.LATER, Answer.GONE, *TROUBLE),
    Place.COMMIT: tuple(answer for answer in Answer if answer not in (Answer.LATER, Answer.UNSURE, Answer.BUSY)),
    Place.READ: (Answer.FINE, Answer.LATER, Answer.GONE, *TROUBLE),
    Place.FIND: (Answer.FINE, Answer.UNSURE, *TROUBLE),
}

T = TypeVar("T")
Outcome = Done["Checkpoint"] | Waiting["Checkpoint"] | Restart["Checkpoint"] | Receipt


class Checkpoint(base.Checkpoint):
    container: str | None = None


Run = Callable[[Call, PublishOrder, Checkpoint], Awaitable[Outcome]]


@dataclass(eq=False)
class ScriptedNetwork:
    """Prepares a container, waits for it, publishes it by name, reads where it is.

    `is_fenced`: publishing a container twice shows it once, and a look-up tells for certain that it did not happen.
    Otherwise each call makes another post, and a look-up that finds none proves nothing. `resumed`: the steps that were
    told that a worker had stopped in them.
    """

    truth: Truth
    is_fenced: bool = True
    key: NetworkKey = NetworkKey.FACEBOOK
    capabilities: Capabilities = CAPABILITIES
    checkpoint: type[Checkpoint] = Checkpoint
    options: type[BaseModel] = BaseModel
    resumed: list[Place] = field(default_factory=list)
    _names: "count[int]" = field(default_factory=count)
    _gone: set[str] = field(default_factory=set)

    def plan(self, order: PublishOrder) -> Sequence[Step[Checkpoint]]:
        return (
            self._step(Place.PREPARE, Effect.REPEATABLE, self._prepare),
            self._step(Place.PROCESS, Effect.READ, self._process),
            self._step(Place.COMMIT, Effect.ONCE, self._commit),
            self._step(Place.READ, Effect.READ, self._read),
        )

    def _step(self, place: Place, effect: Effect, run: Run) -> Step[Checkpoint]:
        async def noted(call: Call, order: PublishOrder, checkpoint: Checkpoint) -> Outcome:
            if call.is_resumed:
                self.resumed.append(place)
            return await run(call, order, checkpoint)

        return Step(place, effect, noted)

    async def find(
        self, call: Call, order: PublishOrder, checkpoint: Checkpoint
    ) -> Found[Checkpoint] | NotFound[Checkpoint] | CannotTell:
        hand = HAND.get()
        if await _answer(hand, Place.FIND) is Answer.UNSURE:
            return CannotTell("The network does not say.")
        if self.truth.of(hand).shown:
            return Found(checkpoint, "It is there.")
        return NotFound(checkpoint, "It is not there.") if self.is_fenced else CannotTell("It is not there yet.")

    def check(self, order: PublishOrder) -> list[Problem]:
        return []

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        return {}

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        return {}

    async def _prepare(self, call: Call, order: PublishOrder, checkpoint: Checkpoint) -> Outcome:
        await _answer(HAND.get(), Place.PREPARE)
        return Done(Checkpoint(container=f"container {next(self._names)}"))

    async def _process(self, call: Call, order: PublishOrder, checkpoint: Checkpoint) -> Outcome:
        match await _answer(HAND.get(), Place.PROCESS):
            case Answer.LATER:
                return Waiting(checkpoint, SOON, "The network prepares it.")
            case Answer.GONE:
                return Restart(Checkpoint(), "What was prepared has expired.")
        return Done(checkpoint)

    async def _commit(self, call: Call, order: PublishOrder, checkpoint: Checkpoint) -> Outcome:
        hand = HAND.get()
        container = checkpoint.container or ""
        answer = await hand.stop(Place.COMMIT)
        planned = self.truth.of(hand)
        is_live = self.is_fenced and container in planned.shown
        if hand.is_outlived:
            raise ERRORS[Answer.LOST_BEFORE]
        if answer is Answer.MISTAKE:
            raise RuntimeError("a mistake of ours")
        if answer is Answer.LOST_BEFORE or (answer in ERRORS and answer is not Answer.LOST_AFTER and not is_live):
            if answer is Answer.REJECTED:
                self._gone.add(container)
            raise ERRORS[answer]
        if not is_live and (answer is Answer.GONE or container in self._gone):
            self._gone.add(container)
            return Restart(Checkpoint(), "What was prepared has expired.")
        if not is_live:
            self.truth.became_visible(hand, order, container)
        if answer is Answer.LOST_AFTER:
            raise ERRORS[answer]
        return Done(checkpoint)

    async def _read(self, call: Call, order: PublishOrder, checkpoint: Checkpoint) -> Outcome:
        match await _answer(HAND.get(), Place.READ):
            case Answer.LATER:
                return Waiting(checkpoint, SOON, "The network processes it.")
            case Answer.GONE:
                return Restart(checkpoint, "The network no longer knows of it.")
        return Receipt(remote_id=f"post of {checkpoint.container}", permalink=None)


async def _answer(hand: Hand, place: Place) -> Answer:
    answer = await hand.stop(place)
    if answer is Answer.MISTAKE:
        raise RuntimeError("a mistake of ours")
    if answer in ERRORS:
        raise ERRORS[answer]
    return answer


class ScriptedProvider(MetaProvider):
    """Gives access to `remote_profiles`; proves it dead whenever a network refused it."""

    def __init__(self, truth: Truth, remote_profiles: Sequence[RemoteProfile]) -> None:
        super().__init__(Graph(HttpClient(), None, "Meta"))
        self.remote_profiles = remote_profiles
        self._truth = truth
        self._tokens = count()

    def grant(self) -> Grant:
        return Grant(
            subject_id="person",
            access_token=f"token {next(self._tokens)}",
            refresh_token=None,
            scopes=frozenset(),
            expires_at=None,
            refresh_expires_at=None,
        )

    async def revive(self, grant: Grant, token: str, network: NetworkKey, now: datetime) -> Grant | None:
        self._truth.access_died()
        return None
