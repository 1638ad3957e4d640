"""Many calls in one request: each element answers for itself, its body as text.

Source: https://developers.facebook.com/docs/graph-api/batch-requests, read 2026-11-24.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from postline.sandbox.answering import carry_out
from postline.sandbox.calls import Answer, Call, Refusal
from postline.sandbox.endpoints import Surface
from postline.sandbox.meta.errors import refuse

BATCH_MAX: Final = 50
VERSION: Final = re.compile(r"v\d+\.\d+/")


async def run_batch(graph: Surface, call: Call) -> Answer:
    """Run each element as a call of its own, under the faults for its endpoint. One that gets no answer is null."""
    items = call.params["batch"]
    if not all(isinstance(item, dict) for item in items):
        raise refuse(100, "(#100) Param batch must be an array of objects")
    if len(items) > BATCH_MAX:
        message = f"Too many requests in batch message. Maximum batch size is {BATCH_MAX}"
        raise refuse(100, message, type="GraphBatchException")
    return Answer(body=[await _run_item(graph, call, item) for item in items])


async def _run_item(graph: Surface, call: Call, item: Mapping[str, Any]) -> dict[str, Any] | None:
    path, _, query = str(item.get("relative_url", "")).partition("?")
    given: dict[str, Any] = dict(parse_qsl(query, keep_blank_values=True))
    given |= dict(parse_qsl(str(item.get("body", "")), keep_blank_values=True))
    given.setdefault("access_token", item.get("access_token") or call.sent_token())
    if "appsecret_proof" in call.given and given["access_token"] == call.sent_token():
        given.setdefault("appsecret_proof", call.given["appsecret_proof"])
    path = path.lstrip("/")
    inner = Call(
        sandbox=call.sandbox,
        method=str(item.get("method", "GET")).upper(),
        path=f"/{path}" if VERSION.match(path) else f"/{call.version}/{path}",
        given=given,
        query={},
        headers={},
    )
    answer: Answer | None
    try:
        endpoint = graph.resolve(inner)
        rule = call.sandbox.faults.pick(endpoint.name)
        answer = await carry_out(rule.action if rule else None, graph, endpoint, inner)
    except Refusal as refusal:
        answer = refusal.answer
    if answer is None:
        return None
    headers = {"Content-Type": answer.content_type, **answer.headers}
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return {
        "code": answer.status,
        "headers": [{"name": name, "value": value} for name, value in headers.items()],
        "body": body,
    }
