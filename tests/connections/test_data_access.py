"""Meta's 90 days of data access: when they are over, Instagram waits for a new login while Pages publish on."""

import httpx
import pytest
from sqlalchemy import select

from postline.connections.models import Connection
from tests.support.world import World

pytestmark = pytest.mark.anyio


async def end_data_access(world: World, seconds: float = 0.001) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{world.sandbox_url}/sandbox/settings", json={"meta_data_access_seconds": seconds})
        assert answer.status_code == 200


async def test_instagram_waits_and_the_page_publishes_on(world: World) -> None:
    await world.bind_all()
    await end_data_access(world)
    async with world.running_worker():
        post = await world.publish(await world.post_body("facebook", "instagram"))
        states = {each["profile"]["network"]: (each["state"], each["error_code"]) for each in post["deliveries"]}
        assert states == {"facebook": ("published", None), "instagram": ("blocked", "reconnect-needed")}
        again = await world.publish(await world.post_body("facebook"))
        assert again["state"] == "published"
    profiles = {each["network"]: each["status"] for each in (await world.admin.get("/profiles"))["items"]}
    assert (profiles["facebook"], profiles["instagram"]) == ("active", "needs_reconnect")
    async with world.database.as_worker() as session:
        connection = (await session.scalars(select(Connection).where(Connection.provider == "meta"))).one()
    assert (connection.status, connection.refresh_at is None) == ("active", False)
    [notice] = (await world.admin.get("/notices"))["items"]
    assert notice["kind"] == "reconnect"
    assert "90 days" in notice["message"]


async def test_a_new_login_lets_instagram_go_on(world: World) -> None:
    await world.bind_all()
    await end_data_access(world)
    async with world.running_worker():
        post = await world.publish(await world.post_body("instagram"))
        assert post["deliveries"][0]["state"] == "blocked"
        await end_data_access(world, 3600)
        await world.connect("meta")
        assert (await world.until(post["id"], lambda shown: shown["state"] == "published"))["state"] == "published"
