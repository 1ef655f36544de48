"""A real browser, and the server whose pages it shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.e2e.conftest import LIMIT_S, PROGRAM

_CHROMIUM = "/usr/bin/chromium"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE_SCALE = 2.75
PHONE: dict[str, Any] = {
    "viewport": {"width": 393, "height": 727},
    "device_scale_factor": PHONE_SCALE,
    "is_mobile": True,
    "has_touch": True,
}
# What is on the screen can only be seen as a picture; this keeps the text that is written to the terminal.
KEEP_WRITTEN = """
window.written = "";
const decoder = new TextDecoder();
const Native = window.WebSocket;
window.WebSocket = class extends Native {
  constructor(...all) {
    super(...all);
    window.sockets = [...(window.sockets ?? []), this];
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string") window.written += decoder.decode(event.data);
    });
  }
};
"""


class ServeProcess:
    """`timer-app serve` with the addresses that it prints.

    Args:
        arguments: Its options, besides the port.
    """

    def __init__(self, *arguments: str) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.reported: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def address(self, number: int = 0) -> str:
        """One of the addresses that it printed, waited for; those after the first are asked for."""
        if number and len(self._addresses()) == number:
            self._process.send_signal(signal.SIGUSR1)
        until(lambda: len(self._addresses()) > number, lambda: f"an address among {self.reported}")
        return self._addresses()[number]

    def children(self) -> list[int]:
        """The processes of the app."""
        found = subprocess.run(["pgrep", "-P", str(self.pid)], check=False, capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, and return the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            return self._process.wait(LIMIT_S)
        finally:
            self._process.kill()
            self._process.wait()
            self._reader.join(LIMIT_S)
            if self._process.stdout:
                self._process.stdout.close()

    def _addresses(self) -> list[str]:
        return re.findall(r"https?://\S+token=\S+", "".join(self.reported))

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self.reported.append(line)


@contextmanager
def chromium(player: Playwright, scale: float = 1, env: dict[str, str] | None = None) -> Iterator[Browser]:
    """A browser with a fresh profile; what it plays goes to the sound server of `env`, or nowhere."""
    if shutil.which(_CHROMIUM) is None:
        pytest.skip("chromium is not installed")
    muted: Sequence[str] | None = ["--mute-audio"] if env else None
    # Without the flag a part of the browser takes the screen's scale for 1, whatever the page is told.
    flags = [*_FLAGS, f"--force-device-scale-factor={scale}"]
    browser = player.chromium.launch(
        executable_path=_CHROMIUM, args=flags, ignore_default_args=muted, env={**os.environ, **(env or {})}
    )
    yield browser
    browser.close()


def open_page(browser: Browser, address: str, **device: Any) -> Page:
    """Open an address on a device that has not been there before; everything that goes wrong in the page is kept."""
    context = browser.new_context(**device)
    context.add_init_script(KEEP_WRITTEN)
    page = context.new_page()
    page.set_default_timeout(LIMIT_S * 1000)
    page.goto(address)
    return page


def wait_for_place(page: Page, place: str) -> None:
    """Wait until a screen of the app is shown."""
    page.wait_for_function("place => document.body.dataset.place === place", arg=place)


def wait_for_text(page: Page, text: str) -> None:
    """Wait until a text is written to the terminal."""
    page.wait_for_function("text => window.written.includes(text)", arg=text)


def until(
    holds: Callable[[], object], what: Callable[[], str], limit_s: float = LIMIT_S, every_s: float = 0.05
) -> None:
    """Wait until something holds."""
    until_s = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < until_s, f"waited in vain for {what()}"
        time.sleep(every_s)


def is_there(pid: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
