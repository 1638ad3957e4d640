"""Start, find, stop and ask the embedded server."""

import re
import shlex
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from postline.db.embedded import place as places
from postline.db.embedded.binaries import PostgresBinaries, find_binaries
from postline.db.embedded.cluster import create_cluster, read_system_identifier
from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.lock import exclusive_lock
from postline.db.embedded.place import Marker, Place
from postline.db.embedded.process import find_process, retire_stale_files

SUPERUSER: Final = "postline"
LOCK_FILE: Final = "postgres.lock"
START_TRIES: Final = 6
READY_WITHIN_SECONDS: Final = 300  # recovery after a crash replays at most max_wal_size
LOCK_WITHIN_SECONDS: Final = READY_WITHIN_SECONDS + 60
DATABASE_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",  # the unix socket only
    "port": "5432",
    "unix_socket_permissions": "0700",
    "cluster_name": "postline",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "random_page_cost": "1.1",  # solid-state disks
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "on",  # one file a weekday, emptied when its day comes round
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
}


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What is known of a server at one moment."""

    is_running: bool  # it answered a query
    pid: int | None  # None: no process
    version: str  # of the programs, "18.6"
    user: str  # system user that it runs as
    cluster: Path
    socket_dir: Path
    log_dir: Path


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The PostgreSQL of one data directory. It outlives the process that started it, until `stop`."""

    place: Place
    binaries: PostgresBinaries

    def url(self, database: str = "postline") -> str:
        """Address of `database` for SQLAlchemy and psycopg. Creates the database if it is missing.

        Raises ValueError unless the name is plain lower case, EmbeddedServerError if the server does not run.
        """
        if not DATABASE_NAME.fullmatch(database):
            raise ValueError(f"“{database}” is no database name: use lower-case letters, digits and underscores")
        self._create_database(database)
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self.place.socket_dir), safe='')}"

    def start(self, settings: Mapping[str, str]) -> None:
        """Start until a query is answered; the caller, `ensure_server`, holds the data directory's lock.

        pg_ctl's word alone is not enough: it has called dead servers started.
        """
        places.make_socket_dir(self.place)
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        tries, answer = 0, ""
        while not self._answers():
            if find_process(self.place.cluster) is None:
                if tries == START_TRIES:
                    raise EmbeddedServerError(self._why_not(f"does not start: {answer}"))
                time.sleep(0.1 * (2**tries - 1))
                retire_stale_files(self.place.cluster, self.place.socket)
                answer = self._pg_ctl("start", *self._start_options(settings), "--timeout=60")
                tries += 1
            elif time.monotonic() > deadline:
                raise EmbeddedServerError(
                    self._why_not(f"runs, but does not answer on {self.place.socket_dir}. Stop its process")
                )
            else:
                time.sleep(0.1)

    def status(self) -> ServerStatus:
        return ServerStatus(
            is_running=self._answers(),
            pid=find_process(self.place.cluster),
            version=self.binaries.version,
            user=self.place.user.name,
            cluster=self.place.cluster,
            socket_dir=self.place.socket_dir,
            log_dir=self.place.log_dir,
        )

    def stop(self) -> None:
        """End the server in good order; open connections are cut. Does nothing if it does not run."""
        with _locked(self.place.data_dir):
            self._stop()

    def destroy(self) -> None:
        """Stop the server and delete its cluster with all data."""
        with _locked(self.place.data_dir):
            self._stop()
            shutil.rmtree(self.place.cluster)
            if self.place.socket_dir != self.place.cluster:
                with suppress(OSError):  # gone, or in use by others after all
                    self.place.socket_dir.rmdir()
            if self.place.cluster.parent != self.place.data_dir:
                shutil.rmtree(self.place.cluster.parent)
            (self.place.data_dir / places.MARKER).unlink(missing_ok=True)

    def _stop(self) -> None:
        if find_process(self.place.cluster) is None:
            return
        answer = self._pg_ctl("stop", "--mode=fast", "--timeout=60")
        if find_process(self.place.cluster) is not None:
            raise EmbeddedServerError(f"PostgreSQL does not stop: {answer}. Its log is in {self.place.log_dir}.")

    def _start_options(self, settings: Mapping[str, str]) -> Iterator[str]:
        values = {"unix_socket_directories": str(self.place.socket_dir), **SETTINGS, **settings}
        yield "--log=" + str(self.place.cluster / "startup.log")
        yield "--options=" + shlex.join(f"--{name}={value}" for name, value in values.items())

    def _why_not(self, what: str) -> str:
        return f"PostgreSQL of {self.place.data_dir} {what}. See {self.place.log_dir} and startup.log beside it."

    def _pg_ctl(self, action: str, *options: str) -> str:
        command = [self.binaries.program("pg_ctl"), action, f"--pgdata={self.place.cluster}", "--wait", *options]
        return " ".join(self.place.user.run(command, timeout_seconds=90).stdout.split())

    def _answers(self) -> bool:
        """Whether our own server answers a query. Raises EmbeddedServerError if another one does."""
        try:
            with self._connect() as connection:
                row = connection.execute(
                    "SELECT system_identifier::text, current_setting('data_directory') FROM pg_control_system()"
                ).fetchone()
        except psycopg.OperationalError:
            return False
        if row is None:
            return False
        identifier, cluster = row
        marker = Marker.read(self.place.data_dir)
        if Path(cluster) != self.place.cluster or (marker and marker.system_identifier != identifier):
            raise EmbeddedServerError(
                f"The server on {self.place.socket_dir} serves {cluster}, not {self.place.cluster}. Stop it with "
                f"`pg_ctl stop -D {shlex.quote(cluster)}`, or delete {self.place.data_dir / places.MARKER} if that "
                "file came from another data directory."
            )
        return True

    def _create_database(self, name: str) -> None:
        try:
            with self._connect() as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
                if known is None:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            return  # another process made it at the same moment
        except psycopg.OperationalError as error:
            raise EmbeddedServerError(self._why_not(f"does not answer ({error}); call ensure_server again")) from error

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.place.socket_dir),
            port=5432,
            user=SUPERUSER,
            dbname="postgres",
            connect_timeout=5,
            autocommit=True,
        )


