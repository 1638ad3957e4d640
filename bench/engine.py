"""The engine: the product's own worker as a process, over rows that it will find due."""

import asyncio
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bench import child, rows
from bench.job import APP_SECRET, VERSION, Job
from postline import log, migrations
from postline.collector import spare_the_collector
from postline.config import Settings
from postline.runtime import make_worker
from postline.services import Services, open_services

KEY: Final = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
STARTS_WITHIN_S: Final = 1.0


def settings(job: Job) -> Settings:
    return Settings(
        data_dir=Path(job.folder),
        secret_keys=SecretStr(KEY),
        meta_app_id="bench",
        meta_app_secret=SecretStr(APP_SECRET),
        meta_graph_url=job.base_url,
        meta_upload_url=job.base_url,
        meta_graph_version=VERSION,
        worker_concurrency=job.in_flight,
        worker_uploads=max(job.uploads, 1),
        log_level=job.log_level,
    )


def services(job: Job) -> AbstractAsyncContextManager[Services]:
    return open_services(settings(job), job.database_url)


async def set_up(job: Job) -> None:
    """An empty database at the newest schema gets its accounts and profiles."""
    async with services(job) as opened:
        await rows.add_profiles(opened, job.profiles + job.uploads, job.photo.read_bytes())


async def enqueue(job: Job) -> None:
    rows.remove_posts(job.database_url)
    async with services(job) as opened:
        await rows.add_posts(opened, job)
        await rows.add_uploads(opened, job)
    rows.settle_tables(job.database_url)


async def work(job: Job) -> None:
    stop = child.on_signal()
    chosen = settings(job)
    log.configure(chosen.log_level, as_json=chosen.log_json)
    spare_the_collector()
    async with services(job) as opened:
        worker = make_worker(opened)
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(STARTS_WITHIN_S)
        child.tell_ready()
        await stop.wait()
        worker.stop()
        await running


def migrate(database_url: str) -> None:
    migrations.upgrade(database_url)


if __name__ == "__main__":
    child.main(enqueue, work)
