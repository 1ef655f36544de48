"""Reads the files of exercises, shipped ones and the user's, into one catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from timer_app.core.check import check_exercise
from timer_app.core.estimate import EstimatedLengths
from timer_app.core.exercise import Exercise, ExerciseFile
from timer_app.core.problems import FileFault, Located, Problem
from timer_app.core.reader import read
from timer_app.core.source import Source
from timer_app.files import parse_file, toml_files
from timer_app.soundbox import SoundBox


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every exercise by its id, and what is wrong with files whose exercises are missing."""

    exercises: dict[str, Exercise]
    problems: tuple[Located, ...] = ()


def read_catalogue(folders: Sequence[Path], sounds: SoundBox) -> Catalogue:
    """Read all exercise files; a later folder replaces exercises of an earlier one.

    Args:
        folders: Where they lie; a folder need not exist.
        sounds: Which sounds their cues may name.
    """
    exercises: dict[str, Exercise] = {}
    problems: list[Located] = []
    for path in (path for folder in folders for path in toml_files(folder)):
        try:
            found, faults = read_exercises(parse_file(path), sounds, path.parent)
        except FileFault as fault:
            problems += fault.problems
            continue
        exercises |= found
        problems += faults
    return Catalogue(exercises, tuple(problems))


def is_exercise_file(source: Source) -> bool:
    """Whether a file holds exercises, and not a session."""
    return "exercises" in source.data and "steps" not in source.data


def read_exercises(source: Source, sounds: SoundBox, folder: Path) -> tuple[dict[str, Exercise], list[Located]]:
    """The exercises of a file, none where it has errors, and the errors."""
    found, problems = read(ExerciseFile, source, {"check_sound": lambda sound: sounds.check(sound, folder)})
    return (found.exercises if found else {}), source.collected(problems)


def check_exercises(source: Source, sounds: SoundBox, folder: Path) -> list[Located]:
    """Everything wrong with a file of exercises; warnings only where there are no errors."""
    exercises, faults = read_exercises(source, sounds, folder)
    return faults or source.collected(_warnings(exercises))


def _warnings(exercises: dict[str, Exercise]) -> Iterator[Problem]:
    lengths = EstimatedLengths()
    for name, exercise in exercises.items():
        yield from check_exercise(exercise, ("exercises", name), lengths)
