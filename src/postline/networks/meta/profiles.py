"""The Pages and Instagram accounts that a grant gives, also those that only a Business portfolio leads to.

Sources, read 2026-09-11: https://developers.facebook.com/docs/graph-api/reference/user/accounts,
https://developers.facebook.com/docs/graph-api/reference/user/businesses
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final

import structlog

from postline.core.errors import NetworkError
from postline.core.words import NetworkKey
from postline.networks.base import Grant, RemoteProfile
from postline.networks.meta.graph import Graph
from postline.networks.meta.paging import Node, next_page

log = structlog.get_logger()

PAGE_FIELDS: Final = (
    "id,name,username,access_token,tasks,picture{url},instagram_business_account{id,username,name,profile_picture_url}"
)
MAY_PUBLISH: Final = frozenset({"CREATE_CONTENT", "MANAGE"})
BUSINESS_SCOPE: Final = "business_management"
BUSINESS_EDGES: Final = ("owned_pages", "client_pages")


async def find_profiles(graph: Graph, grant: Grant) -> Sequence[RemoteProfile]:
    """Every profile once. Meta leaves Pages of a portfolio out of the person's own list. Raises NetworkError."""
    found: dict[tuple[NetworkKey, str], RemoteProfile] = {}
    async for page in _pages(graph, grant):
        for profile in _profiles_of(page):
            found.setdefault((profile.network, profile.remote_id), profile)
    return list(found.values())


async def _pages(graph: Graph, grant: Grant) -> AsyncIterator[Node]:
    token = grant.access_token
    async for page in _all(graph, "me.accounts", "me/accounts", token, PAGE_FIELDS):
        yield page
    if BUSINESS_SCOPE not in grant.scopes:
        return
    try:
        async for business in _all(graph, "me.businesses", "me/businesses", token, "id"):
            for edge in BUSINESS_EDGES:
                async for page in _all(graph, f"business.{edge}", f"{business['id']}/{edge}", token, PAGE_FIELDS):
                    yield page
    except NetworkError as error:
        # The person's own Pages are worth more than none at all.
        log.warning("network.businesses_unread", code=error.code)


async def _all(graph: Graph, endpoint: str, path: str, token: str, fields: str) -> AsyncIterator[Node]:
    """Every node of a list, page by page."""
    params = {"fields": fields, "limit": "100"}
    while True:
        answer = await graph.get(endpoint, path, token, params)
        for node in answer.get("data", ()):
            yield node
        following = next_page(answer)
        if following is None:
            return
        params |= following


def _profiles_of(page: Node) -> list[RemoteProfile]:
    token = page.get("access_token")
    if not token or not MAY_PUBLISH & set(page.get("tasks", ())):
        return []
    profiles = []
    if "CREATE_CONTENT" in page["tasks"]:
        profiles.append(
            RemoteProfile(
                network=NetworkKey.FACEBOOK,
                remote_id=str(page["id"]),
                name=str(page.get("name", "")),
                handle=page.get("username"),
                avatar_url=page.get("picture", {}).get("data", {}).get("url"),
                access_token=token,
            )
        )
    if account := page.get("instagram_business_account"):
        profiles.append(
            RemoteProfile(
                network=NetworkKey.INSTAGRAM,
                remote_id=str(account["id"]),
                name=str(account.get("name") or account.get("username") or page.get("name", "")),
                handle=account.get("username"),
                avatar_url=account.get("profile_picture_url"),
                access_token=token,
            )
        )
    return profiles
