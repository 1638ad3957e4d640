"""Write docs/settings.md from the settings themselves. `tests/test_docs.py` holds the two equal."""

from pathlib import Path

from pydantic.fields import FieldInfo

from postline.config import PREFIX, Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"

HEAD = f"""# Settings

Postline reads its settings from environment variables. Each begins with `{PREFIX}`; an empty value counts as absent.
A setting that cannot be used ends the process with exit code 2 and one sentence that names the variable.

| Variable | Default | Meaning |
| --- | --- | --- |
"""

TAIL = """
Credentials of object stores come from their own usual variables (`AWS_*`, `GOOGLE_*`, `AZURE_*`), not from these.

This page is written by `python scripts/settings_page.py`; change the descriptions in `src/postline/config.py`.
"""


def render() -> str:
    """The whole page."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "".join(rows) + TAIL


def _row(name: str, field: FieldInfo) -> str:
    return f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "must be set"
    match field.default:
        case None:
            return "absent"
        case bool(value):
            return f"`{str(value).lower()}`"
        case value:
            return f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
