"""The frame of every page, its style, and small drawn things: avatars and network colours."""

import hashlib
from html import escape
from typing import Final

from postline.sandbox.calls import Answer

COLOURS: Final = {"facebook": "#1877f2", "instagram": "#d62976", "tiktok": "#111418"}
TITLES: Final = {"facebook": "Facebook", "instagram": "Instagram", "tiktok": "TikTok"}
AVATAR_HUES: Final = 360

STYLE: Final = """
:root { color-scheme: light dark; --ground: #f6f5f2; --card: #fff; --ink: #1d1f23; --quiet: #666b73; --line: #e4e2dd;
  --accent: #1f6f5c; --round: 14px; }
@media (prefers-color-scheme: dark) { :root { --ground: #15171a; --card: #1e2125; --ink: #f0efec; --quiet: #a0a5ad;
  --line: #33373d; --accent: #6fcbb2; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
a { color: inherit; } img, video { display: block; max-width: 100%; }
.wide { max-width: 1180px; margin: 0 auto; padding: 28px 20px 64px; }
.narrow { max-width: 460px; margin: 0 auto; padding: 40px 16px; }
.top { display: flex; flex-wrap: wrap; gap: 8px 20px; align-items: baseline; margin-bottom: 28px; }
h1 { font-size: 1.5rem; margin: 0; letter-spacing: -.01em; } h2 { font-size: 1.15rem; margin: 0; }
.quiet { color: var(--quiet); font-size: .9rem; margin: 0; }
.profile { margin: 0 0 40px; } .who { display: flex; gap: 12px; align-items: center; margin-bottom: 14px; }
.who img { width: 44px; height: 44px; border-radius: 50%; }
.tag { display: inline-block; padding: 1px 9px; border-radius: 99px; color: #fff; font-size: .75rem; font-weight: 600; }
.grid { display: grid; gap: 16px; grid-template-columns: repeat(auto-fill, minmax(min(220px, 45%), 1fr));
  align-items: start; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); overflow: hidden; }
.card .pad, .panel { padding: 14px 16px; } .card a.media { display: block; position: relative; background: #000; }
.card a.media img { width: 100%; aspect-ratio: 4 / 5; object-fit: cover; }
.badge { position: absolute; top: 8px; right: 8px; background: #000a; color: #fff; border-radius: 99px;
  padding: 1px 9px; font-size: .75rem; }
.caption { margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.card .caption { display: -webkit-box; -webkit-line-clamp: 4; -webkit-box-orient: vertical; overflow: hidden; }
.empty { border: 1px dashed var(--line); border-radius: var(--round); padding: 20px; color: var(--quiet); }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); padding: 28px 24px; }
.panel h1 { margin: 12px 0 4px; } fieldset { border: 0; margin: 20px 0 0; padding: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: 6px; }
label { display: flex; gap: 10px; align-items: center; padding: 8px 0; border-top: 1px solid var(--line); }
label img { width: 34px; height: 34px; border-radius: 50%; } label small { display: block; color: var(--quiet); }
input[type=checkbox] { width: 18px; height: 18px; accent-color: var(--brand); flex: none; }
.acts { display: grid; gap: 10px; margin-top: 24px; }
button { font: inherit; font-weight: 600; padding: 11px 16px; border-radius: 10px; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--brand); border-color: var(--brand); color: #fff; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.strip { display: grid; gap: 8px; } .strip > * { border-radius: var(--round); width: 100%; background: #000; }
"""


def page(title: str, body: str, *, status: int = 200, brand: str = "#1f6f5c") -> Answer:
    """A whole page. `body` is HTML; `title` is text."""
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}:root {{ --brand: {brand}; }}</style></head>"
        f"<body>{body}</body></html>"
    )
    return Answer(body=html, status=status, content_type="text/html")


def tag(network: str) -> str:
    return f'<span class="tag" style="background:{COLOURS[network]}">{TITLES[network]}</span>'


def avatar_svg(profile_id: str, name: str) -> str:
    """A round-looking picture with initials, its colour made from the id."""
    hue = int.from_bytes(hashlib.sha256(profile_id.encode()).digest()[:2]) % AVATAR_HUES
    initials = escape("".join(word[0] for word in name.split()[:2]).upper() or "?")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<rect width="96" height="96" fill="hsl({hue} 42% 42%)"/>'
        '<text x="48" y="60" text-anchor="middle" font-family="system-ui, sans-serif" font-size="36" '
        f'font-weight="600" fill="#fff">{initials}</text></svg>'
    )
