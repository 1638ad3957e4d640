import hashlib
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.sandbox.clients import REDIRECT, TIKTOK_APP, TIKTOK_SCOPES, Stage, TikTok

pytestmark = pytest.mark.anyio

AUTHORIZE = {
    "client_key": TIKTOK_APP["client_key"],
    "response_type": "code",
    "scope": "user.info.basic,video.publish",
    "redirect_uri": REDIRECT,
    "state": "s1",
}
VERIFIER = "abcdefghijklmnopqrstuvwxyz0123456789-._~ABCDEFG"
CHALLENGE = "4c3a770bec0fa3768a0cad4183eba43fbf2767d622a940f64e8443f7a1e86875"


async def test_a_person_sees_who_asks_for_what(stage: Stage) -> None:
    page = await stage.tiktok.call("GET", f"/v2/auth/authorize/?{urlencode(AUTHORIZE)}")
    assert page.status == 200
    assert "Continue as Harbor Coffee" in page.body
    assert "video.publish" in page.body


async def test_unticked_scopes_are_not_granted(stage: Stage) -> None:
    form = {**AUTHORIZE, "sandbox_scope": "user.info.basic", "decision": "continue"}
    reply = await stage.tiktok.call("POST", "/v2/auth/authorize/", data=form)
    assert "scopes=user.info.basic&" in reply.headers["Location"]


@pytest.mark.parametrize(
    "change",
    [
        {"client_key": "other"},
        {"redirect_uri": f"{REDIRECT}?a=b"},
        {"redirect_uri": "https://example.com/"},
        {"scope": "user.info.basic video.publish"},
        {"response_type": "token"},
        {"state": ""},
        {"code_challenge": "bm90IGhleA", "code_challenge_method": "S256"},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
    ],
)
async def test_the_page_refuses(stage: Stage, change: dict[str, str]) -> None:
    query = urlencode({**AUTHORIZE, **change, "sandbox_auto": "1"})
    assert (await stage.tiktok.call("GET", f"/v2/auth/authorize/?{query}")).status == 400


async def test_the_challenge_is_the_hex_of_the_verifiers_hash(stage: Stage) -> None:
    assert hashlib.sha256(VERIFIER.encode()).hexdigest() == CHALLENGE
    query = {**AUTHORIZE, "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = (await stage.tiktok.consent("/v2/auth/authorize/", query))["code"]
    given = {"grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": code}
    wrong = await stage.tiktok.token(**given, code_verifier="x" * 43)
    assert wrong.body["error"] == "invalid_request"
    right = await stage.tiktok.token(**given, code_verifier=VERIFIER)
    assert right.body["scope"] == "user.info.basic,video.publish"
    assert (right.body["expires_in"], right.body["refresh_expires_in"]) == (7_200, 15_552_000)
    again = await stage.tiktok.token(**given, code_verifier=VERIFIER)
    assert again.body["error"] == "invalid_grant"


async def test_refusing_sends_access_denied_back(stage: Stage) -> None:
    back = await stage.tiktok.consent("/v2/auth/authorize/", {**AUTHORIZE, "sandbox_auto": "cancel"})
    assert (back["error"], back["state"]) == ("access_denied", "s1")


async def test_a_refresh_rotates_the_token_and_kills_the_old_one(tiktok: TikTok) -> None:
    old = tiktok.refresh
    tiktok.keep(await tiktok.token(grant_type="refresh_token", refresh_token=old))
    assert tiktok.refresh != old
    assert (await tiktok.token(grant_type="refresh_token", refresh_token=old)).body["error"] == "invalid_grant"
    assert (await tiktok.ask("video/list", fields="id")).status == 200


async def test_a_lost_answer_to_a_refresh_has_rotated_the_token(stage: Stage, tiktok: TikTok) -> None:
    await stage.fault("tiktok.oauth.token", "drop_after", times=1)
    given = {"grant_type": "refresh_token", "refresh_token": tiktok.refresh}
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await tiktok.token(**given)
    assert (await tiktok.token(**given)).body["error"] == "invalid_grant"


@pytest.mark.parametrize("status", [200, 400])
async def test_invalid_grant_comes_with_the_status_that_is_set(stage: Stage, status: int) -> None:
    """200 is what was measured, so it is the default: only the body tells."""
    assert (await stage.control("GET", "settings")).body["tiktok_invalid_grant_status"] == 200
    await stage.control("POST", "settings", {"tiktok_invalid_grant_status": status})
    reply = await stage.tiktok.token(grant_type="refresh_token", refresh_token="rft.unknown")
    assert (reply.status, reply.body["error"]) == (status, "invalid_grant")


async def test_lifetimes_are_as_set(stage: Stage) -> None:
    await stage.control("POST", "settings", {"tiktok_access_seconds": 60, "tiktok_refresh_seconds": 120})
    tiktok = await stage.tiktok.connect()
    stage.clock.advance(60)
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)
    answer = await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh)
    assert (answer.body["expires_in"], answer.body["refresh_expires_in"]) == (60, 120)
    stage.clock.advance(120)
    late = await tiktok.token(grant_type="refresh_token", refresh_token=answer.body["refresh_token"])
    assert late.body["error"] == "invalid_grant"


