"""`timer-app check`: lists the faults of files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from timer_app.cli.errors import FAULT
from timer_app.cli.options import AS_JSON
from timer_app.cli.output import echo, echo_error, echo_lines
from timer_app.cli.parameters import SessionParam
from timer_app.core.diagnostics import LocatedProblem
from timer_app.core.wording.formatting import count_text
from timer_app.library import Library
from timer_app.settings import load_settings
from timer_app.system.paths import settings_file


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SessionParam())
@AS_JSON
def check(files: tuple[str, ...], *, as_json: bool) -> int:
    """List the faults of files.

    FILE is a session, exercises, a programme, a translation or settings.

    The exit status is 1 if there is an error; warnings do not count.
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
