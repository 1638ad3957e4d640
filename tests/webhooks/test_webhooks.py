"""Providers' webhooks and callbacks over real HTTP: signed or refused, stored once, and never believed unasked."""

import hashlib
import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from postline.connections.models import Connection
from postline.posts.models import Delivery
from postline.webhooks.models import Webhook
from tests.support.world import Json, World

pytestmark = pytest.mark.anyio

META_SECRET, TIKTOK_SECRET = b"sandbox-meta-secret", b"sandbox-tiktok-secret"


def meta_headers(body: bytes, secret: bytes = META_SECRET) -> dict[str, str]:
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()}


def tiktok_headers(body: bytes, at: float | None = None) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    signature = hmac.new(TIKTOK_SECRET, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"TikTok-Signature": f"t={stamp},s={signature}"}


def signed_request(subject_id: str, secret: bytes = META_SECRET) -> dict[str, str]:
    def encode(content: bytes) -> str:
        return urlsafe_b64encode(content).decode().rstrip("=")

    payload = encode(json.dumps({"user_id": subject_id, "algorithm": "HMAC-SHA256", "issued_at": 1}).encode())
    return {"signed_request": f"{encode(hmac.new(secret, payload.encode(), hashlib.sha256).digest())}.{payload}"}


async def send(world: World, provider: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(f"{world.url}/webhooks/{provider}", content=body, headers=headers)


async def stored(world: World) -> int:
    async with world.database.as_worker() as session:
        return await session.scalar(select(func.count()).select_from(Webhook)) or 0


async def due(world: World) -> int:
    async with world.database.as_worker() as session:
        query = select(func.count()).select_from(Webhook).where(Webhook.process_at.is_not(None))
        return await session.scalar(query) or 0


async def connection_of(world: World, provider: str) -> Connection:
    async with world.database.as_worker() as session:
        return (await session.scalars(select(Connection).where(Connection.provider == provider))).one()


async def test_a_webhook_is_taken_with_the_providers_signature_alone(world: World) -> None:
    body = json.dumps({"object": "page", "entry": []}).encode()
    assert (await send(world, "meta", body, {})).status_code == 403
    assert (await send(world, "meta", body, meta_headers(body, b"another secret"))).status_code == 403
    assert (await send(world, "meta", body + b" ", meta_headers(body))).status_code == 403
    assert await stored(world) == 0
    assert (await send(world, "meta", body, meta_headers(body))).status_code == 200
    assert await stored(world) == 1


async def test_a_repeated_webhook_is_stored_once(world: World) -> None:
    body = json.dumps({"object": "page", "entry": []}).encode()
    for _ in range(3):
        assert (await send(world, "meta", body, meta_headers(body))).status_code == 200
    assert await stored(world) == 1


async def test_an_old_tiktok_webhook_is_a_replay(world: World) -> None:
    body = json.dumps({"event": "post.publish.complete", "user_openid": "u", "content": "{}"}).encode()
    assert (await send(world, "tiktok", body, tiktok_headers(body, time.time() - 86_400))).status_code == 403
    assert (await send(world, "tiktok", body, tiktok_headers(body))).status_code == 200


async def test_tiktoks_news_of_a_post_brings_the_next_look_forward(world: World) -> None:
    await world.bind_all()
    async with httpx.AsyncClient() as client:
        slow = {"tiktok_video_seconds": 2}
        assert (await client.post(f"{world.sandbox_url}/sandbox/settings", json=slow)).status_code == 200
    async with world.running_worker():
        post = await world.editor.post("/posts", await world.post_body("tiktok", format="reel", kind="video"))
        await world.editor.post(f"/posts/{post['id']}/schedule", {"now": True})
        await world.until(post["id"], lambda shown: shown["deliveries"][0]["state"] == "scheduled")
        async with world.database.as_worker() as session:
            delivery = (await session.scalars(select(Delivery))).one()
            publish_id = delivery.checkpoint["publish_id"]
            later = update(Delivery).values(run_at=func.now() + func.make_interval(0, 0, 0, 0, 1))
            await session.execute(later)
        event: Json = {
            "client_key": "sandbox-tiktok-key",
            "event": "post.publish.complete",
            "create_time": int(time.time()),
            "user_openid": world.profiles["tiktok"]["remote_id"],
            "content": json.dumps({"publish_id": publish_id, "publish_type": "DIRECT_POST"}),
        }
        body = json.dumps(event).encode()
        assert (await send(world, "tiktok", body, tiktok_headers(body))).status_code == 200
        assert (await world.settled(post["id"]))["state"] == "published"


async def test_a_person_who_removes_the_app_ends_the_connection_and_administrators_learn_it_once(world: World) -> None:
    await world.bind_all()
    post = await world.editor.post("/posts", await world.post_body("facebook"))
    await world.editor.post(f"/posts/{post['id']}/schedule")
    connection = await connection_of(world, "meta")
    form = signed_request(connection.subject_id)
    async with httpx.AsyncClient() as client:
        for _ in range(2):
            assert (await client.post(f"{world.url}/callbacks/meta/deauthorize", data=form)).status_code == 200
    assert (await stored(world), await due(world)) == (1, 0)
    assert (await connection_of(world, "meta")).status == "needs_reconnect"
    shown = await world.editor.get(f"/posts/{post['id']}")
    assert (shown["deliveries"][0]["state"], shown["deliveries"][0]["error_code"]) == ("blocked", "reconnect-needed")
    [notice] = (await world.admin.get("/notices"))["items"]
    assert (notice["kind"], notice["path"]) == ("reconnect", "/connections")
    assert (await world.editor.get("/notices"))["items"] == []
    await world.admin.post(f"/notices/{notice['id']}/read")
    assert (await world.admin.get("/notices"))["items"] == []
    await world.connect("meta")
    shown = await world.editor.get(f"/posts/{post['id']}")
    assert shown["deliveries"][0]["state"] == "scheduled"


async def test_a_deletion_request_deletes_and_answers_with_a_page(world: World) -> None:
    await world.bind_all()
    connection = await connection_of(world, "meta")
    async with httpx.AsyncClient() as client:
        wrong = await client.post(
            f"{world.url}/callbacks/meta/data-deletion", data=signed_request(connection.subject_id, b"wrong")
        )
        assert wrong.status_code == 403
        answer = await client.post(
            f"{world.url}/callbacks/meta/data-deletion", data=signed_request(connection.subject_id)
        )
        told: dict[str, Any] = answer.json()
        page = await client.get(told["url"])
    assert told["url"].endswith(told["confirmation_code"])
    assert "1 connection" in page.text
    gone = await connection_of(world, "meta")
    assert (gone.status, gone.secrets, gone.data_key, gone.subject_name) == ("revoked", b"", b"", "Deleted")


async def test_meta_checks_the_address_with_the_token_that_was_agreed(world: World) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "not it"}
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{world.url}/webhooks/meta", params=query)).status_code == 403
