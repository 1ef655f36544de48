"""The texts that an editor has open, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pygls.uris import to_fs_path

from timer_app.analysis import Analysis, analyse, is_own_file

if TYPE_CHECKING:
    from timer_app.library import Library


class Documents:
    """Analyses texts, each once.

    Args:
        make_library: Makes the library that they may refer to.
    """

    def __init__(self, make_library: Callable[[], Library]) -> None:
        self._make_library = make_library
        self._library: Library | None = None
        self._known: dict[str, Analysis] = {}
        self._texts: dict[str, str] = {}

    def analysis(self, uri: str, text: str) -> Analysis | None:
        """What is known of a text; `None` where it is no file of this program."""
        if self._texts.get(uri) == text:
            return self._known.get(uri)
        self.forget(uri)
        path = to_fs_path(uri)
        self._texts[uri] = text
        if not is_own_file(Path(path) if path else None, text):
            return None
        if self._library is None:
            self._library = self._make_library()
        found = analyse(text, path=Path(path) if path else None, library=self._library)
        self._known[uri] = found
        return found

    def forget(self, uri: str) -> None:
        """Forget a text that is closed."""
        self._known.pop(uri, None)
        self._texts.pop(uri, None)

    def reload(self) -> None:
        """Read the library again: a file that texts refer to has changed."""
        self._library = None
        self._known.clear()
        self._texts.clear()
