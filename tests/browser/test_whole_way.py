"""A person walks the whole way once: from a module that is off to a published post with its numbers."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from postline.demo.media import DemoMedia
from postline.demo.people import EDO, MIA
from tests.browser.steps import (
    bind_all,
    choose,
    compose,
    connect,
    drag,
    ensure_connected,
    middle_of_next_month,
    picture,
    sign_in,
)

pytestmark = pytest.mark.browser

GOES_LIVE_WITHIN_MS = 60_000
NUMBERS_WITHIN_S = 30


def test_from_nothing_to_published_and_measured(page: Page, media: DemoMedia) -> None:
    sign_in(page, MIA.email)
    page.get_by_test_id("switch-on").click()
    expect(page.get_by_test_id("onboarding")).to_be_visible()
    picture(page, "home-onboarding")

    connect(page, "meta")
    bind_all(page)
    picture(page, "connections")
    connect(page, "tiktok")
    bind_all(page)

    compose(page, [media.square], ["facebook", "instagram"], "Slow mornings start here. #harborcoffee")
    picture(page, "composer")
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("publish").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}$"))
    _expect_live(page, 2)
    page.get_by_test_id("timeline-toggle").first.click()
    expect(page.get_by_test_id("timeline-entry").first).to_be_visible()
    picture(page, "post-published")

    compose(page, [media.clip], ["tiktok"], "Iced coffee in two layers", kind="Reel")
    choose(page, page.get_by_test_id("tiktok-privacy"), "Everyone")
    picture(page, "composer-tiktok")
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("publish").click()
    _expect_live(page, 1)
    permalink = page.get_by_test_id("permalink").get_attribute("href")
    assert permalink is not None
    page.goto(permalink)
    expect(page.get_by_text("Iced coffee in two layers").first).to_be_visible()

    page.goto("/reports")
    expect(page.get_by_test_id("report-row")).to_have_count(3)
    _expect_numbers(page)
    picture(page, "reports")


def test_an_editors_post_is_approved_by_an_administrator_and_moved_in_the_calendar(
    page: Page, media: DemoMedia
) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    page.get_by_test_id("sign-out").click()

    sign_in(page, EDO.email)
    day = middle_of_next_month()
    compose(page, [media.portrait], ["facebook"], "Guji, Ethiopia: peach and jasmine.", at=day)
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("state-chip").first).to_have_text("Awaiting approval")
    expect(page.get_by_test_id("approve")).to_have_count(0)
    page.get_by_test_id("sign-out").click()

    sign_in(page, MIA.email)
    page.get_by_test_id("nav-approvals").click()
    expect(page.get_by_test_id("approval-item")).to_have_count(1)
    picture(page, "approvals")
    page.get_by_test_id("approve").click()
    expect(page.get_by_test_id("approval-item")).to_have_count(0)

    page.goto("/calendar")
    page.get_by_test_id("calendar-next").click()
    entry = page.get_by_test_id("calendar-entry").filter(has_text="Guji")
    expect(entry).to_be_visible()
    target = page.locator(f'[data-date="{day + timedelta(days=1):%Y-%m-%d}"]').first
    drag(page, entry, target)
    expect(page.get_by_text(re.compile("^Moved to "))).to_be_visible()
    picture(page, "calendar")
    page.reload()
    page.get_by_test_id("calendar-next").click()
    expect(target.get_by_test_id("calendar-entry").filter(has_text="Guji").or_(entry)).to_be_visible()
    entry.click()
    expect(page.get_by_test_id("post-time")).to_contain_text(f"{(day + timedelta(days=1)).day}")


def test_what_is_wrong_is_said_while_composing(page: Page, media: DemoMedia) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    compose(page, [], ["instagram"], "Without a picture")
    expect(page.get_by_test_id("problem").filter(has_text="Add media")).to_be_visible()
    expect(page.get_by_test_id("schedule")).to_be_disabled()
    picture(page, "composer-problem")


def test_a_wrong_password_is_told(page: Page) -> None:
    page.goto("/")
    page.get_by_test_id("email").fill(MIA.email)
    page.get_by_test_id("password").fill("wrong")
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
    picture(page, "sign-in")


def _expect_live(page: Page, count: int) -> None:
    live = page.locator('[data-testid="delivery"][data-state="published"]')
    expect(live).to_have_count(count, timeout=GOES_LIVE_WITHIN_MS)
    expect(page.get_by_test_id("permalink")).to_have_count(count)


def _expect_numbers(page: Page) -> None:
    """The networks are asked some seconds after a post is live; a person reloads until then."""
    views = page.get_by_test_id("report-row").locator("td").nth(2)
    for _ in range(NUMBERS_WITHIN_S):
        expect(views).to_be_visible()
        if re.fullmatch(r"[\d,.]+", views.inner_text().strip()):
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("the report still shows no views")
