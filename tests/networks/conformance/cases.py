"""Every format of every network, once: what is ordered, and the sandbox's name of the call that publishes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any

from postline.core.content import MediaItem, PublishOrder
from postline.core.words import Format, NetworkKey
from postline.networks.http import HttpClient
from postline.networks.registry import MetaApp, Registry, TikTokApp, build
from tests.networks.support import Bytes, order
from tests.support.files import jpeg, mp4

COMMENT = {"first_comment": "Recipe: one bean, much patience. #filter"}
AUDIENCE = {"audience_countries": ["DE", "AT"], "audience_age_min": 18}
TAGS = {"user_tags": [{"username": "northpier", "x": 0.25, "y": 0.5}, {"username": "noor", "media": 2, "x": 1, "y": 0}]}
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}
DRAFT = {"as_draft": True}
PULLS = {"pulls_videos": True}
CHUNKED = {"whole_bytes": 10_000_000, "chunk_bytes": 5_000_000}
META_SECRET, TIKTOK_SECRET = "sandbox-meta-secret", "sandbox-tiktok-secret"


@dataclass(frozen=True)
class Case:
    """`first` and `commit` are the sandbox's names of the first call of the plan, and of the one that publishes.

    `nth`: which of the calls of that name it is. `can_tell_presence` and `can_tell_absence`: whether a look-up settles
    it when the commit's answer is lost. `is_draft`: nothing goes live, a person finishes it in the network's app.
    `tiktok`: how the TikTok app differs from the usual one.
    """

    network: NetworkKey
    build: Callable[[Bytes], PublishOrder]
    first: str
    commit: str
    nth: int = 1
    can_tell_absence: bool = True
    can_tell_presence: bool = True
    is_draft: bool = False
    tiktok: Mapping[str, Any] = field(default_factory=dict)

    def order(self, media: Bytes) -> PublishOrder:
        return self.build(media)


def registry_for(case: Case | None, http: HttpClient, url: str, clock: Callable[[], float] = monotonic) -> Registry:
    """The networks with the apps of a sandbox at `url`, as the case wants them."""
    return build(
        http,
        MetaApp(app_id="sandbox-meta-app", app_secret=META_SECRET, graph_url=url, dialog_url=url, upload_url=url),
        TikTokApp(
            client_key="sandbox-tiktok-key",
            client_secret=TIKTOK_SECRET,
            api_url=url,
            auth_url=url,
            **(case.tiktok if case else {}),
        ),
        clock,
    )


def _photo(media: Bytes, colour: str = "teal") -> MediaItem:
    return media.add(jpeg(colour=colour), "image/jpeg", alt_text=f"All {colour}")


def _video(media: Bytes) -> MediaItem:
    return media.add(mp4(), "video/mp4", video_codec="h264", frame_rate=24.0)


def _large_video(media: Bytes) -> MediaItem:
    """Of more than 10 MB, most of which is padding."""
    small, padding = mp4(), 10_100_000
    padded = small + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8)
    return media.add(padded, "video/mp4", video_codec="h264", frame_rate=24.0)


def _covered(media: Bytes) -> MediaItem:
    return replace(_video(media), cover=media.add(jpeg(width=540, height=960, colour="navy"), "image/jpeg"))


FB, IG, TT = NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM, NetworkKey.TIKTOK

CASES: Mapping[str, Case] = {
    "facebook text": Case(FB, lambda m: order(FB, Format.FEED), "facebook.feed", "facebook.feed"),
    "facebook link": Case(
        FB,
        lambda m: order(FB, Format.FEED, options={"link": "https://example.com/menu"}),
        "facebook.feed",
        "facebook.feed",
    ),
    "facebook text for an audience, with first comment": Case(
        FB, lambda m: order(FB, Format.FEED, options=AUDIENCE | COMMENT), "facebook.feed", "facebook.feed"
    ),
    "facebook photo": Case(FB, lambda m: order(FB, Format.FEED, _photo(m)), "facebook.photos", "facebook.feed"),
    "facebook photos": Case(
        FB,
        lambda m: order(FB, Format.FEED, _photo(m), _photo(m, "plum"), _photo(m, "gold")),
        "facebook.photos",
        "facebook.feed",
    ),
    "facebook photos with first comment": Case(
        FB,
        lambda m: order(FB, Format.FEED, _photo(m), _photo(m, "plum"), options=COMMENT),
        "facebook.photos",
        "facebook.feed",
    ),
    "facebook video": Case(FB, lambda m: order(FB, Format.FEED, _video(m)), "meta.uploads.start", "facebook.videos"),
    "facebook video with cover, for an audience": Case(
        FB, lambda m: order(FB, Format.FEED, _covered(m), options=AUDIENCE), "meta.uploads.start", "facebook.videos"
    ),
    "facebook video with first comment": Case(
        FB, lambda m: order(FB, Format.FEED, _video(m), options=COMMENT), "meta.uploads.start", "facebook.videos"
    ),
    "facebook reel": Case(
        FB, lambda m: order(FB, Format.REEL, _video(m)), "facebook.video_reels.start", "facebook.video_reels.finish"
    ),
    "facebook reel with cover and first comment": Case(
        FB,
        lambda m: order(FB, Format.REEL, _covered(m), options=COMMENT | AUDIENCE),
        "facebook.video_reels.start",
        "facebook.video_reels.finish",
    ),
    "facebook photo story": Case(
        FB, lambda m: order(FB, Format.STORY, _photo(m), caption=""), "facebook.photos", "facebook.photo_stories"
    ),
    "facebook video story": Case(
        FB,
        lambda m: order(FB, Format.STORY, _video(m), caption=""),
        "facebook.video_stories.start",
        "facebook.video_stories.finish",
    ),
    "instagram image": Case(
        IG, lambda m: order(IG, Format.FEED, _photo(m)), "instagram.content_publishing_limit", "instagram.media_publish"
    ),
    "instagram image with first comment": Case(
        IG,
        lambda m: order(IG, Format.FEED, _photo(m), options=COMMENT),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram carousel": Case(
        IG,
        lambda m: order(IG, Format.FEED, _photo(m), _video(m), _photo(m, "gold")),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram carousel with tagged people": Case(
        IG,
        lambda m: order(IG, Format.FEED, _photo(m), _video(m), _photo(m, "gold"), options=TAGS | COMMENT),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram single feed video": Case(
        IG, lambda m: order(IG, Format.FEED, _video(m)), "instagram.content_publishing_limit", "instagram.media_publish"
    ),
    "instagram reel": Case(
        IG,
        lambda m: order(IG, Format.REEL, _video(m), options={"share_to_feed": False, "cover_ms": 500}),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram reel with cover image": Case(
        IG,
        lambda m: order(
            IG,
            Format.REEL,
            _covered(m),
            options={
                "collaborators": ["northpier"],
                "user_tags": [{"username": "noor"}],
                "audio_name": "Harbor at six",
                "trial": "SS_PERFORMANCE",
                "is_paid_partnership": True,
                "first_comment": "Where was this?",
            },
        ),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram image story": Case(
        IG,
        lambda m: order(IG, Format.STORY, _photo(m), caption=""),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "instagram video story": Case(
        IG,
        lambda m: order(IG, Format.STORY, _video(m), caption=""),
        "instagram.content_publishing_limit",
        "instagram.media_publish",
    ),
    "tiktok video": Case(
        TT, lambda m: order(TT, Format.REEL, _video(m), options=PUBLIC), "tiktok.creator_info", "tiktok.upload"
    ),
    "tiktok feed video": Case(
        TT, lambda m: order(TT, Format.FEED, _video(m), options=PUBLIC), "tiktok.creator_info", "tiktok.upload"
    ),
    "tiktok video in chunks": Case(
        TT,
        lambda m: order(TT, Format.REEL, _large_video(m), options=PUBLIC | {"cover_ms": 500}),
        "tiktok.creator_info",
        "tiktok.upload",
        nth=2,
        tiktok=CHUNKED,
    ),
    "tiktok video pulled": Case(
        TT,
        lambda m: order(TT, Format.REEL, _video(m), options=PUBLIC),
        "tiktok.creator_info",
        "tiktok.video_init",
        can_tell_absence=False,
        tiktok=PULLS,
    ),
    "tiktok photos": Case(
        TT,
        lambda m: order(TT, Format.FEED, _photo(m), _photo(m, "plum"), options=PUBLIC),
        "tiktok.creator_info",
        "tiktok.content_init",
        can_tell_absence=False,
    ),
    "tiktok video draft": Case(
        TT,
        lambda m: order(TT, Format.REEL, _video(m), caption="", options=DRAFT),
        "tiktok.inbox_video_init",
        "tiktok.upload",
        is_draft=True,
    ),
    "tiktok video draft pulled": Case(
        TT,
        lambda m: order(TT, Format.REEL, _video(m), caption="", options=DRAFT),
        "tiktok.inbox_video_init",
        "tiktok.inbox_video_init",
        can_tell_absence=False,
        can_tell_presence=False,
        is_draft=True,
        tiktok=PULLS,
    ),
    "tiktok photo draft": Case(
        TT,
        lambda m: order(TT, Format.FEED, _photo(m), _photo(m, "plum"), options=DRAFT | {"title": "Two mornings"}),
        "tiktok.content_init",
        "tiktok.content_init",
        can_tell_absence=False,
        can_tell_presence=False,
        is_draft=True,
    ),
}

# Those that a sandbox's usual app carries and that anybody can see afterwards.
PLAIN: Mapping[str, Case] = {name: case for name, case in CASES.items() if not case.is_draft and not case.tiktok}
