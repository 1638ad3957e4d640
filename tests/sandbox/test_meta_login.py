import hashlib
import hmac
from urllib.parse import urlencode

import pytest

from tests.sandbox.clients import META_APP, META_SCOPES, REDIRECT, Meta, Stage

pytestmark = pytest.mark.anyio

DIALOG = {"client_id": META_APP["client_id"], "redirect_uri": REDIRECT, "state": "s 1", "scope": "pages_show_list"}


async def exchange(meta: Meta, **changes: str) -> tuple[object, object]:
    params = {**META_APP, "redirect_uri": REDIRECT, **changes}
    return (await meta.call("GET", "/v26.0/oauth/access_token", params=params)).error


async def test_a_person_sees_who_asks_for_what_and_which_pages(stage: Stage) -> None:
    page = await stage.meta.call("GET", f"/v26.0/dialog/oauth?{urlencode(DIALOG)}")
    assert page.status == 200
    for words in ("Continue as Mia Fields", "Cancel", "pages_show_list", "Harbor Coffee Roastery", "@harborcoffee"):
        assert words in page.body


async def test_the_form_grants_the_ticked_pages_and_scopes_only(stage: Stage) -> None:
    meta = stage.meta
    form = {**DIALOG, "scope": "pages_show_list,read_insights", "sandbox_scope": "pages_show_list"}
    form |= {"sandbox_pages": "104820175634927311", "decision": "continue"}
    reply = await meta.call("POST", "/v26.0/dialog/oauth", data=form)
    code = reply.headers["Location"].split("code=")[1].split("&")[0]
    params = {**META_APP, "redirect_uri": REDIRECT, "code": code}
    token = (await meta.call("GET", "/v26.0/oauth/access_token", params=params)).body["access_token"]

    pages = (await meta.get("me/accounts", token=token)).body["data"]
    permissions = (await meta.get("me/permissions", token=token)).body["data"]

    assert [page["name"] for page in pages] == ["Harbor Coffee Roastery"]
    assert permissions == [
        {"permission": "pages_show_list", "status": "granted"},
        {"permission": "read_insights", "status": "declined"},
    ]


async def test_cancelling_sends_the_documented_error_back(stage: Stage) -> None:
    back = await stage.meta.consent("/v26.0/dialog/oauth", {**DIALOG, "sandbox_auto": "cancel"})
    assert (back["error"], back["error_reason"], back["state"]) == ("access_denied", "user_denied", "s 1")


@pytest.mark.parametrize(
    "change", [{"client_id": "other"}, {"redirect_uri": "https://example.com/back"}, {"state": ""}]
)
async def test_the_dialog_refuses_a_wrong_app_address_or_missing_state(stage: Stage, change: dict[str, str]) -> None:
    page = await stage.meta.call("GET", f"/v26.0/dialog/oauth?{urlencode({**DIALOG, **change, 'sandbox_auto': '1'})}")
    assert page.status == 400


async def test_a_code_works_once_with_its_redirect_uri_and_secret(stage: Stage) -> None:
    meta = stage.meta
    code = (await meta.consent("/v26.0/dialog/oauth", DIALOG))["code"]
    assert await exchange(meta, code=code, client_secret="wrong") == (1, None)
    assert await exchange(meta, code=code, redirect_uri=f"{REDIRECT}/other") == (100, 36008)
    params = {**META_APP, "redirect_uri": REDIRECT, "code": code}
    assert (await meta.call("POST", "/v26.0/oauth/access_token", data=params)).status == 200
    assert await exchange(meta, code=code) == (100, 36009)
    late = (await meta.consent("/v26.0/dialog/oauth", DIALOG))["code"]
    stage.clock.advance(601)
    assert await exchange(meta, code=late) == (100, 36007)


