"""One notice to one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postline.db.base import Base, Dated, Identified, Tenant


class Notice(Identified, Tenant, Dated, Base):
    """`path`: the page where something can be done about it. `mail_at`: when to mail it next (None: not, or done)."""

    __tablename__ = "notices"
    __table_args__ = (Index("notices_mail_at_ix", "mail_at", postgresql_where="mail_at IS NOT NULL"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    message: Mapped[str]
    path: Mapped[str]
    read_at: Mapped[datetime | None]
    mail_at: Mapped[datetime | None]
