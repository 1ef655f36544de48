"""Which variant of a ladder is done today, and what is wrong with a ladder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.compiling import exercises
from timer_app.core.session.exercise import Exercise
from timer_app.core.training.ladder import check_ladder, ladders, rung_today, variant_beside
from timer_app.core.training.progression import PastPerformance

LADDER = ("wall", "knee", "full")
HIGHS = dict.fromkeys(LADDER, 12)
START = date(2026, 3, 2)


def _catalogue(**more: Any) -> dict[str, Exercise]:
    data: dict[str, Any] = {name: {"name": name, "say": name, "reps": "8-12"} for name in LADDER}
    data["full"]["variants"] = list(LADDER)
    return exercises(**{**data, **more})


def _days(*done: tuple[int, bool, bool], first: int = 0) -> list[PastPerformance]:
    """Performances on days in a row: how much, whether completed, and whether with more pain."""
    return [PastPerformance(START + timedelta(days=first + day), *one) for day, one in enumerate(done)]


TOP, LOW, FAILED, PAIN = (12, True, False), (9, True, False), (12, False, False), (12, True, True)


@pytest.mark.parametrize(
    ("done", "today"),
    [
        ([], "knee"),
        ([TOP], "knee"),
        ([TOP, TOP], "full"),
        ([LOW, TOP], "knee"),
        ([FAILED], "knee"),
        ([FAILED, FAILED], "wall"),
        ([TOP, FAILED, FAILED], "wall"),
        ([TOP, PAIN], "wall"),
        ([FAILED, FAILED, TOP], "knee"),
    ],
)
def test_the_last_days_decide(done: list[tuple[int, bool, bool]], today: str) -> None:
    assert rung_today(LADDER, "knee", {"knee": _days(*done)}, HIGHS) == today


def test_the_variant_of_last_time_is_gone_on_with_whatever_the_session_names() -> None:
    past = {"knee": _days(TOP, TOP), "full": _days(LOW, first=2)}
    assert rung_today(LADDER, "wall", past, HIGHS) == "full"


def test_a_ladder_ends_at_both_ends() -> None:
    assert rung_today(LADDER, "full", {"full": _days(TOP, TOP)}, HIGHS) == "full"
    assert rung_today(LADDER, "wall", {"wall": _days(PAIN)}, HIGHS) == "wall"
    catalogue = _catalogue()
    assert ladders(catalogue)["wall"] == LADDER
    assert [variant_beside(catalogue, "knee", by) for by in (-1, 1)] == ["wall", "full"]
    assert variant_beside(catalogue, "full", 1) is None
    assert variant_beside(exercises(row={"name": "R", "say": "R", "reps": 3}), "row", 1) is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"full": {"name": "F", "say": "F", "reps": 9, "variants": ["wall", "nee", "full"]}}, 'no exercise "nee"'),
        ({"full": {"name": "F", "say": "F", "reps": 9, "variants": ["wall", "knee"]}}, "itself is not in its ladder"),
        ({"full": {"name": "F", "say": "F", "reps": 9, "variants": ["wall", "wall", "full"]}}, "in a ladder already"),
        ({"wall": {"name": "W", "say": "W", "hold": 9}}, '"wall" goes by hold, not by reps'),
        ({"wall": {"name": "W", "say": "W", "reps": 9, "variants": ["wall", "knee"]}}, "in a ladder already"),
    ],
)
def test_what_is_no_ladder_is_told(change: dict[str, Any], said: str) -> None:
    problems = check_ladder("full", _catalogue(**change))
    assert problems
    assert any(said in problem.message for problem in problems), [problem.message for problem in problems]


def test_a_good_ladder_has_no_faults() -> None:
    assert check_ladder("full", _catalogue()) == []
