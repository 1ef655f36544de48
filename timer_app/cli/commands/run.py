"""Runs a session: on a screen where there is one, else line by line.

Runs a session line by line.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from timer_app.cli.context import (
    check_theme,
    diary_for,
    find_session,
    library_in,
    load_session,
    offered,
    own_sounds,
    tell_losses,
    user_settings,
)
from timer_app.cli.errors import CommandError
from timer_app.cli.output import on_a_screen, tell, tell_all, tell_error
from timer_app.cli.signals import StoppedError, stopping
from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.ranges import DOSE_LEVELS
from timer_app.core.text.format import length_text
from timer_app.core.timeline.utterance import Manner
from timer_app.plain.input import Inbox, answering_terminal
from timer_app.plain.runner import PlainRun
from timer_app.run.live import open_stage
from timer_app.run.options import RunOptions
from timer_app.run.request import Call
from timer_app.run.tracker import Diary, Offer
from timer_app.system import paths
from timer_app.system.stderr import guarded_stderr

if TYPE_CHECKING:
    from timer_app.core.session.model import Session
    from timer_app.library import library as sessions
    from timer_app.library.library import Library, SessionEntry
    from timer_app.run.live import Stage, Venue
    from timer_app.settings.settings import Settings
    from timer_app.tui.context import Opener


MakeVenue = Callable[[float], "Venue"]
"""Says where a run of some speed takes place."""


def open_library() -> int:
    """Open the list of sessions on the screen; without one, print it."""
    if on_a_screen():
        settings = user_settings()
        call = Call(library_in(None, settings), run_options(settings, {}), diary_for(settings, {}))
        return show_app(call, settings, None)
    from timer_app.cli.commands.list import list_sessions

    list_sessions()
    tell_error("Start one with `timer-app run NAME`; `timer-app --help` tells the rest.")
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
    settings = user_settings()
    diary = diary_for(settings, options)
    offer = offered(diary, name) if resume else None
    language = options.get("language") or (offer.unfinished.language if offer else None)
    library = library_in(language, settings)
    entry = find_session(library, str(offer.path) if offer else name or "")
    check_theme(library, options.get("theme"))
    call = Call(library, run_options(settings, options), diary, offer)
    if on_a_screen() and not plain:
        # A session that is known to be sound is read behind the screen, which need not wait for it then.
        if entry.faults or options.get("language"):
            load_session(library, entry, options.get("language"))
        return show_app(call, settings, entry)

    return line_by_line(call, entry, load_session(library, entry, options.get("language")))


def run_options(settings: Settings, given: dict[str, Any]) -> RunOptions:
    """What a run is told: the command line goes before the settings."""

    def first(option: str, setting: Any) -> Any:
        value = given.get(option)
        return setting if value is None else value

    return RunOptions(
        level=level_given(given),
        usual_level=settings.level,
        seed=given.get("seed"),
        voice=given.get("voice"),
        usual_voice=settings.voice,
        manner=Manner(given.get("rate"), given.get("pitch")),
        usual_manner=Manner(settings.rate, settings.pitch),
        lexicon=settings.lexicon,
        verbosity=first("verbosity", settings.verbosity),
        breath_tones=settings.breath_tones,
        volume=first("volume", settings.volume),
        sound=settings.sound and not given.get("no_sound"),
        output=first("output", settings.output),
        latency_ms=first("latency_ms", settings.latency_ms),
        speed=first("speed", 1.0),
        open_steps_ms=given.get("open_steps_ms"),
        theme=first("theme", settings.sound_theme),
        sounds=own_sounds(settings),
        growth=settings.growth,
    )


def level_given(given: Mapping[str, Any]) -> float | None:
    """Where in every range the command line wants doses; `None` where it says nothing."""
    end = given.get("dose")
    return given.get("level") if end is None else DOSE_LEVELS[end]


def show_app(call: Call, settings: Settings, entry: SessionEntry | None, make_venue: MakeVenue | None = None) -> int:
    """Show the app until it is left; returns the exit status.

    Args:
        call: What was asked for.
        settings: Keys and colours.
        entry: Run this one instead of showing the list.
        make_venue: Says where a run of some speed takes place; live at this computer if `None`.

    Raises:
        CommandError: The session cannot be read.
    """
    from timer_app.tui.app import run_app

    try:
        with guarded_stderr(paths.log_file()):
            return run_app(call, settings, entry, _opener(make_venue) if make_venue else None)
    except FileFault as fault:
        raise CommandError(str(fault)) from None
    finally:
        tell_losses(call.diary)


def _opener(make_venue: MakeVenue) -> Opener:
    def open_there(session: Session, options: RunOptions, library: Library, file: Path) -> Stage:
        from timer_app.run.live import open_stage  # models are loaded where something runs

        return open_stage(session, options, library, file, make_venue(options.speed))

    return open_there


_LAST_SOUNDS_MS = 1_000.0  # the last tone is still on its way to the ear when a run is over


def line_by_line(call: Call, entry: sessions.SessionEntry, session: Session) -> int:
    """Run a session with a line for each thing that happens; returns the exit status.

    Args:
        call: What was asked for.
        entry: Which session it is.
        session: What its file says.
    """
    terminal, options = answering_terminal(), call.options
    if terminal is None and options.open_steps_ms is None:
        options = replace(options, open_steps_ms=0)
    if call.offer:
        options = call.offer.options(options)
    options = call.diary.with_doses(options, session, call.sessions.catalogue_in(session.language), entry.id)
    earlier = None if call.offer else call.diary.offer(str(entry.path))
    tell_all(_opening_lines(call, entry, session, earlier))
    try:
        return _run(call._replace(options=options), entry, session, terminal)
    except (KeyboardInterrupt, StoppedError):
        _tell_how_to_go_on(call.diary, entry, earlier)
        raise


def _run(call: Call, entry: sessions.SessionEntry, session: Session, terminal: int | None) -> int:
    options = call.options
    with (
        stopping(),
        _quiet(options),
        _written(call.diary),
        closing(open_stage(session, options, call.sessions, entry.path)) as stage,
    ):
        call.diary.write(stage, entry.id, entry.path, call.offer)
        inbox = Inbox(terminal)
        status = _played(PlainRun(stage, tell, inbox, answers=terminal is not None), kept=call.diary.keeps)
        if status == 0 and options.is_heard:
            inbox(_LAST_SOUNDS_MS)
        return status


def _opening_lines(call: Call, entry: sessions.SessionEntry, session: Session, earlier: Offer | None) -> Iterator[str]:
    """What is run, and whether a run of it was cut off."""
    if call.offer:
        yield f"{session.name}, taken up again: about {length_text(call.offer.unfinished.left_ms)} left"
        return
    if earlier:
        yield f"A run of this session was cut off at {earlier.where}; {_taking_up(entry)} goes on there."
    yield f"{session.name}, about {length_text(entry.length_ms)}"


def _taking_up(entry: sessions.SessionEntry) -> str:
    """The command that takes up a run of a session."""
    name = shlex.quote(str(entry.path)) if entry.origin == "file" else entry.id
    return f"`timer-app run {name} --resume`"


def _tell_how_to_go_on(diary: Diary, entry: sessions.SessionEntry, earlier: Offer | None) -> None:
    """Say how to take up the run that was just cut off, if it left anything; `earlier` is another one."""
    left = diary.offer(str(entry.path))
    if left and (earlier is None or left.unfinished.id != earlier.unfinished.id):
        with suppress(OSError):
            tell(f"Go on with {_taking_up(entry)} within 24 hours.")


@contextmanager
def _written(diary: Diary) -> Iterator[None]:
    """Have all that is done inside written down in the end, and tell what could not be."""
    try:
        yield
    finally:
        tell_losses(diary)


def _played(run: PlainRun, *, kept: bool) -> int:
    try:
        return run.play()
    except (KeyboardInterrupt, StoppedError):
        if kept:
            run.cut_off()
        else:
            run.give_up()  # there is nothing to take up later
        raise


def _quiet(options: RunOptions) -> AbstractContextManager[None]:
    """Keeps the words of sound libraries out of the lines of a run that is heard."""
    return guarded_stderr(paths.log_file()) if options.is_heard else nullcontext()
