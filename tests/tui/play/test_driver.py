from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from tests.tui.conftest import FakeLiveRun, squat_timeline
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import Command, State
from timer_app.core.timeline.model import Timeline
from timer_app.testing import hold, measure, overrun, phase, rest, self_paced, sound, timeline, wait
from timer_app.tui.context import DisplayOptions, PlayContext
from timer_app.tui.play.driver import RunDriver
from timer_app.tui.play.view import RunView
from timer_app.tui.play.wording import big_time, remaining_line


@dataclass
class Watcher:
    """Notes what it is told, and is the timer: `due` is what was asked for last."""

    views: list[RunView] = field(default_factory=list)
    glided: list[RunView] = field(default_factory=list)
    readiness: list[tuple[int, int]] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    records: list[SessionRecord] = field(default_factory=list)
    flashed: list[int] = field(default_factory=list)
    due: tuple[float, Callable[[], None]] | None = None

    def show_progress(self, done: int, total: int) -> None:
        self.readiness.append((done, total))

    def show(self, view: RunView) -> None:
        self.views.append(view)

    def show_frame(self, view: RunView) -> None:
        self.glided.append(view)

    def show_message(self, line: str) -> None:
        self.reported.append(line)

    def run_over(self, record: SessionRecord) -> None:
        self.records.append(record)

    def flash(self) -> None:
        self.flashed.append(len(self.views))

    def call_later(self, seconds: float, call: Callable[[], None]) -> Watcher:
        self.due = (seconds, call)
        return self

    def stop(self) -> None:
        self.due = None


def at_noon(live_run: FakeLiveRun) -> datetime:
    """The time of day, when the clock of the run began at noon."""
    return datetime(2026, 1, 2, 12, tzinfo=UTC) + timedelta(milliseconds=live_run.clock.now_ms())


def driven(live_run: FakeLiveRun, rate: float = 1.0, looks: DisplayOptions | None = None) -> tuple[RunDriver, Watcher]:
    watcher = Watcher()
    ways = PlayContext(display_options=looks or DisplayOptions(), speed=rate)
    driver = RunDriver(cast("Any", live_run), watcher, watcher.call_later, ways, lambda: at_noon(live_run))
    driver.pump()
    return driver, watcher


def follow_timer(live_run: FakeLiveRun, watcher: Watcher, until_ms: int, rate: float = 1.0) -> None:
    """Let the clock pass as the driver's own timer asks for, to the last call that is due by then."""
    while watcher.due is not None:
        seconds, call = watcher.due
        wait_ms = max(1, round(seconds * 1_000 * rate))
        if live_run.clock.now_ms() + wait_ms > until_ms:
            return
        live_run.clock.advance(wait_ms)
        call()


def test_a_run_begins_by_itself_when_what_it_needs_is_there() -> None:
    live_run = FakeLiveRun(squat_timeline(), ready=False)
    live_run.lines = (3, 9)
    driver, watcher = driven(live_run)
    assert (driver.state, watcher.readiness, watcher.views) == (State.READY, [(3, 9)], [])
    live_run.ready = True
    driver.pump()
    assert driver.state is State.RUNNING
    assert watcher.views


def test_the_timer_alone_shows_every_second_of_a_run_once_and_sees_its_end() -> None:
    live_run = FakeLiveRun(squat_timeline())
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 100_000)
    figures = [(view.snapshot.index, big_time(view.snapshot)) for view in watcher.views]
    shown = list(dict.fromkeys(figures))
    expected = [(0, n) for n in range(5, 0, -1)] + [(1, n) for n in range(30, 0, -1)]
    expected += [(2, n) for n in range(10, 0, -1)] + [(3, n) for n in range(30, 0, -1)]
    assert shown == [(index, str(n)) for index, n in expected]
    assert [record.ending for record in watcher.records] == ["finished"]
    assert watcher.due is None


