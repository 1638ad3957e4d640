"""What authors may choose, and which choices do not go together."""

from dataclasses import replace
from typing import Any

import pytest

from postline.core.content import MediaItem, PublishOrder
from postline.core.words import Format, NetworkKey
from postline.networks.apps import Posting
from postline.networks.http import HttpClient
from postline.networks.registry import MetaApp, TikTokApp, build
from tests.networks.support import Bytes, order

FB, IG, TT = NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM, NetworkKey.TIKTOK
MEDIA = Bytes()
PHOTO = MEDIA.add(b"x", "image/jpeg", width=1080, height=1080)
VIDEO = MEDIA.add(b"x", "video/mp4")
COVERED = replace(VIDEO, cover=PHOTO)
SELF = {"privacy_level": "SELF_ONLY"}
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}
DRAFT = {"as_draft": True}


def tagged(**where: float) -> dict[str, Any]:
    """Options that tag one person."""
    return {"user_tags": [{"username": "noor.p_1", **where}]}


def tags(count: int, media: int = 0) -> list[dict[str, Any]]:
    """So many people on one of the images."""
    return [{"username": f"guest{place}", "media": media, "x": 0.5, "y": 0.5} for place in range(count)]


def film(mbit: float = 1, **about: Any) -> MediaItem:
    """A video of four seconds with so many million bits a second."""
    return replace(VIDEO, size_bytes=int(mbit * 1_000_000 * 4 / 8), **about)


