"""Keeping the embedded server up while a process needs it: killed, or ended by a full disk, it is started again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from postline.beside import beside
from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.server import ensure_server, is_down

log = structlog.get_logger()

LOOK_EVERY_S: Final = 2.0


@asynccontextmanager
async def kept_running(data_dir: Path) -> AsyncIterator[None]:
    """Any number of processes may do this for one data directory; a lock lets one of them start the server."""
    async with beside(_keep(data_dir)):
        yield


async def _keep(data_dir: Path) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            if await asyncio.to_thread(is_down, data_dir):
                log.warning("database.down", data_dir=str(data_dir))
                await asyncio.to_thread(ensure_server, data_dir)
                log.info("database.up_again")
        except (EmbeddedServerError, OSError) as error:
            log.warning("database.does_not_start", error=str(error))
