"""Runs a session: on a screen where there is one, else line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timer_app.cli.context import (
    check_theme,
    close_tracker,
    find_session,
    find_unfinished_run,
    load_library,
    load_session,
    load_user_settings,
    open_tracker,
)
from timer_app.cli.errors import CommandError
from timer_app.cli.output import echo_error, is_interactive
from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.ranges import DOSE_LEVELS
from timer_app.run.options import RunOptions
from timer_app.run.request import RunRequest
from timer_app.settings.run_options import options_from_settings
from timer_app.system import paths
from timer_app.system.stderr import guarded_stderr

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library.library import Library, SessionEntry
    from timer_app.run.live import LiveRun, RunEnvironment
    from timer_app.run.start import RunStarter
    from timer_app.settings.settings import Settings
    from timer_app.tui.context import RunOpener

_RUN_OPTIONS = frozenset(field.name for field in fields(RunOptions))
MakeEnvironment = Callable[[float], "RunEnvironment"]
"""Says where a run of some speed takes place."""


def open_library() -> int:
    """Open the list of sessions on the screen; without one, print it."""
    if is_interactive():
        settings = load_user_settings()
        call = RunRequest(load_library(None, settings), run_options(settings, {}), open_tracker(settings, {}))
        return show_app(call, settings, None)
    from timer_app.cli.commands.list import list_sessions

    list_sessions()
    echo_error("Start one with `timer-app run NAME`; `timer-app --help` tells the rest.")
    return 0


def run_session(name: str | None, *, plain: bool, resume: bool, options: dict[str, Any]) -> int:
    """Run the session called `name`, or the one at that path; returns the exit status.

    Args:
        name: A session's name or a path; `None` only to take up a run.
        plain: Line by line even where there is a screen.
        resume: Take up the latest run of that session, or of any, that was cut off.
        options: What was given on the command line, by the names of `run`'s options; `None` for what was not.

    Raises:
        CommandError: There is no such session, or no run to take up.
    """
    settings = load_user_settings()
    diary = open_tracker(settings, options)
    offer = find_unfinished_run(diary, name) if resume else None
    language = options.get("language") or (offer.unfinished.language if offer else None)
    library = load_library(language, settings)
    entry = find_session(library, str(offer.path) if offer else name or "")
    check_theme(library, options.get("theme"))
    call = RunRequest(library, run_options(settings, options), diary, offer)
    if is_interactive() and not plain:
        # A session that is known to be sound is read behind the screen, which need not wait for it then.
        if entry.faults or options.get("language"):
            load_session(library, entry, options.get("language"))
        return show_app(call, settings, entry)
    from timer_app.cli.plain_run import run_plain  # for which the first screen need not wait

    return run_plain(call, entry, load_session(library, entry, options.get("language")))


def run_options(settings: Settings, given: Mapping[str, Any]) -> RunOptions:
    """The options of a run: the command line overrides the settings."""
    asked = {name: value for name, value in given.items() if name in _RUN_OPTIONS and value is not None}
    options = replace(options_from_settings(settings), **asked)
    return replace(
        options,
        level=requested_level(given),
        sound=options.sound and not given.get("no_sound"),
        sound_theme=options.sound_theme if given.get("theme") is None else given["theme"],
    )


def requested_level(given: Mapping[str, Any]) -> float | None:
    """Where in every range the command line wants doses; `None` where it says nothing."""
    end = given.get("dose")
    return given.get("level") if end is None else DOSE_LEVELS[end]


def show_app(
    call: RunRequest, settings: Settings, entry: SessionEntry | None, make_environment: MakeEnvironment | None = None
) -> int:
    """Show the app until it is left; returns the exit status.

    Args:
        call: What was asked for.
        settings: Keys and colours.
        entry: Run this one instead of showing the list.
        make_environment: Says where a run of some speed takes place; live at this computer if `None`.

    Raises:
        CommandError: The session cannot be read.
    """
    from timer_app.tui.app import run_app

    try:
        with guarded_stderr(paths.log_file()):
            return run_app(call, settings, entry, _live_run_opener(make_environment) if make_environment else None)
    except FileFault as fault:
        raise CommandError(str(fault)) from None
    finally:
        close_tracker(call.tracker)


def _live_run_opener(make_environment: MakeEnvironment) -> RunOpener:
    def open_there(  # noqa: PLR0913 - as the screens call it
        session: Session,
        options: RunOptions,
        library: Library,
        file: Path,
        *,
        starter: RunStarter,
        notices: Sequence[str],
    ) -> LiveRun:
        from timer_app.run.live import open_run  # models are loaded where something runs

        environment = make_environment(options.speed)
        return open_run(session, options, library, file, environment, starter=starter, notices=notices)

    return open_there