def ensure_server(data_dir: Path, settings: Mapping[str, str] | None = None) -> EmbeddedServer:
    """The running server of `data_dir`, started, recovered or made as needed. Any number of processes may call this.

    `settings` go over SETTINGS, and only count for a server that this call starts.
    Raises EmbeddedServerError with a sentence that says what to do.
    """
    data_dir = data_dir.resolve()
    data_dir.mkdir(parents=True, exist_ok=True)
    with _locked(data_dir):
        server = _attach(data_dir)
        if not server.place.has_cluster:
            places.make_home(server.place)
            create_cluster(server.place, server.binaries, superuser=SUPERUSER)
        _mark(server)
        server.start(settings or {})
    return server


def find_server(data_dir: Path) -> EmbeddedServer | None:
    """The server of `data_dir`, running or not; None if it has no cluster. Starts nothing."""
    data_dir = data_dir.resolve()
    if not data_dir.is_dir():
        return None
    with _locked(data_dir):
        server = _attach(data_dir)
    return server if server.place.has_cluster else None


def is_down(data_dir: Path) -> bool:
    """Whether there is a cluster and no process serves it. Reads two files, so it may be asked often."""
    place = places.find_place(data_dir.resolve())
    return place.has_cluster and find_process(place.cluster) is None


def _attach(data_dir: Path) -> EmbeddedServer:
    place = places.find_place(data_dir)
    binaries = find_binaries(place.major).reachable_by(place.user, places.STATE_HOME / "binaries")
    return EmbeddedServer(place, binaries)


def _mark(server: EmbeddedServer) -> None:
    """Tie the data directory to its cluster, or check that it still is the one it was tied to."""
    place = server.place
    identifier = read_system_identifier(place, server.binaries)
    known = Marker.read(place.data_dir)
    if known is not None and known.system_identifier != identifier:
        raise EmbeddedServerError(
            f"{place.cluster} is not the database that {place.data_dir} was set up with. Put the right folder back, "
            f"or delete {place.data_dir / places.MARKER} to accept this one."
        )
    marker = Marker(str(place.data_dir), str(place.cluster), str(place.socket_dir), identifier)
    if marker != known:
        marker.write()


@contextmanager
def _locked(data_dir: Path) -> Iterator[None]:
    with exclusive_lock(data_dir / LOCK_FILE, timeout_seconds=LOCK_WITHIN_SECONDS):
        yield
