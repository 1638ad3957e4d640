"""Profiles as the API shows them."""

from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from postline.core.words import Format, NetworkKey
from postline.networks.registry import CAPABILITIES
from postline.profiles.models import Profile, ProfileStatus


class ProfileIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    connection_id: UUID
    network: NetworkKey
    remote_id: str


class ProfileOut(BaseModel):
    """`formats`: the types of post this profile can carry."""

    id: UUID
    connection_id: UUID
    network: NetworkKey
    remote_id: str
    name: str
    handle: str | None
    avatar_url: str | None
    status: ProfileStatus
    formats: list[Format]

    @classmethod
    def of(cls, profile: Profile) -> Self:
        network = NetworkKey(profile.network)
        return cls(
            id=profile.id,
            connection_id=profile.connection_id,
            network=network,
            remote_id=profile.remote_id,
            name=profile.name,
            handle=profile.handle,
            avatar_url=profile.avatar_url,
            status=ProfileStatus(profile.status),
            formats=list(CAPABILITIES[network].formats),
        )


class RemoteProfileOut(BaseModel):
    """A profile that a connection gives access to; `profile_id` tells that it is bound here."""

    network: NetworkKey
    remote_id: str
    name: str
    handle: str | None
    avatar_url: str | None
    profile_id: UUID | None
