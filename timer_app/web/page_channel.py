"""Connects the sound of a run with the page: it shares the connection that the driver of the screen owns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

SendMessage = Callable[[dict[str, object]], None]


class PageLink:
    """Sends messages to the page, and notifies the senders when another page takes its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._send: SendMessage | None = None
        self._reconnect_callbacks: list[Callable[[], None]] = []

    @classmethod
    def shared(cls) -> PageLink:
        """The one link of this process, which has one screen."""
        return _shared_link()

    def open(self, send: SendMessage) -> None:
        """Send messages through `send` from now on."""
        self._send = send

    def close(self) -> None:
        """Drop messages from now on."""
        self._send = None

    def send(self, message: dict[str, object]) -> None:
        """Send a message, a table of plain values with its `type`."""
        if send := self._send:
            send(message)

    def on_reconnect(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback`, in any thread, when a new page connects; returns a function that unsubscribes it."""
        with self._lock:
            self._reconnect_callbacks.append(callback)

        def stop() -> None:
            with self._lock:
                if callback in self._reconnect_callbacks:
                    self._reconnect_callbacks.remove(callback)

        return stop

    def notify_reconnect(self) -> None:
        """A new page has connected, which knows nothing yet."""
        with self._lock:
            callbacks = list(self._reconnect_callbacks)
        for callback in callbacks:
            callback()


@cache
def _shared_link() -> PageLink:
    return PageLink()
