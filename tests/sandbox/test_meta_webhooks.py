"""What Meta tells an app of, by webhooks and callbacks."""

import base64
import hashlib
import hmac
import json

import pytest

from postline.sandbox.meta.webhooks import signed_request
from postline.sandbox.settings import META_APP_SECRET
from tests.sandbox.clients import Meta, Receiver, Stage
from tests.sandbox.media_files import picture

pytestmark = pytest.mark.anyio


async def test_a_page_that_is_not_subscribed_is_told_of_nothing(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    told = meta.bare_page_token
    await meta.post(f"{meta.bare_page}/subscribed_apps", token=told, subscribed_fields="feed")
    await meta.post(f"{meta.page}/feed", message="not told")
    await meta.post(f"{meta.bare_page}/feed", token=told, message="told")
    [change] = await receiver.meta(1)
    assert (change["node"], change["value"]["message"]) == (meta.bare_page, "told")


async def test_an_app_gets_the_fields_it_asks_for_only(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    addresses = {"callback_url": receiver.url, "verify_token": "right", "fields": ["permissions"]}
    await stage.control("POST", "settings", {"webhooks": {"meta": addresses}})
    await stage.subscribe(meta.page, "feed")
    await meta.post(f"{meta.page}/feed", message="a")
    await meta.delete("me/permissions", token=meta.user, permission="read_insights")
    [change] = await receiver.meta(1)
    assert (change["object"], change["field"], change["value"]["verb"]) == ("permissions", "read_insights", "revoked")


async def test_a_text_on_a_page_is_told_as_a_status(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    post_id = (await meta.post(f"{meta.page}/feed", message="30")).body["id"]
    [change] = await receiver.meta(1)
    assert change == {
        "object": "page",
        "node": meta.page,
        "field": "feed",
        "value": {
            "from": {"id": meta.page, "name": "Harbor Coffee"},
            "item": "status",
            "verb": "add",
            "published": 1,
            "post_id": post_id,
            "message": "30",
            "created_time": int(stage.clock.now),
        },
    }


async def test_a_photo_is_told_with_its_id(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    made = (await meta.post(f"{meta.page}/photos", url=stage.host.put("a.jpg", picture()))).body
    [change] = await receiver.meta(1)
    assert (change["value"]["item"], change["value"]["photo_id"]) == ("photo", made["id"])
    assert change["value"]["post_id"] == made["post_id"]


async def test_a_comment_is_told_with_its_post_from_making_to_deleting(
    stage: Stage, meta: Meta, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    post_id = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    await stage.subscribe(meta.page, "feed")
    comment = (await meta.post(f"{post_id}/comments", message="Frist")).body["id"]
    await receiver.wait(1)
    await meta.post(comment, message="First")
    await receiver.wait(2)
    await meta.delete(comment)
    values = [change["value"] for change in await receiver.meta(3)]
    assert [(value["item"], value["verb"], value["message"]) for value in values] == [
        ("comment", "add", "Frist"),
        ("comment", "edited", "First"),
        ("comment", "remove", "First"),
    ]
    assert {(value["comment_id"], value["post_id"], value["parent_id"]) for value in values} == {
        (comment, post_id, post_id)
    }


async def test_a_scheduled_post_is_told_unpublished_and_again_when_it_goes_live(
    stage: Stage, meta: Meta, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    at = int(stage.clock.now) + 3_600
    await meta.post(f"{meta.page}/feed", message="a", published="false", scheduled_publish_time=at)
    await receiver.wait(1)
    stage.clock.advance(3_601)
    first, second = await receiver.meta(2)
    assert [(change["value"]["verb"], change["value"]["published"]) for change in (first, second)] == [
        ("add", 0),
        ("add", 1),
    ]


async def test_a_draft_published_by_its_id_is_told_then(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    post_id = (await meta.post(f"{meta.page}/feed", message="a", published="false")).body["id"]
    await receiver.wait(1)
    await meta.post(post_id, is_published="true")
    await receiver.wait(2)
    await meta.post(post_id, message="b")
    await receiver.wait(3)
    await meta.delete(post_id)
    values = [change["value"] for change in await receiver.meta(4)]
    assert [(value["item"], value["verb"], value.get("published")) for value in values] == [
        ("status", "add", 0),
        ("status", "add", 1),
        ("status", "edited", 1),
        ("post", "remove", None),
    ]


async def test_a_post_deleted_before_its_time_is_never_told_as_live(
    stage: Stage, meta: Meta, receiver: Receiver
) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.page, "feed")
    at = int(stage.clock.now) + 3_600
    made = await meta.post(f"{meta.page}/feed", message="a", published="false", scheduled_publish_time=at)
    await meta.delete(made.body["id"])
    await receiver.wait(2)
    stage.clock.advance(3_601)
    await stage.sandbox.sandbox.webhooks.settle()
    assert [change["value"]["verb"] for change in await receiver.meta(2)] == ["add", "remove"]


async def test_an_ended_story_is_told_with_its_numbers(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    await stage.listen(receiver)
    await stage.subscribe(meta.instagram, "story_insights")
    url = stage.host.put("a.jpg", picture(1_080, 1_920))
    made = (await meta.post(f"{meta.instagram}/media", media_type="STORIES", image_url=url)).body["id"]
    stage.clock.advance(1)
    story = (await meta.post(f"{meta.instagram}/media_publish", creation_id=made)).body["id"]
    stage.clock.advance(86_401)
    [change] = await receiver.meta(1)
    assert (change["object"], change["node"], change["field"]) == ("instagram", meta.instagram, "story_insights")
    assert change["value"]["media_id"] == story
    assert change["value"]["impressions"] >= change["value"]["reach"] >= change["value"]["replies"]


async def test_a_person_who_removes_the_app_ends_it_by_webhook_and_callback(
    stage: Stage, meta: Meta, receiver: Receiver
) -> None:
    form_url = receiver.url.replace("/hook", "/form")
    addresses = {"callback_url": receiver.url, "verify_token": "right", "deauthorize_url": form_url}
    await stage.control("POST", "settings", {"webhooks": {"meta": addresses}})
    person = next(iter(stage.sandbox.world.meta_users)).id
    page = await meta.call("POST", "/sandbox/deauthorize", data={"provider": "meta", "user": person})
    assert page.headers["Location"] == "/sandbox"
    await receiver.wait(1, "forms")
    changes = await receiver.meta(1)
    assert {change["value"]["verb"] for change in changes} == {"revoked"}
    assert "pages_manage_posts" in {change["field"] for change in changes}
    [form] = receiver.forms
    signature, payload = form["signed_request"].split(".")
    right = hmac.new(META_APP_SECRET.encode(), payload.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(f"{signature}=") == right
    assert json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["user_id"] == person
    assert (await meta.get(meta.page)).error == (190, 458)


async def test_a_signed_request_is_padded_by_nothing() -> None:
    assert "=" not in signed_request("218471", 1_291_836_800.0)


async def test_a_person_can_have_their_data_deleted(stage: Stage, meta: Meta, receiver: Receiver) -> None:
    assert (await stage.control("POST", "data-deletion", {"user": "1"})).status == 400
    form_url = receiver.url.replace("/hook", "/form")
    await stage.control("POST", "settings", {"webhooks": {"meta": {"data_deletion_url": form_url}}})
    told = await stage.control("POST", "data-deletion", {"user": "1"})
    assert told.body == receiver.deletion_answer
    receiver.deletion_answer = ["no"]
    refused = await stage.control("POST", "data-deletion", {"user": "1"})
    assert (refused.status, "confirmation_code" in refused.body["error"]) == (400, True)


UNREMOVABLE = {
    "nobody": ({"provider": "meta", "user": "1"}, "no user '1'"),
    "no network": ({"provider": "x", "user": "1"}, "provider must be"),
}


@pytest.mark.parametrize("name", UNREMOVABLE)
async def test_an_app_cannot_be_removed_by(stage: Stage, name: str) -> None:
    wanted, problem = UNREMOVABLE[name]
    reply = await stage.control("POST", "deauthorize", wanted)
    assert (reply.status, problem in reply.body["error"]) == (400, True)


async def test_a_subscription_replaces_the_one_before_and_can_end(meta: Meta) -> None:
    path = f"{meta.page}/subscribed_apps"
    await meta.post(path, subscribed_fields="feed,mention")
    await meta.post(path, subscribed_fields="feed")
    assert (await meta.get(path)).body["data"][0]["subscribed_fields"] == ["feed"]
    assert (await meta.delete(path)).body == {"success": True}
    assert (await meta.get(path)).body == {"data": []}


@pytest.mark.parametrize(("node", "field"), [("page", "story_insights"), ("instagram", "feed")])
async def test_a_profile_knows_its_own_fields_only(meta: Meta, node: str, field: str) -> None:
    reply = await meta.post(f"{getattr(meta, node)}/subscribed_apps", subscribed_fields=field)
    assert reply.error == (100, None)


async def test_subscribing_a_page_takes_its_own_permission(stage: Stage) -> None:
    meta = await stage.meta.connect(sandbox_decline="pages_manage_metadata")
    reply = await meta.post(f"{meta.page}/subscribed_apps", subscribed_fields="feed")
    assert reply.error == (200, None)
