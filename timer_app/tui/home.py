"""What lies around the screens: where runs are opened, and what stays from one start to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.tui.dose_choice import DoseChoice
from timer_app.tui.stars import Stars

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import library as sessions
    from timer_app.run.live import RunOptions, Stage
    from timer_app.run.tracker import Diary, Offer
    from timer_app.settings.store import SettingsDesk
    from timer_app.tui.greeting import Greeting
    from timer_app.tui.preview import Preview

Opener = Callable[["Session", "RunOptions", "sessions.Library", Path], "Stage"]


def open_real_stage(session: Session, options: RunOptions, library: sessions.Library, file: Path) -> Stage:
    """Open the stage of a live run."""
    # It brings in everything about sound, for which the first screen need not wait.
    from timer_app.run.live import open_stage

    return open_stage(session, options, library, file)


def local_now() -> datetime:
    """The time of day where the user is."""
    return datetime.now().astimezone()


@dataclass(frozen=True, kw_only=True)
class Home:
    """What the app is given; by itself it keeps nothing.

    Attributes:
        opener: Opens the stage for a run.
        diary: Where runs are written down; `None` for nowhere.
        offer: What the entry that the app is given is to take up; `None` for a new run.
        desk: Where settings that are changed are written down; `None` for nowhere.
        doses: Which doses the runs to come have.
        stars: The sessions that the user put a star on.
        recently_done: When each session was last done, by its id; called in a thread.
        due: The sessions that a programme wants today, by their ids, with what to say of each; called in a thread.
        look_into: Gives the preview of a session; called in a thread. `None` where there are no previews.
        now: The time of day.
        greeting: What greets the user at the very first start; `None` for nothing.
    """

    opener: Opener = open_real_stage
    diary: Diary | None = None
    offer: Offer | None = None
    desk: SettingsDesk | None = None
    doses: DoseChoice = field(default_factory=DoseChoice)
    stars: Stars = field(default_factory=Stars)
    recently_done: Callable[[], Mapping[str, datetime]] = dict
    due: Callable[[], Mapping[str, str]] = dict
    look_into: Callable[[sessions.SessionEntry], Preview] | None = None
    now: Callable[[], datetime] = local_now
    greeting: Greeting | None = None