def test_no_figure_is_shown_later_than_a_blink_after_its_moment() -> None:
    live_run = FakeLiveRun(squat_timeline())
    _, watcher = driven(live_run)
    changes: dict[str, int] = {}
    while live_run.clock.now_ms() < 5_000 and watcher.due is not None:
        changes.setdefault(big_time(watcher.views[-1].snapshot), live_run.clock.now_ms())
        seconds, call = watcher.due
        live_run.clock.advance(max(1, round(seconds * 1_000)))
        call()
    late = [changes[str(n)] - (5 - n) * 1_000 for n in range(5, 0, -1)]
    assert all(0 <= ms <= 20 for ms in late)


def test_a_paused_run_is_looked_at_no_more_than_three_times_a_second() -> None:
    live_run = FakeLiveRun(squat_timeline())
    driver, watcher = driven(live_run)
    driver.control("pause")
    before = len(watcher.views)
    follow_timer(live_run, watcher, 10_000)
    assert len(watcher.views) - before <= 30


def test_a_fast_run_is_not_drawn_more_often_than_eyes_can_follow() -> None:
    live_run = FakeLiveRun(squat_timeline())
    _, watcher = driven(live_run, rate=60.0)
    assert watcher.due is not None
    assert watcher.due[0] >= 0.015


def test_the_stage_is_asked_for_news_about_twice_a_second_and_they_are_told() -> None:
    live_run = FakeLiveRun(squat_timeline())
    live_run.notices = ["No sound: no device; going on silently."]
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 20_000)
    assert watcher.reported == ["No sound: no device; going on silently."]
    assert 20 <= live_run.refreshed <= 50


def test_whoever_begins_to_type_has_the_whole_time_for_an_answer_again() -> None:
    question = replace(measure(), duration_ms=10_000)
    live_run = FakeLiveRun(timeline(question, hold(5_000)))
    driver, watcher = driven(live_run)
    follow_timer(live_run, watcher, 8_000)
    driver.allow_time_for_answer()
    left_ms = driver.view().snapshot.remaining_ms
    assert left_ms == 10_000
    follow_timer(live_run, watcher, 19_500)
    driver.allow_time_for_answer()  # the hold is no question
    assert driver.view().snapshot.index == 1
    assert driver.view().snapshot.duration_ms == 5_000


def test_a_refusal_is_told_in_one_line_and_changes_nothing() -> None:
    live_run = FakeLiveRun(timeline(wait()))
    driver, watcher = driven(live_run)
    assert not driver.send(Command.ADD_TIME, amount=10_000)
    assert len(watcher.reported) == 1
    assert watcher.reported[0].startswith("Not now: ")
    assert driver.state is State.WAITING


@pytest.mark.parametrize("state", ["running", "waiting"])
def test_the_key_of_the_moment_pauses_goes_on_or_leaves_a_wait(state: str) -> None:
    live_run = FakeLiveRun(timeline(hold(30_000) if state == "running" else wait(), hold(30_000)))
    driver, _ = driven(live_run)
    driver.control("go")
    if state == "waiting":
        assert (driver.state, driver.view().snapshot.index) == (State.RUNNING, 1)
    else:
        paused = driver.state
        driver.control("go")
        assert (paused, driver.state) == (State.PAUSED, State.LEAD_IN)


def test_the_key_of_the_moment_counts_reps_and_the_last_one_leads_on() -> None:
    live_run = FakeLiveRun(timeline(self_paced(2), hold(30_000)))
    driver, _ = driven(live_run)
    driver.control("go")
    assert driver.view().snapshot.counted_reps == 1
    driver.control("go")
    assert driver.view().snapshot.index == 1
    assert live_run.recorder.record.steps[0].reps == 2


def test_the_key_of_the_moment_never_passes_a_question_over() -> None:
    driver, _ = driven(FakeLiveRun(timeline(measure(), hold(1_000))))
    driver.control("go")
    assert (driver.state, driver.view().snapshot.index) == (State.PAUSED, 0)


