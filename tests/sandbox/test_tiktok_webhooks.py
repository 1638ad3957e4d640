"""What TikTok tells an app of."""

import asyncio

import pytest

from tests.sandbox.clients import Receiver, Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio

PUBLIC = "PUBLIC_TO_EVERYONE"


async def test_a_public_video_is_complete_then_publicly_available(
    stage: Stage, tiktok: TikTok, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    publish_id = await tiktok.post_video(clip())
    stage.clock.advance(1)
    await receiver.wait(1)
    stage.clock.advance(1)
    (first, _), (second, content) = await receiver.tiktok(2)
    [post] = await stage.live()
    assert (first, second) == ("post.publish.complete", "post.publish.publicly_available")
    assert content == {"publish_id": publish_id, "publish_type": "DIRECT_PUBLISH", "post_id": post["remote_id"]}


async def test_an_event_may_come_before_the_answer_to_its_init(
    stage: Stage, tiktok: TikTok, receiver: Receiver
) -> None:
    await stage.listen(receiver, tiktok_photo_seconds=0)
    await stage.fault("tiktok.content_init", {"hold_ms": 300})
    init = asyncio.create_task(tiktok.init_photos([stage.host.put("a.jpg", picture())]))
    [(event, content), *_] = await receiver.tiktok(1)
    assert (event, init.done()) == ("post.publish.complete", False)
    assert (await init).body["data"]["publish_id"] == content["publish_id"]


async def test_a_failed_video_is_told_with_its_reason(stage: Stage, tiktok: TikTok, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await tiktok.post_video(b"junk")
    stage.clock.advance(1)
    [(event, content)] = await receiver.tiktok(1)
    assert (event, content["reason"]) == ("post.publish.failed", "file_format_check_failed")


async def test_a_draft_is_delivered_and_complete_when_the_creator_posts_it(
    stage: Stage, tiktok: TikTok, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    publish_id = await tiktok.upload_draft(clip())
    stage.clock.advance(2)
    await receiver.wait(1)
    await stage.control("POST", f"inbox/{publish_id}", {"privacy": "SELF_ONLY"})
    events = await receiver.tiktok(2)
    assert events == [
        (f"post.publish.{name}", {"publish_id": publish_id, "publish_type": "INBOX_SHARE"})
        for name in ("inbox_delivered", "complete")
    ]


@pytest.mark.parametrize("way", ["deleted", "made private"])
async def test_a_public_post_that_is_hidden_is_no_longer_available(
    stage: Stage, tiktok: TikTok, receiver: Receiver, way: str
) -> None:
    await tiktok.post_video(clip())
    stage.clock.advance(5)
    [post] = await stage.live()
    await stage.listen(receiver)
    if way == "deleted":
        await stage.control("DELETE", f"posts/{post['remote_id']}")
    else:
        await stage.control("POST", f"posts/{post['remote_id']}", {"privacy": "SELF_ONLY"})
    [(event, content)] = await receiver.tiktok(1)
    assert (event, content["post_id"]) == ("post.publish.no_longer_publicaly_available", post["remote_id"])


async def test_a_private_post_made_public_later_is_told_then(stage: Stage, tiktok: TikTok, receiver: Receiver) -> None:
    await tiktok.post_video(clip(), privacy_level="SELF_ONLY")
    stage.clock.advance(5)
    [post] = await stage.live()
    await stage.listen(receiver)
    await stage.control("POST", f"posts/{post['remote_id']}", {"privacy": PUBLIC})
    [(event, _)] = await receiver.tiktok(1)
    assert event == "post.publish.publicly_available"


async def test_a_creator_who_removes_the_app_ends_tokens_and_what_is_in_process(
    stage: Stage, tiktok: TikTok, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    await tiktok.post_video(clip())
    removed = await stage.control("POST", "deauthorize", {"provider": "tiktok", "user": tiktok.open_id})
    assert removed.body == {"ended": 2}
    events = await receiver.tiktok(2)
    assert [(event, content.get("reason")) for event, content in events] == [
        ("post.publish.failed", "auth_removed"),
        ("authorization.removed", 1),
    ]
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)
    refreshed = await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh)
    assert refreshed.body["error"] == "invalid_grant"
    stage.clock.advance(60)
    assert await stage.live() == []


async def test_a_revocation_by_the_app_is_told_as_such(stage: Stage, tiktok: TikTok, receiver: Receiver) -> None:
    await stage.listen(receiver)
    form = {"client_key": "sandbox-tiktok-key", "client_secret": "sandbox-tiktok-secret", "token": tiktok.access}
    await tiktok.call("POST", "/v2/oauth/revoke/", data=form)
    assert await receiver.tiktok(1) == [("authorization.removed", {"reason": 5})]
