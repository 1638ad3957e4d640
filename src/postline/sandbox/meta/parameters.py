"""What Graph API's endpoints take: parameters of the official specification and SDK, and of other documents.

Graph API ignores most parameters that it does not know. The sandbox refuses them, so that a caller's mistakes show;
the setting `meta_ignores_unknown_parameters` makes it as lenient.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from postline.sandbox.calls import Call, Refusal
from postline.sandbox.meta import params_instagram, params_newer, params_objects, params_page
from postline.sandbox.meta.errors import refuse
from postline.sandbox.params import BadParam, Param, check

Route = tuple[str, str, str]
"""Method, kind of node, edge."""

EVERYWHERE: Final = frozenset({"access_token", "appsecret_proof", "date_format", "debug", "fields", "format"}) | {
    *("include_headers", "locale", "metadata", "method", "pretty", "suppress_http_code")
}
"""https://developers.facebook.com/docs/graph-api/overview, read 2026-11-24."""

COUNT_MAX: Final = 2**63 - 1
LISTS: Final = frozenset({"after", "before", "limit", "offset", "since", "until", "summary"})
"""Paging. https://developers.facebook.com/docs/graph-api/results, read 2026-11-24."""

LOGIN: Final = "https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow"
DEBUG: Final = "https://developers.facebook.com/documentation/facebook-login/guides/access-tokens/debugging"
UPLOADS: Final = "https://developers.facebook.com/docs/graph-api/guides/upload"
BATCH: Final = "https://developers.facebook.com/docs/graph-api/batch-requests"
PHOTOS: Final = "https://developers.facebook.com/docs/graph-api/photo-uploads"
INSIGHTS: Final = "https://developers.facebook.com/docs/graph-api/reference/page/insights"
ENDED: Final = "https://developers.facebook.com/docs/graph-api/changelog/version26.0"
EDITING: Final = "https://developers.facebook.com/documentation/pages-api/posts"

_TOKEN: Final = dict.fromkeys(
    ("client_id", "client_secret", "grant_type", "code", "redirect_uri", "fb_exchange_token"), LOGIN
)
DOCUMENTED: Final[Mapping[Route, Mapping[str, str]]] = {
    ("GET", "oauth", "access_token"): _TOKEN,
    ("POST", "oauth", "access_token"): _TOKEN,
    ("GET", "debug_token", ""): {"input_token": DEBUG},
    ("POST", "", ""): {"batch": BATCH},
    ("GET", "", ""): {"ids": ENDED},
    ("POST", "page", "photos"): {"source": PHOTOS},
    ("POST", "post", ""): {"published": EDITING},
    ("GET", "post", "insights"): {"breakdown": INSIGHTS},
    ("POST", "upload", ""): {"sig": UPLOADS},
    ("GET", "upload", ""): {"sig": UPLOADS},
}
"""Parameters that the specification lacks, each with the document that has it. Pages read 2026-11-24."""

WORDS: Final[Mapping[str, str]] = {
    "flag": "must be a boolean",
    "int": "must be an integer",
    "float": "must be a number",
    "list": "must be an array.",
    "ids": "must be an array.",
    "object": "must be an object",
    "json": "must be valid JSON",
    "time": "must be a valid time",
    "file": "must be uploaded as a file",
    "text": "must be a string",
}


def _params(kind: str, names: str) -> Iterator[Param]:
    name, _, is_choice = kind.partition(" ")
    if is_choice:
        yield Param(name, choices=tuple(names.split()))
        return
    for each in names.split():
        yield Param(each, "int", low=0, high=COUNT_MAX) if kind == "count" else Param(each, kind)


def _tables(*modules: Mapping[Route, Mapping[str, str]]) -> dict[Route, Mapping[str, Param]]:
    """The parameters of each route by name; several modules may add to one."""
    made: dict[Route, dict[str, Param]] = {}
    for route, table in chain.from_iterable(each.items() for each in modules):
        named = {param.name: param for kind, names in table.items() for param in _params(kind, names)}
        made.setdefault(route, {}).update(named)
    return {**made}


SPECIFIED: Final = _tables(params_page.TABLES, params_objects.TABLES, params_instagram.TABLES)
NEWER: Final = _tables(params_newer.TABLES)
KNOWN: Final = _tables(params_page.TABLES, params_objects.TABLES, params_instagram.TABLES, params_newer.TABLES)
NOTHING: Final[Mapping[str, Param]] = {}


def read_params(call: Call, route: Route, table: tuple[Param, ...]) -> dict[str, Any]:
    """The parameters of an endpoint's own table, converted; the others are checked only. Raises Refusal (100)."""
    if call.given.get("date_format") == "U":
        raise refuse(12, "(#12) date_format=U is deprecated")
    known = KNOWN.get(route, NOTHING)
    is_strict = not call.world.settings.meta_ignores_unknown_parameters
    try:
        params = check(call.given, table)
        for name in call.given:
            if name in params or name in EVERYWHERE:
                continue
            if param := known.get(name):
                check(call.given, (param,))
            elif is_strict and not (route[0] == "GET" and name in LISTS):
                raise refuse(100, f"(#100) Unknown parameter: {name}")
    except BadParam as bad:
        raise _refusal(bad) from bad
    return params


def _refusal(bad: BadParam) -> Refusal:
    name, kind = bad.param.name, bad.param.kind
    if bad.missing:
        return refuse(100, f"(#100) The parameter {name} is required")
    is_wrong_kind = str(bad) == f"must be a valid {kind}"
    return refuse(100, f"(#100) Param {name} {WORDS[kind] if is_wrong_kind else bad}")
