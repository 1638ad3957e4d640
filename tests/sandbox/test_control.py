import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from postline.sandbox import Settings, running_sandbox
from tests.sandbox.clients import Meta, Stage, TikTok
from tests.sandbox.media_files import picture

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


BAD_RULES: dict[str, Any] = {
    "no action": {"match": {}},
    "an unknown action": {"action": "explode"},
    "an unknown match": {"match": {"path": "/"}, "action": "garbage"},
    "a match that is a list": {"match": [], "action": "garbage"},
}


@pytest.mark.parametrize("name", BAD_RULES)
async def test_a_rule_is_refused_with(stage: Stage, name: str) -> None:
    assert (await stage.control("POST", "faults", BAD_RULES[name])).status == 400


async def test_the_journal_tells_every_request_without_secrets(stage: Stage, meta: Meta) -> None:
    await meta.get("me", token="", access_token=meta.user)
    await stage.fault("facebook.feed", "drop_after")
    with pytest.raises(aiohttp.ClientConnectionError):
        await meta.post(f"{meta.page}/feed", message="a")
    told = (await stage.control("GET", "journal")).body
    text = str(told)
    assert meta.user not in text
    assert meta.page_token not in text
    assert "sandbox-meta-secret" not in text
    *_, read, cut = told["entries"]
    assert (read["endpoint"], read["status"], read["answer"]["name"]) == ("meta.me", 200, "Mia Fields")
    assert (cut["endpoint"], cut["status"], cut["fault"]) == ("facebook.feed", 0, "drop_after")
    assert cut["params"] == {"message": "a"}
    assert (await stage.control("GET", f"journal?since={told['last']}")).body["entries"] == []


async def test_tokens_can_be_ended_for_one_profile(stage: Stage, meta: Meta, tiktok: TikTok) -> None:
    ended = await stage.control(
        "POST", "tokens/expire", {"network": "meta", "kind": "page", "profile_id": meta.instagram}
    )
    assert ended.body == {"ended": 1}
    assert (await meta.get(meta.page)).error == (190, 463)
    assert (await meta.get(meta.bare_page, token=meta.bare_page_token)).status == 200
    await stage.control("POST", "tokens/expire", {"profile_id": tiktok.open_id})
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)


async def test_a_reset_forgets_posts_and_tokens_and_keeps_the_people(stage: Stage, meta: Meta) -> None:
    await meta.post(f"{meta.page}/feed", message="a")
    await stage.control("POST", "reset")
    assert await stage.live() == []
    assert (await meta.get(meta.page)).error == (190, None)
    await meta.connect()


@pytest.mark.parametrize("body", [{"nonsense": 1}, {"image_seconds": "soon"}, {"audited": 1}])
async def test_a_setting_is_refused_that_is_unknown_or_of_the_wrong_kind(stage: Stage, body: dict[str, Any]) -> None:
    assert (await stage.control("POST", "settings", body)).status == 400


async def test_the_front_page_shows_what_is_live(stage: Stage, meta: Meta) -> None:
    url = stage.host.put("a.jpg", picture())
    photo = (await meta.post(f"{meta.page}/photos", url=url, message="<b>Fresh</b>")).body
    page = await meta.call("GET", "/sandbox")
    assert "&lt;b&gt;Fresh&lt;/b&gt;" in page.body
    assert f"/facebook/{photo['post_id']}" in page.body
    assert "Nothing is live here yet." in page.body
    still = page.body.split('src="/sandbox/still/')[1].split('"')[0]
    async with meta.session.get(f"{stage.sandbox.url}/sandbox/still/{still}") as response:
        assert response.content_type == "image/jpeg"
    assert (await meta.call("GET", "/facebook/nothing")).status == 404


async def test_every_endpoint_has_one_name_and_one_place(stage: Stage) -> None:
    listed = (await stage.control("GET", "endpoints")).body["endpoints"]
    names = {row["name"] for row in listed}
    assert {
        "facebook.feed",
        "facebook.video_reels.finish",
        "instagram.media",
        "instagram.media_publish",
        "tiktok.video_init",
        "tiktok.upload",
        "tiktok.status_fetch",
    } <= names
    assert all(name.count(".") >= 1 for name in names)


async def test_a_restarted_sandbox_still_knows_tokens_posts_and_media(tmp_path: Path) -> None:
    async with aiohttp.ClientSession() as session:
        async with running_sandbox(data=tmp_path) as sandbox:
            meta = await Meta(session, sandbox.url).connect()
            form = aiohttp.FormData({"message": "Kept"})
            form.add_field("source", picture(), filename="a.jpg")
            headers = {"Authorization": f"Bearer {meta.page_token}"}
            made = await meta.call("POST", f"/v26.0/{meta.page}/photos", data=form, headers=headers)
        async with running_sandbox(data=tmp_path, settings=Settings()) as again:
            meta.base = again.url
            read = await meta.get(made.body["post_id"], fields="message,full_picture,permalink_url")
            assert read.body["message"] == "Kept"
            assert read.body["permalink_url"].startswith(again.url)
            async with session.get(read.body["full_picture"]) as response:
                assert response.status == 200
            [post] = (await meta.call("GET", "/sandbox/live")).body["posts"]
            assert post["remote_id"] == made.body["post_id"]
