"""Takes the pictures in docs/pictures from the running app; needs `rsvg-convert` (Debian: librsvg2-bin) and Pillow.

With the name of a folder it takes every screen at five sizes and in two themes instead, to be looked at.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PIL import Image
from screen_picture import screen_svg
from textual.pilot import Pilot

from tests.history.seeded import NOW, fill
from timer_app.core.player.clock import ManualClock
from timer_app.core.player.states import Command
from timer_app.core.session.model import Session
from timer_app.history.store import Store
from timer_app.library.library import Library
from timer_app.run.live import LiveRun
from timer_app.run.options import RunOptions
from timer_app.run.sound_system import silent_sound_system
from timer_app.run.tracker import RunTracker
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingsStore
from timer_app.tui.app import TimerApp
from timer_app.tui.context import AppContext, local_now
from timer_app.tui.editor.code_area import CodeArea
from timer_app.tui.first_start import Onboarding
from timer_app.tui.library.preview_content import load_preview
from timer_app.tui.play.driver import RunDriver
from timer_app.tui.play.screen import PlayScreen

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SESSION = "upper-back-release"
SIZES = ((120, 40), (80, 24), (43, 46), (46, 35), (20, 5))
THEMES = ("timer-dark", "timer-light")
_STEP_MS = 125
_FRAMES_A_SECOND, _FILM_COLOURS = 4, 16


class Run:
    """The app on a clock that is moved by hand."""

    def __init__(self, greeting: Onboarding | None = None, diary: RunTracker | None = None) -> None:
        self.clock = ManualClock()
        sessions, settings, options = Library.default(), Settings(digits="smooth"), RunOptions(sound=False)
        nothing_done = RunTracker(Store(Path(tempfile.mkdtemp()) / "history.db"), is_enabled=False)
        home = AppContext(
            open_run=self._open,
            settings_store=SettingsStore(settings),
            preview_loader=lambda entry: load_preview(sessions, entry, options, diary or nothing_done),
            onboarding=greeting,
            tracker=diary,
            now=(lambda: NOW) if diary else local_now,
        )
        self.app = TimerApp(sessions, options, settings, context=home)

    def _open(self, session: Session, options: RunOptions, library: Library, file: Path, **more: Any) -> LiveRun:
        context = library.plan(session, library.estimated_lengths(session.sound.theme, file))
        return LiveRun(session, context, options, silent_sound_system(), self.clock, **more)

    async def play(self, pilot: Pilot[None], into_ms: int, name: str = "upper", kind: str = "hold") -> RunDriver:
        """Start a session, go to its first step of a kind, and let some time of the work in that pass."""
        driver = await self._start(pilot, name)
        kinds = [step.kind for step in driver.view().timeline.steps]
        driver.send(Command.JUMP, amount=kinds.index(kind))
        while driver.view().snapshot.phase.kind != "work":
            await self.pass_time(pilot, 8 * _STEP_MS)
        await self.pass_time(pilot, into_ms)
        return driver

    async def _start(self, pilot: Pilot[None], name: str) -> RunDriver:
        await self.app.workers.wait_for_complete()
        await pilot.press("slash", *name)
        await pilot.press("enter")
        while (driver := self._driver) is None:
            await pilot.pause(0.05)
        await self.pass_time(pilot, _STEP_MS)
        return driver

    @property
    def _driver(self) -> RunDriver | None:
        screen = self.app.screen
        return screen.driver if isinstance(screen, PlayScreen) else None

    async def pass_time(self, pilot: Pilot[None], ms: int) -> None:
        """Let time of the run pass, in small steps as a timer would."""
        for _ in range(0, ms, _STEP_MS):
            self.clock.advance(_STEP_MS)
            if self._driver is not None:
                self._driver.pump()
        await pilot.pause(0.05)


def save(app: TimerApp, path: Path) -> None:
    """Write what the app shows as a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".svg", encoding="utf-8") as file:
        file.write(screen_svg(app))
        file.flush()
        subprocess.run(["rsvg-convert", file.name, "--output", str(path)], check=True)


async def library(run: Run, pilot: Pilot[None]) -> None:
    """The list of sessions, or what comes before it at the first start."""
    await run.app.workers.wait_for_complete()
    await pilot.pause(1.5)


async def play(run: Run, pilot: Pilot[None]) -> None:
    """A hold, some seconds in."""
    await run.play(pilot, into_ms=5_000)


async def paused(run: Run, pilot: Pilot[None]) -> None:
    """A hold that was paused."""
    await run.play(pilot, into_ms=5_000)
    await pilot.press("space")


async def summary(run: Run, pilot: Pilot[None]) -> None:
    """What was done, after a hold that was left early."""
    driver = await run.play(pilot, into_ms=12_000)
    driver.send(Command.FINISH)
    await pilot.pause(0.1)


async def help_screen(run: Run, pilot: Pilot[None]) -> None:
    """Every key."""
    await run.app.workers.wait_for_complete()
    await pilot.press("f1")


async def settings_screen(run: Run, pilot: Pilot[None]) -> None:
    """Every setting."""
    await run.app.workers.wait_for_complete()
    await pilot.press("f2", *["down"] * 6)


async def preview(run: Run, pilot: Pilot[None]) -> None:
    """A session before it is run."""
    await run.app.workers.wait_for_complete()
    await pilot.press("f6")
    await pilot.pause(1.5)


