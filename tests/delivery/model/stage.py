"""The real services, claims, journal and runner around a scripted network, in an account of one example alone."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from postline.accounts.actor import Actor, postline_itself
from postline.accounts.schemas import AccountChange
from postline.accounts.service import change_account, create_account, get_account
from postline.connections.service import complete_consent, get_connection
from postline.connections.vault import Vault
from postline.core.ids import new_id
from postline.core.retry import Policy, seconds
from postline.core.states import DeliveryState
from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.claim import Claimed, Lease, hand_back, renew
from postline.delivery.journal import Journal, LostLease, Next
from postline.delivery.quota import Quota
from postline.delivery.runner import Media, Runner
from postline.delivery.targets import Targets
from postline.media.links import LinkSigner
from postline.media.storage import MediaStorage
from postline.networks.base import RemoteProfile
from postline.posts import service, workflow
from postline.posts.compose import Networks
from postline.posts.schemas import PostIn, ScheduleIn
from postline.profiles.service import bind, unbind
from postline.refusals import Refusal
from tests.delivery.model.hands import HAND, Answer, Hand, Place
from tests.delivery.model.network import ScriptedNetwork, ScriptedProvider
from tests.delivery.model.people import ACTS, TOO_LATE, Act, Desk
from tests.delivery.model.truth import Planned, Truth
from tests.support.rows import claim

KEY: Final = bytes(range(32))
WORKERS: Final = tuple(Lease(name, timedelta(minutes=10)) for name in ("worker a", "worker b"))
POLICY: Final = Policy(max_attempts=3, max_reads=4, lookups=seconds(1, 1, 1))
ENDED: Final = (DeliveryState.PUBLISHED, DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.CANCELLED)
ROUNDS_TO_END: Final = 30
APPROVALS: Final = (False, True)  # of each post: whether it needs one

ROWS: Final = text(
    "SELECT d.*, p.status AS profile_status FROM deliveries AS d JOIN profiles AS p ON p.id = profile_id"
)
SNAPSHOT: Final = text("""
    SELECT to_jsonb(d), (SELECT count(*) FROM journal AS j WHERE j.delivery_id = d.id)
    FROM deliveries AS d WHERE id = :id
""")
HASTEN: Final = text("""
    UPDATE deliveries SET run_at = now() WHERE state IN ('scheduled', 'unconfirmed') AND run_at > now()
