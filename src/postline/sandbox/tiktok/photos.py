"""Content Posting API: photo posts and photo drafts, which are always pulled from addresses.

Source: https://developers.tiktok.com/docs/en/content-posting-api-reference-photo-post, read 2026-11-24.
"""

from typing import Final

from postline.sandbox.calls import Answer, Call
from postline.sandbox.endpoints import Endpoint
from postline.sandbox.params import Param
from postline.sandbox.records import Publish
from postline.sandbox.tiktok.creators import check_direct_post, check_draft, check_rate, creator_of, flags, utf16_units
from postline.sandbox.tiktok.errors import api_error, refuse, success
from postline.sandbox.tiktok.posting import begin_pull, check_ownership

TITLE_MAX: Final = 90
DESCRIPTION_MAX: Final = 4_000
PHOTOS_MAX: Final = 35


async def init_photos(call: Call) -> Answer:
    world, params, creator = call.world, call.params, creator_of(call)
    check_rate(call, "tiktok.inits", world.settings.tiktok_inits_per_minute)
    title, description = params["post_info.title"], params["post_info.description"]
    urls = params["source_info.photo_images"]
    if utf16_units(title) > TITLE_MAX or utf16_units(description) > DESCRIPTION_MAX:
        raise refuse("invalid_params", f"title may have {TITLE_MAX}, description {DESCRIPTION_MAX} UTF-16 units")
    if not 1 <= len(urls) <= PHOTOS_MAX:
        raise refuse("invalid_params", f"photo_images must hold 1 to {PHOTOS_MAX} URLs")
    if not 0 <= params["source_info.photo_cover_index"] < len(urls):
        raise refuse("invalid_params", "photo_cover_index is out of range")
    direct, privacy = params["post_mode"] == "DIRECT_POST", params["post_info.privacy_level"]
    scope = "video.publish" if direct else "video.upload"
    if scope not in call.caller.scopes:
        raise refuse("scope_not_authorized", "The user did not authorize the scope required for this request.")
    if direct and not privacy:
        raise refuse("invalid_params", "post_info.privacy_level is required")
    if direct and params["post_info.brand_content_toggle"] and privacy == "SELF_ONLY":
        raise refuse("invalid_params", "Branded content cannot be private")
    if not direct and creator.old_app:
        raise refuse("app_version_check_failed", "The user's TikTok app must be of version 31.8 or later")
    check_ownership(world, urls)
    if direct:
        check_direct_post(call, creator, privacy)
        world.count("tiktok.posts", creator.id)
    else:
        check_draft(call, creator)
    publish = world.publishes.put(
        Publish(
            id=f"p_pub_url~v2.{world.new_id('7')}",
            open_id=creator.id,
            mode="direct" if direct else "inbox",
            media_type="PHOTO",
            source="PULL_FROM_URL",
            created_at=world.now(),
            caption=description,
            title=title,
            privacy=privacy,
            urls=tuple(urls),
            cover_index=params["source_info.photo_cover_index"],
            flags=flags(params) if direct else (),
        )
    )
    begin_pull(call.sandbox, publish)
    return success({"publish_id": publish.id})


ENDPOINTS = (
    Endpoint(
        name="tiktok.content_init",
        method="POST",
        path="/v2/post/publish/content/init/",
        handler=init_photos,
        envelope=api_error,
        scopes=("video.publish", "video.upload"),
        params=(
            Param("media_type", "string", required=True, choices=("PHOTO",)),
            Param("post_mode", "string", required=True, choices=("DIRECT_POST", "MEDIA_UPLOAD")),
            Param("is_aigc", "bool", default=False),
            Param("post_info.title", "string", default=""),
            Param("post_info.description", "string", default=""),
            Param("post_info.privacy_level", "string", default=""),
            Param("post_info.disable_comment", "bool", default=False),
            Param("post_info.auto_add_music", "bool", default=False),
            Param("post_info.brand_content_toggle", "bool", default=False),
            Param("post_info.brand_organic_toggle", "bool", default=False),
            Param("source_info.source", "string", required=True, choices=("PULL_FROM_URL",)),
            Param("source_info.photo_images", "list of strings", required=True),
            Param("source_info.photo_cover_index", "int32", required=True),
        ),
    ),
)
