"""Notices to administrators, mailed once each through a real SMTP conversation."""

import asyncio
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from postline.core.ids import new_id
from postline.db.engine import Database
from postline.delivery.chores import Chores
from postline.delivery.targets import Targets
from postline.notices.mail import Mailer
from postline.notices.models import Notice
from postline.notices.service import Kind, notify_administrators
from tests.support.world import World

pytestmark = pytest.mark.anyio


@dataclass
class Server:
    """A mail server that keeps what it gets. `refuses`: it turns every letter away."""

    port: int = 0
    letters: list[str] = field(default_factory=list)
    refuses: bool = False


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                command = line[:4].upper()
                if command == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    kept.letters.append("".join(iter(lambda: self.rfile.readline().decode(), ".\r\n")))
                    self.wfile.write(b"250 kept\r\n")
                elif command == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"451 later\r\n" if kept.refuses and command == b"MAIL" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as tcp:
        tcp.daemon_threads = True
        kept.port = tcp.server_address[1]
        threading.Thread(target=tcp.serve_forever, daemon=True).start()
        yield kept
        tcp.shutdown()


def chores(world: World, server: Server) -> Chores:
    mailer = Mailer(f"smtp://127.0.0.1:{server.port}", "postline@example.com", "https://social.example.com")
    return Chores(
        world.database, {}, Targets(world.database, world.services.vault, {}), mailer, lambda: datetime.now(UTC)
    )


async def notify(world: World) -> int:
    async with world.database.as_worker() as session:
        return await notify_administrators(
            session, world.account_id, Kind.RECONNECT, "Mia must be reconnected", "Meta says so.", "/connections"
        )


async def unmailed(database: Database) -> int:
    async with database.as_worker() as session:
        return len((await session.scalars(select(Notice).where(Notice.mail_at.is_not(None)))).all())


async def test_every_administrator_gets_one_letter(world: World, server: Server) -> None:
    assert await notify(world) == 1
    for _ in range(2):
        async with asyncio.timeout(10):
            await chores(world, server)._take_letters()
    [letter] = server.letters
    assert "To: ada@example.com" in letter
    assert "Subject: Harbor: Mia must be reconnected" in letter
    assert "https://social.example.com/connections" in letter
    assert await unmailed(world.database) == 0


async def test_a_letter_that_is_turned_away_is_tried_again_later(world: World, server: Server) -> None:
    await notify(world)
    server.refuses = True
    await chores(world, server)._take_letters()
    assert (server.letters, await unmailed(world.database)) == ([], 1)


async def test_nobody_reads_anothers_notices(world: World) -> None:
    await notify(world)
    [notice] = (await world.admin.get("/notices"))["items"]
    await world.editor.refused("POST", f"/notices/{notice['id']}/read", 404)
    await world.admin.refused("POST", f"/notices/{new_id()}/read", 404)
    assert len((await world.admin.get("/notices"))["items"]) == 1