""")
LAPSE: Final = text("UPDATE deliveries SET run_at = now() WHERE id = :id AND state = 'publishing'")
BLOCKED_WRITES: Final = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


class SteppedJournal(Journal):
    """The real journal; the hand stops before each write, and the model learns what came of it."""

    def __init__(self, database: Database, truth: Truth) -> None:
        super().__init__(database)
        self._truth = truth

    async def write(self, delivery: Claimed, to: Next) -> None:
        hand = HAND.get()
        await hand.stop(Place.WRITE)
        try:
            await super().write(delivery, to)
        except LostLease:
            self._truth.could_not_write(hand)
            raise
        self._truth.wrote(hand, delivery, to)


class Stage:
    """Two posts for two profiles, one of them in need of approval, and two workers."""

    def __init__(self, database: Database, folder: Path, *, is_fenced: bool) -> None:
        self.database = database
        self.truth = Truth()
        self.current: list[Planned] = []  # the latest for each profile
        self.hands: list[Hand] = []
        self.network = ScriptedNetwork(self.truth, is_fenced)
        pages = [
            RemoteProfile(
                network=NetworkKey.FACEBOOK,
                remote_id=str(number),
                name=f"Page {number}",
                handle=None,
                avatar_url=None,
                access_token=f"page token {number}",
            )
            for number in range(len(APPROVALS))
        ]
        self.provider = ScriptedProvider(self.truth, pages)
        self.networks: Networks = {NetworkKey.FACEBOOK: self.network}
        self._account_id = new_id()
        self._connection_id: UUID | None = None
        self._remote_ids: dict[UUID, str] = {}
        self._vault = Vault([KEY])
        self._runner = Runner(
            networks=self.networks,
            targets=Targets(database, self._vault, {self.provider.key: self.provider}),
            media=Media(MediaStorage(folder.as_uri()), LinkSigner([KEY]), "http://127.0.0.1"),
            journal=SteppedJournal(database, self.truth),
            policy=POLICY,
            quota=Quota(database),
        )

    @property
    def _actor(self) -> Actor:
        return postline_itself(self._account_id)

    async def open(self) -> None:
        async with self.database.as_account(self._account_id) as session:
            create_account(session, self._account_id, "Model", "UTC").is_enabled = True
        await self.reconnect()
        for page, needs_approval in zip(self.provider.remote_profiles, APPROVALS, strict=True):
            profile_id = await self._bind(page.remote_id)
            self._remote_ids[profile_id] = page.remote_id
            self.current.append(await self._plan(profile_id, needs_approval=needs_approval))

    async def _plan(self, profile_id: UUID, *, needs_approval: bool) -> Planned:
        now = datetime.now(UTC)
        async with self.database.as_account(self._account_id) as session:
            account = await get_account(session, self._account_id)
            given = PostIn(caption="Hello", profile_ids=[profile_id], local_time=now.replace(tzinfo=None))
            post = await service.create_post(session, self._actor, account, given)
            if needs_approval:
                await workflow.submit(session, self._actor, post.id, None, self.networks, now)
                await workflow.approve(session, self._actor, post.id, None, self.networks, now)
            else:
                await workflow.schedule(session, self._actor, post.id, ScheduleIn(now=True), self.networks, now)
            [delivery] = post.deliveries
            planned = self.truth.planned[delivery.id] = Planned(
                id=delivery.id,
                post_id=post.id,
                profile_id=profile_id,
                caption="Hello",
                needs_approval=needs_approval,
                approved="Hello" if needs_approval else None,
            )
        return planned

    async def plan_after(self, planned: Planned) -> None:
        """Another post for the same profile takes the place of one that has ended."""
        place = self.current.index(planned)
        self.current[place] = await self._plan(planned.profile_id, needs_approval=planned.needs_approval)

    async def rows(self) -> dict[UUID, Any]:
        async with self.database.as_worker() as session:
            return {row.id: row for row in await session.execute(ROWS)}

    # What workers do

    async def claim(self, lease: Lease) -> list[Hand]:
        """All that can be claimed, in the order of its planning, so that examples can be repeated."""
        started = []
        found = await claim(self.database, lease, len(self.truth.planned))
        for claimed in sorted(found, key=lambda each: each.id):
            hand = Hand(lease, claimed, self.truth.planned[claimed.id].generation)
            self.truth.claimed(hand)
            await hand.start(self._runner.run)
            self._keep(hand)
            started.append(hand)
        return started

    async def go_on(self, hand: Hand, answer: Answer) -> None:
        """One micro-step. A write of a hand that may not write must change nothing."""
        is_void = hand.place is Place.WRITE and self.truth.of(hand).holder is not hand
        before = await self._snapshot(hand) if is_void else None
        hand.let_go(answer)
        await hand.settled()
        if is_void and await self._snapshot(hand) != before:
            self.truth.violations.append(f"a void write changed {self.truth.of(hand)}")
        self._drop_if_done(hand)

    async def kill(self, hand: Hand) -> None:
        await hand.kill()
        self._drop_if_done(hand)

    async def lapse(self, hand: Hand) -> None:
        hand.is_lapsed = True
        async with self.database.as_worker() as session:
            await session.execute(LAPSE, {"id": hand.claimed.id})

    async def renew(self, hand: Hand) -> None:
        extended, lost = await renew(self.database, hand.lease, {hand.claimed.id: hand.fence})
        is_ours = self.truth.of(hand).holder is hand
        if (bool(extended), bool(lost)) != (is_ours, not is_ours):
            self.truth.violations.append(f"extended: {bool(extended)}, lost: {bool(lost)}, its own: {is_ours}")
        hand.is_lapsed = hand.is_lapsed and not is_ours

    async def hand_back(self, lease: Lease) -> None:
        await hand_back(self.database, lease)
        for planned in self.truth.planned.values():
            if planned.holder is not None and planned.holder.lease is lease:
                planned.holder.is_lapsed = True

    async def hasten(self) -> None:
        """What waits for a time, for another try or for a look-up is due now."""
        async with self.database.as_worker() as session:
            await session.execute(HASTEN)

    # What people do

    async def act(self, name: str, act: Act, planned: Planned, racing: Hand | None = None) -> None:
        """One act in one transaction. `racing`: a hand whose write waits for this transaction to end."""
        row = (await self.rows())[planned.id]
        state, was_late = DeliveryState(row.state), planned.is_late
        may = act.may_be_refused(planned, state, is_ready=row.profile_status == "active")
        must = act.must_be_refused(planned, state)
        refused = None
        try:
            async with self.database.as_account(self._account_id) as session:
                try:
                    await act.do(Desk(session, self._actor, self.networks), planned)
                    await session.flush()
                    act.accepted(planned)
                finally:
                    if racing is not None:
                        racing.let_go()
                        await self._until_blocked(racing)
        except Refusal as refusal:
            refused = refusal.slug
        if racing is not None:
            await racing.settled()
            self._drop_if_done(racing)
        told = f"{name} of a {state} delivery ({was_late=}) was answered with {refused}: {planned}"
        if must and refused != TOO_LATE:
            self.truth.violations.append(told)
        if refused is not None and not may:
            self.truth.violations.append(told)

    async def switch(self, *, on: bool) -> None:
        if not on:
            self.truth.stop(self.truth.planned.values())
            for planned in self.truth.planned.values():
                planned.is_excused = planned.is_late
        async with self.database.as_account(self._account_id) as session:
            await change_account(session, self._actor, AccountChange(is_enabled=on), datetime.now(UTC))
        self.truth.is_enabled = on

    async def reconnect(self) -> None:
        """The consent came back."""
        async with self.database.as_account(self._account_id) as session:
            connection = await complete_consent(
                session,
                self._actor,
                self._vault,
                self.provider,
                self.provider.grant(),
                self.provider.remote_profiles,
                self._connection_id,
                datetime.now(UTC),
            )
            self._connection_id = connection.id
        self.truth.is_access_dead = False

    async def bind(self, planned: Planned) -> None:
        await self._bind(self._remote_ids[planned.profile_id])
        planned.is_bound = True

    async def _bind(self, remote_id: str) -> UUID:
        async with self.database.as_account(self._account_id) as session:
            assert self._connection_id is not None
            profile = await bind(
                session,
                self._actor,
                self._vault,
                await get_connection(session, self._connection_id),
                self.provider.remote_profiles,
                NetworkKey.FACEBOOK,
                remote_id,
                datetime.now(UTC),
            )
            return profile.id

    async def unbind(self, planned: Planned) -> None:
        self.truth.stop([planned])
        async with self.database.as_account(self._account_id) as session:
            await unbind(session, self._actor, planned.profile_id)
        planned.is_bound = False

    async def come_to_rest(self) -> None:
        """All workers die; then the world is kind. Everything must end, and be live just when it says so."""
        for hand in list(self.hands):
            await self.kill(hand)
        await self.switch(on=True)
        await self.reconnect()
        for planned in self.current:
            await self.bind(planned)
        for _ in range(ROUNDS_TO_END):
            for planned in self.truth.planned.values():
                if planned.holder is not None:
                    await self.lapse(planned.holder)
            await self.hasten()
            await self.claim(WORKERS[0])
            while self.hands:
                await self.go_on(self.hands[0], Answer.FINE)
            rows = await self.rows()
            for row in rows.values():
                if row.state == DeliveryState.UNCONFIRMED and row.run_at is None:
                    await self.act("resolve", ACTS["resolve"], self.truth.planned[row.id])
            if all(row.state in ENDED for row in rows.values()):
                break
        for row in rows.values():
            planned = self.truth.planned[row.id]
            assert row.state in ENDED, f"{row}: {planned}"
            assert (row.state == DeliveryState.PUBLISHED) == (len(planned.shown) == 1), f"{row}: {planned}"
        assert not self.truth.violations, self.truth.violations

    # What the test sees

    def _keep(self, hand: Hand) -> None:
        if not hand.is_done:
            self.hands.append(hand)

    def _drop_if_done(self, hand: Hand) -> None:
        if hand.is_done and hand in self.hands:
            self.hands.remove(hand)

    async def _snapshot(self, hand: Hand) -> Sequence[Any]:
        async with self.database.as_worker() as session:
            return tuple((await session.execute(SNAPSHOT, {"id": hand.claimed.id})).one())

    async def _until_blocked(self, hand: Hand) -> None:
        """Until the hand's write waits for a lock of ours, or went through without one."""
        async with self.database.as_worker() as session:
            while hand.place is None and not hand.is_done:
                if await session.scalar(BLOCKED_WRITES):
                    return
                await asyncio.sleep(0.002)