def test_going_on_leaves_a_hold_that_is_past_its_time_and_is_explained_elsewhere() -> None:
    live_run = FakeLiveRun(timeline([hold(1_000), overrun()], hold(30_000)))
    driver, watcher = driven(live_run)
    driver.control("go_on")
    assert watcher.reported == ["Nothing waits for you here; the session goes on by itself."]
    live_run.clock.advance(4_000)
    driver.pump()
    driver.control("go_on")
    assert driver.view().snapshot.index == 2


def test_holding_a_run_tells_whether_it_was_going() -> None:
    driver, _ = driven(FakeLiveRun(timeline(hold(30_000))))
    assert driver.pause_for_question()
    assert not driver.pause_for_question()


def test_once_more_says_what_it_means_each_time() -> None:
    driver, watcher = driven(FakeLiveRun(timeline(hold(30_000))))
    driver.control("again")
    driver.control("again")
    assert watcher.reported == ["This set comes once more.", "This set is not repeated."]


def test_the_volume_stays_within_its_ends_and_ends_a_mute() -> None:
    live_run = FakeLiveRun(timeline(hold(30_000)))
    driver, watcher = driven(live_run)
    driver.toggle_mute()
    assert live_run.muted
    for _ in range(6):
        driver.change_volume(5)
    assert (live_run.volume, live_run.muted) == (100, False)
    assert watcher.reported[-1] == "Volume 100 %"


def test_a_run_over_is_told_once_and_takes_no_more_commands() -> None:
    live_run = FakeLiveRun(timeline(hold(30_000)))
    driver, watcher = driven(live_run)
    driver.send(Command.FINISH)
    assert not driver.send(Command.NEXT)
    driver.pump()
    assert [record.ending for record in watcher.records] == ["finished early"]


def test_a_run_that_nobody_looked_at_for_long_stands_and_says_why() -> None:
    live_run = FakeLiveRun(squat_timeline())
    driver, watcher = driven(live_run)
    live_run.clock.advance(3_600_000)
    driver.pump()
    assert driver.state is State.PAUSED
    assert watcher.views[-1].slept


def beeping() -> Timeline:
    """A hold of 10 s with ticks in its last three seconds, then a rest that begins with the tone of the end."""
    ticks = [sound(ms, "tick", from_end=True) for ms in (7_000, 8_000, 9_000)]
    return timeline(hold(10_000, sound(0, "start"), *ticks), rest(10_000, sound(0, "end")))


@pytest.mark.parametrize(
    ("looks", "rate", "flashes"),
    [
        (DisplayOptions(), 1.0, 5),
        (DisplayOptions(flash=False), 1.0, 0),
        (DisplayOptions(reduced_motion=True), 1.0, 0),
        (DisplayOptions(), 5.0, 0),
    ],
)
def test_it_flashes_with_every_beep_unless_that_is_off_or_would_flicker(
    looks: DisplayOptions, rate: float, flashes: int
) -> None:
    live_run = FakeLiveRun(beeping())
    _, watcher = driven(live_run, rate, looks)
    follow_timer(live_run, watcher, 15_000, rate)
    assert len(watcher.flashed) == flashes


def test_a_flash_comes_at_the_moment_of_its_beep() -> None:
    live_run = FakeLiveRun(beeping())
    _, watcher = driven(live_run)
    watcher.flashed.clear()
    moments: list[int] = []
    while live_run.clock.now_ms() < 12_000 and watcher.due is not None:
        seconds, call = watcher.due
        live_run.clock.advance(max(1, round(seconds * 1_000)))
        call()
        moments += [live_run.clock.now_ms()] * len(watcher.flashed)
        watcher.flashed.clear()
    assert [round(moment, -1) for moment in moments[1:]] == [7_000, 8_000, 9_000, 10_000]


