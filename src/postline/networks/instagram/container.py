"""A container: media that Instagram has taken in and not yet shown.

Source: https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/ig-container,
read 2026-09-11.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from postline.core.errors import NetworkError
from postline.networks.base import Call
from postline.networks.meta.errors import as_number, error_for
from postline.networks.meta.graph import Graph

FIELDS: Final = "status_code,status"
UPLOAD_FIELDS: Final = "status_code,status,video_status"
_SUBCODE: Final = (re.compile(r"error code (\d+)"), re.compile(r"\b(2207\d{3})\b"))


class ContainerState(StrEnum):
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"  # 24 hours without being published


@dataclass(frozen=True, slots=True)
class Container:
    """`failure`: why it is in ERROR. For UPLOAD_FIELDS also how many bytes of its video are in, and whether all are."""

    state: ContainerState
    is_uploaded: bool
    bytes_transferred: int
    failure: NetworkError | None


async def read_container(graph: Graph, call: Call, container_id: str, fields: str = FIELDS) -> Container:
    tokens = (call.target.access_token, call.target.user_token)
    return parse_container(await graph.read("container.status", container_id, tokens, {"fields": fields}))


def parse_container(node: Mapping[str, Any]) -> Container:
    """An unknown state counts as still in progress."""
    code = str(node.get("status_code", ""))
    state = ContainerState(code) if code in set(ContainerState) else ContainerState.IN_PROGRESS
    uploading = (node.get("video_status") or {}).get("uploading_phase") or {}
    return Container(
        state=state,
        is_uploaded=state in (ContainerState.FINISHED, ContainerState.PUBLISHED)
        or uploading.get("status") in ("complete", "completed"),
        bytes_transferred=as_number(uploading.get("bytes_transferred")) or 0,
        failure=_failure(str(node.get("status", ""))) if state is ContainerState.ERROR else None,
    )


def _failure(status: str) -> NetworkError:
    """The subcode stands only in a sentence: "Error: Media upload has failed with error code 2207082"."""
    found = next((match for pattern in _SUBCODE if (match := pattern.search(status))), None)
    return error_for(None, int(found.group(1)) if found else None, "Instagram could not process the media")
