"""Limits of calls: usage headers with every answer, and each limit's own code once it is used up."""

import json
from typing import Any

import pytest

from tests.sandbox.clients import Meta, Reply, Stage

pytestmark = pytest.mark.anyio


def told(reply: Reply, name: str) -> Any:
    return json.loads(reply.headers[name])


async def limit(stage: Stage, **limits: int) -> None:
    reply = await stage.control("POST", "settings", {"meta_limits": limits})
    assert reply.status == 200, reply.body


async def test_every_answer_tells_how_much_is_used(meta: Meta) -> None:
    page = await meta.get(meta.page)
    assert told(page, "X-App-Usage") == {"call_count": 0, "total_cputime": 0, "total_time": 0}
    [(key, [usage])] = told(page, "X-Business-Use-Case-Usage").items()
    assert (key, usage["type"], usage["estimated_time_to_regain_access"]) == (meta.page, "pages", 0)
    account = told(await meta.get(meta.instagram), "X-Business-Use-Case-Usage")
    assert account[meta.instagram][0]["type"] == "instagram"
    assert "X-Page-Usage" in (await meta.get(meta.page, token=meta.user)).headers
    refused = await meta.get(meta.page, fields="nonsense")
    assert (refused.status, "X-App-Usage" in refused.headers) == (400, True)


async def test_usage_grows_with_the_calls_and_access_comes_back(stage: Stage, meta: Meta) -> None:
    await limit(stage, page_calls_per_day=4)
    counts = []
    for _ in range(4):
        reply = await meta.get(meta.page)
        counts.append(told(reply, "X-Business-Use-Case-Usage")[meta.page][0]["call_count"])
        stage.clock.advance(60)
    refused = await meta.get(meta.page)
    usage = told(refused, "X-Business-Use-Case-Usage")[meta.page][0]
    assert counts == [0, 25, 50, 75]
    assert (refused.status, refused.error) == (400, (80001, None))
    assert (usage["call_count"], usage["estimated_time_to_regain_access"]) == (100, 24 * 60 - 4)
    assert (await meta.get(meta.bare_page, token=meta.bare_page_token)).status == 200
    stage.clock.advance(86_400)
    assert (await meta.get(meta.page)).status == 200


USED_UP: dict[str, tuple[dict[str, int], str, str, int]] = {
    "the app": ({"app_percent": 100}, "page", "page_token", 4),
    "the person": ({"user_percent": 100}, "me", "user", 17),
    "the Page, by a person's token": ({"page_percent": 208}, "page", "user", 32),
    "the Page, by its own token": ({"page_percent": 100}, "page", "page_token", 80001),
    "the Instagram account": ({"instagram_percent": 100}, "instagram", "page_token", 80002),
}


@pytest.mark.parametrize("name", USED_UP)
async def test_a_call_is_refused_once_all_is_used_by(stage: Stage, meta: Meta, name: str) -> None:
    limits, node, token, code = USED_UP[name]
    await limit(stage, **limits, regain_minutes=7)
    reply = await meta.get(getattr(meta, node, node), token=getattr(meta, token))
    assert (reply.status, reply.error, reply.body["error"]["is_transient"]) == (400, (code, None), True)
    if code > 80_000:
        [[usage]] = told(reply, "X-Business-Use-Case-Usage").values()
        assert usage["estimated_time_to_regain_access"] == 7


async def test_a_refused_call_does_nothing(stage: Stage, meta: Meta) -> None:
    await limit(stage, page_percent=100)
    assert (await meta.post(f"{meta.page}/feed", message="a")).error == (80001, None)
    assert await stage.live() == []


async def test_ninety_five_percent_is_told_and_not_refused(stage: Stage, meta: Meta) -> None:
    await limit(stage, app_percent=95)
    reply = await meta.get(meta.page)
    assert (reply.status, told(reply, "X-App-Usage")["call_count"]) == (200, 95)


async def test_every_element_of_a_batch_counts(stage: Stage, meta: Meta) -> None:
    await limit(stage, page_calls_per_day=2)
    batch = [{"method": "GET", "relative_url": meta.page}] * 3
    answers = (await meta.post("", batch=json.dumps(batch))).body
    assert [answer["code"] for answer in answers] == [200, 200, 400]


async def test_a_page_publishes_so_many_reels_a_day(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "settings", {"facebook_reels_per_day": 0})
    started = (await meta.post(f"{meta.page}/video_reels", upload_phase="start")).body
    await meta.upload(started["upload_url"], b"anything")
    finish = {"upload_phase": "finish", "video_id": started["video_id"], "video_state": "PUBLISHED"}
    assert (await meta.post(f"{meta.page}/video_reels", **finish)).error == (613, None)
