"""What the sandbox remembers. Every record is immutable, has an `id`, and holds only values that JSON can carry.

Times are Unix seconds. What something *is* follows from its times (a container is FINISHED once `ready_at` has passed),
so nothing has to run in the background for the world to move on.
"""

from dataclasses import dataclass

PAGE_TASKS = ("ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaUser:
    id: str
    name: str
    page_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """A Business portfolio. The people in it reach its Pages, which their own list of Pages may lack."""

    id: str
    name: str
    person_ids: tuple[str, ...] = ()
    owned_page_ids: tuple[str, ...] = ()
    client_page_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """With a `city` it is a place, too, which posts can name."""

    id: str
    name: str
    username: str
    category: str = "Coffee shop"
    followers: int = 1_200
    instagram_id: str = ""
    tasks: tuple[str, ...] = PAGE_TASKS
    subscribed_fields: tuple[str, ...] = ()
    city: str = "Hamburg"
    latitude: float = 53.5436
    longitude: float = 9.9662


@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramAccount:
    id: str
    username: str
    name: str
    page_id: str
    followers: int = 3_400
    subscribed_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator:
    """A TikTok account; `id` is its open_id."""

    id: str
    union_id: str
    username: str
    nickname: str
    bio: str = ""
    private: bool = False
    comment_disabled: bool = False
    duet_disabled: bool = False
    stitch_disabled: bool = False
    max_video_seconds: int = 600
    banned: bool = False
    old_app: bool = False
    followers: int = 5_100

    @property
    def privacy_level_options(self) -> tuple[str, ...]:
        first = "FOLLOWER_OF_CREATOR" if self.private else "PUBLIC_TO_EVERYONE"
        return (first, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """An authorization code; `person_id` is a Meta user or a TikTok creator."""

    id: str
    network: str
    person_id: str
    scopes: tuple[str, ...]
    page_ids: tuple[str, ...]
    redirect_uri: str
    created_at: float
    declined: tuple[str, ...] = ()
    challenge: str = ""
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """`id` is the token itself. kind: user, page (Meta); access, refresh (TikTok). `expires_at` 0: never.

    `ended` tells why a token is dead before its time: revoked, password, rotated; empty: it is not.
    """

    id: str
    kind: str
    person_id: str
    scopes: tuple[str, ...]
    issued_at: float
    expires_at: float
    page_ids: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    page_id: str = ""
    long_lived: bool = False
    ended: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """An unpublished one is kept for a day, or longer if it is `temporary` until a scheduled post takes it."""

    id: str
    page_id: str
    media: str
    caption: str
    alt_text: str
    created_at: float
    post_id: str = ""
    temporary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUpload:
    """A session of the Resumable Upload API. `handle` names the file once it is whole."""

    id: str
    person_id: str
    size: int
    created_at: float
    media: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A Page's video. purpose: reel, story, feed. `size` 0: not told yet. `failure`: what processing will report.

    `thumbnails` are pictures that were sent, `cover` the preferred one of them.
    """

    id: str
    page_id: str
    purpose: str
    created_at: float
    size: int = 0
    media: str = ""
    uploaded_at: float = 0.0
    finished_at: float = 0.0
    state: str = ""
    description: str = ""
    title: str = ""
    publish_at: float = 0.0
    post_id: str = ""
    failure_code: int = 0
    failure: str = ""
    thumbnails: tuple[str, ...] = ()
    cover: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """An Instagram container. product: FEED, REELS, STORY. `ready_at` 0: bytes have not arrived yet."""

    id: str
    instagram_id: str
    media_type: str
    product: str
    created_at: float
    ready_at: float = 0.0
    caption: str = ""
    alt_text: str = ""
    media: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    is_carousel_item: bool = False
    share_to_feed: bool = True
    resumable: bool = False
    size: int = 0
    video_url: str = ""
    failure: int = 0
    media_id: str = ""
    cover: str = ""
    cover_ms: int = 0
    collaborators: tuple[str, ...] = ()
    tagged: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Something published, or to be: it is live from `live_at` on if `published`. `path` is where its page is.

    The cover is the picture `cover`, the frame at `cover_ms` of a video, or the picture at `cover_index`. `flags` name
    what is on. `place` is a Page's id; `tagged` and `collaborators` are usernames, on Facebook people's ids.
    """

    id: str
    network: str
    profile_id: str
    format: str
    caption: str
    created_at: float
    live_at: float
    path: str
    title: str = ""
    media: tuple[str, ...] = ()
    link: str = ""
    object_ids: tuple[str, ...] = ()
    shortcode: str = ""
    media_type: str = ""
    product: str = ""
    alt_text: str = ""
    privacy: str = ""
    share_to_feed: bool = True
    published: bool = True
    comments_enabled: bool = True
    cover_ms: int = 0
    cover_index: int = 0
    flags: tuple[str, ...] = ()
    cover: str = ""
    collaborators: tuple[str, ...] = ()
    tagged: tuple[str, ...] = ()
    place: str = ""

    @property
    def still(self) -> str:
        """The path of the picture that stands for it; empty without media."""
        if not self.media:
            return ""
        at = f"?at_ms={self.cover_ms}" if self.cover_ms and not self.cover else ""
        return f"/sandbox/still/{self.cover or self.media[self.cover_index]}.jpg{at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: str
    object_id: str
    author_id: str
    author: str
    text: str
    created_at: float
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """A TikTok publish_id. mode: direct, inbox. source: FILE_UPLOAD, PULL_FROM_URL. `received` counts bytes.

    `flags` names what was switched on: disable_comment, is_aigc, …
    """

    id: str
    open_id: str
    mode: str
    media_type: str
    source: str
    created_at: float
    caption: str = ""
    title: str = ""
    privacy: str = ""
    urls: tuple[str, ...] = ()
    size: int = 0
    chunk_size: int = 0
    chunk_count: int = 0
    received: int = 0
    upload_token: str = ""
    committed_at: float = 0.0
    ready_at: float = 0.0
    media: tuple[str, ...] = ()
    failure: str = ""
    post_ids: tuple[str, ...] = ()
    cover_ms: int = 0
    cover_index: int = 0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Facts read from the bytes themselves; `id` is their SHA-256. kind: image, video, unknown. Lengths in pixels.

    `format` is the image's format or the video's codec; `container` mp4, mov, webm or another (FFmpeg's word for it);
    `audio` the codec of the sound, empty without any; `bit_rate` in bits per second, of the whole file.
    """

    id: str
    kind: str
    size: int
    content_type: str
    format: str = ""
    width: int = 0
    height: int = 0
    seconds: float = 0.0
    fps: float = 0.0
    container: str = ""
    audio: str = ""
    bit_rate: int = 0

    @property
    def ratio(self) -> float:
        return self.width / self.height if self.height else 0.0
