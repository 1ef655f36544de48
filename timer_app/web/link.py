"""Joins the sound of a run to the page that shows the screen: both travel on one line, which the screen owns."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache

Tell = Callable[[dict[str, object]], None]


class PageLink:
    """Carries messages to the page, and tells who sends them when another page takes its place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tell: Tell | None = None
        self._renewed: list[Callable[[], None]] = []

    @classmethod
    def shared(cls) -> PageLink:
        """The one link of this process, which has one screen."""
        return _shared()

    def open(self, tell: Tell) -> None:
        """Let messages go out by `tell` from now on."""
        self._tell = tell

    def close(self) -> None:
        """Let messages go nowhere."""
        self._tell = None

    def tell(self, message: dict[str, object]) -> None:
        """Send a message, a table of plain values with its `type`."""
        if tell := self._tell:
            tell(message)

    def on_renewal(self, do: Callable[[], None]) -> Callable[[], None]:
        """Have `do` called, in any thread, when a page comes that knows nothing yet; returns what ends that."""
        with self._lock:
            self._renewed.append(do)

        def stop() -> None:
            with self._lock:
                if do in self._renewed:
                    self._renewed.remove(do)

        return stop

    def renew(self) -> None:
        """Another page looks on, which knows nothing yet."""
        with self._lock:
            wanted = list(self._renewed)
        for do in wanted:
            do()


@cache
def _shared() -> PageLink:
    return PageLink()
