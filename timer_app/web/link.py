"""Joins the sound of a run to the page that shows the screen: both travel on one line, which the screen owns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

SendMessage = Callable[[dict[str, object]], None]


class PageLink:
    """Carries messages to the page, and tells who sends them when another page takes its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._send: SendMessage | None = None
        self._reconnect_callbacks: list[Callable[[], None]] = []

    @classmethod
    def shared(cls) -> PageLink:
        """The one link of this process, which has one screen."""
        return _shared_link()

    def open(self, send: SendMessage) -> None:
        """Let messages go out by `send` from now on."""
        self._send = send

    def close(self) -> None:
        """Let messages go nowhere."""
        self._send = None

    def send(self, message: dict[str, object]) -> None:
        """Send a message, a table of plain values with its `type`."""
        if tell := self._send:
            tell(message)

    def on_reconnect(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called, in any thread, when a page comes that knows nothing yet; returns what ends that."""
        with self._lock:
            self._reconnect_callbacks.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._reconnect_callbacks:
                    self._reconnect_callbacks.remove(callback)

        return stop

    def notify_reconnect(self) -> None:
        """Another page looks on, which knows nothing yet."""
        with self._lock:
            wanted = list(self._reconnect_callbacks)
        for do in wanted:
            do()


@cache
def _shared_link() -> PageLink:
    return PageLink()
