"""`postline demo`: set up, play the story, stay up."""

import time
from pathlib import Path
from threading import Event
from typing import Final

import httpx
from rich.console import Console

from postline import migrations
from postline.db.embedded import ensure_server
from postline.demo.client import Unexpected
from postline.demo.media import make_demo_media
from postline.demo.people import PASSWORD, PEOPLE, ensure_people
from postline.demo.stack import Ports, choose_ports, running_stack
from postline.demo.story import Story
from postline.demo.telling import Telling

EXIT_NOT_AS_TOLD: Final = 1


def run_demo(data_dir: Path, *, stay: bool) -> int:
    """Play the story; the exit code tells whether every step was as told. Ends what it started."""
    console = Console()
    tell = Telling(console)
    started_at = time.monotonic()
    data_dir.mkdir(parents=True, exist_ok=True)
    with console.status("Starting PostgreSQL, the sandbox of the networks, the API and a worker …"):
        server = ensure_server(data_dir)
        migrations.upgrade(server.url())
        is_new = ensure_people(server.url())
        media = make_demo_media(data_dir / "originals")
        ports = choose_ports(data_dir)
    try:
        with running_stack(data_dir, ports):
            tell.chapter("Postline")
            seconds = time.monotonic() - started_at
            tell.done(f"Everything runs on this machine, after {seconds:.1f} s", "new data" if is_new else "data kept")
            try:
                Story(ports, media, tell).play()
            except (Unexpected, httpx.HTTPError) as error:
                console.print(f"\n[red]The story stopped:[/] {error}\nLogs: {data_dir}/*.log", soft_wrap=True)
                return EXIT_NOT_AS_TOLD
            tell.end(f"[bold green]Done[/] after {time.monotonic() - started_at:.0f} s.")
            if stay:
                _stay(tell, ports)
    finally:
        server.stop()
    return 0


def _stay(tell: Telling, ports: Ports) -> None:
    members = ", ".join(f"{person.email} ({person.role})" for person in PEOPLE)
    tell.end(
        f"Open [bold]{ports.api_url}[/] and sign in as {members}; the password is [bold]{PASSWORD}[/].\n"
        f"What is live on the networks: {ports.sandbox_url}/sandbox\nPress Ctrl-C to stop."
    )
    try:
        Event().wait()
    except KeyboardInterrupt:
        tell.end("Stopped. The data is kept for the next time.")
