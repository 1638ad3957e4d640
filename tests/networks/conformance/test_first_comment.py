"""The first comment: written once whatever gets lost, and never a reason for the post to fail."""

import json
from datetime import timedelta
from typing import Any

import pytest

from postline.core.outcomes import Done, Receipt, Waiting
from postline.networks.base import Step
from postline.networks.meta.comments import PATIENCE
from postline.sandbox.records import Comment
from tests.networks.conformance.cases import CASES, COMMENT
from tests.networks.conformance.conftest import World
from tests.networks.support import Delivery

pytestmark = pytest.mark.anyio

POSTS = {
    "facebook photos with first comment": "facebook.comments",
    "facebook video with first comment": "facebook.comments",
    "instagram image with first comment": "instagram.comments",
}
every_post = pytest.mark.parametrize(("name", "endpoint"), POSTS.items(), ids=POSTS)
# What a network answers whose list lags behind.
NOT_YET = {"status": 200, "body": '{"data":[]}'}


async def reach_comment(delivery: Delivery) -> Step[Any]:
    """Run the plan up to the step that writes the comment."""
    steps = delivery.network.plan(delivery.order)
    while (step := steps[delivery.steps_done]).name != "write_comment":
        match await step.run(delivery.call, delivery.order, delivery.stored()):
            case Done(checkpoint=achieved):
                delivery.checkpoint, delivery.steps_done = achieved, delivery.steps_done + 1
            case Waiting(checkpoint=achieved, after=after):
                delivery.checkpoint = achieved
                delivery.clock.advance(after)
    return step


async def run(step: Step[Any], delivery: Delivery) -> timedelta | None:
    """Run it once; gives how long it wants to wait, or None when it is settled without anything to tell."""
    match await step.run(delivery.call, delivery.order, delivery.stored()):
        case Waiting(checkpoint=achieved, after=after):
            delivery.checkpoint = achieved
            return after
        case Receipt(note=None):
            return None
        case outcome:
            raise AssertionError(outcome)


def comments(world: World) -> list[str]:
    return [comment.text for comment in world.sandbox.world.comments]


@every_post
async def test_it_is_written_below_the_live_post(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    receipt = await delivery.publish()
    assert receipt.note is None
    [comment] = world.sandbox.world.comments
    assert (comment.text, comment.object_id) == (COMMENT["first_comment"], receipt.remote_id)


@every_post
async def test_a_comment_whose_answer_is_lost_is_found(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}.create", "drop_after", times=1)
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)
    assert world.calls(f"{endpoint}.create") == 1


@every_post
async def test_a_comment_that_never_arrived_is_sent_again_once_that_is_certain(
    name: str, endpoint: str, world: World
) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}.create", "drop_before", times=1)
    began = world.clock.now
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)
    assert timedelta(minutes=5) <= world.clock.now - began <= timedelta(minutes=7)


@every_post
async def test_a_list_that_lags_makes_no_second_comment(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}.create", "drop_after", times=1)
    world.fault(endpoint, NOT_YET, times=5)
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)
    assert world.calls(f"{endpoint}.create") == 1


# How soon after the call another worker goes on, and what comes of its first look.
TAKEN_OVER = {
    "at once": (timedelta(0), NOT_YET),
    "after its lease": (timedelta(seconds=30), NOT_YET),
    "at once, and cannot look": (timedelta(0), {"error": {"code": 2}}),
}


@every_post
@pytest.mark.parametrize(("after", "look"), TAKEN_OVER.values(), ids=TAKEN_OVER)
async def test_a_worker_that_died_after_sending_leaves_one_comment(
    name: str, endpoint: str, after: timedelta, look: object, world: World
) -> None:
    delivery = await world.delivery(CASES[name])
    step = await reach_comment(delivery)
    await step.run(delivery.call, delivery.order, delivery.stored())
    delivery.is_resumed = True
    world.clock.advance(after)
    world.fault(endpoint, look, times=1)
    world.fault(endpoint, NOT_YET, times=2)  # the list still lags
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)


@every_post
async def test_a_worker_that_died_before_sending_leaves_one_comment(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    await reach_comment(delivery)
    delivery.is_resumed = True
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)


async def test_a_comment_that_is_late_is_written_without_waiting(world: World) -> None:
    """Nobody was at work on it: all workers were down when it was due."""
    delivery = await world.delivery(CASES["facebook photos with first comment"])
    step = await reach_comment(delivery)
    world.clock.advance(timedelta(minutes=2))
    assert await run(step, delivery) is None
    assert comments(world) == [COMMENT["first_comment"]]


