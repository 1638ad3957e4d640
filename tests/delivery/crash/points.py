"""Points at which a worker can be hurt: where they are, what can happen there, and how a worker learns of them.

A point lies in a folder that the test and its workers share, so that it outlives whoever it kills and is used once.
"""

import json
import os
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

LOOK_UP: Final = "look_up"  # in place of a step's name: the outcome of the commit is being looked up


class Moment(StrEnum):
    """What a worker passes while it carries a delivery on, in this order for each step."""

    CLAIMED = "claimed"  # the claim is durable, its answer not yet read
    INTENT = "intent"  # the intent is about to be stored
    BEGUN = "begun"  # it is stored, and the call has not left
    SENDING = "sending"  # a call is about to leave
    UPLOADING = "uploading"  # some of its body has left
    ACCEPTED = "accepted"  # the network has carried it out and has not answered
    ANSWERED = "answered"  # the answer has arrived, and nothing of it is stored
    RESULT = "result"  # what came of it is about to be stored
    STORED = "stored"  # it is stored


class Act(StrEnum):
    KILL = "kill"  # SIGKILL
    PAUSE = "pause"  # SIGSTOP until somebody else has taken over, then SIGCONT
    FREEZE = "freeze"  # SIGSTOP until everything is over, then SIGCONT
    CUT = "cut"  # the connection to the database ends before the statement arrives
    CUT_ANSWER = "cut_answer"  # it ends after the commit, so that nobody learns of it
    RESET = "reset"  # the connection to the network is reset before the call arrives
    LOSE = "lose"  # it is reset after the call was carried out, so that the answer is lost


STOPS: Final = (Act.PAUSE, Act.FREEZE)
DEATHS: Final = (Act.KILL, *STOPS)
CUTS: Final = (Act.CUT, Act.CUT_ANSWER)

ACTS: Final[Mapping[Moment, tuple[Act, ...]]] = {
    Moment.CLAIMED: (Act.KILL, Act.CUT_ANSWER),
    Moment.INTENT: (*DEATHS, *CUTS),
    Moment.BEGUN: DEATHS,
    Moment.SENDING: (Act.RESET,),
    Moment.UPLOADING: (Act.KILL, Act.PAUSE),
    Moment.ACCEPTED: (*DEATHS, Act.LOSE),
    Moment.ANSWERED: DEATHS,
    Moment.RESULT: (*DEATHS, *CUTS),
    Moment.STORED: (Act.KILL,),
}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """`step` is empty while none has begun."""

    step: str
    moment: Moment

    def __str__(self) -> str:
        return f"{self.step or '-'}/{self.moment}"


@dataclass(frozen=True, slots=True)
class Point:
    """What happens to the worker that passes `place` (None: any place where this can happen) for the `nth` time."""

    act: Act
    place: Place | None = None
    nth: int = 1

    def matches(self, place: Place) -> bool:
        return place == self.place if self.place is not None else self.act in ACTS[place.moment]

    def to_json(self) -> dict[str, Any]:
        place = [self.place.step, self.place.moment] if self.place else None
        return {"act": self.act, "place": place, "nth": self.nth}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "Point":
        place = Place(plain["place"][0], Moment(plain["place"][1])) if plain["place"] else None
        return cls(Act(plain["act"]), place, plain["nth"])


@dataclass(frozen=True, slots=True)
class Fired:
    """An act that happened to process `pid`, which had the delivery with `fence` (0: not known)."""

    delivery_id: UUID
    act: Act
    place: Place
    pid: int
    fence: int


@dataclass(frozen=True, slots=True)
class Folder:
    """The shared folder: `<delivery>.armed` lists points, each removed when it fires; `.passed` what was passed."""

    path: Path
    _fired: dict[Path, Fired] = field(default_factory=dict)

    def arm(self, delivery_id: UUID, *points: Point) -> None:
        self._replace(self._armed(delivery_id), [point.to_json() for point in points])

    def armed(self, delivery_id: UUID) -> list[Point]:
        """The points that have not fired; the first of them is the next."""
        try:
            return [Point.from_json(each) for each in json.loads(self._armed(delivery_id).read_text())]
        except FileNotFoundError:
            return []

    def passing(self, delivery_id: UUID, place: Place, fence: int) -> Act | None:
        """Note that a worker passes here. What shall happen to it now: then it is noted that it has happened."""
        passed = self.passed(delivery_id)
        self._append(delivery_id, place)
        points = self.armed(delivery_id)
        if not points or not points[0].matches(place):
            return None
        point, rest = points[0], points[1:]
        if sum(point.matches(each) for each in passed) + 1 < point.nth:
            return None
        fired = [str(delivery_id), point.act, place.step, place.moment, os.getpid(), fence]
        self._replace(self.path / f"{delivery_id}.{random.getrandbits(40):x}.fired", fired)
        self._replace(self._armed(delivery_id), [each.to_json() for each in rest])
        return point.act

    def passed(self, delivery_id: UUID) -> list[Place]:
        try:
            lines = self._passed(delivery_id).read_text().splitlines()
        except FileNotFoundError:
            return []
        return [Place(step, Moment(moment)) for step, moment in (line.split("\t") for line in lines)]

    def fired(self) -> Collection[Fired]:
        """What has happened so far, in no order."""
        for path in set(self.path.glob("*.fired")) - self._fired.keys():
            delivery_id, act, step, moment, pid, fence = json.loads(path.read_text())
            self._fired[path] = Fired(UUID(delivery_id), Act(act), Place(step, Moment(moment)), pid, fence)
        return self._fired.values()

    def _append(self, delivery_id: UUID, place: Place) -> None:
        with self._passed(delivery_id).open("a") as file:
            file.write(f"{place.step}\t{place.moment}\n")

    def _replace(self, path: Path, content: object) -> None:
        """Whole or not at all, whenever the writer dies."""
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(content))
        draft.replace(path)

    def _armed(self, delivery_id: UUID) -> Path:
        return self.path / f"{delivery_id}.armed"

    def _passed(self, delivery_id: UUID) -> Path:
        return self.path / f"{delivery_id}.passed"