Found = list[tuple[str, str]]
CASES: dict[str, tuple[PublishOrder, Found]] = {
    "facebook plain": (order(FB, Format.FEED), []),
    "facebook link": (order(FB, Format.FEED, options={"link": "https://example.com"}), []),
    "facebook link and photo": (
        order(FB, Format.FEED, PHOTO, options={"link": "https://example.com"}),
        [("link-with-media", "/options/link")],
    ),
    "facebook link on a reel": (
        order(FB, Format.REEL, VIDEO, options={"link": "https://example.com"}),
        [("option-not-here", "/options/link")],
    ),
    "facebook link that is none": (
        order(FB, Format.FEED, options={"link": "not a link"}),
        [("option-url-parsing", "/options/link")],
    ),
    "facebook unknown option": (
        order(FB, Format.FEED, options={"colour": "red"}),
        [("option-extra-forbidden", "/options/colour")],
    ),
    "facebook first comment at its bound": (order(FB, Format.FEED, options={"first_comment": "x" * 8000}), []),
    "facebook first comment too long": (
        order(FB, Format.FEED, options={"first_comment": "x" * 8001}),
        [("option-string-too-long", "/options/first_comment")],
    ),
    "facebook audience": (
        order(FB, Format.REEL, VIDEO, options={"audience_countries": ["DE", "US"], "audience_age_min": 21}),
        [],
    ),
    "facebook countries in words": (
        order(FB, Format.FEED, options={"audience_countries": ["Germany"]}),
        [("option-country-code", "/options/audience_countries")],
    ),
    "facebook countries in small letters": (
        order(FB, Format.FEED, options={"audience_countries": ["DE", "us"]}),
        [("option-country-code", "/options/audience_countries")],
    ),
    "facebook age that Pages cannot choose": (
        order(FB, Format.FEED, options={"audience_age_min": 19}),
        [("option-literal-error", "/options/audience_age_min")],
    ),
    "facebook story with everything that stories lack": (
        order(
            FB,
            Format.STORY,
            PHOTO,
            options={"first_comment": "x", "audience_countries": ["DE"], "audience_age_min": 18},
        ),
        [
            ("option-not-here", "/options/first_comment"),
            ("option-not-here", "/options/audience_countries"),
            ("option-not-here", "/options/audience_age_min"),
        ],
    ),
    "instagram plain": (order(IG, Format.FEED, PHOTO), []),
    "instagram three collaborators": (order(IG, Format.FEED, PHOTO, options={"collaborators": ["a", "b", "c"]}), []),
    "instagram four collaborators": (
        order(IG, Format.FEED, PHOTO, options={"collaborators": ["a", "b", "c", "d"]}),
        [("option-too-long", "/options/collaborators")],
    ),
    "instagram collaborator with an @": (
        order(IG, Format.FEED, PHOTO, options={"collaborators": ["@noor"]}),
        [("option-string-pattern-mismatch", "/options/collaborators/0")],
    ),
    "instagram collaborators on a story": (
        order(IG, Format.STORY, PHOTO, options={"collaborators": ["a"]}),
        [("option-not-here", "/options/collaborators")],
    ),
    "instagram location and comment on a story": (
        order(IG, Format.STORY, PHOTO, options={"location_id": "12", "first_comment": "x"}),
        [("option-not-here", "/options/location_id"), ("option-not-here", "/options/first_comment")],
    ),
    "instagram location that is no id": (
        order(IG, Format.FEED, PHOTO, options={"location_id": "Hamburg"}),
        [("option-string-pattern-mismatch", "/options/location_id")],
    ),
    "instagram first comment too long": (
        order(IG, Format.FEED, PHOTO, options={"first_comment": "x" * 2201}),
        [("option-string-too-long", "/options/first_comment")],
    ),
    "instagram name of a reel's sound": (order(IG, Format.REEL, VIDEO, options={"audio_name": "Harbor"}), []),
    "instagram name of an image's sound": (
        order(IG, Format.FEED, PHOTO, options={"audio_name": "Harbor"}),
        [("option-not-here", "/options/audio_name")],
    ),
    "instagram name of a story's sound": (
        order(IG, Format.STORY, VIDEO, options={"audio_name": "Harbor"}),
        [("option-not-here", "/options/audio_name")],
    ),
    "instagram tag on an image": (order(IG, Format.FEED, PHOTO, options=tagged(x=0, y=1)), []),
    "instagram tag on an image, nowhere": (
        order(IG, Format.FEED, PHOTO, options=tagged(x=0.5)),
        [("tag-without-place", "/options/user_tags/0")],
    ),
    "instagram tag beside the image": (
        order(IG, Format.FEED, PHOTO, options=tagged(x=0.5, y=1.01)),
        [("option-less-than-equal", "/options/user_tags/0/y")],
    ),
    "instagram tag on a story, nowhere": (order(IG, Format.STORY, PHOTO, options=tagged()), []),
    "instagram tag on a reel": (order(IG, Format.REEL, VIDEO, options=tagged()), []),
    "instagram tag somewhere on a reel": (
        order(IG, Format.REEL, VIDEO, options=tagged(x=0.5, y=0.5)),
        [("tag-with-place", "/options/user_tags/0")],
    ),
    "instagram tag on the second of two images": (
        order(IG, Format.FEED, PHOTO, PHOTO, options=tagged(media=1, x=0.5, y=0.5)),
        [],
    ),
    "instagram tag on an image that is not there": (
        order(IG, Format.FEED, PHOTO, PHOTO, options=tagged(media=2, x=0.5, y=0.5)),
        [("tag-outside-media", "/options/user_tags/0/media")],
    ),
    "instagram tag on a video in a carousel": (
        order(IG, Format.FEED, PHOTO, VIDEO, options=tagged(media=1)),
        [("tag-on-video", "/options/user_tags/0")],
    ),
    "instagram tag with an @": (
        order(IG, Format.FEED, PHOTO, options={"user_tags": [{"username": "@noor", "x": 0, "y": 0}]}),
        [("option-string-pattern-mismatch", "/options/user_tags/0/username")],
    ),
    "instagram twenty tags on one image, one on the other": (
        order(IG, Format.FEED, PHOTO, PHOTO, options={"user_tags": tags(20) + tags(1, media=1)}),
        [],
    ),
    "instagram too many tags on one image": (
        order(IG, Format.FEED, PHOTO, PHOTO, options={"user_tags": tags(21)}),
        [("too-many-tags", "/options/user_tags")],
    ),
    "instagram trial reel": (order(IG, Format.REEL, VIDEO, options={"trial": "MANUAL"}), []),
    "instagram trial image": (
        order(IG, Format.FEED, PHOTO, options={"trial": "MANUAL"}),
        [("option-not-here", "/options/trial")],
    ),
    "instagram trial of another kind": (
        order(IG, Format.REEL, VIDEO, options={"trial": "ALWAYS"}),
        [("option-enum", "/options/trial")],
    ),
    "instagram paid story": (order(IG, Format.STORY, PHOTO, options={"is_paid_partnership": True}), []),
    "instagram video at its bounds": (order(IG, Format.REEL, film(width=1920, audio_codec="aac", mbit=25)), []),
    "instagram video too wide": (order(IG, Format.REEL, film(width=1921)), [("media-too-wide", "/media/0")]),
    "instagram video with other sound": (
        order(IG, Format.STORY, film(audio_codec="opus")),
        [("media-audio-codec", "/media/0")],
    ),
    "instagram video of too many bits": (
        order(IG, Format.FEED, PHOTO, film(mbit=26)),
        [("media-bit-rate", "/media/1")],
    ),
    "facebook reel at its least": (order(FB, Format.REEL, film(width=540, height=960)), []),
    "facebook reel lying at its least": (order(FB, Format.REEL, film(width=960, height=540)), []),
    "facebook reel too small": (
        order(FB, Format.REEL, film(width=540, height=959)),
        [("media-too-small", "/media/0")],
    ),
    "facebook feed video of any size": (order(FB, Format.FEED, film(width=320, height=240)), []),
    "instagram cover image": (order(IG, Format.REEL, COVERED), []),
    "instagram cover image and moment": (
        order(IG, Format.REEL, COVERED, options={"cover_ms": 500}),
        [("cover-chosen-twice", "/options/cover_ms")],
    ),
    "instagram cover image in a carousel": (
        order(IG, Format.FEED, PHOTO, COVERED),
        [("cover-not-used", "/media/1/cover_asset_id")],
    ),
    "instagram cover in the video": (order(IG, Format.REEL, VIDEO, options={"cover_ms": 3999}), []),
    "instagram cover behind the video": (
        order(IG, Format.REEL, VIDEO, options={"cover_ms": 4000}),
        [("cover-outside-video", "/options/cover_ms")],
    ),
    "instagram cover of a photo": (
        order(IG, Format.FEED, PHOTO, options={"cover_ms": 0}),
        [("option-not-here", "/options/cover_ms")],
    ),
    "instagram single video in the feed": (order(IG, Format.FEED, VIDEO), [("becomes-reel", "/format")]),
    "instagram alternative text at its bound": (
        order(IG, Format.FEED, MEDIA.add(b"x", "image/jpeg", alt_text="x" * 1000)),
        [],
    ),
    "instagram alternative text too long": (
        order(IG, Format.FEED, MEDIA.add(b"x", "image/jpeg", alt_text="x" * 1001)),
        [("alt-text-too-long", "/media/0/alt_text")],
    ),
    "tiktok public video": (order(TT, Format.REEL, VIDEO, options=PUBLIC), []),
    "tiktok without a visibility": (
        order(TT, Format.REEL, VIDEO),
        [("option-missing", "/options/privacy_level")],
    ),
    "tiktok unknown visibility": (
        order(TT, Format.REEL, VIDEO, options={"privacy_level": "ALL"}),
        [("option-enum", "/options/privacy_level")],
    ),
    "tiktok disclosure without a choice": (
        order(TT, Format.REEL, VIDEO, options=PUBLIC | {"discloses_commercial": True}),
        [("commercial-content-unclear", "/options/discloses_commercial")],
    ),
    "tiktok choice without disclosure": (
        order(TT, Format.REEL, VIDEO, options=PUBLIC | {"your_brand": True}),
        [("commercial-content-undisclosed", "/options/discloses_commercial")],
    ),
    "tiktok own brand, private": (
        order(TT, Format.REEL, VIDEO, options=SELF | {"discloses_commercial": True, "your_brand": True}),
        [],
    ),
    "tiktok branded and private": (
        order(TT, Format.REEL, VIDEO, options=SELF | {"discloses_commercial": True, "branded_content": True}),
        [("branded-content-private", "/options/privacy_level")],
    ),
    "tiktok video caption at its bound": (order(TT, Format.FEED, VIDEO, caption="x" * 2200, options=PUBLIC), []),
    "tiktok video caption too long": (
        order(TT, Format.FEED, VIDEO, caption="x" * 2199 + "🎉", options=PUBLIC),
        [("caption-too-long", "/caption")],
    ),
    "tiktok photo caption": (order(TT, Format.FEED, PHOTO, caption="x" * 4000, options=PUBLIC), []),
    "tiktok photo title at its bound": (order(TT, Format.FEED, PHOTO, options=PUBLIC | {"title": "x" * 90}), []),
    "tiktok photo title too long": (
        order(TT, Format.FEED, PHOTO, options=PUBLIC | {"title": "x" * 91}),
        [("title-too-long", "/options/title")],
    ),
    "tiktok duet of photos": (
        order(TT, Format.FEED, PHOTO, options=PUBLIC | {"allow_duet": True}),
        [("option-not-here", "/options/allow_duet")],
    ),
    "tiktok cover that is no photo": (
        order(TT, Format.FEED, PHOTO, options=PUBLIC | {"photo_cover_index": 1}),
        [("cover-outside-photos", "/options/photo_cover_index")],
    ),
    "tiktok photo too large": (
        order(TT, Format.FEED, MEDIA.add(b"x", "image/jpeg", width=1081, height=1081), options=PUBLIC),
        [("media-too-wide", "/media/0")],
    ),
    "tiktok cover after the end": (
        order(TT, Format.REEL, VIDEO, options=PUBLIC | {"cover_ms": 4001}),
        [("cover-outside-video", "/options/cover_ms")],
    ),
    "tiktok cover at the end": (order(TT, Format.REEL, VIDEO, options=PUBLIC | {"cover_ms": 4000}), []),
    "tiktok moment of photos": (
        order(TT, Format.FEED, PHOTO, options=PUBLIC | {"cover_ms": 0}),
        [("option-not-here", "/options/cover_ms")],
    ),
    "tiktok photo's choices for a video": (
        order(TT, Format.REEL, VIDEO, options=PUBLIC | {"title": "x", "auto_add_music": True, "photo_cover_index": 1}),
        [("option-not-here", f"/options/{name}") for name in ("title", "auto_add_music", "photo_cover_index")],
    ),
    "tiktok video draft": (order(TT, Format.REEL, VIDEO, caption="", options=DRAFT), []),
    "tiktok video draft with a text": (
        order(TT, Format.REEL, VIDEO, options=DRAFT),
        [("caption-not-shown", "/caption")],
    ),
    "tiktok photo draft with title and cover": (
        order(TT, Format.FEED, PHOTO, PHOTO, options=DRAFT | {"title": "x", "photo_cover_index": 1}),
        [],
    ),
    "tiktok draft with a visibility": (
        order(TT, Format.FEED, PHOTO, options=DRAFT | PUBLIC),
        [("privacy-not-used", "/options/privacy_level")],
    ),
    "tiktok draft with choices of the app": (
        order(
            TT,
            Format.REEL,
            VIDEO,
            caption="",
            options=DRAFT | {"allow_duet": True, "discloses_commercial": True, "is_aigc": True, "cover_ms": 1},
        ),
        [
            ("option-not-here", f"/options/{name}")
            for name in ("allow_duet", "discloses_commercial", "is_aigc", "cover_ms")
        ],
    ),
    "tiktok draft with music, as a video": (
        order(TT, Format.REEL, VIDEO, caption="", options=DRAFT | {"auto_add_music": True}),
        [("option-not-here", "/options/auto_add_music")],
    ),
    "tiktok video too wide": (
        order(TT, Format.REEL, MEDIA.add(b"x", "video/mp4", width=4097, height=2000), options=PUBLIC),
        [("media-too-wide", "/media/0")],
    ),
}


