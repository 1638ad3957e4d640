"""What a Page or an Instagram account tells the app of: the edge subscribed_apps, whose list replaces the one before.

Source: https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps and
https://developers.facebook.com/docs/instagram-platform/webhooks, read 2026-11-24.
"""

from dataclasses import replace
from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.meta.errors import graph_error, refuse
from postline.sandbox.params import Param
from postline.sandbox.records import InstagramAccount, Page
from postline.sandbox.settings import META_APP_ID, META_APP_NAME

PAGE_FIELDS: Final = frozenset(
    ("feed", "mention", "leadgen", "live_videos", "messages", "ratings", "videos", "business_integrity")
)
INSTAGRAM_FIELDS: Final = frozenset(("comments", "mentions", "story_insights", "live_comments", "messages"))
"""Those a publisher may want; the networks know some more for messages and company details."""


async def subscribe(call: Call) -> Answer:
    """Raises Refusal (100) for a field of the other kind of profile."""
    known = PAGE_FIELDS if call.world.pages.get(call.node) else INSTAGRAM_FIELDS
    wanted = tuple(call.params["subscribed_fields"])
    if unknown := [name for name in wanted if name not in known]:
        names = ", ".join(sorted(known)).upper()
        raise refuse(100, f"(#100) Param subscribed_fields[0] must be one of {{{names}}} - got {unknown[0]!r}.")
    _keep(call, wanted)
    return Answer(body={"success": True})


async def subscriptions(call: Call) -> Answer:
    fields = list(_profile(call).subscribed_fields)
    app = {"id": META_APP_ID, "name": META_APP_NAME, "subscribed_fields": fields}
    return Answer(body={"data": [app] if fields else []})


async def unsubscribe(call: Call) -> Answer:
    _keep(call, ())
    return Answer(body={"success": True})


def _profile(call: Call) -> Page | InstagramAccount:
    return call.world.pages.get(call.node) or call.world.instagram[call.node]


def _keep(call: Call, fields: tuple[str, ...]) -> None:
    profile = _profile(call)
    if isinstance(profile, Page):
        call.world.pages.put(replace(profile, subscribed_fields=fields))
    else:
        call.world.instagram.put(replace(profile, subscribed_fields=fields))


NODES: Final = {
    "facebook": ("/{page}", ("pages_manage_metadata",)),
    "instagram": ("/{instagram}", ("instagram_basic",)),
}

ENDPOINTS = tuple(
    Endpoint(
        name=f"{network}.{name}",
        method=method,
        path=f"{node}/subscribed_apps",
        handler=handler,
        envelope=graph_error,
        scopes=scopes,
        params=params,
    )
    for network, (node, scopes) in NODES.items()
    for name, method, handler, params in (
        ("subscribe", "POST", subscribe, (Param("subscribed_fields", "ids", required=True),)),
        ("subscriptions", "GET", subscriptions, ()),
        ("unsubscribe", "DELETE", unsubscribe, ()),
    )
)
