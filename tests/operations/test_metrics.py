"""Who may read the numbers, what they say, and that the documents tell of each."""

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from postline.config import Settings, SettingsError
from postline.db.engine import Database
from postline.refusals import Refusal, Why
from postline.sandbox.server import RunningSandbox
from postline.scrape import FORWARDING_HEADERS, require_reader, worker_server
from postline.telemetry import REGISTRY
from tests.operations.rows import ago, change, delivery_in
from tests.support.world import World, running_world, settings_for

pytestmark = pytest.mark.anyio

NOWHERE: Final = "http://127.0.0.1:1"
TOKEN: Final = "a-token-of-the-tests"
OPERATIONS: Final = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")


@pytest.fixture
async def guarded(database_url: str, sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[World]:
    async with running_world(database_url, sandbox.url, tmp_path, metrics_token=SecretStr(TOKEN)) as world:
        yield world


def _samples(text: str) -> dict[tuple[str, str], float]:
    """By name and state."""
    return {
        (sample.name, sample.labels.get("state", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


async def test_a_program_on_this_machine_reads_the_queue(world: World) -> None:
    await delivery_in(world.database, due_at=ago(minutes=5), run_at=ago(minutes=5))
    answer = await world.admin.http.get(f"{world.url}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = _samples(answer.text)
    assert samples["postline_deliveries", "due"] == 1
    assert samples["postline_oldest_untaken_seconds", ""] == pytest.approx(300, abs=60)
    assert samples["process_resident_memory_bytes", ""] > 0


async def test_without_its_database_a_server_shows_its_own_numbers_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: Database) -> None:
        raise OperationalError("", {}, Exception("it is away"))

    monkeypatch.setattr("postline.delivery.queue.read_queue", away)
    answer = await world.admin.http.get(f"{world.url}/metrics")
    assert answer.status_code == 200
    assert "process_cpu_seconds_total" in answer.text
    assert "postline_oldest_untaken_seconds" not in answer.text


@pytest.mark.parametrize("header", FORWARDING_HEADERS)
async def test_nobody_reads_them_through_a_proxy_without_a_token(world: World, header: str) -> None:
    answer = await world.admin.http.get(f"{world.url}/metrics", headers={header: "203.0.113.7"})
    assert answer.status_code == 403
    assert "POSTLINE_METRICS_TOKEN" in answer.json()["detail"]


@pytest.mark.parametrize("peer", ["203.0.113.7", "10.0.0.2", "2001:db8::1", "postline.example", None])
def test_nobody_reads_them_from_another_machine_without_a_token(peer: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        require_reader(None, peer, {})
    assert caught.value.why is Why.FORBIDDEN


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.8.8", "::1"])
def test_every_loopback_address_is_this_machine(peer: str) -> None:
    require_reader(None, peer, {})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": f"Bearer {TOKEN}"}, 200),
        ({"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.7"}, 200),
        ({"Authorization": f"Bearer {TOKEN}x"}, 401),
        ({"Authorization": "Bearer é"}, 401),
        ({}, 401),
    ],
)
async def test_with_a_token_it_opens_and_nothing_else(guarded: World, headers: dict[str, str], status: int) -> None:
    sent = httpx.Headers(headers, encoding="latin-1")
    answer = await guarded.admin.http.get(f"{guarded.url}/metrics", headers=sent)
    assert answer.status_code == status
    assert TOKEN not in answer.text


async def test_a_worker_shows_its_own_on_a_port_of_its_own(database: Database, tmp_path: Path) -> None:
    settings = settings_for(NOWHERE, NOWHERE, tmp_path, metrics_port=0)
    async with worker_server(settings, database) as port, httpx.AsyncClient(timeout=30) as http:
        root = f"http://127.0.0.1:{port}"
        numbers = await http.get(f"{root}/metrics")
        assert ("postline_worker_held", "") in _samples(numbers.text)
        assert [(await http.get(f"{root}/{page}")).status_code for page in ("healthz", "readyz")] == [200, 200]
        assert (await http.get(f"{root}/metrics", headers={"Via": "1.1 proxy"})).status_code == 403


async def test_a_worker_asks_for_the_token_too(database: Database, tmp_path: Path) -> None:
    settings = settings_for(NOWHERE, NOWHERE, tmp_path, metrics_port=0, metrics_token=SecretStr(TOKEN))
    async with worker_server(settings, database) as port, httpx.AsyncClient(timeout=30) as http:
        url = f"http://127.0.0.1:{port}/metrics"
        assert (await http.get(url)).status_code == 401
        assert (await http.get(url, headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200


async def test_a_worker_opens_no_port_unless_told(database: Database, tmp_path: Path) -> None:
    async with worker_server(settings_for(NOWHERE, NOWHERE, tmp_path), database) as port:
        assert port is None


async def test_a_port_that_is_taken_is_told_with_its_setting(database: Database, tmp_path: Path) -> None:
    def settings(port: int | None) -> Settings:
        return settings_for(NOWHERE, NOWHERE, tmp_path, metrics_port=port)

    async with worker_server(settings(0), database) as port:
        with pytest.raises(ValueError, match=r"POSTLINE_METRICS_PORT.* cannot be listened on"):
            async with worker_server(settings(port), database):
                pass


async def test_a_worker_without_its_database_is_alive_but_not_ready(tmp_path: Path) -> None:
    away = Database(f"postgresql://postline@/nothing?host={tmp_path}")
    settings = settings_for(NOWHERE, NOWHERE, tmp_path, metrics_port=0)
    async with worker_server(settings, away) as port, httpx.AsyncClient(timeout=30) as http:
        assert (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        answer = await http.get(f"http://127.0.0.1:{port}/readyz")
        assert (answer.status_code, answer.text) == (503, "The database does not answer. Try again later.\n")
    await away.dispose()


async def test_publishing_is_counted_with_its_lateness(world: World) -> None:
    await world.bind_all()
    counted = {
        "decided": ("postline_delivery_decisions_total", {"network": "facebook", "state": "published"}),
        "first call": ("postline_lateness_seconds_count", {"network": "facebook", "moment": "first_call"}),
        "live": ("postline_lateness_seconds_count", {"network": "facebook", "moment": "live"}),
    }
    before = {name: _value(metric, **labels) for name, (metric, labels) in counted.items()}
    async with world.running_worker():
        await world.publish(await world.post_body("facebook"))
    after = {name: _value(metric, **labels) for name, (metric, labels) in counted.items()}
    assert {name: after[name] - before[name] for name in counted} == {"decided": 1, "first call": 1, "live": 1}


async def test_another_try_is_counted_and_the_first_call_only_once(world: World) -> None:
    await world.bind_all()
    rule = {"match": {"endpoint": "instagram.media", "times": 2}, "action": {"status": 503}}
    assert (await world.admin.http.post(f"{world.sandbox_url}/sandbox/faults", json=rule)).is_success
    again = {"network": "instagram", "state": "scheduled"}
    first = {"network": "instagram", "moment": "first_call"}
    tries, calls = (
        _value("postline_delivery_decisions_total", **again),
        _value("postline_lateness_seconds_count", **first),
    )
    async with world.running_worker():
        await world.publish(await world.post_body("instagram"))
    assert _value("postline_delivery_decisions_total", **again) - tries >= 2
    assert _value("postline_lateness_seconds_count", **first) - calls == 1


async def test_what_a_dead_worker_left_is_counted_as_taken_over(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    await world.editor.post(f"/posts/{post['id']}/schedule", {"now": True})
    delivery_id = UUID(post["deliveries"][0]["id"])
    await change(world.database, delivery_id, state="publishing", run_at=ago(seconds=1), lease_owner="gone")
    before = _value("postline_lease_takeovers_total", network="facebook")
    async with world.running_worker():
        await world.settled(post["id"])
    assert _value("postline_lease_takeovers_total", network="facebook") == before + 1


def test_a_token_that_can_be_guessed_is_refused_without_being_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("POSTLINE_SECRET_KEYS", base64.b64encode(bytes(32)).decode())
    monkeypatch.setenv("POSTLINE_METRICS_TOKEN", "hunter2")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert str(caught.value).startswith("POSTLINE_METRICS_TOKEN is not usable: it has 7 characters")
    assert "hunter2" not in str(caught.value)


async def test_every_metric_and_every_state_of_it_is_told_in_operations(world: World) -> None:
    text = (await world.admin.http.get(f"{world.url}/metrics")).text
    names = {family.name for family in text_string_to_metric_families(text) if family.name.startswith("postline_")}
    assert len(names) >= 9
    assert {name for name in names if not re.search(rf"`{name}(_total)?`", OPERATIONS)} == set()
    states = {state for name, state in _samples(text) if name == "postline_deliveries"}
    assert {state for state in states if f"`{state}`" not in OPERATIONS} == set()


def test_the_alarms_in_operations_ask_for_metrics_that_exist() -> None:
    rules = re.search(r"```yaml\n(groups:.*?)```", OPERATIONS, re.DOTALL)
    assert rules is not None
    suffixes = re.compile(r"_(total|bucket|count|sum)$")
    named = {suffixes.sub("", name) for name in re.findall(r"postline_[a-z_]+", rules[1])}
    ours = {family.name for family in REGISTRY.collect()} | {
        "postline_deliveries",
        "postline_oldest_untaken_seconds",
        "postline_oldest_overdue_seconds",
    }
    assert named
    assert named <= ours
