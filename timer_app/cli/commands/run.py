"""`timer-app run`: runs a session, on a screen where there is one and otherwise line by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples, reject_level_with_dose, run_options
from timer_app.cli.output import echo, echo_lines, is_interactive
from timer_app.cli.parameters import SessionParam
from timer_app.cli.resources import (
    check_theme,
    close_tracker,
    find_session,
    find_unfinished_run,
    load_library,
    load_session,
    load_user_settings,
    open_tracker,
)
from timer_app.cli.screens import make_run_options, show_app
from timer_app.cli.signals import StoppedError, raise_on_stop_signal
from timer_app.core.diagnostics import command_text, nearest, quoted
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import count_text, length_text, rough_text
from timer_app.run import RunOptions, RunRequest
from timer_app.system import guarded_stderr, paths

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import Library, SessionEntry
    from timer_app.plain import PlainRun
    from timer_app.run import ResumableRun, RunTracker

_LAST_SOUNDS_MS = 1_000.0  # when a run is over, its last tone is still on the way to the ear


@click.command(
    epilog=examples(
        "run desk-break",
        "run desk-break --plain --voice espeak",
        "run upper-back-release --at-most 12m",
        'run desk-break --from "Chest stretch"',
        "run mine.toml --watch",
        "run --resume",
    )
)
@click.argument("name", type=SessionParam(), metavar="NAME", required=False)
@run_options
@click.option("--watch", is_flag=True, help="Take over what you save in the session's file while it runs.")
@click.pass_context
def run(  # noqa: PLR0913 - each is an option
    context: click.Context,
    /,
    name: str | None,
    *,
    plain: bool,
    resume: bool,
    watch: bool,
    from_step: str | None,
    **options: Any,
) -> int:
    """Run a session.

    NAME is one that `list` shows, or a path.

    The exit status is 0 when it was finished, 1 for a fault, 2 for a wrong call, 130 when it was given up, and
    128 + n when signal n ended it. With --plain, it ends when its lines cannot be written any more (141 when their
    reader has gone), and --resume goes on.
    """
    if name is None and not resume:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    reject_level_with_dose(options["level"], options["dose"])
    if resume and from_step is not None:
        raise click.UsageError(_("--from and --resume exclude each other."))
    settings = load_user_settings(options.get("language"))
    tracker = open_tracker(settings, options)
    resumable = find_unfinished_run(tracker, name) if resume else None
    language = options.get("language") or (resumable.unfinished.language if resumable else None)
    library = load_library(language, settings)
    entry = find_session(library, str(resumable.path) if resumable else name or "")
    check_theme(library, options.get("theme"))
    request = RunRequest(library, make_run_options(settings, options), tracker, resumable, follows=watch)
    if from_step is not None:
        first = _find_step(library, load_session(library, entry, options.get("language")), from_step)
        request = request._replace(options=replace(request.options, first_step=first))
    if is_interactive() and not plain:
        # A session that is known to have no faults is read while the screen is shown already.
        if entry.faults or options.get("language"):
            load_session(library, entry, options.get("language"))
        return show_app(request, settings, entry)
    return _run_plain(request, entry, load_session(library, entry, options.get("language")))


def _find_step(library: Library, session: Session, wanted: str) -> int:
    """The index of the step with that name, or that number from 1.

    Raises:
        CommandError: There is none.
    """
    from timer_app.core.compiler import EstimatedLengths, compile_session

    steps = compile_session(session, library.plan(session, EstimatedLengths())).timeline.steps
    names = [step.name for step in steps]
    if wanted.isdecimal() and 0 < int(wanted) <= len(names):
        return int(wanted) - 1
    found = next((index for index, name in enumerate(names) if name.casefold() == wanted.casefold()), None)
    if found is not None:
        return found
    near = nearest(wanted, names)
    hint = (
        _("did you mean {name}?").format(name=quoted(near))
        if near
        else _("the session has {steps}").format(steps=count_text(len(names), "step"))
    )
    said = _("there is no step {step}; {hint}").format(step=quoted(wanted), hint=hint)
    raise CommandError(f"{PROGRAM} run: {said}", USAGE)


def _run_plain(request: RunRequest, entry: SessionEntry, session: Session) -> int:
    """Run a session with a line for each event; returns the exit status."""
    from timer_app.plain import interactive_descriptor

    terminal, options = interactive_descriptor(), request.options
    if terminal is None and options.open_steps_ms is None:
        options = replace(options, open_steps_ms=0)
    if request.resumable:
        options = request.resumable.restore_options(options)
    asked, catalogue = options, request.library.catalogue_in(session.language)
    options = request.tracker.resolve_doses(options, session, catalogue, entry.id, entry.path)
    earlier = None if request.resumable else request.tracker.find_resumable(str(entry.path))
    echo_lines(_opening_lines(request, entry, session, earlier))
    try:
        return _run_open(request._replace(options=options), entry, session, terminal, asked)
    except (KeyboardInterrupt, StoppedError):
        _print_resume_hint(request.tracker, entry, earlier)
        raise


def _run_open(
    request: RunRequest, entry: SessionEntry, session: Session, terminal: int | None, asked: RunOptions
) -> int:
    """Open and play a run; `asked` are its options before today's doses were known."""
    from timer_app.plain import SPOKEN_KEYS, LineReader, PlainRun
    from timer_app.run import open_run

    options = replace(request.options, keys=SPOKEN_KEYS if terminal is not None else {})
    starter = request.tracker.starter(entry.id, entry.path, request.resumable)
    with (
        raise_on_stop_signal(),
        _guard_stderr(options),
        _closing_tracker(request.tracker),
        closing(open_run(session, options, request.library, entry.path, starter=starter)) as live_run,
    ):
        if request.follows:
            live_run.follow_file(entry, request.library, replace(asked, keys=options.keys), request.tracker)
        read_line = LineReader(terminal)
        plain_run = PlainRun(live_run, echo, read_line, answers=terminal is not None)
        status = _play(plain_run, is_recorded=request.tracker.is_enabled)
        if status == 0 and options.is_heard:
            read_line(_LAST_SOUNDS_MS)
        return status


