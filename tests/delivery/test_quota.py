"""What a network takes from one profile in a day: told while planning, and waited for when it is used up."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, text, update

from postline.core.words import NetworkKey
from postline.db.engine import WORKER_ROLE, Database
from postline.delivery.claim import Claimed, Lease, claim
from postline.delivery.quota import Quota
from postline.networks.http import HttpClient
from postline.networks.registry import build
from postline.posts.models import Delivery
from tests.support.rows import scheduled_deliveries
from tests.support.world import World

pytestmark = pytest.mark.anyio

REELS_A_DAY = 30


async def reels(database: Database, sent: int, hours_ago: int) -> Claimed:
    """The claim of a reel whose profile has published so many."""
    ids = await scheduled_deliveries(database, sent + 1, profiles=1)
    began = func.now() - func.make_interval(0, 0, 0, 0, hours_ago)
    async with database.as_worker() as session:
        await session.execute(text('UPDATE deliveries SET ordered = ordered || \'{"format": "reel"}\''))
        live = {"state": "published", "run_at": None, "is_committed": True, "commit_began_at": began, "due_at": began}
        await session.execute(update(Delivery).where(Delivery.id.in_(ids[:sent])).values(live))
    [claimed] = await claim(database.engine(WORKER_ROLE), Lease("worker", timedelta(minutes=1)), 10)
    return claimed


@pytest.mark.parametrize(
    ("sent", "hours_ago", "waits"),
    [(REELS_A_DAY - 1, 1, False), (REELS_A_DAY, 1, True), (REELS_A_DAY, 25, False)],
    ids=["one place left", "used up", "used up yesterday"],
)
async def test_a_used_up_day_waits_until_the_oldest_is_a_day_old(
    database: Database, sent: int, hours_ago: int, waits: bool
) -> None:
    claimed = await reels(database, sent, hours_ago)
    async with HttpClient() as http:
        facebook = build(http, None, None).networks[NetworkKey.FACEBOOK]
        found = await Quota(database).wait(claimed, facebook)
    if not waits:
        assert found is None
        return
    assert found is not None
    assert found.wait is not None
    assert timedelta(hours=22, minutes=58) < found.wait <= timedelta(hours=23)
    assert found.error_code == "daily-limit"


async def test_a_full_day_is_told_while_planning(world: World) -> None:
    await world.bind_all()
    body = await world.post_body("facebook", format="reel", kind="video")
    for _ in range(REELS_A_DAY):
        post = await world.editor.post("/posts", body)
        await world.editor.post(f"/posts/{post['id']}/schedule")
    problems = (await world.editor.post("/posts/preflight", body))["problems"]
    told = [each for each in problems if each["code"] == "daily-limit"]
    assert [(each["severity"], UUID(each["profile_id"])) for each in told] == [
        ("warning", UUID(world.profiles["facebook"]["id"]))
    ]
    other = await world.post_body("facebook", kind="image")
    assert (await world.editor.post("/posts/preflight", other))["problems"] == []
