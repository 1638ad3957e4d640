"""Uploads that break: where they go on, and when they give up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.networks.meta.resumable import BREAKS_MAX, send_rest

pytestmark = pytest.mark.anyio

LOST = NetworkError(ErrorKind.AMBIGUOUS, "no_answer", "Nothing came back.")
REFUSED = NetworkError(ErrorKind.CONTENT_REJECTED, "100", "This is not wanted.", is_definite=True)


@dataclass
class Host:
    """Takes as many bytes as it is told to before each break; then everything."""

    takes: Sequence[int]
    error: NetworkError = LOST
    has: int = 0
    offsets: list[int] = field(default_factory=list)

    async def send(self, offset: int) -> str:
        self.offsets.append(offset)
        if len(self.offsets) > len(self.takes):
            return "handle"
        self.has += self.takes[len(self.offsets) - 1]
        raise self.error

    async def received(self) -> int:
        return self.has


GOES_ON = {
    "no break": ([], [0]),
    "a break in the middle": ([40], [0, 40]),
    "many breaks that all bring something": ([10] * 8, [0, 10, 20, 30, 40, 50, 60, 70, 80]),
    "some breaks that bring nothing": ([0, 0, 5, 0, 0], [0, 0, 0, 5, 5, 5]),
}


@pytest.mark.parametrize(("takes", "offsets"), GOES_ON.values(), ids=GOES_ON)
async def test_it_goes_on_from_the_byte_that_the_host_names(takes: list[int], offsets: list[int]) -> None:
    host = Host(takes)
    assert await send_rest(0, host.send, host.received) == "handle"
    assert host.offsets == offsets


async def test_it_gives_up_when_nothing_moves() -> None:
    host = Host([5, *[0] * BREAKS_MAX])
    with pytest.raises(NetworkError) as caught:
        await send_rest(0, host.send, host.received)
    assert caught.value is LOST
    assert len(host.offsets) == 1 + BREAKS_MAX


async def test_a_refusal_is_no_break() -> None:
    host = Host([0], REFUSED)
    with pytest.raises(NetworkError) as caught:
        await send_rest(0, host.send, host.received)
    assert caught.value is REFUSED
    assert host.offsets == [0]
