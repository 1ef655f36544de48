from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history, in_areas
from timer_app.core.player.states import Command
from timer_app.history import stats
from timer_app.history.report import pain_line
from timer_app.history.store import Store
from timer_app.testing import hold, self_paced, step, timeline

MONDAY = date(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return history(tmp_path)


def squat(store: Store, number: int, start: datetime, held_ms: int = 30_000) -> None:
    """A record with one hold of that length."""
    plan = timeline(step("Wall squat", hold(held_ms)))
    run = Performance(store.path, plan, record_id=f"r{number}", start=start)
    run.send(Command.START)
    run.after(held_ms)
    run.close()


def test_days_and_weeks_add_up(store: Store) -> None:
    for number, day in enumerate((0, 0, 1, 7)):
        squat(store, number, MORNING + timedelta(days=day))
    assert store.query(stats.days) == [
        stats.ActivitySum(MONDAY, 2, 60_000, 60_000),
        stats.ActivitySum(MONDAY + timedelta(days=1), 1, 30_000, 30_000),
        stats.ActivitySum(MONDAY + timedelta(days=7), 1, 30_000, 30_000),
    ]
    assert store.query(stats.weeks) == [
        stats.ActivitySum(MONDAY, 3, 90_000, 90_000),
        stats.ActivitySum(MONDAY + timedelta(days=7), 1, 30_000, 30_000),
    ]
    since = MONDAY + timedelta(days=1)
    assert [span.records for span in store.query(lambda base: stats.days(base, since))] == [1, 1]


def test_a_day_is_that_of_the_place_where_the_session_was_begun(store: Store) -> None:
    late = datetime(2026, 3, 8, 23, 50, tzinfo=timezone(timedelta(hours=-8)))  # Monday already in Greenwich
    squat(store, 1, late)
    assert [span.first for span in store.query(stats.days)] == [date(2026, 3, 8)]
    assert [span.first for span in store.query(stats.weeks)] == [MONDAY]


def test_what_was_done_of_each_exercise_adds_up(store: Store) -> None:
    Performance(store.path).whole()
    squat(store, 1, MORNING + timedelta(days=7))
    assert store.query(stats.exercises) == [
        stats.ExerciseSum("wall-squat", "Wall squat", 70_000, 0, 3),
        stats.ExerciseSum("curl", "Curl", 12_000, 6, 2),
        stats.ExerciseSum("push-up", "Push-up", 4_000, 4, 1),
    ]
    since = MONDAY + timedelta(days=7)
    assert [one.held_ms for one in store.query(lambda base: stats.exercises(base, since))] == [30_000]


def test_the_best_set_of_an_exercise_is_one_that_was_done_to_its_end(store: Store) -> None:
    squat(store, 1, MORNING, 30_000)
    squat(store, 2, MORNING + timedelta(days=1), 45_000)
    squat(store, 3, MORNING + timedelta(days=2), 40_000)
    run = Performance(store.path, timeline(step("Wall squat", hold(90_000))), record_id="broken")
    run.send(Command.START)
    run.after(80_000)
    run.send(Command.ABORT)
    run.close()
    assert store.query(stats.bests) == [
        stats.BestSet("wall-squat", "Wall squat", 45_000, 0, MONDAY + timedelta(days=1)),
    ]


def test_the_most_reps_of_a_set_are_a_best_too(store: Store) -> None:
    run = Performance(store.path, timeline(step("Push-up", self_paced(None), kind="reps")))
    run.send(Command.START)
    for _ in range(12):
        run.send(Command.COUNT_REP)
    run.send(Command.NEXT)
    run.close()
    assert store.query(stats.bests) == [stats.BestSet("push-up", "Push-up", 0, 12, MONDAY)]


def test_pain_before_and_after_is_told_session_by_session(store: Store) -> None:
    for number in (1, 2):
        Performance(store.path, record_id=f"r{number}", start=MORNING + timedelta(days=number)).whole()
    found = store.query(stats.answer_pairs)
    assert [(one.record, one.before, one.after, one.side) for one in found] == [("r1", 5, 3, ""), ("r2", 5, 3, "")]
    assert [one.record for one in store.query(lambda base: stats.answer_pairs(base, limit=1))] == ["r2"]
    assert store.query(lambda base: stats.answer_pairs(base, "reach")) == []


def test_pain_in_one_area_is_not_set_against_that_in_another(store: Store) -> None:
    in_areas(store.path)
    found = [(one.area_name, one.side, one.before, one.after) for one in store.query(stats.answer_pairs)]
    assert found == [("Neck", "left", 6, 3), ("Neck", "right", 2, 5), ("Back", "", 4, None)]
    reported = [pain_line(one) for one in store.query(stats.answer_pairs)]
    assert reported[1:] == ["2 Mar 2026, Areas, Neck, right: before 2, after 5", "2 Mar 2026, Areas, Back: before 4"]


def test_a_record_in_short_has_the_pain_of_the_area_asked_about_first(store: Store) -> None:
    in_areas(store.path)
    (entry,) = store.entries()
    assert (entry.pain_before, entry.pain_after, entry.pain_about) == (6, 3, "Neck, left")


def test_a_record_in_short_names_no_area_where_there_is_but_one(store: Store) -> None:
    Performance(store.path).whole()
    (entry,) = store.entries()
    assert (entry.pain_before, entry.pain_after, entry.pain_about) == (5, 3, "")


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [((), 0, 0), ((0,), 0, 1), ((0,), 1, 1), ((0,), 2, 0), ((0, 1, 2), 2, 3), ((0, 2, 3), 4, 2), ((0, 1, 5), 1, 2)],
)
def test_the_streak_ends_with_today_or_yesterday(
    store: Store, days: tuple[int, ...], today: int, expected: int
) -> None:
    for number, day in enumerate(days):
        squat(store, number, MORNING + timedelta(days=day))
    assert store.query(lambda base: stats.streak(base, MONDAY + timedelta(days=today))) == expected


