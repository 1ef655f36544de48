"""A stage without sound and with a clock moved by hand, a library without files, and an app made of both."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from tests.fake_run import FakeRun
from timer_app.core.diagnostics.problems import FileFault, LocatedProblem
from timer_app.core.player.states import State
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import Session
from timer_app.core.timeline.dose import Dose
from timer_app.core.timeline.model import LeadIn, Timeline
from timer_app.library.library import SessionEntry
from timer_app.run.options import RunOptions
from timer_app.settings.settings import Settings
from timer_app.testing import Step, hold, prepare, rest, step, timeline
from timer_app.tui.app import TimerApp
from timer_app.tui.context import AppContext
from timer_app.tui.play.screen import PlayScreen


@pytest.fixture(scope="session", autouse=True)
def sheets_parsed_once() -> Iterator[None]:
    """Parse a style sheet once for all apps; each parses the same ones, again with every screen and theme."""
    parse, parsed = Stylesheet._parse_rules, dict[Any, Any]()

    def parse_once(sheet: Stylesheet, *arguments: Any, **more: Any) -> Any:
        key = (arguments, *more.items(), *sheet._variables.items())
        if key not in parsed:
            parsed[key] = parse(sheet, *arguments, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def few_collections() -> Iterator[None]:
    """Collect garbage seldom: what hundreds of apps leave costs a fifth of the time of tests that run sessions."""
    before = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("timer_app.tui.play.screen.freeze_garbage_collector", lambda: None)
        gc.set_threshold(100_000, 50, 50)
        yield
    gc.set_threshold(*before)


@pytest.fixture(autouse=True)
def a_terminal_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever terminal the tests run in."""
    monkeypatch.setattr("timer_app.tui.context.draws_blocks_itself", lambda _: False)


