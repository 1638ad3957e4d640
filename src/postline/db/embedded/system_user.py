"""The operating-system user that the server runs as.

PostgreSQL refuses to run as root. Started by root, the server runs as a user that exists already: none is created.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from postline.db.embedded.errors import EmbeddedServerError

ROOT: Final = 0
FOR_ROOT: Final = ("postline", "postgres", "nobody")  # the first that exists; make `postline` to have one of its own


@dataclass(frozen=True, slots=True)
class SystemUser:
    uid: int
    gid: int
    name: str

    @property
    def is_self(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str], *, timeout_seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, away from our folder and environment; its exit code is the caller's matter.

        Raises PermissionError if the user may not run it.
        """
        return subprocess.run(
            command,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout_seconds,
            user=None if self.is_self else self.uid,
            group=None if self.is_self else self.gid,
            extra_groups=None if self.is_self else (),
            umask=0o077,
        )

    def can_enter(self, folder: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]).returncode == 0

    def make_private(self, folder: Path) -> None:
        """Create `folder`, its parents existing, for this user alone."""
        folder.mkdir(mode=0o700)
        if not self.is_self:
            os.chown(folder, self.uid, self.gid)


def owner_of(cluster: Path) -> SystemUser:
    """Who runs the server of an existing cluster: its owner. Raises EmbeddedServerError if we may not act for them."""
    status = cluster.stat()
    user = SystemUser(status.st_uid, status.st_gid, _name_of(status.st_uid))
    if user.uid == ROOT:
        raise EmbeddedServerError(
            f"{cluster} belongs to root, and PostgreSQL does not run as root. Give the folder with all it holds to "
            "another user with `chown -R`."
        )
    if not user.is_self and os.geteuid() != ROOT:
        raise EmbeddedServerError(
            f"{cluster} belongs to the user {user.name}. Run Postline as {user.name} or root, or name another folder "
            "in POSTLINE_DATA_DIR."
        )
    return user


def user_for(data_dir: Path) -> SystemUser:
    """Who shall run the server of a new cluster: we; for root the folder's owner or the first of FOR_ROOT."""
    if os.geteuid() != ROOT:
        return SystemUser(os.geteuid(), os.getegid(), _name_of(os.geteuid()))
    for key in (data_dir.stat().st_uid, *FOR_ROOT):
        try:
            entry = pwd.getpwuid(key) if isinstance(key, int) else pwd.getpwnam(key)
        except KeyError:
            continue
        if entry.pw_uid != ROOT:
            return SystemUser(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise EmbeddedServerError(
        f"PostgreSQL does not run as root, and none of the users {', '.join(FOR_ROOT)} exists. Create a system user "
        "named postline."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
