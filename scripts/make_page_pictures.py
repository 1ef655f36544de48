"""Takes the pictures of the app in a phone's browser and of a handout in docs/pictures; needs Chromium and `test`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.e2e.browser import chromium, wait_for_place

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SCALE = 2
PHONE: ViewportSize = {"width": 390, "height": 760}
PAPER: ViewportSize = {"width": 794, "height": 1123}


@contextmanager
def server() -> Iterator[str]:
    """A server for a user without files of their own; gives the address."""
    command = [sys.executable, "-m", "timer_app", "serve", "--port", "0"]
    with tempfile.TemporaryDirectory() as home:
        own = {f"TIMER_APP_{name}": f"{home}/{name}" for name in ("CONFIG", "DATA", "CACHE")}
        # A voice would have to be made ready first, for as long as the computer takes.
        Path(home, "CONFIG").mkdir()
        Path(home, "CONFIG", "settings.toml").write_text('voice = "none"\ndigits = "smooth"\n', encoding="utf-8")
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **own})
        try:
            yield next(found[0] for line in process.stdout or () if (found := re.search(r"http://\S+", line)))
        finally:
            process.terminate()
            process.communicate()


def take(page: Page, name: str) -> None:
    """Write a picture of the page."""
    page.wait_for_timeout(1_500)
    page.screenshot(path=PICTURES / name)


def take_handout(browser: Browser) -> None:
    """Write a picture of the first page of a handout."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "handout.html")
        share = [sys.executable, "-m", "timer_app", "share", "wall-and-shoulders", "--to", "handout", "-o", str(file)]
        subprocess.run(share, check=True, capture_output=True)
        page = browser.new_page(viewport=PAPER, device_scale_factor=1)
        page.goto(file.as_uri())
        page.screenshot(path=PICTURES / "handout.png")
        page.close()


def main() -> None:
    """Take all pictures."""
    with server() as address, sync_playwright() as player, chromium(player, SCALE) as browser:
        page = browser.new_page(viewport=PHONE, device_scale_factor=SCALE, is_mobile=True, has_touch=True)
        page.goto(address)
        wait_for_place(page, "library")
        take(page, "phone-library.png")
        page.tap("#start-sound")
        page.tap("nav button:visible:text('Enter')")
        wait_for_place(page, "play")
        page.wait_for_timeout(2_000)
        for _ in range(3):
            page.tap("nav button:visible:text('Next')")
            page.wait_for_timeout(500)
        take(page, "phone-play.png")
    with sync_playwright() as player, chromium(player) as browser:
        take_handout(browser)


if __name__ == "__main__":
    main()
