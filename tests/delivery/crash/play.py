"""One round: workers carry posts on while they are hurt, people act, and in the end everything is judged."""

import asyncio
import random
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final
from uuid import UUID

import httpx

from tests.delivery.crash.fleet import Fleet, running_fleet
from tests.delivery.crash.points import STOPS, Act, Fired, Point
from tests.delivery.crash.stage import LEASE_S, Row, Stage, Subject
from tests.delivery.crash.verdict import Tally, Wrong, judge, judge_unknown
from tests.networks.conformance.cases import CASES
from tests.support.world import Json

LOOK_EVERY_S: Final = 0.2
STOPPED_AT_MOST_S: Final = 20.0
SHOWS_AFTER_S: Final = 2.0  # until a network certainly shows what it has accepted
OVER: Final = frozenset({"published", "failed", "blocked", "cancelled"})
TOO_LATE: Final = 409
LOST_LEASE: Final = "delivery.lost_lease"  # the worker's word for it in its log

Wanted = Sequence[tuple[str, tuple[Point, ...]]]


def is_over(row: Row) -> bool:
    """Nothing happens to it any more, unless a person acts."""
    return row.state in OVER or (row.state == "unconfirmed" and row.is_idle)


@dataclass
class Sleepers:
    """Stopped workers, and when they may go on: late, when somebody else has taken over what they carried."""

    fleet: Fleet
    rows: dict[UUID, Row] = field(default_factory=dict)
    asleep: dict[Fired, float] = field(default_factory=dict)
    woken: set[Fired] = field(default_factory=set)

    def look(self, fired: Collection[Fired]) -> None:
        for each in fired:
            if each.act in STOPS and each not in self.woken:
                self.asleep.setdefault(each, monotonic())
        for each, since in list(self.asleep.items()):
            if not self.fleet.is_alive(each.pid):
                self._forget(each)
            elif self._may_go_on(each, monotonic() - since):
                self.fleet.wake(each.pid)
                self._forget(each)
        self.fleet.stopped = len(self.asleep)

    def _may_go_on(self, each: Fired, for_s: float) -> bool:
        row = self.rows.get(each.delivery_id)
        if row is None or for_s < LEASE_S:
            return False
        is_taken = row.fence > each.fence if each.act is Act.PAUSE else is_over(row)
        return is_taken or for_s > STOPPED_AT_MOST_S

    def _forget(self, each: Fired) -> None:
        self.woken.add(each)
        del self.asleep[each]


