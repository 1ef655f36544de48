"""What several commands need: the library and a session in it, the user's settings, the run tracker, a new file."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.output import echo_error, echo_file, is_terminal, slow_progress
from timer_app.cli.parameters import STANDARD_OUTPUT
from timer_app.core.constraints import HISTORY_VERSION
from timer_app.core.diagnostics import FileFault, nearest, quoted
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import joined_by_and
from timer_app.core.wording.languages import same_language
from timer_app.settings import Settings, coach_language, load_settings, use_screen_language
from timer_app.system import lazy, paths
from timer_app.system.files import TargetError, atomic_write, check_plain, check_writable, translations_of

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.history import Store
    from timer_app.library import Library, SessionEntry
    from timer_app.run import ResumableRun, RunTracker
    from timer_app.run.programme import ActiveProgrammeStore


def load_library(language: str | None, settings: Settings) -> Library:
    """All sessions, in `language` or the one to be guided in where they are translated; loaded on first use."""
    return lazy(lambda: _load_library(coach_language(settings, language)))


def _load_library(language: str) -> Library:
    from timer_app.library import Library

    return Library.default(language)


def find_session(library: Library, name: str) -> SessionEntry:
    """The session called `name`, or the one at that path.

    Raises:
        CommandError: There is none.
    """
    from timer_app.library import LibraryError

    try:
        return library.find(name)
    except LibraryError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None


def load_session(library: Library, entry: SessionEntry, language: str | None = None) -> Session:
    """Read a session.

    Args:
        library: The library that has it.
        entry: The session's entry there.
        language: The language given on the command line; a line on standard error says where there is no translation.

    Raises:
        CommandError: The file has faults, which the message lists as `check` does.
    """
    try:
        session, _faults = library.load(entry)
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None
    if language and not same_language(language, session.language):
        # A translation with faults is left out, and reported elsewhere.
        others = [code for code in translations_of(entry.path) if not same_language(language, code)]
        languages = joined_by_and([quoted(code) for code in (session.language, *others)])
        echo_error(
            f"{PROGRAM}: "
            + _("{session} is not translated into {language}; it is in {languages}").format(
                session=quoted(entry.id), language=quoted(language), languages=languages
            )
        )
    return session


def check_theme(library: Library, name: str | None) -> None:
    """Check that the sound theme called `name` exists; `None` names none.

    Raises:
        CommandError: It does not.
    """
    if name is None or name in (themes := library.sounds.themes):
        return
    near = nearest(name, themes)
    hint = (
        _('did you mean "{near}"?').format(near=near)
        if near
        else _("there is: {names}").format(names=", ".join(sorted(themes)))
    )
    raise CommandError(
        f"{PROGRAM}: " + _("there is no sound theme {name}; {hint}").format(name=quoted(name), hint=hint),
        USAGE,
    )


def load_user_settings(language: str | None = None) -> Settings:
    """The user's settings, whose faults go to standard error; from here on, texts are in the language they ask for.

    Args:
        language: The language of the coach given on the command line.
    """
    loaded = load_settings(paths.settings_file())
    use_screen_language(loaded.settings, language)
    for problem in loaded.problems:
        echo_error(*problem.lines())
    if loaded.problems:
        echo_error(f"{PROGRAM}: " + _("the settings above are left out; everything else is used"))
    return loaded.settings


def load_settings_quietly() -> Settings:
    """The same where faults of the settings are not what the command is about."""
    settings = load_settings(paths.settings_file()).settings
    use_screen_language(settings)
    return settings


def open_tracker(settings: Settings, given: dict[str, Any]) -> RunTracker:
    """The tracker that writes runs into the history; loaded on first use.

    A run at another speed than the true one is a trial and leaves no record, unless `--history` asks for it.

    Args:
        settings: The user's settings.
        given: The options given on the command line.
    """
    upgrade_history()
    wanted = given.get("history")
    is_enabled = settings.history and given.get("speed") in (None, 1) if wanted is None else bool(wanted)
    return lazy(lambda: _open_tracker(settings, is_enabled=is_enabled))


def _open_tracker(settings: Settings, *, is_enabled: bool) -> RunTracker:
    from timer_app.history import Store
    from timer_app.run import RunTracker

    store = Store(paths.history_file(), coach_language(settings))
    return RunTracker(store, is_enabled=is_enabled, programme_store=active_programme(settings, store))


def confirm(command: str, question: str, unchanged: str) -> None:
    """Return if the user says yes.

    Args:
        command: Who asks.
        question: What is asked.
        unchanged: What is told after a no.

    Raises:
        CommandError: There is no terminal to ask at.
        click.Abort: The user says no.
    """
    if not is_terminal(sys.stdin):
        raise CommandError(
            _("{command}: {question} Nobody can be asked here; --yes answers it").format(
                command=command, question=question
            ),
            USAGE,
        )
    import click

    if not click.confirm(question, err=True):
        echo_error(unchanged)
        raise click.Abort


def upgrade_history() -> None:
    """Migrate a history of an older version, with a bar where that takes long.

    Whoever reads the file next tells what is wrong with it.
    """
    path = paths.history_file()
    if _is_older_history(path):
        from timer_app.history.database import HistoryError, open_to_write

        with suppress(HistoryError), slow_progress(_("Updating the history")) as progress:
            open_to_write(path, progress=progress).close()


_VERSION_AT, _VERSION_BYTES = 60, 4  # of `user_version` in the header of a SQLite file


def _is_older_history(path: Path) -> bool:
    """Whether a file may be of an older version, as far as its first bytes tell, without loading SQLite."""
    try:
        check_plain(path)
        with path.open("rb") as file:
            file.seek(_VERSION_AT)
            version = file.read(_VERSION_BYTES)
    except OSError:
        return False
    return 0 < int.from_bytes(version, "big") < HISTORY_VERSION


def active_programme(settings: Settings | None = None, store: Store | None = None) -> ActiveProgrammeStore:
    """The programme that the user follows.

    Args:
        settings: The user's settings, which say when a day begins; by default those in the file.
        store: Where its records are; by default the user's history.
    """
    from timer_app.core.fields import parse_time_of_day
    from timer_app.history import Store
    from timer_app.library import Library, ProgrammeLibrary
    from timer_app.run import local_now
    from timer_app.run.programme import ActiveProgrammeStore

    upgrade_history()
    programmes = ProgrammeLibrary.default(Library.default().ids())
    settings = settings or load_settings_quietly()
    history = store or Store(paths.history_file())
    day_start = parse_time_of_day(settings.day_start)
    return ActiveProgrammeStore(paths.programme_file(), programmes, history, local_now, day_start)


def find_unfinished_run(tracker: RunTracker, name: str | None) -> ResumableRun:
    """The run to resume, of the session called `name` or of any.

    Raises:
        CommandError: There is none, or the history cannot be read.
    """
    from timer_app.history.database import HistoryError, error_text

    try:
        resumable = tracker.query_resumable(name)
    except HistoryError as error:
        raise CommandError(f"{PROGRAM}: {error_text(error)}") from None
    if resumable is None:
        text = (
            _("no run of {session} was cut off within the last 24 hours on this computer")
            if name
            else _("no run was cut off within the last 24 hours on this computer")
        )
        raise CommandError(f"{PROGRAM}: {text.format(session=quoted(name or ''))}")
    return resumable


def close_tracker(tracker: RunTracker) -> None:
    """Write everything that is pending; what cannot be written goes to standard error."""
    for line in tracker.close():
        echo_error(line)


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file to write, which appears only when it is complete.

    Args:
        path: The file, or `STANDARD_OUTPUT`, which gets all of it at the end.
        force: Replace a file that exists.

    Raises:
        CommandError: It exists and must not be replaced, or cannot be written.
    """
    if path == STANDARD_OUTPUT:
        content = io.BytesIO()
        yield content
        if not echo_file(content.getvalue()):
            raise CommandError(
                f"{PROGRAM}: " + _("this is no text that a terminal shows; name a file, or send it on with > or |"),
                USAGE,
            )
        return
    try:
        check_writable(path, force=force)
        with atomic_write(path) as file:
            yield file
    except TargetError as error:
        raise CommandError(f"{PROGRAM}: {error}", USAGE) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CommandError(
            f"{PROGRAM}: " + _("{path} cannot be written: {reason}").format(path=path, reason=reason)
        ) from None
