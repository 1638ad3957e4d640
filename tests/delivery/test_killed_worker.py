"""The promise: never twice, never lost. A worker is killed after the network accepted and before we stored it."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.support.processes import environment, worker_process
from tests.support.world import Json, World

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

# network, format, kind of media, the endpoint that makes the post visible
COMMITS = {
    "facebook photo": ("facebook", "feed", "image", "facebook.feed"),
    "facebook reel": ("facebook", "reel", "video", "facebook.video_reels.finish"),
    "instagram photo": ("instagram", "feed", "image", "instagram.media_publish"),
    "instagram reel": ("instagram", "reel", "video", "instagram.media_publish"),
    "tiktok video": ("tiktok", "reel", "video", "tiktok.upload"),
}


@pytest.mark.parametrize(("network", "format", "kind", "commit"), COMMITS.values(), ids=COMMITS)
async def test_a_worker_killed_after_acceptance_leaves_exactly_one_live_post(
    world: World, tmp_path: Path, network: str, format: str, kind: str, commit: str
) -> None:
    await world.bind_all()
    await _fault(world, {"match": {"endpoint": commit}, "action": {"hang_after": True}})
    post = await world.editor.post("/posts", await world.post_body(network, format=format, kind=kind))
    await world.editor.post(f"/posts/{post['id']}/schedule", {"now": True})
    env = environment(world.services.settings, world.database.url)
    log = tmp_path / "worker.log"

    with worker_process(env, log) as doomed:
        await _until_accepted(world, commit)
        doomed.send_signal(signal.SIGKILL)
        doomed.wait(10)
    await world.admin.http.delete(f"{world.sandbox_url}/sandbox/faults")
    with worker_process(env, log):
        settled = await world.settled(post["id"])

    delivery = settled["deliveries"][0]
    assert (settled["state"], delivery["state"]) == ("published", "published")
    live = await world.live()
    assert [each["permalink"] for each in live] == [delivery["permalink"]]
    kinds = [entry["kind"] for entry in await _timeline(world, delivery["id"])]
    assert "taken_over" in kinds
    assert "found" in kinds


async def _timeline(world: World, delivery_id: str) -> list[Json]:
    timeline: list[Json] = (await world.editor.get(f"/deliveries/{delivery_id}"))["timeline"]
    return timeline


async def _fault(world: World, rule: Json) -> None:
    answer = await world.admin.http.post(f"{world.sandbox_url}/sandbox/faults", json=rule)
    assert answer.is_success, answer.text


async def _until_accepted(world: World, endpoint: str) -> None:
    """Wait until the sandbox has carried out a call and swallowed its answer."""
    async with asyncio.timeout(30):
        while True:
            answer = await world.admin.http.get(f"{world.sandbox_url}/sandbox/faults")
            if any(rule["applied"] for rule in answer.json()["faults"] if rule["match"].get("endpoint") == endpoint):
                await asyncio.sleep(0.2)  # the rule counts before the call is carried out
                return
            await asyncio.sleep(0.05)
