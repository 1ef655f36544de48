"""Runs a session line by line."""

from __future__ import annotations

from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from timer_app import paths
from timer_app.audio.stderr_guard import guarded_stderr
from timer_app.commands.output import tell
from timer_app.commands.signals import StoppedError, stopping
from timer_app.plain.inbox import Inbox, answering_terminal
from timer_app.plain.lines import length_text
from timer_app.plain.run import PlainRun
from timer_app.run_options import RunOptions
from timer_app.stage import open_stage

if TYPE_CHECKING:
    from timer_app import library as sessions
    from timer_app.core.model import Session

_LAST_SOUNDS_MS = 1_000.0  # the last tone is still on its way to the ear when a run is over


def line_by_line(library: sessions.Library, options: RunOptions, entry: sessions.SessionEntry, session: Session) -> int:
    """Run a session with a line for each thing that happens; returns the exit status.

    Args:
        library: Where it comes from.
        options: How to run it.
        entry: Which one it is.
        session: What its file says.
    """
    terminal = answering_terminal()
    if terminal is None and options.open_steps_ms is None:
        options = replace(options, open_steps_ms=0)
    tell(f"{session.name}, about {length_text(entry.length_ms)}")
    with stopping(), _quiet(options), closing(open_stage(session, options, library, entry.path.parent)) as stage:
        inbox = Inbox(terminal)
        status = _played(PlainRun(stage, tell, inbox, answers=terminal is not None))
        if status == 0 and options.is_heard:
            inbox(_LAST_SOUNDS_MS)
        return status


def _played(run: PlainRun) -> int:
    try:
        return run.play()
    except (KeyboardInterrupt, StoppedError):
        run.give_up()
        raise


def _quiet(options: RunOptions) -> AbstractContextManager[None]:
    """Keeps the words of sound libraries out of the lines of a run that is heard."""
    return guarded_stderr(paths.log_file()) if options.is_heard else nullcontext()
