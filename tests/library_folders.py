"""Folders of sessions, exercises and sounds that a test may fill, and files to fill them with."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

from timer_app.core.diagnostics.problems import LocatedProblem
from timer_app.library.library import Folders, Library, Origin
from timer_app.library.sounds import SoundLibrary
from timer_app.system import paths

HEAD = 'schema = 1\nname = "Test"\n'
HOLD = HEAD + '[[steps]]\nname = "A"\nhold = "30s"\n'
CATALOGUE = """
schema = 1

[exercises.wall-squat]
name = "Wall squat"
say = "Lean on the wall and slide down."
hold = "30-60s"
equipment = ["wall"]

[exercises.row]
name = "Row"
say = "Pull your elbows back."
reps = "8-12"
"""


def write_wav(path: Path, length_ms: int = 100) -> Path:
    """A WAV file of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(1_000)
        file.writeframes(b"\x80" * length_ms)
    return path


@dataclass(frozen=True)
class Place:
    """Folders that may be written to, and the libraries that look into them."""

    root: Path

    @property
    def own(self) -> Path:
        return self.root / "own"

    @property
    def shipped(self) -> Path:
        return self.root / "shipped"

    @property
    def own_exercises(self) -> Path:
        return self.root / "own-exercises"

    @property
    def index(self) -> Path:
        return self.root / "cache" / "library.json"

    @property
    def phrases(self) -> Path:
        return self.root / "phrases"

    @property
    def sounds(self) -> Path:
        return self.root / "sounds"

    def library(self, language: str = "") -> Library:
        """A new library, as after a new start."""
        sessions: tuple[tuple[Origin, Path], ...] = (("own", self.own), ("shipped", self.shipped))
        folders = Folders(sessions, (self.shipped / "exercises", self.own_exercises), self.index, self.phrases)
        return Library(folders, SoundLibrary((paths.shipped_sounds_dir(), self.sounds), self.sounds), language=language)

    def write(self, name: str, text: str, folder: Path | None = None) -> Path:
        """A file, by default in the folder of the user's own sessions."""
        path = (folder or self.own) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def check(place: Place, text: str) -> list[LocatedProblem]:
    """What is found in a session file, or a file of exercises, with that text."""
    return place.library().check(place.write("test.toml", text))


def fault_lines(found: list[LocatedProblem]) -> list[str]:
    """Faults as one line each: place, severity, key and message."""
    return [f"{one.line}:{one.column}: {one.severity[0]} {one.key}: {one.message}" for one in found]
