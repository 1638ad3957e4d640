"""What the networks can carry, as the composer and programs need to know it."""

from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from postline.api.deps import ServicesDep
from postline.core.capabilities import FormatRules, MediaLimits, TextUnit
from postline.core.words import Format, MediaKind, NetworkKey, ProviderKey
from postline.networks.base import AnyNetwork
from postline.services import Services, meta_app, tiktok_app

router = APIRouter(prefix="/networks", tags=["networks"])


class MediaLimitsOut(BaseModel):
    content_types: list[str]
    size_max_bytes: int | None
    ratio: tuple[float, float] | None
    duration_s: tuple[float, float] | None
    width_min: int | None
    height_min: int | None
    frame_rate: tuple[float, float] | None
    video_codecs: list[str]


class FormatOut(BaseModel):
    count: tuple[int, int]
    kinds: list[MediaKind]
    mixes_kinds: bool
    caption_max: int | None
    takes_cover: bool
    per_day: int | None
    media: dict[MediaKind, MediaLimitsOut]
    note: str


class NetworkOut(BaseModel):
    key: NetworkKey
    name: str
    provider: ProviderKey
    caption_unit: TextUnit
    hashtags_max: int | None
    mentions_max: int | None
    formats: dict[Format, FormatOut]
    missing_formats: dict[Format, str]
    options_schema: dict[str, Any]
    source: str
    read_on: date


class ProviderOut(BaseModel):
    key: ProviderKey
    name: str
    is_configured: bool


class NetworksOut(BaseModel):
    networks: list[NetworkOut]
    providers: list[ProviderOut]


@router.get("")
async def read_networks(services: ServicesDep) -> NetworksOut:
    """The networks' rules, and which apps the operator has configured."""
    return NetworksOut(
        networks=[_network(network) for network in services.registry.networks.values()],
        providers=[
            ProviderOut(key=key, name=provider.name, is_configured=_is_configured(services, key))
            for key, provider in services.registry.providers.items()
        ],
    )


def _is_configured(services: Services, key: ProviderKey) -> bool:
    apps = {ProviderKey.META: meta_app, ProviderKey.TIKTOK: tiktok_app}
    return apps[key](services.settings) is not None


def _network(network: AnyNetwork) -> NetworkOut:
    can = network.capabilities
    return NetworkOut(
        key=network.key,
        name=can.name,
        provider=can.provider,
        caption_unit=can.caption_unit,
        hashtags_max=can.hashtags_max,
        mentions_max=can.mentions_max,
        formats={each: _format(rules) for each, rules in can.formats.items()},
        missing_formats=dict(can.missing_formats),
        options_schema=network.options.model_json_schema(),
        source=can.source,
        read_on=can.read_on,
    )


def _format(rules: FormatRules) -> FormatOut:
    return FormatOut(
        count=rules.count,
        kinds=sorted(rules.media),
        mixes_kinds=rules.mixes_kinds,
        caption_max=rules.caption_max,
        takes_cover=rules.cover is not None,
        per_day=rules.per_day.posts if rules.per_day else None,
        media={kind: _limits(limits) for kind, limits in rules.media.items()},
        note=rules.note,
    )


def _limits(limits: MediaLimits) -> MediaLimitsOut:
    duration = limits.duration
    return MediaLimitsOut(
        content_types=sorted(limits.content_types),
        size_max_bytes=limits.size_max_bytes,
        ratio=limits.ratio,
        duration_s=(duration[0].total_seconds(), duration[1].total_seconds()) if duration else None,
        width_min=limits.width_min,
        height_min=limits.height_min,
        frame_rate=limits.frame_rate,
        video_codecs=sorted(limits.video_codecs),
    )
