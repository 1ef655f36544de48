"""The views of the history and their words, from a real file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.history.performing import MORNING, Performance, history, in_area, in_areas
from tests.history.seeded import NOW, TODAY, eight_weeks, fill
from timer_app.core.player.states import Command
from timer_app.core.wording.formatting import day_text
from timer_app.history import report as telling
from timer_app.history import stats, views
from timer_app.history.store import Store
from timer_app.history.views import PERIOD_WEEKS, Period, RecordedSession, recorded_sessions
from timer_app.testing import timeline

MONDAY = date(2026, 3, 2)
FIRST = date(2026, 1, 12)
RELEASE = Period(TODAY, 12, "upper-back-release", "Upper-back release")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = history(tmp_path_factory.mktemp("seeded"))
    fill(store.path)
    return store


def reported(store: Store, view: str, scope: Period) -> tuple[str, list[str]]:
    found = store.query(lambda base: getattr(views, view)(base, scope))
    return telling.sentence(found), list(telling.lines(found))


def test_a_period_begins_with_a_monday_and_has_the_week_that_runs() -> None:
    assert Period(TODAY, 1).since == MONDAY
    assert Period(TODAY, 4).since == MONDAY - timedelta(weeks=3)
    assert Period(TODAY, None).since is None
    assert Period(TODAY, first=TODAY).since == TODAY


def test_a_key_goes_round_the_periods() -> None:
    scope, observed = Period(TODAY, PERIOD_WEEKS[0]), []
    for _ in PERIOD_WEEKS:
        observed.append(scope.weeks)
        scope = Period(TODAY, scope.next_weeks())
    assert (tuple(observed), scope.weeks) == (PERIOD_WEEKS, PERIOD_WEEKS[0])


def test_the_sessions_that_were_done_are_found_by_name(filled: Store) -> None:
    assert filled.query(recorded_sessions) == [
        RecordedSession("desk-break", "Desk break"),
        RecordedSession("upper-back-release", "Upper-back release"),
    ]


def test_the_calendar_has_every_week_up_to_now(filled: Store) -> None:
    scope = Period(TODAY, 12)
    found = filled.query(lambda base: views.calendar(base, scope))
    assert (found.mondays()[0], found.mondays()[-1], len(found.mondays())) == (MONDAY - timedelta(weeks=11), MONDAY, 12)
    assert found.days[MONDAY].active_ms == 22 * 60_000
    assert filled.query(lambda base: views.calendar(base, Period(TODAY, None))).first_monday == FIRST


def test_less_than_a_minute_is_told_in_seconds_and_is_no_best_week() -> None:
    short = stats.ActivitySum(MONDAY, 1, 24_000, 12_000)
    (line,) = telling.lines(views.CalendarView(Period(TODAY, 12), {MONDAY: short}, 1))
    assert line == "Week of 2 Mar 2026: Mon 24 s"
    assert list(telling.lines(views.BestsView(TODAY, (), 1, MONDAY, short))) == [
        "Longest streak: 1 day, up to 2 Mar 2026"
    ]


def test_the_calendar_in_words(filled: Store) -> None:
    sentence, lines = reported(filled, "calendar", Period(TODAY, 12))
    assert sentence == "You trained on 24 days in the last 12 weeks."
    assert lines[0] == "Week of 2 Mar 2026: Mon 22 min, Tue 12 min, Thu 22 min"
    assert len(lines) == 8


def test_weeks_without_a_session_are_told_too(filled: Store) -> None:
    sentence, lines = reported(filled, "weeks", Period(TODAY + timedelta(days=11), 4))
    assert sentence == "No session this week yet; last week none."
    assert lines[1:] == [
        "Week of 9 Mar 2026: nothing",
        "Week of 2 Mar 2026: 3 sessions, 56 minutes",
        "Week of 23 Feb 2026: 3 sessions, 53 minutes",
    ]


def test_weeks_before_the_first_session_are_not_told(filled: Store) -> None:
    _, lines = reported(filled, "weeks", Period(FIRST + timedelta(days=7), 12))
    assert len(lines) == 2
    assert "nothing" not in lines[-1]


def test_this_week_stands_beside_the_last_one(filled: Store) -> None:
    sentence, _ = reported(filled, "weeks", Period(TODAY, 4))
    assert sentence == "Three sessions this week, 56 minutes; last week three, 53 minutes."


@pytest.mark.parametrize("scope", [Period(TODAY, 4), Period(TODAY, None), RELEASE, Period(TODAY, first=MONDAY)])
def test_days_and_weeks_are_those_of_the_scope(filled: Store, scope: Period) -> None:
    wanted = [
        done
        for done in eight_weeks()
        if scope.session in (None, done.session.lower().replace(" ", "-"))
        and (scope.since is None or done.started.date() >= scope.since)
    ]
    minutes = sum(done.minutes for done in wanted)
    days = filled.query(lambda base: views.calendar(base, scope)).days
    weeks = filled.query(lambda base: views.weeks(base, scope)).weeks
    assert (len(days), sum(day.active_ms for day in days.values())) == (len(wanted), minutes * 60_000)
    assert (sum(week.records for week in weeks), sum(week.active_ms for week in weeks)) == (
        len(wanted),
        minutes * 60_000,
    )
    entries = filled.entries(session=scope.session)
    assert sum(1 for entry in entries if scope.since is None or entry.started.date() >= scope.since) == len(wanted)


def test_exercises_are_those_of_a_session_alone_where_one_is_chosen(filled: Store) -> None:
    everything = reported(filled, "exercises", Period(TODAY, None))
    assert everything == (
        "Most time in Wall squat, 25:12 in all the time; most reps in Push-up, 276.",
        ["Wall squat: 25:12 at work, 48 sets", "Push-up: 276 reps, 12:00 at work, 24 sets"],
    )
    release = filled.query(lambda base: views.exercises(base, RELEASE)).sums
    desk = filled.query(lambda base: views.exercises(base, Period(TODAY, 12, "desk-break", "Desk break"))).sums
    assert [(one.exercise, one.sets) for one in release] == [("wall-squat", 32), ("push-up", 16)]
    assert release[0].held_ms + desk[0].held_ms == (25 * 60 + 12) * 1_000


def test_pain_is_told_with_its_trend_and_as_a_diary(filled: Store) -> None:
    sentence, lines = reported(filled, "pain", Period(TODAY, 12))
    assert sentence == (
        "Pain 5.5 of 10 on average before a session, 4.0 after it. "
        "The pain you come with went down by about 3.5 in the last 12 weeks. "
        "This is a training diary, not a diagnosis."
    )
    assert lines[0] == "5 Mar 2026, Upper-back release: before 4, after 3"


def test_pain_in_several_areas_is_told_of_each_by_itself(tmp_path: Path) -> None:
    store = history(tmp_path)
    for number, neck in enumerate((8, 7, 6, 5)):
        in_areas(store.path, number, neck)
    sentence, lines = reported(store, "pain", Period(TODAY, None))
    assert sentence == (
        "Pain of 10 on average, before and after a session: Neck, left 6.5 and 3.0; Neck, right 2.0 and 5.0; "
        "Back 4.0 before. Each is shown by itself below. This is a training diary, not a diagnosis."
    )
    assert lines[0] == "Neck, left: The pain you come with went down by about 3.0 in all the time."
    assert lines[1] == "5 Mar 2026, Areas, Neck, left: before 5, after 3"
    assert [line.split(": ")[0] for line in lines[::5]] == ["Neck, left", "Neck, right", "Back"]
    assert lines[10] == "Back: The pain you come with is about the same in all the time."
    assert len(lines) == 15


def test_a_single_area_of_pain_is_told_as_pain(tmp_path: Path) -> None:
    plan = timeline(in_area("Neck"), name="One")
    run = Performance(history(tmp_path).path, plan)
    run.send(Command.START)
    run.answers(6)
    run.close()
    sentence, lines = reported(history(tmp_path), "pain", Period(TODAY, None))
    assert sentence.startswith("Pain before a session: 6.0 of 10 on average. For a trend there are too few answers")
    assert lines == ["2 Mar 2026, One, Neck: before 6"]


def test_pain_without_an_area_is_the_same_in_every_language(tmp_path: Path) -> None:
    store = history(tmp_path)
    for number, label in enumerate(("Pain", "Schmerz", "Smerte")):
        start = MORNING + timedelta(days=number)
        run = Performance(store.path, timeline(in_area("", label=label)), record_id=f"r{number}", start=start)
        run.send(Command.START)
        run.answers(number)
        run.close()
    sentence, lines = reported(store, "pain", Period(TODAY, None))
    assert sentence.startswith("Pain before a session: 1.0 of 10 on average.")
    assert lines[0] == "4 Mar 2026, Test: before 2"


def test_pain_in_an_area_is_one_curve_in_the_language_in_force(tmp_path: Path) -> None:
    store = history(tmp_path)
    for number, area in enumerate(("Neck", "Back", "Nacken", "Cuello")):
        start = MORNING + timedelta(days=number)
        run = Performance(store.path, timeline(in_area(area), in_area("Left ear")), record_id=f"r{number}", start=start)
        run.send(Command.START)
        run.answers(number, 5)
        run.close()
    view = store.query(lambda base: views.pain(base, Period(TODAY, None)))
    assert [(one.label, [pair.before for pair in one.answers]) for one in view.areas] == [
        ("Cuello", [0, 2, 3]),
        ("Left ear", [5, 5, 5, 5]),
        ("Back", [1]),
    ]
    _, lines = reported(store, "pain", Period(TODAY, None, language="de"))
    assert "2 Mar 2026, Test, Nacken: before 0" in lines
    assert [entry.pain_about for entry in Store(store.path, "de").entries()] == ["Nacken", "Nacken", "Rücken", "Nacken"]
    assert [entry.pain_about for entry in store.entries()] == ["Cuello", "Nacken", "Back", "Neck"]


def test_pain_without_an_area_beside_areas_is_that_overall(tmp_path: Path) -> None:
    store = history(tmp_path)
    run = Performance(store.path, timeline(in_area("", label="Schmerz"), in_area("Neck"), in_area("", "left", "Pain")))
    run.send(Command.START)
    run.answers(5, 6, 7)
    run.close()
    sentence, _ = reported(store, "pain", Period(TODAY, None))
    assert ": Overall 5.0 before; Neck 6.0 before; Left 7.0 before." in sentence
    assert store.entries()[0].pain_about == "Overall"


@given(st.lists(st.integers(0, 10), min_size=2, max_size=30), st.integers(-3, 3), st.integers(0, 10))
def test_a_trend_follows_a_straight_line_exactly(days: Sequence[int], slope: int, start: int) -> None:
    points = [(float(day), float(start + slope * day)) for day in sorted(days)]
    found = views._regression_line(points)
    if len(set(days)) == 1:
        assert found is None
    else:
        assert found == pytest.approx((points[0][1], points[-1][1]), abs=1e-6)


def test_three_answers_make_no_trend(filled: Store) -> None:
    assert "too few answers" in reported(filled, "pain", Period(TODAY, 1))[0]


def test_the_best_of_all_times(filled: Store) -> None:
    sentence, lines = reported(filled, "bests", Period(TODAY, 4))
    assert sentence == (
        "Of all the time: longest hold Wall squat, 43 s on 5 Mar 2026; most reps Push-up, 15 reps on 5 Mar 2026; "
        "longest row 2 days."
    )
    assert lines[2:] == [
        "Longest streak: 2 days, up to 3 Mar 2026",
        "Most minutes in a week: 56, week of 2 Mar 2026",
    ]


@pytest.mark.parametrize(
    ("numbers", "expected"), [([], (0, None)), ([0], (1, 0)), ([0, 1, 3], (2, 1)), ([0, 1, 3, 4, 9], (2, 4))]
)
def test_of_two_rows_as_long_the_later_one_counts(numbers: list[int], expected: tuple[int, int | None]) -> None:
    assert max(stats._streaks(numbers), default=(0, None)) == expected


@pytest.mark.parametrize(
    ("view", "nothing"),
    [
        ("calendar", "Nothing was done"),
        ("weeks", "Nothing was done"),
        ("exercises", "No exercise was done"),  # true of sessions that only speak, too
        ("pain", "No question about pain was answered"),  # true of sessions that do not ask, too
        ("bests", "Nothing was done"),
    ],
)
def test_an_empty_history_says_what_will_be_here(tmp_path: Path, view: str, nothing: str) -> None:
    sentence, lines = reported(history(tmp_path), view, Period(TODAY, None))
    assert sentence.startswith(f"{nothing} yet. This will ")
    assert all("nothing" in line for line in lines)


def test_a_session_without_records_is_named(tmp_path: Path) -> None:
    sentence, _ = reported(history(tmp_path), "calendar", RELEASE)
    assert sentence.startswith("Nothing of Upper-back release was done in the last 12 weeks. This will ")


def test_an_answer_that_was_never_asked_for_is_not_said_to_be_nothing_done(tmp_path: Path) -> None:
    sentence, _ = reported(history(tmp_path), "pain", RELEASE)
    assert sentence.startswith("No question about pain was answered in Upper-back release in the last 12 weeks. ")


def test_records_come_page_by_page(filled: Store) -> None:
    everything = [entry.id for entry in filled.entries()]
    pages = [filled.entries(limit=10, skip=skip) for skip in (0, 10, 20)]
    assert [entry.id for page in pages for entry in page] == everything
    assert len(filled.entries(session="desk-break")) == 8


def test_one_record_has_what_was_planned_done_and_answered(filled: Store) -> None:
    newest = filled.entries(limit=1)[0]
    found = filled.full_record(newest.id)
    assert found is not None
    assert (found.entry, found.kinds) == (newest, ("hold", "reps"))
    assert found.doses == ("2 × 30 s", "12 reps")
    assert [(step.name, step.held_ms, step.reps) for step in found.record.steps] == [
        ("Wall squat", 86_000, 0),
        ("Push-up", 30_000, 15),
    ]
    assert [answer.value for answer in found.record.answers] == [4, 3]
    assert filled.full_record("nobody") is None


def test_a_day_is_written_out() -> None:
    assert day_text(NOW.date()) == "5 Mar 2026"
