"""Texts with a cursor in them, and the shipped ones."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from timer_app.analysis import Analysis, Completion, analyse, completions
from timer_app.core.diagnostics import LocatedProblem
from timer_app.library import Library
from timer_app.system import paths
from timer_app.system.files import toml_files

HEAD = 'schema = 1\nname = "Mine"\n'
PATH = Path("mine.toml").absolute()
SHIPPED = {path: path.read_text(encoding="utf-8") for path in toml_files(paths.shipped_sessions_dir())}
EXERCISES = {path: path.read_text(encoding="utf-8") for path in toml_files(paths.shipped_sessions_dir() / "exercises")}


class At(NamedTuple):
    """A text and a place in it."""

    analysis: Analysis
    line: int
    column: int


@cache
def library() -> Library:
    return Library.default()


def analysed(text: str) -> Analysis:
    return analyse(text, path=PATH, library=library())


def errors(analysis: Analysis) -> list[LocatedProblem]:
    """What keeps a text from being used."""
    return [problem for problem in analysis.problems if problem.severity == "error"]


def at(marked: str) -> At:
    """A text, and the place of the `|` in it."""
    before, _, after = marked.partition("|")
    return At(analysed(before + after), before.count("\n"), len(before) - before.rfind("\n") - 1)


def offered(marked: str) -> list[Completion]:
    return list(completions(*at(marked)))


def labels(marked: str) -> list[str]:
    return [one.label for one in offered(marked)]


def written(marked: str, label: str) -> str:
    """The line of the cursor once the completion of that label is taken."""
    place = at(marked)
    found = next(one for one in completions(*place) if one.label == label)
    line = place.analysis.lines[place.line]
    return line[: found.start_column] + found.insert_text + line[found.end_column :]
