"""What the screens share: how runs are opened, how things are displayed, and which doses are chosen."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from timer_app.core.i18n import N_, _
from timer_app.tui.favourites import Favourites

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.core.timeline.utterance import Utterance
    from timer_app.library import library as sessions
    from timer_app.run import LiveRun, ResumableRun, RunOptions, RunStarter, RunTracker
    from timer_app.run.programme import Schedule
    from timer_app.run.sound_check import SoundCheck
    from timer_app.settings import Digits, SettingsStore
    from timer_app.tui.editor.edited_file import EditedFile
    from timer_app.tui.editor.spoken_lengths import Measurer
    from timer_app.tui.first_start import Onboarding
    from timer_app.tui.library.preview_content import Preview

IN_BROWSER = "TEXTUAL_DRIVER"  # set where a page shows the app: which terminal the server runs in says nothing then

_MINUTE_MS = 60_000


class RunWay(NamedTuple):
    """A way to run sessions.

    Attributes:
        label: It in a few words, where `{minutes}` is its number; empty for the usual way.
        said: It in a sentence.
        changes: The options that it changes.
        minutes: How many there are; 0 for any number.
    """

    label: str
    said: str
    changes: Mapping[str, Any]
    minutes: int = 0


_DOSE_WAYS = (
    RunWay("", N_("Doses are as they have grown."), {}),
    RunWay(N_("low doses"), N_("Every range is at its low end."), {"level": 0.0, "doses": {}}),
    RunWay(N_("high doses"), N_("Every range is at its high end."), {"level": 1.0, "doses": {}}),
)
_LIMITED = (
    N_("in {minutes} min"),
    N_("You have {minutes} minutes: a longer session leaves out what matters least."),
)
_TIME_WAYS = (
    RunWay("", N_("Sessions take as long as they take."), {}),
    *(RunWay(*_LIMITED, {"max_ms": number * _MINUTE_MS}, number) for number in (5, 8, 10, 12, 15, 20, 30, 45)),
)


@dataclass
class RunChoice:
    """Ways to run sessions that a key goes round.

    Attributes:
        ways: All of them, the usual one first.
        index: Which of them is chosen.
    """

    ways: Sequence[RunWay]
    index: int = 0

    @classmethod
    def of_doses(cls) -> RunChoice:
        """Which doses they have."""
        return cls(_DOSE_WAYS)

    @classmethod
    def of_time(cls) -> RunChoice:
        """How long they may take."""
        return cls(_TIME_WAYS)

    def select_next(self) -> str:
        """Go on to the next one; returns what holds now, in a sentence."""
        self.index = (self.index + 1) % len(self.ways)
        return self._filled(self.ways[self.index].said)

    @property
    def label(self) -> str:
        """The choice in a few words; empty for the usual way."""
        label = self.ways[self.index].label
        return self._filled(label) if label else ""

    def _filled(self, text: str) -> str:
        return _(text).format(minutes=self.ways[self.index].minutes)

    def apply_to(self, options: RunOptions) -> RunOptions:
        """Options with what was chosen."""
        changes = self.ways[self.index].changes
        return replace(options, **changes) if changes else options


class FollowedFiles(Protocol):
    """Files that are watched."""

    def close(self) -> None:
        """Watch them no more."""


Follow = Callable[[Callable[[frozenset[Path]], None], Callable[[str], None]], FollowedFiles]
"""Begins to watch the user's files: calls the first, in a thread, with those that have changed, and the second once
with the reason where nothing can be watched."""


class RunOpener(Protocol):
    """Opens a run of a session; called in a thread."""

    def __call__(  # noqa: PLR0913 - a run is complete when it is opened
        self,
        session: Session,
        options: RunOptions,
        library: sessions.Library,
        file: Path,
        *,
        starter: RunStarter,
        notices: Sequence[str],
    ) -> LiveRun:
        """Open it; the arguments are those of `run.live.open_run`."""


def open_local_run(  # noqa: PLR0913 - as a `RunOpener`
    session: Session,
    options: RunOptions,
    library: sessions.Library,
    file: Path,
    *,
    starter: RunStarter,
    notices: Sequence[str],
) -> LiveRun:
    """Open a run that is heard at this computer."""
    # It brings in everything about sound, for which the first screen need not wait.
    from timer_app.run import open_run

    return open_run(session, options, library, file, starter=starter, notices=notices)


def local_now() -> datetime:
    """The time of day where the user is."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What can be done from a command line.

    Attributes:
        summaries: What each command does, by its name.
        describe: Gives the help of a command.
    """

    summaries: Mapping[str, str]
    describe: Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class AppContext:
    """What the app is given; by itself it keeps nothing.

    Attributes:
        open_run: Opens the stage for a run.
        tracker: Where runs are written down; `None` for nowhere.
        offer: What the entry that the app is given is to take up; `None` for a new run.
        settings_store: Where settings that are changed are written down; `None` for nowhere.
        doses: Which doses the runs to come have.
        minutes: How long they may take.
        favourites: The sessions that the user put a star on.
        recently_done: When each session was last done, by its id; called in a thread.
        due: The sessions that a programme wants today, by their ids, with what to say of each; called in a thread.
        schedule: What the programme that is followed has planned; called in a thread. `None` where there is none.
        preview_loader: Gives the preview of a session; called in a thread. `None` where there are no previews.
        command_line: What can be done from a command line; `None` where nothing is known of it.
        follows_runs: Runs take over what is saved in their files while they go on.
        follow_files: Begins to watch the user's files once the list is shown; `None` where nobody does.
        follow_file: Gives what begins to watch a single file, as of one that is edited; `None` where nobody does.
        now: The time of day.
        start_sample: Begins to play sounds and a line; `None` where nothing can be heard at this computer.
        speak_lines: Begins to say lines of a session; `None` where nothing can be heard at this computer.
        make_measurer: Makes what measures how long lines take; `None` leaves that estimated.
        edited: What the editor is to be opened with, and leaving it leaves the program; `None` for nothing.
        onboarding: What greets the user at the very first start; `None` for nothing.
    """

    open_run: RunOpener = open_local_run
    tracker: RunTracker | None = None
    offer: ResumableRun | None = None
    settings_store: SettingsStore | None = None
    doses: RunChoice = field(default_factory=RunChoice.of_doses)
    minutes: RunChoice = field(default_factory=RunChoice.of_time)
    favourites: Favourites = field(default_factory=Favourites)
    recently_done: Callable[[], Mapping[str, datetime]] = dict
    due: Callable[[], Mapping[str, str]] = dict
    schedule: Callable[[], Schedule | None] = lambda: None
    preview_loader: Callable[[sessions.SessionEntry], Preview] | None = None
    command_line: CommandLine | None = None
    follows_runs: bool = False
    follow_files: Follow | None = None
    follow_file: Callable[[Path], Follow] | None = None
    now: Callable[[], datetime] = local_now
    start_sample: Callable[[RunOptions, Sequence[str], str], SoundCheck] | None = None
    speak_lines: Callable[[RunOptions, Session, Path, Sequence[Utterance]], SoundCheck] | None = None
    make_measurer: Callable[[], Measurer] | None = None
    edited: EditedFile | None = None
    onboarding: Onboarding | None = None

    def adjust(self, options: RunOptions) -> RunOptions:
        """Options with the doses and the time that were chosen in the list."""
        return self.minutes.apply_to(self.doses.apply_to(options))


@dataclass(slots=True)
class DisplayOptions:
    """What the user may turn on and off while a session runs.

    Attributes:
        flash: The time is shown inverted for a moment with each beep of a countdown.
        reduced_motion: Nothing flashes or glides; what moves goes in steps of a second.
        figure: The figure that does the exercise is shown where there is room.
        digits: How large text is drawn; `auto` goes by the terminal.
    """

    flash: bool = True
    reduced_motion: bool = False
    figure: bool = True
    digits: Digits = "auto"

    @property
    def is_flash_enabled(self) -> bool:
        """Whether the time is to flash."""
        return self.flash and not self.reduced_motion

    @property
    def are_digits_smooth(self) -> bool:
        """Whether large text is to be drawn in quarter blocks."""
        return self.digits == "smooth" or (self.digits == "auto" and draws_blocks_itself(os.environ))


_TERMINALS_WITH_BLOCKS = frozenset({"WezTerm", "ghostty", "iTerm.app", "vscode", "rio"})
_TERMS_WITH_BLOCKS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio")
_SIGNS_OF_BLOCKS = ("KITTY_WINDOW_ID", "WT_SESSION", "VTE_VERSION", "KONSOLE_VERSION", "ALACRITTY_WINDOW_ID")


def draws_blocks_itself(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is known to draw blocks by itself, so that none is missing whatever its font has.

    Args:
        environment: Its variables say which terminal it is.
    """
    if IN_BROWSER in environment:
        return False
    return (
        environment.get("TERM_PROGRAM") in _TERMINALS_WITH_BLOCKS
        or environment.get("TERM", "").startswith(_TERMS_WITH_BLOCKS)
        or any(name in environment for name in _SIGNS_OF_BLOCKS)
    )


@dataclass(frozen=True, slots=True)
class PlayContext:
    """How a run is shown and asked for.

    Attributes:
        keys: The user's own keys.
        display_options: What moves; shared with the app, and changed by keys of the screen.
        speed: How much faster than real the run's time passes.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    display_options: DisplayOptions = field(default_factory=DisplayOptions)
    speed: float = 1.0
