"""The server's process, as PostgreSQL's own pid file tells of it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postline.db.embedded.errors import EmbeddedServerError

PID_FILE: Final = "postmaster.pid"
NO_PROCESS: Final = 2**22 + 1  # above the largest process id of Linux and macOS


@dataclass(frozen=True, slots=True)
class PidFile:
    """First lines of postmaster.pid and of a socket's lock file: process id, then data directory.

    Format: PostgreSQL's src/include/utils/pidfile.h.
    """

    path: Path
    pid: int
    cluster: Path

    @classmethod
    def read(cls, path: Path) -> "PidFile | None":
        try:
            lines = path.read_text().splitlines()
            return cls(path, int(lines[0]), Path(lines[1]))
        except (FileNotFoundError, ValueError, IndexError):  # absent, or being written
            return None

    @property
    def is_live(self) -> bool:
        """Whether the server that wrote the file runs: not a zombie, nor a stranger that got its number."""
        arguments = _arguments(self.pid)
        return bool(arguments) and "postgres" in arguments[0] and any(str(self.cluster) in part for part in arguments)

    def retire(self) -> None:
        """Put a number that no process has in the place of a dead server's.

        PostgreSQL refuses to start while any process of that number exists, be it a zombie or, in a container that was
        started anew, some other program. The rest of the file stays: by it PostgreSQL makes sure that no child of the
        dead server still uses its memory.
        """
        descriptor = os.open(self.path, os.O_RDWR | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "r+") as file:
            _, *rest = file.read().splitlines(keepends=True)
            file.seek(0)
            file.write(f"{NO_PROCESS}\n" + "".join(rest))
            file.truncate()


def find_process(cluster: Path) -> int | None:
    """Process id of the live server of `cluster`; None if there is none.

    Raises EmbeddedServerError if the pid file came with a copy of a folder whose server runs.
    """
    file = PidFile.read(cluster / PID_FILE)
    if file is None or not file.is_live:
        return None
    if not _is_same(file.cluster, cluster):
        raise EmbeddedServerError(
            f"{cluster} is a copy of {file.cluster}, taken while its server ran (process {file.pid}). Stop that server "
            f"first; if the copy was made in a safe way, delete {file.path}."
        )
    return file.pid


def retire_stale_files(cluster: Path, socket: Path) -> None:
    """Keep what a dead server left behind from stopping the next one."""
    for path in (cluster / PID_FILE, socket.with_name(f"{socket.name}.lock")):
        file = PidFile.read(path)
        if file is not None and not file.is_live:
            file.retire()


def _arguments(pid: int) -> list[str]:
    """Command line of a process; empty for a zombie or none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
        except OSError:
            return []
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return [answer.stdout.strip()] if answer.stdout.strip() else []


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
