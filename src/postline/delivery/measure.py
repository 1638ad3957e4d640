"""Counting what workers do, at the one place that everything they decide goes through."""

from datetime import timedelta
from typing import Final

from postline import telemetry
from postline.core.states import DeliveryState
from postline.delivery.claim import Claimed
from postline.delivery.journal import Journal, Next

WHOLE_SECOND: Final = timedelta(seconds=1)  # networks tell whole seconds; the journal stores the later bound too


class MeasuredJournal(Journal):
    """A journal that counts what it has written: nothing that could not be made durable is counted."""

    async def write(self, delivery: Claimed, to: Next) -> None:
        had_begun = delivery.first_call_at is not None
        is_takeover = any(entry.kind == "taken_over" for entry in delivery.untold)
        await super().write(delivery, to)
        network = delivery.order.network
        if is_takeover:
            telemetry.TAKEOVERS.labels(network).inc()
        if delivery.first_call_at is not None and not had_begun:
            _observe(delivery, "first_call", delivery.first_call_at - delivery.due_at)
        if to.state is not DeliveryState.PUBLISHING:
            telemetry.DECISIONS.labels(network, to.state).inc()
        if to.state is DeliveryState.PUBLISHED:
            told = to.receipt.live_at if to.receipt else None
            seen = delivery.now()
            _observe(delivery, "live", (min(told + WHOLE_SECOND, seen) if told else seen) - delivery.due_at)


def _observe(delivery: Claimed, moment: str, late: timedelta) -> None:
    telemetry.LATENESS.labels(delivery.order.network, moment).observe(max(0.0, late.total_seconds()))