@pytest.mark.parametrize(("chosen", "expected"), CASES.values(), ids=CASES)
def test_choices_are_checked(chosen: PublishOrder, expected: Found) -> None:
    network = build(HttpClient(), None, None).networks[chosen.network]
    problems = network.check(chosen)
    assert [(problem.code, problem.field) for problem in problems] == expected
    assert all(problem.message.endswith(".") for problem in problems)


def test_a_link_that_is_none_is_told_how_to_be_written() -> None:
    network = build(HttpClient(), None, None).networks[FB]
    [problem] = network.check(order(FB, Format.FEED, options={"link": "example.com"}))
    assert problem.message == "Write a whole link, beginning with https://."


AUDIT: dict[str, tuple[dict[str, Any], list[str]]] = {
    "public": (PUBLIC, ["app-not-audited"]),
    "private": (SELF, []),
    "draft": (DRAFT, ["caption-not-shown"]),
}


@pytest.mark.parametrize(("options", "codes"), AUDIT.values(), ids=AUDIT)
def test_an_app_without_audit_may_post_privately_only(options: dict[str, Any], codes: list[str]) -> None:
    app = TikTokApp(client_key="k", client_secret="s", is_audited=False)
    network = build(HttpClient(), None, app).networks[TT]
    assert [problem.code for problem in network.check(order(TT, Format.REEL, VIDEO, options=options))] == codes


