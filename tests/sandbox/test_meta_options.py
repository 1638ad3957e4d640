"""What a Page's posts carry besides text and media, and posts that are staged, drafted or scheduled."""

import json

import pytest

from tests.sandbox.clients import Meta, Stage
from tests.sandbox.media_files import picture

pytestmark = pytest.mark.anyio

CARD = {"link": "https://example.com/a", "name": "A"}


async def test_a_post_names_its_place_and_people(meta: Meta) -> None:
    made = await meta.post(f"{meta.page}/feed", message="Here", place=meta.bare_page, tags="123,456")
    place = (await meta.get(made.body["id"], fields="place")).body["place"]
    assert (place["id"], place["name"], place["location"]["city"]) == (
        meta.bare_page,
        "Harbor Coffee Roastery",
        "Hamburg",
    )
    assert (await meta.get(meta.page, fields="location")).body["location"]["city"] == "Hamburg"


GOOD: dict[str, dict[str, str]] = {
    "countries": {"targeting": json.dumps({"geo_locations": {"countries": ["DE", "AT"]}})},
    "ages": {"feed_targeting": json.dumps({"age_min": 18, "age_max": 30, "genders": [1]})},
    "link cards": {"link": "https://example.com", "child_attachments": json.dumps([CARD, CARD])},
    "a call to action": {
        "link": "https://example.com",
        "call_to_action": json.dumps({"type": "SHOP_NOW", "value": {"link": "https://example.com"}}),
    },
    "a background": {"text_format_preset_id": "106018623298955"},
}


@pytest.mark.parametrize("name", GOOD)
async def test_a_post_is_taken_with(stage: Stage, meta: Meta, name: str) -> None:
    made = await meta.post(f"{meta.page}/feed", message="a", **GOOD[name])
    assert "id" in made.body, made.body
    assert len(await stage.live()) == 1


BAD: dict[str, tuple[dict[str, str], tuple[int, int | None]]] = {
    "a place that is none": ({"place": "1"}, (100, None)),
    "people without a place": ({"tags": "123"}, (100, None)),
    "countries by name": ({"targeting": json.dumps({"geo_locations": {"countries": ["Germany"]}})}, (100, None)),
    "places that are a list": ({"targeting": json.dumps({"geo_locations": ["DE"]})}, (100, None)),
    "children": ({"feed_targeting": json.dumps({"age_min": 12})}, (100, None)),
    "ages upside down": ({"feed_targeting": json.dumps({"age_min": 40, "age_max": 30})}, (100, None)),
    "an age in words": ({"feed_targeting": json.dumps({"age_min": "18"})}, (100, None)),
    "one link card": ({"link": "https://a.example", "child_attachments": json.dumps([CARD])}, (100, None)),
    "cards without a link": ({"child_attachments": json.dumps([CARD, CARD])}, (100, None)),
    "a card without a link": (
        {"link": "https://a.example", "child_attachments": json.dumps([CARD, {"name": "A"}])},
        (100, None),
    ),
    "an action without a type": ({"call_to_action": json.dumps({"value": {}})}, (100, None)),
    "a background for a long text": ({"message": "x" * 131, "text_format_preset_id": "1"}, (100, 1349125)),
    "a background for a link": ({"link": "https://a.example", "text_format_preset_id": "1"}, (100, 1349125)),
    "a schedule without a time": ({"published": "false", "unpublished_content_type": "SCHEDULED"}, (100, None)),
    "a draft with a time": (
        {
            "published": "false",
            "unpublished_content_type": "DRAFT",
            "scheduled_publish_time": "1790003600",
        },
        (100, None),
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_post_is_refused_for(stage: Stage, meta: Meta, name: str) -> None:
    params, error = BAD[name]
    assert (await meta.post(f"{meta.page}/feed", **{"message": "a", **params})).error == error
    assert len(stage.sandbox.world.posts) == 0


async def test_a_page_without_an_address_is_no_place(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", f"profiles/{meta.bare_page}", {"city": ""})
    assert (await meta.post(f"{meta.page}/feed", message="a", place=meta.bare_page)).error == (100, None)
    assert "location" not in (await meta.get(meta.bare_page, token=meta.bare_page_token, fields="location")).body


async def test_a_draft_is_never_live_until_it_is_published(stage: Stage, meta: Meta) -> None:
    made = await meta.post(f"{meta.page}/feed", message="a", unpublished_content_type="DRAFT")
    assert await stage.live() == []
    assert (await meta.post(made.body["id"], is_published="true")).body == {"success": True}
    assert len(await stage.live()) == 1


async def test_a_staged_photo_is_kept_for_a_day_and_a_temporary_one_for_its_post(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    kept = (await meta.post(f"{meta.page}/photos", url=url, published="false", temporary="true")).body["id"]
    lost = (await meta.post(f"{meta.page}/photos", url=url, published="false")).body["id"]
    stage.clock.advance(86_401)

    async def attach(photo_id: str) -> tuple[int | None, int | None] | str:
        attached = json.dumps([{"media_fbid": photo_id}])
        reply = await meta.post(f"{meta.page}/feed", message="a", attached_media=attached)
        return "attached" if "id" in reply.body else reply.error

    assert (await meta.get(lost)).error == (100, 33)
    assert await attach(lost) == (100, 33)
    assert (await meta.post(f"{meta.page}/photo_stories", photo_id=lost)).error == (100, 33)
    assert await attach(kept) == "attached"


async def test_a_photo_keeps_its_alternative_text(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    made = (await meta.post(f"{meta.page}/photos", url=url, alt_text_custom="A cup", place=meta.page)).body
    assert (await meta.get(made["id"], fields="alt_text_custom")).body["alt_text_custom"] == "A cup"
    refused = await meta.post(f"{meta.page}/photos", url=url, targeting='{"age_max":99}')
    assert refused.error == (100, None)


async def test_the_largest_photo_is_as_set(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"facebook_photo_bytes_max": 1_000})
    reply = await meta.post(f"{meta.page}/photos", url=stage.host.put("a.jpg", picture()))
    assert reply.error == (1, 1366046)


async def test_a_scheduled_reel_takes_its_state_and_time_together(stage: Stage, meta: Meta) -> None:
    started = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await meta.upload(started["upload_url"], b"anything at all")
    finish = {"upload_phase": "finish", "video_id": started["video_id"]}
    later, too_late = str(int(stage.clock.now) + 3_600), str(int(stage.clock.now) + 30 * 86_400)

    async def error(**params: str) -> tuple[int | None, int | None]:
        return (await meta.post(f"{meta.page}/video_reels", **finish, **params)).error

    assert await error(video_state="SCHEDULED") == (100, None)
    assert await error(video_state="PUBLISHED", scheduled_publish_time=later) == (100, None)
    assert await error(video_state="SCHEDULED", scheduled_publish_time=too_late) == (100, 1363138)
    assert await error(video_state="PUBLISHED", place="1") == (100, None)
    assert await error(video_state="LIVE") == (100, None)
