"""What the command line asks a front end to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from timer_app.library import library as lists
    from timer_app.run.options import RunOptions
    from timer_app.run.tracker import ResumableRun, RunTracker


class RunRequest(NamedTuple):
    """What to run, and how.

    Attributes:
        library: Where sessions come from.
        options: How they are run.
        tracker: Writes runs to the history.
        resumable: The run to resume; `None` for a new one.
        follows: It takes over what is saved in its file while it goes on.
    """

    library: lists.Library
    options: RunOptions
    tracker: RunTracker
    resumable: ResumableRun | None = None
    follows: bool = False
