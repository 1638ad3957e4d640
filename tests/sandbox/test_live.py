"""What a visitor of the networks sees: covers, people and comments, as JSON and on the sandbox's own pages."""

import json

import pytest

from tests.sandbox.clients import META_SCOPES, Meta, Reply, Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio


async def publish(stage: Stage, meta: Meta, **params: str) -> str:
    made = await meta.post(f"{meta.instagram}/media", **params)
    await stage.settle()
    stage.clock.advance(2)
    return str((await meta.post(f"{meta.instagram}/media_publish", creation_id=made.body["id"])).body["id"])


async def fetch(stage: Stage, url: str) -> bytes:
    async with stage.meta.session.get(url) as answer:
        assert answer.status == 200
        return await answer.read()


async def page(stage: Stage, path: str) -> str:
    return (await fetch(stage, f"{stage.sandbox.url}{path}")).decode()


async def test_a_reel_shows_its_cover_its_people_and_its_first_comment(stage: Stage, meta: Meta) -> None:
    media_id = await publish(
        stage,
        meta,
        media_type="REELS",
        video_url=stage.host.put("a.mp4", clip()),
        cover_url=stage.host.put("cover.jpg", picture(shade=9)),
        user_tags=json.dumps([{"username": "noor"}]),
        collaborators=json.dumps(["roastery"]),
    )
    await meta.post(f"{media_id}/comments", message="First!")
    [post] = await stage.live()
    assert (post["tagged"], post["collaborators"], post["comments"]) == (["noor"], ["roastery"], ["First!"])
    assert post["cover_url"] != f"{stage.sandbox.url}/sandbox/still/{post['media'][0]}.jpg"
    assert (await fetch(stage, post["cover_url"]))[:2] == b"\xff\xd8"
    for shown in (await page(stage, "/sandbox"), await page(stage, post["permalink"].removeprefix(stage.sandbox.url))):
        assert "with @noor, together with @roastery" in shown
        assert "First!" in shown
        assert post["cover_url"].removeprefix(stage.sandbox.url) in shown


async def test_the_people_of_all_pictures_of_a_carousel_are_shown_once_each(stage: Stage, meta: Meta) -> None:
    children = []
    for place, names in enumerate((("noor", "mia"), ("mia", "ada"))):
        tags = json.dumps([{"username": name, "x": 0.5, "y": 0.5} for name in names])
        url = stage.host.put(f"{place}.jpg", picture(shade=place))
        made = await meta.post(f"{meta.instagram}/media", image_url=url, is_carousel_item="true", user_tags=tags)
        children.append(made.body["id"])
    await publish(stage, meta, media_type="CAROUSEL", children=",".join(children))
    [post] = await stage.live()
    assert post["tagged"] == ["noor", "mia", "ada"]


async def test_a_comment_on_the_photo_of_a_post_is_shown_below_it(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    made = await meta.post(f"{meta.page}/photos", url=url, message="Latte", place=meta.page)
    await meta.post(f"{made.body['post_id']}/comments", message="On the post")
    await meta.post(f"{made.body['id']}/comments", message="On the photo")
    [post] = await stage.live()
    assert post["comments"] == ["On the post", "On the photo"]
    assert (post["place"], post["cover_url"]) == (
        meta.page,
        f"{stage.sandbox.url}/sandbox/still/{post['media'][0]}.jpg",
    )
    assert "at Harbor Coffee" in await page(stage, "/sandbox")


async def test_a_text_has_no_cover(stage: Stage, meta: Meta) -> None:
    await meta.post(f"{meta.page}/feed", message="Hello")
    [post] = await stage.live()
    assert (post["cover_url"], post["tagged"], post["comments"]) == ("", [], [])


async def test_a_tiktok_video_shows_the_moment_that_was_chosen(stage: Stage, tiktok: TikTok) -> None:
    await tiktok.post_video(clip(), video_cover_timestamp_ms=500)
    stage.clock.advance(2)
    [post] = await stage.live()
    assert post["cover_url"].endswith(f"{post['media'][0]}.jpg?at_ms=500")


async def test_businesses_are_seeded_with_pages_that_nobody_s_list_has(stage: Stage) -> None:
    [person] = stage.sandbox.world.meta_users
    shop = {"name": "Harbor Shop", "username": "harborshop", "instagram": {"username": "harborshop"}}
    group = {
        "name": "Harbor Group",
        "person_ids": [person.id],
        "owned_pages": [shop],
        "client_pages": [{"name": "C", "username": "c"}],
    }
    made = (await stage.control("POST", "seed", {"businesses": [group]})).body
    assert {kind: len(ids) for kind, ids in made.items() if ids} == {"pages": 2, "instagram": 1, "businesses": 1}
    token = await stage.meta.log_in(scope=f"{META_SCOPES},business_management")
    own = [each["id"] for each in (await stage.meta.get("me/accounts", token=token)).body["data"]]
    assert not set(own) & set(made["pages"])
    [business] = (await stage.meta.get("me/businesses", token=token)).body["data"]
    lists = [await stage.meta.get(f"{business['id']}/{edge}", token=token) for edge in ("owned_pages", "client_pages")]
    assert [ids_of(each) for each in lists] == [[each] for each in made["pages"]]


async def test_a_business_of_people_who_are_not_there_is_refused(stage: Stage) -> None:
    refused = await stage.control("POST", "seed", {"businesses": [{"name": "Harbor Group", "person_ids": ["1"]}]})
    assert refused.status == 400
    assert "nobody has the id 1" in str(refused.body)
    assert list(stage.sandbox.world.businesses) == []


def ids_of(answer: Reply) -> list[str]:
    return [each["id"] for each in answer.body["data"]]
