"""How a Page's posts are published: everything is prepared unseen, then one call makes it visible.

Sources, read 2026-09-11: https://developers.facebook.com/documentation/pages-api/posts,
https://developers.facebook.com/documentation/video-api/guides/reels-publishing,
https://developers.facebook.com/documentation/video-api/page-stories-api
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from postline.core.content import PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Effect, Found, Receipt, Restart, Waiting
from postline.core.words import Format, MediaKind
from postline.networks.base import Call, Step
from postline.networks.bodies import file_body
from postline.networks.facebook.checkpoint import FacebookCheckpoint
from postline.networks.facebook.find import FacebookFinder, list_stories
from postline.networks.facebook.options import chosen
from postline.networks.facebook.uploads import FacebookUploads
from postline.networks.facebook.video_status import fetch_status
from postline.networks.http import text_of
from postline.networks.meta.comments import FirstComment, then_comment
from postline.networks.meta.errors import codes
from postline.networks.meta.graph import Graph
from postline.networks.polling import ask, is_worth_waiting, still_processing, wait, waited

Fields = dict[str, Any]
Outcome = Done[FacebookCheckpoint] | Waiting[FacebookCheckpoint] | Restart[FacebookCheckpoint] | Receipt

PROCESSING_MAX: Final = timedelta(hours=2)
LISTED_MAX: Final = timedelta(minutes=10)
DUPLICATE_CODES: Final = (506, 1366051)
BY_VIDEO: Final = "The call names a video that is uploaded already, and the video's status tells whether it happened."
BY_PHOTOS: Final = "The call names photos that are staged already; the Page's posts are searched for them."
BY_PHOTO: Final = "The call names a photo that is staged already; the Page's stories are searched for it."
BY_TEXT: Final = "The Page's posts are searched for the text, by our app and since the call; Facebook refuses twins."
BY_LIST: Final = (
    "The call names a file that is uploaded already; the Page's videos are searched for its text and length."
)


@dataclass(frozen=True, slots=True)
class FacebookPublisher:
    """The steps of every format. Publishing calls are those that Meta says make something visible."""

    graph: Graph
    uploads: FacebookUploads
    finder: FacebookFinder
    comments: FirstComment

    def plan(self, order: PublishOrder) -> Sequence[Step[FacebookCheckpoint]]:
        """What is prepared, what publishes it, and what is read of the live post; then its first comment, if any."""
        has_video = any(item.kind is MediaKind.VIDEO for item in order.media)
        match order.format:
            case Format.REEL:
                steps = self._plan_reel(has_cover=any(item.cover is not None for item in order.media))
            case Format.STORY:
                steps = self._plan_story(has_video=has_video)
            case Format.FEED:
                steps = self._plan_video() if has_video else self._plan_post(order)
        if order.options.get("first_comment"):
            steps.append(Step("write_comment", Effect.REPEATABLE, self._write_comment))
        return steps

    def _plan_reel(self, *, has_cover: bool) -> list[Step[FacebookCheckpoint]]:
        cover = [Step("set_cover", Effect.REPEATABLE, self.uploads.set_cover)] if has_cover else []
        return [
            Step("start_upload", Effect.REPEATABLE, self.uploads.start_reel),
            Step("upload_video", Effect.REPEATABLE, self.uploads.upload_video),
            *cover,
            Step("publish_reel", Effect.ONCE, self._publish_reel, BY_VIDEO),
            Step("wait_video", Effect.READ, self._wait_video),
        ]

    def _plan_story(self, *, has_video: bool) -> list[Step[FacebookCheckpoint]]:
        video = [
            Step("start_upload", Effect.REPEATABLE, self.uploads.start_story),
            Step("upload_video", Effect.REPEATABLE, self.uploads.upload_video),
            Step("wait_upload", Effect.READ, self.uploads.wait_upload),
        ]
        photo = [Step("stage_photos", Effect.REPEATABLE, self.uploads.stage_photos)]
        return [
            *(video if has_video else photo),
            Step("publish_story", Effect.ONCE, self._publish_story, BY_VIDEO if has_video else BY_PHOTO),
            Step("read_story", Effect.READ, self._read_story),
        ]

    def _plan_video(self) -> list[Step[FacebookCheckpoint]]:
        return [
            Step("start_upload", Effect.REPEATABLE, self.uploads.start_session),
            Step("upload_video", Effect.REPEATABLE, self.uploads.upload_file),
            Step("publish_video", Effect.ONCE, self._publish_video, BY_LIST),
            Step("wait_video", Effect.READ, self._wait_video),
        ]

    def _plan_post(self, order: PublishOrder) -> list[Step[FacebookCheckpoint]]:
        photos = [Step("stage_photos", Effect.REPEATABLE, self.uploads.stage_photos)] if order.media else []
        return [
            *photos,
            Step("publish_post", Effect.ONCE, self._publish_post, BY_PHOTOS if order.media else BY_TEXT),
            Step("read_post", Effect.READ, self._read_post),
        ]

    async def _publish_post(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        options = chosen(order)
        fields: Fields = {"message": order.caption, "published": True}
        if options.link is not None:
            fields["link"] = str(options.link)
        if options.targeting:
            fields["targeting"] = options.targeting
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
        item, path, token = order.media[0], f"{call.target.remote_id}/videos", call.target.access_token
        fields: Fields = {"fbuploader_video_file_chunk": checkpoint.file_handle, "description": order.caption}
        targeting = chosen(order).targeting
        if item.cover is None:
            told = fields | ({"targeting": targeting} if targeting else {})
            answer = await self.graph.post("page.videos", path, token, told)
        else:
            # A form with a file holds objects as JSON text.
            told = fields | ({"targeting": json.dumps(targeting)} if targeting else {})
            cover = file_body(call.media, item.cover)
            answer = await self.graph.post_file("page.videos", path, token, told, "thumb", cover)
        made = {"video_id": text_of(answer, "id", "Facebook"), "waiting_since": None}
        return Done(checkpoint.model_copy(update=made))

    async def _publish_reel(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        fields: Fields = {
            "upload_phase": "finish",
            "video_id": checkpoint.video_id,
            "video_state": "PUBLISHED",
            "description": order.caption,
        }
        if targeting := chosen(order).targeting:
            fields["targeting"] = targeting
        await self._finish(call, checkpoint, "video_reels", fields)
        return Done(checkpoint.model_copy(update={"waiting_since": None}))

    async def _publish_story(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
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
            return self._live(call, order, checkpoint, Receipt(post_id, None))
        # The documented form of a post's address: https://developers.facebook.com/documentation/pages-api/posts
        permalink = found.get("permalink_url") or f"https://www.facebook.com/{post_id}"
        created = found.get("created_time")
        live_at = datetime.fromisoformat(created) if created else None
        return self._live(call, order, checkpoint, Receipt(post_id, permalink, live_at))

    async def _wait_video(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        video_id, status = checkpoint.video_id or "", await ask(fetch_status(self.graph, call, checkpoint))
        if status.failure is not None:
            raise status.failure
        if not status.is_published:
            if waited(checkpoint, call.now) > PROCESSING_MAX:
                raise still_processing("Facebook")
            return wait(checkpoint, call.now, "Facebook accepted the video and processes it.")
        if order.format is Format.REEL:
            receipt = Receipt(video_id, status.permalink or f"https://www.facebook.com/reel/{video_id}")
            return self._live(call, order, checkpoint, receipt)
        if status.post_id is None and waited(checkpoint, call.now) < LISTED_MAX:
            return wait(checkpoint, call.now, "The video is live; Facebook does not show its post yet.")
        post_id = status.post_id or video_id
        if status.post_id is not None and "_" not in post_id:
            post_id = f"{call.target.remote_id}_{post_id}"
        receipt = Receipt(post_id, status.permalink or f"https://www.facebook.com/{post_id}")
        return self._live(call, order, checkpoint, receipt)

    async def _read_story(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        media_id = checkpoint.video_id or checkpoint.photo_ids[0]
        failure: NetworkError | None = None
        try:
            stories = await list_stories(self.graph, call, checkpoint)
            story = next((each for each in stories.nodes if str(each.get("media_id")) == media_id), None)
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

    def _live(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint, receipt: Receipt) -> Outcome:
        return then_comment(call, checkpoint, receipt, chosen(order).first_comment)

    async def _write_comment(self, call: Call, order: PublishOrder, checkpoint: FacebookCheckpoint) -> Outcome:
        return await self.comments.write(call, checkpoint, chosen(order).first_comment)

    async def _post(self, call: Call, endpoint: str, edge: str, fields: Fields) -> Fields:
        return await self.graph.post(endpoint, f"{call.target.remote_id}/{edge}", call.target.access_token, fields)
