"""Time zones as people give them."""

from postline.core.schedule import UnknownTimeZone, get_zone
from postline.refusals import invalid


def checked_zone(name: str) -> str:
    """The name of a known zone. Raises Refusal."""
    try:
        get_zone(name)
    except UnknownTimeZone as error:
        raise invalid("time-zone-unknown", f"{error}.", "/time_zone") from None
    return name
