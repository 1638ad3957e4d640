"""Did the commit happen? Answered by what the commit named, or by the Page's own lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import CannotTell, Found, NotFound
from postline.core.words import Format
from postline.networks.base import Call
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.video_status import fetch_status
from postline.networks.meta.graph import Graph
from postline.networks.meta.paging import Listing, Node, read_list

SEARCH_MARGIN: Final = timedelta(minutes=1)
POST_FIELDS: Final = (
    "id,message,created_time,application,attachments{media_type,target,subattachments{target}},permalink_url"
)
VIDEO_FIELDS: Final = "id,description,created_time,length"
LENGTH_TOLERANCE_S: Final = 1.5

# A text or a link never looks like these.
MEDIA_POSTS: Final = frozenset({"photo", "album", "video"})

Answer = Found[FacebookCheckpoint] | NotFound[FacebookCheckpoint] | CannotTell


@dataclass(frozen=True, slots=True)
class FacebookFinder:
    graph: Graph

    async def find(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Answer:
        if order.format is Format.STORY:
            return await self._find_story(call, checkpoint)
        if checkpoint.video_id is not None:
            return await self._find_video(call, checkpoint)
        if checkpoint.file_handle is not None:
            return await self._find_new_video(call, order, checkpoint)
        return await self._find_post(call, order, checkpoint)

    async def _find_post(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Answer:
        since = _since(call, checkpoint)
        params = {"fields": POST_FIELDS, "since": str(since), "limit": "25"}
        listing = await _read(self.graph, call, "published_posts", params, lambda post: _is_since(post, since))
        posts = [post for post in listing.nodes if self._is_ours(post, order, checkpoint)]
        if len(posts) > 1:
            return CannotTell("The Page shows several posts like this one.")
        if posts:
            found = checkpoint.model_copy(update={"post_id": str(posts[0]["id"]), "waiting_since": None})
            return Found(found, "The Page shows this post.")
        return self._absent(call, checkpoint, listing, "The Page does not show this post.")

    def _is_ours(self, post: Node, order: PublishOrder, checkpoint: FacebookCheckpoint) -> bool:
        """Staged photos are the strongest evidence; without any, the same text posted by our own app."""
        if checkpoint.photo_ids and (attached := _attached_ids(post)):
            return bool(set(checkpoint.photo_ids) & attached)
        if not checkpoint.photo_ids and _media_types(post) & MEDIA_POSTS:
            return False
        app_id = (post.get("application") or {}).get("id")
        is_our_app = app_id is None or str(app_id) == self.graph.ready_app.app_id
        return is_our_app and _folded(post.get("message")) == _folded(order.caption)

    async def _find_new_video(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Answer:
        """A feed video has no id of its own before it is published: the newest of the Page tell."""
        since = _since(call, checkpoint)
        params = {"type": "uploaded", "fields": VIDEO_FIELDS, "limit": "25"}
        try:
            listing = await _read(self.graph, call, "videos", params, lambda video: _is_since(video, since))
        except NetworkError as error:
            # Meta's pages disagree on whether this list can be read.
            if error.kind is not ErrorKind.CONTENT_REJECTED:
                raise
            return CannotTell("Facebook does not show the Page's videos.")
        videos = [video for video in listing.nodes if _is_this_video(video, order)]
        if len(videos) > 1:
            return CannotTell("The Page has several videos like this one.")
        if videos:
            found = checkpoint.model_copy(update={"video_id": str(videos[0]["id"]), "waiting_since": None})
            return Found(found, "The Page has this video.")
        return self._absent(call, checkpoint, listing, "The Page does not have this video.")

    async def _find_video(self, call: Call, checkpoint: FacebookCheckpoint) -> Answer:
        status = await fetch_status(self.graph, call, checkpoint)
        if status.is_under_way or status.failure is not None:
            found = checkpoint.model_copy(update={"waiting_since": None})
            return Found(found, "Facebook has begun to publish this video.")
        if status.is_waiting_for_commit:
            return self._settle(call, checkpoint, "Facebook holds the video and has not begun to publish it.")
        return CannotTell("Facebook processes the video and does not say yet whether it publishes it.")

    async def _find_story(self, call: Call, checkpoint: FacebookCheckpoint) -> Answer:
        media_ids = {checkpoint.video_id, *checkpoint.photo_ids}
        listing = await list_stories(self.graph, call, checkpoint)
        for story in listing.nodes:
            if str(story.get("media_id")) in media_ids:
                found = {"post_id": str(story.get("post_id")), "waiting_since": None}
                return Found(checkpoint.model_copy(update=found), "The Page shows this story.")
        if checkpoint.video_id is not None:
            return await self._find_video(call, checkpoint)
        return self._absent(call, checkpoint, listing, "The Page does not show this story.")

    def _absent(self, call: Call, checkpoint: FacebookCheckpoint, listing: Listing, evidence: str) -> Answer:
        """Not in a list: says something only about a list that was read to its end."""
        if not listing.is_whole:
            return CannotTell("The Page has published so much since that its lists cannot be looked through.")
        return self._settle(call, checkpoint, evidence)

    def _settle(self, call: Call, checkpoint: FacebookCheckpoint, evidence: str) -> Answer:
        """Not there: certain only after the lists have had time."""
        if call.now - (call.commit_began_at or call.since) < self.graph.ready_app.lists_settle:
            return CannotTell(f"{evidence} It may still appear.")
        return NotFound(checkpoint.model_copy(update={"was_sent_before": True}), evidence)


async def list_stories(graph: Graph, call: Call, checkpoint: FacebookCheckpoint) -> Listing:
    """The Page's stories since the commit."""
    params = {"since": str(_since(call, checkpoint))}
    return await _read(graph, call, "stories", params, lambda story: True)


async def _read(
    graph: Graph, call: Call, edge: str, params: Mapping[str, str], is_wanted: Callable[[Node], bool]
) -> Listing:
    async def page(asked: Mapping[str, str]) -> Node:
        return await graph.get(f"page.{edge}", f"{call.target.remote_id}/{edge}", call.target.access_token, asked)

    return await read_list(page, params, is_wanted)


def _since(call: Call, checkpoint: FacebookCheckpoint) -> int:
    """Unix seconds: a minute before the last commit, or before the first call where there were several commits."""
    began_at = call.since if checkpoint.was_sent_before else call.commit_began_at or call.since
    return int((began_at - SEARCH_MARGIN).timestamp())


def _is_since(node: Node, since: int) -> bool:
    """Lists are asked for what is new, and not every one of Meta's heeds that."""
    created = node.get("created_time")
    return created is not None and datetime.fromisoformat(created).timestamp() >= since


def _is_this_video(video: Node, order: PublishOrder) -> bool:
    """The same text, and as long, where Facebook tells how long it is yet."""
    length, ordered_ms = video.get("length"), order.media[0].duration_ms
    is_as_long = not length or ordered_ms is None or abs(length - ordered_ms / 1000) <= LENGTH_TOLERANCE_S
    return is_as_long and _folded(video.get("description")) == _folded(order.caption)


def _media_types(post: Node) -> set[str]:
    return {str(each.get("media_type")) for each in (post.get("attachments") or {}).get("data", ())}


def _attached_ids(post: Node) -> set[str]:
    attachments = (post.get("attachments") or {}).get("data", ())
    nodes = [*attachments, *(sub for each in attachments for sub in (each.get("subattachments") or {}).get("data", ()))]
    return {str(target["id"]) for node in nodes if (target := node.get("target")) and "id" in target}


def _folded(text: object) -> str:
    return " ".join(str(text or "").split())
