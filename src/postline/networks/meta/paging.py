"""Lists that come page by page.

A page may be empty or short and yet have another after it: only one without `next` is the last.
Source, read 2026-11-25: https://developers.facebook.com/docs/graph-api/results
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

Node = Mapping[str, Any]
Page = Callable[[Mapping[str, str]], Awaitable[Node]]

PAGES_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list has. Not `is_whole`: it goes on after PAGES_MAX pages, so that what is missing may still be in it."""

    nodes: list[Node]
    is_whole: bool


async def read_list(read: Page, params: Mapping[str, str], is_wanted: Callable[[Node], bool]) -> Listing:
    """The wanted nodes of a list, read until a page has only others. `read` gives a page. Raises NetworkError."""
    nodes: list[Node] = []
    asked = params
    for _ in range(PAGES_MAX):
        answer = await read(asked)
        page = answer.get("data", ())
        wanted = [node for node in page if is_wanted(node)]
        nodes += wanted
        following = next_page(answer)
        if following is None or (page and not wanted):
            return Listing(nodes, is_whole=True)
        asked = {**params, **following}
    return Listing(nodes, is_whole=False)


def next_page(answer: Node) -> dict[str, str] | None:
    """What to ask for the page after this one, or None. Lists go on by cursor or by time: the address tells which.

    Only its parameters are used, so that a token is never sent where an answer says, and never the token in it.
    """
    address = (answer.get("paging") or {}).get("next")
    if not address:
        return None
    params = dict(parse_qsl(urlsplit(address).query))
    return {name: value for name, value in params.items() if name not in ("access_token", "appsecret_proof")}
