"""What only a person can settle: a post that may be live, and a profile that a network no longer lets us use."""

import json
import re

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from postline.demo.people import MIA
from postline.demo.stack import Ports
from tests.browser.steps import compose, ensure_connected, picture, sign_in

pytestmark = pytest.mark.browser

LOOKS_WITHIN_MS = 30_000


def test_a_post_that_may_be_live_can_be_given_up(page: Page, stack: Ports) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    rule = {"match": {"endpoint": "facebook.feed"}, "action": {"drop_before": True}}
    httpx.post(f"{stack.sandbox_url}/sandbox/faults", json=rule, timeout=10).raise_for_status()
    compose(page, [], ["facebook"], "Is it there?")
    page.get_by_test_id("more-ways").click()
    page.get_by_test_id("publish").click()
    expect(page).to_have_url(re.compile(r"/posts/[0-9a-f-]{36}$"))
    expect(page.get_by_test_id("resolve")).to_be_visible()
    timeline = page.get_by_test_id("timeline-toggle")
    if timeline.get_attribute("aria-expanded") != "true":
        timeline.click()
    looks = page.locator('[data-testid="timeline-entry"][data-kind="cannot_tell"]')
    expect(looks).to_have_count(2, timeout=LOOKS_WITHIN_MS)  # the next one is far off, so none is under way
    picture(page, "post-unconfirmed")
    page.get_by_test_id("resolve-cancel").click()
    expect(page.get_by_role("dialog")).to_contain_text("Only do this when you have looked")
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("delivery")).to_have_attribute("data-state", "cancelled")
    expect(page.get_by_test_id("post")).to_have_attribute("data-state", "cancelled")


def test_a_connection_that_lives_tells_of_a_profile_that_was_lost(page: Page) -> None:
    sign_in(page, MIA.email)
    ensure_connected(page)
    page.route(re.compile(r"/api/v1/accounts/[^/]+/profiles\?"), _lose_the_first)
    page.goto("/connections")
    connection = page.locator('[data-testid="connection"][data-provider="meta"]')
    expect(connection).to_have_attribute("data-status", "active")
    expect(connection).to_contain_text("Reconnect to publish there.")
    connection.get_by_test_id("reconnect").click()
    expect(page.get_by_role("button", name=re.compile("^(Continue|Authori[sz]e)")).first).to_be_visible()


def _lose_the_first(route: Route) -> None:
    answer = route.fetch()
    profiles = answer.json()
    profiles["items"][0]["status"] = "needs_reconnect"
    route.fulfill(response=answer, body=json.dumps(profiles))
