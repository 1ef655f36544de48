"""Performs sessions without waiting, and keeps what was done in a history of the test's own."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from timer_app.core.player.clock import ManualClock
from timer_app.core.player.conductor import Conductor, SilentSink
from timer_app.core.player.events import Event
from timer_app.core.player.player import Player
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command
from timer_app.core.session import area_key
from timer_app.core.timeline.model import Timeline
from timer_app.history.database import open_to_write
from timer_app.history.run_log import RecordHeader, RunLog
from timer_app.history.store import Store
from timer_app.history.writer import HistoryRow, HistoryWriter, OpenDatabase
from timer_app.testing import Step, hold, prepare, reps, rest, self_paced, step, timeline
from timer_app.testing import measure as ask

LIMIT_S = 60.0
MORNING = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=2)))  # a Monday
TEXT = 'schema = 1\nname = "Short"\n'


def in_area(area: str, side: str = "", label: str = "") -> Step:
    """A question about pain there, shown with that label."""
    label = label or area
    return step(label, ask("pain", 0, 10, area=area_key("pain", area), label=label, side=side or None), kind="measure")


def areas() -> Timeline:
    """A hold, and pain in two areas before and after, one of them asked left and right."""
    questions = [("Neck", "left"), ("Neck", "right"), ("Back", "")]
    asked = [in_area(area, side) for area, side in questions]
    return timeline(*asked, step("Wall squat", hold(2_000)), *asked, name="Areas")


def short() -> Timeline:
    """Two holds, a set of paced reps, reps of one's own, and pain before and after."""
    return timeline(
        step("Pain", ask("pain", 0, 10), kind="measure"),
        step("Wall squat", prepare(3_000), hold(20_000, set=1, sets=2), rest(5_000), hold(20_000, set=2, sets=2)),
        step("Curl", reps(3, 2_000, side="left"), reps(3, 2_000, side="right"), kind="reps"),
        step("Push-up", self_paced(4), kind="reps"),
        step("Pain", ask("pain", 0, 10), kind="measure"),
        name="Short",
    )


class Wall:
    """A clock on the wall that goes along with a run."""

    def __init__(self, clock: ManualClock, start: datetime = MORNING) -> None:
        self._clock = clock
        self._start = start

    def __call__(self) -> datetime:
        return self._start + timedelta(milliseconds=self._clock.now_ms())


class Performance:
    """A run whose every change is put into the history at `path` at once."""

    def __init__(
        self,
        path: Path,
        plan: Timeline | None = None,
        *,
        record_id: str = "a1",
        start: datetime = MORNING,
        opener: OpenDatabase = open_to_write,
    ) -> None:
        self.record_id = record_id
        self.clock = ManualClock()
        self.plan = plan or short()
        self.conductor = Conductor(Player(self.plan), self.clock, SilentSink())
        self.recorder = Recorder(self.plan)
        self.wall = Wall(self.clock, start)
        options = {"level": 0.0, "seed": 1}
        head = RecordHeader(record_id, "short", "/sessions/short.toml", TEXT, "en", self.wall(), options)
        self.ledger = RunLog(head, self.wall)
        self.writer = HistoryWriter(path, record_id, self.wall, opener, first_retry_s=0.01)
        self.rows: list[HistoryRow] = []

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> None:
        self.see(self.conductor.send(command, amount, value))

    def after(self, ms: int) -> None:
        """Let time pass as a front end does: in looks of less than half a second."""
        while ms > 0:
            self.clock.advance(min(400, ms))
            ms -= 400
            self.see(self.conductor.tick())

    def see(self, events: list[Event]) -> None:
        player = self.conductor.player
        self.recorder.observe(events, player.now_ms)
        rows = self.ledger.changed_rows(self.plan, self.recorder.record, player.snapshot(player.now_ms))
        self.rows += rows
        self.writer.put(rows)

    def stored(self) -> None:
        """Wait until all is on the disk."""
        assert self.writer.flush(LIMIT_S)

    def whole(self) -> None:
        """Go from the start to the end, with answers 5 and 3."""
        self.send(Command.START)
        self.send(Command.ANSWER, value=5)
        self.after(48_000)
        self.after(12_000)
        for _ in range(4):
            self.after(1_000)
            self.send(Command.COUNT_REP)
        self.send(Command.ANSWER, value=3)
        assert self.conductor.player.state.is_over
        self.close()

    def answers(self, *values: float) -> None:
        """Answer a question after the other."""
        for value in values:
            self.send(Command.ANSWER, value=value)

    def close(self) -> None:
        self.stored()
        assert self.writer.close(LIMIT_S)


def history(tmp_path: Path) -> Store:
    return Store(tmp_path / "history" / "history.db")


def in_areas(path: Path, number: int = 0, neck: float = 6) -> None:
    """A record with pain in each of the areas, begun that many days later."""
    run = Performance(path, areas(), record_id=f"areas{number}", start=MORNING + timedelta(days=number))
    run.send(Command.START)
    run.answers(neck, 2, 4)
    run.after(2_400)
    run.answers(3, 5)
    run.send(Command.ABORT)
    run.close()
