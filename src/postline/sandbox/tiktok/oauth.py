"""Login Kit: the consent page, token exchange, rotation and revocation.

For tests the page needs no browser: `&sandbox_auto=1` redirects at once with a code (`sandbox_auto=cancel`: as if
refused); `sandbox_user` (an open_id) and `sandbox_decline` (comma list of scopes) choose.

Source: https://developers.tiktok.com/doc/login-kit-desktop and
https://developers.tiktok.com/docs/en/oauth-get-a-user-access-token, read 2026-11-24.
"""

import hashlib
import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from postline.sandbox.calls import Answer, Call, Refusal, redirect
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.pages.consent import consent_page, problem_page
from postline.sandbox.params import Param
from postline.sandbox.records import Code, Creator, Token
from postline.sandbox.redirects import is_loopback, with_query
from postline.sandbox.removals import leave_tiktok
from postline.sandbox.settings import META_APP_NAME, TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET
from postline.sandbox.tiktok.errors import oauth_error, refuse_oauth
from postline.sandbox.tiktok.webhooks import REMOVED_BY_DEVELOPER

SCOPES: Final = frozenset(
    ("user.info.basic", "user.info.profile", "user.info.stats", "video.publish", "video.upload", "video.list")
)
HEX_SHA256: Final = re.compile(r"^[0-9a-f]{64}$")


async def authorize(call: Call) -> Answer:
    """Show the consent page, or answer at once for `sandbox_auto`."""
    given = call.given
    redirect_uri = str(given.get("redirect_uri", ""))
    if given.get("client_key") != TIKTOK_CLIENT_KEY:
        return problem_page("TikTok", "Something went wrong", "client_key")
    if not is_loopback(redirect_uri) or urlsplit(redirect_uri).query or len(redirect_uri) >= 512:
        return problem_page("TikTok", "Something went wrong", "redirect_uri")
    if given.get("response_type") != "code" or not given.get("state"):
        return problem_page("TikTok", "Something went wrong", "response_type and state are required")
    scopes = [scope for scope in str(given.get("scope", "")).split(",") if scope]
    if not scopes or set(scopes) - SCOPES:
        return problem_page("TikTok", "Something went wrong", "scope")
    challenge = str(given.get("code_challenge", ""))
    if not challenge and call.world.settings.tiktok_requires_pkce:
        return problem_page("TikTok", "Something went wrong", "code_challenge")
    if challenge and (given.get("code_challenge_method") != "S256" or not HEX_SHA256.match(challenge)):
        return problem_page("TikTok", "Something went wrong", "code_challenge")
    creators = list(call.world.creators)
    creator = call.world.creators.get(str(given.get("sandbox_user", ""))) or creators[0]
    if call.method == "GET" and not given.get("sandbox_auto"):
        hidden = {name: str(value) for name, value in given.items() if not name.startswith("sandbox_")}
        return consent_page(
            network="TikTok",
            person=creator.nickname,
            person_id=creator.id,
            app=META_APP_NAME,
            scopes=scopes,
            choices=[],
            hidden=hidden,
            others=[
                (f"@{other.username}", f"{call.path}?{urlencode({**hidden, 'sandbox_user': other.id})}")
                for other in creators
                if other.id != creator.id
            ],
        )
    return _decide(call, redirect_uri, creator, scopes, challenge)


def _decide(call: Call, redirect_uri: str, creator: Creator, scopes: list[str], challenge: str) -> Answer:
    given, state = call.given, str(call.given["state"])
    if "cancel" in (given.get("decision"), given.get("sandbox_auto")):
        location = with_query(
            redirect_uri, error="access_denied", error_description="User denied the request", state=state
        )
        return redirect(location)
    declined = set(str(given.get("sandbox_decline", "")).split(","))
    if call.method == "POST":
        kept = given.get("sandbox_scope", [])
        declined = set(scopes) - set(kept if isinstance(kept, list) else [kept])
    granted = tuple(scope for scope in scopes if scope not in declined)
    code = call.world.codes.put(
        Code(
            id=f"{call.world.new_secret('')}*1!4700.va",
            network="tiktok",
            person_id=creator.id,
            scopes=granted,
            page_ids=(),
            redirect_uri=redirect_uri,
            challenge=challenge,
            created_at=call.world.now(),
        )
    )
    location = with_query(redirect_uri, code=code.id, scopes=",".join(granted), state=state)
    return redirect(location)


