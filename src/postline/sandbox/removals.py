"""A person takes an app's access back, in the network's own pages: tokens die, and the app is told."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import aiohttp

from postline.sandbox.context import Sandbox
from postline.sandbox.meta import webhooks as meta
from postline.sandbox.records import Token
from postline.sandbox.tiktok import webhooks as tiktok
from postline.sandbox.world import Table

KINDS: Final[Mapping[str, tuple[str, ...]]] = {"meta": ("user", "page"), "tiktok": ("access", "refresh")}


class CannotRemove(Exception):
    """There is no such person, or the app does not answer as it must."""


def remove_app(sandbox: Sandbox, network: str, person_id: str) -> int:
    """The person removes the app; gives how many tokens died. Raises CannotRemove."""
    world = sandbox.world
    if network not in KINDS:
        raise CannotRemove(f"provider must be meta or tiktok, not {network!r}")
    people: Table[Any] = world.meta_users if network == "meta" else world.creators
    if people.get(person_id) is None:
        raise CannotRemove(f"there is no user {person_id!r}; there are {', '.join(each.id for each in people)}")
    if network == "meta":
        return leave_meta(sandbox, person_id)
    return leave_tiktok(sandbox, person_id, tiktok.REMOVED_BY_USER)


def leave_meta(sandbox: Sandbox, person_id: str) -> int:
    """End all tokens of a person, and tell webhook and deauthorize callback; gives how many died."""
    tokens = _end_tokens(sandbox, "meta", person_id)
    scopes = sorted({scope for each in tokens for scope in each.scopes})
    page_ids = sorted({page_id for each in tokens for page_id in each.page_ids})
    meta.permissions_revoked(sandbox, person_id, scopes, page_ids)
    meta.access_removed(sandbox, person_id)
    return len(tokens)


def leave_tiktok(sandbox: Sandbox, open_id: str, reason: int) -> int:
    """End all tokens of a creator and what is in process under them, and tell the webhook; gives how many died."""
    world = sandbox.world
    tokens = _end_tokens(sandbox, "tiktok", open_id)
    for publish in world.publishes:
        if publish.open_id == open_id and not publish.failure and not 0 < publish.ready_at <= world.now():
            for post_id in publish.post_ids:
                world.remove_post(post_id)
            failed = replace(publish, failure="auth_removed", ready_at=world.now(), post_ids=())
            tiktok.publish_ended(sandbox, world.publishes.put(failed))
    tiktok.access_removed(sandbox, open_id, reason)
    return len(tokens)


LEAVE: Final[Mapping[str, Callable[[Sandbox, str], int]]] = {
    "user": leave_meta,
    "page": leave_meta,
    "access": lambda sandbox, open_id: leave_tiktok(sandbox, open_id, tiktok.REMOVED_BY_USER),
}
"""How the person behind a kind of token removes the app."""


def _end_tokens(sandbox: Sandbox, network: str, person_id: str) -> list[Token]:
    kinds = KINDS[network]
    tokens = [
        each for each in sandbox.world.tokens if each.kind in kinds and each.person_id == person_id and not each.ended
    ]
    for token in tokens:
        sandbox.world.tokens.put(replace(token, ended="revoked"))
    return tokens


async def delete_data(sandbox: Sandbox, person_id: str) -> dict[str, Any]:
    """The person asks Meta to have the app delete their data; gives what the app answered. Raises CannotRemove."""
    url = sandbox.world.settings.webhooks.meta.data_deletion_url
    if not url:
        raise CannotRemove("set webhooks.meta.data_deletion_url in /sandbox/settings first")
    try:
        form = {"signed_request": meta.signed_request(person_id, sandbox.world.now())}
        status, text = await sandbox.webhooks.post_form(url, form)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise CannotRemove(f"{url} did not answer: {type(error).__name__}") from error
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if status != 200 or not isinstance(answer, dict) or not {"url", "confirmation_code"} <= set(answer):
        raise CannotRemove(f"{url} answered {status} {text[:200]!r}, not 200 with JSON url and confirmation_code")
    return answer
