"""What people write, for whom, and how far each copy has got."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Identity, Index, UniqueConstraint, false, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postline.core.states import DeliveryState
from postline.core.words import Format, NetworkKey
from postline.db.base import EMPTY_OBJECT, Base, Dated, Identified, Tenant, one_of
from postline.media.models import Asset
from postline.profiles.models import Profile


class Origin(StrEnum):
    COMPOSER = "composer"
    CREATIVE = "creative"


class Post(Identified, Tenant, Dated, Base):
    """`local_time` is wall-clock time in `time_zone`; the instant it means is on the deliveries."""

    __tablename__ = "posts"
    __table_args__ = (
        CheckConstraint(one_of("format", Format), "format"),
        CheckConstraint(one_of("origin", Origin), "origin"),
    )

    format: Mapped[str]
    caption: Mapped[str]
    local_time: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    time_zone: Mapped[str]
    needs_approval: Mapped[bool]
    origin: Mapped[str] = mapped_column(default=Origin.COMPOSER)
    origin_note: Mapped[str | None]
    author: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    media: Mapped[list["PostMedia"]] = relationship(
        order_by="PostMedia.position", cascade="all, delete-orphan", lazy="raise"
    )
    variants: Mapped[list["Variant"]] = relationship(cascade="all, delete-orphan", lazy="raise")
    deliveries: Mapped[list["Delivery"]] = relationship(
        cascade="all, delete-orphan", lazy="raise", order_by="(Delivery.network, Delivery.id)"
    )


class PostMedia(Tenant, Base):
    """`cover`: the image that stands for this video until it plays."""

    __tablename__ = "post_media"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[UUID] = mapped_column(ForeignKey("assets.id"), index=True)
    cover_asset_id: Mapped[UUID | None] = mapped_column(ForeignKey("assets.id"), index=True)
    alt_text: Mapped[str] = mapped_column(default="")

    asset: Mapped[Asset] = relationship(lazy="raise", foreign_keys=[asset_id])
    cover: Mapped[Asset | None] = relationship(lazy="raise", foreign_keys=[cover_asset_id])


class Variant(Tenant, Base):
    """A post's differences for one profile. `caption` None: the post's own."""

    __tablename__ = "variants"

    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    caption: Mapped[str | None]
    options: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)


MACHINE_ACTS = "state NOT IN ('scheduled', 'publishing') OR run_at IS NOT NULL"
NOBODY_ACTS = "state NOT IN ('held', 'published', 'failed', 'blocked', 'cancelled') OR run_at IS NULL"


IN_ANY_LANE = f"{one_of('network', NetworkKey)} AND is_upload IN (false, true)"
BEGUN = "run_at <> due_at OR state = 'unconfirmed'"  # a machine has begun it and it has not ended


class Delivery(Identified, Tenant, Dated, Base):
    """One post to one profile: the content as ordered, how far it got, and the publishing queue's entry in one row.

    `run_at` is when a machine acts next (scheduled: due, poll or retry; publishing: the lease ends; unconfirmed: the
    next look-up), None when none does. `fence` grows with each claim and each withdrawal by a person: a worker whose
    fence is old can write nothing. `open_step` is the step whose call may be under way, and `commit_began_at` when the
    intent of the latest call that may make it visible was stored. `is_upload`: it carries so much that it waits for a
    place among the uploads, so that it delays nothing small. `incident_at`: when its lateness was reported.

    Few indexes on purpose, and none on what changes between two calls: those updates stay inside their page (HOT).
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("post_id", "profile_id"),
        CheckConstraint(one_of("state", DeliveryState), "state"),
        CheckConstraint(one_of("network", NetworkKey), "network"),
        CheckConstraint(MACHINE_ACTS, "machine_acts"),
        CheckConstraint(NOBODY_ACTS, "nobody_acts"),
        Index("deliveries_run_at_ix", "network", "is_upload", "run_at", postgresql_where="run_at IS NOT NULL"),
        Index("deliveries_metrics_at_ix", "metrics_at", postgresql_where="metrics_at IS NOT NULL"),
        Index("deliveries_due_ix", "account_id", "due_at"),
        Index("deliveries_profile_ix", "profile_id", "due_at"),
        Index("deliveries_begun_ix", "due_at", postgresql_where=BEGUN),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    post_id: Mapped[UUID] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    profile_id: Mapped[UUID] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    network: Mapped[str]
    state: Mapped[str] = mapped_column(default=DeliveryState.HELD)
    due_at: Mapped[datetime | None]
    run_at: Mapped[datetime | None]

    ordered: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    content_hash: Mapped[str | None]
    approved_hash: Mapped[str | None]
    needs_approval: Mapped[bool] = mapped_column(default=False)
    is_upload: Mapped[bool] = mapped_column(server_default=false())

    fence: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_owner: Mapped[str | None]
    checkpoint: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    steps_done: Mapped[int] = mapped_column(default=0)
    open_step: Mapped[str | None]
    open_effect: Mapped[str | None]
    is_committed: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    lookups: Mapped[int] = mapped_column(default=0)

    first_call_at: Mapped[datetime | None]
    commit_began_at: Mapped[datetime | None]
    live_at: Mapped[datetime | None]
    remote_id: Mapped[str | None]
    permalink: Mapped[str | None]
    error_code: Mapped[str | None]
    reason: Mapped[str | None]
    incident_at: Mapped[datetime | None]

    metrics_at: Mapped[datetime | None]
    metrics_rung: Mapped[int] = mapped_column(default=0)

    profile: Mapped[Profile] = relationship(lazy="raise")


class JournalEntry(Base):
    """One line of a delivery's history: what was about to be done, what came of it, what a person decided.

    No foreign keys: lines are written with the delivery they tell of, never change, and outlive it.
    """

    __tablename__ = "journal"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[UUID]
    delivery_id: Mapped[UUID] = mapped_column(index=True)
    fence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    kind: Mapped[str]
    step: Mapped[str | None]
    message: Mapped[str]
