"""What TikTok wants a page that posts to it to show and to ask, in TikTok's own words, for any client of our API.

Source: https://developers.tiktok.com/docs/en/content-sharing-guidelines, read 2026-09-11. `rule` counts as
that page does: 1 the creator, 2 the post's settings, 3 commercial content, 4 the declaration, 5 control.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MUSIC: Final = {
    "Music Usage Confirmation": "https://www.tiktok.com/legal/page/global/music-usage-confirmation/en",
}
BRANDED: Final = {"Branded Content Policy": "https://www.tiktok.com/legal/page/global/bc-policy/en"}
MUSIC_DECLARATION: Final = "By posting, you agree to TikTok's Music Usage Confirmation"
BRANDED_DECLARATION: Final = "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
DISCLOSURE_NEEDED: Final = "You need to indicate if your content promotes yourself, a third party, or both."
BRANDED_NOT_PRIVATE: Final = "Branded content visibility cannot be set to private."
PROMOTIONAL: Final = "Your photo/video will be labeled as 'Promotional content'"
PAID_PARTNERSHIP: Final = "Your photo/video will be labeled as 'Paid partnership'"
PROCESSING_NOTICE: Final = (
    "After posting, it may take a few minutes for the content to process and be visible on the profile."
)
INBOX_NOTICE: Final = (
    "The draft goes to the creator's TikTok inbox. They must open its notification to finish and post it in the app."
)


class When(StrEnum):
    """Which posts a rule is about."""

    ALWAYS = "always"
    VIDEO = "video"
    DIRECT = "direct"  # everything but drafts
    DRAFT = "draft"
    COMMERCIAL = "commercial"  # the disclosure is switched on
    YOUR_BRAND = "your_brand"
    BRANDED = "branded_content"  # alone or with the creator's own brand
    NOT_BRANDED = "not_branded_content"


@dataclass(frozen=True, slots=True)
class Shown:
    """Something to show. `links`: the words within `text` that lead somewhere, and where.

    `is_wording`: the text is TikTok's own and may not be changed; otherwise it says what to show.
    """

    rule: str
    when: When
    text: str
    links: Mapping[str, str] = field(default_factory=dict)
    is_wording: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A choice that the person makes by hand. `option`: its name among the post's options.

    `choices`: the only values, or None for yes or no. `starts_as` None: nothing is preset. `is_off`: shown greyed out,
    as the creator's own settings forbid it. `hint`: TikTok's words beside it, or over it while it cannot be used.
    """

    rule: str
    when: When
    option: str
    starts_as: bool | None = False
    choices: tuple[str, ...] | None = None
    is_off: bool = False
    hint: str = ""


MUST_SHOW: Final = (
    Shown("1a", When.ALWAYS, "The creator's nickname, so that they know where it goes."),
    Shown(
        "1b", When.DIRECT, "That no more can be posted now, to try later, when TikTok says so; then nothing is sent."
    ),
    Shown("1c", When.VIDEO, "That a video longer than this creator may post (`video_max_s`) cannot be sent."),
    Shown("2a", When.DIRECT, "The text, which the person can change, with all preset hashtags in it."),
    Shown("3a", When.COMMERCIAL, DISCLOSURE_NEEDED, is_wording=True),
    Shown("3b", When.YOUR_BRAND, PROMOTIONAL, is_wording=True),
    Shown("3c", When.BRANDED, PAID_PARTNERSHIP, is_wording=True),
    Shown("3d", When.BRANDED, BRANDED_NOT_PRIVATE, is_wording=True),
    Shown("2d, 4", When.NOT_BRANDED, MUSIC_DECLARATION, MUSIC, is_wording=True),
    Shown("4", When.BRANDED, BRANDED_DECLARATION, {**BRANDED, **MUSIC}, is_wording=True),
    Shown("5a", When.ALWAYS, "A preview of what is going to be posted."),
    Shown("5b", When.ALWAYS, "Nothing of ours in the content: no watermark, logo, name, link or promotional text."),
    Shown("5c", When.ALWAYS, "A button that posts; nothing goes to TikTok before the person agreed by it."),
    Shown("5d", When.DIRECT, PROCESSING_NOTICE),
    Shown("5e", When.ALWAYS, "What becomes of the post until it is out."),
    Shown("draft", When.DRAFT, INBOX_NOTICE),
)


def must_ask(
    privacy: tuple[str, ...], *, comment_disabled: bool, duet_disabled: bool, stitch_disabled: bool
) -> tuple[Asked, ...]:
    """The choices of this creator at this moment. `privacy`: all visibilities that may be offered."""
    return (
        Asked(rule="2b", when=When.DIRECT, option="privacy_level", starts_as=None, choices=privacy),
        Asked(rule="2c", when=When.DIRECT, option="allow_comment", is_off=comment_disabled),
        Asked(rule="2c", when=When.VIDEO, option="allow_duet", is_off=duet_disabled),
        Asked(rule="2c", when=When.VIDEO, option="allow_stitch", is_off=stitch_disabled),
        Asked(rule="3a", when=When.DIRECT, option="discloses_commercial", hint=DISCLOSURE_NEEDED),
        Asked(rule="3b", when=When.COMMERCIAL, option="your_brand", hint=PROMOTIONAL),
        Asked(rule="3c, 3d", when=When.COMMERCIAL, option="branded_content", hint=PAID_PARTNERSHIP),
    )
