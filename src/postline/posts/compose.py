"""From what people wrote to what is ordered from each network, and every problem that would have."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from postline.core.content import MediaItem, PublishOrder, content_hash
from postline.core.ids import AssetId, ProfileId
from postline.core.preflight import Problem, Severity, check
from postline.core.words import Format, MediaKind, NetworkKey
from postline.media.models import Asset
from postline.networks.base import AnyNetwork
from postline.posts.models import Delivery, Post, PostMedia, Variant
from postline.profiles.models import Profile, ProfileStatus
from postline.refusals import ProfileProblem, invalid

Networks = Mapping[NetworkKey, AnyNetwork]

NO_PROFILE = Problem("no-profile", "/profile_ids", "Choose at least one profile to publish to.")


def target_deliveries(post: Post) -> list[Delivery]:
    return [delivery for delivery in post.deliveries if delivery.state != "cancelled"]


def orders(post: Post) -> dict[UUID, PublishOrder]:
    """By delivery id: what each target profile gets."""
    variants = {variant.profile_id: variant for variant in post.variants}
    return {
        delivery.id: order_for(
            post.format, post.caption, post.media, delivery.profile, variants.get(delivery.profile_id)
        )
        for delivery in target_deliveries(post)
    }


def order_for(
    format: str, caption: str, media: Sequence[PostMedia], profile: Profile, variant: Variant | None
) -> PublishOrder:
    own_caption = variant.caption if variant and variant.caption is not None else caption
    return PublishOrder(
        network=NetworkKey(profile.network),
        profile_id=ProfileId(profile.id),
        format=Format(format),
        caption=own_caption,
        media=tuple(media_item(used.asset, used.alt_text, used.cover) for used in media),
        options=variant.options if variant else {},
    )


def content_hashes(post: Post) -> dict[str, str]:
    """By profile id: what an approval signs."""
    return {str(order.profile_id): content_hash(order) for order in orders(post).values()}


def preflight(
    found_orders: Iterable[PublishOrder], profiles: Mapping[UUID, Profile], networks: Networks
) -> list[ProfileProblem]:
    """Every problem of every order. No orders at all is a problem too."""
    all_orders = list(found_orders)
    if not all_orders:
        return [ProfileProblem(problem=NO_PROFILE)]
    return [
        ProfileProblem(problem=problem, profile_id=order.profile_id)
        for order in all_orders
        for problem in (*_check_profile(profiles[order.profile_id]), *check_order(order, networks[order.network]))
    ]


def require_publishable(post: Post, networks: Networks) -> dict[UUID, PublishOrder]:
    """The orders by delivery id. Raises Refusal with every problem when there is an error among them."""
    found = orders(post)
    profiles = {delivery.profile_id: delivery.profile for delivery in post.deliveries}
    problems = preflight(found.values(), profiles, networks)
    errors = [each for each in problems if each.problem.severity is Severity.ERROR]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise invalid("preflight-failed", errors[0].problem.message + more, errors[0].problem.field, problems)
    return found


def check_order(order: PublishOrder, network: AnyNetwork) -> list[Problem]:
    """Every rule of the network: those of its table, then those of its own options."""
    problems = check(order, network.capabilities)
    return problems if problems and problems[0].code == "format-not-supported" else [*problems, *network.check(order)]


def _check_profile(profile: Profile) -> list[Problem]:
    match ProfileStatus(profile.status):
        case ProfileStatus.ACTIVE:
            return []
        case ProfileStatus.NEEDS_RECONNECT:
            text = f"{profile.name} must be reconnected first. Ask an administrator to reconnect it."
        case ProfileStatus.UNBOUND:
            text = f"{profile.name} is no longer bound. Leave it out or bind it again."
    return [Problem("profile-not-ready", "/profile_ids", text)]


def media_item(asset: Asset, alt_text: str = "", cover: Asset | None = None) -> MediaItem:
    """A stored file as an order carries it."""
    return MediaItem(
        asset_id=AssetId(asset.id),
        kind=MediaKind(asset.kind),
        content_type=asset.content_type,
        size_bytes=asset.size_bytes,
        sha256=asset.sha256,
        width=asset.width,
        height=asset.height,
        duration_ms=asset.duration_ms,
        video_codec=asset.video_codec,
        audio_codec=asset.audio_codec,
        frame_rate=asset.frame_rate,
        alt_text=alt_text,
        cover=media_item(cover) if cover else None,
    )
