"""Tells the files of this program from other TOML files, as editors ask about all of them, and from each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.analysis.syntax import Document, read_document
from timer_app.system import paths

if TYPE_CHECKING:
    from timer_app.library import FileKind

_SESSIONS_FOLDER = "sessions"
_FORMAT_KEY = "schema"  # no other kind of TOML file has it at its top, and all of ours but phrases do
# What tells one sort of file from another, in the order in which it is looked for.
_TELLING_KEYS: Mapping[str, FileKind] = {
    "steps": "session",
    "exercises": "exercises",
    "weeks": "programme",
    "texts": "translation",
}
_OWN_SCHEMAS = ("session.schema.json", "exercises.schema.json", "programme.schema.json")


def is_own_file(path: Path | None, text: str) -> bool:
    """Whether a TOML file is one of this program; its settings are not, which other rules hold for.

    Args:
        path: Where it lies; `None` where it is not saved yet.
        text: What it says.
    """
    if path is not None and path == paths.settings_file():
        return False
    first = text.lstrip("\N{BYTE ORDER MARK}").partition("\n")[0]
    if first.startswith("#:schema") and first.rstrip().endswith(_OWN_SCHEMAS):
        return True
    if path is not None and _is_in_own_folder(path):
        return True
    names = frozenset(read_document(text).root.names)
    if path is not None and path.parent.name == _SESSIONS_FOLDER and (not names or names & _TELLING_KEYS.keys()):
        return True
    return _FORMAT_KEY in names


def kind_of_document(document: Document) -> FileKind:
    """What sort of file a text is that cannot be read."""
    names = document.root.names
    return next((kind for key, kind in _TELLING_KEYS.items() if key in names), "session")


def _is_in_own_folder(path: Path) -> bool:
    own = (paths.own_sessions_dir(), paths.own_exercises_dir(), paths.own_programmes_dir(), paths.own_phrases_dir())
    return any(path.is_relative_to(folder) for folder in own)
