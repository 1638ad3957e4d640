"""Meta's Graph API over HTTP: versioned paths, tokens in headers, proofs, error envelopes, usage headers.

Source, read 2026-09-11: https://developers.facebook.com/docs/graph-api/guides/secure-requests
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.apps import MetaApp, not_configured
from postline.networks.bodies import form_with_file
from postline.networks.http import Answer, Body, HttpClient, unreadable
from postline.networks.meta.errors import codes, error_from
from postline.networks.meta.throttle import Throttle
from postline.networks.meta.usage import read_usage
from postline.networks.meta.version import VersionWatch

MISSING_APP: Final = not_configured("Meta", "POSTLINE_META_APP_ID")


@lru_cache(maxsize=1024)  # a post takes several calls with one token
def appsecret_proof(app_secret: str, access_token: str) -> str:
    """Lower-case hex of HMAC-SHA256 of the token that the call uses."""
    return hmac.digest(app_secret.encode(), access_token.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Graph:
    """The Graph API for one network. Raises NetworkError.

    Networks of one app share a `throttle`. A question that `can_wait` is not asked when a limit is nearly used up.
    """

    http: HttpClient
    app: MetaApp | None
    network: str
    throttle: Throttle = field(default_factory=Throttle)
    versions: VersionWatch = field(default_factory=VersionWatch)

    @property
    def ready_app(self) -> MetaApp:
        if self.app is None:
            raise MISSING_APP
        return self.app

    async def get(
        self,
        endpoint: str,
        path: str,
        token: str,
        params: Mapping[str, str] | None = None,
        *,
        can_wait: bool = False,
    ) -> dict[str, Any]:
        signed = self._sign(token, params or {})
        return await self._call("GET", endpoint, path, token, is_urgent=not can_wait, params=signed)

    async def read(
        self,
        endpoint: str,
        path: str,
        tokens: tuple[str, str],
        params: Mapping[str, str] | None = None,
        *,
        can_wait: bool = False,
    ) -> dict[str, Any]:
        """Like `get`, but with the second token if the object cannot be seen with the first.

        Meta's pages disagree on whose token reads an Instagram container, and publishers see code 100/33 with either.
        """
        first, second = tokens
        try:
            return await self.get(endpoint, path, first, params, can_wait=can_wait)
        except NetworkError as error:
            if codes(error) != (100, 33) or first == second:
                raise
        return await self.get(endpoint, path, second, params, can_wait=can_wait)

    async def post(self, endpoint: str, path: str, token: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return await self._call("POST", endpoint, path, token, json=self._sign(token, fields))

    async def post_file(
        self, endpoint: str, path: str, token: str, fields: Mapping[str, str], name: str, file: Body
    ) -> dict[str, Any]:
        body = form_with_file(self._sign(token, fields), name, file)
        return await self._call("POST", endpoint, path, token, body=body)

    async def delete(self, endpoint: str, path: str, token: str) -> dict[str, Any]:
        return await self._call("DELETE", endpoint, path, token, is_urgent=True, params=self._sign(token, {}))

    async def call_oauth(self, endpoint: str, method: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """The token endpoint, called in the app's own name. What it finds not valid has to start with a new login."""
        url = f"{self.ready_app.graph_url}/{self.ready_app.version}/oauth/access_token"
        params, form = (fields, None) if method == "GET" else (None, fields)
        answer = await self.http.call(method, url, network=self.network, endpoint=endpoint, params=params, form=form)
        try:
            return self._parse(answer, "")
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
        headers = {"offset": str(offset), "file_size": str(offset + file.size_bytes)}
        await self._send_raw("POST", endpoint, url, token, headers, file)

    async def upload_session(
        self, method: str, endpoint: str, session: str, token: str, file: Body | None = None, offset: int = 0
    ) -> dict[str, Any]:
        """Ask how far an upload session has got (GET), or send it a file's rest from `offset` (POST).

        `session` is the id that Meta gave, signature and all, and goes out as it came. Source, read 2026-09-11:
        https://developers.facebook.com/docs/graph-api/guides/upload
        """
        app = self.ready_app
        joint = "&" if "?" in session else "?"
        proof = f"{joint}appsecret_proof={appsecret_proof(app.app_secret, token)}"
        headers = {"file_offset": str(offset)} if file is not None else {}
        url = f"{app.graph_url}/{app.version}/{session}{proof}"
        return await self._send_raw(method, endpoint, url, token, headers, file)

    async def _send_raw(
        self, method: str, endpoint: str, url: str, token: str, headers: Mapping[str, str], file: Body | None
    ) -> dict[str, Any]:
        """The hosts of bytes take the token as "OAuth", and fail in a shape of their own."""
        self.throttle.check(self.network, token, is_urgent=method == "GET")
        sent = {"Authorization": f"OAuth {token}", **headers}
        answer = await self.http.call(method, url, network=self.network, endpoint=endpoint, headers=sent, body=file)
        found = self._parse(answer, token)
        if (problem := found.get("debug_info")) is not None:
            raise _upload_error(problem)
        return found

    def _sign(self, token: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {**fields, "appsecret_proof": appsecret_proof(self.ready_app.app_secret, token)}

    async def _call(
        self, method: str, endpoint: str, path: str, token: str, *, is_urgent: bool = False, **sent: Any
    ) -> dict[str, Any]:
        url = f"{self.ready_app.graph_url}/{self.ready_app.version}/{path}"
        self.throttle.check(self.network, token, is_urgent=is_urgent)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self.http.call(method, url, network=self.network, endpoint=endpoint, headers=headers, **sent)
        self.versions.note(self.ready_app.version, answer.headers)
        return self._parse(answer, token)

    def _parse(self, answer: Answer, token: str) -> dict[str, Any]:
        """The JSON object of an answer to a call with this token. Raises NetworkError for what is none, or an error."""
        told = read_usage(answer.headers)
        self.throttle.note(self.network, token, told)
        found = answer.json()
        if found is None:
            raise unreadable(self.network, answer)
        if isinstance(found.get("error"), dict):
            wait = max((usage.regain_after for usage in told if usage.regain_after), default=None)
            error = error_from(found["error"], answer.retry_after() or wait)
            if error.kind is ErrorKind.RATE_LIMITED:
                self.throttle.note_refusal(self.network, token, codes(error)[0], error.retry_after)
            raise error
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
