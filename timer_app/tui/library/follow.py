"""Lets the list follow the user's files: begins to watch them, and passes on what changes."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen

    from timer_app.tui.context import Follow, FollowedFiles


class FilesChanged(Message):
    """Some of the user's files have changed, or nothing tells any more when they do.

    Attributes:
        paths: Which; empty where that is not known.
        failure: Why nothing tells; empty otherwise.
    """

    def __init__(self, paths: frozenset[Path] = frozenset(), failure: str = "") -> None:
        super().__init__()
        self.paths = paths
        self.failure = failure


class FileFollower:
    """Sends a screen `FilesChanged` from the moment on at which it begins to watch.

    Args:
        screen: Which screen.
        follow: Watches the files; `None` where nobody does.

    Attributes:
        is_following: Changes are told.
    """

    def __init__(self, screen: Screen[Any], follow: Follow | None) -> None:
        self._screen = screen
        self._follow = follow
        self._files: FollowedFiles | None = None
        self.is_following = False

    def start(self) -> None:
        """Begin to watch, once."""
        if self._follow is not None and self._files is None:
            self.is_following = True
            self._files = self._follow(self._tell_changes, self._tell_failure)

    def close(self) -> None:
        """Watch no more."""
        self.is_following = False
        if self._files is not None:
            self._files.close()

    def _tell_changes(self, paths: frozenset[Path]) -> None:
        self._tell(FilesChanged(paths))

    def _tell_failure(self, reason: str) -> None:
        self.is_following = False
        self._tell(FilesChanged(failure=reason))

    def _tell(self, message: FilesChanged) -> None:
        """Pass a message on; called in another thread."""
        with suppress(RuntimeError):  # the app has just ended
            self._screen.post_message(message)
