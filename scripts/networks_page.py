"""Write docs/networks.md from the tables and plans themselves. `tests/test_docs.py` holds the two equal.

The routes are those of tests/networks/conformance/cases.py: what stands in the page is what the tests run.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from postline.core.capabilities import Capabilities, FormatRules, MediaLimits, TextUnit  # noqa: E402
from postline.core.outcomes import Effect  # noqa: E402
from postline.networks.base import AnyNetwork, Step  # noqa: E402
from postline.networks.http import HttpClient  # noqa: E402
from postline.networks.meta.errors import BY_SUBCODE, FAMILIES  # noqa: E402
from postline.networks.meta.errors import RULES as META_RULES  # noqa: E402
from postline.networks.registry import CAPABILITIES, OPTIONS  # noqa: E402
from postline.networks.rules import Rule  # noqa: E402
from postline.networks.tiktok.errors import API_RULES, FAIL_RULES, OAUTH_RULES  # noqa: E402
from tests.networks.conformance.cases import CASES, Case, registry_for  # noqa: E402
from tests.networks.support import Bytes  # noqa: E402

PAGE = ROOT / "docs" / "networks.md"
TESTS = "tests/networks/conformance/test_promises.py"
WITH_MEDIA = {None: "", "none": "without media", "image": "with images", "video": "with a video"}

HEAD = """# Networks

What each network takes, how Postline publishes it, and what keeps a lost answer from becoming a second post. Written
by `python scripts/networks_page.py` from the tables and plans in `src/postline/networks`; change those.

How to add a network stands in [adding-a-network.md](adding-a-network.md).

## Post types, routes and what makes them safe to repeat

Each row is a case of `tests/networks/conformance/cases.py`. Every case is run through all of
`tests/networks/conformance/test_promises.py`: published once and found live, every repeatable step done twice, the
commit's answer lost, the commit lost on the way, whichever call cut, tokens expired, calls limited. The crash matrix in
`tests/delivery/crash` kills a worker at each of its steps. Run one row with
`make test ARGS="-k 'facebook and reel'"`.

Steps marked ○ only read or can be repeated unseen; the one marked **●** may make the post visible and is never sent
again without a look.
"""


ERRORS = """
## Error codes

