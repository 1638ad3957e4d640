"""What an administrator is told on the page stays there until somebody has read it."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from postline.demo.people import MIA
from postline.demo.stack import Ports
from tests.browser.steps import compose, consent, ensure_connected, picture, sign_in

pytestmark = pytest.mark.browser

STOPS_WITHIN_MS = 30_000


def test_lost_access_is_told_until_it_was_read(page: Page, stack: Ports) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    lost = {"network": "facebook", "reason": "revoked"}
    httpx.post(f"{stack.sandbox_url}/sandbox/tokens/expire", json=lost, timeout=10).raise_for_status()
    compose(page, [], ["facebook"], "Nobody lets us in.")
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("publish").click()
    expect(page.get_by_test_id("delivery")).to_have_attribute("data-state", "blocked", timeout=STOPS_WITHIN_MS)

    page.goto("/")
    expect(page.get_by_test_id("attention-item").filter(has_text="Reconnect Meta")).to_be_visible()
    expect(page.get_by_test_id("read-notice")).to_have_count(0)  # what stands there already is not told twice
    picture(page, "home-attention")

    page.goto("/connections")
    page.locator('[data-testid="connection"][data-provider="meta"]').get_by_test_id("reconnect").click()
    consent(page)
    page.goto("/")
    expect(page.get_by_test_id("attention-item").filter(has_text="Reconnect Meta for")).to_have_count(0)
    page.get_by_test_id("read-notice").click()
    expect(page.get_by_test_id("read-notice")).to_have_count(0)
    page.reload()
    expect(page.get_by_test_id("attention")).to_be_visible()
    expect(page.get_by_test_id("read-notice")).to_have_count(0)
