"""Where a data directory keeps its cluster and socket, and the proof that they belong together.

Usually the cluster is `DATA_DIR/postgres`. When root starts Postline and the server's unprivileged user cannot enter
the data directory (it lies under /root, say), the cluster is `STATE_HOME/<hash>/postgres` instead: no permission of a
folder that we did not make is changed. `DATA_DIR/postgres.json` names the cluster either way.
"""

import hashlib
import json
import os
import re
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.system_user import SystemUser, owner_of, user_for

STATE_HOME = Path("/var/lib/postline")
CLUSTER: Final = "postgres"
MARKER: Final = "postgres.json"
OWNER: Final = "data_dir"  # beside a cluster in STATE_HOME: the data directory it belongs to
SOCKET: Final = ".s.PGSQL.5432"
SOCKET_PATH_BYTES: Final = 103  # macOS takes 103, Linux 107
PLAIN_PATH = re.compile(r"[\w./+-]+", re.ASCII)  # what needs no quoting in unix_socket_directories


@dataclass(frozen=True, slots=True)
class Place:
    """All that one embedded server occupies."""

    data_dir: Path
    cluster: Path
    socket_dir: Path
    user: SystemUser

    @property
    def has_cluster(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    @property
    def major(self) -> int | None:
        """Major version that made the cluster; None before there is one."""
        return int((self.cluster / "PG_VERSION").read_text()) if self.has_cluster else None

    @property
    def socket(self) -> Path:
        return self.socket_dir / SOCKET

    @property
    def log_dir(self) -> Path:
        return self.cluster / "log"


@dataclass(frozen=True, slots=True)
class Marker:
    """What the data directory remembers of its cluster."""

    data_dir: str
    cluster: str
    socket_dir: str
    system_identifier: str

    @classmethod
    def read(cls, data_dir: Path) -> Self | None:
        path = data_dir / MARKER
        try:
            return cls(**json.loads(path.read_text()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise EmbeddedServerError(
                f"{path} is damaged. Delete it if this data directory's database is {data_dir / CLUSTER}."
            ) from error

    def write(self) -> None:
        path = Path(self.data_dir) / MARKER
        partial = path.with_suffix(".json.new")
        partial.write_text(json.dumps(asdict(self), indent=2) + "\n")
        partial.replace(path)


def find_place(data_dir: Path) -> Place:
    """Where the cluster of `data_dir` (absolute, existing) is, or shall be made.

    Raises EmbeddedServerError if the marker names a cluster that is gone or belongs to another data directory.
    """
    marker = Marker.read(data_dir)
    inside = data_dir / CLUSTER
    home = STATE_HOME / _hash(data_dir)
    if marker is not None and Path(marker.cluster) != Path(marker.data_dir, CLUSTER):
        home = Path(marker.cluster).parent
        cluster = Path(marker.cluster)
    elif marker is None and not inside.exists() and (home / CLUSTER).exists():
        cluster = home / CLUSTER
    else:
        cluster = inside
    if cluster != inside:
        _check_owner(home, data_dir)
    if marker is not None and not (cluster / "PG_VERSION").exists():
        raise EmbeddedServerError(
            f"{data_dir / MARKER} names the database {cluster}, which is gone. Put the folder back from a backup, or "
            "delete the marker file to begin with an empty database."
        )
    if cluster.exists():
        user = owner_of(cluster)
    else:
        user = user_for(data_dir)
        cluster = inside if user.can_enter(data_dir) else home / CLUSTER
    if marker is not None and marker.data_dir == str(data_dir):
        return Place(data_dir, cluster, Path(marker.socket_dir), user)
    return Place(data_dir, cluster, _socket_dir(cluster), user)


def make_home(place: Place) -> None:
    """Prepare the folder that will hold a new cluster outside of the data directory."""
    home = place.cluster.parent
    if home != place.data_dir:
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        (home / OWNER).write_text(str(place.data_dir))


def make_socket_dir(place: Place) -> None:
    """Make sure that the socket's folder is there and open to the server's user alone."""
    if place.socket_dir == place.cluster:
        return
    if not place.socket_dir.exists():
        place.user.make_private(place.socket_dir)
    status = place.socket_dir.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != place.user.uid or status.st_mode & 0o077:
        raise EmbeddedServerError(
            f"{place.socket_dir}, meant for the database's socket, is not a private folder of {place.user.name}: "
            "someone else may have made it. Delete it and try again."
        )


def _socket_dir(cluster: Path) -> Path:
    """The cluster itself, which is private; a short folder for temporary files if its path does not fit a socket."""
    if PLAIN_PATH.fullmatch(str(cluster)) and len(os.fsencode(cluster / SOCKET)) <= SOCKET_PATH_BYTES:
        return cluster
    return Path(tempfile.gettempdir(), f"postline-{_hash(cluster)}")


def _check_owner(home: Path, data_dir: Path) -> None:
    try:
        owner = (home / OWNER).read_text()
    except FileNotFoundError:
        owner = "another folder"
    if owner != str(data_dir):
        raise EmbeddedServerError(
            f"The database in {home} belongs to the data directory {owner}, not to {data_dir}. If you moved the data "
            f"directory, write its new path into {home / OWNER}; if you copied it, delete {data_dir / MARKER}."
        )


def _hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
