"""The command `postline`.

Exit codes: 0 all is well · 1 it ran and found something wrong · 2 wrong use or settings · 3 it cannot start.
"""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.console import Console
from sqlalchemy.exc import OperationalError

from postline import doctor as checks
from postline import log, migrations, runtime
from postline.accounts import people
from postline.api.app import build
from postline.config import KEY_BYTES, Settings, SettingsError
from postline.connections.rotation import rewrap_all
from postline.connections.vault import Vault
from postline.core.words import Role
from postline.db.embedded import EmbeddedServerError
from postline.refusals import Refusal
from postline.services import open_services

EXIT_FOUND: Final = 1
EXIT_USAGE: Final = 2
EXIT_CANNOT_START: Final = 3

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Social publishing that posts on time, exactly once."
)
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")

account = typer.Typer(no_args_is_help=True, help="Accounts and their members.")
keys = typer.Typer(no_args_is_help=True, help="The keys that encrypt tokens.")
app.add_typer(account, name="account")
app.add_typer(keys, name="keys")

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


@app.command()
def serve() -> None:
    """Run the API and the user interface."""
    with clear_errors():
        runtime.serve(load_settings())


@app.command()
def worker() -> None:
    """Run a worker: deliveries, metrics, token renewal. Run as many as you like."""
    with clear_errors():
        runtime.work(load_settings())


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Leave after the story instead of staying up.")] = False,
    data_dir: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = Path(".demo"),
) -> None:
    """Everything on this machine: database, sandbox of the networks, API, worker, and a story to follow."""
    from postline.demo.run import run_demo

    with clear_errors():
        raise typer.Exit(run_demo(data_dir.absolute(), stay=not once))


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 picks a free one.")] = 8100,
    data: Annotated[Path | None, typer.Option(help="Folder to keep its state in; none: it forgets.")] = None,
) -> None:
    """Run the stand-in for Facebook, Instagram and TikTok."""
    command = [sys.executable, "-m", "postline.sandbox", "--port", str(port)]
    os.execv(sys.executable, [*command, *(["--data", str(data)] if data else [])])  # noqa: S606 - becomes the sandbox


@app.command()
def doctor(as_json: Json = False) -> None:
    """Check settings, database, storage, keys and each connection, and say what to do."""
    with clear_errors():
        settings = load_settings()
        findings = asyncio.run(_examine(settings, runtime.find_database(settings)))
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            mark = "[green]✓[/]" if finding.is_ok else "[red]✗[/]"
            console.print(f"{mark} {finding.check}: {finding.message}", soft_wrap=True)
            if finding.advice:
                console.print(f"  → {finding.advice}", soft_wrap=True)
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(EXIT_FOUND)


@db.command()
def upgrade(as_json: Json = False) -> None:
    """Bring the database to this version's schema."""
    with clear_errors():
        revision = migrations.upgrade(runtime.find_database(load_settings()))
    typer.echo(json.dumps({"revision": revision}) if as_json else f"The schema is at {revision}.")


@db.command()
def check() -> None:
    """Fail unless the migrations lead to exactly the tables that the models describe."""
    from alembic import command
    from alembic.util import AutogenerateDiffsDetected

    with clear_errors():
        url = runtime.find_database(load_settings())
    migrations.upgrade(url)
    try:
        command.check(migrations.alembic_config(url))
    except AutogenerateDiffsDetected as error:
        complaints.print(f"[red]Models and migrations differ:[/] {error}")
        raise typer.Exit(EXIT_FOUND) from None


@account.command()
def create(
    name: str,
    admin_email: Annotated[str, typer.Option(help="Who administers it; made if unknown.")],
    admin_name: Annotated[str, typer.Option(help="Shown to the other members.")],
    time_zone: Annotated[str, typer.Option(help="Such as Europe/Berlin.")] = "UTC",
    as_json: Json = False,
) -> None:
    """Make an account with its first administrator, whose password is asked for (or read from a pipe)."""
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=sys.stdin.isatty())
    with clear_errors():
        url = runtime.ready_database(load_settings())
        member = people.Newcomer(admin_email, admin_name, password, Role.ADMINISTRATOR)
        account_id = asyncio.run(people.create_account(url, name, time_zone, member))
    typer.echo(json.dumps({"id": str(account_id)}) if as_json else f"Made the account “{name}” ({account_id}).")


@account.command()
def add_member(
    account_id: UUID,
    email: str,
    name: Annotated[str, typer.Option(help="Shown to the other members.")],
    role: Annotated[Role, typer.Option()] = Role.EDITOR,
) -> None:
    """Give a person a role in an account. A new person's password is asked for (or read from a pipe)."""
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=sys.stdin.isatty())
    with clear_errors():
        url = runtime.ready_database(load_settings())
        asyncio.run(people.add_member(url, account_id, people.Newcomer(email, name, password, role)))
    typer.echo(f"{name} is {role} now.")


@keys.command()
def rotate(as_json: Json = False) -> None:
    """Wrap every data key with the first key of the ring; then the old ones may be dropped from it."""
    with clear_errors():
        settings = load_settings()
        count = asyncio.run(rewrap_all(runtime.ready_database(settings), Vault(settings.keys)))
    typer.echo(json.dumps({"rewrapped": count}) if as_json else f"Wrapped {count} data keys anew.")


@app.command()
def new_key() -> None:
    """Print a new key for POSTLINE_SECRET_KEYS."""
    typer.echo(base64.b64encode(os.urandom(KEY_BYTES)).decode())


@app.command()
def openapi() -> None:
    """Print the API's OpenAPI description."""
    typer.echo(json.dumps(build().openapi(), indent=2))


async def _examine(settings: Settings, url: str) -> list[checks.Finding]:
    async with open_services(settings, url) as services:
        return [finding async for finding in checks.examine(services)]


def main() -> None:
    app(prog_name="postline")
