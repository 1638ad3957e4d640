"""The API as a program uses it: signs in like a person, or carries a token."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx

from postline.api.deps import UI_HEADER

Json = dict[str, Any]


class Unexpected(Exception):
    """The API answered otherwise than the story tells."""


class Api:
    """One person or program acting in one account."""

    def __init__(self, base_url: str, account_id: str, *, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {UI_HEADER: "demo"}
        self._http = httpx.Client(base_url=base_url, headers=headers, timeout=60)
        self._account = f"/api/v1/accounts/{account_id}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in(self, email: str, password: str) -> Json:
        return self._answer(self._http.post("/api/v1/session", json={"email": email, "password": password}))

    def get(self, path: str, **query: str) -> Json:
        return self._answer(self._http.get(self._account + path, params=query))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Json:
        headers = {"Idempotency-Key": str(uuid4())}
        return self._answer(self._http.post(self._account + path, json=body or {}, headers=headers))

    def patch(self, path: str, body: Mapping[str, Any]) -> Json:
        return self._answer(self._http.patch(self._account + path, json=body))

    def upload(self, file: Path) -> Json:
        with file.open("rb") as content:
            answer = self._http.post(f"{self._account}/assets", params={"name": file.name}, content=content.read())
        return self._answer(answer)

    def follow(self, url: str) -> httpx.Response:
        """Open a page as this person's browser would, through all redirects."""
        return self._http.get(url, follow_redirects=True)

    @staticmethod
    def _answer(response: httpx.Response) -> Json:
        if response.is_error:
            raise Unexpected(f"{response.request.method} {response.request.url.path}: {_detail(response)}")
        answer: Json = response.json() if response.content else {}
        return answer


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError):
        return f"status {response.status_code}"
