"""The page on which a person grants an app access, or does not. Its form carries the whole request, without a query."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from postline.sandbox.calls import Answer
from postline.sandbox.pages.layout import COLOURS, page

SCOPE_WORDS: Final[Mapping[str, str]] = {
    "pages_show_list": "See the list of Pages you manage",
    "pages_read_engagement": "Read content posted on your Pages",
    "pages_manage_posts": "Create and manage content on your Pages",
    "pages_manage_engagement": "Comment as your Pages",
    "pages_read_user_content": "Read comments on your Pages",
    "pages_manage_metadata": "Tell the app of what happens on your Pages",
    "read_insights": "See the numbers of your Pages",
    "business_management": "Manage your business",
    "instagram_basic": "See your Instagram profile and media",
    "instagram_content_publish": "Publish to your Instagram account",
    "instagram_manage_comments": "Manage comments on Instagram",
    "instagram_manage_insights": "See the numbers of your Instagram account",
    "instagram_manage_contents": "Delete media on Instagram",
    "user.info.basic": "Read your profile (name, avatar)",
    "user.info.profile": "Read your bio, profile link and username",
    "user.info.stats": "Read your follower and like counts",
    "video.publish": "Post content to TikTok",
    "video.upload": "Upload drafts to your TikTok inbox",
    "video.list": "Read your public videos",
}


def consent_page(
    *,
    network: str,
    person: str,
    person_id: str,
    app: str,
    scopes: Sequence[str],
    choices: Sequence[tuple[str, str, str, str]],
    hidden: Mapping[str, str],
    others: Sequence[tuple[str, str]],
) -> Answer:
    """`choices`: profiles to grant, as (id, name, note, picture URL). `others`: people to switch to, as (name, URL)."""
    brand = COLOURS[network.lower()]
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {**hidden, "sandbox_user": person_id}.items()
    )
    pages = "".join(
        f'<label><input type="checkbox" name="sandbox_pages" value="{escape(choice_id)}" checked>'
        f'<img src="{escape(picture)}" alt=""><span>{escape(name)}<small>{escape(note)}</small></span></label>'
        for choice_id, name, note, picture in choices
    )
    rights = "".join(
        f'<label><input type="checkbox" name="sandbox_scope" value="{escape(scope)}" checked>'
        f"<span>{escape(SCOPE_WORDS.get(scope, scope))}<small>{escape(scope)}</small></span></label>"
        for scope in scopes
    )
    switch = "".join(f'<a href="{escape(url)}">{escape(name)}</a> ' for name, url in others)
    body = f"""<main class="narrow"><form method="post" action="?" class="panel">{kept}
<span class="tag" style="background:{brand}">{escape(network)} sandbox</span>
<h1>{escape(app)} wants access</h1>
<p class="quiet">You are signed in as {escape(person)}. Nothing here reaches the real {escape(network)}.</p>
{f"<fieldset><legend>Pages to grant</legend>{pages}</fieldset>" if pages else ""}
<fieldset><legend>It will be able to</legend>{rights}</fieldset>
<div class="acts"><button class="main" name="decision" value="continue">Continue as {escape(person)}</button>
<button name="decision" value="cancel">Cancel</button></div>
{f'<p class="quiet" style="margin-top:18px">Somebody else? {switch}</p>' if switch else ""}
</form></main>"""
    return page(f"{app} · {network}", body, brand=brand)


def problem_page(network: str, title: str, words: str) -> Answer:
    """A request that cannot even be sent back to its app."""
    body = (
        f'<main class="narrow"><div class="panel"><span class="tag" style="background:{COLOURS[network.lower()]}">'
        f'{escape(network)} sandbox</span><h1>{escape(title)}</h1><p class="quiet">{escape(words)}</p></div></main>'
    )
    return page(title, body, status=400)
