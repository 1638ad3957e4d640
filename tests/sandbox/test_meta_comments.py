"""Comments on a Page's posts, photos and videos and on Instagram media, from making to deleting."""

import pytest

from tests.sandbox.clients import Meta, Stage
from tests.sandbox.media_files import clip, picture
from tests.sandbox.test_instagram import container, publish

pytestmark = pytest.mark.anyio


async def published_image(stage: Stage, meta: Meta) -> str:
    made = await container(meta, image_url=stage.host.put("a.jpg", picture()))
    stage.clock.advance(1)
    return str((await publish(meta, made)).body["id"])


async def test_a_first_comment_on_a_post_reads_back_and_is_seen(stage: Stage, meta: Meta) -> None:
    post = (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
    made = (await meta.post(f"{post}/comments", message="First")).body["id"]
    [row] = (await meta.get(f"{post}/comments", filter="stream")).body["data"]
    assert made.startswith(post.partition("_")[2])
    assert row == {
        "id": made,
        "message": "First",
        "from": {"name": "Harbor Coffee", "id": meta.page},
        "created_time": "2026-09-21T14:13:20+0000",
    }
    assert (await stage.live())[0]["comments"] == ["First"]


async def test_a_comment_on_a_reel_is_one_on_its_post(stage: Stage, meta: Meta) -> None:
    started = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await meta.upload(started["upload_url"], clip())
    video = started["video_id"]
    await meta.post(f"{meta.page}/video_reels", upload_phase="finish", video_id=video, video_state="PUBLISHED")
    made = (await meta.post(f"{video}/comments", message="First")).body["id"]
    stage.clock.advance(5)
    post = (await meta.get(video, fields="post_id")).body["post_id"]
    for node in (video, post):
        assert [row["id"] for row in (await meta.get(f"{node}/comments")).body["data"]] == [made]
    assert (await stage.live())[0]["comments"] == ["First"]


async def test_comments_come_in_the_order_asked_for_with_their_count(meta: Meta) -> None:
    post = (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
    for text in ("a", "b", "c"):
        await meta.post(f"{post}/comments", message=text)

    async def texts(**params: str) -> list[str]:
        return [row["message"] for row in (await meta.get(f"{post}/comments", **params)).body["data"]]

    assert await texts() == ["a", "b", "c"]
    assert await texts(order="reverse_chronological", limit="2") == ["c", "b"]
    assert (await meta.get(f"{post}/comments", summary="true")).body["summary"]["total_count"] == 3


async def test_a_comment_is_written_anew_hidden_and_deleted(stage: Stage, meta: Meta) -> None:
    post = (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
    made = (await meta.post(f"{post}/comments", message="Frist")).body["id"]
    assert (await meta.post(made, message="First", is_hidden="true")).body == {"success": True}
    assert (await meta.get(made, fields="message,is_hidden")).body == {
        "id": made,
        "message": "First",
        "is_hidden": True,
    }
    assert (await meta.delete(made)).body == {"success": True}
    assert (await meta.get(made)).error == (100, 33)
    assert (await stage.live())[0]["comments"] == []


async def test_a_first_comment_on_instagram_reads_back(stage: Stage, meta: Meta) -> None:
    media = await published_image(stage, meta)
    made = (await meta.post(f"{media}/comments", message="First #tag")).body["id"]
    [row] = (await meta.get(f"{media}/comments", fields="id,text,username,from,timestamp")).body["data"]
    assert (row["id"], row["text"], row["username"]) == (made, "First #tag", "harborcoffee")
    assert (row["from"]["id"], row["timestamp"]) == (meta.instagram, "2026-09-21T14:13:21+0000")
    assert (await meta.get(f"{media}/comments", fields="message")).error == (100, None)
    assert (await meta.post(made, hide="true")).body == {"success": True}
    assert (await meta.delete(made)).body == {"success": True}
    assert (await meta.get(f"{media}/comments")).body["data"] == []


async def test_media_without_comments_refuses_them(stage: Stage, meta: Meta) -> None:
    media = await published_image(stage, meta)
    assert (await meta.post(media, comment_enabled="false")).body == {"success": True}
    assert (await meta.get(media, fields="is_comment_enabled")).body["is_comment_enabled"] is False
    assert (await meta.post(f"{media}/comments", message="a")).error == (100, None)
    assert (await meta.post(media)).error == (100, None)


@pytest.mark.parametrize("params", [{}, {"text": "a"}, {"message": ""}], ids=str)
async def test_a_comment_needs_words(meta: Meta, params: dict[str, str]) -> None:
    post = (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
    assert (await meta.post(f"{post}/comments", **params)).error == (100, None)


@pytest.mark.parametrize(
    ("scope", "error"), [("pages_manage_engagement", (200, None)), ("instagram_manage_comments", (10, None))]
)
async def test_commenting_takes_its_own_permission(stage: Stage, scope: str, error: tuple[int, None]) -> None:
    meta = await stage.meta.connect(sandbox_decline=scope)
    node = (
        (await meta.post(f"{meta.page}/feed", message="Hi")).body["id"]
        if error[0] == 200
        else await published_image(stage, meta)
    )
    assert (await meta.post(f"{node}/comments", message="a")).error == error
