"""What was measured, against earlier times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.player.recorder import Answer, StepRecord
from timer_app.core.timeline.model import Measure
from timer_app.core.training.assessment import EarlierResults, Question, Reading, group_answers
from timer_app.core.wording.comparison import DISCLAIMER, MOST_BARS, comparison_lines, sparkline

PAIN = Question("pain", "", "")
LEFT, RIGHT = (Question("reach", "fingertips-to-floor", side, "Fingertips to floor") for side in ("left", "right"))


def pain(*values: float) -> list[Answer]:
    return [Answer("pain", "Pain", "", None, value) for value in values]


def reach(left: float, right: float) -> list[Answer]:
    return [
        Answer("reach", "Fingertips to floor", "cm", side, value, area="fingertips-to-floor")
        for side, value in (("left", left), ("right", right))
    ]


def test_the_same_question_twice_is_before_and_after_and_areas_are_apart() -> None:
    answers = [*pain(5), Answer("pain", "Neck", "", None, 7, area="neck"), *pain(4, 3)]
    assert group_answers(answers) == {PAIN: Reading(5, 3), Question("pain", "neck", ""): Reading(7)}


def test_pain_is_set_against_the_last_time_and_the_first() -> None:
    past = EarlierResults({PAIN: [Reading(7, 6), Reading(6, 4)]})
    assert comparison_lines(pain(5, 3), (), past) == [
        "Pain: 5 before, 3 after; last time 6 and 4, the first time 7 and 6  █▆▅",
        DISCLAIMER,
    ]


def test_one_earlier_time_is_told_once() -> None:
    assert (
        comparison_lines(pain(5, 3), (), EarlierResults({PAIN: [Reading(6, 4)]}))[0]
        == "Pain: 5 before, 3 after; last time 6 and 4  █▆"
    )


def test_what_was_never_asked_before_is_only_told_where_it_was_asked_twice() -> None:
    assert comparison_lines(pain(5), (), EarlierResults()) == []
    assert comparison_lines(pain(5, 3), (), EarlierResults()) == ["Pain: 5 before, 3 after", DISCLAIMER]


def test_left_and_right_are_told_with_how_far_they_were_apart() -> None:
    past = EarlierResults(
        {
            LEFT: [Reading(10, unit="cm", record="r1"), Reading(12, unit="cm", record="r2")],
            RIGHT: [Reading(18, unit="cm", record="r1"), Reading(17, unit="cm", record="r2")],
        }
    )
    reported = comparison_lines(reach(12, 15), (), past)
    assert reported[0].startswith("Fingertips to floor, left: 12 cm; last time 12 cm, the first time 10 cm")
    assert (
        reported[2]
        == "Fingertips to floor: 3 cm more on the right; last time they were 5 cm apart, the first time 8 cm"
    )
    assert comparison_lines(reach(12, 12), (), EarlierResults())[0] == "Fingertips to floor: left and right agree"


def test_tender_spots_are_counted_on_each_side() -> None:
    ball = StepRecord("Upper trapezius", sets=5, repeated=3, sides={"left": 3, "right": 2})
    assert comparison_lines((), [ball], EarlierResults())[0] == "Upper trapezius: tender spots 3 left, 2 right"
    past = EarlierResults(tender_spots={"Upper trapezius": {"left": 4, "right": 2}})
    assert (
        comparison_lines((), [ball], past)[0]
        == "Upper trapezius: tender spots 3 left, 2 right; last time 4 left, 2 right"
    )
    plain = StepRecord("Stretch", sets=2, sides={"left": 1, "right": 1})
    assert comparison_lines((), [plain], EarlierResults()) == []


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_a_chart_has_a_bar_for_each_of_the_latest_values_and_larger_is_never_lower(values: list[float]) -> None:
    bars = sparkline(values)
    assert len(bars) == (0 if len(values) < 2 else min(len(values), MOST_BARS))
    latest = values[-MOST_BARS:]
    for one, bar in zip(latest, bars, strict=False):
        for other, other_bar in zip(latest, bars, strict=False):
            assert one > other or bar <= other_bar


def test_sides_that_agreed_the_last_time_are_told_so() -> None:
    past = EarlierResults({LEFT: [Reading(12, unit="cm", record="r1")], RIGHT: [Reading(12, unit="cm", record="r1")]})
    assert (
        comparison_lines(reach(12, 15), (), past)[2]
        == "Fingertips to floor: 3 cm more on the right; last time they agreed"
    )


def test_sides_are_only_compared_with_a_record_in_which_both_were_answered() -> None:
    left = [Reading(value, unit="cm", record=record) for value, record in ((10, "r1"), (11, "r2"), (12, "r3"))]
    right = [Reading(value, unit="cm", record=record) for value, record in ((15, "r1"), (19, "r3"))]
    reported = comparison_lines(reach(12, 15), (), EarlierResults({LEFT: left, RIGHT: right}))
    assert reported[2].endswith("; last time they were 7 cm apart, the first time 5 cm")
    apart = comparison_lines(reach(12, 15), (), EarlierResults({LEFT: left[1:2], RIGHT: right}))
    assert apart[2] == "Fingertips to floor: 3 cm more on the right"


def test_a_record_of_both_sides_is_not_called_the_first_where_earlier_ones_may_have_been_left_out() -> None:
    left = [Reading(12, unit="cm", record=record) for record in ("l0", "r7", "r8")]
    right = [Reading(15, unit="cm", record=record) for record in ("r0", "r7", "r8")]
    reported = comparison_lines(reach(12, 15), (), EarlierResults({LEFT: left, RIGHT: right}))
    assert reported[2].endswith("; last time they were 3 cm apart")


def test_a_question_with_a_few_answers_is_a_choice() -> None:
    assert Measure("pair", "Which?", 0, 2).is_choice
    assert not Measure("pain", "How strong?", 0, 10).is_choice
    assert not Measure("reach", "How far?", None, None).is_choice
