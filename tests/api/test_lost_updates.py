"""Two writers, repeated requests, pages: nobody's work is lost or done twice."""

from uuid import uuid4

import pytest

from tests.support.world import World

pytestmark = pytest.mark.anyio


async def test_a_change_to_an_old_version_is_refused(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    path = f"/posts/{post['id']}"
    etag = (await world.editor.request("GET", path)).headers["etag"]
    first = await world.admin.request("PATCH", path, json={"caption": "Ada's"}, headers={"If-Match": etag})
    assert first.is_success
    problem = await world.editor.refused("PATCH", path, 412, json={"caption": "Ed's"}, headers={"If-Match": etag})
    assert problem["type"].endswith(":post-changed")
    assert (await world.editor.get(path))["caption"] == "Ada's"
    assert first.headers["etag"] != etag


async def test_a_change_without_a_version_is_refused(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    problem = await world.editor.refused("PATCH", f"/posts/{post['id']}", 428, json={"caption": "x"})
    assert problem["type"].endswith(":version-missing")


async def test_a_repeated_creation_gets_the_first_answer(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    headers = {"Idempotency-Key": str(uuid4())}
    first = await world.editor.post("/posts", body, headers=headers)
    again = await world.editor.post("/posts", body, headers=headers)
    assert again == first
    assert len((await world.editor.get("/posts"))["items"]) == 1


async def test_a_key_that_is_used_for_something_else_is_refused(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    headers = {"Idempotency-Key": "mine"}
    await world.editor.post("/posts", body, headers=headers)
    problem = await world.editor.refused("POST", "/posts", 409, json=body | {"caption": "other"}, headers=headers)
    assert problem["type"].endswith(":idempotency-key-reused")


async def test_a_refused_creation_leaves_its_key_unused(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    headers = {"Idempotency-Key": "mine"}
    await world.editor.refused("POST", "/posts", 422, json=body | {"time_zone": "Mars"}, headers=headers)
    assert (await world.editor.post("/posts", body, headers=headers))["state"] == "draft"


async def test_pages_show_each_post_once(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    ids = [(await world.editor.post("/posts", body | {"caption": str(place)}))["id"] for place in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await world.editor.get("/posts", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [post["id"] for post in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ids[::-1]


async def test_a_list_by_state_is_filled_past_posts_of_other_states(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook")
    posts = [await world.editor.post("/posts", body) for _ in range(5)]
    await world.editor.post(f"/posts/{posts[0]['id']}/schedule")
    page = await world.editor.get("/posts", state="scheduled", limit=2)
    assert [post["id"] for post in page["items"]] == [posts[0]["id"]]
