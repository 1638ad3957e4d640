"""Where a consent may send a person back to."""

from urllib.parse import urlencode, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "testserver"})


def is_loopback(url: str) -> bool:
    """The sandbox registers every address on this machine as a redirect URI, and no other."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and not parts.fragment


def with_query(url: str, **values: str) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(values)}"
