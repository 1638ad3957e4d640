"""Everything the sandbox knows, in memory, and the few questions and changes that all networks share."""

import itertools
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from postline.sandbox.records import (
    Business,
    Code,
    Comment,
    Container,
    Creator,
    FileUpload,
    InstagramAccount,
    Media,
    MetaUser,
    Page,
    Photo,
    Post,
    Publish,
    Token,
    Video,
)
from postline.sandbox.settings import DAY, Settings


class Record(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=Record)
Watcher = Callable[[Post | None, Post | None], None]
"""Told of a post before and after a change: nothing before it was made, nothing after it was removed."""


class Table(Generic[R]):
    """Records by id, which remembers what changed since it was last asked."""

    def __init__(self, record: type[R]) -> None:
        self.record = record
        self._rows: dict[str, R] = {}
        self._changed: dict[str, R | None] = {}

    def put(self, row: R) -> R:
        self._rows[row.id] = row
        self._changed[row.id] = row
        return row

    def load(self, row: R) -> None:
        """Take a row that is stored already."""
        self._rows[row.id] = row

    def get(self, row_id: str) -> R | None:
        return self._rows.get(row_id)

    def delete(self, row_id: str) -> R | None:
        self._changed[row_id] = None
        return self._rows.pop(row_id, None)

    def take_changes(self) -> dict[str, R | None]:
        """What was put (or, as None, deleted) since the last call."""
        changes, self._changed = self._changed, {}
        return changes

    def clear(self) -> None:
        for row_id in list(self._rows):
            self.delete(row_id)

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row_id: str) -> R:
        return self._rows[row_id]


