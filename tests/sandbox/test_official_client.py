"""Meta's own Python SDK, pointed at the sandbox: the shapes of its requests and answers are not ours."""

import asyncio
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from facebook_business.adobjects.advideo import AdVideo  # type: ignore[import-untyped]
    from facebook_business.adobjects.application import Application  # type: ignore[import-untyped]
    from facebook_business.adobjects.igmedia import IGMedia  # type: ignore[import-untyped]
    from facebook_business.adobjects.iguser import IGUser  # type: ignore[import-untyped]
    from facebook_business.adobjects.page import Page  # type: ignore[import-untyped]
    from facebook_business.adobjects.pagepost import PagePost  # type: ignore[import-untyped]
    from facebook_business.adobjects.user import User  # type: ignore[import-untyped]
    from facebook_business.api import FacebookAdsApi  # type: ignore[import-untyped]
    from facebook_business.exceptions import FacebookRequestError  # type: ignore[import-untyped]
    from facebook_business.session import FacebookSession  # type: ignore[import-untyped]

from postline.sandbox.meta.parameters import DOCUMENTED, KNOWN, Route
from tests.sandbox.clients import META_APP, Meta, Stage
from tests.sandbox.media_files import clip, picture

pytestmark = [
    pytest.mark.anyio,
    # The SDK doubts values that its own documentation gives.
    pytest.mark.filterwarnings("ignore:.*(might not be compatible|does not allow field)"),
]

T = TypeVar("T")


def sdk(meta: Meta, token: str = "") -> FacebookAdsApi:
    session = FacebookSession(META_APP["client_id"], META_APP["client_secret"], token or meta.page_token)
    session.GRAPH = meta.base
    return FacebookAdsApi(session)


async def call(ask: Callable[..., T], *fields: str, **params: Any) -> T:
    """A blocking call of the SDK."""
    return await asyncio.to_thread(ask, fields=list(fields), params=params)


async def rows(ask: Callable[..., Any], *fields: str, **params: Any) -> list[Any]:
    """All pages of one of the SDK's lists."""
    return await asyncio.to_thread(lambda: list(ask(fields=list(fields), params=params)))


# Connecting


async def test_the_sdk_finds_the_pages_of_a_person_and_their_accounts(meta: Meta) -> None:
    person = User("me", api=sdk(meta, meta.user))
    pages = await rows(person.get_accounts, "name", "access_token", "instagram_business_account", "tasks", limit=1)
    granted = await rows(person.get_permissions)
    assert [page["id"] for page in pages] == [meta.page, meta.bare_page]
    assert pages[0]["access_token"] == meta.page_token
    assert pages[0]["instagram_business_account"]["id"] == meta.instagram
    assert {row["permission"] for row in granted if row["status"] == "granted"} >= {"pages_manage_posts"}
    assert await rows(Page(meta.page, api=sdk(meta)).get_scheduled_posts) == []


async def test_the_sdk_signs_its_calls(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"require_appsecret_proof": True})
    page = await call(Page(meta.page, api=sdk(meta)).api_get, "name")
    assert page["name"] == "Harbor Coffee"


# A Page


async def test_the_sdk_publishes_a_page_post_and_reads_it(meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    made = await call(page.create_feed, message="By the SDK", targeting={"geo_locations": {"countries": ["DE"]}})
    posts = await rows(page.get_published_posts, "message", "permalink_url")
    assert [(post["id"], post["message"]) for post in posts] == [(made["id"], "By the SDK")]


async def test_the_sdk_walks_all_pages_of_a_list(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"facebook_refuses_duplicates": False})
    made = [(await meta.post(f"{meta.page}/feed", message=str(index))).body["id"] for index in range(5)]
    posts = await rows(Page(meta.page, api=sdk(meta)).get_published_posts, "id", limit=2)
    assert [post["id"] for post in posts] == made[::-1]


