"""`postline delivery`: what an operator may see and decide about one delivery, whichever account it belongs to.

The same services as the API's, under the same rules; what was done is in the account's activity as the operator's.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import typer
from pydantic import BaseModel, ValidationError
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from postline import runtime
from postline.accounts.actor import Actor
from postline.accounts.service import get_account
from postline.api.deps import MODULE_OFF
from postline.cli_common import Json, clear_errors, console, load_settings
from postline.config import Settings
from postline.core.content import order_from_json
from postline.core.outcomes import Effect
from postline.core.words import NetworkKey, Role
from postline.log import hide
from postline.networks.base import AnyNetwork
from postline.posts import queries, workflow
from postline.posts.models import Delivery
from postline.posts.present import show_delivery
from postline.posts.schemas import DeliveryDetail, ResolutionIn
from postline.refusals import Refusal, Why
from postline.services import Services, open_services

OPERATOR: Final = "Operator"

delivery = typer.Typer(no_args_is_help=True, help="One post on its way to one profile.")
Progress = Literal["done", "open", "to do"]
DeliveryId = Annotated[UUID, typer.Argument(help="From a log line, an incident, or the address of its page.")]


class StepOut(BaseModel):
    name: str
    effect: Effect
    progress: Progress


class Evidence(DeliveryDetail):
    """Everything that is known of a delivery. `checkpoint`: the network's ids so far, without anything secret."""

    account_id: UUID
    account_name: str
    steps: list[StepOut]
    is_committed: bool
    commit_began_at: datetime | None
    incident_at: datetime | None
    lookups: int
    fence: int
    lease_owner: str | None
    approved_hash: str | None
    checkpoint: dict[str, Any]


Act = Callable[[Services, AsyncSession, Actor], Awaitable[Delivery]]


@delivery.command()
def show(delivery_id: DeliveryId, as_json: Json = False) -> None:
    """Show its state, times, steps, journal and what is known of the network's side. Never a token."""

    async def look(_: Services, session: AsyncSession, __: Actor) -> Delivery:
        return await queries.get_delivery(session, delivery_id)

    _print(delivery_id, look, as_json=as_json, while_off=True)


@delivery.command()
def resolve(
    delivery_id: DeliveryId,
    is_live: Annotated[bool, typer.Option("--live/--not-live", help="What you saw on the network.")],
    permalink: Annotated[str | None, typer.Option(help="Where it is, if it is live.")] = None,
    then: Annotated[Literal["send", "cancel"], typer.Option(help="What becomes of it, if it is not live.")] = "send",
    as_json: Json = False,
) -> None:
    """Settle an unconfirmed delivery: it is live, or it is not and is sent again or given up."""
    try:
        given = ResolutionIn(is_live=is_live, permalink=permalink, then=then)
    except ValidationError:
        raise typer.BadParameter("Give a whole address, such as https://…", param_hint="--permalink") from None

    async def decide(services: Services, session: AsyncSession, actor: Actor) -> Delivery:
        return await workflow.resolve(session, actor, delivery_id, given, services.clock())

    _print(delivery_id, decide, as_json=as_json)


@delivery.command()
def retry(delivery_id: DeliveryId, as_json: Json = False) -> None:
    """Try a failed or blocked delivery again, with the post's present content."""

    async def again(services: Services, session: AsyncSession, actor: Actor) -> Delivery:
        networks = services.registry.networks
        return await workflow.retry(session, actor, delivery_id, networks, services.clock())

    _print(delivery_id, again, as_json=as_json)


def _print(delivery_id: UUID, act: Act, *, as_json: bool, while_off: bool = False) -> None:
    with clear_errors():
        settings = load_settings()
        url = runtime.ready_database(settings)
        evidence = asyncio.run(_carry_out(settings, url, delivery_id, act, while_off=while_off))
    if as_json:
        typer.echo(evidence.model_dump_json(indent=2))
        return
    for table in _tables(evidence):
        console.print(table)


