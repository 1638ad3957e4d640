"""The schema's history, and the way to its head."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from postline.db.engine import driver_url

_HERE: Final = Path(__file__).parent


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    config.attributes["url"] = driver_url(url)
    return config


def upgrade(url: str) -> str:
    """Bring the database to the newest schema and return its revision. Safe to call from several processes at once."""
    command.upgrade(alembic_config(url), "head")
    return head()


def head() -> str:
    return ScriptDirectory(str(_HERE)).get_heads()[0]


def is_known(revision: str | None) -> bool:
    """Whether this release has the revision. One that it has not is a newer release's: migrations only add."""
    return revision is None or revision in {each.revision for each in ScriptDirectory(str(_HERE)).walk_revisions()}


def current(url: str) -> str | None:
    """The revision that the database is at; None when it is empty."""
    engine = create_engine(driver_url(url))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
