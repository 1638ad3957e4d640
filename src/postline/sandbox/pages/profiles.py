"""The sandbox's front page (what is live on every profile) and the page of a single post."""

from datetime import UTC, datetime
from html import escape

from postline.sandbox.calls import Answer
from postline.sandbox.context import Sandbox
from postline.sandbox.growth import number
from postline.sandbox.live import Profile, comments_below, profiles
from postline.sandbox.pages.layout import COLOURS, page, tag
from postline.sandbox.records import Post
from postline.sandbox.settings import META_APP_NAME
from postline.sandbox.world import World

POSTS_SHOWN = 60


def front_page(sandbox: Sandbox) -> Answer:
    world = sandbox.world
    everything = world.live_posts()
    sections = "".join(
        _section(sandbox, profile, [post for post in everything if post.profile_id == profile.id])
        for profile in profiles(world)
    )
    body = f"""<main class="wide"><header class="top"><h1>Sandbox networks</h1>
<p class="quiet">{len(everything)} live {"post" if len(everything) == 1 else "posts"} ·
<a href="/sandbox/live">as JSON</a> · <a href="/sandbox/journal">journal</a> ·
<a href="/sandbox/endpoints">endpoints</a></p></header>{sections}{_apps(world)}</main>"""
    return page("Sandbox networks", body)


def _apps(world: World) -> str:
    """Who let the app in, with a button for each to remove it again."""
    now = world.now()
    live = {token.person_id for token in world.tokens if not token.ended and not 0 < token.expires_at <= now}
    people = [
        *(("meta", "facebook", user.id, user.name) for user in world.meta_users if user.id in live),
        *(("tiktok", "tiktok", creator.id, creator.nickname) for creator in world.creators if creator.id in live),
    ]
    rows = "".join(
        f'<form method="post" action="/sandbox/deauthorize" class="who"><input type="hidden" name="provider" '
        f'value="{provider}"><input type="hidden" name="user" value="{escape(person_id)}">'
        f"<span>{escape(name)} {tag(network)} lets {escape(META_APP_NAME)} in</span><button>Remove it</button></form>"
        for provider, network, person_id, name in people
    )
    return f'<section class="profile"><h2>Connected apps</h2>{rows}</section>' if rows else ""


def _section(sandbox: Sandbox, profile: Profile, posts: list[Post]) -> str:
    cards = "".join(_card(sandbox.world, post) for post in posts[:POSTS_SHOWN])
    shown = f'<div class="grid">{cards}</div>' if cards else '<div class="empty">Nothing is live here yet.</div>'
    return f"""<section class="profile" id="{escape(profile.id)}"><div class="who">
<img src="/sandbox/avatar/{escape(profile.id)}.svg" alt=""><div><h2>{escape(profile.name)} {tag(profile.network)}</h2>
<p class="quiet">@{escape(profile.handle)} · {len(posts)} live</p></div></div>{shown}</section>"""


def _card(world: World, post: Post) -> str:
    picture = ""
    if post.media:
        badge = post.format if len(post.media) == 1 else f"{post.format} · {len(post.media)}"
        picture = (
            f'<a class="media" href="{escape(post.path)}"><img src="{escape(post.still)}" '
            f'alt="{escape(post.alt_text)}" loading="lazy"><span class="badge">{escape(badge)}</span></a>'
        )
    words = escape(post.caption or post.title)
    return f"""<article class="card">{picture}<div class="pad">{f'<p class="caption">{words}</p>' if words else ""}
<p class="quiet">{_link(post)}{_people(world, post)}<a href="{escape(post.path)}">{_short(post)}</a>
· {_views(world, post)} views</p>{_comments(world, post)}</div></article>"""


def _link(post: Post) -> str:
    return f'<a href="{escape(post.link)}" rel="noreferrer">{escape(post.link)}</a><br>' if post.link else ""


def _people(world: World, post: Post) -> str:
    """Who else is on it, and where it is."""
    mark = "" if post.network == "facebook" else "@"
    place = world.pages.get(post.place)
    told = [
        *(f"with {mark}{name}" for name in post.tagged),
        *(f"together with {mark}{name}" for name in post.collaborators),
        *([f"at {place.name if place else post.place}"] if post.place else []),
    ]
    return f"{escape(', '.join(told))}<br>" if told else ""


def _comments(world: World, post: Post) -> str:
    return "".join(
        f'<p class="caption"><strong>{escape(comment.author)}</strong> {escape(comment.text)}</p>'
        for comment in comments_below(world, post)
    )


def _moment(post: Post) -> str:
    return datetime.fromtimestamp(post.live_at, UTC).strftime("%-d %b %Y, %H:%M:%S UTC")


def _short(post: Post) -> str:
    return datetime.fromtimestamp(post.live_at, UTC).strftime("%-d %b, %H:%M UTC")


def _views(world: World, post: Post) -> int:
    return number("views", post.id, world.counted_age(post))


def post_page(sandbox: Sandbox, path: str) -> Answer:
    """The page behind a permalink."""
    world = sandbox.world
    post = world.post_at(path)
    if post is None or not world.is_live(post):
        return page(
            "Not found",
            '<main class="narrow"><div class="panel"><h1>This content is not available</h1>'
            '<p class="quiet">It was removed, has expired, or was never there.</p></div></main>',
            status=404,
        )
    profile = next(profile for profile in profiles(world) if profile.id == post.profile_id)
    media = "".join(_media(world, post, media_id) for media_id in post.media)
    words = escape("\n\n".join(part for part in (post.title, post.caption) if part))
    body = f"""<main class="narrow" style="max-width:560px"><article class="panel"><div class="who">
<img src="/sandbox/avatar/{escape(profile.id)}.svg" alt=""><div><h2>{escape(profile.name)}</h2>
<p class="quiet">@{escape(profile.handle)} · {_moment(post)}</p></div></div>
<p class="caption">{words}</p><p class="quiet">{_link(post)}{_people(world, post)}</p><div class="strip">{media}</div>
<p class="quiet" style="margin-top:14px">{tag(post.network)} {escape(post.format)} {escape(post.privacy.lower())}
· {_views(world, post)} views · {number("likes", post.id, world.counted_age(post))} likes</p>{_comments(world, post)}
</article><p class="quiet" style="margin-top:16px"><a href="/sandbox">All profiles</a></p></main>"""
    return page(f"{profile.name} · {post.network.title()}", body, brand=COLOURS[post.network])


def _media(world: World, post: Post, media_id: str) -> str:
    media = world.media.get(media_id)
    if media is not None and media.kind == "video":
        poster = post.still if len(post.media) == 1 else f"/sandbox/still/{media_id}.jpg"
        return f'<video controls playsinline poster="{escape(poster)}" src="/sandbox/media/{media_id}"></video>'
    return f'<img src="/sandbox/media/{media_id}" alt="{escape(post.alt_text)}">'
