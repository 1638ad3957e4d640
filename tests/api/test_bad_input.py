"""Wrong requests: each gets its own clear error, and changes nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from postline.sandbox.server import RunningSandbox
from tests.support.files import jpeg
from tests.support.world import World, running_world

pytestmark = pytest.mark.anyio


async def _bound(world: World) -> World:
    await world.bind_all()
    return world


async def test_a_wrong_password_is_refused_like_an_unknown_address(world: World) -> None:
    answers = []
    for email in ("ada@example.com", "nobody@example.com"):
        response = await world.admin.http.post("/api/v1/session", json={"email": email, "password": "wrong"})
        assert response.status_code == 401
        answers.append(response.json())
    assert answers[0] == answers[1]
    assert answers[0]["type"] == "urn:postline:problem:wrong-credentials"


async def test_without_signing_in_nothing_is_shown(world: World) -> None:
    world.editor.http.cookies.clear()
    problem = await world.editor.refused("GET", "/posts", 401)
    assert problem["type"].endswith(":not-signed-in")


async def test_a_cookie_alone_cannot_change_anything(world: World) -> None:
    del world.admin.http.headers["X-Postline-Request"]
    problem = await world.admin.refused("PATCH", "", 403, json={"is_enabled": True})
    assert problem["type"].endswith(":header-missing")
    assert (await world.admin.get(""))["is_enabled"] is False


async def test_a_module_that_is_off_says_so(world: World) -> None:
    for path in ("/posts", "/profiles", "/calendar?from=2026-11-01&to=2026-12-01", "/connections"):
        problem = await world.editor.refused("GET", path, 403)
        assert problem["type"].endswith(":module-off")


@pytest.mark.parametrize(
    "path", ["/posts/{}", "/deliveries/{}", "/assets/{}", "/profiles/{}", "/connections/{}/profiles"]
)
async def test_an_unknown_id_is_not_found(world: World, path: str) -> None:
    await world.admin.patch("", {"is_enabled": True})
    await world.admin.refused("GET", path.format(uuid4()), 404)


async def test_another_accounts_ids_look_like_unknown_ones(world: World) -> None:
    await _bound(world)
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    await world.stranger.patch("", {"is_enabled": True})
    delivery = post["deliveries"][0]
    own_paths = {
        f"/posts/{post['id']}",
        f"/deliveries/{delivery['id']}",
        f"/assets/{post['media'][0]['asset']['id']}",
        f"/assets/{post['media'][0]['asset']['id']}/content",
        f"/profiles/{delivery['profile']['id']}",
    }
    for path in own_paths:
        foreign = await world.stranger.refused("GET", path, 404)
        unknown = await world.stranger.refused("GET", path.replace(path.split("/")[2], str(uuid4())), 404)
        assert foreign == unknown
    for action in ("schedule", "cancel", "submit", "approve"):
        await world.stranger.refused("POST", f"/posts/{post['id']}/{action}", 404, json={})
    assert await world.editor.get(f"/posts/{post['id']}") == post


async def test_another_account_itself_is_not_found(world: World) -> None:
    world.stranger.root = world.admin.root
    problem = await world.stranger.refused("GET", "/posts", 404)
    assert problem["detail"] == "There is no such account in this account." or "account" in problem["detail"]


async def test_a_caption_over_the_limit_stops_the_scheduling_and_keeps_the_draft(world: World) -> None:
    await _bound(world)
    post = await world.editor.post("/posts", await world.post_body("instagram", caption="x" * 2201))
    problem = await world.editor.refused("POST", f"/posts/{post['id']}/schedule", 422, json={})
    assert problem["type"].endswith(":preflight-failed")
    assert problem["field"] == "/caption"
    assert "2,200" in problem["detail"]
    assert [each["code"] for each in problem["problems"]] == ["caption-too-long"]
    kept = await world.editor.get(f"/posts/{post['id']}")
    assert (kept["state"], kept["caption"]) == ("draft", "x" * 2201)


async def test_a_post_without_media_where_one_is_needed_is_told_when_composing(world: World) -> None:
    await _bound(world)
    body = await world.post_body("instagram", media=[])
    problems = (await world.editor.post("/posts/preflight", body))["problems"]
    assert [(each["code"], each["field"], each["severity"]) for each in problems] == [
        ("media-missing", "/media", "error")
    ]
    post = await world.editor.post("/posts", body)
    await world.editor.refused("POST", f"/posts/{post['id']}/schedule", 422, json={})


async def test_a_story_on_tiktok_is_a_problem_not_a_silent_change(world: World) -> None:
    await _bound(world)
    body = await world.post_body("tiktok", format="story", kind="video")
    problems = (await world.editor.post("/posts/preflight", body))["problems"]
    assert [each["code"] for each in problems] == ["format-not-supported"]


async def test_tiktok_without_a_chosen_privacy_is_a_problem(world: World) -> None:
    await _bound(world)
    body = await world.post_body("tiktok", format="reel", kind="video", variants=[])
    problems = (await world.editor.post("/posts/preflight", body))["problems"]
    assert "/options/privacy_level" in [each["field"] for each in problems if each["severity"] == "error"]


async def test_a_time_in_the_past_is_refused(world: World) -> None:
    await _bound(world)
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    problem = await world.editor.refused(
        "POST", f"/posts/{post['id']}/schedule", 422, json={"local_time": "2020-01-01T09:00:00"}
    )
    assert problem["type"].endswith(":time-in-the-past")
    assert (await world.editor.get(f"/posts/{post['id']}"))["local_time"] == post["local_time"]


async def test_an_unknown_time_zone_is_refused(world: World) -> None:
    await _bound(world)
    body = await world.post_body("facebook", time_zone="Mars/Olympus")
    problem = await world.editor.refused("POST", "/posts", 422, json=body)
    assert (problem["type"], problem["field"]) == ("urn:postline:problem:time-zone-unknown", "/time_zone")
    await world.admin.refused("PATCH", "", 422, json={"time_zone": "Nowhere"})
    assert (await world.editor.get("/posts"))["items"] == []


async def test_a_time_with_an_offset_is_refused(world: World) -> None:
    await _bound(world)
    body = await world.post_body("facebook", local_time="2030-01-01T09:00:00+02:00")
    problem = await world.editor.refused("POST", "/posts", 422, json=body)
    assert problem["field"] == "/local_time"


async def test_five_gigabytes_are_refused_before_they_are_sent(world: World) -> None:
    await world.admin.patch("", {"is_enabled": True})
    request = world.editor.http.build_request("POST", f"{world.editor.root}/assets?name=big.mp4")
    head = {**request.headers, "content-length": "5000000000", "cookie": _cookie(world)}
    lines = [f"POST {request.url.raw_path.decode()} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    reader, writer = await asyncio.open_connection(request.url.host, request.url.port)
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    answer = (await reader.read()).decode()
    writer.close()
    assert answer.startswith("HTTP/1.1 413")
    assert "asset-too-large" in answer
    assert (await world.editor.get("/assets"))["items"] == []


async def test_a_file_that_does_not_say_its_length_is_stopped_at_the_limit(
    database_url: str, sandbox: RunningSandbox, tmp_path: Path
) -> None:
    async with running_world(database_url, sandbox.url, tmp_path, upload_max_bytes=1000) as world:
        await world.admin.patch("", {"is_enabled": True})
        problem = await world.editor.refused("POST", "/assets?name=big.jpg", 413, content=_pieces())
        assert problem["type"].endswith(":asset-too-large")
        assert (await world.editor.get("/assets"))["items"] == []


async def _pieces() -> AsyncIterator[bytes]:
    for _ in range(20):
        yield bytes(100)


def _cookie(world: World) -> str:
    return "; ".join(f"{name}={value}" for name, value in world.editor.http.cookies.items())


async def test_an_endless_json_body_is_refused(world: World) -> None:
    await world.admin.patch("", {"is_enabled": True})
    response = await world.editor.request("POST", "/posts", json={"caption": "x" * 6_000_000})
    assert response.status_code == 413


async def test_what_no_database_takes_is_refused_and_changes_nothing(world: World) -> None:
    await _bound(world)
    body = await world.post_body("facebook")
    post = await world.editor.post("/posts", body)
    nul = {"options": {"first_comment": "a\0b"}, "profile_id": body["profile_ids"][0]}
    half = {"options": {"first_comment": "\ud83d"}, "profile_id": body["profile_ids"][0]}
    for change in ({"caption": "a\0b"}, {"caption": "\ud83d"}, {"variants": [nul]}, {"variants": [half]}):
        sent = {"content": json.dumps(body | change), "headers": {"Content-Type": "application/json"}}
        problem = await world.editor.refused("POST", "/posts", 422, **sent)
        assert problem["type"].split(":")[-1] in ("request-malformed", "request-not-storable")
    assert [each["id"] for each in (await world.editor.get("/posts"))["items"]] == [post["id"]]
    assert (await world.editor.refused("GET", "/posts?q=%00", 422))["type"].endswith(":request-not-storable")


async def test_a_corrupt_jpeg_is_refused_and_leaves_nothing(world: World) -> None:
    await world.admin.patch("", {"is_enabled": True})
    for content in (jpeg()[: len(jpeg()) // 2], b"not a picture", b""):
        problem = await world.editor.refused("POST", "/assets?name=photo.jpg", 422, content=content)
        assert problem["type"].split(":")[-1] in ("asset-unreadable", "asset-empty")
    assert (await world.editor.get("/assets"))["items"] == []
    assert not any((world.services.settings.data_dir / "media").rglob("*.jpg"))


async def test_a_viewer_can_look_and_do_nothing_else(world: World) -> None:
    await _bound(world)
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    await world.editor.post(f"/posts/{post['id']}/submit")
    assert (await world.viewer.get("/approvals"))["items"][0]["id"] == post["id"]
    attempts = [
        ("POST", "/posts", {"caption": "mine"}),
        ("POST", f"/posts/{post['id']}/approve", {}),
        ("POST", f"/posts/{post['id']}/schedule", {}),
        ("POST", f"/posts/{post['id']}/cancel", {}),
        ("POST", "/connections", {"provider": "meta"}),
        ("PATCH", "", {"is_enabled": False}),
        ("POST", "/tokens", {"name": "mine"}),
    ]
    for method, path, body in attempts:
        problem = await world.viewer.refused(method, path, 403, json=body)
        assert problem["type"].endswith(":role-too-low")
    await world.viewer.refused("POST", "/assets?name=a.jpg", 403, content=jpeg())
    assert (await world.viewer.get(f"/posts/{post['id']}"))["state"] == "awaiting_approval"


async def test_an_editor_cannot_approve(world: World) -> None:
    await _bound(world)
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    await world.editor.post(f"/posts/{post['id']}/submit")
    problem = await world.editor.refused("POST", f"/posts/{post['id']}/approve", 403, json={})
    assert problem["detail"].startswith("Only an administrator may approve posts")


async def test_ids_that_a_post_names_must_exist(world: World) -> None:
    await _bound(world)
    body = await world.post_body("facebook")
    wrong_profile = await world.editor.refused("POST", "/posts", 422, json=body | {"profile_ids": [str(uuid4())]})
    assert wrong_profile["field"] == "/profile_ids/0"
    media = [{"asset_id": str(uuid4()), "alt_text": ""}]
    wrong_media = await world.editor.refused("POST", "/posts", 422, json=body | {"media": media})
    assert wrong_media["field"] == "/media/0/asset_id"


@pytest.mark.parametrize(
    ("method", "path", "options"),
    [
        ("POST", "/posts", {"content": b"{"}),
        ("POST", "/posts", {"json": {"captoin": "typo"}}),
        ("POST", "/posts", {"json": {"format": "poem"}}),
        ("GET", "/posts?limit=0", {}),
        ("GET", "/posts?cursor=nonsense", {}),
        ("GET", "/calendar?from=2026-12-01&to=2026-11-01", {}),
        ("GET", "/reports/posts?from=yesterday&to=today", {}),
        ("GET", "/posts/not-an-id", {}),
    ],
)
async def test_malformed_requests_are_told_what_is_wrong(
    world: World, method: str, path: str, options: dict[str, object]
) -> None:
    await world.admin.patch("", {"is_enabled": True})
    await world.editor.refused(method, path, 422, **options)
