"""Meta's error envelopes and the errors that several endpoints share.

Source: https://developers.facebook.com/docs/graph-api/guides/error-handling and
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes, read 2026-11-24.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from postline.sandbox.calls import Answer, Refusal

TRANSIENT_CODES = frozenset({1, 2, 4, 17, 32, 341, 613, 80001, 80002})


def graph_error(given: Mapping[str, Any]) -> Answer:
    """{"code", "subcode"?, "message"?, "type"?, "status"?, "is_transient"?, "headers"?, …} in Graph API's envelope."""
    code = given.get("code", 1)
    error: dict[str, Any] = {
        "message": given.get("message") or f"(#{code}) The sandbox was told to answer so",
        "type": given.get("type", "OAuthException"),
        "code": code,
        "is_transient": given.get("is_transient", code in TRANSIENT_CODES),
        "fbtrace_id": f"A{secrets.token_urlsafe(16)}",
    }
    if subcode := given.get("subcode"):
        error["error_subcode"] = subcode
    for extra in ("error_user_title", "error_user_msg", "error_data"):
        if extra in given:
            error[extra] = given[extra]
    return Answer(body={"error": error}, status=given.get("status", 400), headers=given.get("headers", {}))


def rupload_error(given: Mapping[str, Any]) -> Answer:
    """The upload hosts' own envelope: {"type"?, "message"?, "retriable"?, "status"?}."""
    debug = {
        "retriable": given.get("retriable", False),
        "type": given.get("type", "ProcessingFailedError"),
        "message": given.get("message", "The sandbox was told to answer so"),
    }
    return Answer(body={"debug_info": debug}, status=given.get("status", 400))


def refuse(code: int, message: str, subcode: int = 0, **more: Any) -> Refusal:
    return Refusal(graph_error({"code": code, "subcode": subcode, "message": message, **more}))


def refuse_upload(kind: str, message: str, **more: Any) -> Refusal:
    return Refusal(rupload_error({"type": kind, "message": message, **more}))


def unauthorized_upload() -> Refusal:
    inner = {"success": False, "error": {"message": "unauthorized user request"}}
    return refuse_upload("ProcessingFailedError", json.dumps(inner))


def missing_object(object_id: str, verb: str = "get") -> Refusal:
    return refuse(
        100,
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation",
        33,
        type="GraphMethodException",
    )
