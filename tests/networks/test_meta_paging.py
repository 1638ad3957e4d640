"""Lists of Meta's are read to their end, or known not to have been."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from postline.networks.meta.paging import PAGES_MAX, Listing, next_page, read_list

pytestmark = pytest.mark.anyio

OWN = {"fields": "id", "limit": "2"}


def page(*ids: int, after: str | None = None) -> dict[str, Any]:
    following = {"next": f"https://graph.facebook.com/v26.0/1/posts?limit=2&after={after}"} if after else {}
    return {"data": [{"id": number} for number in ids], "paging": following}


async def read(pages: Sequence[Mapping[str, Any]]) -> tuple[Listing, list[Mapping[str, str]]]:
    """What is read of these pages where ids above 9 are wanted, and what was asked for it."""
    asked: list[Mapping[str, str]] = []

    async def give(params: Mapping[str, str]) -> Mapping[str, Any]:
        asked.append(params)
        return pages[len(asked) - 1]

    return await read_list(give, OWN, lambda node: node["id"] > 9), asked


async def test_pages_are_followed_to_the_last() -> None:
    listing, asked = await read([page(15, 14, after="a"), page(13, 12, after="b"), page(11)])
    assert ([node["id"] for node in listing.nodes], listing.is_whole) == ([15, 14, 13, 12, 11], True)
    assert asked == [OWN, OWN | {"after": "a"}, OWN | {"after": "b"}]


async def test_a_page_with_others_only_ends_it() -> None:
    listing, asked = await read([page(15, 9, after="a"), page(8, 7, after="b"), page(16)])
    assert ([node["id"] for node in listing.nodes], listing.is_whole, len(asked)) == ([15], True, 2)


async def test_an_empty_page_in_between_ends_nothing() -> None:
    listing, _ = await read([page(after="a"), page(15)])
    assert ([node["id"] for node in listing.nodes], listing.is_whole) == ([15], True)


async def test_a_list_without_end_is_not_whole() -> None:
    listing, asked = await read([page(15, after="a")] * (PAGES_MAX + 1))
    assert (listing.is_whole, len(asked)) == (False, PAGES_MAX)


def test_what_follows_is_told_by_time_too_and_never_with_a_token() -> None:
    address = "https://elsewhere.example/v26.0/1/feed?limit=25&until=1364587774&access_token=secret&appsecret_proof=0a&fields=id"
    assert next_page({"paging": {"next": address}}) == {"limit": "25", "until": "1364587774", "fields": "id"}


@pytest.mark.parametrize("answer", [{}, {"paging": None}, {"paging": {"cursors": {"after": "a"}}}])
def test_nothing_follows_a_page_that_names_nothing(answer: dict[str, Any]) -> None:
    assert next_page(answer) is None
