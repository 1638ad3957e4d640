"""Reading TikTok's answers: the API's envelope, and the flat answers of OAuth."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.http import Answer, unreadable
from postline.networks.redaction import redact
from postline.networks.rules import Rule
from postline.networks.tiktok.errors import API_RULES, INVALID, OAUTH_RULES


def read_envelope(answer: Answer) -> dict[str, Any]:
    """`data` of a successful answer. The body decides, not the status: TikTok sends errors with HTTP 200 too."""
    found = answer.json()
    error = (found or {}).get("error")
    if found is None or not isinstance(error, Mapping) or "code" not in error:
        raise _without_code(answer)
    code = str(error["code"])
    if code != "ok":
        raise _error(API_RULES, code, str(error.get("message", "")), answer)
    return dict(found.get("data") or {})


def read_grant(answer: Answer) -> dict[str, Any]:
    """A token answer, which is flat. An empty body, as revoking gives, is an empty object."""
    found = answer.json() if answer.body.strip() else {}
    if found is None or (not answer.is_ok and "error" not in found):
        raise _without_code(answer)
    if isinstance(code := found.get("error"), str) and code and code != "ok":
        raise _error(OAUTH_RULES, code, str(found.get("error_description", "")), answer)
    return found


def _error(rules: Mapping[str, Rule], code: str, text: str, answer: Answer) -> NetworkError:
    rule = rules.get(code)
    if rule is None:
        message = f"TikTok refused this: {redact(text)[:200].rstrip('.') or 'it gave no reason'}."
        kind = ErrorKind.TRANSIENT if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ErrorKind.CONTENT_REJECTED
        return NetworkError(kind, redact(code)[:80], message)
    wait = (answer.retry_after() or rule.retry_after) if rule.kind is ErrorKind.RATE_LIMITED else None
    return NetworkError(rule.kind, code, rule.message, wait, rule.is_definite)


def _without_code(answer: Answer) -> NetworkError:
    if answer.status == HTTPStatus.UNAUTHORIZED:
        rule = API_RULES["access_token_invalid"]
        return NetworkError(rule.kind, "http_401", rule.message, is_definite=True)
    if answer.is_refusal:
        return NetworkError(INVALID.kind, f"http_{answer.status}", INVALID.message)
    return unreadable("TikTok", answer)
