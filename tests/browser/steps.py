"""What a person does again and again, as they click it."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from postline.demo.people import PASSWORD, TIME_ZONE
from tests.browser.conftest import SCREENSHOTS

LONG_PRESS_MS = 500
MOVES = 12  # of a drag


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.get_by_test_id("email").fill(email)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("sign-out")).to_be_visible()


def connect(page: Page, provider: str) -> None:
    """Through the network's own consent page, as a person clicks it."""
    page.goto("/connections")
    page.get_by_test_id(f"connect-{provider}").click()
    consent(page)


def consent(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Continue|Authori[sz]e)")).first.click()
    expect(page.get_by_test_id("connected")).to_be_visible()


def bind_all(page: Page) -> None:
    expect(page.get_by_test_id("remote-profile").first).to_be_visible()
    for network in ("facebook", "instagram", "tiktok"):
        rows = page.locator(f'[data-testid="remote-profile"][data-network="{network}"]')
        if rows.count() and rows.first.get_by_test_id("bind").count():
            rows.first.get_by_test_id("bind").click()
            expect(rows.first.get_by_test_id("unbind")).to_be_visible()


def ensure_connected(page: Page) -> None:
    """Tests run in any order: whichever comes first switches on and connects."""
    if page.get_by_test_id("switch-on").count():
        page.get_by_test_id("switch-on").click()
        expect(page.get_by_test_id("onboarding")).to_be_visible()
    page.goto("/connections")
    expect(page.get_by_test_id("connect-meta").or_(page.get_by_test_id("connection")).first).to_be_visible()
    if page.locator('[data-testid="connection"][data-provider="meta"]').count() == 0:
        connect(page, "meta")
        bind_all(page)


def compose(
    page: Page,
    files: list[Path],
    networks: list[str],
    caption: str,
    kind: str = "Feed post",
    at: datetime | None = None,
) -> None:
    page.goto(f"/compose?at={at:%Y-%m-%dT%H:%M:%S}" if at else "/compose")
    page.get_by_test_id("caption").fill(caption)
    page.get_by_test_id("format").get_by_text(kind, exact=True).click()
    for network in networks:
        page.locator(f'[data-testid="profile-option"][data-network="{network}"]').first.click()
    if files:
        page.locator('[data-testid="dropzone"] input[type="file"], input[type="file"]').first.set_input_files(files)
        expect(page.get_by_test_id("media-item")).to_have_count(len(files))
        expect(page.get_by_role("progressbar")).to_have_count(0)


def choose(page: Page, select: Locator, option: str) -> None:
    select.click()
    page.get_by_role("option", name=option).click()


def drag(page: Page, source: Locator, target: Locator) -> None:
    start, end = _middle(source), _middle(target)
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=MOVES)
    page.mouse.up()


def long_press_drag(page: Page, source: Locator, target: Locator) -> None:
    """With one finger, which rests before it moves. Playwright has no such gesture; the browser's own protocol has."""
    (x, y), (to_x, to_y) = _middle(source), _middle(target)
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *at: dict[str, float]) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(at)})

    touch("touchStart", {"x": x, "y": y})
    page.wait_for_timeout(LONG_PRESS_MS)
    for move in range(1, MOVES + 1):
        part = move / MOVES
        touch("touchMove", {"x": x + (to_x - x) * part, "y": y + (to_y - y) * part})
    touch("touchEnd")


def _middle(locator: Locator) -> tuple[float, float]:
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def middle_of_next_month() -> datetime:
    """A Tuesday to Thursday there, so that the next day is in the same row."""
    first = (datetime.now(ZoneInfo(TIME_ZONE)).replace(day=1, tzinfo=None) + timedelta(days=32)).replace(day=12)
    day = first.replace(hour=9, minute=30, second=0, microsecond=0)
    while day.weekday() not in (1, 2, 3):
        day += timedelta(days=1)
    return day


def picture(page: Page, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
