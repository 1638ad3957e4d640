"""The calendar without a mouse: by finger on a tablet, by keyboard."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from postline.demo.media import DemoMedia
from postline.demo.people import MIA
from postline.demo.stack import Ports
from tests.browser.steps import compose, ensure_connected, long_press_drag, middle_of_next_month, picture, sign_in

pytestmark = pytest.mark.browser

CAPTION = "Guji, Ethiopia"


@pytest.fixture
def planned(page: Page, media: DemoMedia) -> Page:
    """Signed in, with a post planned for the middle of next month."""
    sign_in(page, MIA.email)
    ensure_connected(page)
    compose(page, [media.portrait], ["facebook"], CAPTION, at=middle_of_next_month())
    page.get_by_test_id("schedule").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}$"))
    return page


def test_a_post_is_moved_by_a_long_press(planned: Page, browser: Browser, stack: Ports) -> None:
    tablet = browser.new_context(
        base_url=stack.api_url,
        viewport={"width": 1180, "height": 820},
        has_touch=True,
        reduced_motion="reduce",
        storage_state=planned.context.storage_state(),
    )
    page = tablet.new_page()
    page.goto("/calendar")
    page.get_by_test_id("calendar-next").tap()
    entry = page.get_by_test_id("calendar-entry").filter(has_text=CAPTION)
    to = middle_of_next_month() + timedelta(days=1)
    long_press_drag(page, entry, page.locator(f'[data-date="{to:%Y-%m-%d}"]').first)
    expect(page.get_by_text(re.compile("^Moved to "))).to_be_visible()
    picture(page, "calendar-tablet")
    page.get_by_role("heading", name="Calendar").tap()  # lets go of the post
    entry.tap()
    expect(page.get_by_test_id("post-time")).to_contain_text(f"{to.day}")
    tablet.close()


def test_a_post_is_found_and_opened_by_keyboard(planned: Page) -> None:
    page = planned
    page.goto("/calendar")
    page.get_by_test_id("calendar-next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("calendar-entry").filter(has_text=CAPTION)).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if CAPTION in page.evaluate("document.activeElement.innerText || ''"):
            break
    picture(page, "calendar-keyboard")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}$"))
    expect(page.get_by_text(CAPTION).first).to_be_visible()
