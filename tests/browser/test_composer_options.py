"""The choices that only one network has: each one reachable, named, kept when saved, and seen by who approves."""

import re

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from postline.demo.media import DemoMedia
from postline.demo.people import MIA
from postline.demo.stack import Ports
from tests.browser.steps import bind_all, choose, compose, connect, drag, ensure_connected, sign_in

pytestmark = pytest.mark.browser


def test_people_are_placed_on_a_picture_and_stay_with_it(page: Page, media: DemoMedia) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    compose(page, list(media.carousel), ["instagram"], "Three steps to a better cup")
    _open(page, "instagram")
    page.get_by_test_id("instagram-user_tags").fill("@annaberg")
    page.keyboard.press("Enter")

    pin = page.get_by_test_id("tag-pin")
    expect(pin).to_have_accessible_name("@annaberg: 50 % across, 50 % down")
    pin.press("ArrowRight")
    pin.press("Shift+ArrowUp")
    expect(pin).to_have_accessible_name("@annaberg: 51 % across, 40 % down")
    drag(page, pin, page.get_by_test_id("tag-board").get_by_role("presentation"))
    expect(pin).to_have_accessible_name("@annaberg: 50 % across, 50 % down")

    where = page.get_by_label("Where @annaberg is tagged")
    expect(where).to_have_value("0")
    page.get_by_label(f"Move {media.carousel[0].name} down").click()
    expect(where).to_have_value("1")
    _save_and_load_again(page)
    _open(page, "instagram")
    expect(page.get_by_label("Where @annaberg is tagged")).to_have_value("1")
    expect(pin).to_have_accessible_name("@annaberg: 50 % across, 50 % down")

    page.get_by_label(f"Remove {media.carousel[0].name}").click()
    expect(pin).to_have_count(0)
    expect(page.get_by_text("Ready for every chosen profile.")).to_be_visible()


def test_a_reels_cover_is_the_moment_that_was_looked_for(page: Page, media: DemoMedia) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    compose(page, [media.clip], ["instagram"], "Iced coffee in two layers", kind="Reel")
    _open(page, "instagram")
    cover = page.get_by_test_id("instagram-cover_ms")
    expect(cover).to_contain_text("Not chosen")
    for _ in range(3):
        cover.get_by_role("slider").press("ArrowRight")
    expect(cover).to_contain_text("At 0.3 s")
    choose(page, page.get_by_test_id("instagram-trial"), "Until it does well; then it is shared by itself")

    _save_and_load_again(page)
    _open(page, "instagram")
    expect(cover).to_contain_text("At 0.3 s")
    expect(page.get_by_test_id("instagram-trial")).to_have_value("Until it does well; then it is shared by itself")
    cover.get_by_role("button", name="Choose none").click()
    expect(cover).to_contain_text("Not chosen")


def test_who_approves_sees_the_audience_and_the_first_comment(page: Page) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    compose(page, [], ["facebook"], "A thought about filters")
    _open(page, "facebook")
    page.get_by_test_id("facebook-link").fill("nonsense")
    expect(page.get_by_test_id("facebook-link")).to_have_attribute("aria-invalid", "true")
    page.get_by_test_id("facebook-link").fill("")
    page.get_by_test_id("facebook-first_comment").fill("The recipe is on our page.")
    page.get_by_test_id("facebook-audience_countries").fill("Portugal")
    page.get_by_role("option", name="Portugal (PT)").click()
    page.keyboard.press("Escape")
    choose(page, page.get_by_test_id("facebook-audience_age_min"), "18")
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("submit").click()
    expect(page.get_by_test_id("chosen-options")).to_contain_text("Only in these countries: PT")

    page.get_by_test_id("nav-approvals").click()
    chosen = page.get_by_test_id("approval-item").get_by_test_id("chosen-options")
    expect(chosen).to_contain_text("First comment: The recipe is on our page.")
    expect(chosen).to_contain_text("Only in these countries: PT")
    expect(chosen).to_contain_text("Only from this age: 18")


