"""Posts, from the first word to the schedule, and the creatives that programs send in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from postline.api.deps import ExpectedVersion, PageDep, Unit, UnitDep
from postline.api.idempotency import KeyHeader, once
from postline.api.routes.lists import ListOut, listed
from postline.approvals.schemas import NoteIn, RejectionIn
from postline.core.states import PostState
from postline.core.words import Role
from postline.db.paging import Page
from postline.posts import queries, service, workflow
from postline.posts.models import Origin, Post
from postline.posts.present import show_post, show_posts, show_problems
from postline.posts.schemas import CreativeIn, PostChange, PostIn, PostOut, PreflightOut, ScheduleIn

router = APIRouter(prefix="/accounts/{account_id}", tags=["posts"])


async def _answer(unit: Unit, response: Response, post: Post) -> PostOut:
    response.headers["ETag"] = f'"{post.version}"'
    return await show_post(unit.session, post)


@router.post("/posts", status_code=201)
async def create_post(body: PostIn, unit: UnitDep, response: Response, key: KeyHeader = None) -> PostOut:
    """Write a draft. Problems are told by preflight and stop the scheduling, not the writing."""

    async def create() -> PostOut:
        return await show_post(unit.session, await service.create_post(unit.session, unit.actor, unit.account, body))

    shown = await once(unit, key, "posts", body, PostOut, create)
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


@router.get("/posts")
async def list_posts(
    unit: UnitDep,
    page: PageDep,
    state: PostState | None = None,
    q: Annotated[str | None, Query(max_length=200, description="Text in the caption")] = None,
) -> ListOut[PostOut]:
    """Newest first."""
    posts = await queries.list_posts(unit.session, state=state, text=q, cursor=page.cursor, limit=page.limit)
    return await _listed(unit, posts)


@router.post("/posts/preflight")
async def preflight(body: PostIn, unit: UnitDep) -> PreflightOut:
    """Check a post against every rule of its networks without storing it."""
    services = unit.services
    problems = await service.preflight_draft(
        unit.session, body, unit.account.time_zone, services.registry.networks, services.clock()
    )
    return PreflightOut(problems=show_problems(problems))


@router.get("/posts/{post_id}")
async def read_post(post_id: UUID, unit: UnitDep, response: Response) -> PostOut:
    return await _answer(unit, response, await queries.get_post(unit.session, post_id))


@router.patch("/posts/{post_id}")
async def change_post(
    post_id: UUID, body: PostChange, version: ExpectedVersion, unit: UnitDep, response: Response
) -> PostOut:
    """Change the version you saw (If-Match). New content withdraws an approval."""
    networks, now = unit.services.registry.networks, unit.services.clock()
    post = await service.change_post(unit.session, unit.actor, post_id, version, body, networks, now)
    return await _answer(unit, response, post)


@router.delete("/posts/{post_id}", status_code=204)
async def delete_post(post_id: UUID, unit: UnitDep) -> None:
    """Delete a post that was never scheduled."""
    await service.delete_post(unit.session, unit.actor, post_id)


@router.post("/posts/{post_id}/duplicate", status_code=201)
async def duplicate_post(post_id: UUID, unit: UnitDep, response: Response, key: KeyHeader = None) -> PostOut:
    """A draft with the same content, without a time."""

    async def create() -> PostOut:
        copy = await service.duplicate_post(unit.session, unit.actor, unit.account, post_id)
        return await show_post(unit.session, copy)

    shown = await once(unit, key, "duplicate", str(post_id), PostOut, create)
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


@router.post("/posts/{post_id}/schedule")
async def schedule_post(post_id: UUID, body: ScheduleIn, unit: UnitDep, response: Response) -> PostOut:
    """Queue the post for its time, move it to another one, or publish it now."""
    networks, now = unit.services.registry.networks, unit.services.clock()
    return await _answer(
        unit, response, await workflow.schedule(unit.session, unit.actor, post_id, body, networks, now)
    )


@router.post("/posts/{post_id}/unschedule")
async def unschedule_post(post_id: UUID, unit: UnitDep, response: Response) -> PostOut:
    post = await workflow.unschedule(unit.session, unit.actor, post_id, unit.services.clock())
    return await _answer(unit, response, post)


@router.post("/posts/{post_id}/cancel")
async def cancel_post(post_id: UUID, unit: UnitDep, response: Response) -> PostOut:
    """Give up what is not out yet."""
    post = await workflow.cancel(unit.session, unit.actor, post_id, unit.services.clock())
    return await _answer(unit, response, post)


@router.post("/posts/{post_id}/submit")
async def submit_post(post_id: UUID, body: NoteIn, unit: UnitDep, response: Response) -> PostOut:
    """Send it for approval."""
    networks, now = unit.services.registry.networks, unit.services.clock()
    post = await workflow.submit(unit.session, unit.actor, post_id, body.note, networks, now)
    return await _answer(unit, response, post)


@router.post("/posts/{post_id}/approve")
async def approve_post(post_id: UUID, body: NoteIn, unit: UnitDep, response: Response) -> PostOut:
    """Approve exactly this content; a post with a time to come is scheduled by it. Administrators only."""
    networks, now = unit.services.registry.networks, unit.services.clock()
    post = await workflow.approve(unit.session, unit.actor, post_id, body.note, networks, now)
    return await _answer(unit, response, post)


@router.post("/posts/{post_id}/reject")
async def reject_post(post_id: UUID, body: RejectionIn, unit: UnitDep, response: Response) -> PostOut:
    """Send it back to its author with a note. Administrators only."""
    post = await workflow.reject(unit.session, unit.actor, post_id, body.note, unit.services.clock())
    return await _answer(unit, response, post)


@router.post("/posts/{post_id}/withdraw")
async def withdraw_post(post_id: UUID, body: NoteIn, unit: UnitDep, response: Response) -> PostOut:
    """Take it back from approval."""
    post = await workflow.withdraw_request(unit.session, unit.actor, post_id, body.note, unit.services.clock())
    return await _answer(unit, response, post)


@router.get("/approvals", tags=["approvals"])
async def list_awaiting_approval(unit: UnitDep, page: PageDep) -> ListOut[PostOut]:
    """What awaits approval, oldest first."""
    return await _listed(unit, await queries.list_awaiting_approval(unit.session, cursor=page.cursor, limit=page.limit))


@router.post("/creatives", status_code=201, tags=["creatives"])
async def send_creative(body: CreativeIn, unit: UnitDep, response: Response, key: KeyHeader = None) -> PostOut:
    """For an AI studio: a finished creative becomes a post that awaits approval."""
    unit.actor.require(Role.EDITOR, "send creatives")
    networks, now = unit.services.registry.networks, unit.services.clock()

    async def create() -> PostOut:
        post = await service.create_post(unit.session, unit.actor, unit.account, body, origin=Origin.CREATIVE)
        return await show_post(
            unit.session, await workflow.submit(unit.session, unit.actor, post.id, body.note, networks, now)
        )

    shown = await once(unit, key, "creatives", body, PostOut, create)
    response.headers["ETag"] = f'"{shown.version}"'
    return shown


async def _listed(unit: Unit, posts: Page[Post]) -> ListOut[PostOut]:
    return listed(Page(await show_posts(unit.session, posts.items), posts.next_cursor))
