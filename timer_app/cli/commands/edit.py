"""`timer-app edit`: opens the editor on a session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from timer_app.cli.errors import PROGRAM, USAGE, CommandError
from timer_app.cli.options import examples
from timer_app.cli.output import is_interactive
from timer_app.cli.parameters import SessionParam
from timer_app.cli.resources import find_session, load_library, load_user_settings, open_tracker
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.library import Library
    from timer_app.tui import EditedFile


@click.command(epilog=examples("edit desk-break", "edit my-session.toml"))
@click.argument("name", type=SessionParam())
def edit(name: str) -> int:
    """Edit a session, and see at every key what becomes of it.

    NAME is one that `list` shows, or a path; a file that is not there yet begins with a step of each kind. Of a session
    that is shipped, a copy of your own is edited.
    """
    from timer_app.cli.screens import make_run_options, show_app
    from timer_app.run import RunRequest

    settings = load_user_settings()
    library = load_library(None, settings)
    edited = _edited_file(library, name)
    if not is_interactive():
        raise CommandError(
            f"{PROGRAM}: "
            + _("the editor needs a terminal; without one, change {file} in any editor").format(file=edited.path),
            USAGE,
        )
    request = RunRequest(library, make_run_options(settings, {}), open_tracker(settings, {}))
    return show_app(request, settings, None, edited=edited)


def _edited_file(library: Library, name: str) -> EditedFile:
    """The file to edit: one that is there, a copy of a shipped one, or one that is not there yet.

    Raises:
        CommandError: There is no such session.
    """
    from timer_app.library import starter
    from timer_app.tui import EditedFile, own_copy_of

    path = Path(name)
    if path.suffix == ".toml" and not path.exists() and path.parent.is_dir():
        return EditedFile(path, start_text=starter.starter_text(starter.session_name(path)))
    entry = find_session(library, name)
    return own_copy_of(entry.path) if entry.origin == "shipped" else EditedFile(entry.path)
