"""Sources of each format, written from what is known of them, and what reads them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from timer_app.interchange import FORMATS, LedgerEntry, open_sources, plan_import
from timer_app.interchange.importing import ImportedFile
from timer_app.interchange.model import Imported, ImportedSession
from timer_app.interchange.source import Source
from timer_app.library import Library

SAMPLES = Path(__file__).parent / "samples"
NAMES = tuple(sorted(path.name for path in SAMPLES.iterdir()))


def sources(name: str) -> list[Source]:
    """The texts in one of the samples."""
    return open_sources(name, (SAMPLES / name).read_bytes())


def imported(name: str, library: Library) -> ImportedFile:
    """What one of the samples gives."""
    (found,) = plan_import(library, sources(name)).imported
    return found


def read(text: str, name: str = "routine.txt") -> Imported:
    """What the reader gives that takes a text for its own."""
    from timer_app.interchange.formats import read_source

    return read_source(Source(name, text))[1]


def session_of(text: str, name: str = "routine.txt") -> ImportedSession:
    """The only session of a text."""
    (found,) = read(text, name).sessions
    return found


def steps_of(text: str, library: Library, name: str = "routine.txt") -> list[dict[str, Any]]:
    """The steps of the only file that a text gives, as TOML has them."""
    (file,) = plan_import(library, [Source(name, text)]).files
    found: list[dict[str, Any]] = tomllib.loads(file.text)["steps"]
    return found


def fates(entries: tuple[LedgerEntry, ...], key: str) -> list[tuple[str, str]]:
    """What became of a key, and why."""
    return [(entry.fate, entry.reason) for entry in entries if entry.key == key]


__all__ = ["FORMATS", "NAMES", "SAMPLES", "fates", "imported", "read", "session_of", "sources", "steps_of"]
