"""Counting what workers do, at the one place that everything they decide goes through."""

from datetime import timedelta
from functools import cache
from typing import Final

from postline import telemetry
from postline.core.states import DeliveryState
from postline.delivery.claim import Claimed
from postline.delivery.journal import Journal, Next

# Looking a child up costs more than counting with it.
_decisions, _lateness = cache(telemetry.DECISIONS.labels), cache(telemetry.LATENESS.labels)

WHOLE_SECOND: Final = timedelta(seconds=1)  # networks tell whole seconds; the journal stores the later bound too


class MeasuredJournal(Journal):
    """A journal that counts what it has written: nothing that could not be made durable is counted."""

    async def write(self, delivery: Claimed, to: Next) -> None:
        first_call = delivery.untold_call
        is_takeover = delivery.was is DeliveryState.PUBLISHING and any(e.kind == "taken_over" for e in delivery.untold)
        await super().write(delivery, to)
        network = delivery.order.network
        if is_takeover:
            telemetry.TAKEOVERS.labels(network).inc()
        if first_call is not None:
            _observe(delivery, "first_call", first_call - delivery.due_at)
        if to.state is not DeliveryState.PUBLISHING:
            _decisions(network, to.state).inc()
        if to.state is DeliveryState.PUBLISHED:
            told = to.receipt.live_at if to.receipt else None
            seen = delivery.now()
            _observe(delivery, "live", (min(told + WHOLE_SECOND, seen) if told else seen) - delivery.due_at)


def _observe(delivery: Claimed, moment: str, late: timedelta) -> None:
    _lateness(delivery.order.network, moment).observe(max(0.0, late.total_seconds()))
