"""The user's starred sessions, stored in a small file."""

from __future__ import annotations

from pathlib import Path

from timer_app.core.i18n import _


class Favourites:
    """Remembers ids of sessions.

    Args:
        path: The file; it need not exist, and what cannot be read counts as none. `None` remembers for this run only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._ids: frozenset[str] | None = None

    @property
    def ids(self) -> frozenset[str]:
        """The sessions with a star."""
        if self._ids is None:
            self._ids = _read(self._path) if self._path else frozenset()
        return self._ids

    def toggle(self, session_id: str) -> str:
        """Put a star on a session, or take it off.

        Returns:
            Empty, or one line that says why the file does not know of it.
        """
        self._ids = self.ids ^ {session_id}
        if self._path is None:
            return ""
        from timer_app.system.files import folder_lock, make_private_folder  # needed where something changes

        try:
            make_private_folder(self._path.parent)
            with folder_lock(self._path.parent):
                # Another window may have changed other stars since they were read.
                others = _read(self._path) - {session_id}
                self._ids = others | (self._ids & {session_id})
                _write(self._path, self._ids)
        except OSError as error:
            return _("Kept for this run only: {path} cannot be written ({reason}).").format(
                path=self._path, reason=(error.strerror or str(error)).lower()
            )
        return ""


def _write(path: Path, ids: frozenset[str]) -> None:
    from timer_app.core.diagnostics.safe_text import json_text
    from timer_app.system.files import atomic_write

    with atomic_write(path, private=True) as file:
        file.write(json_text({"stars": sorted(ids)}, indent=1).encode())


def _read(path: Path) -> frozenset[str]:
    import json

    from timer_app.core.diagnostics import FileFault
    from timer_app.system.files import read_text

    try:
        found = json.loads(read_text(path))
    except (FileFault, OSError, ValueError, RecursionError):
        return frozenset()
    match found:
        case {"stars": [*ids]}:
            return frozenset(item for item in ids if isinstance(item, str))
    return frozenset()
