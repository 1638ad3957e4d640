"""Publishing over real HTTP: every format of the main job, and what follows from what a network answers."""

from datetime import date, timedelta

import pytest

from tests.support.files import jpeg
from tests.support.world import Json, World

pytestmark = pytest.mark.anyio

FORMATS = {
    "facebook photo": ("facebook", "feed", "image"),
    "facebook reel": ("facebook", "reel", "video"),
    "facebook photo story": ("facebook", "story", "image"),
    "facebook video story": ("facebook", "story", "video"),
    "instagram photo": ("instagram", "feed", "image"),
    "instagram reel": ("instagram", "reel", "video"),
    "instagram photo story": ("instagram", "story", "image"),
    "instagram video story": ("instagram", "story", "video"),
    "tiktok video": ("tiktok", "reel", "video"),
}


@pytest.mark.parametrize(("network", "format", "kind"), FORMATS.values(), ids=FORMATS)
async def test_a_post_goes_live_once_with_its_permalink(world: World, network: str, format: str, kind: str) -> None:
    await world.bind_all()
    async with world.running_worker():
        post = await world.publish(await world.post_body(network, format=format, kind=kind))
    delivery = post["deliveries"][0]
    assert (post["state"], delivery["reason"]) == ("published", None)
    live = await world.live()
    assert [(each["network"], each["permalink"]) for each in live] == [(network, delivery["permalink"])]
    assert delivery["first_call_at"] >= delivery["due_at"]
    assert delivery["lateness_ms"] >= 0


async def test_a_carousel_shows_its_pictures_in_order(world: World) -> None:
    await world.bind_all()
    assets = [await world.editor.upload(f"{colour}.jpg", jpeg(colour=colour)) for colour in ("red", "green", "blue")]
    media = [{"asset_id": asset["id"], "alt_text": ""} for asset in assets]
    async with world.running_worker():
        post = await world.publish(await world.post_body("facebook", "instagram", media=media))
    assert post["state"] == "published"
    assert sorted((each["network"], each["media_count"]) for each in await world.live()) == [
        ("facebook", 3),
        ("instagram", 3),
    ]


async def test_each_profile_gets_its_own_caption(world: World) -> None:
    await world.bind_all()
    variants = [{"profile_id": world.profiles["facebook"]["id"], "caption": "Only here"}]
    async with world.running_worker():
        await world.publish(await world.post_body("facebook", "instagram", variants=variants))
    captions = {each["network"]: each["caption"] for each in await world.live()}
    assert captions == {"facebook": "Only here", "instagram": "Good morning"}


async def test_a_temporary_error_is_tried_again_by_itself(world: World) -> None:
    await world.bind_all()
    await _fault(world, "instagram.media", {"status": 503}, times=2)
    async with world.running_worker():
        post = await world.publish(await world.post_body("instagram"))
    assert post["state"] == "published"
    kinds = [entry["kind"] for entry in await _timeline(world, post)]
    assert kinds.count("failed") == 2
    assert len(await world.live()) == 1


async def test_an_answer_lost_on_the_way_is_looked_up_and_never_sent_again(world: World) -> None:
    await world.bind_all()
    await _fault(world, "instagram.media_publish", {"drop_after": True}, times=1)
    async with world.running_worker():
        post = await world.publish(await world.post_body("instagram"))
    assert post["state"] == "published"
    assert len(await world.live()) == 1
    assert "found" in [entry["kind"] for entry in await _timeline(world, post)]


async def test_a_call_that_never_arrived_is_looked_up_and_then_sent(world: World) -> None:
    await world.bind_all()
    await _fault(world, "instagram.media_publish", {"drop_before": True}, times=1)
    async with world.running_worker():
        post = await world.publish(await world.post_body("instagram"))
    assert post["state"] == "published"
    assert len(await world.live()) == 1


REFUSED_QUESTIONS = {
    "facebook reel": ("facebook", "facebook.video", {"code": 100, "message": "(#100) bad field"}),
    "tiktok video": ("tiktok", "tiktok.status_fetch", {"code": "invalid_params", "status": 400}),
}


@pytest.mark.parametrize(("network", "endpoint", "error"), REFUSED_QUESTIONS.values(), ids=REFUSED_QUESTIONS)
async def test_a_refused_question_about_an_accepted_post_never_counts_as_not_live(
    world: World, network: str, endpoint: str, error: Json
) -> None:
    await world.bind_all()
    await _fault(world, endpoint, {"error": error}, times=1)
    async with world.running_worker():
        post = await world.publish(await world.post_body(network, format="reel", kind="video"))
    assert post["state"] == "published"
    assert len(await world.live()) == 1
    assert "failed" in [entry["kind"] for entry in await _timeline(world, post)]


async def test_a_revoked_token_blocks_and_a_reconnect_lets_it_go_on(world: World) -> None:
    await world.bind_all()
    answer = await world.admin.http.post(f"{world.sandbox_url}/sandbox/tokens/expire", json={"network": "meta"})
    assert answer.is_success, answer.text
    async with world.running_worker():
        post = await world.publish(await world.post_body("facebook"))
        assert post["state"] == "blocked"
        assert "econnect" in post["deliveries"][0]["reason"]
        connections = (await world.admin.get("/connections"))["items"]
        assert {each["provider"]: each["status"] for each in connections}["meta"] == "needs_reconnect"
        await world.connect("meta")
        await world.until(post["id"], lambda post: post["state"] == "published")
    assert len(await world.live()) == 1


async def test_numbers_of_a_live_post_come_back_into_the_report(world: World) -> None:
    await world.bind_all()
    async with world.running_worker():
        post = await world.publish(await world.post_body("facebook", "instagram"))
        post = await world.until(post["id"], lambda post: all(each["metrics_at"] for each in post["deliveries"]))
    assert all(each["metrics"]["views"] > 0 for each in post["deliveries"])
    day = post["deliveries"][0]["live_at"][:10]
    report = await world.editor.get("/reports/posts", **{"from": _day(day, -1), "to": _day(day, 2)})
    assert report["totals"]["published"] == 2
    assert report["totals"]["metrics"]["views"] == sum(each["metrics"]["views"] for each in post["deliveries"])
    assert report["lateness"]["count"] == 2


async def _timeline(world: World, post: Json) -> list[Json]:
    timeline: list[Json] = (await world.editor.get(f"/deliveries/{post['deliveries'][0]['id']}"))["timeline"]
    return timeline


async def _fault(world: World, endpoint: str, action: Json, times: int) -> None:
    rule = {"match": {"endpoint": endpoint, "times": times}, "action": action}
    answer = await world.admin.http.post(f"{world.sandbox_url}/sandbox/faults", json=rule)
    assert answer.is_success, answer.text


def _day(day: str, offset: int) -> str:
    return str(date.fromisoformat(day) + timedelta(days=offset))