def test_sums_follow_when_records_are_forgotten(store: Store) -> None:
    Performance(store.path).whole()
    squat(store, 1, MORNING)
    assert store.forget(["a1"]) == 1
    assert store.query(stats.days) == [stats.ActivitySum(MONDAY, 1, 30_000, 30_000)]
    assert store.query(stats.exercises) == [stats.ExerciseSum("wall-squat", "Wall squat", 30_000, 0, 1)]
    assert store.forget(["r1"]) == 1
    assert (store.query(stats.days), store.query(stats.exercises)) == ([], [])


SUMMED = """
  SELECT session, exercise, (steps.day + 3) / 7 AS week, count(*) AS steps, sum(held_ms), sum(steps.reps), sum(sets)
  FROM steps JOIN records ON id = record WHERE exercise <> '' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
KEPT = "SELECT session, exercise, week, steps, held_ms, reps, sets FROM session_sums ORDER BY 1, 2, 3"


@pytest.mark.parametrize("forgotten", [[], ["a1"], ["r1", "r2"], ["a1", "r1", "r2"]])
def test_the_sums_of_each_session_are_those_of_its_steps(store: Store, forgotten: list[str]) -> None:
    Performance(store.path).whole()
    for number in (1, 2):
        squat(store, number, MORNING + timedelta(days=7))
    store.forget(forgotten)
    summed, stored = store.query(lambda base: [list(map(tuple, base.execute(query))) for query in (SUMMED, KEPT)])
    assert stored == summed
    assert bool(stored) is (len(forgotten) < 3)


def test_a_sum_of_which_everything_is_forgotten_is_forgotten_too(store: Store) -> None:
    Performance(store.path).whole()
    store.forget(["a1"])
    assert b"wall-squat" not in store.path.read_bytes()
