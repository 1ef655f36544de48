"""Prints a page of HTML to PDF with a browser of the computer, where there is one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from timer_app.core.i18n import _
from timer_app.sharing.bundle import ShareError

_NAMES: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge", "brave-browser"),
)
_ELSEWHERE: Final = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_LETTER_TERRITORIES: Final = frozenset(("US", "CA", "MX", "PH", "CL", "CO", "VE"))
_LIMIT_S: Final = 60
_PDF: Final = b"%PDF-"


def find_browser() -> str:
    """A browser that prints without a window; empty if there is none."""
    found = (shutil.which(name) for name in _NAMES)
    installed = (path for path in _ELSEWHERE.get(sys.platform, ()) if Path(path).is_file())
    return next((path for path in (*found, *installed) if path), "")


def paper_of(environment: Mapping[str, str]) -> str:
    """The paper that printers take where somebody lives, as far as the variables of the process tell."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_PAPER", "LANG"))), "")
    territory = locale.partition(".")[0].partition("_")[2]
    return "letter" if territory in _LETTER_TERRITORIES else "A4"


def pdf_of(page: str, paper: str = "A4") -> bytes:
    """A page of HTML as PDF.

    Args:
        page: The page.
        paper: The paper, as CSS names it.

    Raises:
        ShareError: There is no browser, or it does not print.
    """
    browser = find_browser()
    if not browser:
        raise ShareError(
            _("a PDF needs a browser such as Chromium, Chrome or Edge, and there is none; print the handout from any")
        )
    with tempfile.TemporaryDirectory(prefix="timer-app-", ignore_cleanup_errors=True) as folder:
        source, target = Path(folder) / "handout.html", Path(folder) / "handout.pdf"
        sized = page.replace("</head>", f"<style>@page {{ size: {paper}; }}</style></head>", 1)
        source.write_text(sized, encoding="utf-8")
        options = [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options.append("--no-sandbox")  # it refuses to run for root otherwise; the page has no scripts
        command = [browser, *options, f"--print-to-pdf={target}", source.as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, timeout=_LIMIT_S, check=False)  # noqa: S603 - a browser
            data = target.read_bytes() if target.is_file() else b""
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ShareError(_("{browser} did not print: {reason}").format(browser=browser, reason=error)) from None
    if not data.startswith(_PDF):
        reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200] or str(done.returncode)
        raise ShareError(_("{browser} did not print: {reason}").format(browser=browser, reason=reason))
    return data
