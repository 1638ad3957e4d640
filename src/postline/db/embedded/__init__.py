"""A PostgreSQL of our own for those who bring none: one server per data directory, found again by every process.

Needs a POSIX system; elsewhere `POSTLINE_DATABASE_URL` names a server.
"""

from postline.db.embedded.binaries import PostgresBinaries, find_binaries
from postline.db.embedded.errors import EmbeddedServerError
from postline.db.embedded.keeper import kept_running
from postline.db.embedded.server import EmbeddedServer, ServerStatus, ensure_server, find_server

__all__ = [
    "EmbeddedServer",
    "EmbeddedServerError",
    "PostgresBinaries",
    "ServerStatus",
    "ensure_server",
    "find_binaries",
    "find_server",
    "kept_running",
]
