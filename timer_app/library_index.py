"""Remembers what the list of sessions shows of each file, so that unchanged files are not read again."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timer_app import __version__

_LARGEST = 5_000  # files remembered


class Index:
    """Facts about files, valid as long as the file and the catalogue are unchanged.

    Args:
        path: Where they are kept between starts; `None` keeps them in memory only.
        catalogue: The exercise files, on which all sessions depend.
    """

    def __init__(self, path: Path | None, catalogue: Sequence[Path]) -> None:
        self._path = path
        self._stamp = [__version__, *(_stamp(file) for file in catalogue)]
        self._facts: dict[str, Any] = self._load()
        self._changed = False

    def get(self, path: Path) -> dict[str, Any] | None:
        """What is known of a file; `None` for nothing, or nothing that is still true."""
        known = self._facts.get(str(path.absolute()))
        if not isinstance(known, dict) or known.get("stamp") != _stamp(path):
            return None
        facts: dict[str, Any] = known["facts"]
        return facts

    def put(self, path: Path, facts: dict[str, Any]) -> None:
        """Remember what was found in a file."""
        self._facts[str(path.absolute())] = {"stamp": _stamp(path), "facts": facts}
        self._changed = True

    def save(self) -> None:
        """Keep it for the next start; a folder that cannot be written to is no reason to complain."""
        if self._path is None or not self._changed:
            return
        kept = dict(list(self._facts.items())[-_LARGEST:])
        own = self._path.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            own.write_text(json.dumps({"stamp": self._stamp, "files": kept}), encoding="utf-8")
            own.replace(self._path)
            self._changed = False

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        fits = isinstance(found, dict) and found.get("stamp") == self._stamp
        return dict(found["files"]) if fits and isinstance(found.get("files"), dict) else {}


def _stamp(path: Path) -> str:
    try:
        state = path.stat()
    except (OSError, ValueError):
        return f"{path} is not there"
    return f"{path} {state.st_mtime_ns} {state.st_size}"
