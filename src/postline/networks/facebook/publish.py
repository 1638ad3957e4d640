"""How a Page's posts are published: everything is prepared unseen, then one call makes it visible.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/pages-api/posts,
https://developers.facebook.com/documentation/video-api/guides/reels-publishing,
https://developers.facebook.com/documentation/video-api/page-stories-api
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Effect, Found, Receipt, Restart, Waiting
from postline.core.words import Format, MediaKind
from postline.networks.base import Call, Step
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.find import FacebookFinder, list_stories
from postline.networks.facebook.options import FacebookOptions
from postline.networks.facebook.uploads import FacebookUploads
from postline.networks.facebook.video_status import fetch_status
from postline.networks.http import text_of
from postline.networks.meta.errors import codes
from postline.networks.meta.graph import Graph
from postline.networks.polling import ask, is_worth_waiting, still_processing, wait, waited

Fields = dict[str, Any]
Outcome = Done[FacebookCheckpoint] | Waiting[FacebookCheckpoint] | Restart[FacebookCheckpoint] | Receipt

COMMIT_NOTE_LASTS: Final = timedelta(minutes=1)
PROCESSING_MAX: Final = timedelta(hours=2)
LISTED_MAX: Final = timedelta(minutes=10)
DUPLICATE_CODES: Final = (506, 1366051)


@dataclass(frozen=True, slots=True)
class FacebookPublisher:
    """The steps of every format. Publishing calls are those that Meta says make something visible."""

    graph: Graph
    uploads: FacebookUploads
    finder: FacebookFinder

    def plan(self, order: PublishOrder) -> Sequence[Step[FacebookCheckpoint]]:
        has_video = any(item.kind is MediaKind.VIDEO for item in order.media)
        if order.format is Format.REEL:
            return [
                Step("start_upload", Effect.REPEATABLE, self.uploads.start_reel),
                Step("upload_video", Effect.REPEATABLE, self.uploads.upload_video),
                Step("publish_reel", Effect.ONCE, self._publish_reel),
                Step("wait_video", Effect.READ, self._wait_video),
            ]
        if order.format is Format.STORY:
            prepare = (
                [
                    Step("start_upload", Effect.REPEATABLE, self.uploads.start_story),
                    Step("upload_video", Effect.REPEATABLE, self.uploads.upload_video),
                    Step("wait_upload", Effect.READ, self.uploads.wait_upload),
                ]
                if has_video
                else [Step("stage_photos", Effect.REPEATABLE, self.uploads.stage_photos)]
            )
            return [
                *prepare,
                Step("publish_story", Effect.ONCE, self._publish_story),
                Step("read_story", Effect.READ, self._read_story),
            ]
        if has_video:
            return [
                Step("start_upload", Effect.REPEATABLE, self.uploads.start_pieces),
                Step("upload_video", Effect.REPEATABLE, self.uploads.upload_pieces),
                Step("publish_video", Effect.ONCE, self._publish_video),
                Step("wait_video", Effect.READ, self._wait_video),
            ]
        first = (
            Step("stage_photos", Effect.REPEATABLE, self.uploads.stage_photos)
            if order.media
            else Step("note_commit", Effect.READ, _note_commit)
        )
        return [
            first,
            Step("publish_post", Effect.ONCE, self._publish_post),
            Step("read_post", Effect.READ, self._read_post),
        ]

    async def _publish_post(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        if (noted := _note_first(call, checkpoint)) is not None:
            return noted
        options = FacebookOptions.model_validate(dict(order.options))
        fields: Fields = {"message": order.caption, "published": True}
        if options.link is not None:
            fields["link"] = str(options.link)
        if checkpoint.photo_ids:
            fields["attached_media"] = [{"media_fbid": photo_id} for photo_id in checkpoint.photo_ids]
        try:
            answer = await self._post(call, "page.feed", "feed", fields)
        except NetworkError as error:
            return await self._settle_duplicate(error, call, order, checkpoint)
        return Done(checkpoint.model_copy(update={"post_id": text_of(answer, "id", "Facebook"), "waiting_since": None}))

    async def _settle_duplicate(
        self, error: NetworkError, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint
    ) -> Outcome:
        """Facebook refuses to repeat a post; the one it means may be an earlier try of this very one."""
        if not set(DUPLICATE_CODES) & set(codes(error)):
            raise error
        found = await self.finder.find(call, order, checkpoint)
        if isinstance(found, Found):
            return Done(found.checkpoint)
        if checkpoint.was_sent_before:
            raise NetworkError(ErrorKind.AMBIGUOUS, error.code, f"{error.message} {found.evidence}")
        raise error

    async def _publish_video(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        if (noted := _note_first(call, checkpoint)) is not None:
            return noted
        fields = {
            "upload_phase": "finish",
            "upload_session_id": checkpoint.upload_session_id,
            "description": order.caption,
        }
        await self._finish(call, checkpoint, "videos", fields)
        return Done(checkpoint.model_copy(update={"waiting_since": None}))

    async def _publish_reel(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        if (noted := _note_first(call, checkpoint)) is not None:
            return noted
        fields = {
            "upload_phase": "finish",
            "video_id": checkpoint.video_id,
            "video_state": "PUBLISHED",
            "description": order.caption,
        }
        await self._finish(call, checkpoint, "video_reels", fields)
        return Done(checkpoint.model_copy(update={"waiting_since": None}))

    async def _publish_story(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        if (noted := _note_first(call, checkpoint)) is not None:
            return noted
        if checkpoint.video_id is not None:
            fields = {"upload_phase": "finish", "video_id": checkpoint.video_id}
            answer = await self._finish(call, checkpoint, "video_stories", fields)
        else:
            try:
                fields = {"photo_id": checkpoint.photo_ids[0]}
                answer = await self._post(call, "page.photo_stories", "photo_stories", fields)
            except NetworkError as error:
                return await self._settle_duplicate(error, call, order, checkpoint)
        post_id = str(answer["post_id"]) if answer.get("post_id") else None
        return Done(checkpoint.model_copy(update={"post_id": post_id, "waiting_since": None}))

    async def _finish(self, call: Call, checkpoint: FacebookCheckpoint, edge: str, fields: Fields) -> Fields:
        """Publish an uploaded video. A refusal is believed only if an earlier call has not begun it already."""
        try:
            answer = await self._post(call, f"page.{edge}.finish", edge, fields)
            if answer.get("success") is False:
                text = "Facebook did not accept the video. Convert it to MP4 with H.264 and try again."
                raise NetworkError(ErrorKind.CONTENT_REJECTED, "not_accepted", text, is_definite=True)
        except NetworkError as error:
            refused = error.kind is ErrorKind.CONTENT_REJECTED and error.is_definite
            if not refused or not (await fetch_status(self.graph, call, checkpoint)).is_under_way:
                raise
            return {}
        return answer

    async def _read_post(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        post_id = checkpoint.post_id or ""
        try:
            params = {"fields": "id,permalink_url,created_time"}
            found = await self.graph.get("post.read", post_id, call.target.access_token, params)
        except NetworkError as error:
            if is_worth_waiting(error, checkpoint, call.now):
                return wait(checkpoint, call.now, "The post is live; Facebook does not show its address yet.")
            return Receipt(post_id, None)
        # The documented form of a post's address: https://developers.facebook.com/documentation/pages-api/posts
        permalink = found.get("permalink_url") or f"https://www.facebook.com/{post_id}"
        created = found.get("created_time")
        return Receipt(post_id, permalink, datetime.fromisoformat(created) if created else None)

    async def _wait_video(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        video_id, status = checkpoint.video_id or "", await ask(fetch_status(self.graph, call, checkpoint))
        if status.failure is not None:
            raise status.failure
        if not status.is_published:
            if waited(checkpoint, call.now) > PROCESSING_MAX:
                raise still_processing("Facebook")
            return wait(checkpoint, call.now, "Facebook accepted the video and processes it.")
        if order.format is Format.REEL:
            return Receipt(video_id, status.permalink or f"https://www.facebook.com/reel/{video_id}")
        if status.post_id is None and waited(checkpoint, call.now) < LISTED_MAX:
            return wait(checkpoint, call.now, "The video is live; Facebook does not show its post yet.")
        post_id = status.post_id or video_id
        if status.post_id is not None and "_" not in post_id:
            post_id = f"{call.target.remote_id}_{post_id}"
        return Receipt(post_id, status.permalink or f"https://www.facebook.com/{post_id}")

    async def _read_story(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        media_id = checkpoint.video_id or checkpoint.photo_ids[0]
        failure: NetworkError | None = None
        try:
            stories = await list_stories(self.graph, call, checkpoint)
            story = next((each for each in stories if str(each.get("media_id")) == media_id), None)
            if story is not None:
                return Receipt(str(story.get("post_id") or checkpoint.post_id or media_id), story.get("url"))
            if checkpoint.video_id is not None:
                failure = (await fetch_status(self.graph, call, checkpoint)).failure
        except NetworkError as error:
            if not is_worth_waiting(error, checkpoint, call.now):
                return Receipt(checkpoint.post_id or media_id, None)
        if failure is not None:
            raise failure
        if waited(checkpoint, call.now) < LISTED_MAX:
            return wait(checkpoint, call.now, "Facebook accepted the story and does not list it yet.")
        return Receipt(checkpoint.post_id or media_id, None)

    async def _post(self, call: Call, endpoint: str, edge: str, fields: Fields) -> Fields:
        return await self.graph.post(endpoint, f"{call.target.remote_id}/{edge}", call.target.access_token, fields)


async def _note_commit(call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
    return Done(checkpoint.model_copy(update={"commit_noted_at": call.now}))


def _note_first(call: Call, checkpoint: FacebookCheckpoint) -> Waiting[FacebookCheckpoint] | None:
    """Store when the commit is about to be sent, unless that was stored just now.

    A look-up that finds nothing means "not sent" only once the network's lists have caught up with that time.
    """
    noted_at = checkpoint.commit_noted_at
    if noted_at is not None and call.now - noted_at <= COMMIT_NOTE_LASTS:
        return None
    noted = checkpoint.model_copy(update={"commit_noted_at": call.now, "waiting_since": None})
    return Waiting(noted, timedelta(0), "Everything is prepared; the post is sent now.")