def _opening_lines(
    request: RunRequest, entry: SessionEntry, session: Session, earlier: ResumableRun | None
) -> Iterator[str]:
    """The session and its length, and whether an earlier run of it was cut off."""
    if request.resumable:
        left = length_text(request.resumable.unfinished.left_ms)
        yield _("{name}, taken up again: about {time} left").format(name=session.name, time=left)
        return
    if earlier:
        text = _("A run of this session was cut off at {step}; {command} goes on there.")
        yield text.format(step=earlier.step_name, command=_resume_command(entry))
    if request.options.max_ms is not None:
        yield session.name
    else:
        yield _("{name}, about {time}").format(name=session.name, time=rough_text(entry.length_ms))


def _resume_command(entry: SessionEntry) -> str:
    """The command that resumes a run of the session."""
    name = str(entry.path) if entry.origin == "file" else entry.id
    return f"`{command_text('run', name, options='--resume')}`"


def _print_resume_hint(tracker: RunTracker, entry: SessionEntry, earlier: ResumableRun | None) -> None:
    """Print how to resume the run that was just cut off, if it left a record; `earlier` is that of another run."""
    left = tracker.find_resumable(str(entry.path))
    if left and (earlier is None or left.unfinished.id != earlier.unfinished.id):
        with suppress(OSError):
            echo(_("Go on with {command} within 24 hours.").format(command=_resume_command(entry)))


@contextmanager
def _closing_tracker(tracker: RunTracker) -> Iterator[None]:
    try:
        yield
    finally:
        close_tracker(tracker)


def _play(plain_run: PlainRun, *, is_recorded: bool) -> int:
    try:
        return plain_run.play()
    except (KeyboardInterrupt, StoppedError):
        if is_recorded:
            plain_run.suspend()
        else:
            plain_run.abort()  # nothing was recorded, so there is nothing to resume later
        raise


def _guard_stderr(options: RunOptions) -> AbstractContextManager[None]:
    """Keep what sound libraries write to standard error out of the lines of a run."""
    return guarded_stderr(paths.log_file()) if options.is_heard else nullcontext()
