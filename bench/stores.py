"""Where sides keep their queues: PostgreSQL with full durability, and Redis, each the benchmark's own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from bench.side import SideFailed
from postline.db.embedded import EmbeddedServer, ensure_server

DURABLE: Final = ("fsync", "synchronous_commit", "full_page_writes")
STARTS_WITHIN_S: Final = 20.0


class NotInstalled(Exception):
    """Why a rival cannot be measured here."""


@dataclass(frozen=True, slots=True)
class Postgres:
    server: EmbeddedServer

    @property
    def pid(self) -> int:
        pid = self.server.status().pid
        if pid is None:
            raise SideFailed("PostgreSQL has stopped")
        return pid

    def url(self, name: str) -> str:
        """The database of this name, made when missing."""
        return self.server.url(name)

    def new(self, name: str) -> str:
        """An empty database of this name."""
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        return self.server.url(name)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server in a temporary folder, with the product's own settings; refuses to run without durability."""
    with tempfile.TemporaryDirectory(prefix="postline-bench-") as folder:
        Path(folder).chmod(0o755)
        server = ensure_server(Path(folder))
        try:
            with psycopg.connect(server.url("postgres")) as connection:
                for name in DURABLE:
                    value = connection.execute(f"SHOW {name}").fetchone()
                    assert value == ("on",), f"{name} is {value}"
            yield Postgres(server)
        finally:
            server.destroy()


@dataclass(frozen=True, slots=True)
class Redis:
    url: str
    pid: int


@contextmanager
def redis() -> Iterator[Redis]:
    """A server with an append-only file written out every second, as BullMQ's guide asks for. Raises NotInstalled."""
    program = _redis_program()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="postline-bench-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        options += ["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"]
        running = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            _wait_for(port)
            yield Redis(f"redis://127.0.0.1:{port}/0", running.pid)
        finally:
            running.terminate()
            running.wait(30)


def _wait_for(port: int) -> None:
    """Until something listens there. Raises NotInstalled."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise NotInstalled(f"redis-server did not start within {STARTS_WITHIN_S:.0f} s")


def _redis_program() -> str:
    if (found := shutil.which("redis-server")) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        # Runlevel 1 keeps the package from starting a server of its own.
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "redis-server"]):
            subprocess.run(["apt-get", *command], env=env, check=False, stdout=subprocess.DEVNULL)
        found = shutil.which("redis-server")
    if found is None:
        raise NotInstalled("redis-server is not installed, and only root can install it with apt-get")
    return found
