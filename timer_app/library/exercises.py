"""Reads the files of exercises, shipped ones and the user's, into one catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timer_app.core.compiler.estimate import EstimatedLengths
from timer_app.core.compiler.lint import check_exercise
from timer_app.core.diagnostics.problems import FileFault, LocatedProblem, Problem
from timer_app.core.diagnostics.source import Source
from timer_app.core.diagnostics.validate import validate_source
from timer_app.core.session.exercise import Exercise, ExerciseFile
from timer_app.core.session.translation import translated
from timer_app.core.text.languages import same_language
from timer_app.library.sounds import SoundLibrary
from timer_app.library.translations import translated_texts, translation_faults
from timer_app.system.files import parse_file, toml_files

DEFAULT_LANGUAGE = "en"
# Sees that a recording can be played, by its path and the folder of the file that names it.
RecordingCheck = Callable[[str, Path], None]


@dataclass(frozen=True, slots=True)
class ExerciseOrigin:
    """Where an exercise comes from: its file, and the language of that."""

    path: Path
    language: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every exercise by its id, and what is wrong with files whose exercises are missing."""

    exercises: dict[str, Exercise]
    problems: tuple[LocatedProblem, ...] = ()
    origins: dict[str, ExerciseOrigin] = field(default_factory=dict)

    def in_language(self, language: str) -> dict[str, Exercise]:
        """The exercises in a language, where they are written in it or translated into it; the others as they are."""
        texts = {home: translated_texts(home.path, language) for home in self._foreign_origins(language)}
        return {
            name: translated(exercise, texts.get(self.origins[name]) or {}) if self.origins[name] in texts else exercise
            for name, exercise in self.exercises.items()
        }

    def text_faults(self, language: str) -> list[LocatedProblem]:
        """Why translations into a language cannot be used; their exercises stay as they are."""
        return [fault for home in self._foreign_origins(language) for fault in translation_faults(home.path, language)]

    def untranslated(self, language: str) -> dict[str, str]:
        """The exercises that a language has not, each with the language it is in."""
        foreign = {home for home in self._foreign_origins(language) if not translated_texts(home.path, language)}
        return {name: home.language for name, home in self.origins.items() if home in foreign}

    def _foreign_origins(self, language: str) -> set[ExerciseOrigin]:
        return {home for home in self.origins.values() if not same_language(home.language, language)}


def read_catalogue(
    folders: Sequence[Path], sounds: SoundLibrary, recordings: RecordingCheck | None = None
) -> Catalogue:
    """Read all exercise files; a later folder replaces exercises of an earlier one.

    Args:
        folders: Where they lie; a folder need not exist.
        sounds: Which sounds their cues may name.
        recordings: Sees that a recording can be played; `None` for not looking.
    """
    exercises: dict[str, Exercise] = {}
    homes: dict[str, ExerciseOrigin] = {}
    problems: list[LocatedProblem] = []
    for path in (path for folder in folders for path in toml_files(folder)):
        try:
            source = parse_file(path)
            found, faults = read_exercises(source, sounds, path.parent, recordings)
        except FileFault as fault:
            problems += fault.problems
            continue
        exercises |= found
        homes |= dict.fromkeys(found, ExerciseOrigin(path, source.data.get("language", DEFAULT_LANGUAGE)))
        problems += faults
    return Catalogue(exercises, tuple(problems), homes)


def is_exercise_file(source: Source) -> bool:
    """Whether a file holds exercises, and not a session."""
    return "exercises" in source.data and "steps" not in source.data


def read_exercise_file(
    source: Source, sounds: SoundLibrary, folder: Path, recordings: RecordingCheck | None = None
) -> tuple[ExerciseFile | None, list[Problem]]:
    """A file of exercises and no problems, or all its errors."""
    context: dict[str, Any] = {"check_sound": lambda sound: sounds.check(sound, folder)}
    if recordings:
        context["check_recording"] = lambda name: recordings(name, folder)
    return validate_source(ExerciseFile, source, context)


def read_exercises(
    source: Source, sounds: SoundLibrary, folder: Path, recordings: RecordingCheck | None = None
) -> tuple[dict[str, Exercise], list[LocatedProblem]]:
    """The exercises of a file, none where it has errors, and the errors."""
    found, problems = read_exercise_file(source, sounds, folder, recordings)
    return (found.exercises if found else {}), source.collected(problems)


def check_exercises(
    source: Source, sounds: SoundLibrary, folder: Path, recordings: RecordingCheck | None = None
) -> list[LocatedProblem]:
    """Everything wrong with a file of exercises; warnings only where there are no errors."""
    found, problems = read_exercise_file(source, sounds, folder, recordings)
    return source.collected(problems if found is None else exercise_warnings(found))


def exercise_warnings(file: ExerciseFile) -> list[Problem]:
    """What would disappoint in the exercises of a file."""
    lengths = EstimatedLengths()
    checked = (check_exercise(exercise, ("exercises", name), lengths) for name, exercise in file.exercises.items())
    return [problem for problems in checked for problem in problems]
