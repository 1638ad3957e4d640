"""What an author may choose for a Facebook post.

Sources, read 2026-09-11: https://developers.facebook.com/docs/graph-api/reference/page/feed/,
https://developers.facebook.com/documentation/live-video-api/audience-targeting (the shape of an audience)
"""

import re
from typing import Any, Literal

from pydantic import Field, HttpUrl, field_validator
from pydantic_core import PydanticCustomError

from postline.core.content import PublishOrder
from postline.core.words import Format
from postline.networks.options import Options, shown

COUNTRY = re.compile(r"[A-Z]{2}")
NO_STORY = (Format.FEED, Format.REEL)
COMMENT_MAX = 8_000  # what publishers measure; Meta states no number


class FacebookOptions(Options):
    """`link` makes a link post: Facebook shows a preview of the page behind it."""

    link: HttpUrl | None = Field(
        None,
        title="Link",
        description="A page to show a preview of, below the text.",
        json_schema_extra=shown(Format.FEED, media="none"),
    )
    first_comment: str = Field(
        "",
        max_length=COMMENT_MAX,
        title="First comment",
        description="Written by the Page below its own post, right after it is live.",
        json_schema_extra=shown(*NO_STORY),
    )
    audience_countries: tuple[str, ...] = Field(
        (),
        max_length=25,
        title="Only in these countries",
        description="Two-letter codes, such as DE or US. People elsewhere do not see the post.",
        json_schema_extra=shown(*NO_STORY),
    )
    audience_age_min: Literal[13, 15, 18, 21, 25] | None = Field(
        None,
        title="Only from this age",
        description="Younger people do not see the post.",
        json_schema_extra=shown(*NO_STORY),
    )

    @field_validator("audience_countries")
    @classmethod
    def _are_codes(cls, countries: tuple[str, ...]) -> tuple[str, ...]:
        if not all(COUNTRY.fullmatch(each) for each in countries):
            raise PydanticCustomError("country-code", "Write countries as two capital letters, such as DE or US")
        return countries

    @property
    def targeting(self) -> dict[str, Any]:
        """Whom Meta is to show the post; nothing for everybody."""
        places = {"geo_locations": {"countries": list(self.audience_countries)}} if self.audience_countries else {}
        return places | ({"age_min": self.audience_age_min} if self.audience_age_min is not None else {})


def chosen(order: PublishOrder) -> FacebookOptions:
    """The options of an order that passed its checks."""
    return FacebookOptions.model_validate(dict(order.options))
