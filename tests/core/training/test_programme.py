"""Which days of a programme have sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from timer_app.core.training.programme import (
    WEEKDAYS,
    DueDay,
    DueSession,
    Programme,
    due_days,
    in_a_row,
    last_day,
)

MONDAY = date(2026, 3, 2)

NAMES = st.lists(st.sampled_from(["one", "two", "three"]), max_size=3)
WEEKS = st.builds(
    lambda days, repeat, level: {**days, "repeat": repeat, "level": level},
    st.fixed_dictionaries(dict.fromkeys(WEEKDAYS, NAMES)),
    st.integers(1, 4),
    st.floats(0, 1),
)


def programme(*weeks: Mapping[str, Any]) -> Programme:
    return Programme.model_validate({"schema": 1, "name": "Some weeks", "weeks": list(weeks)})


PROGRAMMES = st.lists(WEEKS, min_size=1, max_size=4).map(
    lambda weeks: programme(*weeks, {"monday": "one"})  # at least one day has a session
)
STARTS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_weeks_begin_in_the_middle_of_a_week_over_the_end_of_a_year() -> None:
    plan = programme({"monday": "one", "thursday": "two"}, {"monday": "one", "level": 0.5})
    thursday = date(2026, 12, 31)
    assert [(due.day.isoformat(), due.week, due.sessions) for due in due_days(plan, thursday)] == [
        ("2026-12-31", 1, ("two",)),
        ("2027-01-04", 1, ("one",)),
        ("2027-01-11", 2, ("one",)),
    ]
    assert last_day(plan, thursday) == date(2027, 1, 13)


def test_days_stay_days_while_clocks_change() -> None:
    plan = programme({"saturday": "one", "sunday": "one", "monday": "one"})
    for start in (date(2026, 3, 27), date(2026, 10, 23)):
        days = [due.day for due in due_days(plan, start)]
        assert [day.weekday() for day in days] == [5, 6, 0]
        assert days[2] - days[0] == timedelta(days=2)


@given(PROGRAMMES, STARTS)
def test_every_day_lies_inside_on_its_weekday_in_order_and_once(plan: Programme, start: date) -> None:
    found = list(due_days(plan, start))
    days = [due.day for due in found]
    assert days == sorted(set(days))
    assert all(start <= day <= last_day(plan, start) for day in days)
    for due in found:
        week = plan.each_week[due.week - 1]
        assert due.sessions == tuple(entry.session for entry in week.due_on(due.day, 0))
        assert due.level == week.level
        assert due.week == (due.day - start).days // 7 + 1


@given(PROGRAMMES, STARTS)
def test_where_in_a_week_it_begins_changes_nothing_of_how_much_there_is(plan: Programme, start: date) -> None:
    monday = start - timedelta(days=start.weekday())
    counts = [sum(len(due.sessions) for due in due_days(plan, day)) for day in (start, monday)]
    assert counts[0] == counts[1]


@given(PROGRAMMES, STARTS, st.integers(0, 150), st.data())
def test_days_in_a_row_are_those_since_the_last_that_was_missed(
    plan: Programme, start: date, later: int, data: st.DataObject
) -> None:
    today, due = start + timedelta(days=later), list(due_days(plan, start))
    done = {(name, one.day) for one in due for name in one.sessions if data.draw(st.booleans()) and one.day <= today}
    # Somebody who does a session at all does it as often as it is due, but for one day.
    short = data.draw(st.sampled_from([None, *sorted(done)]))
    runs = [one for one in done for _ in range(_times(due, one) - (one == short and _times(due, one) > 1))]
    done -= {short} if short and _times(due, short) > 1 else set()
    whole = [all((name, one.day) in done for name in one.sessions) for one in due if one.day < today]
    expected = next((count for count, one in enumerate(reversed(whole)) if not one), len(whole))
    now = next((one for one in due if one.day == today), None)
    expected += now is not None and all((name, today) in done for name in now.sessions)
    assert in_a_row(due, runs, today) == expected


def _times(due: list[DueDay], one: tuple[str, date]) -> int:
    """How often a session is due on a day."""
    name, day = one
    return next(entry.sessions.count(name) for entry in due if entry.day == day)


def test_a_session_may_be_due_several_times_a_day_and_has_to_be_done_as_often() -> None:
    plan = programme({"monday": ["break", {"session": "break", "at": "07:30"}, {"session": "walk", "at": "6:05"}]})
    (due,) = due_days(plan, MONDAY)
    assert due.entries == (DueSession("break"), DueSession("walk", time(6, 5)), DueSession("break", time(7, 30)))
    assert due.done_entries({("break", MONDAY): 1}) == (True, False, False)
    assert not due.is_done({("break", MONDAY): 1, ("walk", MONDAY): 4})
    assert due.is_done({("break", MONDAY): 2, ("walk", MONDAY): 1})
    assert in_a_row([due], [("break", MONDAY), ("walk", MONDAY)], MONDAY) == 0
    assert in_a_row([due], [("break", MONDAY), ("walk", MONDAY), ("break", MONDAY)], MONDAY) == 1


def test_every_second_day_goes_on_over_the_weeks_of_its_kind() -> None:
    plan = programme({"every_days": 2, "sessions": "one", "repeat": 3})
    days = [due.day for due in due_days(plan, MONDAY)]
    assert days == [MONDAY + timedelta(days=2 * number) for number in range(11)]


def test_a_and_b_weeks_come_in_turn() -> None:
    weeks = [{"name": "A", "monday": "one"}, {"name": "B", "monday": "two"}]
    plan = Programme.model_validate({"schema": 1, "name": "In turn", "repeat": 3, "weeks": weeks})
    assert plan.length == 6
    assert [(due.week, due.week_name, due.sessions) for due in due_days(plan, MONDAY)][2:5] == [
        (3, "A", ("one",)),
        (4, "B", ("two",)),
        (5, "A", ("one",)),
    ]


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ({"every_days": 2}, "every_days and sessions belong together"),
        ({"sessions": "one"}, "every_days and sessions belong together"),
        ({"every_days": 2, "sessions": "one", "monday": "one"}, "monday does not go with every_days"),
        ({"monday": {"at": "07:30"}}, "a table without session"),
        ({"monday": {"session": "one", "at": "7"}}, "is not a time of day"),
        ({"monday": {"session": "one", "at": "24:00"}}, "is not a time of day"),
        ({"monday": {"session": "one", "when": "7:00"}}, "an entry has no key"),
        ({"monday": ["one"] * 13}, "has more than 12 sessions on a day"),
    ],
)
def test_what_cannot_be_meant_is_refused(week: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        programme(week)
