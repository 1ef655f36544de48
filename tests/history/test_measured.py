"""What earlier records have of questions and spots, from a real history."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history, in_area
from timer_app.core.player.recorder import Answer
from timer_app.core.player.states import Command
from timer_app.core.timeline.model import Timeline
from timer_app.core.training.assessment import EarlierResults, Question, Reading, group_answers
from timer_app.core.wording.comparison import comparison_lines
from timer_app.history.earlier_results import past_measurements
from timer_app.history.store import Store
from timer_app.testing import hold, step, timeline
from timer_app.testing import measure as ask

PAIN = Question("pain", "", "")


def plan() -> Timeline:
    return timeline(
        step("Pain", ask("pain", 0, 10, label="Pain"), kind="measure"),
        step("Ball", hold(2_000, side="left"), hold(2_000, side="right")),
        step("Pain", ask("pain", 0, 10, label="Pain"), kind="measure"),
    )


def perform(store: Store, day: int, before: float, after: float, *, spots: int = 0) -> None:
    run = Performance(store.path, plan(), record_id=f"r{day}", start=MORNING + timedelta(days=day))
    run.send(Command.START)
    run.send(Command.ANSWER, value=before)
    for _ in range(spots):
        run.send(Command.AGAIN)
        run.after(9_000)
    while run.conductor.snapshot().phase.kind == "work":
        run.after(400)
    run.send(Command.ANSWER, value=after)
    run.close()


def ask_back(store: Store, record: str = "now") -> EarlierResults:
    return store.query(lambda base: past_measurements(base, [PAIN, Question("reach", "", "left")], ["Ball"], record))


def test_nothing_was_measured_before(tmp_path: Path) -> None:
    assert ask_back(history(tmp_path)) == EarlierResults({}, {})


@pytest.mark.parametrize("many", [2, 1_000])
def test_the_first_and_the_latest_times_come_oldest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("timer_app.history.earlier_results.MOST_ANSWERS", many)
    store = history(tmp_path)
    for day in range(15):
        perform(store, day, 9 - day / 10, 8 - day / 10)
    found = ask_back(store).readings[PAIN]
    assert [reading.before for reading in found] == [9.0, *(9 - day / 10 for day in range(4, 15))]
    assert found[0] == Reading(9.0, 8.0, record="r0")


def test_the_record_that_is_compared_is_left_out(tmp_path: Path) -> None:
    store = history(tmp_path)
    perform(store, 0, 6, 4)
    perform(store, 1, 5, 3)
    assert ask_back(store, "r1").readings == {PAIN: [Reading(6.0, 4.0, record="r0")]}


def test_the_last_time_counts_whatever_language_it_was_in(tmp_path: Path) -> None:
    store = history(tmp_path)
    for number, area in enumerate(("Neck", "Nacken")):
        start = MORNING + timedelta(days=number)
        run = Performance(store.path, timeline(in_area(area)), record_id=f"r{number}", start=start)
        run.send(Command.START)
        run.answers(6 - number)
        run.close()
    now = [Answer("pain", "Cou", "", None, 3, area="neck")]
    past = store.query(lambda base: past_measurements(base, tuple(group_answers(now)), (), "now"))
    assert comparison_lines(now, (), past)[0].startswith("Cou: 3; last time 5, the first time 6")


def test_spots_of_the_last_time_are_those_of_each_side(tmp_path: Path) -> None:
    store = history(tmp_path)
    perform(store, 0, 6, 4, spots=1)
    assert ask_back(store).tender_spots == {"Ball": {"left": 2, "right": 1}}
    perform(store, 1, 6, 4)
    assert ask_back(store).tender_spots == {}
