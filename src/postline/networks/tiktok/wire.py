"""What is sent to begin a post or a draft.

Sources, read 2026-09-11: https://developers.tiktok.com/docs/en/content-posting-api-reference-direct-post,
.../content-posting-api-reference-photo-post, .../content-posting-api-reference-upload-video
"""

from collections.abc import Sequence
from typing import Any

from postline.core.content import PublishOrder
from postline.networks.tiktok.chunks import ChunkPlan
from postline.networks.tiktok.options import TikTokOptions, chosen


def video_body(order: PublishOrder, source: dict[str, Any]) -> dict[str, Any]:
    """A draft takes nothing but the video."""
    options = chosen(order)
    if options.as_draft:
        return {"source_info": source}
    info = {
        "title": order.caption,
        "disable_duet": not options.allow_duet,
        "disable_stitch": not options.allow_stitch,
        "is_aigc": options.is_aigc,
        **_direct_info(options),
    }
    if options.cover_ms is not None:
        info["video_cover_timestamp_ms"] = options.cover_ms
    return {"post_info": info, "source_info": source}


def sent_source(chunks: ChunkPlan) -> dict[str, Any]:
    """A video that is sent in chunks."""
    return {
        "source": "FILE_UPLOAD",
        "video_size": chunks.size_bytes,
        "chunk_size": chunks.chunk_bytes,
        "total_chunk_count": chunks.count,
    }


def pulled_source(url: str) -> dict[str, Any]:
    """A video that TikTok fetches."""
    return {"source": "PULL_FROM_URL", "video_url": url}


def photos_body(order: PublishOrder, urls: Sequence[str]) -> dict[str, Any]:
    """Photos, which TikTok fetches. Title and text of a draft are what its editor begins with."""
    options = chosen(order)
    body: dict[str, Any] = {
        "media_type": "PHOTO",
        "post_mode": "MEDIA_UPLOAD" if options.as_draft else "DIRECT_POST",
        "post_info": {"title": options.title, "description": order.caption},
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_cover_index": options.photo_cover_index,
            "photo_images": list(urls),
        },
    }
    if not options.as_draft:
        body["is_aigc"] = options.is_aigc
        body["post_info"] |= {"auto_add_music": options.auto_add_music, **_direct_info(options)}
    return body


def _direct_info(options: TikTokOptions) -> dict[str, Any]:
    """TikTok's API allows what is not disabled, its rules allow nothing that was not chosen: hence the turn."""
    return {
        "privacy_level": options.privacy_level,
        "disable_comment": not options.allow_comment,
        "brand_content_toggle": options.branded_content,
        "brand_organic_toggle": options.your_brand,
    }
