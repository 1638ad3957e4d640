"""Every format of every network, once: what is ordered, and the sandbox's name of the call that publishes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from postline.core.content import MediaItem, PublishOrder
from postline.core.words import Format, NetworkKey
from tests.networks.support import Bytes, order
from tests.support.files import jpeg, mp4

COMMENT = {"first_comment": "Recipe: one bean, much patience. #filter"}
AUDIENCE = {"audience_countries": ["DE", "AT"], "audience_age_min": 18}
TAGS = {"user_tags": [{"username": "northpier", "x": 0.25, "y": 0.5}, {"username": "noor", "media": 2, "x": 1, "y": 0}]}
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}


@dataclass(frozen=True)
class Case:
    """`first` and `commit` are the sandbox's names of the first call of the plan, and of the one that publishes."""

    network: NetworkKey
    build: Callable[[Bytes], PublishOrder]
    first: str
    commit: str
    can_tell_absence: bool = True

    def order(self, media: Bytes) -> PublishOrder:
        return self.build(media)


def _photo(media: Bytes, colour: str = "teal") -> MediaItem:
    return media.add(jpeg(colour=colour), "image/jpeg", alt_text=f"All {colour}")


def _video(media: Bytes) -> MediaItem:
    return media.add(mp4(), "video/mp4", video_codec="h264", frame_rate=24.0)


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
    "tiktok photos": Case(
        TT,
        lambda m: order(TT, Format.FEED, _photo(m), _photo(m, "plum"), options=PUBLIC),
        "tiktok.creator_info",
        "tiktok.content_init",
        can_tell_absence=False,
    ),
}
