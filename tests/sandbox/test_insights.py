from typing import Any

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


async def test_account_insights_add_up(stage: Stage, meta: Meta) -> None:
    await meta.post(f"{meta.page}/feed", message="a")
    stage.clock.advance(60)
    page = (await meta.get(f"{meta.page}/insights", metric="page_media_view", period="day")).body["data"]
    assert sum(day["value"] for day in page[0]["values"]) > 0
    total = await meta.get(f"{meta.instagram}/insights", metric="views", period="day", metric_type="total_value")
    assert total.body["data"][0]["total_value"] == {"value": 0}


# Page posts


async def post_and_wait(stage: Stage, meta: Meta, **params: str) -> str:
    post_id = (await meta.post(f"{meta.page}/feed", **params)).body["id"]
    stage.clock.advance(86_400)
    return str(post_id)


async def test_views_split_by_where_they_came_from(stage: Stage, meta: Meta) -> None:
    post = await post_and_wait(stage, meta, message="a")
    path = f"{post}/insights"
    [whole] = (await meta.get(path, metric="post_media_view")).body["data"]
    for breakdown in ("is_from_ads", "is_from_followers"):
        [row] = (await meta.get(path, metric="post_media_view", breakdown=breakdown)).body["data"]
        assert [value[breakdown] for value in row["values"]] == ["1", "0"]
        assert sum(value["value"] for value in row["values"]) == whole["values"][0]["value"]
    assert (await meta.get(path, metric="post_clicks", breakdown="is_from_ads")).error == (100, None)
    assert (await meta.get(path, metric="post_media_view", breakdown="age")).error == (100, None)


async def test_a_text_has_no_numbers_of_a_video(stage: Stage, meta: Meta) -> None:
    post = await post_and_wait(stage, meta, message="a")
    rows = (await meta.get(f"{post}/insights", metric="post_video_view_time,post_clicks")).body["data"]
    assert [row["name"] for row in rows] == ["post_clicks"]


REMOVED = ["post_impressions", "post_impressions_unique", "post_video_views_unique", "post_engaged_users"]


@pytest.mark.parametrize("name", REMOVED)
async def test_a_removed_metric_fails_the_whole_call(stage: Stage, meta: Meta, name: str) -> None:
    post = await post_and_wait(stage, meta, message="a")
    assert (await meta.get(f"{post}/insights", metric=f"post_clicks,{name}")).error == (100, None)


async def test_a_list_of_posts_brings_their_insights_along(stage: Stage, meta: Meta) -> None:
    post = await post_and_wait(stage, meta, message="a")
    fields = "id,insights.metric(post_media_view,post_clicks){name,values}"
    [row] = (await meta.get(f"{meta.page}/published_posts", fields=fields)).body["data"]
    assert row["id"] == post
    assert [sorted(each) for each in row["insights"]["data"]] == [["name", "values"]] * 2
    bad = fields.replace("post_clicks", "post_impressions")
    assert (await meta.get(f"{meta.page}/published_posts", fields=bad)).error == (100, None)


# Stories


async def story(stage: Stage, meta: Meta) -> str:
    url = stage.host.put("s.jpg", picture(1_080, 1_920))
    made = await container(meta, media_type="STORIES", image_url=url)
    stage.clock.advance(1)
    return str((await publish(meta, made)).body["id"])


async def test_a_story_tells_its_numbers_for_a_day_and_not_to_few_viewers(stage: Stage, meta: Meta) -> None:
    path = f"{await story(stage, meta)}/insights"
    stage.clock.advance(0.001)
    assert (await meta.get(path, metric="views")).error == (10, None)
    stage.clock.advance(80_000)
    rows = (await meta.get(path, metric="views,replies,navigation")).body["data"]
    assert [row["name"] for row in rows] == ["views", "replies", "navigation"]
    assert (await meta.get(path, metric="likes")).error == (100, None)
    stage.clock.advance(10_000)
    assert (await meta.get(path, metric="views")).body == {"data": []}


async def test_moves_through_a_story_split_by_kind(stage: Stage, meta: Meta) -> None:
    path, split = f"{await story(stage, meta)}/insights", "story_navigation_action_type"
    stage.clock.advance(80_000)
    [moves] = (await meta.get(path, metric="navigation", breakdown=split)).body["data"]
    [broken_down] = moves["total_value"]["breakdowns"]
    assert broken_down["dimension_keys"] == [split]
    assert broken_down["results"][0]["dimension_values"] == ["tap_forward"]
    assert sum(each["value"] for each in broken_down["results"]) == moves["total_value"]["value"] > 0
    assert (await meta.get(path, metric="views", breakdown=split)).error == (100, None)


