"""How Instagram posts are published: containers are made and filled unseen, then one of them is published by its id.

Source: https://developers.facebook.com/documentation/instagram-platform/content-publishing, read 2026-09-11.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from postline.core.content import MediaItem, PublishOrder
from postline.core.errors import ErrorKind, NetworkError
from postline.core.outcomes import Done, Effect, Receipt, Restart, Waiting
from postline.core.words import Format, MediaKind
from postline.networks.base import Call, Step
from postline.networks.bodies import file_body
from postline.networks.http import text_of
from postline.networks.instagram.checkpoint import InstagramCheckpoint
from postline.networks.instagram.container import UPLOAD_FIELDS, Container, ContainerState, read_container
from postline.networks.instagram.find import UNRESOLVED, find_media
from postline.networks.instagram.options import InstagramOptions, chosen
from postline.networks.instagram.quota import read_quota
from postline.networks.meta.comments import FirstComment, then_comment
from postline.networks.meta.errors import codes
from postline.networks.meta.graph import Graph
from postline.networks.meta.resumable import is_refused_upload, send_rest
from postline.networks.polling import begin_anew, is_worth_waiting, wait, waited

Outcome = Done[InstagramCheckpoint] | Waiting[InstagramCheckpoint] | Restart[InstagramCheckpoint] | Receipt
Fields = dict[str, Any]

PROCESSING_MAX: Final = timedelta(hours=2)
NOT_READY: Final = 9007
NOT_FOUND: Final = 24
SUSPECTED_SPAM: Final = (4, 2207051)
STALLED: Final = NetworkError(
    ErrorKind.TRANSIENT, "container_stalled", "Instagram does not finish preparing the media.", is_definite=True
)
OCTETS: Final = "application/octet-stream"
NO_COMMENT: Final = (
    "The first comment could not be written: Instagram does not tell the post's id. Write it by hand in the app."
)
SAFETY: Final = "The call names a container, and the container's status tells whether it was published."
SPAM_MESSAGE: Final = (
    "Instagram suspects spam and did not publish the post. Open the app to see why, and wait some hours before "
    "sending it again."
)


@dataclass(frozen=True, slots=True)
class InstagramPublisher:
    graph: Graph
    comments: FirstComment

    def plan(self, order: PublishOrder) -> Sequence[Step[InstagramCheckpoint]]:
        steps = [
            Step("check_quota", Effect.READ, self._check_quota),
            Step("create_containers", Effect.REPEATABLE, self._create_containers),
        ]
        if any(item.kind is MediaKind.VIDEO for item in order.media):
            steps.append(Step("upload_videos", Effect.REPEATABLE, self._upload_videos))
        if len(order.media) > 1:
            steps += [
                Step("wait_items", Effect.READ, self._wait_items),
                Step("create_carousel", Effect.REPEATABLE, self._create_carousel),
            ]
        steps += [
            Step("wait_container", Effect.READ, self._wait_container),
            Step("publish_container", Effect.ONCE, self._publish_container, SAFETY),
            Step("read_permalink", Effect.READ, self._read_permalink),
        ]
        if order.options.get("first_comment"):
            steps.append(Step("write_comment", Effect.REPEATABLE, self._write_comment))
        return steps

    async def _check_quota(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        """Known before anything is prepared: containers are counted too, and a full day costs no try."""
        try:
            quota = await read_quota(self.graph, call.target)
        except NetworkError as error:
            if error.kind is not ErrorKind.CONTENT_REJECTED:
                raise
            return Done(checkpoint)  # A refused question is no reason not to publish.
        if quota.is_used_up:
            raise quota.refusal
        return Done(checkpoint)

    async def _create_containers(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        item_ids, upload_urls = [], []
        for place, item in enumerate(order.media):
            fields = _item_fields(call, order, place, item)
            answer = await self._post(call, "media.create", "media", fields)
            item_ids.append(text_of(answer, "id", "Instagram"))
            upload_urls.append(self._upload_url(answer) if item.kind is MediaKind.VIDEO else "")
        made: Fields = {"item_ids": tuple(item_ids), "upload_urls": tuple(upload_urls)}
        if len(item_ids) == 1:
            made["container_id"] = item_ids[0]
        return Done(checkpoint.model_copy(update=made))

    def _upload_url(self, answer: Fields) -> str:
        app = self.graph.ready_app
        return str(answer.get("uri") or f"{app.upload_url}/ig-api-upload/{app.version}/{answer['id']}")

    async def _upload_videos(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        for item, item_id, url in zip(order.media, checkpoint.item_ids, checkpoint.upload_urls, strict=True):
            if not url:
                continue
            try:
                await self._upload_video(call, item, item_id, url)
            except NetworkError as error:
                if not is_refused_upload(error):
                    raise
                return begin_anew(checkpoint, error)
        return Done(checkpoint)

    async def _upload_video(self, call: Call, item: MediaItem, item_id: str, url: str) -> None:
        async def received() -> int:
            container = await read_container(self.graph, call, item_id, UPLOAD_FIELDS)
            return item.size_bytes if container.is_uploaded else container.bytes_transferred

        async def send(offset: int) -> None:
            if offset < item.size_bytes:
                rest = file_body(call.media, item, offset, content_type=OCTETS)
                await self.graph.upload("media.upload", url, call.target.access_token, rest, offset)

        await send_rest(0, send, received)

    async def _wait_items(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        for item_id in checkpoint.item_ids:
            container = await read_container(self.graph, call, item_id)
            if container.state is not ContainerState.FINISHED:
                return _not_finished(container, call, checkpoint)
        return Done(checkpoint.model_copy(update={"waiting_since": None}))

    async def _create_carousel(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        fields = {"media_type": "CAROUSEL", "children": ",".join(checkpoint.item_ids), "caption": order.caption}
        answer = await self._post(call, "media.create_carousel", "media", fields | _shared_fields(chosen(order)))
        return Done(checkpoint.model_copy(update={"container_id": text_of(answer, "id", "Instagram")}))

    async def _wait_container(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        container = await read_container(self.graph, call, checkpoint.container_id or "")
        if container.state is ContainerState.PUBLISHED:
            return Done(checkpoint.model_copy(update={"waiting_since": None, "is_published": True}))
        if container.state is ContainerState.FINISHED:
            return Done(checkpoint.model_copy(update={"waiting_since": None}))
        return _not_finished(container, call, checkpoint)

    async def _publish_container(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        if checkpoint.is_published:
            return Done(checkpoint)
        fields = {"creation_id": checkpoint.container_id}
        try:
            answer = await self._post(call, "media.publish", "media_publish", fields)
        except NetworkError as error:
            return await self._settle_refusal(error, call, checkpoint)
        published = {"is_published": True, "media_id": text_of(answer, "id", "Instagram"), "waiting_since": None}
        return Done(checkpoint.model_copy(update=published))

    async def _settle_refusal(self, error: NetworkError, call: Call, checkpoint: InstagramCheckpoint) -> Outcome:
        """Some refusals only mean "not yet" or "not this container"; one has been seen on posts that are live."""
        code = codes(error)[0]
        if code == NOT_READY and waited(checkpoint, call.now) < PROCESSING_MAX:
            return wait(checkpoint, call.now, error.message)
        is_refused = error.kind is ErrorKind.CONTENT_REJECTED and error.is_definite
        if code != NOT_FOUND and codes(error) != SUSPECTED_SPAM and not is_refused:
            raise error
        container = await read_container(self.graph, call, checkpoint.container_id or "")
        if container.state is ContainerState.PUBLISHED:
            return Done(checkpoint.model_copy(update={"is_published": True, "waiting_since": None}))
        if codes(error) == SUSPECTED_SPAM:
            raise NetworkError(ErrorKind.CONTENT_REJECTED, error.code, SPAM_MESSAGE, is_definite=True)
        if code == NOT_FOUND and container.state in (ContainerState.EXPIRED, ContainerState.ERROR):
            return begin_anew(checkpoint, error)
        raise error

    async def _read_permalink(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        tokens = (call.target.access_token, call.target.user_token)
        try:
            media_id = checkpoint.media_id or await find_media(self.graph, call, order)
            if media_id is not None:
                params = {"fields": "id,permalink,timestamp"}
                node = await self.graph.read("media.read", media_id, tokens, params)
                stamp = node.get("timestamp")
                live_at = datetime.fromisoformat(stamp) if stamp else None
                return self._live(call, order, checkpoint, Receipt(media_id, node.get("permalink"), live_at))
            error = NetworkError(ErrorKind.TRANSIENT, "not_listed", "Instagram does not list the post yet.")
        except NetworkError as failure:
            error = failure
        if is_worth_waiting(error, checkpoint, call.now):
            return wait(checkpoint, call.now, "The post is live; Instagram does not show its address yet.")
        remote_id = checkpoint.media_id or f"{UNRESOLVED}{checkpoint.container_id}"
        return self._live(call, order, checkpoint, Receipt(remote_id, None))

    def _live(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint, receipt: Receipt) -> Outcome:
        comment = chosen(order).first_comment
        if comment and receipt.remote_id.startswith(UNRESOLVED):
            return replace(receipt, note=NO_COMMENT)
        return then_comment(call, checkpoint, receipt, comment)

    async def _write_comment(self, call: Call, order: PublishOrder, checkpoint: InstagramCheckpoint) -> Outcome:
        return await self.comments.write(call, checkpoint, chosen(order).first_comment)

    async def _post(self, call: Call, endpoint: str, edge: str, fields: Fields) -> Fields:
        return await self.graph.post(endpoint, f"{call.target.remote_id}/{edge}", call.target.access_token, fields)


def _item_fields(call: Call, order: PublishOrder, place: int, item: MediaItem) -> Fields:
    """The container of one of the order's media, as Instagram wants it for this kind of post."""
    options = chosen(order)
    is_video = item.kind is MediaKind.VIDEO
    fields: Fields = {"upload_type": "resumable"} if is_video else {"image_url": call.media.public_url(item.asset_id)}
    if tags := _tags(options, place):
        fields["user_tags"] = tags
    if not is_video and item.alt_text and order.format is not Format.STORY:
        fields["alt_text"] = item.alt_text
    if order.format is Format.STORY:
        return {"media_type": "STORIES"} | fields | _labels(options)
    if len(order.media) > 1:
        return ({"media_type": "VIDEO"} if is_video else {}) | fields | {"is_carousel_item": True}
    fields |= {"caption": order.caption} | _shared_fields(options)
    return fields | _reel_fields(call, order, item) if is_video else fields


