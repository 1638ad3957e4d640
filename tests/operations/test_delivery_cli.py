"""`postline delivery` as an operator runs it: a process of its own over the same database."""

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import pytest

from tests.operations.rows import ago, change
from tests.support.processes import environment
from tests.support.rows import read_delivery
from tests.support.world import Json, World

pytestmark = pytest.mark.anyio

PERMALINK: Final = "https://www.facebook.com/permalink/1"
UNCONFIRMED: Final[dict[str, Any]] = {
    "state": "unconfirmed",
    "run_at": None,
    "steps_done": 1,
    "open_step": "publish",
    "open_effect": "once",
    "reason": "The network [Facebook] cannot tell.",
    "checkpoint": {"photo_ids": ["1"], "upload_url": "https://up.example/v?upload_token=Xza1"},
}


@dataclass(frozen=True, slots=True)
class Operator:
    """Someone at the server's command line."""

    env: dict[str, str]

    async def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "postline", "delivery", *arguments]
        env = self.env | {"COLUMNS": "200", "NO_COLOR": "1"}
        return await asyncio.to_thread(
            subprocess.run, command, env=env, capture_output=True, text=True, check=False, timeout=120
        )

    async def seen(self, *arguments: str) -> Json:
        """What a command that must succeed prints as JSON."""
        answer = await self.run(*arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        found: Json = json.loads(answer.stdout)
        return found


@pytest.fixture
def operator(world: World) -> Operator:
    return Operator(environment(world.services.settings, world.database.url))


async def _delivery(world: World, **columns: Any) -> UUID:
    """A scheduled one, put into a situation."""
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    scheduled = await world.editor.post(f"/posts/{post['id']}/schedule", {})
    delivery_id = UUID(scheduled["deliveries"][0]["id"])
    if columns:
        await change(world.database, delivery_id, **columns)
    return delivery_id


async def _tokens(world: World, delivery_id: UUID) -> list[str]:
    """Every secret that is kept for the delivery's profile and its connection."""
    profile_id = (await read_delivery(world.database, delivery_id)).profile_id
    target = await world.services.targets.load(profile_id, world.services.clock())
    return [target.access_token]


async def _verbs(world: World, delivery_id: UUID) -> list[tuple[str, str]]:
    events = (await world.admin.get("/events"))["items"]
    return [(event["actor"], event["verb"]) for event in events if event["subject_id"] == str(delivery_id)]


async def test_show_tells_all_that_is_known_for_people(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    answer = await operator.run("show", str(delivery_id))
    assert answer.returncode == 0, answer.stderr
    for told in (str(delivery_id), "unconfirmed", "The network [Facebook] cannot tell.", "Harbor", "Ed scheduled it."):
        assert told in answer.stdout
    for heading in ("Steps", "Journal"):
        assert heading in answer.stdout


async def test_show_tells_the_same_to_programs_and_to_the_api(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    evidence = await operator.seen("show", str(delivery_id))
    api = await world.viewer.get(f"/deliveries/{delivery_id}")
    assert {name: evidence[name] for name in api} == api
    assert [step["progress"] for step in evidence["steps"]][:2] == ["done", "open"]
    assert {step["effect"] for step in evidence["steps"]} >= {"once"}
    assert evidence["checkpoint"]["photo_ids"] == ["1"]


async def test_show_never_tells_a_secret(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    secrets = {"Xza1", *await _tokens(world, delivery_id)}
    assert len(secrets) > 1
    for arguments in (("show", str(delivery_id)), ("show", str(delivery_id), "--json")):
        shown = (await operator.run(*arguments)).stdout
        assert not {secret for secret in secrets if secret in shown}


async def test_resolve_live_keeps_it_with_its_address(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    evidence = await operator.seen("resolve", str(delivery_id), "--live", "--permalink", PERMALINK)
    assert (evidence["state"], evidence["permalink"]) == ("published", PERMALINK)
    assert (await read_delivery(world.database, delivery_id)).state == "published"
    assert ("Operator", "delivery.resolved") in await _verbs(world, delivery_id)


async def test_resolve_not_live_sends_it_again(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    evidence = await operator.seen("resolve", str(delivery_id), "--not-live")
    assert (evidence["state"], evidence["checkpoint"], evidence["is_committed"]) == ("scheduled", {}, False)
    async with world.running_worker():
        await world.settled(evidence["post_id"])
    assert len(await world.live()) == 1


async def test_resolve_not_live_may_give_it_up(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    evidence = await operator.seen("resolve", str(delivery_id), "--not-live", "--then", "cancel")
    assert (evidence["state"], evidence["reason"], evidence["next_act_at"]) == ("cancelled", None, None)
    assert ("Operator", "delivery.resolved") in await _verbs(world, delivery_id)


async def test_resolve_needs_to_know_what_was_seen(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    undecided = await operator.run("resolve", str(delivery_id))
    assert (undecided.returncode, undecided.stdout) == (2, "")
    assert "--live" in undecided.stderr
    no_address = await operator.run("resolve", str(delivery_id), "--live", "--permalink", "facebook.com/1")
    assert no_address.returncode == 2
    assert "--permalink" in no_address.stderr
    assert (await read_delivery(world.database, delivery_id)).state == "unconfirmed"


async def test_retry_puts_a_failed_one_back(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, state="failed", run_at=None, due_at=ago(minutes=5), attempts=8)
    evidence = await operator.seen("retry", str(delivery_id))
    assert (evidence["state"], evidence["attempts"]) == ("scheduled", 0)
    assert ("Operator", "delivery.retried") in await _verbs(world, delivery_id)


REFUSED: Final = {  # name: (arguments, part of the sentence)
    "a retry of what is scheduled": (("retry",), "Only a failed or blocked delivery can be tried again."),
    "a word about what is scheduled": (("resolve", "--live"), "Only an unconfirmed delivery needs a person's word."),
}


@pytest.mark.parametrize(("arguments", "part"), REFUSED.values(), ids=REFUSED)
async def test_a_refusal_is_one_sentence_and_changes_nothing(
    world: World, operator: Operator, arguments: tuple[str, ...], part: str
) -> None:
    delivery_id = await _delivery(world)
    command, *options = arguments
    answer = await operator.run(command, str(delivery_id), *options)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"Refused: {part}")
    assert (await read_delivery(world.database, delivery_id)).state == "scheduled"


async def test_a_delivery_that_is_not_there_is_told(operator: Operator) -> None:
    unknown = uuid4()
    answer = await operator.run("show", str(unknown))
    assert (answer.returncode, answer.stderr) == (1, f"Refused: There is no delivery {unknown}.\n")


async def test_while_the_module_is_off_an_operator_may_look_but_not_act(world: World, operator: Operator) -> None:
    delivery_id = await _delivery(world, **UNCONFIRMED)
    await world.admin.patch("", {"is_enabled": False})
    assert (await operator.seen("show", str(delivery_id)))["state"] == "unconfirmed"
    answer = await operator.run("resolve", str(delivery_id), "--live")
    assert answer.returncode == 1
    assert "switched off" in answer.stderr
