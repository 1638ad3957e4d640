"""Uploads that go on after a break where they stopped, at the byte that Meta names."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from postline.core.errors import ErrorKind, NetworkError

BREAKS_MAX: Final = 3

T = TypeVar("T")


async def send_rest(offset: int, send: Callable[[int], Awaitable[T]], received: Callable[[], Awaitable[int]]) -> T:
    """Send a file's rest from `offset`, and after a break from the byte that Meta has got to.

    `received` asks how many bytes are in. Raises the NetworkError of the last break when BREAKS_MAX in a row brought
    nothing forward, and at once what is no break.
    """
    breaks = 0
    while True:
        try:
            return await send(offset)
        except NetworkError as error:
            if not is_break(error):
                raise
            reached = await received()
            breaks = 0 if reached > offset else breaks + 1
            if breaks >= BREAKS_MAX:
                raise
            offset = reached


def is_break(error: NetworkError) -> bool:
    """The way broke, or Meta did not take what it got: worth asking how much it has."""
    return error.kind in (ErrorKind.TRANSIENT, ErrorKind.AMBIGUOUS)


def is_refused_upload(error: NetworkError) -> bool:
    """The upload host itself answered that it will not have this."""
    return error.code.startswith("upload/")
