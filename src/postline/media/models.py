"""Assets. Their bytes never change: a new file is a new asset."""

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postline.core.words import MediaKind
from postline.db.base import Base, Dated, Identified, Tenant, one_of


class Asset(Identified, Tenant, Dated, Base):
    __tablename__ = "assets"
    __table_args__ = (CheckConstraint(one_of("kind", MediaKind), "kind"),)

    name: Mapped[str]
    kind: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    duration_ms: Mapped[int | None]
    video_codec: Mapped[str | None]
    audio_codec: Mapped[str | None]
    frame_rate: Mapped[float | None]

    @property
    def storage_key(self) -> str:
        return f"{self.account_id}/{self.id}"

    @property
    def thumbnail_key(self) -> str:
        return f"{self.account_id}/{self.id}.thumbnail.jpg"
