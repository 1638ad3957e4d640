"""Did the commit happen? Answered by what the commit named, or by the Page's own lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from postline.core.content import PublishOrder
from postline.core.outcomes import CannotTell, Found, NotFound
from postline.core.words import Format
from postline.networks.base import Call
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.video_status import fetch_status
from postline.networks.meta.graph import Graph

SEARCH_MARGIN: Final = timedelta(minutes=1)
POST_FIELDS: Final = (
    "id,message,created_time,application,attachments{media_type,target,subattachments{target}},permalink_url"
)

# A text or a link never looks like these.
MEDIA_POSTS: Final = frozenset({"photo", "album", "video"})

Answer = Found[FacebookCheckpoint] | NotFound[FacebookCheckpoint] | CannotTell
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FacebookFinder:
    graph: Graph

    async def find(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Answer:
        if order.format is Format.STORY:
            return await self._find_story(call, checkpoint)
        if checkpoint.video_id is not None:
            return await self._find_video(call, checkpoint)
        return await self._find_post(call, order, checkpoint)

    async def _find_post(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Answer:
        params = {"fields": POST_FIELDS, "since": _since(call, checkpoint), "limit": "25"}
        path = f"{call.target.remote_id}/published_posts"
        answer = await self.graph.get("page.published_posts", path, call.target.access_token, params)
        posts = [post for post in answer.get("data", ()) if self._is_ours(post, order, checkpoint)]
        if len(posts) > 1:
            return CannotTell("The Page shows several posts like this one.")
        if posts:
            found = checkpoint.model_copy(update={"post_id": str(posts[0]["id"]), "waiting_since": None})
            return Found(found, "The Page shows this post.")
        return self._absent(call, checkpoint, "The Page does not show this post.")

    def _is_ours(self, post: Node, order: PublishOrder, checkpoint: FacebookCheckpoint) -> bool:
        """Staged photos are the strongest evidence; without any, the same text posted by our own app."""
        if checkpoint.photo_ids and (attached := _attached_ids(post)):
            return bool(set(checkpoint.photo_ids) & attached)
        if not checkpoint.photo_ids and _media_types(post) & MEDIA_POSTS:
            return False
        app_id = (post.get("application") or {}).get("id")
        is_our_app = app_id is None or str(app_id) == self.graph.ready_app.app_id
        return is_our_app and _folded(post.get("message")) == _folded(order.caption)

    async def _find_video(self, call: Call, checkpoint: FacebookCheckpoint) -> Answer:
        status = await fetch_status(self.graph, call, checkpoint)
        if status.is_under_way or status.failure is not None:
            found = checkpoint.model_copy(update={"waiting_since": None})
            return Found(found, "Facebook has begun to publish this video.")
        if status.is_waiting_for_commit:
            return self._absent(call, checkpoint, "Facebook holds the video and has not begun to publish it.")
        return CannotTell("Facebook processes the video and does not say yet whether it publishes it.")

    async def _find_story(self, call: Call, checkpoint: FacebookCheckpoint) -> Answer:
        media_ids = {checkpoint.video_id, *checkpoint.photo_ids}
        for story in await list_stories(self.graph, call, checkpoint):
            if str(story.get("media_id")) in media_ids:
                found = {"post_id": str(story.get("post_id")), "waiting_since": None}
                return Found(checkpoint.model_copy(update=found), "The Page shows this story.")
        if checkpoint.video_id is not None:
            return await self._find_video(call, checkpoint)
        return self._absent(call, checkpoint, "The Page does not show this story.")

    def _absent(self, call: Call, checkpoint: FacebookCheckpoint, evidence: str) -> Answer:
        """Not there: certain only after the lists have had time. The note goes, so that a new commit is noted anew."""
        if call.now - (checkpoint.commit_noted_at or call.since) < self.graph.ready_app.lists_settle:
            return CannotTell(f"{evidence} It may still appear.")
        anew = checkpoint.model_copy(update={"commit_noted_at": None, "was_sent_before": True})
        return NotFound(anew, evidence)


async def list_stories(graph: Graph, call: Call, checkpoint: FacebookCheckpoint) -> list[Node]:
    """The Page's stories since the commit."""
    params = {"since": _since(call, checkpoint)}
    path = f"{call.target.remote_id}/stories"
    answer = await graph.get("page.stories", path, call.target.access_token, params)
    return list(answer.get("data", ()))


def _since(call: Call, checkpoint: FacebookCheckpoint) -> str:
    """Unix seconds: a minute before the last commit, or before the first one where there were several."""
    began_at = call.since if checkpoint.was_sent_before else checkpoint.commit_noted_at or call.since
    return str(int((began_at - SEARCH_MARGIN).timestamp()))


def _media_types(post: Node) -> set[str]:
    return {str(each.get("media_type")) for each in (post.get("attachments") or {}).get("data", ())}


def _attached_ids(post: Node) -> set[str]:
    attachments = (post.get("attachments") or {}).get("data", ())
    nodes = [*attachments, *(sub for each in attachments for sub in (each.get("subattachments") or {}).get("data", ()))]
    return {str(target["id"]) for node in nodes if (target := node.get("target")) and "id" in target}


def _folded(text: object) -> str:
    return " ".join(str(text or "").split())
