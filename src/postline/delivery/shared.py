"""What many need at once is asked once, and few such questions are asked at a time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")


class Shared:
    """Calls by key: whoever comes while one is under way waits for its outcome, result or error.

    `at_once`: how many may be under way; the others wait.
    """

    def __init__(self, at_once: int) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}
        self._places = asyncio.Semaphore(at_once)

    async def call(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """It goes on when whoever began it is cancelled, and in a context of its own, as it is nobody's alone."""
        task: asyncio.Task[T] | None = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._in_turn(make), context=Context())
            task.add_done_callback(lambda _: self._running.pop(key))
        return await asyncio.shield(task)

    async def _in_turn(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async with self._places:
            return await make()
