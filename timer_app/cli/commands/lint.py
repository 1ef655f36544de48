"""`timer-app lint`: checks files quickly and strictly, and mends what is plain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.commands.check import check_file, echo_problems
from timer_app.cli.errors import FAULT, PROGRAM, CommandError
from timer_app.cli.options import AS_JSON, examples
from timer_app.cli.output import echo_error
from timer_app.cli.parameters import SessionParam
from timer_app.cli.resources import load_settings_quietly
from timer_app.core.diagnostics import FileFault, LocatedProblem, printable
from timer_app.core.i18n import _, ngettext
from timer_app.library import Library
from timer_app.system.files import atomic_write, read_text
from timer_app.system.paths import settings_file

if TYPE_CHECKING:
    from timer_app.analysis import Analysis, Fix

_MARK = "\N{BYTE ORDER MARK}"
_MOST_FIXES = 200  # of a file, which is looked at anew with each where they are in the way of one another
_MOST_READ = 5_000_000  # characters in all these looks: many times what any session has that is meant


@click.command(epilog=examples("lint mine.toml", "lint sessions/*.toml --fix", "lint mine.toml --json"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SessionParam())
@click.option("--fix", is_flag=True, help="Mend what can only have been meant one way; everything else stays as it is.")
@AS_JSON
def lint(files: tuple[str, ...], *, fix: bool, as_json: bool) -> int:
    """Check files quickly and strictly, and mend what is plain.

    FILE is what `check` takes. Lengths of lines are estimated, so that it is quick enough for a hook.

    The exit status is 1 if there is an error or a warning, and with --fix if one is left.
    """
    load_settings_quietly()
    library = Library.default()
    known = set(library.ids())
    problems: list[LocatedProblem] = []
    fixed = 0
    for file in files:
        fixed += _mend(library, file) if fix else 0
        problems += check_file(library, known, file, None)
    notes = [ngettext("{count} fixed", "{count} fixed", fixed).format(count=fixed)] if fixed else []
    echo_problems(problems, len(files), notes, as_json=as_json)
    return FAULT if problems else 0


def _mend(library: Library, file: str) -> int:
    """Mend what is plain in a file, and say what that was; returns how much.

    Raises:
        CommandError: The file cannot be written.
    """
    path = Path(file)
    if path.name == settings_file().name:
        return 0
    try:
        written = read_text(path, shown=file)
    except (FileFault, FileNotFoundError):
        return 0  # which is told with the other faults
    mended, said = _mended(library, path, written.removeprefix(_MARK))
    if said:
        _write(path, (_MARK if written.startswith(_MARK) else "") + mended)
        echo_error(*said)
    return len(said)


def _mended(library: Library, path: Path, text: str) -> tuple[str, list[str]]:
    """The text with everything mended that is plain, and a line for each of these changes."""
    from timer_app.analysis import analyse, apply_edits, fixes

    end = "\r\n" if "\r\n" in text else "\n"
    said: list[str] = []
    tried: set[str] = set()
    at_once = True
    analysis = analyse(text, path=path, library=library)
    read = len(text)
    while len(said) < _MOST_FIXES and read < _MOST_READ:
        sure = [one for one in fixes(analysis) if one.is_sure and one.problem.headline not in tried]
        if not sure:
            break
        chosen = _apart(sure)[: _MOST_FIXES - len(said)] if at_once else sure[:1]
        edits = [replace(edit, new_text=edit.new_text.replace("\n", end)) for one in chosen for edit in one.edits]
        candidate = apply_edits(text, edits)
        after = analyse(candidate, path=path, library=library)
        read += len(candidate)
        concerned = {one.problem.headline for one in chosen}
        is_mended = concerned.isdisjoint(problem.headline for problem in after.problems)
        if len(chosen) > 1 and not (is_mended and _errors(after) <= _errors(analysis)):
            at_once = False  # one is in the way of another, such as two slips of the same key
            continue
        tried |= concerned
        if is_mended:
            said += [printable(f"{one.problem.place}: {one.title}") for one in chosen]
            text, analysis = candidate, after
    return text, said


def _apart(found: Sequence[Fix]) -> list[Fix]:
    """The first of some fixes, and those that follow as long as each changes another line, and none how many there are.

    What is said of them is the same as if they were made one after the other.
    """
    apart: list[Fix] = []
    lines: set[int] = set()
    for fix in found:
        is_within = all(edit.line == edit.end_line and "\n" not in edit.new_text for edit in fix.edits)
        if apart and (not is_within or any(edit.line in lines for edit in fix.edits)):
            break
        apart.append(fix)
        if not is_within:
            break
        lines |= {edit.line for edit in fix.edits}
    return apart


def _errors(analysis: Analysis) -> set[str]:
    return {problem.headline for problem in analysis.problems if problem.severity == "error"}


def _write(path: Path, text: str) -> None:
    """Replace what a file says; who may read it stays, and where a link leads too."""
    try:
        target = path.resolve()
        with atomic_write(target, like=target) as file:
            file.write(text.encode())
    except OSError as error:
        said = _("{path} cannot be written: {reason}").format(path=printable(str(path)), reason=error.strerror or error)
        raise CommandError(f"{PROGRAM} lint: {said}") from None
