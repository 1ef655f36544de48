"""What is recorded where the clock of the computer is set while a run goes on, at midnight, and when summer begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.run.test_tracker import House
from timer_app.core.player.states import Command
from timer_app.history import stats
from timer_app.history.earlier_results import completed_runs
from timer_app.history.run_log import epoch_ms
from timer_app.run.live import LiveRun
from timer_app.run.tracker import RunTracker

MORNING = datetime(2026, 3, 2, 7, 30, tzinfo=timezone(timedelta(hours=1)))


class ResettableHouse(House):
    """A user whose clock on the wall can be set.

    Attributes:
        ahead: How far it was set ahead of the true time.
        zone: The time zone of the computer.
    """

    def __init__(self, folder: Path, start: datetime = MORNING) -> None:
        super().__init__(folder)
        self.ahead = timedelta()
        self.zone = start.tzinfo
        self._start = start
        self.diary = RunTracker(self.store, now=self.wall, machine_ms=self.clock.now_ms)

    def wall(self) -> datetime:
        """The time of day that the computer shows."""
        passed = timedelta(milliseconds=self.clock.now_ms())
        return (self._start.astimezone(UTC) + passed + self.ahead).astimezone(self.zone)

    def record(self) -> dict[str, Any]:
        """The only record."""
        (row,) = self.store.query(lambda base: base.execute("SELECT * FROM records").fetchall())
        return dict(row)

    def finish(self, live_run: LiveRun) -> dict[str, Any]:
        live_run.send(Command.FINISH)
        assert self.diary.close() == []
        return self.record()


def see_that_it_is_sane(row: dict[str, Any], began: datetime) -> None:
    assert row["started_ms"] == epoch_ms(began)
    assert row["ended_ms"] - row["started_ms"] == row["spent_ms"]
    assert row["spent_ms"] - row["paused_ms"] >= row["work_ms"] >= 0
    assert row["paused_ms"] >= 0
    assert row["changed_ms"] == row["ended_ms"]


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(jumps=st.lists(st.tuples(st.integers(0, 20_000), st.integers(-48, 48)), min_size=1, max_size=4))
def test_a_clock_that_is_set_during_a_run_changes_no_time_of_it(
    tmp_path_factory: pytest.TempPathFactory, jumps: list[tuple[int, int]]
) -> None:
    house = ResettableHouse(tmp_path_factory.mktemp("house"))
    live_run = house.start()
    house.pass_by(live_run, 3_000)
    live_run.send(Command.PAUSE)
    for after_ms, hours in jumps:
        house.ahead += timedelta(hours=hours)
        house.pass_by(live_run, after_ms)
    live_run.send(Command.RESUME)
    house.pass_by(live_run, 10_000)
    row = house.finish(live_run)
    see_that_it_is_sane(row, MORNING)
    assert row["spent_ms"] == house.clock.now_ms()
    assert [one.first for one in house.store.query(stats.days)] == [MORNING.date()]


def test_summer_time_begins_in_a_run(tmp_path: Path) -> None:
    began = datetime(2026, 3, 29, 1, 59, 50, tzinfo=ZoneInfo("Europe/Berlin"))
    house = ResettableHouse(tmp_path, began)
    live_run = house.start()
    house.pass_by(live_run, 30_000)
    assert house.wall().hour == 3
    row = house.finish(live_run)
    see_that_it_is_sane(row, began)
    assert row["zone_min"] == 60


def test_a_run_that_was_cut_off_before_the_clock_was_set_back_goes_on_later_than_it_began(tmp_path: Path) -> None:
    house = ResettableHouse(tmp_path)
    live_run = house.start()
    house.until(live_run, "Wall squat")
    house.pass_by(live_run, 15_000)
    house.cut_off(live_run)
    before = house.record()
    house.ahead = timedelta(hours=-5)
    row = house.finish(house.start(resume=True))
    assert row["started_ms"] == before["started_ms"]
    assert row["day"] == before["day"]
    assert row["ended_ms"] >= before["changed_ms"]
    assert row["changed_ms"] >= before["changed_ms"]


def test_leaving_a_run_as_it_is_is_the_later_state_of_it_whatever_the_clock_says(tmp_path: Path) -> None:
    house = ResettableHouse(tmp_path)
    live_run = house.start()
    house.until(live_run, "Curl")
    house.cut_off(live_run)
    before = house.record()
    house.ahead = timedelta(hours=-5)
    offer = house.diary.find_resumable()
    assert offer is not None
    house.diary.dismiss(offer)
    assert house.record()["changed_ms"] > before["changed_ms"]


@pytest.mark.parametrize(("day_start_h", "days"), [(0, {2: 1, 3: 1}), (4, {2: 2})])
def test_a_run_belongs_to_the_day_on_which_it_began(tmp_path: Path, day_start_h: int, days: dict[int, int]) -> None:
    house = ResettableHouse(tmp_path, datetime(2026, 3, 2, 23, 59, 50, tzinfo=MORNING.tzinfo))
    for _ in ("across midnight", "after it"):
        live_run = house.start()
        house.pass_by(live_run, 30_000)
        live_run.send(Command.FINISH)
        house.diary.close()
    assert [(one.first.day, one.records) for one in house.store.query(stats.days)] == [(2, 1), (3, 1)]
    sessions, since = {entry.session for entry in house.store.entries()}, date(2026, 3, 1)
    found = house.store.query(lambda base: completed_runs(base, sessions, since, timedelta(hours=day_start_h)))
    assert {day.day: count for (_, day), count in found.items()} == days