@pytest.fixture(autouse=True)
def dialogues_that_are_there_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that none is looked at while it glides into its place."""
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")


def squat_timeline() -> Timeline:
    """Prepare 5 s, hold 30 s, rest 10 s, hold 30 s; a lead-in of 3 s after a pause."""
    return timeline(
        step("Wall squat", prepare(5_000, label="Wall squat", text="Back flat."), _squat(1), dose=Dose("hold", 30_000)),
        step("Rest", rest(10_000, label="Rest", up_next="Plank"), kind="rest"),
        step("Plank", hold(30_000, label="Plank", text="Straight as a board."), dose=Dose("hold", 30_000)),
        name="Legs",
        resume=LeadIn(3_000),
    )


def _squat(number: int) -> Any:
    return hold(30_000, label="Wall squat", text="Back flat.", set=number, sets=1)


def labelled(*names: str) -> list[Step]:
    """Steps of those names, each with a hold of 30 s that is called like it."""
    return [step(name, hold(30_000, label=name), dose=Dose("hold", 30_000)) for name in names]


class FakeLiveRun(FakeRun):
    """A run with a voice whose progress the test says."""

    def __init__(self, run: Timeline, *, ready: bool = True) -> None:
        super().__init__(run)
        self.cautions: tuple[str, ...] = ()
        self.is_heard = True
        self.ready = ready
        self.lines = (0, 0)
        self.comparisons: list[str] = []
        self.refreshed = 0
        self.closed = 0

    def progress(self) -> tuple[int, int]:
        return self.lines

    def is_ready(self) -> bool:
        return self.ready

    def refresh(self) -> list[str]:
        self.refreshed += 1
        return super().refresh()

    def compare_with_past(self) -> list[str]:
        return list(self.comparisons)

    def close(self) -> None:
        self.closed += 1


def entry(name: str, **more: Any) -> SessionEntry:
    """An entry with an id and a path that follow from its name."""
    identity = name.lower().replace(" ", "-")
    return SessionEntry(id=identity, path=Path(f"/sessions/{identity}.toml"), origin="shipped", name=name, **more)


class FakeLibrary:
    """A library of given entries; those named in `broken` cannot be loaded."""

    sounds = SimpleNamespace(themes={"calm", "wood"})
    own_folders: tuple[Path, ...] = ()

    def check(self, _path: Path, shown: str = "") -> list[LocatedProblem]:
        return [LocatedProblem(shown, "is not a number", 3, 1, 4, "hold = x")]

    def __init__(self, entries: Iterable[SessionEntry], broken: Mapping[str, FileFault] | None = None) -> None:
        self.listed = list(entries)
        self.broken = dict(broken or {})

    def entries(self) -> list[SessionEntry]:
        return list(self.listed)

    def forget(self, changed: Iterable[Path] = ()) -> None:
        """Nothing is kept."""

    def notices(self) -> list[str]:
        return []

    def find(self, wanted: str) -> SessionEntry:
        return next(entry for entry in self.listed if entry.id == wanted)

    def load(self, wanted: SessionEntry) -> tuple[Any, list[Any]]:
        if wanted.id in self.broken:
            raise self.broken[wanted.id]
        return Session.model_validate({"schema": 1, "name": wanted.name, "steps": [{"rest": "10s"}]}), []

    def catalogue_in(self, _language: str) -> dict[str, Exercise]:
        return {}


LIMIT_S = 20.0
ENTRIES = (
    entry(
        "Upper-back release", summary="Ball pressure, then mobility", length_ms=1_260_000, equipment=("ball", "wall")
    ),
    entry("Desk break", summary="Five minutes between two meetings", length_ms=300_000),
    entry("Broken one", faults=2),
)


@dataclass
class Play:
    """A running app on the play screen, moved by hand."""

    pilot: Pilot[None]
    live_run: FakeLiveRun

    @property
    def app(self) -> TimerApp:
        return cast("TimerApp", self.pilot.app)

    @property
    def screen(self) -> PlayScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, PlayScreen))

    def state(self) -> State:
        """Where the run stands."""
        return self.live_run.conductor.player.state

    def focus(self) -> str | None:
        """The id of the widget that has the focus."""
        return self.app.focused.id if self.app.focused else None

    def top(self) -> object:
        """The screen on top of all."""
        return self.app.screen

    async def pass_time(self, ms: int) -> None:
        """Let `ms` of the run pass, and the screen look at it."""
        self.live_run.clock.advance(ms)
        if self.screen.driver is not None:
            self.screen.driver.pump()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def shown(self, widget: str) -> str:
        """The text of a widget of the screen."""
        found = self.screen.query_one(widget)
        text = cast("Any", found).text
        assert isinstance(text, str)
        return text

    @property
    def message(self) -> str:
        return self.shown("#message")


OpenPlay = Callable[..., AbstractAsyncContextManager[Play]]


def make_app(
    live_run: FakeLiveRun | Callable[[], FakeLiveRun],
    *,
    settings: Settings | None = None,
    library: FakeLibrary | None = None,
    started_with: SessionEntry | None = None,
    **home: Any,
) -> TimerApp:
    """An app whose every run is `stage`; `home` is what else it is given."""

    def opener(*_: Any, notices: Sequence[str], **_more: Any) -> Any:
        opened = live_run() if callable(live_run) else live_run
        opened.notices += notices
        return opened

    return TimerApp(
        cast("Any", library or FakeLibrary(ENTRIES)),
        RunOptions(sound=False),
        settings or Settings(),
        started_with,
        AppContext(open_run=opener, **home),
    )


async def at_rest(app: App[Any]) -> None:
    """Wait until no worker is left but one that waits for the user in a dialogue."""
    while busy := [worker for worker in app.workers if not (worker.is_finished or worker.group == "dialogue")]:
        with suppress(WorkerCancelled):  # one that came later took its place
            await busy[0].wait()


@asynccontextmanager
async def _open_play(
    run: Timeline | FakeLiveRun, size: tuple[int, int] = (120, 40), keys: dict[str, str] | None = None, **home: Any
) -> AsyncIterator[Play]:
    live_run = run if isinstance(run, FakeLiveRun) else FakeLiveRun(run)
    app = make_app(live_run, settings=Settings(keys=keys or {}), started_with=ENTRIES[0], **home)
    async with app.run_test(size=size) as pilot:
        play = Play(pilot, live_run)
        async with asyncio.timeout(LIMIT_S):
            # The screen may not even be mounted yet, so there is no worker to wait for.
            while not (isinstance(app.screen, PlayScreen) and play.screen.driver):
                await pilot.pause()
        await pilot.pause()
        yield play


@pytest.fixture
def open_play() -> OpenPlay:
    """Opens the play screen on a timeline or a stage; the run has begun unless the stage is not ready."""
    return _open_play
