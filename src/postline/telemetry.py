"""Numbers of this process for Prometheus. Each process counts its own; sums and rates over all are Prometheus' work.

What is true of the whole installation is read from the database instead: `delivery.queue`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
LATENESS_BUCKETS_S: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)

# Else each counter gets a second series with the time of its birth. The function lacks types of its own.
disable_created_metrics()  # type: ignore[no-untyped-call]
REGISTRY: Final = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

DECISIONS: Final = Counter(
    "postline_delivery_decisions",
    "Where this worker's deliveries stood when it let go of them. scheduled: to be gone on with later.",
    ["network", "state"],
    registry=REGISTRY,
)
ERRORS: Final = Counter(
    "postline_network_errors",
    "Failures that networks told this worker, by what follows from them.",
    ["network", "kind"],
    registry=REGISTRY,
)
LATENESS: Final = Histogram(
    "postline_lateness_seconds",
    "Seconds from the due time to a moment: first_call, the first call to the network; live, the post was live.",
    ["network", "moment"],
    buckets=LATENESS_BUCKETS_S,
    registry=REGISTRY,
)
HELD: Final = Gauge("postline_worker_held", "Deliveries that this worker has in its hands.", registry=REGISTRY)
TAKEOVERS: Final = Counter(
    "postline_lease_takeovers",
    "Deliveries that this worker took over from another that had stopped or died.",
    ["network"],
    registry=REGISTRY,
)


class BudgetCollector(Collector):
    """What is left of the calls that networks allow: in percent, as they tell it, and of TikTok's by the minute."""

    def __init__(self) -> None:
        self.usage: Callable[[], Mapping[str, float]] = dict
        self.calls_left: Callable[[], Mapping[str, float]] = dict

    def collect(self) -> Iterator[Metric]:
        left = GaugeMetricFamily(
            "postline_budget_left_percent",
            "What is left of the calls that a network allows us, as it told this process last.",
            labels=["limit"],
        )
        for limit, percent in self.usage().items():
            left.add_metric([limit], max(0.0, 100.0 - percent))
        yield left
        calls = GaugeMetricFamily(
            "postline_budget_left_calls",
            "How many calls are left this minute to the TikTok account that this process has called most.",
            labels=["limit"],
        )
        for limit, count in self.calls_left().items():
            calls.add_metric([limit], count)
        yield calls


BUDGETS: Final = BudgetCollector()
REGISTRY.register(BUDGETS)
INCIDENTS: Final = Counter(
    "postline_incidents",
    "Incidents that this process raised. kind: late, unconfirmed.",
    ["network", "kind"],
    registry=REGISTRY,
)


def render(*more: Collector) -> bytes:
    """This process's numbers and those of the given collectors, in Prometheus' text format."""
    return b"".join(generate_latest(registry) for registry in (REGISTRY, *map(_alone, more)))


def _alone(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
