"""What the queue's numbers say, and what it costs to ask for them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from postline.db.engine import Database
from postline.delivery import queue
from postline.delivery.queue import COUNTED_AT_MOST, NUMBERS, QueueGauge, read_queue
from tests.operations.rows import add_waiting, ago, delivery_in, scans
from tests.support.rows import scheduled_deliveries

pytestmark = pytest.mark.anyio

SITUATIONS = {  # name: (columns, where it is counted)
    "nobody has taken it": ({"run_at": ago(minutes=1), "due_at": ago(minutes=1)}, "due"),
    "it was to be tried again by now": ({"run_at": ago(minutes=1), "due_at": ago(hours=1)}, "due"),
    "a worker has it": ({"state": "publishing", "run_at": ago(minutes=-1)}, "in_flight"),
    "a dead worker had it": ({"state": "publishing", "run_at": ago(minutes=1)}, "in_flight"),
    "it backs off": ({"run_at": ago(minutes=-10)}, "waiting"),
    "the network is asked": ({"state": "unconfirmed", "run_at": ago(minutes=-10)}, "unconfirmed"),
    "a person is asked": ({"state": "unconfirmed", "run_at": None}, "undecided"),
    "it is live": ({"state": "published", "run_at": None}, None),
    "it waits for next week": ({"run_at": ago(days=-7), "due_at": ago(days=-7)}, None),
}


@pytest.mark.parametrize(("columns", "counted"), SITUATIONS.values(), ids=SITUATIONS)
async def test_a_delivery_is_counted_where_it_stands(
    database: Database, columns: dict[str, object], counted: str | None
) -> None:
    await delivery_in(database, **columns)
    counts = (await read_queue(database)).counts
    assert {state for state, count in counts.items() if count} == ({counted} if counted else set())


async def test_an_empty_queue_is_not_overdue(database: Database) -> None:
    numbers = await read_queue(database)
    assert (numbers.untaken_s, numbers.overdue_s) == (0, 0)


async def test_the_two_ages_tell_a_missing_worker_from_a_network_that_fails(database: Database) -> None:
    await delivery_in(database, due_at=ago(hours=2), run_at=ago(minutes=-10), attempts=3)
    backing_off = await read_queue(database)
    assert backing_off.untaken_s == 0
    assert backing_off.overdue_s == pytest.approx(7200, abs=30)
    await delivery_in(database, due_at=ago(minutes=5), run_at=ago(minutes=5))
    untaken = await read_queue(database)
    assert untaken.untaken_s == pytest.approx(300, abs=30)
    assert untaken.overdue_s == pytest.approx(7200, abs=30)


async def test_what_waits_for_later_is_not_even_read(database: Database) -> None:
    await scheduled_deliveries(database, 3)
    await add_waiting(database, 20_000)
    async with database.as_worker() as session:
        plan = list(await session.scalars(text(f"EXPLAIN {NUMBERS.text}"), {"most": COUNTED_AT_MOST}))
    assert scans(plan) == {"deliveries_run_at_ix", "deliveries_begun_ix"}
    assert (await read_queue(database)).counts["due"] == 3


async def test_many_who_ask_cost_one_read(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    gauge = QueueGauge(database, good_for=timedelta(seconds=5))
    now = 100.0
    monkeypatch.setattr(queue, "monotonic", lambda: now)
    await gauge.read()
    await scheduled_deliveries(database, 2)
    now += 4.9
    assert (await gauge.read()).counts["due"] == 0
    now += 0.1
    assert (await gauge.read()).counts["due"] == 2