async def _carry_out(settings: Settings, url: str, delivery_id: UUID, act: Act, *, while_off: bool) -> Evidence:
    """The act in one transaction of the delivery's own account, and what is known after it. Raises Refusal."""
    async with open_services(settings, url) as services:
        async with services.database.as_worker() as session:
            account_id = await session.scalar(select(Delivery.account_id).where(Delivery.id == delivery_id))
        if account_id is None:
            raise Refusal(Why.NOT_FOUND, "not-found", f"There is no delivery {delivery_id}.")
        actor = Actor(account_id=account_id, name=OPERATOR, role=Role.ADMINISTRATOR)
        async with services.database.as_account(account_id) as session:
            account = await get_account(session, account_id)
            if not (account.is_enabled or while_off):
                raise Refusal(Why.FORBIDDEN, "module-off", MODULE_OFF)
            found = await act(services, session, actor)
            await session.flush()
            return await _evidence(session, found, account.name, services.registry.networks[NetworkKey(found.network)])


async def _evidence(session: AsyncSession, found: Delivery, account_name: str, network: AnyNetwork) -> Evidence:
    detail = await show_delivery(session, found)
    return Evidence(
        **dict(detail),
        account_id=found.account_id,
        account_name=account_name,
        steps=_steps(found, network),
        is_committed=found.is_committed,
        commit_began_at=found.commit_began_at,
        incident_at=found.incident_at,
        lookups=found.lookups,
        fence=found.fence,
        lease_owner=found.lease_owner,
        approved_hash=found.approved_hash,
        checkpoint=hide(found.checkpoint),
    )


def _steps(found: Delivery, network: AnyNetwork) -> list[StepOut]:
    if found.ordered is None:
        return []
    plan = network.plan(order_from_json(found.ordered))
    return [StepOut(name=step.name, effect=step.effect, progress=_progress(found, n)) for n, step in enumerate(plan)]


def _progress(found: Delivery, place: int) -> Progress:
    if place < found.steps_done:
        return "done"
    return "open" if place == found.steps_done and found.open_step else "to do"


def _tables(evidence: Evidence) -> Iterator[Table]:
    facts = Table("", "", show_header=False, title=f"{evidence.profile.name} ({evidence.profile.network})")
    for name, value in _facts(evidence):
        facts.add_row(name, escape(value))
    yield facts
    yield _table("Steps", ("step", "effect", "progress"), [(s.name, s.effect, s.progress) for s in evidence.steps])
    lines = [(_time(entry.at), entry.kind, entry.step or "", entry.message) for entry in evidence.timeline]
    yield _table("Journal", ("at", "what", "step", "told"), lines)


def _facts(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """What there is to tell, in the order an operator asks for it; what is unknown is left out."""
    late = f"{evidence.lateness_ms / 1000:.1f} s" if evidence.lateness_ms is not None else None
    told: dict[str, str | None] = {
        "delivery": str(evidence.id),
        "account": f"{evidence.account_name} ({evidence.account_id})",
        "post": str(evidence.post_id),
        "state": evidence.state,
        "reason": evidence.reason,
        "error code": evidence.error_code,
        "due": _time(evidence.due_at),
        "next act": _time(evidence.next_act_at),
        "first call": _time(evidence.first_call_at),
        "commit began": _time(evidence.commit_began_at),
        "live": _time(evidence.live_at),
        "lateness": late,
        "incident raised": _time(evidence.incident_at),
        "permalink": evidence.permalink,
        "remote id": evidence.remote_id,
        "may be visible": "yes" if evidence.is_committed else "no",
        "attempts": str(evidence.attempts),
        "look-ups": str(evidence.lookups),
        "worker": evidence.lease_owner,
        "checkpoint": json.dumps(evidence.checkpoint) if evidence.checkpoint else None,
    }
    return ((name, value) for name, value in told.items() if value)


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _time(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if value else ""
