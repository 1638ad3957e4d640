"""The closed vocabularies that the whole product shares."""

from enum import StrEnum


class NetworkKey(StrEnum):
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TIKTOK = "tiktok"


class ProviderKey(StrEnum):
    """Who grants access: one connection to a provider gives profiles of one or more networks."""

    META = "meta"
    TIKTOK = "tiktok"


class Format(StrEnum):
    FEED = "feed"
    REEL = "reel"
    STORY = "story"


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    VIEWER = "viewer"


class Metric(StrEnum):
    """What networks count. `WATCH_TIME_MS` is in milliseconds, everything else is a count."""

    VIEWS = "views"
    REACH = "reach"
    LIKES = "likes"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVES = "saves"
    CLICKS = "clicks"
    WATCH_TIME_MS = "watch_time_ms"
