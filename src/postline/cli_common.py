"""What all commands share: their options, how they print, how they fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from postline import log, runtime
from postline.config import Settings, SettingsError
from postline.db.embedded import EmbeddedServerError
from postline.refusals import Refusal

EXIT_FOUND: Final = 1
EXIT_USAGE: Final = 2
EXIT_CANNOT_START: Final = 3

Json = Annotated[bool, typer.Option("--json", help="Print data as JSON, for programs.")]
console = Console()
complaints = Console(stderr=True)


@contextmanager
def clear_errors() -> Iterator[None]:
    """One sentence and an exit code instead of a traceback, for what an operator can mend."""
    try:
        yield
    except SettingsError as error:
        complaints.print(f"[red]Cannot start:[/] {error}", soft_wrap=True)
        raise typer.Exit(EXIT_USAGE) from None
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        complaints.print(f"[red]Cannot start:[/] the database cannot be reached: {reason}", soft_wrap=True)
        raise typer.Exit(EXIT_CANNOT_START) from None
    except Refusal as refusal:
        complaints.print(f"[red]Refused:[/] {refusal}", soft_wrap=True)
        raise typer.Exit(EXIT_FOUND) from None
    except (runtime.CannotStart, EmbeddedServerError, ValueError) as error:
        complaints.print(f"[red]Cannot start:[/] {error}", soft_wrap=True)
        raise typer.Exit(EXIT_CANNOT_START) from None


def load_settings() -> Settings:
    settings = Settings.load()
    log.configure(settings.log_level, as_json=settings.log_json)
    return settings