@dataclass
class Play:
    """`chance` decides what people do; `cancels`: of a hundred posts, how many they try to stop or to send anew.

    `faults` are the sandbox's, while workers are at work. `tell` is called after each round.
    """

    stage: Stage
    tally: Tally
    workers: int = 4
    chance: random.Random = field(default_factory=random.Random)
    cancels: int = 0
    faults: Sequence[Json] = ()
    within_s: float = 180.0
    tell: Callable[[Tally], None] = lambda _: None
    rounds: int = 0
    played: list[Subject] = field(default_factory=list)

    async def round(self, wanted: Wanted) -> list[Subject]:
        """Carry these posts on until each is over, and judge them: those of one kind of TikTok app after the other."""
        apps = [CASES[case].tiktok for case, _ in wanted]
        subjects = []
        for app in [app for place, app in enumerate(apps) if app not in apps[:place]]:
            subjects += await self._round([each for each in wanted if CASES[each[0]].tiktok == app], app)
        self.tell(self.tally)
        return subjects

    async def _round(self, wanted: Wanted, app: Mapping[str, Any]) -> list[Subject]:
        stage = self.stage
        subjects = await stage.plan(wanted)
        self.rounds += 1
        log_path = stage.folder.path.parent / f"workers-{self.rounds}.log"
        fleet = Fleet(stage.worker_settings(), app, stage.folder.path, log_path, self.workers)
        stage.network.hurt = fleet.hurt
        sleepers = Sleepers(fleet)
        for fault in self.faults:
            stage.network.sandbox.sandbox.faults.add(fault)
        async with running_fleet(fleet, lambda: sleepers.look(stage.folder.fired())):
            meddling = asyncio.create_task(self._meddle(subjects))
            await self._until_over(subjects, sleepers)
            await meddling
            await self._until_over(subjects, sleepers)
            await asyncio.sleep(SHOWS_AFTER_S)
        stage.network.sandbox.sandbox.faults.clear()
        self.tally.kills += fleet.kills
        self.tally.quitters += fleet.quitters
        self.tally.refused_writes += fleet.log_path.read_text().count(LOST_LEASE)
        await self._judge(subjects)
        return subjects

    async def look_again(self) -> None:
        """After all rounds: nothing went live late."""
        live = await self.stage.live()
        known = {text.partition(" (")[0] for text in self.tally.wrong[Wrong.DUPLICATES]}
        for subject in self.played:
            if len(live.get(subject.remote_profile_id, [])) > 1 and str(subject) not in known:
                self.tally.blame(Wrong.DUPLICATES, subject, "live once more, after everything was over")

    async def _until_over(self, subjects: Sequence[Subject], sleepers: Sleepers) -> None:
        """As long as it takes, within limits; what is unconfirmed is decided by a person who looks."""
        end = monotonic() + self.within_s
        since: dict[UUID, float] = {}
        while monotonic() < end:
            sleepers.rows = await self.stage.rows(subjects)
            unknown = {s for s in subjects if sleepers.rows[s.delivery_id].state == "unconfirmed"}
            idle = [s for s in unknown if sleepers.rows[s.delivery_id].is_idle]
            if not idle and not sleepers.asleep and all(is_over(row) for row in sleepers.rows.values()):
                return
            for subject in idle:
                seen = since.setdefault(subject.delivery_id, monotonic())
                if not sleepers.asleep and monotonic() - seen > SHOWS_AFTER_S:
                    await self._decide(subject)
                    del since[subject.delivery_id]
            await asyncio.sleep(LOOK_EVERY_S)

    async def _decide(self, subject: Subject) -> None:
        """The person looks at the profile and says what is there."""
        row = (await self.stage.rows([subject]))[subject.delivery_id]
        history = (await self.stage.histories([subject]))[subject.delivery_id]
        can_tell = CASES[subject.case].can_tell_absence and CASES[subject.case].can_tell_presence
        judge_unknown(self.tally, subject, row, history, is_expected=not can_tell)
        live = (await self.stage.live()).get(subject.remote_profile_id, [])
        seen = {"is_live": True, "permalink": live[0]["permalink"]} if live else {"is_live": False}
        await self.stage.world.editor.post(f"/deliveries/{subject.delivery_id}/resolve", seen)

    async def _meddle(self, subjects: Sequence[Subject]) -> None:
        """People who change their minds while it goes out: they cancel, or send it now once more."""
        for subject in subjects:
            if self.chance.randrange(100) >= self.cancels:
                continue
            await asyncio.sleep(self.chance.uniform(0, 0.5))
            verb, body = self.chance.choice([("cancel", None), ("schedule", {"now": True})])
            path = f"/posts/{subject.post_id}/{verb}"
            answer: httpx.Response = await self.stage.world.editor.request("POST", path, json=body or {})
            assert answer.is_success or answer.status_code == TOO_LATE, answer.text

    async def _judge(self, subjects: Sequence[Subject]) -> None:
        rows, histories = await self.stage.rows(subjects), await self.stage.histories(subjects)
        live = await self.stage.live()
        for subject in subjects:
            row, history = rows[subject.delivery_id], histories.get(subject.delivery_id, [])
            judge(self.tally, subject, row, history, live.get(subject.remote_profile_id, []))
        ours = {subject.delivery_id for subject in subjects}
        self.played += subjects
        self.tally.acts.update(str(each.act) for each in self.stage.folder.fired() if each.delivery_id in ours)
