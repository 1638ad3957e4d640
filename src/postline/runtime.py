"""Starting a process: its database at the newest schema, its event loop, its end on a signal."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog
import uvicorn
import uvloop

from postline import migrations, telemetry
from postline.api.app import create_app
from postline.collector import spare_the_collector
from postline.config import Settings
from postline.db.embedded import EmbeddedServerError, ensure_server
from postline.delivery.chores import Chores
from postline.delivery.measure import MeasuredJournal
from postline.delivery.quota import Quota
from postline.delivery.runner import Runner
from postline.delivery.watchdog import running_watchdog
from postline.delivery.worker import Room, Worker
from postline.scrape import worker_server
from postline.services import Services, database_kept, mailer, open_services

log = structlog.get_logger()


class CannotStart(Exception):
    """One sentence that says what to do."""


def find_database(settings: Settings) -> str:
    """The URL of the database, starting the embedded server when none is named. Raises CannotStart."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    try:
        return ensure_server(settings.data_dir).url()
    except EmbeddedServerError as error:
        raise CannotStart(str(error)) from None


def ready_database(settings: Settings) -> str:
    """The URL of a database at the newest schema. An embedded one is ours, so it is upgraded without being asked."""
    url = find_database(settings)
    if settings.database_url is None:
        migrations.upgrade(url)
        return url
    revision = migrations.current(url)
    if not migrations.is_known(revision):
        log.warning("database.ahead", revision=revision)  # a newer release runs beside this one and only added
    elif revision != migrations.head():
        raise CannotStart("The database is not at this version's schema. Run `postline db upgrade` first.")
    return url


def serve(settings: Settings) -> None:
    """The API and the user interface, until a signal ends it."""
    app = create_app(settings, ready_database(settings))
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def work(settings: Settings) -> None:
    """A worker, until a signal ends it. Raises CannotStart."""
    url = ready_database(settings)
    run_until_signal(lambda stop: _work(settings, url, stop))


def make_worker(services: Services) -> Worker:
    settings = services.settings
    runner = Runner(
        networks=services.registry.networks,
        targets=services.targets,
        media=services.media,
        journal=MeasuredJournal(services.database),
        policy=services.policy,
        quota=Quota(services.database),
    )
    chores = Chores(services.database, services.registry.networks, services.targets, mailer(settings), services.clock)
    telemetry.BUDGETS.usage = services.registry.usage
    telemetry.BUDGETS.calls_left = services.registry.calls_left
    room = Room(small=settings.worker_concurrency, uploads=settings.worker_uploads)
    return Worker(services.database, runner, chores, timedelta(seconds=settings.lease_seconds), room)


def run_until_signal(main: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine on a fast loop; SIGTERM and SIGINT set the event it was given."""

    async def run() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await main(stop)

    uvloop.run(run())


async def _work(settings: Settings, url: str, stop: asyncio.Event) -> None:
    spare_the_collector()
    async with (
        database_kept(settings),
        open_services(settings, url) as services,
        running_watchdog(services.database, settings),
        worker_server(settings, services.database),
    ):
        worker = make_worker(services)
        running = asyncio.create_task(worker.run())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        worker.stop()
        stopping.cancel()
        await running
