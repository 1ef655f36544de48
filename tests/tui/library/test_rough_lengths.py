from __future__ import annotations

import pytest

from tests.tui.conftest import entry
from timer_app.core.wording.formatting import rough_text, whole_minutes
from timer_app.tui.library.filter import SessionFilter, matches_filter
from timer_app.tui.library.table import session_length_text


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "1 s"), (12_345, "12 s"), (59_499, "59 s"), (59_500, "1 min"), (89_999, "1 min"), (90_000, "2 min")],
)
def test_a_rough_length_has_seconds_below_a_minute_and_whole_minutes_from_there(ms: int, text: str) -> None:
    assert rough_text(ms) == text


def test_half_a_minute_counts_as_one_whatever_stands_before_it() -> None:
    assert [whole_minutes(ms) for ms in (29_999, 30_000, 90_000, 150_000, 630_000)] == [0, 1, 2, 3, 11]


@pytest.mark.parametrize("ms", [270_000, 300_000, 329_999, 330_000, 629_999, 630_000])
@pytest.mark.parametrize("most_min", [5, 10])
def test_a_limit_of_length_lets_through_what_the_list_shows_as_no_longer(ms: int, most_min: int) -> None:
    shown_min = int(session_length_text(ms).split()[0])
    assert matches_filter(entry("A", length_ms=ms), SessionFilter(most_min=most_min)) == (shown_min <= most_min)