def test_the_end_is_told_by_the_clock_on_the_wall_and_moves_with_a_pause() -> None:
    live_run = FakeLiveRun(timeline(hold(90_000)))
    driver, watcher = driven(live_run)
    assert remaining_line(watcher.views[-1]) == "1:30 left · ends at 12:01"
    driver.send(Command.PAUSE)
    live_run.clock.advance(45_000)
    driver.pump()
    assert remaining_line(watcher.views[-1]) == "1:30 left · ends at 12:02"


def test_the_end_is_the_earliest_one_as_long_as_a_step_that_waits_is_to_come() -> None:
    live_run = FakeLiveRun(timeline(wait(), hold(60_000)))
    driver, watcher = driven(live_run)
    assert remaining_line(watcher.views[-1]) == "1:00 left · ends at 12:01 or later"
    driver.send(Command.NEXT)
    assert remaining_line(watcher.views[-1]) == "1:00 left · ends at 12:01"


def test_a_pause_counts_its_seconds() -> None:
    live_run = FakeLiveRun(timeline(hold(90_000)))
    driver, watcher = driven(live_run)
    driver.send(Command.PAUSE)
    follow_timer(live_run, watcher, 3_500)
    assert list(dict.fromkeys(view.paused_s for view in watcher.views)) == [0, 1, 2, 3]


@pytest.mark.parametrize(("looks", "glides"), [(DisplayOptions(), 24), (DisplayOptions(reduced_motion=True), 0)])
def test_a_breath_glides_eight_times_a_second_and_not_at_all_with_reduced_motion(
    looks: DisplayOptions, glides: int
) -> None:
    live_run = FakeLiveRun(timeline([phase("work", 4_000, part="In", breath="in"), phase("work", 4_000, part="Out")]))
    _, watcher = driven(live_run, 1.0, looks)
    follow_timer(live_run, watcher, 3_800)
    assert glides <= len(watcher.glided) <= glides * 1.5
    assert [big_time(view.snapshot) for view in watcher.views] == ["4", "3", "2", "1"]


def test_a_frame_between_two_seconds_asks_neither_run_nor_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    live_run = FakeLiveRun(timeline([phase("work", 4_000, part="In", breath="in"), phase("work", 4_000, part="Out")]))
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 1_050)
    refreshed, shown, glided = live_run.refreshed, len(watcher.views), len(watcher.glided)
    monkeypatch.setattr(live_run.conductor, "tick", lambda: pytest.fail("nothing is due"))
    follow_timer(live_run, watcher, 1_450)
    assert len(watcher.glided) - glided == 3
    assert (live_run.refreshed, len(watcher.views)) == (refreshed, shown)


def test_a_frame_that_comes_too_late_lets_the_run_go_on_first() -> None:
    live_run = FakeLiveRun(timeline([phase("work", 4_000, part="In", breath="in"), phase("work", 4_000, part="Out")]))
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 3_700)
    assert watcher.due is not None
    live_run.clock.advance(900)
    watcher.due[1]()
    assert watcher.views[-1].snapshot.phase.part == "Out"


def test_a_frame_that_comes_after_a_second_has_passed_shows_that_second() -> None:
    live_run = FakeLiveRun(timeline([phase("work", 4_000, part="In", breath="in"), phase("work", 4_000, part="Out")]))
    live_run.is_heard = False
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 900)
    assert watcher.due is not None
    live_run.clock.advance(1_020 - live_run.clock.now_ms())
    watcher.due[1]()
    assert [big_time(view.snapshot) for view in watcher.views] == ["4", "3"]


def test_a_lost_device_is_told_within_half_a_second_though_nothing_else_is_due() -> None:
    live_run = FakeLiveRun(timeline(hold(90_000)))
    _, watcher = driven(live_run)
    follow_timer(live_run, watcher, 10_100)
    live_run.notices = ["The sound is gone."]
    follow_timer(live_run, watcher, 10_700)
    assert watcher.reported == ["The sound is gone."]
