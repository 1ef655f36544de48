"""The user's history, as the commands that run sessions need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from timer_app.commands.guard import PROGRAM, CommandError
from timer_app.commands.output import tell_error
from timer_app.commands.parameters import session_names
from timer_app.core.diagnostics.problems import quoted
from timer_app.system import paths
from timer_app.system.lazy import late

if TYPE_CHECKING:
    from timer_app.history.store import Store
    from timer_app.run.programme import Following
    from timer_app.run.tracker import Diary, Offer
    from timer_app.settings.settings import Settings


def diary_for(settings: Settings, given: dict[str, Any]) -> Diary:
    """Where runs are written down; the history and all that reads it are loaded when they are needed.

    A run at another speed than the true one is a trial and leaves no record, unless `--history` asks for it.

    Args:
        settings: The user's.
        given: What was given on the command line.
    """
    wanted = given.get("history")
    keeps = settings.history and given.get("speed") in (None, 1) if wanted is None else bool(wanted)
    return late(lambda: _diary(keeps=keeps))


def _diary(*, keeps: bool) -> Diary:
    from timer_app.history.store import Store
    from timer_app.run.tracker import Diary

    store = Store(paths.history_file())
    return Diary(store, keeps=keeps, following=following(store))


def following(store: Store) -> Following:
    """Which programme the user follows.

    Args:
        store: What was done.
    """
    from timer_app.library.programmes import Shelf
    from timer_app.run.programme import Following
    from timer_app.run.tracker import local_now

    return Following(paths.programme_file(), Shelf.default(session_names()), store, local_now)


def offered(diary: Diary, name: str | None) -> Offer:
    """The run to take up, of the session called `name` or of any.

    Raises:
        CommandError: There is none, or the history cannot be read.
    """
    from timer_app.history.database import HistoryError, told

    try:
        offer = diary.look_for_offer(name)
    except HistoryError as error:
        raise CommandError(f"{PROGRAM}: {told(error)}") from None
    if offer is None:
        of_which = f" of {quoted(name)}" if name else ""
        raise CommandError(f"{PROGRAM}: no run{of_which} was cut off within the last 24 hours on this computer")
    return offer


def tell_losses(diary: Diary) -> None:
    """Have everything written down, and tell what could not be."""
    for line in diary.close():
        tell_error(line)
