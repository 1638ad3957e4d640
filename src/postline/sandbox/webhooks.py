"""Webhooks: what happened is told to the app's addresses, signed, again when refused, and never on a call's way.

Nothing is kept while no address is set (settings.py). An event is planned for a moment of the world's clock and made
only then, from what is true by then; waits between attempts are real time. What was planned is forgotten on a restart.

Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.tiktok.com/doc/webhooks-verification, read 2026-11-24.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import secrets
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass
from heapq import heappop, heappush
from typing import Any, Final

import aiohttp

from postline.sandbox.settings import META_APP_SECRET, TIKTOK_CLIENT_SECRET, MetaWebhooks
from postline.sandbox.world import World

LOOK_SECONDS: Final = 0.02
ANSWER_SECONDS: Final = 10
PLANNED_MAX: Final = 100_000
SENDING_MAX: Final = 1_000
TOLD_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One event on its way to an address. `body` is signed as its network does, or, without one, signed itself."""

    event: str
    url: str
    body: bytes
    network: str = ""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How sending a copy ended. `status` 0: nobody answered."""

    network: str
    event: str
    url: str
    attempts: int
    status: int


Make = Callable[[], Parcel | None]


class CannotVerify(Exception):
    """The callback address did not prove that it knows the verify token."""


class Webhooks:
    def __init__(self, world: World) -> None:
        self._world = world
        self._planned: list[tuple[float, int, Make]] = []
        self._order = itertools.count()
        self._clerk: asyncio.Task[None] | None = None
        self._senders: set[asyncio.Task[None]] = set()
        self._verified: MetaWebhooks | None = None
        self._verifying = asyncio.Lock()
        self._chance = random.Random(0)
        self._session: aiohttp.ClientSession | None = None
        self.told: deque[Told] = deque(maxlen=TOLD_KEPT)
        self.dropped = 0
        """Events given up because too many were waiting."""

    def plan(self, at: float, make: Make) -> None:
        """Have an event made and sent once the world's clock has reached `at`. `make` gives None if it no longer is."""
        if len(self._planned) >= PLANNED_MAX:
            self.dropped += 1
            return
        heappush(self._planned, (at, next(self._order), make))
        if self._clerk is None or self._clerk.done():
            self._clerk = asyncio.get_running_loop().create_task(self._send_what_is_due())

    async def _send_what_is_due(self) -> None:
        while self._planned:
            wait = self._planned[0][0] - self._world.now()
            if wait > 0 or len(self._senders) >= SENDING_MAX:
                await asyncio.sleep(min(max(wait, 0), LOOK_SECONDS) or LOOK_SECONDS)
                continue
            _, _, make = heappop(self._planned)
            if parcel := make():
                for _ in range(self._world.settings.webhook_copies):
                    self._start(self._send(parcel))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._senders.add(task)
        task.add_done_callback(self._senders.discard)

    async def _send(self, parcel: Parcel) -> None:
        """Until it is answered with 200, or attempts run out."""
        settings = self._world.settings
        wait_ms = settings.webhook_delay_ms + self._chance.uniform(0, settings.webhook_spread_ms)
        if wait_ms:
            await asyncio.sleep(wait_ms / 1_000)
        status = attempt = 0
        for attempt in range(1, settings.webhook_attempts + 1):
            if attempt > 1:
                await asyncio.sleep(settings.webhook_retry_ms / 1_000 * 2 ** (attempt - 2))
            status = await self._post(parcel)
            if status == 200:
                break
        told = Told(network=parcel.network, event=parcel.event, url=parcel.url, attempts=attempt, status=status)
        self.told.append(told)

    async def _post(self, parcel: Parcel) -> int:
        try:
            if parcel.network == "meta":
                await self.verify(self._world.settings.webhooks.meta)
            headers = {"Content-Type": parcel.content_type} | self._signature(parcel)
            async with self._http().post(
                parcel.url, data=parcel.body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError, CannotVerify):
            return 0

    def _signature(self, parcel: Parcel) -> dict[str, str]:
        wrong = self._world.settings.webhook_wrong_signature
        match parcel.network:
            case "meta":
                return {"X-Hub-Signature-256": f"sha256={_hmac('wrong' if wrong else META_APP_SECRET, parcel.body)}"}
            case "tiktok":
                at = str(int(self._world.now()))
                signed = _hmac("wrong" if wrong else TIKTOK_CLIENT_SECRET, f"{at}.".encode() + parcel.body)
                return {"TikTok-Signature": f"t={at},s={signed}"}
            case _:
                return {}

    async def verify(self, addresses: MetaWebhooks) -> None:
        """Meta's handshake with a callback address, once for each change of it. Raises CannotVerify."""
        async with self._verifying:
            if addresses != self._verified and addresses.callback_url:
                await self._challenge(addresses)
                self._verified = addresses

    async def _challenge(self, addresses: MetaWebhooks) -> None:
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": addresses.verify_token}
        try:
            async with self._http().get(addresses.callback_url, params=query, allow_redirects=False) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise CannotVerify(f"{addresses.callback_url} did not answer: {type(error).__name__}") from error
        if answer.status != 200 or text.strip() != challenge:
            raise CannotVerify(
                f"{addresses.callback_url} answered {answer.status} and not the challenge; "
                "it must answer 200 with the value of hub.challenge when hub.verify_token is right"
            )

    async def post_form(self, url: str, form: Mapping[str, str]) -> tuple[int, str]:
        """Post a form to one of the app's addresses, once; gives status and body. Raises aiohttp.ClientError."""
        async with self._http().post(url, data=form, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        return self._session

    def describe(self) -> dict[str, Any]:
        """What was sent of late, and how much waits."""
        return {
            "told": [asdict(each) for each in self.told],
            "planned": len(self._planned),
            "sending": len(self._senders),
            "dropped": self.dropped,
        }

    async def settle(self) -> None:
        """Wait until all that is due has been sent, or given up; what is planned for later stays."""
        while self._senders or (self._planned and self._planned[0][0] <= self._world.now()):
            await asyncio.sleep(0)
            await asyncio.gather(*self._senders, return_exceptions=True)

    async def stop(self) -> None:
        """Forget what was planned and give up what is on its way."""
        self._planned.clear()
        tasks = [*self._senders, *([self._clerk] if self._clerk else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.told.clear()

    async def close(self) -> None:
        await self.stop()
        if self._session is not None:
            await self._session.close()


def to_json(value: Any) -> bytes:
    """As both networks write it: without spaces, everything beyond ASCII escaped."""
    return json.dumps(value, separators=(",", ":")).encode()


def _hmac(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