async def token(call: Call) -> Answer:
    """Exchange a code, or a refresh token; the latter is dead afterwards."""
    _check_client(call)
    match call.params["grant_type"]:
        case "authorization_code":
            return _tokens(call, *_from_code(call))
        case "refresh_token":
            return _tokens(call, *_from_refresh_token(call))
        case _:
            raise refuse_oauth("unsupported_grant_type", "The grant type is not supported by the authorization server.")


def _check_client(call: Call) -> None:
    if (call.params["client_key"], call.params["client_secret"]) != (TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET):
        raise refuse_oauth("invalid_client", "Client key or secret is incorrect.")


def _from_code(call: Call) -> tuple[str, tuple[str, ...]]:
    world = call.world
    code = world.codes.get(call.params["code"] or "")
    expired = code and code.created_at + world.settings.tiktok_code_seconds <= world.now()
    if code is None or code.network != "tiktok" or code.used or expired:
        raise _invalid_grant(call, "Authorization code is expired.")
    if code.redirect_uri != call.params["redirect_uri"]:
        raise refuse_oauth("invalid_request", "Redirect_uri is not matched with the uri when requesting code.")
    verifier = call.params["code_verifier"] or ""
    if code.challenge and hashlib.sha256(verifier.encode()).hexdigest() != code.challenge:
        raise refuse_oauth("invalid_request", "Code verifier or code challenge is invalid.")
    world.codes.put(replace(code, used=True))
    return code.person_id, code.scopes


def _from_refresh_token(call: Call) -> tuple[str, tuple[str, ...]]:
    world = call.world
    old = world.tokens.get(call.params["refresh_token"] or "")
    if old is None or old.kind != "refresh" or old.ended or old.expires_at <= world.now():
        raise _invalid_grant(call, "Refresh token is invalid or expired.")
    world.tokens.put(replace(old, ended="rotated"))
    return old.person_id, old.scopes


def _invalid_grant(call: Call, message: str) -> Refusal:
    return refuse_oauth("invalid_grant", message, call.world.settings.tiktok_invalid_grant_status)


def _tokens(call: Call, open_id: str, scopes: tuple[str, ...]) -> Answer:
    world, now = call.world, call.world.now()

    def issue(prefix: str, kind: str, seconds: float) -> str:
        value = world.new_secret(prefix)
        made = Token(id=value, kind=kind, person_id=open_id, scopes=scopes, issued_at=now, expires_at=now + seconds)
        return world.tokens.put(made).id

    access_seconds, refresh_seconds = world.settings.tiktok_access_seconds, world.settings.tiktok_refresh_seconds
    return Answer(
        body={
            "access_token": issue("act.", "access", access_seconds),
            "expires_in": int(access_seconds),
            "open_id": open_id,
            "refresh_expires_in": int(refresh_seconds),
            "refresh_token": issue("rft.", "refresh", refresh_seconds),
            "scope": ",".join(scopes),
            "token_type": "Bearer",
        }
    )


async def revoke(call: Call) -> Answer:
    """The app leaves the person's connected apps: all its tokens for them end."""
    _check_client(call)
    known = call.world.tokens.get(call.params["token"])
    if known is None or known.kind not in ("access", "refresh"):
        raise refuse_oauth("invalid_request", "The token is invalid.")
    leave_tiktok(call.sandbox, known.person_id, REMOVED_BY_DEVELOPER)
    body: dict[str, Any] = {}
    return Answer(body=body)


CLIENT = (Param("client_key", required=True), Param("client_secret", required=True))

ENDPOINTS = (
    *(
        Endpoint(name=name, method=method, path="/v2/auth/authorize/", handler=authorize, envelope=oauth_error)
        for name, method in (("tiktok.oauth.authorize", "GET"), ("tiktok.oauth.consent", "POST"))
    ),
    Endpoint(
        name="tiktok.oauth.token",
        method="POST",
        path="/v2/oauth/token/",
        handler=token,
        envelope=oauth_error,
        params=(
            *CLIENT,
            Param("grant_type", required=True),
            Param("code"),
            Param("redirect_uri"),
            Param("code_verifier"),
            Param("refresh_token"),
        ),
    ),
    Endpoint(
        name="tiktok.oauth.revoke",
        method="POST",
        path="/v2/oauth/revoke/",
        handler=revoke,
        envelope=oauth_error,
        params=(*CLIENT, Param("token", required=True)),
    ),
)