async def test_accounts_come_in_pages_and_page_tokens_of_a_long_lived_login_never_expire(meta: Meta) -> None:
    first = (await meta.get("me/accounts", token=meta.user, limit="1", fields="id,name,tasks")).body
    assert [page["id"] for page in first["data"]] == [meta.page]
    assert meta.user not in first["paging"]["next"]
    rest = await meta.call("GET", first["paging"]["next"], headers={"Authorization": f"Bearer {meta.user}"})
    assert [page["id"] for page in rest.body["data"]] == [meta.bare_page]
    assert "next" not in rest.body["paging"]
    app = f"{META_APP['client_id']}|{META_APP['client_secret']}"
    told = (await meta.get("debug_token", token=app, input_token=meta.page_token)).body["data"]
    assert (told["type"], told["expires_at"], told["is_valid"]) == ("PAGE", 0, True)
    bare = (await meta.get(meta.bare_page, token=meta.bare_page_token, fields="instagram_business_account")).body
    assert bare == {"id": meta.bare_page}


async def test_an_expired_token_is_refused_and_cannot_be_exchanged(stage: Stage, meta: Meta) -> None:
    stage.clock.advance(61 * 86_400)
    assert (await meta.get("me", token=meta.user)).error == (190, 463)
    assert await exchange(meta, grant_type="fb_exchange_token", fb_exchange_token=meta.user) == (190, 463)
    assert (await meta.get(meta.page)).status == 200


async def test_revoking_ends_every_token_of_the_person(meta: Meta) -> None:
    assert (await meta.delete("me/permissions", token=meta.user)).body == {"success": True}
    assert (await meta.get(meta.page)).error == (190, 458)


async def test_a_permission_taken_away_is_missed(meta: Meta) -> None:
    await meta.delete("me/permissions", token=meta.user, permission="pages_manage_posts")
    await meta.delete("me/permissions", token=meta.user, permission="instagram_content_publish")
    assert (await meta.post(f"{meta.page}/feed", message="a")).error == (200, None)
    assert (await meta.post(f"{meta.instagram}/media", image_url="http://127.0.0.1/a")).error == (10, None)


async def test_the_app_secret_proof_is_checked(stage: Stage, meta: Meta) -> None:
    proof = hmac.new(META_APP["client_secret"].encode(), meta.user.encode(), hashlib.sha256).hexdigest()
    assert (await meta.get("me", token=meta.user, appsecret_proof=proof)).status == 200
    wrong = await meta.get("me", token=meta.user, appsecret_proof="0" * 64)
    assert (wrong.error, wrong.body["error"]["type"]) == ((100, None), "GraphMethodException")
    await stage.control("POST", "settings", {"require_appsecret_proof": True})
    assert (await meta.get("me", token=meta.user)).error == (100, None)


REFUSED_READS = {
    "no token": ("me", "", (2500, None)),
    "a token nobody issued": ("me", "EAAnonsense", (190, None)),
    "an id that is none": ("123", None, (100, 33)),
    "a field that is none": ("{page}?fields=nonsense", None, (100, None)),
    "an edge that is none": ("{page}/nonsense", None, (100, None)),
    "broken field syntax": ("{page}?fields=picture{{url", None, (2500, None)),
}


@pytest.mark.parametrize("name", REFUSED_READS)
async def test_a_read_is_refused_for(meta: Meta, name: str) -> None:
    path, token, error = REFUSED_READS[name]
    assert (await meta.get(path.format(page=meta.page), token=token)).error == error


async def test_another_persons_page_cannot_be_reached(stage: Stage, meta: Meta) -> None:
    seeded = await stage.control(
        "POST", "seed", {"meta_users": [{"name": "Ann", "pages": [{"name": "Tea", "username": "tea"}]}]}
    )
    [other] = seeded.body["pages"]
    assert (await meta.get(other)).error == (100, 33)
    token = await meta.log_in(sandbox_user=seeded.body["meta_users"][0], scope=META_SCOPES)
    assert (await meta.get(other, token=token, fields="name")).body["name"] == "Tea"


@pytest.mark.parametrize("version", ["v99.0", "v27.0"])
async def test_an_unknown_version_is_refused(meta: Meta, version: str) -> None:
    assert (await meta.call("GET", f"/{version}/me")).error == (2500, None)
