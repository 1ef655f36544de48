"""Draws the app for a page in a browser: what `WebDriver` does, and what a page that comes and goes needs besides."""

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

from timer_app.tui.commands import COMMANDS_BY_ID
from timer_app.web.link import PageLink

# Alternate screen, mouse with every movement, no cursor, bracketed paste: what a fresh terminal has to be told.
_ENTER_SCREEN: Final = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h\x1b[?25l\x1b[?2004h"


class PageDriver(WebDriver):
    """Speaks with the server that started the app: packets by standard output, keys and news by standard input.

    A server that is gone ends the app.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._lock = threading.Lock()
        self._write = partial(self._write_all)
        self._scope = ""

    def start_application_mode(self) -> None:
        """Take the screen, and let the sound reach the page from now on."""
        super().start_application_mode()
        PageLink.shared().open(self.write_meta)

    def stop_application_mode(self) -> None:
        """Give the screen back."""
        PageLink.shared().close()
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Follow the server until it has no more to say."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._call_soon(lambda: self._app.post_message(messages.ExitApp()))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Follow what the server says: everything that `WebDriver` knows, and that another page looks on now."""
        if packet_type == "page":
            self._call_soon(self._redraw)
            PageLink.shared().notify_reconnect()
        elif packet_type == "resize":
            # By the same way as the size that the app starts with, which it would otherwise be told after this one.
            asyncio.run_coroutine_threadsafe(self._apply_size(payload), self._loop)
        elif packet_type == "command":
            self._call_soon(lambda: self._run_command(str(payload.get("id"))))
        else:
            super().on_meta(packet_type, payload)

    def write(self, data: str) -> None:
        """Draw something, and tell the page which screen it belongs to."""
        place = str(getattr(self._app.screen_stack[-1], "SCOPE", "")) if self._app.screen_stack else ""
        if place != self._scope:
            self._scope = place
            self.write_meta({"type": "place", "place": place})
        super().write(data)

    def _run_command(self, name: str) -> None:
        """Do what a key of the page stands for, where it has a meaning on the screen that is shown."""
        command = COMMANDS_BY_ID.get(name)
        if command is not None and command.scope == self._scope:
            self._app.call_later(self._app.run_action, command.action, self._app.screen)

    async def _apply_size(self, payload: dict[str, object]) -> None:
        super().on_meta("resize", payload)

    def _redraw(self) -> None:
        self._scope = ""
        self.write(_ENTER_SCREEN)
        self._app.post_message(events.AppFocus())
        self._app.refresh(layout=True)

    def _call_soon(self, function: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: there is nothing to draw any more
            self._loop.call_soon_threadsafe(function)

    def _write_all(self, data: bytes) -> int:
        """Write one packet; several threads do, and a pipe takes long ones in parts."""
        left = memoryview(data)
        with self._lock, contextlib.suppress(OSError):  # the server is gone, which the input thread tells
            while left:
                left = left[os.write(self.fileno, left) :]
        return len(data)
