"""A database for each test, copied from one that is at the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from postline.db.embedded import EmbeddedServer

TEMPLATE: Final = "template_postline"


@contextmanager
def fresh_database(server: EmbeddedServer) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(TEMPLATE)))
        try:
            yield server.url(name)
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
