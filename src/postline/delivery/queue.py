"""What waits, what is under way and what is overdue, over all workers: read from the database when somebody asks."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import text

from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.posts.models import BEGUN, IN_ANY_LANE

COUNTED_AT_MOST: Final = 100_000  # a count must stay cheap when something is badly wrong
GOOD_FOR_S: Final = 5.0

# What is due stands at the beginning of one index (which begins with the lane, hence all are named), what has begun
# is all that another one holds: what waits for later is read by neither.
NETWORKS: Final = ", ".join(f"'{each}'" for each in NetworkKey)
IS_DUE: Final = f"{IN_ANY_LANE} AND run_at <= now()"
HAS_BEGUN: Final = f"({BEGUN})"

NUMBERS: Final = text(f"""
    WITH due AS MATERIALIZED (
        SELECT state, due_at, run_at FROM deliveries WHERE {IS_DUE} LIMIT :most
    ), begun AS MATERIALIZED (
        SELECT state, due_at, run_at, is_committed, incident_at FROM deliveries WHERE {HAS_BEGUN} LIMIT :most
    ), lanes AS (
        SELECT (
            SELECT min(run_at) FROM deliveries WHERE network = lane AND is_upload = upload AND run_at <= now()
        ) AS first
        FROM unnest(ARRAY[{NETWORKS}]) AS lane, unnest(ARRAY[false, true]) AS upload
    )
    SELECT
        (SELECT count(*) FROM due WHERE state = 'scheduled') AS due,
        (SELECT count(*) FROM begun WHERE state = 'publishing') AS in_flight,
        (SELECT count(*) FROM begun WHERE state = 'scheduled' AND run_at > now()) AS waiting,
        (SELECT count(*) FROM begun WHERE state = 'unconfirmed' AND run_at IS NOT NULL) AS unconfirmed,
        (SELECT count(*) FROM begun WHERE state = 'unconfirmed' AND run_at IS NULL) AS undecided,
        EXTRACT(EPOCH FROM now() - (SELECT min(first) FROM lanes))::float8 AS untaken_s,
        EXTRACT(EPOCH FROM now() - least(
            (SELECT min(due_at) FROM due WHERE state <> 'unconfirmed'),
            (SELECT min(due_at) FROM begun WHERE state IN ('scheduled', 'publishing'))
        ))::float8 AS overdue_s
""")  # noqa: S608 - constants of ours

STATES: Final = {
    "due": "no worker has taken it yet",
    "in_flight": "in a worker's hands",
    "waiting": "for the network's work or for another try",
    "unconfirmed": "may be live; the network is being asked",
    "undecided": "may be live; a person must decide",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueNumbers:
    """Counts by the keys of STATES, up to COUNTED_AT_MOST; ages in seconds, 0 when nothing is overdue."""

    counts: Mapping[str, int]
    untaken_s: float
    overdue_s: float

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "QueueNumbers":
        ages = {name: max(0.0, row[name] or 0.0) for name in ("untaken_s", "overdue_s")}
        return cls(counts={state: row[state] for state in STATES}, **ages)


@dataclass(frozen=True, slots=True, eq=False)
class QueueCollector(Collector):
    """Numbers that were read a moment ago, as Prometheus wants them."""

    numbers: QueueNumbers

    def collect(self) -> Iterator[Metric]:
        meaning = "; ".join(f"{state}: {told}" for state, told in STATES.items())
        deliveries = GaugeMetricFamily(
            "postline_deliveries",
            f"Deliveries of all accounts that are due or begun and have not ended. {meaning}.",
            labels=["state"],
        )
        for state, count in self.numbers.counts.items():
            deliveries.add_metric([state], count)
        yield deliveries
        yield GaugeMetricFamily(
            "postline_oldest_untaken_seconds",
            "For how long a worker has been wanted by the delivery that waits longest for one.",
            value=self.numbers.untaken_s,
        )
        yield GaugeMetricFamily(
            "postline_oldest_overdue_seconds",
            "Seconds since the due time of the oldest delivery that is neither live nor ended nor unconfirmed.",
            value=self.numbers.overdue_s,
        )


class QueueGauge:
    """Reads the numbers at most every few seconds, however many ask."""

    def __init__(self, database: Database, good_for: timedelta = timedelta(seconds=GOOD_FOR_S)) -> None:
        self._database = database
        self._good_for_s = good_for.total_seconds()
        self._lock = asyncio.Lock()
        self._read_at = -self._good_for_s
        self._numbers: QueueNumbers | None = None

    async def read(self) -> QueueNumbers:
        """Raises SQLAlchemyError when the database does not answer: no number is better than an old one."""
        async with self._lock:
            if self._numbers is None or monotonic() - self._read_at >= self._good_for_s:
                self._numbers = await read_queue(self._database)
                self._read_at = monotonic()
            return self._numbers


async def read_queue(database: Database) -> QueueNumbers:
    async with database.as_worker() as session:
        row = (await session.execute(NUMBERS, {"most": COUNTED_AT_MOST})).mappings().one()
    return QueueNumbers.of(row)
