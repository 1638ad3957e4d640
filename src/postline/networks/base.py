"""The contract between the delivery engine and a network. The engine knows nothing else about any network."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from postline.core.capabilities import Capabilities
from postline.core.content import PublishOrder
from postline.core.ids import AssetId
from postline.core.outcomes import CannotTell, Done, Effect, Found, NotFound, Receipt, Restart, Waiting
from postline.core.preflight import Problem
from postline.core.words import Format, Metric, NetworkKey, ProviderKey
from postline.networks.signals import Signal


class Checkpoint(BaseModel):
    """What a plan has achieved so far: the network's own ids, typed per network, stored after each step."""

    model_config = ConfigDict(frozen=True, extra="forbid")


C = TypeVar("C", bound=Checkpoint)


class MediaSource(Protocol):
    """The bytes of assets, as the publisher may use them."""

    def read(self, asset_id: AssetId, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to and without `end`, in pieces of bounded size."""
        ...

    def public_url(self, asset_id: AssetId) -> str:
        """A signed URL of ours that serves the bytes to anybody until it expires (hours)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The profile that is published to, with the tokens for it. Tokens stay inside `networks`.

    `access_token` belongs to the profile (a Page token, a TikTok user token); `user_token` to the person who connected.
    """

    remote_id: str
    access_token: str
    user_token: str

    def __repr__(self) -> str:
        return f"Target(remote_id={self.remote_id!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Everything around an order that a step or a look-up may use.

    `since`: when the first call of this delivery was made. `commit_began_at`: when the intent of the latest call that
    may have made it visible was stored, by the database's clock; None before the first. In a commit itself it still
    tells of the one before. `is_resumed`: this step was begun by a worker that stopped before its result was stored.
    """

    target: Target
    media: MediaSource
    now: datetime
    since: datetime
    commit_began_at: datetime | None = None
    is_resumed: bool = False


@dataclass(frozen=True, slots=True)
class Step(Generic[C]):
    """One named step of a plan. `effect` tells the engine what repeating it would do.

    `run` raises NetworkError when the network (or the way to it) fails. `safety`: of the step that publishes, what
    keeps a lost answer from becoming a second post, as a sentence for docs/networks.md.
    """

    name: str
    effect: Effect
    run: Callable[[Call, PublishOrder, C], Awaitable[Done[C] | Waiting[C] | Restart[C] | Receipt]]
    safety: str = ""


class Network(Protocol[C]):
    """A place to publish. Implementations keep no state of their own besides settings and the HTTP client."""

    key: NetworkKey
    capabilities: Capabilities
    checkpoint: type[C]
    options: type[BaseModel]

    def plan(self, order: PublishOrder) -> Sequence[Step[C]]:
        """The steps that publish this order; exactly one has Effect.ONCE and the last one gives a Receipt."""
        ...

    async def find(self, call: Call, order: PublishOrder, checkpoint: C) -> Found[C] | NotFound[C] | CannotTell:
        """Did the commit of this order happen? Asked when its answer was lost. Raises NetworkError."""
        ...

    def check(self, order: PublishOrder) -> list[Problem]:
        """Problems beyond the capabilities table: the network's own options and their combinations."""
        ...

    async def publishing_options(self, target: Target) -> Mapping[str, Any]:
        """What this profile may choose right now, for the composer. Raises NetworkError."""
        ...

    async def metrics(self, target: Target, receipt: Receipt, format: Format) -> Mapping[Metric, int | None]:
        """The post's numbers now. None: the network does not report it. Raises NetworkError."""
        ...


AnyNetwork = Network[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an OAuth exchange or refresh gave. Expiries are instants; None means that the provider told none."""

    subject_id: str
    access_token: str
    refresh_token: str | None
    scopes: frozenset[str]
    expires_at: datetime | None
    refresh_expires_at: datetime | None
    subject_name: str = ""

    def __repr__(self) -> str:
        return f"Grant(subject_id={self.subject_id!r})"


@dataclass(frozen=True, slots=True)
class EndedHere:
    """A grant that lives but gives nothing more on the network that refused it, until the person renews it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteProfile:
    """A profile that a grant gives access to. `access_token` None: the grant's own token is used."""

    network: NetworkKey
    remote_id: str
    name: str
    handle: str | None
    avatar_url: str | None
    access_token: str | None

    def __repr__(self) -> str:
        return f"RemoteProfile({self.network}, {self.remote_id!r}, {self.name!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """A consent page to send a person to, and the PKCE verifier to keep for the exchange (None: not used)."""

    url: str
    code_verifier: str | None


class Provider(Protocol):
    """Who grants access: OAuth, and the profiles that a grant gives. Every method raises NetworkError."""

    key: ProviderKey
    name: str
    scopes: frozenset[str]
    refresh_ahead: timedelta

    def authorize(self, state: str, redirect_uri: str) -> Authorization: ...

    async def exchange(self, code: str, redirect_uri: str, code_verifier: str | None, now: datetime) -> Grant: ...

    async def refresh(self, grant: Grant, now: datetime) -> Grant: ...

    async def profiles(self, grant: Grant) -> Sequence[RemoteProfile]: ...

    async def revive(self, grant: Grant, token: str, network: NetworkKey, now: datetime) -> Grant | EndedHere | None:
        """`network` refused `token` as dead: the grant to go on with, or None when the provider proves it dead.

        The same grant comes back when the provider says that it is alive. Raises NetworkError when it cannot tell.
        """
        ...

    async def subscribe(self, profile: RemoteProfile) -> None:
        """Have the provider tell by webhook what becomes of the profile's posts, where that must be asked for."""
        ...

    async def revoke(self, grant: Grant) -> None: ...

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """What to answer a provider that checks our webhook's address; None when it is not the provider who asks."""
        ...

    def is_genuine(self, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
        """Whether a webhook's signature over the raw body is the provider's, and not from another day."""
        ...

    def signals(self, body: bytes) -> Sequence[Signal]:
        """What a genuine webhook tells that matters here; nothing for what is of no use or cannot be read."""
        ...

    def signed_subject(self, signed_request: str) -> str | None:
        """Whom a signed callback (deauthorisation, data deletion) is about; None when the signature is not valid."""
        ...
