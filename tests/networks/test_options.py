"""What authors may choose, and which choices do not go together."""

from typing import Any

import pytest

from postline.core.content import PublishOrder
from postline.core.words import Format, NetworkKey
from postline.networks.http import HttpClient
from postline.networks.registry import TikTokApp, build
from tests.networks.support import Bytes, order

FB, IG, TT = NetworkKey.FACEBOOK, NetworkKey.INSTAGRAM, NetworkKey.TIKTOK
MEDIA = Bytes()
PHOTO = MEDIA.add(b"x", "image/jpeg", width=1080, height=1080)
VIDEO = MEDIA.add(b"x", "video/mp4")
SELF = {"privacy_level": "SELF_ONLY"}
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}

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
    "instagram plain": (order(IG, Format.FEED, PHOTO), []),
    "instagram three collaborators": (order(IG, Format.FEED, PHOTO, options={"collaborators": ["a", "b", "c"]}), []),
    "instagram four collaborators": (
        order(IG, Format.FEED, PHOTO, options={"collaborators": ["a", "b", "c", "d"]}),
        [("option-too-long", "/options/collaborators")],
    ),
    "instagram collaborators on a story": (
        order(IG, Format.STORY, PHOTO, options={"collaborators": ["a"]}),
        [("option-not-here", "/options/collaborators")],
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


AUDIT: dict[str, tuple[dict[str, Any], list[str]]] = {"public": (PUBLIC, ["app-not-audited"]), "private": (SELF, [])}


@pytest.mark.parametrize(("options", "codes"), AUDIT.values(), ids=AUDIT)
def test_an_app_without_audit_may_post_privately_only(options: dict[str, Any], codes: list[str]) -> None:
    app = TikTokApp(client_key="k", client_secret="s", is_audited=False)
    network = build(HttpClient(), None, app).networks[TT]
    assert [problem.code for problem in network.check(order(TT, Format.REEL, VIDEO, options=options))] == codes