What a code means for a delivery: `transient` is tried again, `rate_limited` waits and costs no attempt,
`reconnect_needed` asks an administrator once the provider has proven it, `content_rejected` asks the author,
`app_not_ready` asks the operator, `ambiguous` is looked up. A code that is not listed is judged by its HTTP status.
"""
TWO_MINUTES = 120


def render() -> str:
    """The whole page."""
    parts = [
        HEAD,
        *_routes(),
        "\n## What each network takes\n",
        *(_capabilities(each) for each in CAPABILITIES.values()),
        ERRORS,
        _errors("Meta (Facebook and Instagram)", META_RULES),
        _errors("Meta: subcodes, whatever the code", BY_SUBCODE),
        _errors("Meta: families of codes", {f"{codes[0]}–{codes[-1]}": rule for codes, rule in FAMILIES}),
        _errors("TikTok: API", API_RULES),
        _errors("TikTok: reasons of a failed post", FAIL_RULES),
        _errors("TikTok: OAuth", OAUTH_RULES),
    ]
    return "".join(parts)


def _routes() -> Iterator[str]:
    yield "\n| Post type | Network | Route | Safe to repeat because | Tested by |\n| --- | --- | --- | --- | --- |\n"
    for name, case, steps in asyncio.run(_plans()):
        route = " → ".join(f"**● {step.name}**" if step.effect is Effect.ONCE else f"○ {step.name}" for step in steps)
        safety = next(step.safety for step in steps if step.effect is Effect.ONCE).rstrip(".")
        kind = name.removeprefix(f"{case.network} ")
        yield f"| {kind} | {CAPABILITIES[case.network].name} | {route} | {safety} | `test_promises.py[{name}]` |\n"


async def _plans() -> list[tuple[str, Case, list[Step[Any]]]]:
    async with HttpClient() as http:
        found = []
        for name, case in CASES.items():
            network: AnyNetwork = registry_for(case, http, "http://127.0.0.1").networks[case.network]
            found.append((name, case, list(network.plan(case.order(Bytes(url="http://127.0.0.1"))))))
        return found


def _capabilities(network: Capabilities) -> str:
    rows = "".join(_format(name, rules) for name, rules in network.formats.items())
    missing = "".join(f"- No {name}: {why}\n" for name, why in network.missing_formats.items())
    schema = OPTIONS[network.network].model_json_schema()
    options = "".join(_option(name, about) for name, about in schema["properties"].items())
    scopes = ", ".join(f"`{scope}`" for scope in sorted(network.scopes))
    return (
        f"\n### {network.name}\n\n"
        f"Source: <{network.source}>, read {network.read_on}. Captions are counted in {_unit(network)}"
        f"{_most(network.hashtags_max, 'hashtags')}{_most(network.mentions_max, 'mentions')}. "
        f"Scopes asked: {scopes}.\n\n"
        "| Format | Media | Caption | A day | Details |\n| --- | --- | --- | --- | --- |\n"
        f"{rows}\n{missing}\nOptions of a variant:\n\n"
        f"| Option | Offered for | Meaning |\n| --- | --- | --- |\n{options}"
    )


def _unit(network: Capabilities) -> str:
    return "UTF-16 units" if network.caption_unit is TextUnit.UTF16 else "characters"


def _most(most: int | None, what: str) -> str:
    return "" if most is None else f", at most {most} {what}"


def _format(name: str, rules: FormatRules) -> str:
    least, most = rules.count
    count = str(least) if least == most else f"{least}–{most}"
    mixed = ", mixed" if rules.mixes_kinds else ""
    media = f"{count} {' or '.join(sorted(rules.media))}{mixed}"
    caption = (
        "none shown" if rules.caption_max == 0 else f"{rules.caption_max:,}" if rules.caption_max else "any length"
    )
    details = [f"{kind}: {_limits(limits)}" for kind, limits in rules.media.items()]
    if rules.cover is not None:
        details.append(f"cover: {_limits(rules.cover)}")
    if rules.needs_public_url:
        details.append(f"{' and '.join(sorted(rules.needs_public_url))} fetched from our public address")
    if rules.note:
        details.append(rules.note)
    per_day = f"{rules.per_day.posts}" if rules.per_day else "–"
    return f"| {name} | {media} | {caption} | {per_day} | {'<br>'.join(details)} |\n"


def _limits(limits: MediaLimits) -> str:
    told = [", ".join(sorted(limits.content_types))]
    if limits.size_max_bytes is not None:
        told.append(f"≤ {limits.size_max_bytes / 1_000_000:,.0f} MB")
    if limits.ratio is not None:
        told.append(f"ratio {limits.ratio[0]:.2f}–{limits.ratio[1]:.2f}")
    if limits.duration is not None:
        told.append(f"{_time(limits.duration[0])}–{_time(limits.duration[1])}")
    if limits.frame_rate is not None:
        told.append(f"{limits.frame_rate[0]:g}–{limits.frame_rate[1]:g} frames/s")
    if limits.width_min is not None:
        told.append(f"≥ {limits.width_min} px wide")
    if limits.height_min is not None:
        told.append(f"≥ {limits.height_min} px high")
    if limits.video_codecs:
        told.append(", ".join(sorted(limits.video_codecs)))
    return "; ".join(told)


def _time(span: timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds / 60:g} min" if seconds >= TWO_MINUTES and seconds % 60 == 0 else f"{seconds:g} s"


def _option(name: str, about: Mapping[str, Any]) -> str:
    title = str(about.get("title", name)).rstrip(".")
    offered_for = " ".join(filter(None, (", ".join(about.get("x-formats", ())), WITH_MEDIA[about.get("x-media")])))
    return f"| `{name}` | {offered_for or 'any post'} | {title}. {about.get('description', '')} |\n".replace(
        ".  |", ". |"
    )


def _errors(title: str, rules: Mapping[Any, Rule]) -> str:
    rows = "".join(
        f"| `{_code(code)}` | {rule.kind}{'' if rule.is_definite else ' (unsure)'} | {rule.message} |\n"
        for code, rule in _sorted(rules)
    )
    return f"\n### {title}\n\n| Code | Class | What people are told |\n| --- | --- | --- |\n{rows}"


def _sorted(rules: Mapping[Any, Rule]) -> Iterable[tuple[Any, Rule]]:
    return sorted(
        rules.items(), key=lambda each: (each[0][0], each[0][1] or 0) if isinstance(each[0], tuple) else each[0]
    )


def _code(code: Any) -> str:
    if not isinstance(code, tuple):
        return str(code)
    return "/".join(str(part) for part in code if part is not None)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
