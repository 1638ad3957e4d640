"""One claimed delivery, carried on as far as it goes now: look up, step, journal, decide."""

import random
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from postline import telemetry
from postline.core.content import content_hash
from postline.core.decide import Decision, Situation, decide, decide_unknown
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Done, Effect, Found, NotFound, Receipt, Restart, Waiting
from postline.core.preflight import Severity
from postline.core.retry import Policy
from postline.core.states import DeliveryState as S
from postline.delivery.claim import Claimed
from postline.delivery.journal import Journal, LostLease, Next
from postline.delivery.quota import Quota
from postline.delivery.targets import Targets
from postline.media.links import LinkSigner
from postline.media.source import StoredMedia
from postline.media.storage import MediaStorage
from postline.metrics.service import LADDER
from postline.networks.base import AnyNetwork, Call, Checkpoint, Step, Target
from postline.networks.http import GUARD
from postline.posts.compose import Networks, check_order
from postline.posts.gates import RECONNECT

log = structlog.get_logger()

T = TypeVar("T")

RESTART_AFTER: Final = timedelta(seconds=2)
INTENT: Final = Next(state=S.PUBLISHING)


@dataclass(frozen=True, slots=True)
class Media:
    """Where the bytes are, and under which address networks can fetch them."""

    storage: MediaStorage
    signer: LinkSigner
    public_root: str


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs deliveries. Holds no state between them."""

    networks: Networks
    targets: Targets
    media: Media
    journal: Journal
    policy: Policy
    quota: Quota

    async def run(self, delivery: Claimed) -> None:
        """In a task, and so in a context, of its own. Never raises for a network's failure; LostLease ends it silently,
        as someone else decides then.
        """
        structlog.contextvars.bind_contextvars(delivery=str(delivery.id), network=str(delivery.order.network))
        GUARD.set(lambda: _require_lease(delivery))
        try:
            await self._run(delivery)
        except LostLease:
            log.info("delivery.lost_lease")

    async def _run(self, delivery: Claimed) -> None:
        network = self.networks[delivery.order.network]
        steps = network.plan(delivery.order)
        _fit(delivery, steps)
        if delivery.was is S.PUBLISHING:
            delivery.note("taken_over", delivery.open_step, "The worker that had it stopped; another goes on.")
        if (refusal := self._refusal(delivery, network)) is not None:
            delivery.note("refused", None, refusal.reason or "")
            await self.journal.write(delivery, refusal)
            return
        if (wait := await self.quota.wait(delivery, network)) is not None:
            delivery.note("waiting", None, wait.reason or "")
            await self.journal.write(delivery, wait)
            return
        try:
            target = await _guarded(self.targets.open(delivery.access, delivery.now()))
        except NetworkError as error:
            if delivery.open_effect is Effect.ONCE:
                await self._still_unknown(delivery, error)
            else:
                await self._failed(delivery, None, Effect.READ, error)
            return
        is_unknown = delivery.open_effect is Effect.ONCE
        if is_unknown and not await self._look_up(delivery, network, steps, target):
            return
        await self._go_on(delivery, network, steps, target, is_intended=not is_unknown)

    async def _go_on(
        self,
        delivery: Claimed,
        network: AnyNetwork,
        steps: Sequence[Step[Any]],
        target: Target,
        *,
        is_intended: bool,
    ) -> None:
        """Run the steps that are left. The result of one and the intent of the next share a write.

        `is_intended`: nothing has changed since the claim, which was durable: it is the intent of a first call that
        can do no harm.
        """
        checkpoint = network.checkpoint.model_validate(delivery.checkpoint)
        begun = None
        if is_intended:
            # Whoever stopped between its claim and its first write may have made that first call.
            begun = delivery.open_step or (steps[delivery.steps_done].name if delivery.was is S.PUBLISHING else None)
        while True:
            step = steps[delivery.steps_done]
            if step.effect is not Effect.READ:  # people need not know of a question, but of its answer
                delivery.note("began", step.name, _intent(step))
            call = self._call(delivery, target, is_resumed=begun == step.name)
            delivery.begin(step.name, step.effect, call.now)
            if not is_intended or step.effect is Effect.ONCE:
                await self.journal.write(delivery, INTENT)
            begun, is_intended = None, False
            try:
                outcome = await _guarded(step.run(call, delivery.order, checkpoint))
            except NetworkError as error:
                await self._refused(delivery, step, target, error)
                return
            delivery.open_step = delivery.open_effect = None
            match outcome:
                case Done(checkpoint=checkpoint):
                    _advance(delivery, step, checkpoint)
                    if step.effect is Effect.ONCE:
                        delivery.note("accepted", step.name, "The network accepted the post.")
                case Waiting(checkpoint=achieved, after=after, message=message):
                    delivery.checkpoint = _plain(achieved)
                    delivery.note("waiting", step.name, message)
                    await self.journal.write(delivery, Next(state=S.SCHEDULED, wait=after, reason=message))
                    return
                case Restart(checkpoint=achieved, message=message):
                    await self._restart(delivery, step, achieved, message)
                    return
                case Receipt() as receipt:
                    await self._published(delivery, step, receipt)
                    return

    async def _look_up(
        self, delivery: Claimed, network: AnyNetwork, steps: Sequence[Step[Any]], target: Target
    ) -> bool:
        """The commit may have happened: ask before anything else. True when the plan may go on."""
        step = delivery.open_step or ""
        checkpoint = network.checkpoint.model_validate(delivery.checkpoint)
        answer: Found[Any] | NotFound[Any] | CannotTell | NetworkError
        try:
            answer = await _guarded(network.find(self._call(delivery, target), delivery.order, checkpoint))
        except NetworkError as error:
            answer = error
        commit = _commit_place(steps)
        match answer:
            case Found(checkpoint=achieved, evidence=evidence):
                delivery.checkpoint, delivery.steps_done, delivery.is_committed = (_plain(achieved), commit + 1, True)
                delivery.note("found", step, evidence)
            case NotFound(checkpoint=achieved, evidence=evidence):
                delivery.checkpoint, delivery.steps_done = _plain(achieved), commit
                delivery.attempts += 1
                if delivery.attempts >= self.policy.max_attempts:
                    delivery.note("not_found", step, evidence)
                    await self._give_up(delivery, evidence)
                    return False
                delivery.note("not_found", step, f"{evidence} It is sent again.")
            case CannotTell() | NetworkError():
                if isinstance(answer, NetworkError):
                    answer = await self._unless_alive(delivery, target, answer)
                await self._still_unknown(delivery, answer)
                return False
        delivery.open_step = delivery.open_effect = None
        delivery.lookups = 0
        return True

    async def _give_up(self, delivery: Claimed, evidence: str) -> None:
        delivery.open_step = delivery.open_effect = None
        reason = f"{evidence} Every try to send it was lost on the way. Try again later."
        await self.journal.write(delivery, Next(state=S.FAILED, error_code="out-of-attempts", reason=reason))

    async def _still_unknown(self, delivery: Claimed, answer: CannotTell | NetworkError) -> None:
        step = delivery.open_step
        if isinstance(answer, NetworkError):
            telemetry.ERRORS.labels(delivery.order.network, answer.kind).inc()
        if isinstance(answer, NetworkError) and answer.kind is ErrorKind.RECONNECT_NEEDED:
            # Nobody can ask the network until somebody reconnects; the open step stays, so it is asked then.
            to = Next(state=S.BLOCKED, error_code=RECONNECT.code, reason=answer.message)
            delivery.note("cannot_tell", step, answer.message)
            await self.journal.write(delivery, to)
            return
        evidence = answer.evidence if isinstance(answer, CannotTell) else answer.message
        decision = decide_unknown(answer, self._situation(delivery, Effect.ONCE), self.policy)
        if decision.wait is None:
            evidence = f"{evidence} The network cannot tell whether the post is live. Look there and decide."
        code = answer.code if isinstance(answer, NetworkError) else "outcome-unknown"
        delivery.note("cannot_tell", step, evidence)
        await self._decided(delivery, decision, code, evidence)

    async def _refused(self, delivery: Claimed, step: Step[Any], target: Target, error: NetworkError) -> None:
        error = await self._unless_alive(delivery, target, error)
        await self._failed(delivery, step.name, step.effect, error)

    async def _unless_alive(self, delivery: Claimed, target: Target, error: NetworkError) -> NetworkError:
        """What a refusal of our access means once the provider was asked: with living access it is passing."""
        if error.kind is not ErrorKind.RECONNECT_NEEDED:
            return error
        is_last = delivery.attempts + 1 >= self.policy.max_attempts
        if await self.targets.is_dead(delivery.access, target, error.message, delivery.now()) or is_last:
            return error
        return NetworkError(ErrorKind.TRANSIENT, error.code, error.message, is_definite=error.is_definite)

    async def _failed(self, delivery: Claimed, step: str | None, effect: Effect, error: NetworkError) -> None:
        decision = decide(error, self._situation(delivery, effect), self.policy, random.random())  # noqa: S311 - jitter
        # Without a step nothing was called, so what a stopped worker left open is still open.
        if step is not None and not decision.keeps_step_open:
            delivery.open_step = delivery.open_effect = None
        if error.kind is ErrorKind.CONTENT_REJECTED and error.is_definite:
            # The network itself says that nothing of it is live, so a new try begins from the beginning.
            delivery.checkpoint, delivery.steps_done, delivery.is_committed = {}, 0, False
        code = error.code
        if decision.state is S.BLOCKED and error.kind is ErrorKind.RECONNECT_NEEDED:
            code = RECONNECT.code
        telemetry.ERRORS.labels(delivery.order.network, error.kind).inc()
        log.warning("delivery.step_failed", step=step, kind=str(error.kind), code=error.code, next=str(decision.state))
        delivery.note("failed", step, f"{error.message} ({error.code})")
        await self._decided(delivery, decision, code, error.message)

    async def _decided(self, delivery: Claimed, decision: Decision, code: str, reason: str) -> None:
        delivery.attempts += decision.costs_attempt
        delivery.lookups += decision.costs_lookup
        await self.journal.write(
            delivery, Next(state=decision.state, wait=decision.wait, error_code=code, reason=reason)
        )

    async def _restart(self, delivery: Claimed, step: Step[Any], achieved: Checkpoint, message: str) -> None:
        """What was prepared is gone. Legal only while nothing can be visible."""
        delivery.note("restarted", step.name, message)
        if delivery.is_committed:
            unknown = Next(state=S.UNCONFIRMED, error_code="lost-after-commit", reason=message)
            await self.journal.write(delivery, unknown)
            return
        delivery.checkpoint, delivery.steps_done = _plain(achieved), 0
        delivery.attempts += 1
        if delivery.attempts >= self.policy.max_attempts:
            to = Next(state=S.FAILED, error_code="preparation-failed", reason=message)
        else:
            to = Next(state=S.SCHEDULED, wait=RESTART_AFTER, reason=message)
        await self.journal.write(delivery, to)

    async def _published(self, delivery: Claimed, step: Step[Any], receipt: Receipt) -> None:
        delivery.steps_done += 1
        delivery.is_committed = True
        where = f" at {receipt.permalink}" if receipt.permalink else ""
        delivery.note("published", step.name, receipt.note or f"It is live{where}.")
        to = Next(state=S.PUBLISHED, receipt=receipt, reason=receipt.note, ask_metrics=LADDER[0])
        await self.journal.write(delivery, to)
        log.info("delivery.published", remote_id=receipt.remote_id)

    def _refusal(self, delivery: Claimed, network: AnyNetwork) -> Next | None:
        """Why this must not be sent at all: not what was approved, or no longer allowed by the network's rules."""
        if delivery.steps_done or delivery.open_step:
            return None
        signed = content_hash(delivery.order)
        if signed != delivery.content_hash or (delivery.needs_approval and signed != delivery.approved_hash):
            reason = "The content is not what was approved. Send it for approval again."
            return Next(state=S.BLOCKED, error_code="not-approved", reason=reason)
        problems = check_order(delivery.order, network)
        errors = [problem for problem in problems if problem.severity is Severity.ERROR]
        if errors:
            return Next(state=S.FAILED, error_code=errors[0].code, reason=errors[0].message)
        return None

    def _call(self, delivery: Claimed, target: Target, *, is_resumed: bool = False) -> Call:
        media, now = self.media, delivery.now()
        return Call(
            target=target,
            media=StoredMedia(media.storage, media.signer, media.public_root, delivery.account_id, delivery.now),
            now=now,
            since=delivery.first_call_at or now,
            commit_began_at=delivery.commit_began_at,
            is_resumed=is_resumed,
        )

    def _situation(self, delivery: Claimed, effect: Effect) -> Situation:
        return Situation(
            effect=effect, is_committed=delivery.is_committed, attempt=delivery.attempts, lookups=delivery.lookups
        )


