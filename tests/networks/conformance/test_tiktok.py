"""TikTok's drafts and downloads: what goes out, what becomes of it, and what a lost answer leaves open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Effect, Found, NotFound
from postline.core.words import Format, Metric
from postline.networks.apps import Posting
from postline.networks.tiktok.options import TikTokOptions
from postline.sandbox.tiktok.posting import finish_draft
from tests.networks.conformance.acts import failure, settle
from tests.networks.conformance.cases import CASES, TT
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery

pytestmark = pytest.mark.anyio

LASTING = {"tiktok_access_seconds": 1e6}
DRAFTS = [name for name, case in CASES.items() if case.is_draft]


async def failure_after_hours(world: World, delivery: Delivery) -> NetworkError:
    """What a post ends with that TikTok had taken and still works on three hours later."""
    world.fault("tiktok.status_fetch", {"status": 429, "body": "slow down"}, nth=2)
    assert (await failure(delivery)).kind is ErrorKind.RATE_LIMITED
    world.clock.advance(timedelta(hours=3))
    return await failure(delivery)


def sent(world: World, endpoint: str) -> dict[str, Any]:
    """The body of the one call to an endpoint."""
    [entry] = [each for each in world.sandbox.sandbox.journal.since() if each["endpoint"] == endpoint]
    return dict(entry["params"])


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """The address of a server that takes connections and never answers."""
    over = asyncio.Event()

    async def listen(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}"
        over.set()


# Drafts


@pytest.mark.parametrize("name", DRAFTS)
async def test_a_draft_says_that_it_waits_in_the_inbox(name: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    receipt = await delivery.publish()
    assert receipt.remote_id == f"publish:{delivery.checkpoint.publish_id}"
    assert receipt.note is not None
    assert "inbox" in receipt.note
    assert world.calls("tiktok.creator_info") == 0


async def test_the_draft_of_a_video_is_sent_with_nothing_but_the_video(world: World) -> None:
    await (await world.delivery(CASES["tiktok video draft"])).publish()
    body = sent(world, "tiktok.inbox_video_init")
    assert set(body) == {"source_info"}
    assert body["source_info"]["source"] == "FILE_UPLOAD"


async def test_the_draft_of_photos_is_sent_with_what_its_editor_begins_with(world: World) -> None:
    await (await world.delivery(CASES["tiktok photo draft"])).publish()
    body = sent(world, "tiktok.content_init")
    assert body["post_mode"] == "MEDIA_UPLOAD"
    assert body["post_info"] == {"title": "Two mornings", "description": "A quiet morning #coffee"}


async def test_a_draft_that_was_posted_in_the_app_gets_its_numbers(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video draft"])
    receipt = await delivery.publish()
    assert set((await delivery.network.metrics(delivery.target, receipt, Format.REEL)).values()) == {None}
    finish_draft(world.sandbox.sandbox, delivery.checkpoint.publish_id, "At last", "PUBLIC_TO_EVERYONE")
    world.clock.advance(timedelta(hours=1))
    assert (await delivery.network.metrics(delivery.target, receipt, Format.REEL))[Metric.VIEWS]


async def test_a_sixth_draft_waits_for_a_place_in_the_inbox(world: World) -> None:
    settle(world, tiktok_pending_shares=0)
    error = await failure(await world.delivery(CASES["tiktok video draft"]))
    assert (error.kind, error.code) == (ErrorKind.RATE_LIMITED, "spam_risk_too_many_pending_share")
    assert world.posts == 0


async def test_an_unaudited_app_may_send_drafts(world: World) -> None:
    settle(world, audited=False)
    await (await world.delivery(CASES["tiktok video draft"])).publish()
    assert world.posts == 1


async def test_an_upload_whose_draft_failed_at_tiktok_is_begun_anew(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video draft"])
    world.fault("tiktok.upload", "drop_after", nth=1)
    settle(world, tiktok_fail_reason="internal")
    await failure(delivery)
    answer = await delivery.look_up()
    assert isinstance(answer, NotFound)
    settle(world, tiktok_fail_reason="")
    await delivery.publish()
    assert delivery.restarts == 1
    assert world.posts == 1


# Downloads


async def test_a_pulled_video_is_named_by_its_address(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video pulled"])
    await delivery.publish()
    source = sent(world, "tiktok.video_init")["source_info"]
    url = world.media.public_url(delivery.order.media[0].asset_id)
    assert source == {"source": "PULL_FROM_URL", "video_url": url}
    assert world.calls("tiktok.upload") == 0


async def test_a_private_pulled_video_whose_answer_is_lost_is_left_to_people(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video pulled"])
    delivery.order = replace(delivery.order, options={"privacy_level": "SELF_ONLY"})
    world.fault("tiktok.video_init", "drop_after", times=1)
    await failure(delivery)
    assert isinstance(await delivery.look_up(), CannotTell)


async def test_a_video_from_an_unverified_address_is_the_operator_s_to_change(world: World) -> None:
    settle(world, tiktok_verified_prefixes=["https://media.example.com/"])
    error = await failure(await world.delivery(CASES["tiktok video pulled"]))
    assert (error.kind, error.code) == (ErrorKind.APP_NOT_READY, "url_ownership_unverified")


@pytest.mark.parametrize("name", ["tiktok video pulled", "tiktok photos", "tiktok photo draft"])
async def test_a_download_that_never_ends_is_cancelled_and_nothing_is_posted(name: str, world: World) -> None:
    settle(world, tiktok_pull_seconds=1e6, **LASTING)
    async with silent_server() as url:
        world.media.url = url
        error = await failure_after_hours(world, await world.delivery(CASES[name]))
    assert (error.code, error.is_definite) == ("publish_cancelled", True)
    assert world.calls("tiktok.cancel") == 1
    assert world.posts == 0


async def test_a_post_that_is_processed_without_end_is_left_to_people(world: World) -> None:
    settle(world, tiktok_never_ends=True, **LASTING)
    error = await failure_after_hours(world, await world.delivery(CASES["tiktok video pulled"]))
    assert (error.kind, error.code) == (ErrorKind.AMBIGUOUS, "still_processing")


async def test_a_pull_that_was_begun_is_not_begun_again_as_an_upload(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video pulled"])
    world.fault("tiktok.video_init", "drop_after", times=1)
    await failure(delivery)
    delivery.network = (await world.delivery(CASES["tiktok video"])).network
    assert isinstance(await delivery.look_up(), Found)
    await delivery.publish()
    assert world.posts == 1


async def test_an_upload_that_was_begun_is_not_pulled_as_well(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video"])
    world.fault("tiktok.upload", "drop_before", times=1)
    await failure(delivery)
    delivery.network = (await world.delivery(CASES["tiktok video pulled"])).network
    assert isinstance(await delivery.look_up(), NotFound)
    delivery.steps_done = [step.effect for step in delivery.network.plan(delivery.order)].index(Effect.ONCE)
    await delivery.publish()
    assert world.posts == 1
    assert world.calls("tiktok.video_init") == 1


async def test_a_pull_is_sought_among_posts_from_when_it_was_begun(world: World) -> None:
    settle(world, **LASTING)
    delivery = await world.delivery(CASES["tiktok video pulled"])
    world.fault("tiktok.video_init", {"status": 429, "body": "slow down"}, times=1)
    assert (await failure(delivery)).kind is ErrorKind.RATE_LIMITED
    world.clock.advance(timedelta(hours=30))
    world.fault("tiktok.video_init", "drop_after", times=1)
    await failure(delivery)
    assert isinstance(await delivery.look_up(), Found)


async def test_an_older_post_with_the_same_text_is_not_taken_for_a_pull_s(world: World) -> None:
    await (await world.delivery(CASES["tiktok video"])).publish()
    world.clock.advance(timedelta(minutes=2))
    delivery = await world.delivery(CASES["tiktok video pulled"])
    delivery.since = world.clock.now - timedelta(hours=1)
    world.fault("tiktok.video_init", "drop_before", times=1)
    await failure(delivery)
    assert isinstance(await delivery.look_up(), CannotTell)


# What is shown and asked


async def test_a_page_is_told_all_that_it_must_ask_and_nothing_is_preset(world: World) -> None:
    [creator] = world.sandbox.world.creators
    world.sandbox.world.creators.put(replace(creator, duet_disabled=True))
    options = await world.registry.networks[TT].publishing_options(await world.target(TT))
    asked = {each["option"]: each for each in options["must_ask"]}
    assert set(asked) <= set(TikTokOptions.model_fields)
    assert asked["privacy_level"]["choices"] == options["privacy_options"]
    assert [each["starts_as"] for each in options["must_ask"]] == [None] + [False] * (len(asked) - 1)
    assert [name for name, each in asked.items() if each["is_off"]] == ["allow_duet"]


async def test_a_page_of_who_allows_drafts_alone_can_choose_nothing_and_send_drafts(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video draft"])
    token = world.sandbox.world.tokens[delivery.target.access_token]
    world.sandbox.world.tokens.put(replace(token, scopes=("user.info.basic", "video.upload")))
    options = await delivery.network.publishing_options(delivery.target)
    assert (options["nickname"], options["privacy_options"]) == ("Harbor Coffee", ())
    assert {each["option"] for each in options["must_ask"] if each["is_off"]} == {
        "allow_comment",
        "allow_duet",
        "allow_stitch",
    }
    await delivery.publish()
    assert world.posts == 1


async def test_an_app_for_drafts_alone_does_not_ask_what_may_be_chosen(world: World) -> None:
    case = replace(CASES["tiktok video draft"], tiktok={"posting": Posting.DRAFTS})
    delivery = await world.delivery(case)
    options = await delivery.network.publishing_options(delivery.target)
    assert (options["nickname"], options["privacy_options"]) == ("Harbor Coffee", ())
    assert world.calls("tiktok.creator_info") == 0


async def test_a_direct_post_without_its_permission_asks_for_a_reconnect(world: World) -> None:
    delivery = await world.delivery(CASES["tiktok video"])
    token = world.sandbox.world.tokens[delivery.target.access_token]
    world.sandbox.world.tokens.put(replace(token, scopes=("user.info.basic", "video.upload")))
    error = await failure(delivery)
    assert (error.kind, error.code) == (ErrorKind.RECONNECT_NEEDED, "scope_not_authorized")
    assert world.posts == 0


async def test_a_page_is_told_all_that_it_must_show(world: World) -> None:
    options = await world.registry.networks[TT].publishing_options(await world.target(TT))
    rules = [rule for each in options["must_show"] + options["must_ask"] for rule in each["rule"].split(", ")]
    assert {"1a", "1b", "1c", "2a", "2b", "2c", "2d", "3a", "3b", "3c", "3d", "4"} <= set(rules)
    assert {"5a", "5b", "5c", "5d", "5e"} <= set(rules)
    for shown in options["must_show"]:
        assert all(words in shown["text"] for words in shown["links"])
        assert all(link.startswith("https://www.tiktok.com/legal/") for link in shown["links"].values())
