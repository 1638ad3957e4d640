import json

import pytest

from postline.sandbox.growth import SHARES, number
from tests.sandbox.clients import Meta, Stage
from tests.sandbox.media_files import clip, picture
from tests.sandbox.test_instagram import container, publish

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("name", SHARES)
def test_numbers_never_fall_as_a_post_ages(name: str) -> None:
    ages = [0, 1, 3, 10, 60, 3_600, 86_400, 864_000]
    values = [number(name, "a post", age) for age in ages]
    assert values == sorted(values)
    assert values[0] == 0


def test_there_are_views_a_second_after_publishing_and_more_a_minute_later() -> None:
    assert 0 < number("views", "a post", 1) < number("views", "a post", 60)


async def test_instagram_metrics_depend_on_the_kind_of_media_and_one_bad_name_fails_all(
    stage: Stage, meta: Meta
) -> None:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    media_id = (await publish(meta, made)).body["id"]
    stage.clock.advance(30)

    good = await meta.get(f"{media_id}/insights", metric="views,reach,likes,saved,total_interactions")
    bad = await meta.get(f"{media_id}/insights", metric="views,ig_reels_avg_watch_time")
    none = await meta.get(f"{media_id}/insights")

    assert [row["name"] for row in good.body["data"]] == ["views", "reach", "likes", "saved", "total_interactions"]
    assert good.body["data"][0]["values"][0]["value"] > 0
    assert bad.error == (100, None)
    assert none.error == (3001, 1504028)


async def test_a_page_post_tells_its_views_and_counts(stage: Stage, meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    stage.clock.advance(3_600)
    rows = (await meta.get(f"{post_id}/insights", metric="post_media_view,post_reactions_by_type_total")).body["data"]
    assert rows[0]["values"][0]["value"] > 0
    assert rows[1]["values"][0]["value"]["like"] > 0
    fields = "shares,comments.limit(0).summary(true),reactions.limit(0).summary(true)"
    counts = (await meta.get(post_id, fields=fields)).body
    assert counts["reactions"]["summary"]["total_count"] > 0
    assert (await meta.get(f"{post_id}/insights", metric="post_impressions")).error == (100, None)


async def test_a_reel_answers_for_reel_metrics_and_is_silent_on_those_of_videos(stage: Stage, meta: Meta) -> None:
    started = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await meta.upload(started["upload_url"], clip())
    video = started["video_id"]
    await meta.post(f"{meta.page}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED")
    stage.clock.advance(60)
    every = (await meta.get(f"{video}/video_insights")).body["data"]
    assert {"blue_reels_play_count", "post_video_avg_time_watched"} <= {row["name"] for row in every}
    assert (await meta.get(f"{video}/video_insights", metric="total_video_views")).body["data"] == []
    assert (await meta.get(f"{video}/video_insights", metric="nonsense")).error == (100, None)


async def test_a_batch_answers_element_by_element(meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    batch = [
        {"method": "GET", "relative_url": f"{post_id}?fields=id,message"},
        {"method": "GET", "relative_url": "1?fields=id"},
    ]
    answers = (await meta.post("", batch=json.dumps(batch))).body
    assert [answer["code"] for answer in answers] == [200, 400]
    assert json.loads(answers[0]["body"])["message"] == "a"
    assert json.loads(answers[1]["body"])["error"]["error_subcode"] == 33


async def test_account_insights_add_up(stage: Stage, meta: Meta) -> None:
    await meta.post(f"{meta.page}/feed", message="a")
    stage.clock.advance(60)
    page = (await meta.get(f"{meta.page}/insights", metric="page_media_view", period="day")).body["data"]
    assert sum(day["value"] for day in page[0]["values"]) > 0
    total = await meta.get(f"{meta.instagram}/insights", metric="views", period="day", metric_type="total_value")
    assert total.body["data"][0]["total_value"] == {"value": 0}
