"""The sandbox and the product's network code check each other only as long as neither is made of the other."""

import ast
from pathlib import Path

import postline.sandbox

FOLDER = Path(postline.sandbox.__file__).parent
ALLOWED = {"aiohttp", "av", "PIL", "uvloop"}


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_nothing_of_the_product_is_imported() -> None:
    names = set().union(*(imported(file) for file in FOLDER.rglob("*.py")))
    assert {name for name in names if name.startswith("postline") and not name.startswith("postline.sandbox")} == set()
    assert {name.partition(".")[0] for name in names} >= ALLOWED
