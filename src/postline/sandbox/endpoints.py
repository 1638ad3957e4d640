"""An endpoint as data: its stable name (for faults and the journal), where it is, what it takes and who may call it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from postline.sandbox.calls import Answer, Call
from postline.sandbox.params import Param

Handler = Callable[[Call], Awaitable[Answer]]
Envelope = Callable[[Mapping[str, Any]], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """`path` is a template; `{page}`, `{instagram}`, … stand for the id of such a node.

    `phase` tells apart endpoints that share a path: the value of `upload_phase` or, for the node itself, empty.
    `envelope` makes an error in the network's own shape, for faults.
    """

    name: str
    method: str
    path: str
    handler: Handler
    envelope: Envelope
    params: tuple[Param, ...] = ()
    scopes: tuple[str, ...] = ()
    phase: str = ""

    @property
    def network(self) -> str:
        return self.name.partition(".")[0]


class Surface(Protocol):
    """One host's API: finds the endpoint of a call (raising Refusal) and runs it with that host's checks."""

    endpoints: tuple[Endpoint, ...]
    network: str

    def resolve(self, call: Call) -> Endpoint: ...

    async def run(self, endpoint: Endpoint, call: Call) -> Answer: ...
