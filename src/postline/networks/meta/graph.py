"""Meta's Graph API over HTTP: versioned paths, tokens in headers, proofs, error envelopes, usage headers.

Sources, read 2026-09-11: https://developers.facebook.com/docs/graph-api/guides/secure-requests,
https://developers.facebook.com/docs/graph-api/overview/rate-limiting
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.apps import MetaApp, not_configured
from postline.networks.bodies import form_with_file
from postline.networks.http import Answer, Body, HttpClient, unreadable
from postline.networks.meta.errors import codes, error_from

log = structlog.get_logger()

USAGE_HEADERS: Final = ("X-App-Usage", "X-Page-Usage", "X-Business-Use-Case-Usage")
MISSING_APP: Final = not_configured("Meta", "POSTLINE_META_APP_ID")


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of Meta's limits is used: the highest percentage told, and when calls are allowed again."""

    percent: float
    regain_after: timedelta | None


def appsecret_proof(app_secret: str, access_token: str) -> str:
    """Lower-case hex of HMAC-SHA256 of the token that the call uses."""
    return hmac.new(app_secret.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def read_usage(headers: Mapping[str, str]) -> Usage | None:
    """The usage headers, whichever came. They hold JSON; waits in them are minutes. None: none was sent."""
    entries: list[Mapping[str, Any]] = []
    for name in USAGE_HEADERS:
        try:
            found = json.loads(headers.get(name, "null"))
        except ValueError:
            continue
        if isinstance(found, dict):
            nested = [entry for value in found.values() if isinstance(value, list) for entry in value]
            entries += nested or [found]
    if not entries:
        return None
    measured = ("call_count", "total_time", "total_cputime")
    minutes = max(_number(entry.get("estimated_time_to_regain_access")) for entry in entries)
    return Usage(
        percent=max(_number(entry.get(name)) for entry in entries for name in measured),
        regain_after=timedelta(minutes=minutes) if minutes else None,
    )


@dataclass(frozen=True, slots=True)
class Graph:
    """The Graph API for one network. Raises NetworkError."""

    http: HttpClient
    app: MetaApp | None
    network: str

    @property
    def ready_app(self) -> MetaApp:
        if self.app is None:
            raise MISSING_APP
        return self.app

    async def get(
        self, endpoint: str, path: str, token: str, params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        signed = self._sign(token, params or {})
        return await self._call("GET", endpoint, path, token, params=signed)

    async def read(
        self, endpoint: str, path: str, tokens: tuple[str, str], params: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Like `get`, but with the second token if the object cannot be seen with the first.

        Meta's pages disagree on whose token reads an Instagram container, and publishers see code 100/33 with either.
        """
        first, second = tokens
        try:
            return await self.get(endpoint, path, first, params)
        except NetworkError as error:
            if codes(error) != (100, 33) or first == second:
                raise
        return await self.get(endpoint, path, second, params)

    async def post(self, endpoint: str, path: str, token: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return await self._call("POST", endpoint, path, token, json=self._sign(token, fields))

    async def post_file(
        self, endpoint: str, path: str, token: str, fields: Mapping[str, str], name: str, file: Body
    ) -> dict[str, Any]:
        body = form_with_file(self._sign(token, fields), name, file)
        return await self._call("POST", endpoint, path, token, body=body)

    async def delete(self, endpoint: str, path: str, token: str) -> dict[str, Any]:
        return await self._call("DELETE", endpoint, path, token, params=self._sign(token, {}))

    async def call_oauth(self, endpoint: str, method: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint, called in the app's own name. What it finds not valid has to start with a new login."""
        url = f"{self.ready_app.graph_url}/{self.ready_app.version}/oauth/access_token"
        params, form = (fields, None) if method == "GET" else (None, fields)
        answer = await self.http.call(method, url, network=self.network, endpoint=endpoint, params=params, form=form)
        try:
            return self._parse(answer)
        except NetworkError as error:
            if error.kind is not ErrorKind.CONTENT_REJECTED:
                raise
            text = "Meta did not accept the authorization. Start connecting again."
            raise NetworkError(ErrorKind.RECONNECT_NEEDED, error.code, text, is_definite=True) from None

    async def upload(self, endpoint: str, url: str, token: str, file: Body, offset: int = 0) -> None:
        """Send a whole file, or its rest from `offset`, to an upload URL that Meta gave."""
        if _origin(url) != _origin(self.ready_app.upload_url):
            text = "Meta named an upload address that is not its own. Nothing was sent there."
            raise NetworkError(ErrorKind.TRANSIENT, "foreign_upload_url", text, is_definite=True)
        headers = {
            "Authorization": f"OAuth {token}",
            "offset": str(offset),
            "file_size": str(offset + file.size_bytes),
        }
        answer = await self.http.call("POST", url, network=self.network, endpoint=endpoint, headers=headers, body=file)
        found = self._parse(answer)
        if (problem := found.get("debug_info")) is not None:
            raise _upload_error(problem)

    def _sign(self, token: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {**fields, "appsecret_proof": appsecret_proof(self.ready_app.app_secret, token)}

    async def _call(self, method: str, endpoint: str, path: str, token: str, **sent: Any) -> dict[str, Any]:
        url = f"{self.ready_app.graph_url}/{self.ready_app.version}/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.http.call(method, url, network=self.network, endpoint=endpoint, headers=headers, **sent)
        return self._parse(answer)

    def _parse(self, answer: Answer) -> dict[str, Any]:
        usage = read_usage(answer.headers)
        if usage is not None:
            log.info("network.usage", network=self.network.lower(), percent=usage.percent)
        found = answer.json()
        if found is None:
            raise unreadable(self.network, answer)
        if isinstance(found.get("error"), dict):
            raise error_from(found["error"], answer.retry_after() or (usage.regain_after if usage else None))
        if not answer.is_ok and "debug_info" not in found:
            raise unreadable(self.network, answer)
        return found


def _upload_error(problem: Mapping[str, Any]) -> NetworkError:
    """Uploads fail in a shape of their own: {"retriable": …, "type": "OffsetInvalidError", "message": …}."""
    kind = str(problem.get("type", "unknown"))[:60]
    text = "Meta did not take the upload. Postline sends the media again."
    return NetworkError(ErrorKind.TRANSIENT, f"upload/{kind}", text, is_definite=True)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
