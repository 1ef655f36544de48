"""Runs a session line by line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from timer_app.cli.context import close_tracker
from timer_app.cli.output import echo, echo_lines
from timer_app.cli.signals import StoppedError, raise_on_stop_signal
from timer_app.core.text.format import length_text
from timer_app.plain.input import LineReader, interactive_descriptor
from timer_app.plain.runner import PlainRun
from timer_app.run.live import open_run
from timer_app.run.options import RunOptions
from timer_app.run.request import RunRequest
from timer_app.run.tracker import ResumableRun, RunTracker
from timer_app.system import paths
from timer_app.system.stderr import guarded_stderr

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import library as sessions

_LAST_SOUNDS_MS = 1_000.0  # the last tone is still on its way to the ear when a run is over


def run_plain(call: RunRequest, entry: sessions.SessionEntry, session: Session) -> int:
    """Run a session with a line for each thing that happens; returns the exit status.

    Args:
        call: What was asked for.
        entry: Which session it is.
        session: What its file says.
    """
    terminal, options = interactive_descriptor(), call.options
    if terminal is None and options.open_steps_ms is None:
        options = replace(options, open_steps_ms=0)
    if call.resumable:
        options = call.resumable.restore_options(options)
    options = call.tracker.resolve_doses(options, session, call.library.catalogue_in(session.language), entry.id)
    earlier = None if call.resumable else call.tracker.find_resumable(str(entry.path))
    echo_lines(_opening_lines(call, entry, session, earlier))
    try:
        return _run_open(call._replace(options=options), entry, session, terminal)
    except (KeyboardInterrupt, StoppedError):
        _print_resume_hint(call.tracker, entry, earlier)
        raise


def _run_open(call: RunRequest, entry: sessions.SessionEntry, session: Session, terminal: int | None) -> int:
    options, starter = call.options, call.tracker.starter(entry.id, entry.path, call.resumable)
    with (
        raise_on_stop_signal(),
        _guard_stderr(options),
        _closing_tracker(call.tracker),
        closing(open_run(session, options, call.library, entry.path, starter=starter)) as stage,
    ):
        inbox = LineReader(terminal)
        status = _play(PlainRun(stage, echo, inbox, answers=terminal is not None), kept=call.tracker.is_enabled)
        if status == 0 and options.is_heard:
            inbox(_LAST_SOUNDS_MS)
        return status


def _opening_lines(
    call: RunRequest, entry: sessions.SessionEntry, session: Session, earlier: ResumableRun | None
) -> Iterator[str]:
    """What is run, and whether a run of it was cut off."""
    if call.resumable:
        yield f"{session.name}, taken up again: about {length_text(call.resumable.unfinished.left_ms)} left"
        return
    if earlier:
        yield f"A run of this session was cut off at {earlier.step_name}; {_resume_command(entry)} goes on there."
    yield f"{session.name}, about {length_text(entry.length_ms)}"


def _resume_command(entry: sessions.SessionEntry) -> str:
    """The command that takes up a run of a session."""
    name = shlex.quote(str(entry.path)) if entry.origin == "file" else entry.id
    return f"`timer-app run {name} --resume`"


def _print_resume_hint(diary: RunTracker, entry: sessions.SessionEntry, earlier: ResumableRun | None) -> None:
    """Say how to take up the run that was just cut off, if it left anything; `earlier` is another one."""
    left = diary.find_resumable(str(entry.path))
    if left and (earlier is None or left.unfinished.id != earlier.unfinished.id):
        with suppress(OSError):
            echo(f"Go on with {_resume_command(entry)} within 24 hours.")


@contextmanager
def _closing_tracker(diary: RunTracker) -> Iterator[None]:
    """Have all that is done inside written down in the end, and tell what could not be."""
    try:
        yield
    finally:
        close_tracker(diary)


def _play(run: PlainRun, *, kept: bool) -> int:
    try:
        return run.play()
    except (KeyboardInterrupt, StoppedError):
        if kept:
            run.suspend()
        else:
            run.abort()  # there is nothing to take up later
        raise


def _guard_stderr(options: RunOptions) -> AbstractContextManager[None]:
    """Keeps the words of sound libraries out of the lines of a run that is heard."""
    return guarded_stderr(paths.log_file()) if options.is_heard else nullcontext()