APPROVED: dict[str, tuple[Posting, dict[str, Any], list[str]]] = {
    "a direct post with drafts alone": (Posting.DRAFTS, PUBLIC, ["app-not-approved"]),
    "a post without choices with drafts alone": (Posting.DRAFTS, {}, ["app-not-approved"]),
    "a draft with drafts alone": (Posting.DRAFTS, DRAFT, ["caption-not-shown"]),
    "a draft with direct posts alone": (Posting.DIRECT, DRAFT, ["app-not-approved"]),
    "a direct post with direct posts alone": (Posting.DIRECT, PUBLIC, []),
}


@pytest.mark.parametrize(("posting", "options", "codes"), APPROVED.values(), ids=APPROVED)
def test_an_app_may_do_what_tiktok_approved(posting: Posting, options: dict[str, Any], codes: list[str]) -> None:
    app = TikTokApp(client_key="k", client_secret="s", posting=posting)
    problems = build(HttpClient(), None, app).networks[TT].check(order(TT, Format.REEL, VIDEO, options=options))
    assert [problem.code for problem in problems] == codes
    refused = [problem for problem in problems if problem.code == "app-not-approved"]
    assert all("POSTLINE_TIKTOK_POSTING" in each.message and each.field == "/options/as_draft" for each in refused)


