"""Lets a run follow its file: reads it when it is saved, and offers the run what has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from timer_app.core.compiler import EstimatedLengths
from timer_app.core.diagnostics import FileFault
from timer_app.core.i18n import _
from timer_app.library import FileWatcher
from timer_app.run.sound_system import SessionSound, session_sound
from timer_app.system.files import translations_of

if TYPE_CHECKING:
    from timer_app.core.compiler import CompileContext
    from timer_app.core.session.model import Session
    from timer_app.library import Library, SessionEntry
    from timer_app.run.course import RunChange
    from timer_app.run.options import RunOptions
    from timer_app.run.tracker import RunTracker


class ChangingRun(Protocol):
    """A run that takes over another version of its session."""

    def prepare_change(self, session: Session, context: CompileContext, sound: SessionSound) -> RunChange | None:
        """Compile another version; `None` where nothing has changed."""

    def offer(self, change: RunChange | str | None) -> None:
        """Have it taken over, or a line told; `None` takes back what was offered."""


class SessionFollower:
    """Reads the session of a run whenever a file is saved on which it may depend.

    All of it happens in the thread of the watcher; the run takes over what it is offered in its own time.

    Args:
        live_run: The run.
        entry: Its session.
        library: Where that comes from.
        options: How the run was asked for, before the doses of the day were known.
        tracker: Knows the doses of the day for what is new.
    """

    def __init__(
        self,
        live_run: ChangingRun,
        entry: SessionEntry,
        library: Library,
        options: RunOptions,
        tracker: RunTracker | None,
    ) -> None:
        self._live_run = live_run
        self._entry = entry
        self._library = library
        # What was chosen for the steps of the file as it was says nothing of other steps.
        self._options = replace(options, doses={}, left_out=frozenset(), variants=None, max_ms=None)
        self._tracker = tracker
        self._told = ""

    def look(self, changed: frozenset[Path]) -> None:
        """Offer the run what its session has become.

        Args:
            changed: The files that have changed; empty where that is not known.
        """
        self._library.forget(changed)
        try:
            session, _warnings = self._library.load(self._entry)
        except FileFault as fault:
            text = _("The file has faults now, and the session goes on as it was. {fault}")
            self._tell(text.format(fault=_first(fault)))
            return
        options, library = self._options, self._library
        if self._tracker is not None:
            catalogue = library.catalogue_in(session.language)
            options = self._tracker.resolve_doses(options, session, catalogue, self._entry.id, self._entry.path)
        context = options.compile_context(session, library, EstimatedLengths())
        sound = session_sound(session, options, library, self._entry.path.parent)
        change = self._live_run.prepare_change(session, context, sound)
        if change is not None:
            self._told = ""
            self._live_run.offer(change)
        elif self._told:
            self._tell("")
            self._live_run.offer(_("The file has no faults any more; nothing in the session has changed."))
        else:
            self._live_run.offer(None)

    def fail(self, reason: str) -> None:
        """Say that nothing will be taken over."""
        self._tell(_("The session does not follow its file: {reason}.").format(reason=reason))

    def _tell(self, line: str) -> None:
        if line and line != self._told:
            self._live_run.offer(line)
        self._told = line


def _first(fault: FileFault) -> str:
    """The first thing that is wrong with a file, without the folder in which it lies."""
    problem = next((one for one in fault.problems if one.severity == "error"), fault.problems[0])
    return replace(problem, file=Path(problem.file).name).headline


def follow_file(
    live_run: ChangingRun, entry: SessionEntry, library: Library, options: RunOptions, tracker: RunTracker | None
) -> Callable[[], None]:
    """Let a run take over what is saved in its file, and in those of exercises and phrases; returns what ends that.

    Args:
        live_run: The run.
        entry: Its session.
        library: Where that comes from.
        options: How the run was asked for, before the doses of the day were known.
        tracker: Knows the doses of the day for what is new; `None` where nobody does.
    """
    follower = SessionFollower(live_run, entry, library, options, tracker)
    files = (entry.path, *translations_of(entry.path).values(), *library.uses(entry))
    return FileWatcher(library.own_folders, files, follower.look, follower.fail).close