async def test_pkce_can_be_asked_for(stage: Stage) -> None:
    await stage.control("POST", "settings", {"tiktok_requires_pkce": True})
    query = urlencode({**AUTHORIZE, "sandbox_auto": "1"})
    assert (await stage.tiktok.call("GET", f"/v2/auth/authorize/?{query}")).status == 400
    proved = urlencode({**AUTHORIZE, "sandbox_auto": "1", "code_challenge": CHALLENGE, "code_challenge_method": "S256"})
    assert (await stage.tiktok.call("GET", f"/v2/auth/authorize/?{proved}")).status == 302


async def test_an_access_token_ends_after_two_hours(stage: Stage, tiktok: TikTok) -> None:
    stage.clock.advance(7_201)
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)


async def test_revoking_ends_access_and_refresh(tiktok: TikTok) -> None:
    revoked = await tiktok.call("POST", "/v2/oauth/revoke/", data={**TIKTOK_APP, "token": tiktok.access})
    assert (revoked.status, revoked.body) == (200, {})
    assert (await tiktok.ask("video/list", fields="id")).error == ("access_token_invalid", 401)
    again = await tiktok.token(grant_type="refresh_token", refresh_token=tiktok.refresh)
    assert again.body["error"] == "invalid_grant"


async def test_a_body_that_cannot_be_read_is_refused_in_the_flat_envelope(stage: Stage) -> None:
    headers = {"Content-Type": "application/json"}
    reply = await stage.tiktok.call("POST", "/v2/oauth/token/", data=b"{", headers=headers)
    assert (reply.status, reply.body["error"]) == (400, "invalid_request")


async def test_a_wrong_secret_and_an_unknown_grant_are_told_apart(stage: Stage) -> None:
    data = {**TIKTOK_APP, "client_secret": "wrong", "grant_type": "refresh_token"}
    assert (await stage.tiktok.call("POST", "/v2/oauth/token/", data=data)).body["error"] == "invalid_client"
    assert (await stage.tiktok.token(grant_type="password")).body["error"] == "unsupported_grant_type"


async def test_user_info_gives_the_fields_of_granted_scopes_only(stage: Stage) -> None:
    tiktok = await stage.tiktok.connect(scope=TIKTOK_SCOPES, sandbox_decline="user.info.stats")
    headers = {"Authorization": f"Bearer {tiktok.access}"}
    known = await tiktok.call("GET", "/v2/user/info/?fields=open_id,username", headers=headers)
    assert known.body["data"]["user"] == {"open_id": tiktok.open_id, "username": "harborcoffee"}
    stats = await tiktok.call("GET", "/v2/user/info/?fields=follower_count", headers=headers)
    assert stats.error == ("scope_not_authorized", 401)
    assert (await tiktok.call("GET", "/v2/user/info/", headers=headers)).error == ("invalid_params", 400)


async def test_publishing_needs_its_scope(stage: Stage) -> None:
    tiktok = await stage.tiktok.connect(scope="user.info.basic")
    assert (await tiktok.ask("post/publish/creator_info/query")).error == ("scope_not_authorized", 401)
