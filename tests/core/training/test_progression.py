"""Doses that grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.fields.notation import DoseRange
from timer_app.core.training.progression import PastPerformance, ProgressionRange, resolve_dose
from timer_app.core.wording.doses import dose_origin_text

BALL = ProgressionRange.of("hold", DoseRange(20_000, 30_000, 1_000))
MONDAY = date(2026, 3, 2)


def done(day: int, amount: int = 30_000, *, completed: bool = True, more_pain: bool = False) -> PastPerformance:
    return PastPerformance(MONDAY + timedelta(days=day), amount, completed, more_pain)


def on(day: int, *records: PastPerformance, span: ProgressionRange = BALL) -> tuple[int, str]:
    found = resolve_dose(span, records, MONDAY + timedelta(days=day))
    return found.amount, dose_origin_text(found.origin)


def test_the_first_time_is_the_low_end() -> None:
    assert on(0) == (20_000, "20 s today: first time, goal 30 s")


def test_each_day_on_which_it_was_completed_adds_a_step() -> None:
    assert on(1, done(0)) == (22_000, "22 s today: +2 s since yesterday")
    assert on(4, done(0), done(2)) == (24_000, "24 s today: +2 s since Wednesday")


def test_it_stops_at_the_high_end() -> None:
    every = [done(day) for day in range(9)]
    assert on(9, *every) == (30_000, "30 s today: the high end, as yesterday")


def test_twice_a_day_counts_once_and_only_from_the_next_day_on() -> None:
    assert on(0, done(0), done(0)) == (20_000, "20 s today: as earlier today")
    assert on(1, done(0), done(0))[0] == 22_000


def test_what_was_not_completed_adds_nothing() -> None:
    assert on(3, done(0), done(1, completed=False)) == (22_000, "22 s today: as on Tuesday")


def test_more_pain_takes_a_step_back_even_on_the_same_day() -> None:
    assert on(3, done(0), done(1), done(2, more_pain=True)) == (22_000, "22 s today: -2 s, as pain had grown yesterday")
    assert on(2, done(0), done(1), done(2, more_pain=True))[0] == 20_000 + 2_000
    assert on(1, done(0, more_pain=True)) == (20_000, "20 s today: as yesterday, when pain had grown")


@pytest.mark.parametrize(("gap", "amount"), [(14, 26_000), (15, 24_000), (28, 24_000), (29, 22_000), (300, 20_000)])
def test_a_break_of_more_than_two_weeks_takes_it_back_step_by_step(gap: int, amount: int) -> None:
    assert on(2 + gap, done(0), done(1), done(2))[0] == amount


def test_a_break_is_told() -> None:
    assert on(30, done(0), done(1), done(2)) == (24_000, "24 s today: as on 4 March after a break of 28 days")
    assert on(60, done(0), done(1)) == (20_000, "20 s today: -2 s after a break of 59 days")


def test_less_than_was_due_shows_nothing_for_more() -> None:
    assert on(4, done(0), done(1), done(3, 20_000))[0] == 24_000


def test_a_wide_range_takes_ten_steps_and_counts_go_one_by_one() -> None:
    assert ProgressionRange.of("hold", DoseRange(30_000, 60_000, 1_000)).step == 3_000
    assert ProgressionRange.of("hold", DoseRange(10_000, 15_000, 1_000)).step == 2_000
    assert ProgressionRange.of("reps", DoseRange(10, 15)).step == 1
    assert ProgressionRange.of("reps", DoseRange(10, 50)).step == 4
    reps = ProgressionRange.of("reps", DoseRange(10, 15))
    assert on(1, done(0, 10), span=reps) == (11, "11 reps today: +1 rep since yesterday")


def test_a_level_is_where_it_begins_and_a_ceiling_is_how_far_it_may_have_grown() -> None:
    half = ProgressionRange.of("hold", BALL.dose, level=0.5)
    assert on(0, span=half)[0] == 25_000
    held_down = ProgressionRange.of("hold", BALL.dose, ceiling=0.2)
    assert on(9, *(done(day) for day in range(9)), span=held_down)[0] == 22_000


DOSES = st.builds(
    lambda low, more: DoseRange(low * 1_000, (low + more) * 1_000, 1_000), st.integers(1, 100), st.integers(0, 200)
)
SPANS = st.builds(
    ProgressionRange.of,
    st.sampled_from(["hold", "reps", "flow"]),
    DOSES,
    level=st.floats(0, 1),
    ceiling=st.floats(0, 1),
)
RECORDS = st.lists(
    st.builds(
        PastPerformance,
        st.dates(MONDAY, MONDAY + timedelta(days=60)),
        st.integers(1, 400_000),
        st.booleans(),
        st.booleans(),
    ),
    max_size=20,
)
TODAY = MONDAY + timedelta(days=61)


@given(SPANS, RECORDS)
def test_it_never_leaves_the_range_nor_passes_the_ceiling(
    span: ProgressionRange, records: list[PastPerformance]
) -> None:
    assert span.dose.low <= resolve_dose(span, records, TODAY).amount <= span.ceiling


@given(SPANS, RECORDS, st.randoms(use_true_random=False))
def test_only_when_things_were_done_counts_not_in_which_order_they_are_given(
    span: ProgressionRange, records: list[PastPerformance], order: Random
) -> None:
    mixed = list(records)
    order.shuffle(mixed)
    assert resolve_dose(span, mixed, TODAY) == resolve_dose(span, records, TODAY)


@given(SPANS, RECORDS, st.data())
def test_doing_better_never_makes_it_smaller(
    span: ProgressionRange, records: list[PastPerformance], data: st.DataObject
) -> None:
    if not records:
        return
    place = data.draw(st.integers(0, len(records) - 1))
    worse, better = list(records), list(records)
    worse[place] = replace(records[place], completed=False)
    better[place] = replace(records[place], completed=True)
    assert resolve_dose(span, worse, TODAY).amount <= resolve_dose(span, better, TODAY).amount


@given(SPANS, RECORDS, st.data())
def test_more_pain_never_makes_it_larger(
    span: ProgressionRange, records: list[PastPerformance], data: st.DataObject
) -> None:
    if not records:
        return
    place = data.draw(st.integers(0, len(records) - 1))
    sore, well = list(records), list(records)
    sore[place] = replace(records[place], more_pain=True)
    well[place] = replace(records[place], more_pain=False)
    assert resolve_dose(span, sore, TODAY).amount <= resolve_dose(span, well, TODAY).amount


@given(SPANS, RECORDS, st.dates(TODAY, TODAY + timedelta(days=400)))
def test_what_lies_in_the_future_changes_nothing(
    span: ProgressionRange, records: list[PastPerformance], later: date
) -> None:
    ahead = PastPerformance(later + timedelta(days=1), span.dose.high, completed=True, more_pain=True)
    assert resolve_dose(span, [*records, ahead], later) == resolve_dose(span, records, later)


@given(SPANS, RECORDS, st.integers(0, 200), st.integers(0, 200))
def test_a_longer_break_never_makes_it_larger(
    span: ProgressionRange, records: list[PastPerformance], one: int, two: int
) -> None:
    sooner, later = (TODAY + timedelta(days=days) for days in sorted((one, two)))
    assert resolve_dose(span, records, later).amount <= resolve_dose(span, records, sooner).amount
