"""The process behind one page: shows the app through pipes, and plays its sound in the page.

`timer-app serve` starts it with `page_command` for each page that is opened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from timer_app.cli.errors import run_guarded
from timer_app.cli.resources import find_session, load_library, open_tracker
from timer_app.cli.screens import make_run_options, show_app
from timer_app.core.player import MonotonicClock
from timer_app.run import RunEnvironment, RunRequest, SoundOptions, SoundSystem
from timer_app.settings import load_settings, use_screen_language
from timer_app.system import paths
from timer_app.system.processes import module_command
from timer_app.web import PageLink

# The latency of a headset at the serving computer does not apply to the device that plays.
_PAGE_OPTIONS: dict[str, Any] = {"latency_ms": 0}


def page_command(session: str | None) -> list[str]:
    """The command that starts the app for a page."""
    return module_command("timer_app.cli.page_process", *([] if session is None else [session]))


def show_on_page(arguments: Sequence[str]) -> int:
    """Show the list of sessions, or run the given session, on the page; returns the exit status."""
    settings = load_settings(paths.settings_file()).settings  # the server has reported their faults
    use_screen_language(settings)
    library = load_library(None, settings)
    entry = find_session(library, arguments[0]) if arguments else None
    request = RunRequest(library, make_run_options(settings, _PAGE_OPTIONS), open_tracker(settings, _PAGE_OPTIONS))
    return show_app(request, settings, entry, _page_environment)


def _page_environment(speed: float) -> RunEnvironment:
    return RunEnvironment(_open_page_sound, MonotonicClock(speed))


def _open_page_sound(choice: SoundOptions, find_sound: Callable[[str], Path | None]) -> SoundSystem:
    from timer_app.run.live_sound import build_sound_system
    from timer_app.web import PageSink

    return build_sound_system(
        choice, find_sound, lambda clips, volume: PageSink(PageLink.shared(), clips, volume=volume)
    )


if __name__ == "__main__":
    sys.exit(run_guarded(show_on_page, sys.argv[1:]))
