"""A real browser on a real server."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

PATIENCE = 10_000
"""Milliseconds."""


@pytest.fixture(scope="module")
def site(serve_with):
    """A server of this module's own: its sandbox is made to fail."""
    with serve_with(rate_burst=10_000) as client:
        yield client


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        told = "there is no Chromium on PATH (on Debian: apt install chromium)"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, site):
    """Makes pages that show the playground; nothing may be written to their consoles."""
    told, contexts = [], []

    def make(url=site.url, *, width=1280, height=900, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(url)
        page.locator("#facts .tag").wait_for()
        return page

    yield make
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="session")
def say():
    """Types a message and waits until it is answered and taken apart."""

    def send(page, text):
        answered = page.locator(".why").count()
        page.get_by_label("Message", exact=True).fill(text)
        page.get_by_label("Message", exact=True).press("Enter")
        page.locator(".why").nth(answered).and_(page.locator("[aria-pressed=true]")).wait_for()

    return send
