from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.wording.look_back import LookBack, look_back_lines, next_due_line

MINUTE = 60_000
TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("known", "lines"),
    [
        (LookBack(MINUTE), []),
        (LookBack(0, earlier_ms=(MINUTE,)), []),
        (LookBack(MINUTE, streak=1), []),
        (LookBack(MINUTE, streak=2), ["2 days in a row."]),
        (LookBack(MINUTE, earlier_ms=(MINUTE,)), ["At work: 1:00; last time 1:00.", "The last times: ██"]),
        (
            LookBack(2 * MINUTE, earlier_ms=(MINUTE,)),
            ["At work: 2:00; last time 1:00. Longer than ever before.", "The last times: ▅█"],
        ),
        (
            LookBack(MINUTE, earlier_ms=(4 * MINUTE, 2 * MINUTE)),
            ["At work: 1:00; last time 2:00. The longest was 4:00.", "The last times: █▅▃"],
        ),
        (
            LookBack(MINUTE, 12, earlier_ms=(MINUTE,), earlier_reps=(10,)),
            ["At work: 1:00; last time 1:00. More reps than ever before.", "The last times: ██"],
        ),
    ],
)
def test_a_run_is_compared_with_last_time_and_the_best(known: LookBack, lines: list[str]) -> None:
    assert list(look_back_lines(known)) == lines


@given(st.integers(0, 10**8), st.lists(st.integers(1, 10**8), max_size=30))
def test_a_best_is_told_only_where_there_is_one(now: int, earlier: list[int]) -> None:
    text = " ".join(look_back_lines(LookBack(now, earlier_ms=tuple(earlier))))
    assert ("Longer than ever before." in text) <= (bool(earlier) and now > max(earlier))
    assert ("The longest was" in text) <= (bool(earlier) and max(earlier) > max(now, earlier[-1]))


@pytest.mark.parametrize(
    ("ahead", "sessions", "line"),
    [
        (0, ("Neck",), "Next: today, Neck."),
        (1, (), "Next: tomorrow."),
        (3, ("Neck", "Back"), "Next: Friday, Neck, Back."),
        (9, (), "Next: 12 Mar 2026."),
    ],
)
def test_the_next_day_is_told_as_people_say_it(ahead: int, sessions: tuple[str, ...], line: str) -> None:
    known = LookBack(today=TODAY, next_day=TODAY + timedelta(ahead), next_sessions=sessions)
    assert next_due_line(known) == line
    assert next_due_line(LookBack(today=TODAY)) == ""
