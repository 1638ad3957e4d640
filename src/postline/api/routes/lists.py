"""The form of every list."""

from typing import Generic, TypeVar

from pydantic import BaseModel

from postline.db.paging import Page

T = TypeVar("T")


class ListOut(BaseModel, Generic[T]):
    """`next_cursor` null: this was the last page."""

    items: list[T]
    next_cursor: str | None = None


def listed(page: Page[T]) -> ListOut[T]:
    return ListOut(items=list(page.items), next_cursor=page.next_cursor)
