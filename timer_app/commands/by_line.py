"""Runs a session line by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from timer_app import paths
from timer_app.audio.stderr_guard import guarded_stderr
from timer_app.call import Call
from timer_app.commands.diaries import tell_losses
from timer_app.commands.output import tell, tell_all
from timer_app.commands.signals import StoppedError, stopping
from timer_app.core.amounts import length_text
from timer_app.diary import Diary
from timer_app.plain.inbox import Inbox, answering_terminal
from timer_app.plain.run import PlainRun
from timer_app.run_options import RunOptions
from timer_app.stage import open_stage

if TYPE_CHECKING:
    from timer_app import library as sessions
    from timer_app.core.model import Session

_LAST_SOUNDS_MS = 1_000.0  # the last tone is still on its way to the ear when a run is over


def line_by_line(call: Call, entry: sessions.SessionEntry, session: Session) -> int:
    """Run a session with a line for each thing that happens; returns the exit status.

    Args:
        call: What was asked for.
        entry: Which session it is.
        session: What its file says.
    """
    terminal, options = answering_terminal(), call.options
    if terminal is None and options.open_steps_ms is None:
        options = replace(options, open_steps_ms=0)
    if call.offer:
        options = call.offer.options(options)
    options = call.diary.with_doses(options, session, call.sessions.catalogue_in(session.language), entry.id)
    tell_all(_opening_lines(call, entry, session))
    with (
        stopping(),
        _quiet(options),
        _written(call.diary),
        closing(open_stage(session, options, call.sessions, entry.path)) as stage,
    ):
        call.diary.write(stage, entry.id, entry.path, call.offer)
        inbox = Inbox(terminal)
        status = _played(PlainRun(stage, tell, inbox, answers=terminal is not None))
        if status == 0 and options.is_heard:
            inbox(_LAST_SOUNDS_MS)
        return status


def _opening_lines(call: Call, entry: sessions.SessionEntry, session: Session) -> Iterator[str]:
    """What is run, and whether a run of it was cut off."""
    if call.offer:
        yield f"{session.name}, taken up again: about {length_text(call.offer.unfinished.left_ms)} left"
        return
    if cut_off := call.diary.offer(str(entry.path)):
        name = entry.path if entry.origin == "file" else entry.id
        yield f"A run of this session was cut off at {cut_off.where}; `timer-app run --resume {name}` goes on there."
    yield f"{session.name}, about {length_text(entry.length_ms)}"


@contextmanager
def _written(diary: Diary) -> Iterator[None]:
    """Have all that is done inside written down in the end, and tell what could not be."""
    try:
        yield
    finally:
        tell_losses(diary)


def _played(run: PlainRun) -> int:
    try:
        return run.play()
    except (KeyboardInterrupt, StoppedError):
        run.give_up()
        raise


def _quiet(options: RunOptions) -> AbstractContextManager[None]:
    """Keeps the words of sound libraries out of the lines of a run that is heard."""
    return guarded_stderr(paths.log_file()) if options.is_heard else nullcontext()
