"""TikTok's API over HTTP.

Source: https://developers.tiktok.com/doc/tiktok-api-v2-introduction, read 2026-09-11.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from postline.networks.apps import TikTokApp, not_configured
from postline.networks.budget import Budget
from postline.networks.http import Answer, Body, HttpClient
from postline.networks.tiktok.envelope import read_envelope, read_grant
from postline.networks.tiktok.limits import CALLS_PER_MINUTE, GROUPS

MISSING_APP: Final = not_configured("TikTok", "POSTLINE_TIKTOK_CLIENT_KEY")


@dataclass(frozen=True, slots=True)
class TikTokClient:
    """Raises NetworkError. A call that TikTok would refuse for its number within a minute is not sent."""

    http: HttpClient
    app: TikTokApp | None
    budget: Budget = field(default_factory=lambda: Budget("TikTok", CALLS_PER_MINUTE))

    @property
    def ready_app(self) -> TikTokApp:
        if self.app is None:
            raise MISSING_APP
        return self.app

    async def get(self, endpoint: str, path: str, token: str, params: Mapping[str, str]) -> dict[str, Any]:
        url, headers = f"{self.ready_app.api_url}/v2/{path}", {"Authorization": f"Bearer {token}"}
        self._spend(endpoint, token)
        return read_envelope(
            await self.http.call("GET", url, network="TikTok", endpoint=endpoint, headers=headers, params=params)
        )

    async def post(
        self, endpoint: str, path: str, token: str, body: Mapping[str, Any], params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        url = f"{self.ready_app.api_url}/v2/{path}"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=UTF-8"}
        self._spend(endpoint, token)
        answer = await self.http.call(
            "POST", url, network="TikTok", endpoint=endpoint, headers=headers, params=params, json=dict(body)
        )
        return read_envelope(answer)

    async def call_oauth(self, endpoint: str, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        app = self.ready_app
        form = {"client_key": app.client_key, "client_secret": app.client_secret, **fields}
        headers = {"Cache-Control": "no-cache"}
        url = f"{app.api_url}/v2/oauth/{path}/"
        return read_grant(
            await self.http.call("POST", url, network="TikTok", endpoint=endpoint, headers=headers, form=form)
        )

    async def put_chunk(self, url: str, chunk: Body, first: int, end: int, size_bytes: int) -> Answer:
        """Send bytes `first` up to and without `end`. The URL is its own key, so no token goes along."""
        headers = {"Content-Range": f"bytes {first}-{end - 1}/{size_bytes}"}
        return await self.http.call("PUT", url, network="TikTok", endpoint="upload.chunk", headers=headers, body=chunk)

    def _spend(self, endpoint: str, token: str) -> None:
        if group := GROUPS.get(endpoint):
            self.budget.spend(group, token)
