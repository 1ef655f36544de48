"""Takes the pictures in docs/pictures from the running app; needs `rsvg-convert` (Debian: librsvg2-bin)."""

from __future__ import annotations

import asyncio
import re
import subprocess
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from timer_app.core.clock import ManualClock
from timer_app.core.model import Session
from timer_app.core.moves import Command
from timer_app.library import Library
from timer_app.settings import Settings
from timer_app.speaker import silent_desk
from timer_app.stage import RunOptions, Stage
from timer_app.tui.app import TimerApp
from timer_app.tui.driver import RunDriver
from timer_app.tui.home import Home
from timer_app.tui.screens.play import PlayScreen

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SESSION = "upper-back-release"
_STEP_MS = 200
# Rich asks for a font from the network; a picture made here takes one of the machine.
_FONT_FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)


class Run:
    """The app on a clock that is moved by hand."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.app = TimerApp(Library.default(), RunOptions(sound=False), Settings(), home=Home(opener=self._open))

    def _open(self, session: Session, options: RunOptions, library: Library, folder: Path) -> Stage:
        lengths = library.estimated_lengths(session.sound.theme, folder)
        return Stage(session, library.plan(session, lengths), options, silent_desk(), self.clock)

    async def play(self, pilot: Pilot[None], into_ms: int) -> RunDriver:
        """Start the session, go to its first hold, and let some time of that pass."""
        driver = await self._start(pilot)
        kinds = [step.kind for step in driver.view().timeline.steps]
        driver.send(Command.JUMP, amount=kinds.index("hold"))
        while driver.view().snapshot.phase.kind != "work":
            await self.pass_time(pilot, _STEP_MS)
        await self.pass_time(pilot, into_ms)
        return driver

    async def _start(self, pilot: Pilot[None]) -> RunDriver:
        await self.app.workers.wait_for_complete()
        await pilot.press(*"upper")
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


def save(app: TimerApp, name: str) -> None:
    """Write what the app shows as a PNG."""
    svg = _FONT_FACE.sub("", app.export_screenshot()).replace("Fira Code", "DejaVu Sans Mono")
    # Hard blanks are drawn wider than others; plain ones are kept only where that is asked for.
    svg = svg.replace("&#160;", " ").replace("<text ", '<text xml:space="preserve" ')
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".svg", encoding="utf-8") as file:
        file.write(svg)
        file.flush()
        subprocess.run(
            ["rsvg-convert", "--zoom", "0.8", file.name, "--output", str(PICTURES / f"{name}.png")], check=True
        )


async def library(run: Run, pilot: Pilot[None]) -> None:
    """The list of sessions."""
    await run.app.workers.wait_for_complete()
    await pilot.pause()


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


SHOTS: dict[str, tuple[Callable[[Run, Pilot[None]], Awaitable[None]], tuple[int, int]]] = {
    "library": (library, (100, 24)),
    "play": (play, (110, 32)),
    "play-narrow": (play, (43, 46)),
    "paused": (paused, (80, 24)),
    "summary": (summary, (80, 24)),
    "help": (help_screen, (80, 40)),
}


async def main() -> None:
    """Take every picture."""
    for name, (prepare, size) in SHOTS.items():
        run = Run()
        async with run.app.run_test(size=size) as pilot:
            await prepare(run, pilot)
            await pilot.pause(0.1)
            save(run.app, name)
        print(PICTURES / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
