"""What a network takes from one profile in a day: told while planning, and waited for when it is used up."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import cast, func, update
from sqlalchemy.dialects.postgresql import JSONB

from postline.core.words import NetworkKey
from postline.db.engine import Database
from postline.delivery.claim import Claimed, Lease
from postline.delivery.journal import Next
from postline.delivery.quota import Quota
from postline.networks.http import HttpClient
from postline.networks.registry import build
from postline.posts.models import Delivery
from tests.support.rows import claim, scheduled_deliveries
from tests.support.world import World

pytestmark = pytest.mark.anyio

REELS_A_DAY = 30


REEL: Final[dict[str, Any]] = {"format": "reel"}
FEED: Final[dict[str, Any]] = {"format": "feed"}
DRAFT: Final[dict[str, Any]] = {"format": "reel", "options": {"as_draft": True}}


async def claimed_after(
    database: Database, sent: Sequence[dict[str, Any]], next_one: dict[str, Any], hours_ago: int = 1
) -> Claimed:
    """The claim of a delivery whose profile has published these."""
    *ids, last = await scheduled_deliveries(database, len(sent) + 1, profiles=1)
    began = func.now() - func.make_interval(0, 0, 0, 0, hours_ago)
    live = {"state": "published", "run_at": None, "is_committed": True, "commit_began_at": began, "due_at": began}
    async with database.as_worker() as session:
        for each, ordered in zip([*ids, last], [*sent, next_one], strict=True):
            values: dict[str, Any] = {"ordered": Delivery.ordered.op("||")(cast(ordered, JSONB))}
            if each != last:
                values |= live
            await session.execute(update(Delivery).where(Delivery.id == each).values(values))
    [claimed] = await claim(database, Lease("worker", timedelta(minutes=1)), 10)
    return claimed


async def wait_of(database: Database, claimed: Claimed, key: NetworkKey) -> Next | None:
    async with HttpClient() as http:
        return await Quota(database).wait(claimed, build(http, None, None).networks[key])


@pytest.mark.parametrize(
    ("sent", "hours_ago", "waits"),
    [(REELS_A_DAY - 1, 1, False), (REELS_A_DAY, 1, True), (REELS_A_DAY, 25, False)],
    ids=["one place left", "used up", "used up yesterday"],
)
async def test_a_used_up_day_waits_until_the_oldest_is_a_day_old(
    database: Database, sent: int, hours_ago: int, waits: bool
) -> None:
    claimed = await claimed_after(database, [REEL] * sent, REEL, hours_ago)
    found = await wait_of(database, claimed, NetworkKey.FACEBOOK)
    if not waits:
        assert found is None
        return
    assert found is not None
    assert found.wait is not None
    assert timedelta(hours=22, minutes=58) < found.wait <= timedelta(hours=23)
    assert found.error_code == "daily-limit"


TIKTOK_DAYS: Final = {  # name: (what went out, what is to go out, whether it waits)
    "formats are counted together": ([FEED] * 8 + [REEL] * 7, REEL, True),
    "one place left": ([FEED] * 7 + [REEL] * 7, FEED, False),
    "drafts take no place": ([REEL] * 14 + [DRAFT] * 3, REEL, False),
    "a draft needs no place": ([REEL] * 15, DRAFT, False),
}


@pytest.mark.parametrize(("sent", "next_one", "waits"), TIKTOK_DAYS.values(), ids=TIKTOK_DAYS)
async def test_tiktok_s_day_is_one_for_all_direct_posts(
    database: Database, sent: Sequence[dict[str, Any]], next_one: dict[str, Any], waits: bool
) -> None:
    claimed = await claimed_after(database, sent, next_one)
    assert (await wait_of(database, claimed, NetworkKey.TIKTOK) is not None) is waits


async def test_a_full_day_of_tiktok_is_told_for_direct_posts_alone(world: World) -> None:
    await world.bind_all()
    options: dict[str, Any] = {"as_draft": False, "privacy_level": "SELF_ONLY"}
    reel, photo = [await tiktok_body(world, *each, options) for each in (("video", "reel"), ("image", "feed"))]
    for body in [reel, photo] * 7 + [photo]:
        post = await world.editor.post("/posts", body)
        await world.editor.post(f"/posts/{post['id']}/schedule")
    told = {
        name: await daily_limits(world, await tiktok_body(world, "video", "reel", chosen))
        for name, chosen in {"direct": options, "draft": {"as_draft": True}}.items()
    }
    assert told == {"direct": ["warning"], "draft": []}


async def tiktok_body(world: World, kind: str, format: str, options: dict[str, Any]) -> dict[str, Any]:
    body = await world.post_body("tiktok", format=format, kind=kind)
    return body | {"variants": [{"profile_id": world.profiles["tiktok"]["id"], "options": options}]}


async def daily_limits(world: World, body: dict[str, Any]) -> list[str]:
    problems = (await world.editor.post("/posts/preflight", body))["problems"]
    return [each["severity"] for each in problems if each["code"] == "daily-limit"]


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