UNREACHABLE = {
    "images": (order(IG, Format.FEED, PHOTO, VIDEO, PHOTO), ["/media/0", "/media/2"]),
    "a story's image": (order(IG, Format.STORY, PHOTO), ["/media/0"]),
    "a reel's cover": (order(IG, Format.REEL, COVERED), ["/media/0/cover_asset_id"]),
    "a reel": (order(IG, Format.REEL, VIDEO), []),
    "a story's video": (order(IG, Format.STORY, VIDEO), []),
    "facebook photos": (order(FB, Format.FEED, PHOTO), []),
}


@pytest.mark.parametrize(("chosen", "fields"), UNREACHABLE.values(), ids=UNREACHABLE)
def test_what_instagram_would_fetch_needs_an_address_that_it_can_reach(chosen: PublishOrder, fields: list[str]) -> None:
    def found(*, can_fetch: bool) -> list[str]:
        app = MetaApp(app_id="1", app_secret="s", can_fetch=can_fetch)
        problems = build(HttpClient(), app, None).networks[chosen.network].check(chosen)
        assert all("POSTLINE_PUBLIC_URL" in each.message for each in problems if each.code == "public-url-unreachable")
        return [each.field for each in problems if each.code == "public-url-unreachable"]

    assert found(can_fetch=False) == fields
    assert found(can_fetch=True) == []


PULLED = {
    "photos": (order(TT, Format.FEED, PHOTO, PHOTO, options=PUBLIC), False, ["/media/0", "/media/1"]),
    "a draft's photo": (order(TT, Format.FEED, PHOTO, options=DRAFT), False, ["/media/0"]),
    "a video": (order(TT, Format.REEL, VIDEO, options=PUBLIC), False, []),
    "a video that is pulled": (order(TT, Format.REEL, VIDEO, options=PUBLIC), True, ["/media/0"]),
}


@pytest.mark.parametrize(("chosen", "pulls_videos", "fields"), PULLED.values(), ids=PULLED)
def test_what_tiktok_would_fetch_needs_an_address_that_it_can_reach(
    chosen: PublishOrder, pulls_videos: bool, fields: list[str]
) -> None:
    def found(*, can_fetch: bool) -> list[str]:
        app = TikTokApp(client_key="k", client_secret="s", can_fetch=can_fetch, pulls_videos=pulls_videos)
        problems = build(HttpClient(), None, app).networks[TT].check(chosen)
        assert all("POSTLINE_PUBLIC_URL" in each.message for each in problems if each.code == "public-url-unreachable")
        return [each.field for each in problems if each.code == "public-url-unreachable"]

    assert found(can_fetch=False) == fields
    assert found(can_fetch=True) == []
