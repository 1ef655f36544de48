"""Checks session files, and writes new ones."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from timer_app.cli.commands.new import starter_text
from timer_app.cli.errors import FAULT, PROGRAM, CommandError
from timer_app.cli.output import echo, echo_error, echo_lines
from timer_app.core.diagnostics.problems import LocatedProblem, printable
from timer_app.core.fields.notation import NotationError
from timer_app.core.fields.template import clean_text
from timer_app.core.text.format import count_text
from timer_app.library.library import Library
from timer_app.settings.settings import load_settings
from timer_app.system.paths import settings_file

_DEFAULT_NAME = "My session"
_LONGEST_NAME = 60


def check_files(files: Sequence[str], *, as_json: bool) -> int:
    """Print every fault of every file, and return the exit status: 1 if there is an error.

    Args:
        files: Paths of files of sessions, exercises, programmes, phrases or settings, or names of sessions.
        as_json: A list of problems for editors instead of text.
    """
    library = Library.default()
    known = set(library.ids())
    problems = [problem for file in files for problem in _check_file(library, known, file)]
    if as_json:
        echo(json.dumps([problem.to_dict() for problem in problems], ensure_ascii=False, indent=2))
    else:
        echo_lines([*(problem.render() for problem in problems), _total_line(len(files), problems)])
    for problem in [*library.catalogue_problems, *library.phrase_problems]:
        if problem.file not in files:
            echo_error(problem.render())
    return FAULT if any(problem.severity == "error" for problem in problems) else 0


def new_session(path: Path) -> None:
    """Write a session to start from, and check it.

    Raises:
        CommandError: The file is there already, or cannot be written.
    """
    shown = printable(str(path))
    try:
        with path.open("x", encoding="utf-8") as file:
            _write_starter(file, path)
    except FileExistsError:
        raise CommandError(f"{PROGRAM}: {shown} is there already; nothing was written") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandError(f"{PROGRAM}: {shown} cannot be written: {reason.lower()}") from None
    if problems := Library.default().check(path):
        raise CommandError("\n".join(problem.render() for problem in problems))
    echo(f"Wrote {shown}. Change it as you like; start it with: {PROGRAM} run {shown}")


def _write_starter(file: TextIO, path: Path) -> None:
    """Write the session, or leave no file: half of one would stand in the way of the next try."""
    try:
        file.write(starter_text(_session_name(path)))
        file.flush()
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _check_file(library: Library, known: set[str], file: str) -> list[LocatedProblem]:
    path = Path(file)
    if file in known and not path.is_file():
        path = library.find(file).path
        file = str(path)
    if path.name == settings_file().name and path.is_file():
        return [replace(problem, file=file) for problem in load_settings(path).problems]
    return library.check(path, file)


def _total_line(files: int, problems: Iterable[LocatedProblem]) -> str:
    severities = [problem.severity for problem in problems]
    found = [count_text(severities.count(kind), kind) for kind in ("error", "warning") if kind in severities]
    return f"{count_text(files, 'file')}: {', '.join(found) or 'no faults'}"


def _session_name(path: Path) -> str:
    """A session's name made from its file's: `desk-break.toml` is "Desk break"."""
    words = path.stem.replace("-", " ").replace("_", " ").replace("{", "{{").replace("}", "}}")[:_LONGEST_NAME]
    try:
        name = clean_text(words)
    except NotationError:
        return _DEFAULT_NAME
    return name[:1].upper() + name[1:] if name.isprintable() else _DEFAULT_NAME