def test_tiktok_is_asked_by_hand_and_in_its_own_words(page: Page, media: DemoMedia, stack: Ports) -> None:
    """The rules are those of https://developers.tiktok.com/docs/en/content-sharing-guidelines, read 2026-09-11."""
    _ready_for_tiktok(page)
    compose(page, [media.clip], ["tiktok"], "Iced coffee in two layers", kind="Reel")
    options = page.get_by_test_id("tiktok-options")
    expect(options).to_contain_text("Posting to TikTok as Harbor Coffee")
    expect(page.get_by_test_id("tiktok-privacy")).to_have_value("")
    for allowance in ("comment", "duet", "stitch"):
        expect(page.get_by_test_id(f"tiktok-allow_{allowance}")).not_to_be_checked()

    needed = "You need to indicate if your content promotes yourself, a third party, or both."
    _switch(page.get_by_test_id("tiktok-disclose"))
    expect(page.get_by_test_id("schedule")).to_be_disabled()
    page.get_by_test_id("schedule").locator("..").hover()
    expect(page.get_by_role("tooltip")).to_have_text(needed)

    _switch(page.get_by_test_id("tiktok-branded"))
    _switch(page.get_by_test_id("tiktok-your-brand"))
    expect(options).not_to_contain_text("Promotional content")
    expect(page.get_by_test_id("tiktok-declaration")).to_contain_text(
        "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation."
    )
    page.get_by_test_id("tiktok-privacy").click()
    private = page.get_by_role("option", name="Only me")
    expect(private).to_contain_text("Branded content visibility cannot be set to private.")
    expect(private).to_have_attribute("data-combobox-disabled", "true")
    page.keyboard.press("Escape")

    _switch(page.get_by_test_id("tiktok-as_draft"))
    expect(page.get_by_test_id("tiktok-privacy")).to_have_count(0)
    expect(options).to_contain_text("Posting to TikTok as Harbor Coffee")
    expect(page.get_by_test_id("tiktok-declaration")).to_contain_text("The draft goes to the creator's TikTok inbox.")


def test_what_tiktok_takes_no_more_now_can_be_planned_or_sent_as_a_draft(
    page: Page, media: DemoMedia, stack: Ports
) -> None:
    _ready_for_tiktok(page)
    compose(page, [media.clip], ["tiktok"], "Iced coffee in two layers", kind="Reel")
    choose(page, page.get_by_test_id("tiktok-privacy"), "Everyone")
    rule = {"match": {"endpoint": "tiktok.creator_info"}, "action": {"error": {"code": "spam_risk_too_many_posts"}}}
    httpx.post(f"{stack.sandbox_url}/sandbox/faults", json=rule, timeout=10).raise_for_status()
    _save_and_load_again(page)

    page.get_by_role("button", name=re.compile("^Tomorrow")).first.click()
    expect(page.get_by_test_id("schedule")).to_be_enabled()
    page.get_by_test_id("more-ways").click()
    expect(page.get_by_test_id("publish")).to_be_disabled()
    page.keyboard.press("Escape")
    _switch(page.get_by_test_id("tiktok-as_draft"))
    page.get_by_test_id("more-ways").click()
    expect(page.get_by_test_id("publish")).to_be_enabled()


def test_a_story_offers_only_what_a_story_has(page: Page, media: DemoMedia) -> None:
    _ready_for_tiktok(page)
    compose(page, [media.story], ["facebook", "tiktok"], "", kind="Story")
    _open(page, "facebook")
    expect(page.get_by_text("Facebook has nothing more to choose here.")).to_be_visible()
    expect(page.get_by_test_id("variants").get_by_text("TikTok lets no app publish stories.")).to_be_visible()
    expect(page.get_by_test_id("tiktok-options")).to_have_count(0)
    expect(page.get_by_test_id("own-caption")).to_have_count(0)


def _ready_for_tiktok(page: Page) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    connect(page, "tiktok")
    bind_all(page)


def _open(page: Page, network: str) -> None:
    """The choices of the first profile of a network."""
    variant = page.locator(f'[data-testid="variant"][data-network="{network}"]').first
    expect(variant).to_be_visible()
    if variant.get_attribute("aria-expanded") != "true":
        variant.click()


def _switch(control: Locator) -> None:
    """Switches hide their input behind what is drawn."""
    control.dispatch_event("click")


def _save_and_load_again(page: Page) -> None:
    page.get_by_test_id("save").click()
    expect(page).to_have_url(re.compile(r"/compose/[0-9a-f-]{36}$"))
    page.reload()
