"""Who reaches what through Graph API: tasks, portfolios, roles, permissions, and what a token is said to be."""

from dataclasses import replace

import pytest

from postline.sandbox.records import Business
from tests.sandbox.clients import META_APP, META_SCOPES, Meta, Reply, Stage
from tests.sandbox.media_files import picture

pytestmark = pytest.mark.anyio


async def set_tasks(stage: Stage, page_id: str, *tasks: str) -> None:
    await stage.control("POST", f"profiles/{page_id}", {"tasks": list(tasks)})


async def debug(meta: Meta, token: str) -> dict[str, object]:
    app = f"{META_APP['client_id']}|{META_APP['client_secret']}"
    told: dict[str, object] = (await meta.get("debug_token", token=app, input_token=token)).body["data"]
    return told


LACKING = {
    "posting without CREATE_CONTENT": (("ANALYZE", "MODERATE"), "POST", "page/feed", (200, None)),
    "insights without ANALYZE": (("CREATE_CONTENT",), "GET", "page/insights", (200, None)),
    "a container with MODERATE only": (("MODERATE",), "POST", "instagram/media", (10, None)),
    "a container with MANAGE": (("MANAGE",), "POST", "instagram/media", (100, None)),
}


@pytest.mark.parametrize("name", LACKING)
async def test_a_task_on_the_page_decides_on(stage: Stage, meta: Meta, name: str) -> None:
    tasks, method, path, error = LACKING[name]
    await set_tasks(stage, meta.page, *tasks)
    node, edge = path.split("/")
    call = meta.post if method == "POST" else meta.get
    reply: Reply = await call(f"{getattr(meta, node)}/{edge}")
    assert reply.error == error


async def test_a_person_who_lost_the_role_on_a_page_loses_its_token(stage: Stage, meta: Meta) -> None:
    world = stage.sandbox.world
    [person] = world.meta_users
    world.meta_users.put(replace(person, page_ids=(meta.bare_page,)))
    assert (await meta.get(meta.page)).error == (190, 492)
    assert (await meta.get(meta.bare_page, token=meta.bare_page_token)).status == 200


async def test_a_changed_password_ends_tokens(stage: Stage, meta: Meta) -> None:
    await stage.control("POST", "tokens/expire", {"network": "meta", "reason": "password"})
    assert (await meta.get(meta.page)).error == (190, 460)
    told = await debug(meta, meta.page_token)
    assert (told["is_valid"], told["error"]) == (
        False,
        {
            "code": 190,
            "subcode": 460,
            "message": "Error validating access token: The session has been invalidated because the user changed "
            "their password.",
        },
    )


async def test_instagram_ends_with_the_data_access_and_pages_go_on(stage: Stage, meta: Meta) -> None:
    stage.clock.advance(91 * 86_400)
    assert (await meta.get(meta.instagram)).error == (10, None)
    assert (await meta.get(meta.page)).status == 200
    told = await debug(meta, meta.page_token)
    assert (told["is_valid"], told["expires_at"]) == (True, 0)
    assert isinstance(told["data_access_expires_at"], int)
    assert told["data_access_expires_at"] < stage.clock.now


async def test_pages_of_a_portfolio_are_found_through_it(stage: Stage) -> None:
    world = stage.sandbox.world
    [person] = world.meta_users
    first, second = person.page_ids
    world.meta_users.put(replace(person, page_ids=()))
    world.businesses.put(
        Business(id="77", name="Harbor", person_ids=(person.id,), owned_page_ids=(first,), client_page_ids=(second,))
    )
    token = await stage.meta.log_in(scope=f"{META_SCOPES},business_management")
    assert (await stage.meta.get("me/accounts", token=token)).body == {"data": []}
    [business] = (await stage.meta.get("me/businesses", token=token)).body["data"]
    assert business == {"id": "77", "name": "Harbor"}
    [owned] = (await stage.meta.get("77/owned_pages", token=token, fields="id,access_token,tasks")).body["data"]
    [client] = (await stage.meta.get("77/client_pages", token=token)).body["data"]
    assert (owned["id"], client["id"]) == (first, second)
    made = await stage.meta.post(f"{first}/feed", token=owned["access_token"], message="a")
    assert "id" in made.body


async def test_a_portfolio_needs_its_permission_and_its_people(stage: Stage, meta: Meta) -> None:
    stage.sandbox.world.businesses.put(Business(id="77", name="Harbor", person_ids=("another",)))
    assert (await meta.get("me/businesses", token=meta.user)).error == (200, None)
    token = await meta.log_in(scope="pages_show_list,business_management")
    assert (await meta.get("me/businesses", token=token)).body == {"data": []}
    assert (await meta.get("77", token=token)).error == (100, 33)
    assert (await meta.get("77/owned_pages", token=token)).error == (100, 33)


async def test_permissions_are_told_one_by_one_or_by_status(stage: Stage) -> None:
    meta = await stage.meta.connect(sandbox_decline="read_insights")
    declined = (await meta.get("me/permissions", token=meta.user, status="declined")).body["data"]
    one = (await meta.get("me/permissions", token=meta.user, permission="pages_manage_posts")).body["data"]
    assert declined == [{"permission": "read_insights", "status": "declined"}]
    assert one == [{"permission": "pages_manage_posts", "status": "granted"}]
    assert (await meta.get("me/permissions", token=meta.user, status="maybe")).error == (100, None)


async def test_a_token_tells_which_pages_each_scope_was_granted_for(meta: Meta) -> None:
    told = await debug(meta, meta.page_token)
    assert told["profile_id"] == meta.page
    scopes = told["granular_scopes"]
    assert isinstance(scopes, list)
    granted = {each["scope"]: each["target_ids"] for each in scopes}
    assert granted["pages_manage_posts"] == [meta.page]
    assert granted["instagram_basic"] == [meta.instagram]


async def test_the_apps_own_token_is_told_to_be_one(meta: Meta) -> None:
    params = {**META_APP, "grant_type": "client_credentials"}
    made = await meta.call("GET", "/v26.0/oauth/access_token", params=params)
    told = await debug(meta, made.body["access_token"])
    assert (told["type"], told["is_valid"], told["app_id"]) == ("APP", True, META_APP["client_id"])
    assert (await meta.get("debug_token", token="EAAnonsense", input_token=meta.user)).error == (190, None)


async def test_a_token_that_nobody_issued_is_told_to_be_none(meta: Meta) -> None:
    told = await debug(meta, "EAAnonsense")
    assert (told["is_valid"], told["scopes"]) == (False, [])
    assert isinstance(told["error"], dict)
    assert told["error"]["code"] == 190


async def test_a_foreign_pages_things_are_out_of_reach(stage: Stage, meta: Meta) -> None:
    post = (await meta.post(f"{meta.page}/feed", message="a")).body["id"]
    comment = (await meta.post(f"{post}/comments", message="b")).body["id"]
    photo = (await meta.post(f"{meta.page}/photos", url=stage.host.put("a", picture()), published="false")).body["id"]
    for thing in (meta.page, meta.instagram, post, comment, photo):
        assert (await meta.get(thing, token=meta.bare_page_token)).error == (100, 33)
        assert (await meta.delete(thing, token=meta.bare_page_token)).status == 400
    assert len(await stage.live()) == 1
