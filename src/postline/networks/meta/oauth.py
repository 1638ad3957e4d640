"""Connecting through Meta: one grant gives Facebook Pages and the Instagram accounts linked to them.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow,
.../access-tokens/get-long-lived, .../access-tokens/debugging, https://developers.facebook.com/docs/graph-api/reference/user/accounts
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import Authorization, Grant, RemoteProfile
from postline.networks.http import text_of
from postline.networks.meta.graph import Graph

PAGE_FIELDS: Final = (
    "id,name,username,access_token,tasks,picture{url},instagram_business_account{id,username,name,profile_picture_url}"
)
MAY_PUBLISH: Final = frozenset({"CREATE_CONTENT", "MANAGE"})
SCOPES: Final = frozenset(
    {
        "pages_show_list",
        "pages_read_engagement",
        "pages_manage_posts",
        "read_insights",
        "instagram_basic",
        "instagram_content_publish",
        "instagram_manage_insights",
    }
)


class MetaProvider:
    """OAuth with Facebook Login. Meta has no refresh tokens: a token is exchanged for a new one while it is alive."""

    key = ProviderKey.META
    name = "Meta"
    scopes = SCOPES
    refresh_ahead = timedelta(days=10)

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def authorize(self, state: str, redirect_uri: str) -> Authorization:
        app = self._graph.ready_app
        url: str = prepare_grant_uri(
            f"{app.dialog_url}/{app.version}/dialog/oauth",
            app.app_id,
            "code",
            redirect_uri=redirect_uri,
            scope=",".join(sorted(self.scopes)),
            state=state,
        )
        return Authorization(url=url, code_verifier=None)

    async def exchange(self, code: str, redirect_uri: str, code_verifier: str | None, now: datetime) -> Grant:
        fields = {**self._credentials(), "redirect_uri": redirect_uri, "code": code}
        short = await self._graph.call_oauth("oauth.exchange", "POST", fields)
        return await self._grant(text_of(short, "access_token", "Meta"), now)

    async def refresh(self, grant: Grant, now: datetime) -> Grant:
        return await self._grant(grant.access_token, now)

    async def profiles(self, grant: Grant) -> Sequence[RemoteProfile]:
        found: dict[tuple[NetworkKey, str], RemoteProfile] = {}
        async for page in self._pages(grant.access_token):
            for profile in _profiles_of(page):
                found.setdefault((profile.network, profile.remote_id), profile)
        return list(found.values())

    async def revoke(self, grant: Grant) -> None:
        await self._graph.delete("oauth.revoke", "me/permissions", grant.access_token)

    def _credentials(self) -> dict[str, str]:
        app = self._graph.ready_app
        return {"client_id": app.app_id, "client_secret": app.app_secret}

    async def _grant(self, token: str, now: datetime) -> Grant:
        """The long-lived grant (about 60 days) that a living token can be exchanged for."""
        fields = {**self._credentials(), "grant_type": "fb_exchange_token", "fb_exchange_token": token}
        answer = await self._graph.call_oauth("oauth.long_lived", "GET", fields)
        token = text_of(answer, "access_token", "Meta")
        person = await self._graph.get("me", "me", token, {"fields": "id,name"})
        permissions = await self._graph.get("me.permissions", "me/permissions", token)
        granted = (each["permission"] for each in permissions.get("data", ()) if each.get("status") == "granted")
        return Grant(
            subject_id=text_of(person, "id", "Meta"),
            subject_name=str(person.get("name", "")),
            access_token=token,
            refresh_token=None,
            scopes=frozenset(granted),
            expires_at=await self._expiry(answer.get("expires_in"), token, now),
            refresh_expires_at=None,
        )

    async def _expiry(self, expires_in: object, token: str, now: datetime) -> datetime | None:
        if isinstance(expires_in, int | float):
            return now + timedelta(seconds=expires_in)
        app = self._graph.ready_app
        params = {"input_token": token}
        answer = await self._graph.get("debug_token", "debug_token", f"{app.app_id}|{app.app_secret}", params)
        expires_at = answer.get("data", {}).get("expires_at") or 0
        return datetime.fromtimestamp(expires_at, UTC) if expires_at else None

    async def _pages(self, token: str) -> AsyncIterator[Mapping[str, Any]]:
        params = {"fields": PAGE_FIELDS, "limit": "100"}
        while True:
            answer = await self._graph.get("me.accounts", "me/accounts", token, params)
            for page in answer.get("data", ()):
                yield page
            paging = answer.get("paging", {})
            after = paging.get("cursors", {}).get("after")
            if "next" not in paging or not after:
                return
            params = {**params, "after": str(after)}


def _profiles_of(page: Mapping[str, Any]) -> list[RemoteProfile]:
    token = page.get("access_token")
    if not token or not MAY_PUBLISH & set(page.get("tasks", ())):
        return []
    profiles = []
    if "CREATE_CONTENT" in page["tasks"]:
        profiles.append(
            RemoteProfile(
                network=NetworkKey.FACEBOOK,
                remote_id=str(page["id"]),
                name=str(page.get("name", "")),
                handle=page.get("username"),
                avatar_url=page.get("picture", {}).get("data", {}).get("url"),
                access_token=token,
            )
        )
    if account := page.get("instagram_business_account"):
        profiles.append(
            RemoteProfile(
                network=NetworkKey.INSTAGRAM,
                remote_id=str(account["id"]),
                name=str(account.get("name") or account.get("username") or page.get("name", "")),
                handle=account.get("username"),
                avatar_url=account.get("profile_picture_url"),
                access_token=token,
            )
        )
    return profiles
