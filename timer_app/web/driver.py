"""Draws the app for a page in a browser, which may be replaced by another page at any time."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from textual import events, messages
from textual.drivers.web_driver import WebDriver

from timer_app.tui import COMMANDS_BY_ID
from timer_app.web.page_channel import PageLink

# Set up a fresh terminal: alternate screen, mouse with every movement, no cursor, bracketed paste.
_ENTER_SCREEN: Final = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"


class PageDriver(WebDriver):
    """Talks to the server that started the app: packets on standard output, keys and messages on standard input.

    The app ends with the server.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lock = threading.Lock()
        self._write = partial(self._write_all)
        self._scope = ""

    def start_application_mode(self) -> None:
        """Take over the screen, and open the link for sound."""
        super().start_application_mode()
        PageLink.shared().open(self.write_meta)

    def stop_application_mode(self) -> None:
        """Give the screen back."""
        PageLink.shared().close()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Read from the server until it closes the pipe."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._call_soon(lambda: self._app.post_message(messages.ExitApp()))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Handle a message of the server: those of `WebDriver`, a new page, a new size, or a command."""
        if packet_type == "page":
            self._call_soon(self._redraw)
            PageLink.shared().notify_reconnect()
        elif packet_type == "resize":
            # Queued like the size that the app starts with, which would otherwise be applied after this one.
            asyncio.run_coroutine_threadsafe(self._apply_size(payload), self._loop)
        elif packet_type == "command":
            self._call_soon(lambda: self._run_command(str(payload.get("id"))))
        else:
            super().on_meta(packet_type, payload)

    def write(self, data: str) -> None:
        """Draw, and tell the page which screen is shown."""
        scope = str(getattr(self._app.screen_stack[-1], "SCOPE", "")) if self._app.screen_stack else ""
        if scope != self._scope:
            self._scope = scope
            self.write_meta({"type": "place", "place": scope})
        super().write(data)

    def _run_command(self, name: str) -> None:
        """Run the command of a button on the page, if the screen that is shown has it."""
        command = COMMANDS_BY_ID.get(name)
        if command is not None and command.scope in {self._scope, "everywhere"}:
            self._app.call_later(self._app.run_action, command.action, self._app.screen)

    async def _apply_size(self, payload: dict[str, object]) -> None:
        super().on_meta("resize", payload)

    def _redraw(self) -> None:
        self._scope = ""
        self.write(_ENTER_SCREEN)
        self._app.post_message(events.AppFocus())
        self._app.refresh(layout=True)

    def _call_soon(self, function: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed, so nothing is drawn any more
            self._loop.call_soon_threadsafe(function)

    def _write_all(self, data: bytes) -> int:
        """Write one packet, which a pipe may take in parts; several threads write."""
        left = memoryview(data)
        with self._lock, contextlib.suppress(OSError):  # the server is gone, which the input thread notices
            while left:
                left = left[os.write(self.fileno, left) :]
        return len(data)