def _reel_fields(call: Call, order: PublishOrder, item: MediaItem) -> Fields:
    options = chosen(order)
    shared = order.format is Format.FEED or options.share_to_feed
    fields: Fields = {"media_type": "REELS", "share_to_feed": shared}
    if item.cover is not None:
        fields["cover_url"] = call.media.public_url(item.cover.asset_id)
    elif options.cover_ms is not None:
        fields["thumb_offset"] = options.cover_ms
    if options.audio_name:
        fields["audio_name"] = options.audio_name
    if options.trial is not None:
        fields["trial_params"] = {"graduation_strategy": options.trial}
    return fields


def _tags(options: InstagramOptions, place: int) -> list[Fields]:
    here = (tag for tag in options.user_tags if tag.media == place)
    return [tag.model_dump(include={"username", "x", "y"}, exclude_none=True) for tag in here]


def _shared_fields(options: InstagramOptions) -> Fields:
    """What a post of its own carries, and not the items of a carousel."""
    given: Fields = {"collaborators": list(options.collaborators), "location_id": options.location_id}
    return {name: value for name, value in given.items() if value} | _labels(options)


def _labels(options: InstagramOptions) -> Fields:
    labels = {"is_ai_generated": options.is_ai_generated, "is_paid_partnership": options.is_paid_partnership}
    return {name: True for name, is_on in labels.items() if is_on}


def _not_finished(container: Container, call: Call, checkpoint: InstagramCheckpoint) -> Outcome:
    failure = container.failure
    if container.state is ContainerState.EXPIRED:
        text = "The prepared media has expired. Postline prepares it again."
        failure = NetworkError(ErrorKind.TRANSIENT, "container_expired", text, is_definite=True)
    if failure is not None:
        if failure.kind is ErrorKind.TRANSIENT:
            return begin_anew(checkpoint, failure)
        raise NetworkError(failure.kind, failure.code, failure.message, failure.retry_after, is_definite=True)
    if waited(checkpoint, call.now) > PROCESSING_MAX:
        return begin_anew(checkpoint, STALLED)
    return wait(checkpoint, call.now, "Instagram prepares the media.")
