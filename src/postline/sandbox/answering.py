"""Carrying a call out and sending its answer, whole or as a fault would have it."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from postline.sandbox.calls import Answer, Call, Refusal
from postline.sandbox.context import Sandbox
from postline.sandbox.endpoints import Endpoint, Surface
from postline.sandbox.faults import Action
from postline.sandbox.removals import LEAVE

LOOK_FOR_HANGUP_SECONDS: Final = 0.05
LINGER_NOT: Final = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: closing the socket then resets the connection."""


async def carry_out(action: Action | None, surface: Surface, endpoint: Endpoint, call: Call) -> Answer | None:
    """The answer to a call, under a fault if there is one. None: send nothing."""
    if action is None:
        return await surface.run(endpoint, call)
    if action.delay_ms:
        await asyncio.sleep(action.delay_ms / 1_000)
    _disown(call, action, "before")
    answer = None
    if action.upload_bytes:
        call.body = call.body[: action.upload_bytes]
    if action.carries_out:
        try:
            answer = await surface.run(endpoint, call)
        except Refusal as refusal:
            answer = refusal.answer
    _disown(call, action, "after")
    if action.hold_ms:
        await asyncio.sleep(action.hold_ms / 1_000)
    answer = None if action.upload_bytes else _faulty(action, answer, endpoint.envelope)
    return replace(answer, headers={**answer.headers, **action.headers}) if answer and action.headers else answer


def _disown(call: Call, action: Action, moment: str) -> None:
    """End the call's token, or have the person behind it remove the app, if the fault does so at this moment."""
    token = call.world.tokens.get(call.sent_token())
    if token is None:
        return
    if action.revoke_token == moment:
        call.world.tokens.put(replace(token, ended=token.ended or "revoked"))
    if action.remove_app == moment and token.kind in LEAVE:
        LEAVE[token.kind](call.sandbox, token.person_id)


def _faulty(action: Action, answer: Answer | None, envelope: Callable[[Any], Answer]) -> Answer | None:
    """What goes out instead of (or as) the answer; None: nothing."""
    match action.cut:
        case "garbage":
            return Answer(body="<html><body>Sorry, something went wrong", status=502, content_type="text/html")
        case "garbage_json":
            return Answer(body='{"id": "1')
        case "" | "truncate_after":
            pass
        case _:
            return None
    if action.error:
        return envelope(action.error)
    if action.status:
        return Answer(body=action.body, status=action.status, content_type="text/plain")
    return answer


async def send(
    sandbox: Sandbox, request: web.Request, answer: Answer | None, action: Action | None
) -> web.StreamResponse:
    """Send an answer, or cut the connection instead."""
    if answer is None:
        return await _cut(sandbox, request, action.cut if action else "")
    if action is not None and (action.trickle_ms or action.cut == "truncate_after"):
        return await _in_pieces(request, answer, action)
    return response(answer)


def response(answer: Answer) -> web.Response:
    """The whole answer at once."""
    return web.Response(
        body=_body(answer), status=answer.status, content_type=answer.content_type, headers=answer.headers
    )


def _body(answer: Answer) -> bytes:
    if isinstance(answer.body, bytes):
        return answer.body
    text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return text.encode("utf-8", "replace")  # half a surrogate pair may stand in a caption


async def _in_pieces(request: web.Request, answer: Answer, action: Action) -> web.StreamResponse:
    """Trickle the body, or send half of it and cut."""
    body = _body(answer)
    stream = web.StreamResponse(status=answer.status, headers=dict(answer.headers))
    stream.content_type, stream.content_length = answer.content_type, len(body)
    with suppress(ConnectionError):
        await stream.prepare(request)
        if action.cut:
            await stream.write(body[: len(body) // 2])
            if request.transport is not None:
                request.transport.close()
            return stream
        for start in range(0, len(body), action.trickle_bytes):
            await stream.write(body[start : start + action.trickle_bytes])
            await asyncio.sleep(action.trickle_ms / 1_000)
        await stream.write_eof()
    return stream


async def _cut(sandbox: Sandbox, request: web.Request, cut: str) -> web.Response:
    """Send no answer: close or reset the connection, at once or when the caller gives up."""
    transport = request.transport
    if cut.startswith("hang"):
        while transport is not None and not transport.is_closing() and not sandbox.closing.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(sandbox.closing.wait(), LOOK_FOR_HANGUP_SECONDS)
    if transport is not None:
        if cut.startswith("reset"):
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        transport.abort()
    return web.Response()
