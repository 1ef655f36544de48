"""Reads the exercise files, bundled and the user's, into one catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from timer_app.core.compiler import EstimatedLengths
from timer_app.core.compiler.lint import check_exercise
from timer_app.core.diagnostics import FileFault, LocatedProblem, Problem, Source, validate_source
from timer_app.core.session import Exercise, ExerciseFile
from timer_app.core.session.translation import translated
from timer_app.core.training import ladder
from timer_app.core.wording.languages import same_language
from timer_app.library.sounds import SoundLibrary
from timer_app.library.translations import translated_texts, translation_faults
from timer_app.system.files import parse_file, toml_files

DEFAULT_LANGUAGE = "en"
# Checks that a recording can be played; takes its path and the folder of the file that names it.
RecordingCheck = Callable[[str, Path], None]


@dataclass(frozen=True, slots=True)
class ExerciseOrigin:
    """The file that an exercise comes from, and the language of the file."""

    path: Path
    language: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every exercise by its id, and the faults of the files that could not be used."""

    exercises: dict[str, Exercise]
    problems: tuple[LocatedProblem, ...] = ()
    origins: dict[str, ExerciseOrigin] = field(default_factory=dict)

    def in_language(self, language: str) -> dict[str, Exercise]:
        """All exercises, translated into `language` where there is a translation."""
        texts = {origin: translated_texts(origin.path, language) for origin in self._foreign_origins(language)}
        return {
            name: translated(exercise, texts.get(self.origins[name]) or {}) if self.origins[name] in texts else exercise
            for name, exercise in self.exercises.items()
        }

    def text_faults(self, language: str) -> list[LocatedProblem]:
        """The faults that keep translations into `language` from being used."""
        return [
            fault for origin in self._foreign_origins(language) for fault in translation_faults(origin.path, language)
        ]

    def untranslated(self, language: str) -> dict[str, str]:
        """The exercises that are not available in `language`, each with its own language."""
        foreign = {origin for origin in self._foreign_origins(language) if not translated_texts(origin.path, language)}
        return {name: origin.language for name, origin in self.origins.items() if origin in foreign}

    def _foreign_origins(self, language: str) -> set[ExerciseOrigin]:
        return {origin for origin in self.origins.values() if not same_language(origin.language, language)}


def read_catalogue(
    folders: Sequence[Path], sounds: SoundLibrary, recordings: RecordingCheck | None = None
) -> Catalogue:
    """Read all exercise files; a later folder replaces exercises of an earlier one.

    Args:
        folders: Folders of exercise files; they need not exist.
        sounds: The sounds that cues may name.
        recordings: Checks recordings; with `None` they are not checked.
    """
    exercises: dict[str, Exercise] = {}
    origins: dict[str, ExerciseOrigin] = {}
    problems: list[LocatedProblem] = []
    sources: dict[str, Source] = {}
    for path in (path for folder in folders for path in toml_files(folder)):
        try:
            source = parse_file(path)
            exercises_here, faults = read_exercises(source, sounds, path.parent, recordings)
        except FileFault as fault:
            problems += fault.problems
            continue
        exercises |= exercises_here
        origins |= dict.fromkeys(exercises_here, ExerciseOrigin(path, source.data.get("language", DEFAULT_LANGUAGE)))
        sources |= dict.fromkeys(exercises_here, source)
        problems += faults
    for name in [name for name, exercise in exercises.items() if exercise.variants]:
        if faulty := ladder.check_ladder(name, exercises):
            problems += sources[name].collected(faulty)
            exercises[name] = exercises[name].model_copy(update={"variants": ()})
    return Catalogue(exercises, tuple(problems), origins)


def is_exercise_file(source: Source) -> bool:
    """Whether a file holds exercises rather than a session."""
    return "exercises" in source.data and "steps" not in source.data


def read_exercise_file(
    source: Source, sounds: SoundLibrary, folder: Path, recordings: RecordingCheck | None = None
) -> tuple[ExerciseFile | None, list[Problem]]:
    """The exercise file without problems, or `None` with all its errors."""
    context: dict[str, Any] = {"check_sound": lambda sound: sounds.check(sound, folder)}
    if recordings:
        context["check_recording"] = lambda name: recordings(name, folder)
    return validate_source(ExerciseFile, source, context)


def read_exercises(
    source: Source, sounds: SoundLibrary, folder: Path, recordings: RecordingCheck | None = None
) -> tuple[dict[str, Exercise], list[LocatedProblem]]:
    """The exercises of a file, and its errors; with errors there are no exercises."""
    file, problems = read_exercise_file(source, sounds, folder, recordings)
    return (file.exercises if file else {}), source.collected(problems)


def check_exercises(
    source: Source,
    sounds: SoundLibrary,
    folder: Path,
    recordings: RecordingCheck | None = None,
    catalogue: Mapping[str, Exercise] | None = None,
) -> list[LocatedProblem]:
    """All errors of an exercise file, or all warnings if it has no errors.

    Args:
        source: The file.
        sounds: The sounds that cues may name.
        folder: The folder of the file.
        recordings: Checks recordings; with `None` they are not checked.
        catalogue: The exercises of other files, which a ladder may name.
    """
    file, problems = read_exercise_file(source, sounds, folder, recordings)
    if file is None:
        return source.collected(problems)
    whole = {**(catalogue or {}), **file.exercises}
    ladders = [problem for name in file.exercises for problem in ladder.check_ladder(name, whole)]
    return source.collected(ladders or exercise_warnings(file))


def exercise_warnings(file: ExerciseFile) -> list[Problem]:
    """Warnings about the exercises of a file."""
    lengths = EstimatedLengths()
    checked = (check_exercise(exercise, ("exercises", name), lengths) for name, exercise in file.exercises.items())
    return [problem for problems in checked for problem in problems]
