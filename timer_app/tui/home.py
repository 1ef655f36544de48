"""What lies around the screens: where runs are opened, and what stays from one start to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from timer_app import library as sessions
    from timer_app.core.model import Session
    from timer_app.stage import RunOptions, Stage
    from timer_app.tui.settings_desk import SettingsDesk

Opener = Callable[["Session", "RunOptions", "sessions.Library", Path], "Stage"]


def open_real_stage(session: Session, options: RunOptions, library: sessions.Library, folder: Path) -> Stage:
    """Open the stage of a live run."""
    # It brings in everything about sound, for which the first screen need not wait.
    from timer_app.stage import open_stage

    return open_stage(session, options, library, folder)


@dataclass(frozen=True, kw_only=True)
class Home:
    """What the app is given; by itself it keeps nothing.

    Attributes:
        opener: Opens the stage for a run.
        desk: Where settings that are changed are written down; `None` for nowhere.
    """

    opener: Opener = open_real_stage
    desk: SettingsDesk | None = None