async def test_a_pages_story_tells_0_in_1970_until_it_is_counted(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"metrics_lag_seconds": 3_600})
    photo = (await meta.post(f"{meta.page}/photos", url=stage.host.put("s", picture()), published="false")).body["id"]
    post = (await meta.post(f"{meta.page}/photo_stories", photo_id=photo)).body["post_id"]

    async def value() -> Any:
        [row] = (await meta.get(f"{post}/insights", metric="story_media_view")).body["data"]
        return row["values"][0]

    stage.clock.advance(1_800)
    assert await value() == {"value": 0, "end_time": "1970-01-02T00:00:00+0000"}
    stage.clock.advance(7_200)
    assert (await value())["value"] > 0


# Instagram media


async def test_numbers_that_are_not_there_yet_are_no_rows(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"metrics_lag_seconds": 3_600})
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    media = (await publish(meta, made)).body["id"]
    stage.clock.advance(1_800)
    assert (await meta.get(f"{media}/insights", metric="views,reach")).body == {"data": []}
    stage.clock.advance(7_200)
    assert len((await meta.get(f"{media}/insights", metric="views,reach")).body["data"]) == 2


UNREADABLE: dict[str, tuple[dict[str, str], tuple[int, int | None]]] = {
    "views on Facebook of what is not there": ({"metric": "views,facebook_views"}, (1, None)),
    "a metric that has ended": ({"metric": "impressions"}, (100, None)),
    "another period": ({"metric": "views", "period": "day"}, (100, None)),
    "no metric": ({}, (3001, 1504028)),
    "a metric that is empty": ({"metric": ","}, (3001, 1504028)),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_instagram_refuses_to_tell(stage: Stage, meta: Meta, name: str) -> None:
    params, error = UNREADABLE[name]
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    media = (await publish(meta, made)).body["id"]
    stage.clock.advance(60)
    assert (await meta.get(f"{media}/insights", **params)).error == error


async def test_many_media_bring_their_insights_in_one_call(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    made = [await container(meta, image_url=url) for _ in range(2)]
    stage.clock.advance(1)
    for each in made:
        await publish(meta, each)
    stage.clock.advance(60)
    fields = "id,like_count,insights.metric(views,reach)"
    rows = (await meta.get(f"{meta.instagram}/media", fields=fields)).body["data"]
    assert [len(row["insights"]["data"]) for row in rows] == [2, 2]
    narrow = await meta.connect(sandbox_decline="instagram_manage_insights")
    assert (await narrow.get(f"{meta.instagram}/media", fields=fields)).error == (10, None)


# Profiles


async def test_a_pages_days_add_up_to_a_week(stage: Stage, meta: Meta) -> None:
    start = int(stage.clock.now)
    await post_and_wait(stage, meta, message="a")
    stage.clock.advance(6 * 86_400)
    window: dict[str, Any] = {"since": start, "until": int(stage.clock.now)}
    path = f"{meta.page}/insights"
    [days] = (await meta.get(path, metric="page_media_view", period="day", **window)).body["data"]
    [weeks] = (await meta.get(path, metric="page_media_view", period="week", **window)).body["data"]
    values = [day["value"] for day in days["values"]]
    assert len(values) == 8
    assert values[1] > values[-1] >= 0
    assert sum(values[-7:]) == weeks["values"][-1]["value"] > 0
    assert days["values"][0]["end_time"].endswith("T08:00:00+0000")


BAD_RANGES: dict[str, tuple[str, dict[str, str]]] = {
    "over 90 days": ("page", {"metric": "page_media_view", "since": "1770000000", "until": "1779000000"}),
    "a range upside down": ("page", {"metric": "page_media_view", "since": "2000000", "until": "1000000"}),
    "a lifetime": ("page", {"metric": "page_media_view", "period": "lifetime"}),
    "a week of a daily metric": ("page", {"metric": "page_follows", "period": "week"}),
    "fans": ("page", {"metric": "page_fans"}),
    "an account without a period": ("instagram", {"metric": "reach"}),
    "a total among series": ("instagram", {"metric": "views,reach", "period": "day"}),
    "a series among totals": (
        "instagram",
        {"metric": "follower_count", "period": "day", "metric_type": "total_value"},
    ),
}


@pytest.mark.parametrize("name", BAD_RANGES)
async def test_a_profile_refuses_to_tell(meta: Meta, name: str) -> None:
    node, params = BAD_RANGES[name]
    assert (await meta.get(f"{getattr(meta, node)}/insights", **params)).error == (100, None)


async def test_small_profiles_have_no_insights(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", f"profiles/{meta.page}", {"followers": 99})
    await stage.control("POST", f"profiles/{meta.instagram}", {"followers": 99})
    assert (await meta.get(f"{meta.page}/insights", metric="page_media_view")).body == {"data": []}
    rows = (await meta.get(f"{meta.instagram}/insights", metric="reach,follower_count", period="day")).body["data"]
    assert [row["name"] for row in rows] == ["reach"]
