"""Connecting through Meta: one grant gives Facebook Pages and the Instagram accounts linked to them.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/facebook-login/guides/advanced/manual-flow,
.../access-tokens/get-long-lived, .../access-tokens/debugging, .../facebook-login/auth-vs-data
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from postline.core.errors import ErrorKind, NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.base import Authorization, EndedHere, Grant, RemoteProfile
from postline.networks.facebook.capabilities import CAPABILITIES as FACEBOOK
from postline.networks.http import text_of
from postline.networks.instagram.capabilities import CAPABILITIES as INSTAGRAM
from postline.networks.meta.errors import as_number
from postline.networks.meta.graph import Graph
from postline.networks.meta.profiles import BUSINESS_SCOPE, find_profiles
from postline.networks.meta.webhooks import answer_challenge, is_signed, read_signals, read_signed_request
from postline.networks.signals import Signal

log = structlog.get_logger()

SUBSCRIBE_SCOPE: Final = "pages_manage_metadata"
# 90 days after a person was last active their instagram_* permissions end, while those for Pages go on.
# Source: https://developers.facebook.com/documentation/facebook-login/auth-vs-data, read 2026-09-11.
END_WITH_DATA_ACCESS: Final = frozenset({NetworkKey.INSTAGRAM})
DATA_ACCESS_OVER: Final = EndedHere(
    "Meta gives access to Instagram for 90 days after the person was last active, and these are over. Reconnect."
)


class MetaProvider:
    """OAuth with Facebook Login. Meta has no refresh tokens: a token is exchanged for a new one while it is alive."""

    key = ProviderKey.META
    name = "Meta"
    scopes = FACEBOOK.scopes | INSTAGRAM.scopes | {BUSINESS_SCOPE, SUBSCRIBE_SCOPE}
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
            auth_type="rerequest",  # or what was declined once is not asked again
        )
        return Authorization(url=url, code_verifier=None)

    async def exchange(self, code: str, redirect_uri: str, code_verifier: str | None, now: datetime) -> Grant:
        fields = {**self._credentials(), "redirect_uri": redirect_uri, "code": code}
        short = await self._graph.call_oauth("oauth.exchange", "POST", fields)
        return await self._grant(text_of(short, "access_token", "Meta"), now)

    async def refresh(self, grant: Grant, now: datetime) -> Grant:
        return await self._grant(grant.access_token, now)

    async def profiles(self, grant: Grant) -> Sequence[RemoteProfile]:
        return await find_profiles(self._graph, grant)

    async def revive(self, grant: Grant, token: str, network: NetworkKey, now: datetime) -> Grant | EndedHere | None:
        """Ask Meta about the refused token itself."""
        told = await self._debug(token)
        if "is_valid" not in told:
            text = "Meta does not say whether the access is alive. Postline asks again."
            raise NetworkError(ErrorKind.TRANSIENT, "no_verdict", text, is_definite=True)
        data_access_ends = _instant(told.get("data_access_expires_at"))
        if not told["is_valid"]:
            return None
        if data_access_ends is not None and data_access_ends <= now:
            if network in END_WITH_DATA_ACCESS:
                return DATA_ACCESS_OVER
            log.warning("connection.data_access_over", network=str(network), since=data_access_ends.isoformat())
        is_near_its_end = grant.expires_at is not None and grant.expires_at - now <= self.refresh_ahead
        return await self.refresh(grant, now) if is_near_its_end else grant

    async def subscribe(self, profile: RemoteProfile) -> None:
        """Have Meta tell of the Page's posts, where the operator has set up a webhook. Of Instagram's it tells nothing.

        The list of fields replaces the one before: https://developers.facebook.com/docs/graph-api/webhooks, read
        2026-09-11.
        """
        if profile.network is NetworkKey.FACEBOOK and profile.access_token and self._graph.ready_app.verify_token:
            path = f"{profile.remote_id}/subscribed_apps"
            await self._graph.post("page.subscribe", path, profile.access_token, {"subscribed_fields": "feed"})

    async def revoke(self, grant: Grant) -> None:
        await self._graph.delete("oauth.revoke", "me/permissions", grant.access_token)

    def challenge(self, query: Mapping[str, str]) -> str | None:
        app = self._graph.app
        return answer_challenge(app.verify_token, query) if app is not None else None

    def is_genuine(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Meta's signature holds no time; a repeated delivery is known by its bytes."""
        app = self._graph.app
        return app is not None and is_signed(app.app_secret, headers, body)

    def signals(self, body: bytes) -> Sequence[Signal]:
        return read_signals(body)

    def signed_subject(self, signed_request: str) -> str | None:
        app = self._graph.app
        return read_signed_request(app.app_secret, signed_request) if app is not None else None

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
        return _instant((await self._debug(token)).get("expires_at"))

    async def _debug(self, token: str) -> Mapping[str, Any]:
        """What Meta knows about a token of this app, asked in the app's own name."""
        app = self._graph.ready_app
        params = {"input_token": token}
        answer = await self._graph.get("debug_token", "debug_token", f"{app.app_id}|{app.app_secret}", params)
        found = answer.get("data")
        return found if isinstance(found, Mapping) else {}


def _instant(seconds: object) -> datetime | None:
    """Unix seconds as Meta writes them; 0 and nothing mean that there is no end."""
    found = as_number(seconds)
    return datetime.fromtimestamp(found, UTC) if found else None
