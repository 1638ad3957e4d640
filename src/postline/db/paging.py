"""Pages by cursor: stable while rows come and go, at the same cost on page one and page one thousand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from postline.refusals import invalid

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: Sequence[T]
    next_cursor: str | None

    def map(self, function: Callable[[T], U]) -> "Page[U]":
        return Page([function(item) for item in self.items], self.next_cursor)


async def page_by_id(
    session: AsyncSession,
    query: Select[T],
    id_column: InstrumentedAttribute[UUID],
    *,
    cursor: str | None,
    limit: int,
    newest_first: bool = True,
) -> Page[T]:
    """Rows in the order of their time-ordered ids. Raises Refusal for a cursor that is not ours."""
    if cursor is not None:
        last = _read_cursor(cursor)
        query = query.where(id_column < last if newest_first else id_column > last)
    query = query.order_by(id_column.desc() if newest_first else id_column).limit(limit + 1)
    rows: list[Any] = list(await session.scalars(query))
    more = len(rows) > limit
    return Page(rows[:limit], str(rows[limit - 1].id) if more else None)


def _read_cursor(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise invalid("cursor-unknown", "This cursor is not one that a list gave out. Start without one.") from None
