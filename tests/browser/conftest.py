"""A whole running product in processes of its own, and a browser on it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from postline import migrations
from postline.db.embedded import ensure_server
from postline.demo.media import DemoMedia, make_demo_media
from postline.demo.people import ensure_people
from postline.demo.stack import Ports, choose_ports, running_stack

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parents[2] / "test-artifacts" / "screenshots"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """Sandbox, API and worker over an embedded database with the demo's account, module off, nothing connected."""
    folder = tmp_path_factory.mktemp("product")
    server = ensure_server(folder)
    try:
        migrations.upgrade(server.url())
        ensure_people(server.url())
        (folder / "ports.json").write_text(json.dumps({"api": 0, "sandbox": 0}))
        ports = choose_ports(folder)
        with running_stack(folder, ports):
            yield ports
    finally:
        server.destroy()


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> DemoMedia:
    return make_demo_media(tmp_path_factory.mktemp("media"))


@pytest.fixture
def browser(stack: Ports) -> Iterator[Browser]:
    """After the stack: Playwright keeps an event loop running in this thread, which set-up code must not meet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, stack: Ports) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=stack.api_url,
        viewport={"width": 1440, "height": 900},
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when its script throws."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
