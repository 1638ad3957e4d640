"""One post to one profile: its history, and what a person may decide about it."""

from uuid import UUID

from fastapi import APIRouter

from postline.api.deps import UnitDep
from postline.posts import queries, workflow
from postline.posts.present import show_delivery
from postline.posts.schemas import DeliveryDetail, ResolutionIn

router = APIRouter(prefix="/accounts/{account_id}/deliveries", tags=["deliveries"])


@router.get("/{delivery_id}")
async def read_delivery(delivery_id: UUID, unit: UnitDep) -> DeliveryDetail:
    return await show_delivery(unit.session, await queries.get_delivery(unit.session, delivery_id))


@router.post("/{delivery_id}/resolve")
async def resolve_delivery(delivery_id: UUID, body: ResolutionIn, unit: UnitDep) -> DeliveryDetail:
    """Say what you saw on the network: it is live, or it is not and shall be sent again or given up."""
    delivery = await workflow.resolve(unit.session, unit.actor, delivery_id, body, unit.services.clock())
    await unit.session.flush()
    return await show_delivery(unit.session, delivery)


@router.post("/{delivery_id}/retry")
async def retry_delivery(delivery_id: UUID, unit: UnitDep) -> DeliveryDetail:
    """Try a failed or blocked delivery again."""
    networks, now = unit.services.registry.networks, unit.services.clock()
    delivery = await workflow.retry(unit.session, unit.actor, delivery_id, networks, now)
    await unit.session.flush()
    return await show_delivery(unit.session, delivery)
