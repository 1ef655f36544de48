"""Opens the app on the screen, and makes the options of a run from command line and settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timer_app.cli.errors import CommandError
from timer_app.cli.output import echo_error, is_interactive
from timer_app.cli.resources import close_tracker, load_library, load_user_settings, open_tracker
from timer_app.core.constraints import DOSE_LEVELS
from timer_app.core.diagnostics import FileFault
from timer_app.core.i18n import _
from timer_app.run import RunOptions, RunRequest
from timer_app.settings import options_from_settings
from timer_app.system import guarded_stderr, paths

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import Library, SessionEntry
    from timer_app.run import LiveRun, RunEnvironment, RunStarter
    from timer_app.settings import Settings
    from timer_app.tui import CommandLine, EditedFile, RunOpener

_RUN_OPTIONS = frozenset(field.name for field in fields(RunOptions))
MakeEnvironment = Callable[[float], "RunEnvironment"]
"""Makes the environment of a run at the given speed."""


def open_library() -> int:
    """Show the list of sessions on the screen, or print it where there is no screen."""
    if is_interactive():
        settings = load_user_settings()
        request = RunRequest(load_library(None, settings), make_run_options(settings, {}), open_tracker(settings, {}))
        return show_app(request, settings, None)
    from timer_app.cli.commands.list import list_sessions

    list_sessions()
    echo_error(_("Start one with `timer-app run NAME`; `timer-app --help` tells the rest."))
    return 0


def make_run_options(settings: Settings, given: Mapping[str, Any]) -> RunOptions:
    """The options of a run: the command line overrides the settings."""
    asked = {name: value for name, value in given.items() if name in _RUN_OPTIONS and value is not None}
    options = replace(options_from_settings(settings), **asked)
    return replace(
        options,
        level=requested_level(given),
        sound=options.sound and not given.get("no_sound"),
        sound_theme=options.sound_theme if given.get("theme") is None else given["theme"],
        # Whoever says how much is to be said gets that much.
        fewer_words=options.fewer_words and given.get("verbosity") is None,
    )


def requested_level(given: Mapping[str, Any]) -> float | None:
    """The place in every range that the command line asks for, 0 to 1; `None` where it does not."""
    end = given.get("dose")
    return given.get("level") if end is None else DOSE_LEVELS[end]


def show_app(
    request: RunRequest,
    settings: Settings,
    entry: SessionEntry | None,
    make_environment: MakeEnvironment | None = None,
    edited: EditedFile | None = None,
) -> int:
    """Show the app until it is left; returns the exit status.

    Args:
        request: The library, the options and the tracker.
        settings: The user's keys and colours.
        entry: The session to run; `None` shows the list.
        make_environment: Makes the environment of each run; by default that of this computer.
        edited: The file to open the editor on; `None` for none.

    Raises:
        CommandError: The session cannot be read.
    """
    from timer_app.tui import run_app

    try:
        with guarded_stderr(paths.log_file()):
            opener = _live_run_opener(make_environment) if make_environment else None
            return run_app(request, settings, entry, opener, _command_line(), edited)
    except FileFault as fault:
        raise CommandError.from_problems(fault.problems) from None
    finally:
        close_tracker(request.tracker)


def _command_line() -> CommandLine | None:
    """What the group of all commands has put into the context, for the palette; `None` outside of a command line."""
    context = click.get_current_context(silent=True)
    if context is None or context.find_root().obj is None:
        return None
    from timer_app.tui import CommandLine

    return CommandLine(*context.find_root().obj)


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
        from timer_app.run import open_run  # models are loaded where something runs

        environment = make_environment(options.speed)
        return open_run(session, options, library, file, environment, starter=starter, notices=notices)

    return open_there