async def jump(run: Run, pilot: Pilot[None]) -> None:
    """The steps to go to."""
    await run.play(pilot, into_ms=5_000)
    await pilot.press("j")


async def history(run: Run, pilot: Pilot[None], key: str = "1") -> None:
    """What was done over eight weeks."""
    await run.app.workers.wait_for_complete()
    await pilot.press("f8")
    await pilot.pause(1.5)
    await pilot.press(key)
    await pilot.pause(1.5)


async def editor(run: Run, pilot: Pilot[None], line: int = 23, keys: Sequence[str] = ()) -> None:
    """A session while it is written."""
    os.environ["TIMER_APP_DATA"] = tempfile.mkdtemp()  # what is not saved would be offered in the next picture
    await run.app.workers.wait_for_complete()
    await pilot.press(*"desk", "ctrl+e")
    await pilot.pause(3)
    run.app.screen.query_one(CodeArea).go_to(line, 99)
    await pilot.press(*keys)
    await pilot.pause(3)


async def light(run: Run, pilot: Pilot[None]) -> None:
    """A hold in light colours."""
    run.app.theme = "timer-light"
    await run.play(pilot, into_ms=5_000)


SHOTS: dict[str, tuple[Callable[[Run, Pilot[None]], Awaitable[None]], tuple[int, int]]] = {
    "welcome": (library, (80, 24)),
    "library": (library, (110, 30)),
    "library-narrow": (library, (43, 46)),
    "preview": (preview, (80, 30)),
    "settings": (settings_screen, (80, 24)),
    "editor": (editor, (110, 32)),
    "editor-completion": (partial(editor, keys=[*["backspace"] * 26, *"shou"]), (110, 32)),
    "editor-form": (partial(editor, keys=("f6", "r", "down", "down", "alt+up")), (110, 32)),
    "play-light": (light, (110, 32)),
    "jump": (jump, (80, 24)),
    "play": (play, (110, 32)),
    "play-narrow": (play, (43, 46)),
    "paused": (paused, (80, 24)),
    "summary": (summary, (80, 24)),
    "history-calendar": (history, (80, 24)),
    "history-weeks": (partial(history, key="2"), (80, 24)),
    "history-exercises": (partial(history, key="3"), (80, 24)),
    "history-pain": (partial(history, key="4"), (80, 24)),
    "history-pain-narrow": (partial(history, key="4"), (43, 46)),
    "history-records": (partial(history, key="6"), (80, 24)),
    "help": (help_screen, (80, 40)),
}


def eight_weeks(folder: Path) -> RunTracker:
    """A history to look back on."""
    store = Store(folder / "history" / "history.db")
    fill(store.path)
    return RunTracker(store, is_enabled=False)


class SoundHeard:
    """A test of the sound that has ended well."""

    status = "Played through sounddevice."
    done = True
    failed = is_playing = False

    def stop(self) -> None:
        """Nothing is playing."""


async def film(seconds: int = 10) -> None:
    """A breathing flow as a moving picture."""
    run, frames = Run(), []
    async with run.app.run_test(size=(100, 30)) as pilot:
        await run.play(pilot, into_ms=0, name="cat", kind="flow")
        with tempfile.TemporaryDirectory() as folder:
            for number in range(seconds * _FRAMES_A_SECOND):
                await run.pass_time(pilot, 1_000 // _FRAMES_A_SECOND)
                path = Path(folder) / f"{number}.png"
                save(run.app, path)
                with Image.open(path) as frame:
                    frames.append(frame.convert("RGB").quantize(_FILM_COLOURS, dither=Image.Dither.NONE))
    length_ms = 1_000 // _FRAMES_A_SECOND
    frames[0].save(PICTURES / "session.gif", save_all=True, append_images=frames[1:], duration=length_ms, loop=0)
    print(PICTURES / "session.gif")


async def take(name: str, size: tuple[int, int], path: Path, theme: str = "") -> None:
    """Take one picture.

    Args:
        name: Which of `SHOTS`.
        size: Columns and rows.
        path: Where it goes.
        theme: The colours; empty for those of the shot.
    """
    prepare, _ = SHOTS[name]
    folder = Path(tempfile.mkdtemp())
    greeting = Onboarding(folder / "welcomed", lambda _: SoundHeard()) if name == "welcome" else None
    run = Run(greeting, eight_weeks(folder) if name.startswith("history") else None)
    async with run.app.run_test(size=size) as pilot:
        if theme:
            run.app.theme = theme
        await prepare(run, pilot)
        await pilot.pause(0.1)
        save(run.app, path)
    print(path)


async def take_everything(folder: Path) -> None:
    """Take every screen at every size of `SIZES`, in every one of `THEMES`."""
    for name in dict.fromkeys(name.removesuffix("-narrow").removesuffix("-light") for name in SHOTS):
        for width, height in SIZES:
            for theme in THEMES:
                await take(name, (width, height), folder / f"{name}-{width}x{height}-{theme}.png", theme)


def forget_the_user() -> None:
    """Let no picture show the sessions, settings and history of whoever takes it."""
    for name in ("CONFIG", "DATA", "CACHE"):
        os.environ[f"TIMER_APP_{name}"] = tempfile.mkdtemp()


async def main(arguments: Sequence[str]) -> None:
    """Take the pictures of the docs, or into a folder all of them."""
    forget_the_user()
    if arguments:
        await take_everything(Path(arguments[0]))
        return
    await film()
    for name, (_, size) in SHOTS.items():
        await take(name, size, PICTURES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
