"""The pictures of the playground in docs/images: plays a conversation in Chromium against a sandbox.

python docs/screenshots.py [FOLDER]
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "images"
FIRST = (
    "I have an interview for a product manager job at Spotify next week and I'm a bit nervous. "
    "Can I see the questions first?"
)


@contextmanager
def playground() -> Iterator[str]:
    """A playground on a free port, for as long as the context lasts; yields its address."""
    command = [sys.executable, "-c", "from growqr_app.cli import main; main()", "playground", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own command
        try:
            yield next(found[1] for line in server.stderr or () if (found := re.search(r"(http://\S+/)\s*$", line)))
        finally:
            server.terminate()


def open_page(browser: Browser, address: str, width: int, height: int, scheme: str) -> Page:
    """The page in a window of `width` x `height` pixels."""
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2 if width < 600 else 1.3,
        reduced_motion="reduce",
    )
    page.goto(address)
    page.locator("#examples button").first.wait_for()
    return page


def say(page: Page, *messages: str) -> None:
    """Send each message and wait until it is taken apart."""
    for message in messages:
        answered = page.locator(".why").count()
        page.get_by_label("Message", exact=True).fill(message)
        page.get_by_label("Message", exact=True).press("Enter")
        page.locator(".why").nth(answered).and_(page.locator("[aria-pressed=true]")).wait_for()


def to_the_review(page: Page) -> None:
    """Approve, hold the live session, ask how it went."""
    say(page, "looks good, approve it", "I'm ready, let's go")
    for button in ("Go live", "End the session", "Recording uploaded"):
        page.get_by_role("button", name=button).click()
    page.locator("#session").wait_for(state="hidden")
    say(page, "How did I do?")


def main() -> None:
    """Write all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    with playground() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        light = open_page(browser, address, 1280, 860, "light")
        say(light, FIRST)
        light.screenshot(path=folder / "playground-light.png")
        dark = open_page(browser, address, 1280, 860, "dark")
        say(dark, FIRST)
        to_the_review(dark)
        dark.screenshot(path=folder / "playground-dark.png")
        phone = open_page(browser, address, 390, 780, "light")
        say(phone, FIRST)
        phone.locator(".why").last.click()
        phone.screenshot(path=folder / "playground-phone.png")
        browser.close()


if __name__ == "__main__":
    main()