class World:
    """The networks' state. `clock` gives Unix seconds; tests may pass their own and move it."""

    def __init__(self, settings: Settings | None = None, clock: Callable[[], float] = time.time) -> None:
        self.settings = settings or Settings()
        self.clock = clock
        self.meta_users: Table[MetaUser] = Table(MetaUser)
        self.businesses: Table[Business] = Table(Business)
        self.pages: Table[Page] = Table(Page)
        self.instagram: Table[InstagramAccount] = Table(InstagramAccount)
        self.creators: Table[Creator] = Table(Creator)
        self.codes: Table[Code] = Table(Code)
        self.tokens: Table[Token] = Table(Token)
        self.photos: Table[Photo] = Table(Photo)
        self.videos: Table[Video] = Table(Video)
        self.file_uploads: Table[FileUpload] = Table(FileUpload)
        self.containers: Table[Container] = Table(Container)
        self.posts: Table[Post] = Table(Post)
        self.comments: Table[Comment] = Table(Comment)
        self.publishes: Table[Publish] = Table(Publish)
        self.media: Table[Media] = Table(Media)
        self.uploads: dict[str, bytearray] = {}
        """Bytes of unfinished uploads, by the id of the video, container, file or publish. Not persisted."""
        self._post_ids: dict[str, list[str]] = {}
        self._paths: dict[str, str] = {}
        self._comment_ids: dict[str, list[str]] = {}
        self._windows: dict[tuple[str, str], deque[float]] = {}
        self.watchers: list[Watcher] = []
        self._ids = itertools.count(time.time_ns() // 1_000)

    @property
    def tables(self) -> tuple[Table[Record], ...]:
        return tuple(value for value in vars(self).values() if isinstance(value, Table))

    def now(self) -> float:
        return self.clock()

    # Names for new things

    def new_id(self, prefix: str = "1") -> str:
        """A numeric id of 17 or more digits, larger than 2**53 as the networks' ids are."""
        return f"{prefix}{next(self._ids):016d}"

    def new_secret(self, prefix: str) -> str:
        return prefix + secrets.token_hex(24)

    # Posts

    def add_post(self, post: Post) -> Post:
        self.index_post(post)
        self.posts.put(post)
        self._tell(None, post)
        return post

    def change_post(self, post: Post) -> Post:
        """Put a changed post in the place of the one with its id."""
        before = self.posts[post.id]
        self.posts.put(post)
        self._tell(before, post)
        return post

    def _tell(self, before: Post | None, after: Post | None) -> None:
        for watcher in self.watchers:
            watcher(before, after)

    def index_post(self, post: Post) -> None:
        self._post_ids.setdefault(post.profile_id, []).append(post.id)
        self._paths[post.path] = post.id

    def remove_post(self, post_id: str) -> None:
        post = self.posts.delete(post_id)
        if post is not None:
            self._post_ids[post.profile_id].remove(post_id)
            self._paths.pop(post.path, None)
            self._tell(post, None)

    def posts_of(self, profile_id: str) -> Iterator[Post]:
        """A profile's posts, the newest first, whether live or not."""
        return (self.posts[post_id] for post_id in reversed(self._post_ids.get(profile_id, [])))

    def post_at(self, path: str) -> Post | None:
        post_id = self._paths.get(path.rstrip("/"))
        return self.posts.get(post_id) if post_id else None

    def is_live(self, post: Post) -> bool:
        now = self.now()
        return post.published and post.live_at <= now and (post.format != "story" or now < post.live_at + DAY)

    def counted_age(self, post: Post) -> float:
        """The age in seconds at which a post's numbers are told: they lag behind as much as is set."""
        return self.now() - post.live_at - self.settings.metrics_lag_seconds

    def live_posts(self) -> list[Post]:
        """All that a visitor of the networks would see now, the newest first."""
        return sorted((post for post in self.posts if self.is_live(post)), key=lambda post: post.live_at, reverse=True)

    def add_comment(self, comment: Comment) -> Comment:
        self.index_comment(comment)
        return self.comments.put(comment)

    def remove_comment(self, comment_id: str) -> None:
        comment = self.comments.delete(comment_id)
        if comment is not None:
            self._comment_ids[comment.object_id].remove(comment_id)

    def index_comment(self, comment: Comment) -> None:
        self._comment_ids.setdefault(comment.object_id, []).append(comment.id)

    def comments_on(self, object_id: str) -> list[Comment]:
        """Comments on a post, a photo or a video, the oldest first."""
        return [self.comments[comment_id] for comment_id in self._comment_ids.get(object_id, ())]

    # Moving windows, for quotas and rates

    def used(self, name: str, key: str, seconds: float) -> int:
        """How often `count` was called for this name and key in the last `seconds`."""
        times = self._windows.get((name, key))
        if times is None:
            return 0
        oldest = self.now() - seconds
        while times and times[0] <= oldest:
            times.popleft()
        return len(times)

    def free_in(self, name: str, key: str, seconds: float, limit: int) -> float:
        """Seconds until fewer than `limit` calls of `count` lie within the last `seconds`; 0: they do so now."""
        if self.used(name, key, seconds) < limit:
            return 0.0
        return self._windows[name, key][-limit] + seconds - self.now()

    def count(self, name: str, key: str, at: float | None = None) -> None:
        times = self._windows.setdefault((name, key), deque())
        while times and times[0] <= self.now() - DAY:
            times.popleft()
        times.append(self.now() if at is None else at)

    def recent_keys(self, name: str, seconds: float) -> set[str]:
        """The keys counted under this name in the last `seconds`."""
        return {key for window, key in list(self._windows) if window == name and self.used(name, key, seconds)}

    def end_tokens(self, chosen: Callable[[Token], bool], reason: str) -> int:
        """Kill tokens before their time (reason: expired, revoked, password, rotated); gives how many."""
        hit = [token for token in self.tokens if chosen(token)]
        for token in hit:
            if reason == "expired":
                self.tokens.put(replace(token, expires_at=self.now() - 1))
            else:
                self.tokens.put(replace(token, ended=reason))
        return len(hit)

    def clear(self) -> None:
        for table in self.tables:
            table.clear()
        self.uploads.clear()
        self._post_ids.clear()
        self._paths.clear()
        self._comment_ids.clear()
        self._windows.clear()
