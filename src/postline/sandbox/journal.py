"""What was asked and answered: a bounded journal in memory, with tokens and secrets taken out."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from postline.sandbox.calls import UploadedFile

ENTRIES_KEPT: Final = 50_000
SECRETS: Final = frozenset(
    [
        "access_token",
        "client_secret",
        "code_verifier",
        "refresh_token",
        "fb_exchange_token",
        "input_token",
        "appsecret_proof",
        "token",
        "upload_token",
        "upload_id",
        "upload_url",
        "upload_session_id",
    ]
)
HIDDEN: Final = "[hidden]"
TEXT_KEPT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`seq` grows by one a request; `at` is in Unix seconds; `fault` is empty if none was applied."""

    seq: int
    at: float
    network: str
    endpoint: str
    method: str
    path: str
    params: Any
    status: int
    answer: Any
    fault: str


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=ENTRIES_KEPT)
        self._seq = 0

    def add(
        self,
        *,
        at: float,
        endpoint: str,
        method: str,
        path: str,
        params: Mapping[str, Any],
        status: int,
        answer: Any,
        fault: str = "",
    ) -> None:
        """`status` 0: no answer was sent."""
        self._seq += 1
        self._entries.append(
            Entry(
                seq=self._seq,
                at=at,
                network=endpoint.partition(".")[0],
                endpoint=endpoint,
                method=method,
                path=path,
                params=redacted(params, SECRETS | {"code"}),
                status=status,
                answer=redacted(answer),
                fault=fault,
            )
        )

    def since(self, seq: int = 0, limit: int = ENTRIES_KEPT) -> list[dict[str, Any]]:
        """Entries after `seq`, the oldest first."""
        newest = self._seq - seq
        if newest <= 0:
            return []
        entries = list(self._entries)[-newest:]
        return [asdict(entry) for entry in entries[:limit]]

    @property
    def last(self) -> int:
        return self._seq

    def clear(self) -> None:
        self._entries.clear()


def redacted(value: Any, secrets: frozenset[str] = SECRETS) -> Any:
    """A copy without secrets, long texts and bytes."""
    match value:
        case Mapping():
            return {key: HIDDEN if key in secrets else redacted(item, secrets) for key, item in value.items()}
        case list() | tuple():
            return [redacted(item, secrets) for item in value]
        case str() if len(value) > TEXT_KEPT:
            return f"{value[:TEXT_KEPT]}… ({len(value)} characters)"
        case UploadedFile():
            return f"{value.name} ({len(value.data)} bytes)"
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return value
