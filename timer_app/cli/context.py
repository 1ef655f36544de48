"""Sessions by name, and the user's settings, for the commands that need them.

The user's history, as the commands that run sessions need it.

A file that a command writes for the user.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from timer_app.cli.errors import FAULT, PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo_error
from timer_app.cli.parameters import session_names
from timer_app.core.diagnostics.problems import FileFault, nearest, quoted
from timer_app.core.text.languages import same_language
from timer_app.settings.settings import Settings, load_settings
from timer_app.system import paths
from timer_app.system.files import TargetError, atomic_write, check_writable, translations_of
from timer_app.system.lazy import lazy

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.history.store import Store
    from timer_app.library.library import Library, SessionEntry
    from timer_app.run.programme import ActiveProgrammeStore
    from timer_app.run.tracker import ResumableRun, RunTracker


def load_library(language: str | None, settings: Settings) -> Library:
    """All sessions, in a language or in that of the settings where they are translated into it.

    What looks for them is loaded when it is needed.
    """
    return lazy(lambda: _load_library(language or settings.language or ""))


def _load_library(language: str) -> Library:
    from timer_app.library.library import Library

    return Library.default(language)


def exercise_names() -> list[str]:
    """The ids of all exercises, in order."""
    return sorted(load_library(None, Settings()).catalogue)


def find_session(library: Library, name: str) -> SessionEntry:
    """The session called `name`, or the one at that path.

    Raises:
        CommandError: There is none.
    """
    from timer_app.library.library import LibraryError

    try:
        return library.find(name)
    except LibraryError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None


def load_session(library: Library, entry: SessionEntry, language: str | None = None) -> Session:
    """The session itself.

    Args:
        library: Where it is.
        entry: Which one.
        language: The language that the user asked for in this call; it is told where the session has it not.

    Raises:
        CommandError: The file has faults, which the message lists as `check` does.
    """
    try:
        session, _ = library.load(entry)
    except FileFault as fault:
        raise CommandError(str(fault), FAULT) from None
    if language and not same_language(language, session.language):
        # A translation with faults is left out, and told of elsewhere.
        others = [code for code in translations_of(entry.path) if not same_language(language, code)]
        there = " and ".join(map(quoted, (session.language, *others)))
        echo_error(f"{PROGRAM}: {quoted(entry.id)} is not translated into {quoted(language)}; it is in {there}")
    return session


def check_theme(library: Library, name: str | None) -> None:
    """See that there are sounds of the theme called `name`; `None` asks for none.

    Raises:
        CommandError: There are not.
    """
    if name is None or name in (themes := library.sounds.themes):
        return
    near = nearest(name, themes)
    hint = f'did you mean "{near}"?' if near else f"there is: {', '.join(sorted(themes))}"
    raise CommandError(f"{PROGRAM}: there is no sound theme {quoted(name)}; {hint}", USAGE)


def load_user_settings() -> Settings:
    """The user's settings; what is wrong with them is told on standard error."""
    loaded = load_settings(paths.settings_file())
    for problem in loaded.problems:
        echo_error(problem.render())
    if loaded.problems:
        echo_error(f"{PROGRAM}: the settings above are left out; everything else is used")
    return loaded.settings


def open_tracker(settings: Settings, given: dict[str, Any]) -> RunTracker:
    """Where runs are written down; the history and all that reads it are loaded when they are needed.

    A run at another speed than the true one is a trial and leaves no record, unless `--history` asks for it.

    Args:
        settings: The user's.
        given: What was given on the command line.
    """
    wanted = given.get("history")
    keeps = settings.history and given.get("speed") in (None, 1) if wanted is None else bool(wanted)
    return lazy(lambda: _open_tracker(keeps=keeps))


def _open_tracker(*, keeps: bool) -> RunTracker:
    from timer_app.history.store import Store
    from timer_app.run.tracker import RunTracker

    store = Store(paths.history_file())
    return RunTracker(store, is_enabled=keeps, programme_store=active_programme(store))


def active_programme(store: Store) -> ActiveProgrammeStore:
    """Which programme the user follows.

    Args:
        store: What was done.
    """
    from timer_app.library.programmes import ProgrammeLibrary
    from timer_app.run.programme import ActiveProgrammeStore
    from timer_app.run.tracker import local_now

    return ActiveProgrammeStore(paths.programme_file(), ProgrammeLibrary.default(session_names()), store, local_now)


def find_unfinished_run(diary: RunTracker, name: str | None) -> ResumableRun:
    """The run to take up, of the session called `name` or of any.

    Raises:
        CommandError: There is none, or the history cannot be read.
    """
    from timer_app.history.database import HistoryError, error_text

    try:
        offer = diary.query_resumable(name)
    except HistoryError as error:
        raise CommandError(f"{PROGRAM}: {error_text(error)}") from None
    if offer is None:
        of_which = f" of {quoted(name)}" if name else ""
        raise CommandError(f"{PROGRAM}: no run{of_which} was cut off within the last 24 hours on this computer")
    return offer


def close_tracker(diary: RunTracker) -> None:
    """Have everything written down, and tell what could not be."""
    for line in diary.close():
        echo_error(line)


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write, which is there only when it is complete.

    Args:
        path: Where it is to be.
        force: Whether a file that is there may be replaced.

    Raises:
        CommandError: It must not be replaced, or cannot be written.
    """
    try:
        check_writable(path, force=force)
        with atomic_write(path) as file:
            yield file
    except TargetError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(f"{PROGRAM}: {path} cannot be written: {reason}") from None
