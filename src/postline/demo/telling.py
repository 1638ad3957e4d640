"""How the story looks in a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.live import Live
from rich.table import Table

Json = dict[str, Any]

COLOURS: Final = {
    "scheduled": "cyan",
    "publishing": "yellow",
    "published": "green",
    "unconfirmed": "magenta",
    "failed": "red",
    "blocked": "red",
}
REPORTED: Final = ("views", "reach", "likes", "comments", "shares")


class Telling:
    """Prints chapters, steps and tables; redraws the deliveries in place while they go out."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._chapters: set[str] = set()
        self._live: Live | None = None

    def chapter(self, title: str, *, once: bool = False) -> None:
        if once and title in self._chapters:
            return
        self._chapters.add(title)
        self._console.print(f"\n[bold]{title}[/]")

    def done(self, what: str, told: str = "") -> None:
        self._console.print(f"  [green]✓[/] {what}" + (f" [dim]· {told}[/]" if told else ""), soft_wrap=True)

    def calendar(self, entries: Sequence[Json]) -> None:
        table = _table("When", "Type", "Caption", "Profiles", "State")
        for entry in entries:
            when = str(entry["local_time"])[:16].replace("T", " ")
            profiles = ", ".join(profile["network"] for profile in entry["profiles"])
            table.add_row(when, entry["format"], _cut(entry["caption"], 44), profiles, _state(entry["state"]))
        self._console.print(table)

    @contextmanager
    def live(self) -> Iterator[None]:
        with Live(console=self._console, refresh_per_second=8) as self._live:
            yield
        self._live = None
        if not self._console.is_terminal:
            self._console.print()

    def deliveries(self, posts: Sequence[Json]) -> None:
        table = _table("Post", "Profile", "State", "What is happening")
        for post in posts:
            for delivery in post["deliveries"]:
                network = delivery["profile"]["network"]
                now = delivery["reason"] or ("live" if delivery["permalink"] else "")
                table.add_row(f"{post['format']}: {_cut(post['caption'], 30)}", network, _state(delivery["state"]), now)
        if self._live is not None:
            self._live.update(table)

    def permalinks(self, deliveries: Iterable[Json]) -> None:
        for delivery in deliveries:
            network, late = delivery["profile"]["network"], delivery["lateness_ms"]
            self.done(f"{network:<9} {delivery['permalink']}", f"live {late / 1000:.1f} s after its time")

    def report(self, report: Json) -> None:
        table = _table("Post", "Network", *(name.capitalize() for name in REPORTED), numbers=len(REPORTED))
        for row in report["rows"]:
            values = (_number(row["metrics"].get(name)) for name in REPORTED)
            table.add_row(f"{row['format']}: {_cut(row['caption'], 34)}", row["network"], *values)
        totals = report["totals"]
        table.add_section()
        values = (_number(totals["metrics"].get(name)) for name in REPORTED)
        table.add_row(f"[bold]{totals['published']} published, {totals['failed']} failed[/]", "", *values)
        self._console.print(table)
        late = report["lateness"]
        spread = ", ".join(f"{name[:3]} {late[name] / 1000:.1f} s" for name in ("p50_ms", "p95_ms", "p99_ms"))
        self.done("Lateness, from the due time until live", spread)

    def end(self, told: str) -> None:
        self._console.print(f"\n{told}", soft_wrap=True)


def _table(*columns: str, numbers: int = 0) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        is_number = place >= len(columns) - numbers
        table.add_column(column, justify="right" if is_number else "left", no_wrap=is_number)
    return table


def _state(state: str) -> str:
    return f"[{COLOURS.get(state, 'white')}]{state.replace('_', ' ')}[/]"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
