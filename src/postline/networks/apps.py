"""The operator's own registrations with Meta and TikTok."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from postline.core.errors import ErrorKind, NetworkError


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaApp:
    """A Meta app. URLs have no trailing slash; `version` is the Graph API's, such as "v26.0".

    `lists_settle`: how long after a commit a Page's lists may still lack what it made. It covers the lag of the lists
    and the two minutes that a call may take to arrive.
    `can_fetch`: whether Meta can reach our public address, where it fetches images. `verify_token`: what a webhook's
    address check must carry; None: no webhook is expected.
    """

    app_id: str
    app_secret: str = field(repr=False)
    verify_token: str | None = field(default=None, repr=False)
    graph_url: str = "https://graph.facebook.com"
    dialog_url: str = "https://www.facebook.com"
    upload_url: str = "https://rupload.facebook.com"
    version: str = "v26.0"
    lists_settle: timedelta = timedelta(minutes=5)
    can_fetch: bool = True


class Posting(StrEnum):
    """What TikTok has approved an app for: direct posts (video.publish), drafts (video.upload), or both."""

    ALL = "all"
    DIRECT = "direct"
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True, kw_only=True)
class TikTokApp:
    """A TikTok app. URLs have no trailing slash.

    `posting`: a scope that is not approved is not asked for, as TikTok would then refuse the whole consent.
    `is_audited` False: TikTok lets it post for private accounts and to themselves only. A video of up to `whole_bytes`,
    10 to 64 MB, is sent in one piece, a larger one in pieces of `chunk_bytes`, 5 to 64 MB. `can_fetch`: whether TikTok
    can reach our public address, where it fetches photos. `pulls_videos`: TikTok fetches videos too, from an address
    that it has verified, instead of being sent them.
    """

    client_key: str
    client_secret: str = field(repr=False)
    api_url: str = "https://open.tiktokapis.com"
    auth_url: str = "https://www.tiktok.com"
    posting: Posting = Posting.ALL
    is_audited: bool = True
    whole_bytes: int = 64_000_000
    chunk_bytes: int = 10_000_000
    can_fetch: bool = True
    pulls_videos: bool = False


def not_configured(name: str, setting: str) -> NetworkError:
    """For a call that needs an app the operator has not registered."""
    text = f"{name} is not configured: its app has to be registered and named by {setting} and its secret."
    return NetworkError(ErrorKind.APP_NOT_READY, "not configured", text, is_definite=True)
