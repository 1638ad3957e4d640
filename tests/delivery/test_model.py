"""The delivery protocol against its model: hypothesis plays workers, networks, time and people."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.delivery.model.machine import DeliveryMachine
from tests.support.logs import log_kept

SLOW: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)  # each step is real work
QUICK: Final = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=SLOW, database=None
)
LONG: Final = settings(QUICK, max_examples=2_000, stateful_step_count=80)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Thousands of failures are played on purpose."""
    with log_kept():
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        yield


def _check(database_url: str, folder: Path, how: settings) -> None:
    machine = type("Machine", (DeliveryMachine,), {"database_url": database_url, "folder": folder})
    run_state_machine_as_test(machine, settings=how)


def test_every_interleaving_of_workers_and_people_keeps_the_promises(database_url: str, tmp_path: Path) -> None:
    _check(database_url, tmp_path, QUICK)


@pytest.mark.soak
def test_a_great_many_interleavings_keep_the_promises(database_url: str, tmp_path: Path) -> None:
    _check(database_url, tmp_path, LONG)