async def test_the_sdk_publishes_photos_and_comments_first(stage: Stage, meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    url = stage.host.put("a.jpg", picture())
    staged = [await call(page.create_photo, url=url, published=False, alt_text_custom="A cup") for _ in range(2)]
    attached = [{"media_fbid": photo["id"]} for photo in staged]
    made = await call(page.create_feed, message="Two", attached_media=attached)
    post = PagePost(made["id"], api=sdk(meta))
    comment = await call(post.create_comment, message="First")
    assert [row["id"] for row in await rows(post.get_comments, "message")] == [comment["id"]]
    assert [(each["media_count"], each["comments"]) for each in await stage.live()] == [(2, ["First"])]


async def test_the_sdk_publishes_a_reel_and_gives_it_a_cover(stage: Stage, meta: Meta, tmp_path: Path) -> None:
    page = Page(meta.page, api=sdk(meta))
    started = await call(page.create_video_reel, upload_phase="START")
    await meta.upload(started["upload_url"], clip())
    await call(
        page.create_video_reel,
        upload_phase="FINISH",
        video_id=started["video_id"],
        video_state="PUBLISHED",
        description="By the SDK",
        is_ai_generated=True,
    )
    cover = tmp_path / "cover.jpg"
    cover.write_bytes(picture(540, 960))
    video = AdVideo(started["video_id"], api=sdk(meta))
    await call(video.create_thumbnail, source=str(cover), is_preferred=True)
    stage.clock.advance(60)
    told = await call(video.api_get, "status", "published", "permalink_url")
    numbers = await rows(video.get_video_insights, metric=["blue_reels_play_count"])
    assert (told["status"]["video_status"], told["published"]) == ("ready", True)
    assert [row["is_preferred"] for row in await rows(video.get_thumbnails)] == [False, True]
    assert numbers[0]["values"][0]["value"] > 0


async def test_the_sdk_publishes_a_story_of_a_photo(stage: Stage, meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    photo = await call(page.create_photo, url=stage.host.put("a.jpg", picture()), published=False)
    await call(page.create_photo_story, photo_id=photo["id"])
    stage.clock.advance(5)
    [story] = await rows(page.get_stories, since=int(stage.clock.now) - 60)
    assert (story["media_id"], story["media_type"]) == (photo["id"], "photo")


async def test_the_sdk_opens_an_upload_session(meta: Meta) -> None:
    app = Application(META_APP["client_id"], api=sdk(meta, meta.user))
    made = await call(app.create_upload, file_length=5_000, file_name="clip.mp4", file_type="video/mp4")
    assert made["id"].startswith("upload:")


async def test_the_sdk_reads_a_pages_and_a_posts_insights(stage: Stage, meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    made = await call(page.create_feed, message="By the SDK")
    stage.clock.advance(3_600)
    [views] = await rows(PagePost(made["id"], api=sdk(meta)).get_insights, metric=["post_media_view"])
    [days] = await rows(page.get_insights, metric=["page_media_view"], period="day")
    assert views["values"][0]["value"] > 0
    assert sum(day["value"] for day in days["values"]) == views["values"][0]["value"]


async def test_the_sdk_subscribes_a_page_to_webhooks(meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    await call(page.create_subscribed_app, subscribed_fields=["feed", "mention"])
    [app] = await rows(page.get_subscribed_apps)
    assert app["id"] == META_APP["client_id"]


# Instagram


async def test_the_sdk_publishes_an_instagram_image_comments_and_reads_insights(stage: Stage, meta: Meta) -> None:
    account = IGUser(meta.instagram, api=sdk(meta))
    made = await call(
        account.create_media,
        image_url=stage.host.put("a.jpg", picture()),
        caption="By the SDK",
        alt_text="A cup",
        collaborators=["anna"],
        user_tags=[{"username": "ben", "x": 0.5, "y": 0.5}],
        location_id=meta.page,
    )
    stage.clock.advance(1)
    published = await call(account.create_media_publish, creation_id=made["id"])
    stage.clock.advance(60)
    media = IGMedia(published["id"], api=sdk(meta))
    await call(media.create_comment, message="First")
    limits = await rows(account.get_content_publishing_limit, "quota_usage", "config")
    numbers = await rows(media.get_insights, metric=["views", "reach", "saved"])
    totals = await rows(account.get_insights, metric=["views"], period=["day"], metric_type="total_value")
    assert [post["remote_id"] for post in await stage.live()] == [published["id"]]
    assert limits[0]["quota_usage"] == 1
    assert [row["text"] for row in await rows(media.get_comments, "text")] == ["First"]
    assert [row["username"] for row in await rows(media.get_collaborators)] == ["anna"]
    assert [row["name"] for row in numbers] == ["views", "reach", "saved"]
    assert totals[0]["total_value"]["value"] == numbers[0]["values"][0]["value"]


async def test_the_sdk_publishes_a_carousel(stage: Stage, meta: Meta) -> None:
    account = IGUser(meta.instagram, api=sdk(meta))
    urls = [stage.host.put(f"{shade}.jpg", picture(shade=shade)) for shade in (1, 2)]
    items = [await call(account.create_media, image_url=url, is_carousel_item=True) for url in urls]
    ids = [item["id"] for item in items]
    made = await call(account.create_media, media_type="CAROUSEL", children=ids, caption="Two")
    stage.clock.advance(1)
    published = await call(account.create_media_publish, creation_id=made["id"])
    told = await call(IGMedia(published["id"], api=sdk(meta)).api_get, "media_type", "permalink")
    assert told["media_type"] == "CAROUSEL_ALBUM"


# Refusals


async def test_the_sdk_understands_a_refusal(meta: Meta) -> None:
    account = IGUser(meta.instagram, api=sdk(meta))
    with pytest.raises(FacebookRequestError) as caught:
        await call(account.create_media_publish, creation_id="1")
    assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (100, 33)


async def test_the_sdk_understands_a_limit_and_its_headers(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"meta_limits": {"page_percent": 100, "regain_minutes": 5}})
    with pytest.raises(FacebookRequestError) as caught:
        await call(Page(meta.page, api=sdk(meta)).api_get, "name")
    usage = json.loads(caught.value.http_headers()["X-Business-Use-Case-Usage"])[meta.page][0]
    assert caught.value.api_error_code() == 80001
    assert (caught.value.http_status(), usage["estimated_time_to_regain_access"]) == (400, 5)


async def test_the_sdk_understands_a_batch(stage: Stage, meta: Meta) -> None:
    api = sdk(meta)
    good: list[Any] = []
    bad: list[Any] = []
    batch = api.new_batch()
    page = Page(meta.page, api=api)
    page.api_get(fields=["name"], batch=batch, success=good.append, failure=bad.append)
    page.api_get(fields=["nonsense"], batch=batch, success=good.append, failure=bad.append)
    await asyncio.to_thread(batch.execute)
    assert [reply.json()["name"] for reply in good] == ["Harbor Coffee"]
    assert [reply.error().api_error_code() for reply in bad] == [100]


CREATING: dict[Route, Callable[..., Any]] = {
    ("POST", "page", "feed"): Page.create_feed,
    ("POST", "page", "photos"): Page.create_photo,
    ("POST", "page", "videos"): Page.create_video,
    ("POST", "page", "video_reels"): Page.create_video_reel,
    ("POST", "page", "video_stories"): Page.create_video_story,
    ("POST", "page", "photo_stories"): Page.create_photo_story,
    ("POST", "page", "subscribed_apps"): Page.create_subscribed_app,
    ("POST", "post", "comments"): PagePost.create_comment,
    ("POST", "video", "thumbnails"): AdVideo.create_thumbnail,
    ("POST", "instagram", "media"): IGUser.create_media,
    ("POST", "instagram", "media_publish"): IGUser.create_media_publish,
    ("POST", "instagram", "subscribed_apps"): IGUser.create_subscribed_app,
    ("POST", "media", "comments"): IGMedia.create_comment,
    ("POST", "app", "uploads"): Application.create_upload,
}


@pytest.mark.parametrize("route", CREATING, ids=" ".join)
async def test_the_sandbox_knows_every_parameter_of_the_sdk(meta: Meta, route: Route) -> None:
    create = CREATING[route]
    node = {"page": Page, "post": PagePost, "video": AdVideo, "instagram": IGUser, "media": IGMedia, "app": Application}
    request = create(node[route[1]]("1", api=sdk(meta)), fields=[], params={}, pending=True)
    names = set(request._param_checker._type_check_info)
    assert names - {*KNOWN.get(route, ()), *DOCUMENTED.get(route, ())} == set()