async def test_news_of_the_post_brings_no_comment_forward(world: World) -> None:
    """A webhook wakes the delivery at any moment: before the comment is due, and right after an answer was lost."""
    delivery = await world.delivery(CASES["facebook photos with first comment"])
    step = await reach_comment(delivery)
    world.fault("facebook.comments.create", {"status": 429, "body": "slow", "headers": {"Retry-After": "60"}}, times=1)
    assert await run(step, delivery) == timedelta(seconds=60)
    world.clock.advance(timedelta(seconds=5))
    assert await run(step, delivery) == timedelta(seconds=55)
    world.clock.advance(timedelta(seconds=55))
    world.fault("facebook.comments.create", "drop_after", times=1)
    world.fault("facebook.comments", NOT_YET, times=2)
    assert await run(step, delivery) == timedelta(seconds=30)
    assert await run(step, delivery) == timedelta(seconds=30)
    assert comments(world) == [COMMENT["first_comment"]]
    assert await run(step, delivery) is None


REFUSALS = {
    "the permission is missing": {"error": {"code": 10}},
    "the words are refused": {"error": {"code": 368}},
    "the access is gone": {"error": {"code": 190}},
}


@every_post
@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("call", ["", ".create"], ids=["looking", "writing"])
async def test_a_refused_comment_is_told_and_the_post_is_published(
    name: str, endpoint: str, refusal: object, call: str, world: World
) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}{call}", refusal)
    receipt = await delivery.publish()
    assert receipt.note is not None
    assert receipt.note.startswith("The first comment could not be written: ")
    assert receipt.permalink
    assert (world.posts, comments(world)) == (1, [])


@every_post
@pytest.mark.parametrize("call", ["", ".create"], ids=["looking", "writing"])
async def test_patience_with_a_comment_is_bounded(name: str, endpoint: str, call: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}{call}", {"error": {"code": 2}})
    began = world.clock.now
    receipt = await delivery.publish()
    assert receipt.note is not None
    assert world.clock.now - began <= PATIENCE + timedelta(minutes=10)
    assert (world.posts, comments(world)) == (1, [])


@every_post
async def test_too_many_calls_only_delay_a_comment(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    world.fault(f"{endpoint}.create", {"status": 429, "body": "slow", "headers": {"Retry-After": "120"}}, times=1)
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)


async def test_a_visitor_s_same_words_are_not_ours(world: World) -> None:
    delivery = await world.delivery(CASES["facebook photos with first comment"])
    visitor = {"id": "1_2", "message": COMMENT["first_comment"], "from": {"id": "8", "name": "A visitor"}}
    said = json.dumps({"data": [visitor]})
    world.fault("facebook.comments", {"status": 200, "body": said})
    receipt = await delivery.publish()
    assert (receipt.note, len(comments(world))) == (None, 1)


async def test_a_post_whose_id_instagram_does_not_tell_gets_no_comment(world: World) -> None:
    delivery = await world.delivery(CASES["instagram image with first comment"])
    world.fault("instagram.media_publish", {"error": {"code": 4, "subcode": 2207051}, "after": True}, times=1)
    world.fault("instagram.media.list", NOT_YET)
    receipt = await delivery.publish()
    assert receipt.note is not None
    assert "does not tell the post's id" in receipt.note
    assert comments(world) == []


def visitors_say(world: World, delivery: Delivery, count: int) -> None:
    made, post_id = world.sandbox.world, delivery.checkpoint.remote_id
    for number in range(count):
        said = Comment(
            id=made.new_id("179"),
            object_id=post_id,
            author_id="8",
            author="A visitor",
            text=f"Lovely {number}",
            created_at=made.now(),
        )
        made.add_comment(said)


@every_post
async def test_a_comment_is_found_among_many(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    await reach_comment(delivery)
    visitors_say(world, delivery, 70)
    world.fault(f"{endpoint}.create", "drop_after", times=1)
    receipt = await delivery.publish()
    assert (receipt.note, world.calls(f"{endpoint}.create")) == (None, 1)


@every_post
async def test_a_list_without_end_makes_no_second_comment(name: str, endpoint: str, world: World) -> None:
    delivery = await world.delivery(CASES[name])
    await reach_comment(delivery)
    visitors_say(world, delivery, 600)
    world.fault(endpoint, NOT_YET, times=1)
    world.fault(f"{endpoint}.create", "drop_after", times=1)
    receipt = await delivery.publish()
    assert receipt.note is not None
    assert "more comments than can be looked through" in receipt.note
    assert world.calls(f"{endpoint}.create") == 1