async def _guarded(call: Awaitable[T]) -> T:
    """A mistake of ours while calling a network is a failure like any other: it is counted, told and bounded."""
    try:
        return await call
    except (NetworkError, LostLease, SQLAlchemyError):
        raise
    except Exception as error:
        log.exception("delivery.call_crashed")
        text = f"Something went wrong inside Postline ({type(error).__name__}). It is tried again; the log tells more."
        raise NetworkError(ErrorKind.TRANSIENT, "internal-error", text) from error


def _require_lease(delivery: Claimed) -> None:
    """A worker that was stopped for long wakes up believing that it may go on. Raises LostLease."""
    if not delivery.is_ours():
        raise LostLease(delivery.id)


def _commit_place(steps: Sequence[Step[Any]]) -> int:
    return next(place for place, each in enumerate(steps) if each.effect is Effect.ONCE)


def _fit(delivery: Claimed, steps: Sequence[Step[Any]]) -> None:
    """A setting or a release may have changed the plan meanwhile: never past a commit that was not, nor back to one."""
    commit = _commit_place(steps)
    if delivery.is_committed:
        delivery.steps_done = min(max(delivery.steps_done, commit + 1), len(steps) - 1)
    else:
        delivery.steps_done = min(delivery.steps_done, commit)


def _advance(delivery: Claimed, step: Step[Any], achieved: Checkpoint) -> None:
    delivery.checkpoint = _plain(achieved)
    delivery.steps_done += 1
    delivery.attempts = 0
    delivery.is_committed = delivery.is_committed or step.effect is Effect.ONCE


def _plain(checkpoint: Checkpoint) -> dict[str, Any]:
    return checkpoint.model_dump(mode="json")


def _intent(step: Step[Any]) -> str:
    return "This call may make the post visible." if step.effect is Effect.ONCE else "Calling the network."
