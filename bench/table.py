"""Results as tables of plain text, and as one line of JSON that programs read."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bench.measure import Spread, number

Figure = float | Spread | str | None


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """The first column to the left, the others to the right."""
    texts = [[str(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(columns))]
    print(f"\n{title}")
    for line, row in enumerate(texts):
        first, *others = (
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
        if line == 0:
            print("  ".join("-" * width for width in widths))


def print_goals(goals: Sequence[tuple[str, Figure, bool | None]]) -> None:
    """What was aimed at, what was found, and whether it is enough; None: something of it was not measured."""
    words = {True: "reached", False: "MISSED", None: "not measured"}
    print()
    for text, found, is_reached in goals:
        shown = "" if found is None else f": {number(found) if isinstance(found, float | int) else found}"
        print(f"  {words[is_reached]:12}  {text}{shown}")


def print_json(found: Mapping[str, Any]) -> None:
    """The last line. Numbers keep four digits, of a spread the median; null is what was not measured."""
    print(json.dumps({name: _short(value) for name, value in found.items()}), flush=True)


def _short(value: Any) -> Any:
    if isinstance(value, Spread):
        return _short(value.median)
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {name: _short(each) for name, each in value.items()}
    return value
