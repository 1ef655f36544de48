"""`timer-app check`: lists the faults of files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import FAULT
from timer_app.cli.options import AS_JSON, examples
from timer_app.cli.output import echo_drawn, echo_error, echo_json, echo_lines, slow_status
from timer_app.cli.parameters import SessionParam
from timer_app.cli.resources import load_settings_quietly
from timer_app.cli.tables import problem_lines
from timer_app.core.diagnostics import LocatedProblem
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import count_text
from timer_app.library import Library, existing_path
from timer_app.settings import load_settings
from timer_app.system.paths import settings_file

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext, Compiled
    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Lengths
    from timer_app.library import RefinePlan
    from timer_app.settings import Settings


@click.command(epilog=examples("check mine.toml", "check sessions/*.toml --fast", "check mine.toml --json"))
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SessionParam())
@click.option("--fast", is_flag=True, help="Estimate how long lines take instead of measuring them.")
@AS_JSON
def check(files: tuple[str, ...], *, fast: bool, as_json: bool) -> int:
    """List the faults of files.

    FILE is a session, exercises, a programme, a translation or settings. Whether lines have room is found out with
    the voice that will speak.

    The exit status is 1 if there is an error; warnings do not count.
    """
    settings = load_settings_quietly()
    library = Library.default()
    known = set(library.ids())
    estimates = [_("lengths are estimated")] if fast else []
    with ExitStack() as opened:
        refine = None if fast else _exact_plans(settings, library, opened, estimates)
        say = opened.enter_context(slow_status(_("Checking")))
        problems: list[LocatedProblem] = []
        for number, file in enumerate(files, 1):
            say(_("Checking {file} ({number} of {count})").format(file=file, number=number, count=len(files)))
            problems += check_file(library, known, file, refine)
    echo_problems(problems, len(files), estimates, as_json=as_json)
    for problem in [*library.catalogue_problems, *library.phrase_problems]:
        if problem.file not in files:
            echo_error(*problem.lines())
    return FAULT if any(problem.severity == "error" for problem in problems) else 0


def echo_problems(problems: Sequence[LocatedProblem], files: int, notes: Iterable[str], *, as_json: bool) -> None:
    """Print the faults of so many files, and how many there are.

    Args:
        problems: The faults.
        files: How many files were checked.
        notes: What else is to be known, behind the number.
        as_json: As JSON, without the number and the notes.
    """
    if as_json:
        echo_json([problem.to_dict() for problem in problems])
        return
    for problem in problems:
        for line in problem_lines(problem):
            echo_drawn(line)
    echo_lines([_total_line(files, problems, notes)])


def _exact_plans(settings: Settings, library: Library, opened: ExitStack, estimates: list[str]) -> RefinePlan:
    """Gives plans the lengths that lines have with the voice that will speak.

    Args:
        settings: Which voice speaks, and how.
        library: Where sounds and recordings lie.
        opened: Ends the process that measures.
        estimates: Gets the reason where lengths stay estimated.
    """
    from timer_app.core.compiler import compile_session
    from timer_app.run import LineMeasurer
    from timer_app.settings import options_from_settings
    from timer_app.tts import VoiceError

    options = options_from_settings(settings)
    measurer = opened.enter_context(closing(LineMeasurer()))

    def refine(session: Session, path: Path, plan: CompileContext) -> CompileContext:
        if plan.is_large(session):
            estimates[:] = [_(LineMeasurer.TOO_LARGE)]
            return plan
        resolved = options.resolved(session)
        sounds = library.sound_lengths(resolved.sound_theme, path.parent, resolved.sounds)
        recordings = library.media(session, path.parent).recordings

        def compile_with(lengths: Lengths) -> Compiled:
            return compile_session(session, replace(plan, lengths=lengths))

        try:
            lengths = measurer.exact_lengths(compile_with, sounds, resolved.voice, resolved.style, recordings)
        except VoiceError as error:
            estimates[:] = [_("lengths are estimated, as there is no voice: {error}").format(error=error)]
            return plan
        if measurer.leaves_estimates:
            estimates[:] = [_(LineMeasurer.MANY_LINES).format(count=LineMeasurer.MAX_MEASURED)]
        return replace(plan, lengths=lengths)

    return refine


def check_file(library: Library, known: set[str], file: str, refine: RefinePlan | None) -> list[LocatedProblem]:
    """All faults of a file.

    Args:
        library: What it may refer to.
        known: The names of all sessions.
        file: Its path as the user wrote it, or the name of a session.
        refine: Gives a session its plan with exact lengths; `None` leaves them estimated.
    """
    path = Path(file)
    is_file = existing_path(file) == path and path.is_file()
    in_folders = [one for one in known if one.endswith(f"/{file}")]
    if not is_file and (file in known or len(in_folders) == 1):
        path = library.find(file).path
        file = str(path)
    if path.name == settings_file().name and is_file:
        return [replace(problem, file=file) for problem in load_settings(path).problems]
    return library.check(path, file, refine)


def _total_line(files: int, problems: Iterable[LocatedProblem], estimates: Iterable[str]) -> str:
    severities = [problem.severity for problem in problems]
    found = [count_text(severities.count(kind), kind) for kind in ("error", "warning") if kind in severities]
    return "; ".join([f"{count_text(files, 'file')}: {', '.join(found) or _('no faults')}", *estimates])
