"""Which version of the Graph API really serves us: an expired one does not fail, it is served by a later one.

Source: https://developers.facebook.com/docs/graph-api/guides/versioning, read 2026-09-11.
"""

from collections.abc import Mapping
from typing import Final

import structlog

log = structlog.get_logger()

HEADER: Final = "facebook-api-version"


class VersionWatch:
    """Tells in the log what version serves, once and whenever it changes."""

    def __init__(self) -> None:
        self._served: str | None = None

    def note(self, asked: str, headers: Mapping[str, str]) -> None:
        served = headers.get(HEADER)
        if served is None or served == self._served:
            return
        self._served = served
        tell = log.info if served == asked else log.warning
        tell("network.version", asked=asked, served=served)
