"""Takes secrets out of text that may be shown or logged. The last line of defence: they should not be in it at all."""

import re
from typing import Final

HIDDEN: Final = "[hidden]"
SECRET_NAMES: Final = (
    "access_token",
    "refresh_token",
    "client_secret",
    "appsecret_proof",
    "fb_exchange_token",
    "input_token",
    "code_verifier",
    "upload_token",
    "upload_id",
    "code",
)
_NAMED: Final = re.compile(rf"""(?i)\b({"|".join(SECRET_NAMES)})(["']?\s*[=:]\s*["']?)([^\s&"',}}]+)""")
_AUTHORIZATION: Final = re.compile(
    r"(?i)\b(authorization[\"']?\s*[:=]\s*[\"']?)?(bearer|oauth)\s+[A-Za-z0-9._~+/|=!*-]{6,}"
)
_TOKEN: Final = re.compile(r"\b(EAA[A-Za-z0-9_-]{6,}|(?:act|rft|clt)\.[A-Za-z0-9!*._~-]{6,})")
_QUERY: Final = re.compile(r"(https?://[^\s?\"'<>]+)\?[^\s\"'<>]+")


def redact(text: str) -> str:
    """The text without tokens, secrets and the query strings of URLs (an upload URL is a key in itself)."""
    text = _QUERY.sub(rf"\1?{HIDDEN}", text)
    text = _AUTHORIZATION.sub(HIDDEN, text)
    text = _NAMED.sub(_hide_named, text)
    return _TOKEN.sub(HIDDEN, text)


def _hide_named(found: re.Match[str]) -> str:
    # An error's own number ("code: 100") is no secret; an authorization code is never that short.
    name, joint, value = found.groups()
    return found.group(0) if name.lower() == "code" and value.rstrip(".").isdigit() else f"{name}{joint}{HIDDEN}"
