"""What a call of the program asks a front end for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from timer_app.library import library as lists
    from timer_app.run.options import RunOptions
    from timer_app.run.tracker import ResumableRun, RunTracker


class RunRequest(NamedTuple):
    """What was asked for.

    Attributes:
        library: Where they are.
        options: How they are run.
        tracker: Where runs are written down.
        resumable: What is to be taken up; `None` for a new run.
    """

    library: lists.Library
    options: RunOptions
    tracker: RunTracker
    resumable: ResumableRun | None = None
