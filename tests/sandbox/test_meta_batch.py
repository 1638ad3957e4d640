"""Many calls in one request: each element answers, fails or is lost for itself."""

import json
from typing import Any

import pytest

from tests.sandbox.clients import Meta, Stage

pytestmark = pytest.mark.anyio


async def batch(meta: Meta, *items: dict[str, Any]) -> list[Any]:
    reply = await meta.post("", batch=json.dumps(items))
    assert reply.status == 200, reply.body
    answers: list[Any] = reply.body
    return answers


async def test_a_batch_answers_element_by_element(meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    answers = await batch(
        meta,
        {"method": "GET", "relative_url": f"{post_id}?fields=id,message"},
        {"method": "GET", "relative_url": "1?fields=id"},
    )
    assert [answer["code"] for answer in answers] == [200, 400]
    assert json.loads(answers[0]["body"])["message"] == "a"
    assert json.loads(answers[1]["body"])["error"]["error_subcode"] == 33


async def test_an_element_that_gets_no_answer_is_null(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.page", "drop_before", nth=2)
    item = {"method": "GET", "relative_url": meta.page}
    answers = await batch(meta, item, item, item)
    assert [answer and answer["code"] for answer in answers] == [200, None, 200]


async def test_an_element_fails_as_a_call_of_its_own_would(stage: Stage, meta: Meta) -> None:
    await stage.fault("facebook.page", {"error": {"code": 2, "status": 500}}, times=1)
    item = {"method": "GET", "relative_url": meta.page}
    first, second = await batch(meta, item, item)
    assert (first["code"], json.loads(first["body"])["error"]["code"], second["code"]) == (500, 2, 200)


async def test_an_element_may_have_a_token_and_a_version_of_its_own(meta: Meta) -> None:
    items = [
        {"method": "GET", "relative_url": f"v25.0/{meta.bare_page}?fields=id", "access_token": meta.bare_page_token},
        {"method": "GET", "relative_url": f"{meta.bare_page}?fields=id"},
    ]
    own, foreign = await batch(meta, *items)
    headers = {each["name"]: each["value"] for each in own["headers"]}
    assert (own["code"], headers["facebook-api-version"]) == (200, "v25.0")
    assert json.loads(foreign["body"])["error"]["error_subcode"] == 33


async def test_an_element_posts_with_its_body(stage: Stage, meta: Meta) -> None:
    item = {"method": "POST", "relative_url": f"{meta.page}/feed", "body": "message=By+batch"}
    [answer] = await batch(meta, item)
    assert json.loads(answer["body"])["id"] == (await stage.live())[0]["remote_id"]


BAD = {
    "51 elements": ([{"relative_url": "me"}] * 51, "GraphBatchException"),
    "texts": (["me"], "OAuthException"),
    "no array": ({"relative_url": "me"}, "OAuthException"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_batch_is_refused_of(meta: Meta, name: str) -> None:
    items, kind = BAD[name]
    reply = await meta.post("", batch=json.dumps(items))
    assert (reply.status, reply.error, reply.body["error"]["type"]) == (400, (100, None), kind)
