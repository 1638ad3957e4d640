"""The story: an account goes from nothing to published and measured. Every state told is read from the API."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import httpx

from postline.core.words import NetworkKey, ProviderKey
from postline.demo.client import Api, Json, Unexpected
from postline.demo.media import DemoMedia
from postline.demo.people import ACCOUNT_ID, EDO, MIA, PASSWORD
from postline.demo.plan import CREATIVE, DUE_NOW, LATER, PlannedPost
from postline.demo.stack import Ports
from postline.demo.telling import Telling

LIVE_WITHIN: Final = timedelta(seconds=120)
NUMBERS_WITHIN: Final = timedelta(seconds=60)
LOOK_EVERY_S: Final = 0.3
SETTLED: Final = frozenset({"published", "failed", "blocked", "cancelled"})
CONSENT: Final = "sandbox_auto=1"  # the sandbox's shorthand for clicking through its consent page


@dataclass
class Story:
    """What the people of the story do, in order. `tell` shows it."""

    ports: Ports
    media: DemoMedia
    tell: Telling
    mia: Api = field(init=False)
    edo: Api = field(init=False)
    profiles: dict[NetworkKey, Json] = field(default_factory=dict)
    assets: dict[str, Json] = field(default_factory=dict)

    def play(self) -> None:
        """Raises Unexpected, or an HTTP error, when a step does not go as told."""
        url, account = self.ports.api_url, str(ACCOUNT_ID)
        with Api(url, account) as self.mia, Api(url, account) as self.edo:
            self._sign_in()
            self._switch_on()
            for provider in ProviderKey:
                self._connect(provider)
            self._bind()
            self._upload()
            due_now = [self._schedule_soon(each) for each in DUE_NOW]
            due_now.append(self._creative())
            self._plan_week()
            self._watch(due_now)
            self._compare_with_networks(due_now)
            self._report(due_now)

    def _sign_in(self) -> None:
        self.tell.chapter("The people")
        for api, person in ((self.mia, MIA), (self.edo, EDO)):
            session = api.sign_in(person.email, PASSWORD)
            role = session["memberships"][0]["role"]
            self.tell.done(f"{session['user']['name']} signs in", f"{role} of {self._account_name(session)}")

    def _switch_on(self) -> None:
        was_on = self.mia.get("")["is_enabled"]
        account = self.mia.patch("", {"is_enabled": True})
        _expect(account["is_enabled"], "the module is on")
        told = "it was on already" if was_on else "it was off: the module is opt-in"
        self.tell.done("Mia switches social publishing on", told)

    def _connect(self, provider: ProviderKey) -> None:
        self.tell.chapter("Connections and profiles", once=True)
        known = [each for each in self._all(self.mia, "/connections") if each["provider"] == provider]
        connection = known[0] if known else self._consent(provider)
        _expect(connection["status"] == "active", f"the connection to {provider} is active")
        name, subject = connection["provider_name"], connection["subject_name"]
        told = "kept from the last run" if known else "consent page opened, code exchanged, token encrypted"
        self.tell.done(f"{name} is connected as {subject}", told)

    def _consent(self, provider: ProviderKey) -> Json:
        url = self.mia.post("/connections", {"provider": provider})["authorize_url"]
        page = self.mia.follow(f"{url}&{CONSENT}")
        connected = page.url.params.get("connected")
        if connected is None:
            raise Unexpected(f"connecting {provider}: {page.url.params.get('error') or page.status_code}")
        return next(each for each in self._all(self.mia, "/connections") if each["id"] == connected)

    def _bind(self) -> None:
        for connection in self._all(self.mia, "/connections"):
            for remote in self.mia.get(f"/connections/{connection['id']}/profiles")["items"]:
                network = NetworkKey(remote["network"])
                if network in self.profiles:
                    continue
                body = {name: remote[name] for name in ("network", "remote_id")} | {"connection_id": connection["id"]}
                self.profiles[network] = (
                    self.mia.get(f"/profiles/{remote['profile_id']}")
                    if remote["profile_id"]
                    else self.mia.post("/profiles", body)
                )
                profile = self.profiles[network]
                self.tell.done(f"Bound {profile['name']}", f"{network}, can carry {', '.join(profile['formats'])}")
        _expect(set(self.profiles) == set(NetworkKey), "a profile of each network is bound")

    def _upload(self) -> None:
        self.tell.chapter("A week of posts")
        for name, file in _files(self.media):
            self.assets[name] = self.edo.upload(file)
        images = sum(asset["kind"] == "image" for asset in self.assets.values())
        megabytes = sum(asset["size_bytes"] for asset in self.assets.values()) / 1e6
        videos = len(self.assets) - images
        self.tell.done("Edo uploads media", f"{images} JPEGs and {videos} H.264 videos, {megabytes:.1f} MB, probed")

    def _schedule_soon(self, planned: PlannedPost) -> str:
        post = self.edo.post("/posts", self._body(planned))
        problems = self.edo.post("/posts/preflight", self._body(planned))["problems"]
        _expect(not [each for each in problems if each["severity"] == "error"], f"preflight passes: {problems}")
        post = self.edo.post(f"/posts/{post['id']}/schedule")
        _expect(post["state"] == "scheduled", f"“{planned.title}” is scheduled")
        self.tell.done(f"{planned.title}", f"scheduled for {self._clock(post)} on {_networks(post)}")
        return str(post["id"])

    def _creative(self) -> str:
        self.tell.chapter("A creative of the AI studio, with approval")
        token = self.mia.post("/tokens", {"name": "AI Studio", "role": "editor"})
        with Api(self.ports.api_url, str(ACCOUNT_ID), token=token["token"]) as studio:
            body = self._body(CREATIVE) | {"source": "AI Studio", "note": "Variation 3 of 12"}
            post = studio.post("/creatives", body)
        _expect(post["state"] == "awaiting_approval", "the creative awaits approval")
        self.tell.done("The AI studio sends a creative through the API", f"its state is “{post['state']}”")
        try:
            self.edo.post(f"/posts/{post['id']}/approve")
            raise Unexpected("an editor could approve")
        except Unexpected as refusal:
            self.tell.done("Edo, an editor, tries to approve it", f"refused: {str(refusal).partition(': ')[2]}")
        post = self.mia.post(f"/posts/{post['id']}/approve", {"note": "Lovely."})
        signed = next(iter(post["approval"]["content_hashes"].values()))
        _expect(post["state"] == "scheduled", "the approved creative is scheduled")
        self.tell.done("Mia approves it", f"signed {signed[:12]}…, scheduled for {self._clock(post)}")
        return str(post["id"])

    def _plan_week(self) -> None:
        self.tell.chapter("The rest of the week")
        today = datetime.now(UTC).astimezone(self._zone()).date()
        first, end = today + timedelta(days=1), today + timedelta(days=8)
        entries = self._calendar(str(first), str(end))
        if not entries:
            for planned in LATER:
                post = self.edo.post("/posts", self._body(planned))
                self.edo.post(f"/posts/{post['id']}/schedule")
            entries = self._calendar(str(first), str(end))
        _expect(len(entries) >= len(LATER), "the calendar shows the week")
        self.tell.calendar(entries)

    def _watch(self, post_ids: Sequence[str]) -> None:
        self.tell.chapter("Going out")
        posts: list[Json] = []

        def look() -> bool:
            posts[:] = [self.edo.get(f"/posts/{post_id}") for post_id in post_ids]
            self.tell.deliveries(posts)
            return all(delivery["state"] in SETTLED for delivery in _deliveries(posts))

        with self.tell.live():
            _until(look, LIVE_WITHIN, "every due post is settled")
        for delivery in _deliveries(posts):
            state, reason = delivery["state"], delivery["reason"]
            _expect(state == "published", f"{delivery['profile']['name']}: published, not {state} ({reason})")
            _expect(delivery["permalink"], f"{delivery['profile']['name']}: a permalink")
        self.tell.permalinks(_deliveries(posts))

    def _compare_with_networks(self, post_ids: Sequence[str]) -> None:
        """The networks' own view: each delivery is live exactly once."""
        live = httpx.get(f"{self.ports.sandbox_url}/sandbox/live").json()["posts"]
        permalinks = [each["permalink"] for each in live]
        posts = [self.edo.get(f"/posts/{post_id}") for post_id in post_ids]
        for delivery in _deliveries(posts):
            count = permalinks.count(delivery["permalink"])
            _expect(count == 1, f"{delivery['permalink']} is live once on the network, not {count} times")
        ours = sum(1 for _ in _deliveries(posts))
        self.tell.done("The networks agree", f"{ours} posts, each live exactly once")

    def _report(self, post_ids: Sequence[str]) -> None:
        self.tell.chapter("Metrics and report")
        report: Json = {}
        today = datetime.now(UTC).astimezone(self._zone()).date()
        span = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1))}

        def look() -> bool:
            report.update(self.edo.get("/reports/posts", **span))
            ours = [row for row in report["rows"] if row["post_id"] in post_ids]
            return bool(ours) and all(row["metrics_at"] for row in ours)

        _until(look, NUMBERS_WITHIN, "every post has numbers")
        self.tell.report(report)

    def _body(self, planned: PlannedPost) -> Json:
        zone = self._zone()
        if planned.in_seconds is not None:
            local = datetime.now(zone) + timedelta(seconds=planned.in_seconds)
        else:
            day = datetime.now(zone).date() + timedelta(days=planned.on_day)
            local = datetime.combine(day, planned.at)
        profile_ids = {network: self.profiles[network]["id"] for network in planned.networks}
        return {
            "format": planned.format,
            "caption": planned.caption,
            "media": [{"asset_id": self.assets[name]["id"], "alt_text": planned.alt_text} for name in planned.media],
            "profile_ids": list(profile_ids.values()),
            "variants": [
                {"profile_id": profile_ids[network], "options": dict(options)}
                for network, options in planned.options.items()
            ],
            "local_time": local.replace(tzinfo=None).isoformat(),
            "time_zone": zone.key,
        }

    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.mia.get("")["time_zone"])

    def _calendar(self, first: str, end: str) -> list[Json]:
        entries: list[Json] = self.edo.get("/calendar", **{"from": first, "to": end})["entries"]
        return entries

    @staticmethod
    def _all(api: Api, path: str) -> list[Json]:
        items: list[Json] = api.get(path)["items"]
        return items

    @staticmethod
    def _account_name(session: Json) -> str:
        return str(session["memberships"][0]["account"]["name"])

    @staticmethod
    def _clock(post: Json) -> str:
        return f"{str(post['local_time'])[11:19]} {post['time_zone']}"


def _files(media: DemoMedia) -> Iterator[tuple[str, Path]]:
    for name in ("square", "portrait", "story", "reel", "clip"):
        yield name, getattr(media, name)
    for place, file in enumerate(media.carousel, 1):
        yield f"carousel_{place}", file


def _deliveries(posts: Sequence[Json]) -> Iterator[Json]:
    for post in posts:
        yield from post["deliveries"]


def _networks(post: Json) -> str:
    return " and ".join(delivery["profile"]["network"] for delivery in post["deliveries"])


def _expect(condition: object, told: str) -> None:
    if not condition:
        raise Unexpected(f"not as told: {told}")


def _until(look: Callable[[], bool], within: timedelta, told: str) -> None:
    deadline = time.monotonic() + within.total_seconds()
    while not look():
        if time.monotonic() > deadline:
            raise Unexpected(f"not within {within.total_seconds():g} s: {told}")
        time.sleep(LOOK_EVERY_S)
