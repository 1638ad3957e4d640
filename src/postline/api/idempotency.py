"""A creating request may be repeated with the same key: it gets the first one's answer and creates nothing more."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from postline.api.deps import Unit
from postline.db.idempotency import IdempotencyKey
from postline.refusals import conflict

T = TypeVar("T", bound=BaseModel)

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="Any string of yours, new for each thing to create, the same when repeating the request.",
    ),
]


async def once(
    unit: Unit, key: str | None, what: str, request: BaseModel | str, model: type[T], create: Callable[[], Awaitable[T]]
) -> T:
    """Run `create` at most once per account and key. The answer is stored in the transaction of the creation itself.

    A second request that arrives while the first still runs waits for it. Raises Refusal when a key comes back with
    another request.
    """
    if key is None:
        return await create()
    body = request if isinstance(request, str) else request.model_dump_json()
    request_hash = hashlib.sha256(f"{unit.actor.id}\n{what}\n{body}".encode()).hexdigest()
    own = {"account_id": unit.actor.account_id, "key": key}
    claimed = await unit.session.scalar(
        insert(IdempotencyKey)
        .values(**own, request_hash=request_hash)
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed is None:
        return model.model_validate(await _first_answer(unit, own, request_hash))
    answer = await create()
    await unit.session.execute(update(IdempotencyKey).filter_by(**own).values(answer=answer.model_dump(mode="json")))
    return answer


async def _first_answer(unit: Unit, own: dict[str, Any], request_hash: str) -> dict[str, Any]:
    known = await unit.session.scalar(select(IdempotencyKey).filter_by(**own))
    if known is None or known.answer is None or known.request_hash != request_hash:
        text = "This Idempotency-Key was used for another request. Use a new one for each thing you create."
        raise conflict("idempotency-key-reused", text)
    return known.answer
