"""From draft to schedule and back, as members do it over the API."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.operations.rows import change
from tests.support.world import Json, World, in_a_week

pytestmark = pytest.mark.anyio


async def _draft(world: World, **more: Any) -> Json:
    await world.bind_all()
    return await world.editor.post("/posts", await world.post_body("facebook", "instagram", **more))


async def _change(world: World, post: Json, **fields: object) -> Json:
    return await world.editor.patch(f"/posts/{post['id']}", fields, headers={"If-Match": f'"{post["version"]}"'})


async def _do(world: World, post: Json, action: str, **body: object) -> Json:
    return await world.editor.post(f"/posts/{post['id']}/{action}", body)


async def test_a_scheduled_post_knows_its_instant_in_the_accounts_zone(world: World) -> None:
    post = await _draft(world, local_time="2030-07-01T09:00:00")
    scheduled = await _do(world, post, "schedule")
    assert (scheduled["state"], scheduled["time_zone"]) == ("scheduled", "Europe/Berlin")
    assert {each["due_at"] for each in scheduled["deliveries"]} == {"2030-07-01T07:00:00Z"}


async def test_dragging_to_another_day_keeps_the_hour_across_a_clock_change(world: World) -> None:
    post = await _do(world, await _draft(world, local_time="2030-03-30T09:00:00"), "schedule")
    moved = await _do(world, post, "schedule", local_time="2030-03-31T09:00:00")
    assert (post["due_at"], moved["due_at"]) == ("2030-03-30T08:00:00Z", "2030-03-31T07:00:00Z")


async def test_the_calendar_shows_drafts_and_scheduled_posts_of_all_profiles(world: World) -> None:
    draft = await _draft(world)
    scheduled = await _do(
        world,
        await world.editor.post("/posts", await world.post_body("tiktok", format="reel", kind="video")),
        "schedule",
    )
    day = in_a_week().date()
    calendar = await world.editor.get("/calendar", **{"from": str(day), "to": str(day + timedelta(days=1))})
    shown = {entry["post_id"]: (entry["state"], len(entry["profiles"])) for entry in calendar["entries"]}
    assert shown == {draft["id"]: ("draft", 2), scheduled["id"]: ("scheduled", 1)}


async def test_an_approved_post_is_scheduled_by_the_approval(world: World) -> None:
    post = await _do(world, await _draft(world), "submit", note="Please look")
    assert post["state"] == "awaiting_approval"
    approved = await world.admin.post(f"/posts/{post['id']}/approve", {"note": "Fine"})
    assert approved["state"] == "scheduled"
    assert (approved["approval"]["state"], approved["approval"]["decided_by"]) == ("approved", "Ada")


async def test_a_rejected_post_is_a_draft_again_with_the_note(world: World) -> None:
    post = await _do(world, await _draft(world), "submit")
    rejected = await world.admin.post(f"/posts/{post['id']}/reject", {"note": "Wrong logo"})
    assert (rejected["state"], rejected["approval"]["decision_note"]) == ("rejected", "Wrong logo")
    again = await _do(world, await _change(world, rejected, caption="New logo"), "submit")
    assert again["state"] == "awaiting_approval"


async def test_changing_approved_content_withdraws_the_approval_and_the_schedule(world: World) -> None:
    post = await _do(world, await _draft(world), "submit")
    approved = await world.admin.post(f"/posts/{post['id']}/approve", {})
    changed = await _change(world, approved, caption="Something else")
    assert (changed["state"], changed["approval"]["state"]) == ("draft", "withdrawn")
    problem = await world.editor.refused("POST", f"/posts/{post['id']}/schedule", 409, json={})
    assert problem["type"].endswith(":approval-required")


async def test_moving_an_approved_post_in_time_keeps_its_approval(world: World) -> None:
    post = await _do(world, await _draft(world), "submit")
    await world.admin.post(f"/posts/{post['id']}/approve", {})
    later = in_a_week() + timedelta(days=1)
    moved = await _do(world, post, "schedule", local_time=later.isoformat())
    assert (moved["state"], moved["approval"]["state"]) == ("scheduled", "approved")


async def test_an_account_can_require_approval_of_everything(world: World) -> None:
    await world.bind_all()
    await world.admin.patch("", {"requires_approval": True})
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    problem = await world.editor.refused("POST", f"/posts/{post['id']}/schedule", 409, json={})
    assert problem["type"].endswith(":approval-required")


async def test_a_creative_arrives_awaiting_approval(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    token = (await world.admin.post("/tokens", {"name": "AI Studio"}))["token"]
    answer = await world.admin.http.post(
        f"{world.admin.root}/creatives",
        json=body | {"source": "AI Studio"},
        headers={"Authorization": f"Bearer {token}"},
    )
    post = answer.json()
    assert (answer.status_code, post["state"], post["origin"]) == (201, "awaiting_approval", "creative")
    assert (await world.viewer.get("/approvals"))["items"][0]["id"] == post["id"]


async def test_a_scheduled_post_can_be_taken_back_and_cancelled(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    back = await _do(world, post, "unschedule")
    assert back["state"] == "draft"
    cancelled = await _do(world, await _do(world, back, "schedule"), "cancel")
    assert cancelled["state"] == "cancelled"


DECISIONS = {
    "it is live": ({"is_live": True, "permalink": "https://example.com/1"}, "published", "saw that it is live."),
    "send it again": ({"is_live": False}, "scheduled", "saw that it is not live; it is sent again."),
    "give it up": ({"is_live": False, "then": "cancel"}, "cancelled", "saw that it is not live, and gave it up."),
}


@pytest.mark.parametrize(("seen", "state", "told"), DECISIONS.values(), ids=DECISIONS)
async def test_a_person_settles_what_the_network_cannot_tell(world: World, seen: Json, state: str, told: str) -> None:
    post = await _do(world, await _draft(world), "schedule")
    unconfirmed = {"state": "unconfirmed", "run_at": None, "open_step": "publish_post", "open_effect": "once"}
    delivery_id = post["deliveries"][0]["id"]
    await change(world.database, UUID(delivery_id), **unconfirmed, reason="Look there and decide.")
    await _do(world, post, "cancel")
    assert (await world.editor.get(f"/deliveries/{delivery_id}"))["state"] == "unconfirmed"
    await world.viewer.refused("POST", f"/deliveries/{delivery_id}/resolve", 403, json=seen)
    settled = await world.editor.post(f"/deliveries/{delivery_id}/resolve", seen)
    assert (settled["state"], settled["reason"]) == (state, None)
    assert settled["timeline"][-1]["message"] == f"Ed {told}"
    [event] = [each for each in (await world.admin.get("/events"))["items"] if each["verb"] == "delivery.resolved"]
    assert (event["subject_id"], event["message"]) == (delivery_id, f"Ed {told}")
    problem = await world.editor.refused("POST", f"/deliveries/{delivery_id}/resolve", 409, json=seen)
    assert problem["type"].endswith(":wrong-state")


async def test_what_a_person_gave_up_can_be_planned_again(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    for delivery in post["deliveries"]:
        await change(world.database, UUID(delivery["id"]), state="unconfirmed", run_at=None, is_committed=True)
        body = {"is_live": False, "then": "cancel"}
        await world.editor.post(f"/deliveries/{delivery['id']}/resolve", body)
    given_up = await world.editor.get(f"/posts/{post['id']}")
    assert given_up["state"] == "cancelled"
    again = await _change(world, given_up, profile_ids=[each["profile"]["id"] for each in post["deliveries"]])
    assert (await _do(world, again, "schedule"))["state"] == "scheduled"


async def test_the_activity_tells_the_minute_of_a_post_that_goes_out_now(world: World) -> None:
    await _do(world, await _draft(world), "schedule", now=True)
    [event] = [each for each in (await world.admin.get("/events"))["items"] if each["verb"] == "post.scheduled"]
    assert re.fullmatch(r"Scheduled it for \d{4}-\d\d-\d\d \d\d:\d\d \(Europe/Berlin\)\.", event["message"])


async def test_switching_the_module_off_blocks_and_switching_on_goes_on(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    await world.admin.patch("", {"is_enabled": False})
    await world.editor.refused("GET", f"/posts/{post['id']}", 403)
    await world.admin.patch("", {"is_enabled": True})
    assert (await world.editor.get(f"/posts/{post['id']}"))["state"] == "scheduled"


async def test_an_unbound_profile_blocks_its_deliveries_until_it_is_bound_again(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    profile = world.profiles["facebook"]
    await world.admin.delete(f"/profiles/{profile['id']}")
    blocked = await world.editor.get(f"/posts/{post['id']}")
    assert blocked["state"] == "blocked"
    body = {name: profile[name] for name in ("connection_id", "network", "remote_id")}
    assert (await world.admin.post("/profiles", body))["id"] == profile["id"]
    assert (await world.editor.get(f"/posts/{post['id']}"))["state"] == "scheduled"


async def test_editing_a_scheduled_post_orders_the_new_content(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    before = await world.editor.get(f"/deliveries/{post['deliveries'][0]['id']}")
    changed = await _change(world, post, caption="Better words")
    after = await world.editor.get(f"/deliveries/{post['deliveries'][0]['id']}")
    assert changed["state"] == "scheduled"
    assert before["content_hash"] != after["content_hash"]
    assert before["due_at"] == after["due_at"]


async def test_an_edit_that_a_network_would_refuse_changes_nothing(world: World) -> None:
    post = await _do(world, await _draft(world), "schedule")
    version = {"If-Match": f'"{post["version"]}"'}
    await world.editor.refused("PATCH", f"/posts/{post['id']}", 422, json={"media": []}, headers=version)
    assert await world.editor.get(f"/posts/{post['id']}") == post


async def test_everything_done_is_in_the_audit_trail(world: World) -> None:
    post = await _do(world, await _draft(world), "submit")
    await world.admin.post(f"/posts/{post['id']}/approve", {})
    events = (await world.admin.get("/events"))["items"]
    told = [(event["actor"], event["verb"]) for event in events if event["subject_id"] == post["id"]]
    assert told == [("Ada", "post.approved"), ("Ed", "post.submitted"), ("Ed", "post.created")]
    assert all(datetime.fromisoformat(event["at"]) for event in events)
