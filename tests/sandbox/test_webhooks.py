"""How webhooks are sent: signed, again when refused, and on nobody's way."""

import hashlib
import hmac
import json

import pytest

from postline.sandbox.settings import META_APP_SECRET, TIKTOK_CLIENT_SECRET, Settings
from postline.sandbox.webhooks import Parcel, Webhooks
from postline.sandbox.world import World
from tests.sandbox.clients import Meta, Receiver, Stage, TikTok
from tests.sandbox.media_files import clip

pytestmark = pytest.mark.anyio


async def test_a_tiktok_event_is_signed_over_its_moment_and_raw_body(
    stage: Stage, tiktok: TikTok, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    publish_id = await tiktok.post_video(clip())
    stage.clock.advance(1)
    await receiver.wait(1)
    body, headers = receiver.arrived[0]
    stated = dict(part.split("=") for part in headers["TikTok-Signature"].split(","))
    right = hmac.new(TIKTOK_CLIENT_SECRET.encode(), f"{stated['t']}.".encode() + body, hashlib.sha256).hexdigest()
    assert (stated["s"], stated["t"]) == (right, str(int(stage.clock.now)))
    told = json.loads(body)
    assert told.keys() == {"client_key", "event", "create_time", "user_openid", "content"}
    assert told["user_openid"] == tiktok.open_id
    assert json.loads(told["content"]) == {"publish_id": publish_id, "publish_type": "DIRECT_PUBLISH"}


async def test_a_meta_event_is_signed_over_its_raw_body(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="Käse")
    await receiver.wait(1)
    body, headers = receiver.arrived[0]
    right = hmac.new(META_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={right}"
    assert b"K\\u00e4se" in body


async def test_a_wrong_signature_can_be_asked_for(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver, webhook_wrong_signature=True)
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="a")
    await receiver.wait(1)
    body, headers = receiver.arrived[0]
    right = hmac.new(META_APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] != f"sha256={right}"


async def test_a_refused_event_is_sent_again_until_it_is_taken(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    receiver.statuses = [500, 302, 404]
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="a")
    await receiver.wait(4)
    assert len({body for body, _ in receiver.arrived}) == 1
    webhooks = stage.sandbox.sandbox.webhooks
    await webhooks.settle()
    [told] = webhooks.told
    assert (told.attempts, told.status, told.event) == (4, 200, "page.feed")


async def test_attempts_are_bounded(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver, webhook_attempts=3)
    receiver.statuses = [500] * 9
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="a")
    await receiver.wait(3)
    await stage.sandbox.sandbox.webhooks.settle()
    told = (await stage.control("GET", "webhooks")).body
    assert [(each["attempts"], each["status"]) for each in told["told"]] == [(3, 500)]
    assert (told["planned"], told["sending"]) == (0, 0)


async def test_copies_of_an_event_are_alike(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver, webhook_copies=3)
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="a")
    await receiver.wait(3)
    assert len({body for body, _ in receiver.arrived}) == 1


async def test_events_overtake_each_other_when_spread(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver, webhook_spread_ms=150)
    await stage.subscribe(meta.page, "feed")
    for index in range(8):
        await meta.post(f"{meta.page}/feed", message=str(index))
    messages = [change["value"]["message"] for change in await receiver.meta(8)]
    assert sorted(messages) == [str(index) for index in range(8)]
    assert messages != sorted(messages)


async def test_nothing_waits_for_an_address_that_hangs(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    async with receiver.changed:  # the receiver cannot answer while this is held
        for index in range(3):
            assert (await meta.post(f"{meta.page}/feed", message=str(index))).status == 200
        assert receiver.arrived == []
    assert len(await receiver.meta(3)) == 3


async def test_without_an_address_nothing_is_kept(stage: Stage, meta: Meta, tiktok: TikTok) -> None:
    await meta.post(f"{meta.page}/feed", message="a")
    await tiktok.post_video(clip())
    assert (await stage.control("GET", "webhooks")).body == {"told": [], "planned": 0, "sending": 0, "dropped": 0}


async def test_what_waits_is_bounded() -> None:
    webhooks = Webhooks(World(Settings(), lambda: 0.0))
    for _ in range(100_002):
        webhooks.plan(1.0, lambda: None)
    assert webhooks.describe()["planned"] == 100_000
    assert webhooks.dropped == 2
    await webhooks.close()


async def test_a_verify_token_that_the_app_does_not_know_changes_nothing(stage: Stage, receiver: Receiver) -> None:
    wrong = {"webhooks": {"meta": {"callback_url": receiver.url, "verify_token": "wrong"}}}
    reply = await stage.control("POST", "settings", wrong)
    assert reply.status == 400
    assert "answered 403" in reply.body["error"]
    assert (await stage.control("GET", "settings")).body["webhooks"]["meta"]["callback_url"] == ""


async def test_an_address_where_nobody_is_cannot_be_verified(stage: Stage) -> None:
    nobody = {"webhooks": {"meta": {"callback_url": "http://127.0.0.1:9/hook", "verify_token": "x"}}}
    reply = await stage.control("POST", "settings", nobody)
    assert (reply.status, "did not answer" in reply.body["error"]) == (400, True)


async def test_an_address_given_at_the_start_is_verified_before_the_first_event(receiver: Receiver) -> None:
    world = World(Settings().changed({"webhooks": {"meta": {"callback_url": receiver.url, "verify_token": "wrong"}}}))
    world.settings = world.settings.changed({"webhook_attempts": 1})
    webhooks = Webhooks(world)
    webhooks.plan(0.0, lambda: Parcel(network="meta", event="page.feed", url=receiver.url, body=b"{}"))
    await webhooks.settle()
    assert (receiver.arrived, [told.status for told in webhooks.told]) == ([], [0])
    await webhooks.close()
