"""Meta's own Python SDK, pointed at the sandbox: the shapes of its requests and answers are not ours."""

import asyncio
import warnings

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from facebook_business.adobjects.iguser import IGUser  # type: ignore[import-untyped]
    from facebook_business.adobjects.page import Page  # type: ignore[import-untyped]
    from facebook_business.api import FacebookAdsApi  # type: ignore[import-untyped]
    from facebook_business.exceptions import FacebookRequestError  # type: ignore[import-untyped]
    from facebook_business.session import FacebookSession  # type: ignore[import-untyped]

from tests.sandbox.clients import META_APP, Meta, Stage
from tests.sandbox.media_files import picture

pytestmark = pytest.mark.anyio


def sdk(meta: Meta) -> FacebookAdsApi:
    session = FacebookSession(META_APP["client_id"], META_APP["client_secret"], meta.page_token)
    session.GRAPH = meta.base
    return FacebookAdsApi(session)


async def test_the_sdk_publishes_a_page_post_and_reads_it(meta: Meta) -> None:
    page = Page(meta.page, api=sdk(meta))
    made = await asyncio.to_thread(page.create_feed, fields=[], params={"message": "By the SDK"})
    posts = await asyncio.to_thread(lambda: list(page.get_published_posts(fields=["message", "permalink_url"])))
    assert [(post["id"], post["message"]) for post in posts] == [(made["id"], "By the SDK")]


async def test_the_sdk_walks_all_pages_of_a_list(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"facebook_refuses_duplicates": False})
    made = [(await meta.post(f"{meta.page}/feed", message=str(index))).body["id"] for index in range(5)]
    page = Page(meta.page, api=sdk(meta))
    posts = await asyncio.to_thread(lambda: list(page.get_published_posts(fields=["id"], params={"limit": 2})))
    assert [post["id"] for post in posts] == made[::-1]


async def test_the_sdk_publishes_an_instagram_image(stage: Stage, meta: Meta) -> None:
    account = IGUser(meta.instagram, api=sdk(meta))
    params = {"image_url": stage.host.put("a.jpg", picture()), "caption": "By the SDK"}
    made = await asyncio.to_thread(account.create_media, fields=[], params=params)
    stage.clock.advance(1)
    published = await asyncio.to_thread(account.create_media_publish, fields=[], params={"creation_id": made["id"]})
    limits = await asyncio.to_thread(
        lambda: list(account.get_content_publishing_limit(fields=["quota_usage", "config"]))
    )
    assert [post["remote_id"] for post in await stage.live()] == [published["id"]]
    assert limits[0]["quota_usage"] == 1


async def test_the_sdk_understands_a_refusal(meta: Meta) -> None:
    account = IGUser(meta.instagram, api=sdk(meta))
    with pytest.raises(FacebookRequestError) as caught:
        await asyncio.to_thread(account.create_media_publish, fields=[], params={"creation_id": "1"})
    assert (caught.value.api_error_code(), caught.value.api_error_subcode()) == (100, 33)
