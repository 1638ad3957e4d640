import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from postline.sandbox import Settings, running_sandbox
from tests.sandbox.clients import Meta, Stage, TikTok
from tests.sandbox.media_files import picture

pytestmark = pytest.mark.anyio


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


BAD_SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown name": ({"nonsense": 1}, "unknown setting 'nonsense'"),
    "a text for a time": ({"image_seconds": "soon"}, "must be a number"),
    "a number for a flag": ({"audited": 1}, "must be a boolean"),
    "a flag for a number": ({"webhook_copies": True}, "must be a whole number"),
    "a fraction of a count": ({"tiktok_posts_per_day": 1.5}, "must be a whole number"),
    "a negative time": ({"video_seconds": -1}, "must not be negative"),
    "a text for a list": ({"tiktok_verified_prefixes": "https://a.example/"}, "must be a list of texts"),
    "a text for an object": ({"webhooks": "https://a.example/"}, "must be a JSON object"),
    "an unknown name within": ({"webhooks": {"meta": {"url": "x"}}}, "unknown setting webhooks.meta.'url'"),
    "an address that is none": ({"webhooks": {"tiktok": {"callback_url": "a.example"}}}, "must be an http(s) address"),
}


@pytest.mark.parametrize("name", BAD_SETTINGS)
async def test_settings_are_refused_for(stage: Stage, name: str) -> None:
    body, problem = BAD_SETTINGS[name]
    before = (await stage.control("GET", "settings")).body
    reply = await stage.control("POST", "settings", {"image_seconds": 9, **body})
    assert (reply.status, problem in reply.body["error"]) == (400, True), reply.body
    assert (await stage.control("GET", "settings")).body == before


async def test_settings_within_settings_change_one_by_one(stage: Stage) -> None:
    await stage.control("POST", "settings", {"webhooks": {"tiktok": {"callback_url": "http://127.0.0.1:9/a"}}})
    changed = await stage.control("POST", "settings", {"webhooks": {"meta": {"fields": ["feed"]}}})
    webhooks = changed.body["webhooks"]
    assert (webhooks["tiktok"]["callback_url"], webhooks["meta"]["fields"]) == ("http://127.0.0.1:9/a", ["feed"])


async def test_the_journal_takes_numbers_only(stage: Stage) -> None:
    assert (await stage.control("GET", "journal?since=yesterday")).status == 400


async def test_a_person_removes_the_app_on_the_front_page(stage: Stage, meta: Meta, tiktok: TikTok) -> None:
    page = (await meta.call("GET", "/sandbox")).body
    assert page.count("Remove it</button>") == 2
    form = {"provider": "tiktok", "user": tiktok.open_id}
    assert f'value="{tiktok.open_id}"' in page
    assert (await meta.call("POST", "/sandbox/deauthorize", data=form)).status == 303
    assert (await meta.call("GET", "/sandbox")).body.count("Remove it</button>") == 1
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)
    assert (await meta.get(meta.page)).status == 200


async def test_a_person_deletes_and_changes_posts(stage: Stage, meta: Meta) -> None:
    post_id = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    changed = await stage.control("POST", f"posts/{post_id}", {"caption": "b"})
    assert changed.body["caption"] == "b"
    assert (await stage.control("POST", f"posts/{post_id}", {"likes": "1"})).status == 400
    assert (await stage.control("POST", f"posts/{post_id}", {"caption": 1})).status == 400
    assert (await stage.control("DELETE", f"posts/{post_id}")).status == 200
    assert await stage.live() == []
    assert (await stage.control("DELETE", f"posts/{post_id}")).status == 404


async def test_a_profile_changes_in_the_fields_it_has(stage: Stage, meta: Meta) -> None:
    renamed = await stage.control("POST", f"profiles/{meta.page}", {"name": "Harbour Coffee", "id": "1"})
    assert (renamed.body["id"], renamed.body["name"]) == (meta.page, "Harbour Coffee")
    assert (await meta.get(meta.page, fields="name")).body["name"] == "Harbour Coffee"
    assert (await stage.control("POST", f"profiles/{meta.page}", {"mood": "good"})).status == 400
    assert (await stage.control("POST", "profiles/1", {"name": "a"})).status == 404


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


async def test_a_folder_of_an_older_version_is_read(tmp_path: Path) -> None:
    async with running_sandbox(data=tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite3")) as database:
        creator = json.dumps({"id": "c1", "union_id": "u", "username": "n", "nickname": "N", "mood": "good"})
        database.execute("insert into documents (kind, id, body) values ('Creator', 'c1', ?)", [creator])
        database.commit()
    async with running_sandbox(data=tmp_path) as again:
        assert again.world.creators["c1"].nickname == "N"


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
