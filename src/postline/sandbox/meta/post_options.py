"""What a Page's posts may carry besides text and media: a place, people, an audience, link cards, a background.

Source: https://developers.facebook.com/docs/graph-api/reference/page/feed, read 2026-11-24.
"""

from collections.abc import Mapping
from typing import Any, Final

from postline.sandbox.calls import Call, Refusal
from postline.sandbox.meta.errors import refuse
from postline.sandbox.params import Param

AGES: Final = (13, 65)
CARDS: Final = (2, 5)
PRESET_MAX: Final = 130
"""Characters on a coloured background, as publishers found; Meta documents none."""

AUDIENCE: Final = (Param("targeting", "object"), Param("feed_targeting", "object"))
PLACE: Final = Param("place")
OPTIONS: Final = (
    *AUDIENCE,
    PLACE,
    Param("tags", "ids", default=[]),
    Param("call_to_action", "object"),
    Param("child_attachments", "list", default=[]),
    Param("text_format_preset_id"),
)


def check_options(call: Call, *, has_media: bool) -> None:
    """What a post in the feed carries. Raises Refusal (100)."""
    params = call.params
    check_audience(call)
    check_place(call)
    if params["tags"] and not params["place"]:
        raise refuse(100, "(#100) You cannot specify tags without a place")
    if not all(tag.isdigit() for tag in params["tags"]):
        raise refuse(100, "(#100) Param tags must be a list of user IDs")
    cards, action = params["child_attachments"], params["call_to_action"]
    if cards and not (CARDS[0] <= len(cards) <= CARDS[1] and all(map(_is_card, cards))):
        raise refuse(100, "(#100) Param child_attachments must be 2 to 5 objects, each with a link")
    if cards and not params["link"]:
        raise refuse(100, "(#100) The parameter link is required with child_attachments")
    if action is not None and not isinstance(action.get("type"), str):
        raise refuse(100, "(#100) Param call_to_action[type] is required")
    if params["text_format_preset_id"] and (has_media or params["link"] or len(params["message"]) > PRESET_MAX):
        raise refuse(100, "(#100) text_format_preset_id is for short texts without media", 1349125)


def _is_card(card: Any) -> bool:
    return isinstance(card, dict) and str(card.get("link", "")).startswith(("http://", "https://"))


def check_place(call: Call) -> None:
    """A place is the id of a Page that is somewhere. Raises Refusal (100)."""
    place = call.params["place"]
    if place and not is_place(call, place):
        raise refuse(100, "(#100) Param place must be a valid place tag ID")


def is_place(call: Call, page_id: str) -> bool:
    page = call.world.pages.get(page_id)
    return page is not None and bool(page.city)


def check_audience(call: Call) -> None:
    """Raises Refusal (100) for countries or ages that are none."""
    for name in ("targeting", "feed_targeting"):
        if (audience := call.params[name]) is not None and (refusal := _wrong_audience(name, audience)):
            raise refusal


def _wrong_audience(name: str, audience: Mapping[str, Any]) -> Refusal | None:
    places = audience.get("geo_locations", {})
    countries = places.get("countries", []) if isinstance(places, Mapping) else None
    if not isinstance(countries, list) or not all(_is_country(each) for each in countries):
        return refuse(100, f"(#100) Param {name}[geo_locations] must name countries by two capital letters")
    ages = [audience.get("age_min", AGES[0]), audience.get("age_max", AGES[1])]
    if not all(isinstance(age, int) for age in ages) or not AGES[0] <= ages[0] <= ages[1] <= AGES[1]:
        return refuse(100, f"(#100) Param {name}: age_min and age_max must be between {AGES[0]} and {AGES[1]}")
    return None


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 2 and value.isascii() and value.isalpha() and value.isupper()
