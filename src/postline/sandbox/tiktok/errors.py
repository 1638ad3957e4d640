"""TikTok's two envelopes: of the API, and the flat one of OAuth.

Source: https://developers.tiktok.com/doc/tiktok-api-v2-error-handling and
https://developers.tiktok.com/doc/oauth-error-handling, read 2026-11-24.
"""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from postline.sandbox.calls import Answer, Refusal

STATUSES: Final[Mapping[str, int]] = {
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "spam_risk_too_many_posts": 403,
    "spam_risk_user_banned_from_posting": 403,
    "spam_risk_too_many_pending_share": 403,
    "reached_active_user_cap": 403,
    "unaudited_client_can_only_post_to_private_accounts": 403,
    "url_ownership_unverified": 403,
    "privacy_level_option_mismatch": 403,
    "rate_limit_exceeded": 429,
    "internal_error": 500,
}
"""HTTP statuses by code; 400 for every other."""


def log_id() -> str:
    return secrets.token_hex(17).upper()


def success(data: Mapping[str, Any]) -> Answer:
    return _answer({"data": data}, {"code": "ok", "message": ""}, 200)


def api_error(given: Mapping[str, Any]) -> Answer:
    """{"code", "message"?, "status"?} in the API's envelope."""
    code = str(given.get("code", "internal_error"))
    error = {"code": code, "message": given.get("message") or "The sandbox was told to answer so"}
    return _answer({}, error, given.get("status") or STATUSES.get(code, 400))


def _answer(body: Mapping[str, Any], error: Mapping[str, Any], status: int) -> Answer:
    """The log id stands in the body and, as seen on the wire, in a header."""
    known = log_id()
    return Answer(body={**body, "error": {**error, "log_id": known}}, status=status, headers={"x-tt-logid": known})


def oauth_error(given: Mapping[str, Any]) -> Answer:
    """{"code", "message"?, "status"?} in OAuth's flat envelope."""
    body = {
        "error": given.get("code", "server_error"),
        "error_description": given.get("message") or "The sandbox was told to answer so",
        "log_id": log_id(),
    }
    return Answer(body=body, status=given.get("status", 400))


def upload_error(given: Mapping[str, Any]) -> Answer:
    """The upload host answers with a status; its body says little."""
    return Answer(body={"message": given.get("message", "")}, status=given.get("status", 500))


def refuse(code: str, message: str, status: int = 0) -> Refusal:
    return Refusal(api_error({"code": code, "message": message, "status": status}))


def refuse_oauth(code: str, message: str, status: int = 400) -> Refusal:
    return Refusal(oauth_error({"code": code, "message": message, "status": status}))
