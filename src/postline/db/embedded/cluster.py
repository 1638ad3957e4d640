"""Making a cluster, and reading what is written in it."""

import re
import shutil
from typing import Final

from postline.db.embedded.binaries import PostgresBinaries
from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.place import Place

BUILTIN_LOCALE_SINCE: Final = 17  # before, C.UTF-8 comes from the C library
IDENTIFIER = re.compile(r"^Database system identifier:\s*(\d+)$", re.MULTILINE)


def create_cluster(place: Place, binaries: PostgresBinaries, *, superuser: str) -> None:
    """Run initdb in a folder beside, then put it in place whole: a death half-way leaves no half cluster.

    Over the socket everyone is trusted who can open it: its folder is private to the server's user.
    """
    partial = place.cluster.with_name(place.cluster.name + ".new")
    if partial.exists():
        shutil.rmtree(partial)
    place.user.make_private(partial)
    answer = place.user.run(
        [
            binaries.program("initdb"),
            f"--pgdata={partial}",
            f"--username={superuser}",
            "--encoding=UTF8",
            *_locale_options(binaries.major),
            "--data-checksums",
            "--auth-local=trust",
            "--auth-host=reject",
            "--no-instructions",
        ],
        timeout_seconds=300,
    )
    if answer.returncode != 0:
        raise EmbeddedServerError(f"A database cannot be made in {place.cluster.parent}: {_last_lines(answer.stdout)}")
    partial.rename(place.cluster)


def read_system_identifier(place: Place, binaries: PostgresBinaries) -> str:
    """The number that PostgreSQL gave the cluster when it was made. Copies share it."""
    answer = place.user.run([binaries.program("pg_controldata"), f"--pgdata={place.cluster}"])
    match = IDENTIFIER.search(answer.stdout)
    if match is None:
        raise EmbeddedServerError(
            f"{place.cluster} is not a usable PostgreSQL cluster: {_last_lines(answer.stdout)}. "
            "Restore it from a backup."
        )
    return match[1]


def _locale_options(major: int) -> tuple[str, ...]:
    if major >= BUILTIN_LOCALE_SINCE:
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--locale=C.UTF-8",)


def _last_lines(output: str) -> str:
    return " ".join(output.split("\n")[-4:]).strip()
