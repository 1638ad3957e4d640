"""Connecting TikTok accounts.

Sources: https://developers.tiktok.com/doc/login-kit-web and .../login-kit-desktop, read 2026-09-11;
https://developers.tiktok.com/docs/en/oauth-get-a-user-access-token, read 2026-11-02.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri

from postline.core.errors import NetworkError
from postline.core.words import NetworkKey, ProviderKey
from postline.networks.apps import Posting
from postline.networks.base import Authorization, Grant, RemoteProfile
from postline.networks.http import text_of
from postline.networks.signals import Signal
from postline.networks.tiktok import webhooks
from postline.networks.tiktok.capabilities import CAPABILITIES
from postline.networks.tiktok.client import TikTokClient

VERIFIER_LENGTH: Final = 64
# TikTok knows two kinds of app by their redirect address; only those on this machine take part in PKCE.
DESKTOP_HOSTS: Final = frozenset({"localhost", "127.0.0.1"})
NOT_APPROVED: Final[Mapping[Posting, frozenset[str]]] = {
    Posting.ALL: frozenset(),
    Posting.DIRECT: frozenset({"video.upload"}),
    Posting.DRAFTS: frozenset({"video.publish"}),
}
USER_FIELDS: Final = {
    "user.info.basic": ("open_id", "display_name", "avatar_url"),
    "user.info.profile": ("username",),
}


def code_challenge(verifier: str) -> str:
    """Lower-case hex of SHA-256, where RFC 7636 has base64url."""
    return hashlib.sha256(verifier.encode("ascii")).hexdigest()


class TikTokProvider:
    """OAuth with Login Kit. A refresh gives a new refresh token and ends the old one at once."""

    key = ProviderKey.TIKTOK
    name = "TikTok"
    refresh_ahead = timedelta(minutes=30)

    def __init__(self, client: TikTokClient) -> None:
        self._client = client
        self.scopes = CAPABILITIES.scopes - (NOT_APPROVED[client.app.posting] if client.app else frozenset())

    def authorize(self, state: str, redirect_uri: str) -> Authorization:
        app = self._client.ready_app
        verifier: str | None = None
        pkce: list[tuple[str, str]] = []
        if urlsplit(redirect_uri).hostname in DESKTOP_HOSTS:
            verifier = generate_token(VERIFIER_LENGTH)
            pkce = [("code_challenge", code_challenge(verifier)), ("code_challenge_method", "S256")]
        # TikTok calls the client's id client_key and separates scopes by commas, which no OAuth helper does.
        asked = [
            ("client_key", app.client_key),
            ("response_type", "code"),
            ("scope", ",".join(sorted(self.scopes))),
            ("redirect_uri", redirect_uri),
            ("state", state),
        ]
        url: str = add_params_to_uri(f"{app.auth_url}/v2/auth/authorize/", asked + pkce)
        return Authorization(url=url, code_verifier=verifier)

    async def exchange(self, code: str, redirect_uri: str, code_verifier: str | None, now: datetime) -> Grant:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if code_verifier is not None:
            fields["code_verifier"] = code_verifier
        grant = _grant(await self._client.call_oauth("oauth.exchange", "token", fields), now)
        user = await self._user(grant)
        return replace(grant, subject_name=str(user.get("display_name", "")))

    async def refresh(self, grant: Grant, now: datetime) -> Grant:
        fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token or ""}
        return _grant(await self._client.call_oauth("oauth.refresh", "token", fields), now, grant.subject_name)

    async def profiles(self, grant: Grant) -> Sequence[RemoteProfile]:
        user = await self._user(grant)
        profile = RemoteProfile(
            network=NetworkKey.TIKTOK,
            remote_id=grant.subject_id,
            name=str(user.get("display_name") or user.get("username") or "TikTok"),
            handle=user.get("username"),
            avatar_url=user.get("avatar_url"),
            access_token=None,
        )
        return [profile]

    async def subscribe(self, profile: RemoteProfile) -> None:
        """TikTok tells of everything, at the address that stands in the app's settings."""

    async def revive(self, grant: Grant, token: str, network: NetworkKey, now: datetime) -> Grant | None:
        """A refresh settles it: the refresh token is taken, or TikTok says by "invalid_grant" that it is dead too."""
        try:
            return await self.refresh(grant, now)
        except NetworkError as error:
            if error.code == "invalid_grant":
                return None
            raise

    async def revoke(self, grant: Grant) -> None:
        await self._client.call_oauth("oauth.revoke", "revoke", {"token": grant.access_token})

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """TikTok checks no address."""
        return None

    def is_genuine(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        app = self._client.app
        return app is not None and webhooks.is_signed(app.client_secret, headers, body, now)

    def signals(self, body: bytes) -> Sequence[Signal]:
        return webhooks.read_signals(body)

    def signed_subject(self, signed_request: str) -> str | None:
        """TikTok has no signed callbacks; it tells by webhook."""
        return None

    async def _user(self, grant: Grant) -> dict[str, Any]:
        """Only fields whose scope was granted: one too many fails the call."""
        fields = [name for scope, names in USER_FIELDS.items() if scope in grant.scopes for name in names]
        if not fields:
            return {}
        answer = await self._client.get("user.info", "user/info/", grant.access_token, {"fields": ",".join(fields)})
        return dict(answer.get("user") or {})


def _grant(answer: dict[str, Any], now: datetime, subject_name: str = "") -> Grant:
    """Lifetimes are in seconds and change from time to time; they are read from each answer."""
    return Grant(
        subject_id=text_of(answer, "open_id", "TikTok"),
        subject_name=subject_name,
        access_token=text_of(answer, "access_token", "TikTok"),
        refresh_token=text_of(answer, "refresh_token", "TikTok"),
        scopes=frozenset(scope for scope in str(answer.get("scope", "")).split(",") if scope),
        expires_at=now + timedelta(seconds=int(text_of(answer, "expires_in", "TikTok"))),
        refresh_expires_at=now + timedelta(seconds=int(text_of(answer, "refresh_expires_in", "TikTok"))),
    )
