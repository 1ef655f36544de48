"""Which session the list suggests, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.tui.conftest import ENTRIES, entry
from timer_app.tui.library.filter import SessionActivity
from timer_app.tui.library.today import first_session, programme_text, todays_session

NOW = datetime(2024, 5, 10, 18, 30, tzinfo=UTC)
LONG, SHORT = entry("Long one", length_ms=1_800_000), entry("Short one", length_ms=240_000)


def suggested(activity: SessionActivity, *, follows: bool = False) -> tuple[str, str] | None:
    found = todays_session([*ENTRIES, LONG, SHORT], activity, NOW, follows=follows)
    return (found.entry.name, found.why) if found else None


def test_what_is_due_is_suggested_before_all() -> None:
    due = {"gone": "x", "broken-one": "x", "long-one": "Due today: Desk weeks, week 1 of 4."}
    done = {"short-one": NOW - timedelta(days=9)}
    expected = ("Long one", "Due today: Desk weeks, week 1 of 4.")
    assert suggested(SessionActivity(done=done, due=due), follows=True) == expected


def test_whoever_has_done_nothing_is_led_to_a_short_session() -> None:
    assert suggested(SessionActivity()) == ("Desk break", "A first session of 5 minutes.")
    found = first_session([LONG, SHORT, ENTRIES[2]])
    assert found
    assert found.entry is SHORT
    assert first_session([ENTRIES[2]]) is None


def test_later_it_is_what_was_done_longest_ago_of_the_starred_ones_if_any() -> None:
    done = {"long-one": NOW - timedelta(days=3), "short-one": NOW - timedelta(days=8), "desk-break": NOW - timedelta(1)}
    assert suggested(SessionActivity(done=done)) == ("Short one", "Last done 8 days ago.")
    stars = frozenset({"desk-break", "long-one", "upper-back-release"})
    assert suggested(SessionActivity(stars, done)) == ("Long one", "Last done 3 days ago.")


@pytest.mark.parametrize(
    ("follows", "ago"), [(True, timedelta(days=3)), (False, timedelta(hours=2))], ids=["rest day", "done today"]
)
def test_nobody_is_urged_on_a_rest_day_or_when_something_is_done(follows: bool, ago: timedelta) -> None:
    assert suggested(SessionActivity(done={"long-one": NOW - ago}), follows=follows) is None


@pytest.mark.parametrize(
    ("today", "remaining", "expected"),
    [
        (date(2026, 3, 10), ("desk-break",), "Desk weeks, week 2 of 4  ▰▰▱▱▱▱▱▱▱▱ 4 of 16 days"),
        (date(2026, 3, 10), (), "Desk weeks, week 2 of 4  ▰▰▱▱▱▱▱▱▱▱ 4 of 16 days · Next in 3 days."),
        (date(2026, 3, 12), (), "Desk weeks, week 2 of 4  ▰▰▱▱▱▱▱▱▱▱ 4 of 16 days · Next tomorrow."),
        (
            date(2026, 5, 1),
            (),
            "Desk weeks, week 4 of 4  ▰▰▱▱▱▱▱▱▱▱ 4 of 16 days · It is over; Ctrl+P finds others.",
        ),
    ],
)
def test_the_progress_of_a_programme_is_told_in_one_line(
    today: date, remaining: tuple[str, ...], expected: str
) -> None:
    start = date(2026, 3, 2)
    schedule: Any = SimpleNamespace(
        active_programme=SimpleNamespace(programme=SimpleNamespace(name="Desk weeks", length=4)),
        days=tuple((None, number < 4) for number in range(16)),
        week=(today - start).days // 7 + 1,
        today=today,
        last_day=date(2026, 3, 29),
        remaining=remaining,
        next_due=SimpleNamespace(day=date(2026, 3, 13)),
    )
    assert programme_text(cast("Any", schedule)) == expected
