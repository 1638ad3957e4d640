"""What an author may choose for a Facebook post."""

from pydantic import Field, HttpUrl

from postline.core.content import PublishOrder
from postline.core.preflight import Problem
from postline.core.words import Format
from postline.networks.options import Options, read_options


class FacebookOptions(Options):
    """`link` makes a link post: Facebook shows a preview of the page behind it."""

    link: HttpUrl | None = Field(None, title="Link", description="A page to show a preview of, below the text.")


def check_options(order: PublishOrder) -> list[Problem]:
    options, problems = read_options(FacebookOptions, order)
    if options is None or options.link is None:
        return problems
    if order.format is not Format.FEED:
        return [Problem("option-not-here", "/options/link", f"A {order.format} carries no link. Remove the link.")]
    if order.media:
        return [Problem("link-with-media", "/options/link", "Facebook shows a link or media, not both. Remove one.")]
    return []
