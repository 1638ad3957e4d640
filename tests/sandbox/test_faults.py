import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest

from postline.sandbox.faults import Faults
from tests.sandbox.clients import Meta, Stage, TikTok
from tests.sandbox.media_files import clip, picture

pytestmark = pytest.mark.anyio


async def test_a_dropped_answer_leaves_the_post_live_and_a_dropped_request_does_not(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", "drop_before", times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await meta.post(f"{meta.page}/feed", message="a")
    assert await stage.live() == []
    await stage.control("DELETE", "faults")
    await stage.fault("facebook.feed", "drop_after", times=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await meta.post(f"{meta.page}/feed", message="a")
    assert len(await stage.live()) == 1


async def test_a_hanging_answer_never_comes_but_the_post_does(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", "hang_after")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meta.post(f"{meta.page}/feed", message="a"), 0.2)
    assert len(await stage.live()) == 1


async def test_errors_come_in_each_networks_own_envelope(stage: Stage, meta: Meta) -> None:
    tiktok = await stage.tiktok.connect()
    await stage.fault("facebook.feed", {"error": {"code": 190, "subcode": 463, "message": "Expired"}})
    await stage.fault("tiktok.creator_info", {"error": {"code": "rate_limit_exceeded"}})
    await stage.fault("tiktok.oauth.token", {"error": {"code": "invalid_grant", "status": 200}})
    await stage.fault("facebook.upload", {"error": {"type": "PartialRequestError"}})
    await stage.fault("tiktok.upload", {"status": 503})

    assert (await meta.post(f"{meta.page}/feed", message="a")).error == (190, 463)
    assert (await tiktok.ask("post/publish/creator_info/query")).error == ("rate_limit_exceeded", 429)
    flat = await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh)
    assert (flat.status, flat.body["error"]) == (200, "invalid_grant")
    upload = await meta.upload(f"{stage.sandbox.url}/video-upload/v26.0/1", b"x")
    assert upload.body["debug_info"]["type"] == "PartialRequestError"
    assert (await tiktok.put("/upload/video/", b"x")).status == 503


async def test_an_error_can_be_answered_though_the_call_was_carried_out(stage: Stage, meta: Meta) -> None:
    made = (await meta.post(f"{meta.instagram}/media", image_url=stage.host.put("a.jpg", picture()))).body["id"]
    stage.clock.advance(1)
    await stage.fault("instagram.media_publish", {"error": {"code": 4, "subcode": 2207051}, "after": True})
    assert (await meta.post(f"{meta.instagram}/media_publish", creation_id=made)).error == (4, 2207051)
    assert len(await stage.live()) == 1


async def test_a_rule_hits_the_nth_call_only(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", {"status": 500, "body": "oops"}, nth=2)
    replies = [await meta.post(f"{meta.page}/feed", message=str(index)) for index in range(3)]
    assert [reply.status for reply in replies] == [200, 500, 200]
    assert replies[1].body == "oops"


async def test_headers_can_be_added_to_a_good_answer(stage: Stage, meta: Meta) -> None:
    usage = '{"call_count":96,"total_time":25,"total_cputime":25}'
    await stage.fault("facebook.page", {"headers": {"X-App-Usage": usage}})
    reply = await meta.get(meta.page, fields="name")
    assert (reply.body["name"], reply.headers["X-App-Usage"]) == ("Harbor Coffee", usage)
    assert reply.headers["facebook-api-version"] == "v26.0"


async def test_every_rule_counts_the_calls_that_another_was_applied_to(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.page", {"status": 501}, nth=1)
    await stage.fault("facebook.page", {"status": 502}, nth=2)
    assert [(await meta.get(meta.page)).status for _ in range(3)] == [501, 502, 200]


async def test_chance_repeats_with_its_seed(stage: Stage, meta: Meta) -> None:
    async def run() -> list[int]:
        await stage.control("DELETE", "faults")
        await stage.fault("facebook.page", {"status": 500}, probability=0.5, seed=7)
        return [(await meta.get(meta.page)).status for _ in range(12)]

    first, second = await run(), await run()
    assert first == second
    assert set(first) == {200, 500}


async def test_garbage_is_no_json(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.*", "garbage")
    reply = await meta.get(meta.page)
    assert (reply.status, reply.body[:6]) == (502, "<html>")


async def test_a_delayed_call_is_carried_out(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", {"delay_ms": 30})
    loop = asyncio.get_running_loop()
    before = loop.time()
    assert (await meta.post(f"{meta.page}/feed", message="a")).status == 200
    assert loop.time() - before >= 0.03


@pytest.mark.parametrize(
    "match",
    [{}, {"network": "meta"}, {"nth": 3}, {"nth": 2, "times": 0}, {"times": 4}, {"probability": 0.5, "seed": 3}],
)
async def test_a_rule_as_listed_can_be_sent_again(stage: Stage, match: dict[str, Any]) -> None:
    first = (await stage.control("POST", "faults", {"match": match, "action": {"delay_ms": 1, "status": 500}})).body
    again = (await stage.control("POST", "faults", first)).body
    assert (again["match"], again["action"]) == (first["match"], first["action"])
    assert (await stage.control("GET", "faults")).body["faults"] == [first, again]


LOST: dict[str, tuple[str, type[Exception], int]] = {
    "closed before anything is done": ("drop_before", aiohttp.ServerDisconnectedError, 0),
    "closed after it is done": ("drop_after", aiohttp.ServerDisconnectedError, 1),
    "reset before anything is done": ("reset_before", aiohttp.ClientOSError, 0),
    "reset after it is done": ("reset_after", aiohttp.ClientOSError, 1),
    "left open before anything is done": ("hang_before", TimeoutError, 0),
    "left open after it is done": ("hang_after", TimeoutError, 1),
    "closed in the middle of the answer": ("truncate_after", aiohttp.ClientPayloadError, 1),
}


@pytest.mark.parametrize("name", LOST)
async def test_a_connection_is(stage: Stage, meta: Meta, name: str) -> None:
    cut, expected, live = LOST[name]
    await stage.fault("facebook.feed", cut, times=1)
    with pytest.raises(expected):
        await asyncio.wait_for(meta.post(f"{meta.page}/feed", message="a"), 0.3)
    assert len(await stage.live()) == live
    assert (await meta.post(f"{meta.page}/feed", message="b")).status == 200


async def test_broken_json_comes_with_200_for_a_call_that_was_carried_out(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", "garbage_json")
    headers = {"Authorization": f"Bearer {meta.page_token}"}
    url = f"{stage.sandbox.url}/v26.0/{meta.page}/feed"
    async with meta.session.post(url, data={"message": "a"}, headers=headers) as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        with pytest.raises(json.JSONDecodeError):
            await answer.json()
    assert len(await stage.live()) == 1


async def test_a_body_can_trickle(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.page", {"trickle_ms": 5, "trickle_bytes": 4})
    began = time.perf_counter()
    reply = await meta.get(meta.page, fields="name")
    assert reply.body["name"] == "Harbor Coffee"
    assert time.perf_counter() - began >= 0.005 * (len(json.dumps(reply.body)) // 4)


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "7"}, {"Retry-After": "Wed, 25 Nov 2026 12:00:00 GMT"}])
async def test_429_comes_with_or_without_a_time(stage: Stage, tiktok: TikTok, headers: dict[str, str]) -> None:
    await stage.fault("tiktok.creator_info", {"error": {"code": "rate_limit_exceeded"}, "headers": headers})
    reply = await tiktok.ask("post/publish/creator_info/query")
    assert reply.error == ("rate_limit_exceeded", 429)
    assert reply.headers.get("Retry-After") == headers.get("Retry-After")


@pytest.mark.parametrize(("after", "live"), [(False, 0), (True, 1)])
async def test_503_comes_before_or_after_a_call_is_carried_out(
    stage: Stage, meta: Meta, after: bool, live: int
) -> None:
    await stage.fault("facebook.feed", {"status": 503, "after": after})
    assert (await meta.post(f"{meta.page}/feed", message="a")).status == 503
    assert len(await stage.live()) == live


async def test_a_token_can_die_before_a_call(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", {"revoke_token": "before"}, times=1)
    assert (await meta.post(f"{meta.page}/feed", message="a")).error == (190, 458)
    assert await stage.live() == []
    assert (await meta.get(meta.bare_page, token=meta.bare_page_token)).status == 200


async def test_a_token_can_die_after_a_call(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", {"revoke_token": "after"}, times=1)
    assert (await meta.post(f"{meta.page}/feed", message="a")).status == 200
    assert (await meta.get(meta.page)).error == (190, 458)


async def test_a_lost_answer_can_be_the_last_of_its_token(stage: Stage, tiktok: TikTok) -> None:
    await stage.fault("tiktok.creator_info", {"drop_after": True, "revoke_token": "after"})
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await tiktok.ask("post/publish/creator_info/query")
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)
    tiktok.keep(await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh))


async def test_a_person_can_remove_the_app_in_the_middle_of_a_plan(stage: Stage, meta: Meta, tiktok: TikTok) -> None:
    await stage.fault("tiktok.creator_info", {"remove_app": "before"})
    await stage.fault("facebook.feed", {"remove_app": "after"})
    assert (await tiktok.ask("post/publish/creator_info/query")).error == ("access_token_invalid", 401)
    gone = await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh)
    assert gone.body["error"] == "invalid_grant"
    assert (await meta.post(f"{meta.page}/feed", message="a")).status == 200
    assert (await meta.get("me", token=meta.user)).error == (190, 458)


async def test_an_answer_can_be_held_after_the_call_is_carried_out(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.feed", {"hold_ms": 2_000}, times=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(meta.post(f"{meta.page}/feed", message="a"), 0.2)
    assert len(await stage.live()) == 1


async def test_an_upload_can_be_cut_at_a_byte(stage: Stage, meta: Meta) -> None:
    made = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await stage.fault("facebook.upload", {"upload_bytes": 1_000}, times=1)
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await meta.upload(made["upload_url"], clip())
    assert len(stage.sandbox.world.uploads[made["video_id"]]) == 1_000
    rest = await meta.upload(made["upload_url"], clip()[1_000:], offset=1_000, size=len(clip()))
    assert rest.body["success"] is True


async def test_an_upload_without_a_token_has_none_to_lose(stage: Stage, tiktok: TikTok) -> None:
    await stage.fault("tiktok.upload", {"revoke_token": "before"})
    assert (await tiktok.put("/upload/video/", b"x")).status == 404
    assert (await tiktok.ask("video/list", fields="id")).status == 200


BAD_RULES: dict[str, tuple[Any, str]] = {
    "no action": ({"match": {}}, "must do something"),
    "an action that does nothing": ({"action": {"delay_ms": 0}}, "must do something"),
    "an unknown action": ({"action": "explode"}, "action has no explode"),
    "a cut named as itself": ({"action": {"cut": "drop_after"}}, "action has no cut"),
    "two cuts": ({"action": {"drop_before": True, "garbage": True}}, "not several"),
    "a cut and an error": ({"action": {"drop_after": True, "error": {"code": 1}}}, "not several"),
    "a status that is none": ({"action": {"status": 700}}, "between 100 and 599"),
    "a negative delay": ({"action": {"delay_ms": -1}}, "must not be negative"),
    "a delay that is a text": ({"action": {"delay_ms": "1"}}, "must be a whole number"),
    "an error that is a text": ({"action": {"error": "190"}}, "must be a JSON object"),
    "a header that is a number": ({"action": {"headers": {"Retry-After": 3}}}, "must be texts"),
    "a moment that is none": ({"action": {"revoke_token": "while"}}, "before or after"),
    "pieces of nothing": ({"action": {"trickle_ms": 1, "trickle_bytes": 0}}, "at least 1"),
    "an unknown match": ({"match": {"path": "/"}, "action": "garbage"}, "unknown match.'path'"),
    "a match that is a list": ({"match": [], "action": "garbage"}, "must be objects"),
    "an endpoint that is none": ({"match": {"endpoint": "facebook.fed"}, "action": "garbage"}, "matches no endpoint"),
    "a network that is none": ({"match": {"network": "x"}, "action": "garbage"}, "match.network must be one of"),
    "a count from nought": ({"match": {"nth": 0}, "action": "garbage"}, "counts from 1"),
    "a chance over one": ({"match": {"probability": 1.5}, "action": "garbage"}, "between 0 and 1"),
}


@pytest.mark.parametrize("name", BAD_RULES)
async def test_a_rule_is_refused_with(stage: Stage, name: str) -> None:
    rule, problem = BAD_RULES[name]
    reply = await stage.control("POST", "faults", rule)
    assert (reply.status, problem in reply.body["error"]) == (400, True), reply.body
    assert stage.sandbox.sandbox.faults.rules == []


def test_rules_can_be_added_in_process() -> None:
    faults = Faults()
    rule = faults.add({"match": {"network": "tiktok", "nth": 2}, "action": "drop_after"})
    assert [faults.pick(name) for name in ("tiktok.upload", "facebook.feed")] == [None, None]
    assert faults.pick("tiktok.upload") is rule
    assert rule.describe() == {
        "id": 1,
        "match": {"network": "tiktok", "nth": 2, "times": 1},
        "action": {"drop_after": True},
        "seen": 2,
        "applied": 1,
    }
