"""What is told of where a hold and the session stand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.compiling import (
    HOLD,
    ROW,
    Heard,
    PlainLengths,
    Step,
    compiled,
    first_work,
    heard,
    lines,
    phases,
    said,
    sounds,
    words,
)
from timer_app.core.compiler.compile import EARLIEST, QUIET_MS


def _reported(hold: str, **more: Any) -> dict[str, int]:
    return {
        line: at_ms for line, at_ms in lines(first_work({**HOLD, "hold": hold, **more})).items() if not line.isdigit()
    }


@pytest.mark.parametrize(
    ("marks", "hold", "reported"),
    [
        ("halves", "20s", {"Halfway.": 10_500}),
        ("halves", "19s", {}),
        ("thirds", "30s", {"One third.": 10_500, "Two thirds.": 20_500}),
        ("thirds", "29s", {}),
        ("quarters", "40s", {"A quarter.": 10_500, "Halfway.": 20_500, "Three quarters.": 30_500}),
        ("none", "60s", {}),
    ],
)
def test_a_hold_is_divided_into_shares_of_ten_seconds_at_least(marks: str, hold: str, reported: dict[str, int]) -> None:
    assert _reported(hold, marks=marks) == reported
    tones = [at_ms for at_ms, sound in sounds(first_work({**HOLD, "hold": hold, "marks": marks})) if sound == "halfway"]
    assert tones == [at_ms - 500 for at_ms in reported.values()]


def test_a_warning_is_said_so_long_before_the_end_and_moves_with_it() -> None:
    work = first_work({**HOLD, "heads_up": "10s"})
    assert lines(work)["10 seconds left."] == 20_000
    assert [cue.from_end for cue in work.cues if cue.text == "10 seconds left."] == [True]


def test_a_hold_that_is_no_longer_than_its_warning_has_none() -> None:
    assert _reported("10s", heads_up="10s") == {}
    assert _reported("10s", heads_up="15s") == {}


def test_the_time_left_is_told_at_its_multiples_except_where_the_warning_or_the_countdown_says_it() -> None:
    reported = _reported("2m30s", tell_time="every 30s", heads_up="30s", marks="none")
    assert reported == {
        "2 minutes left.": 30_000,
        "1 minute 30 seconds left.": 60_000,
        "1 minute left.": 90_000,
        "30 seconds left.": 120_000,
    }
    assert list(_reported("20s", tell_time="every 5s", countdown=5, marks="none")) == [
        "15 seconds left.",
        "10 seconds left.",
    ]


def test_a_time_that_is_told_leaves_the_tone_of_a_share_and_not_its_word() -> None:
    work = first_work({**HOLD, "hold": "60s", "tell_time": "every 30s"})
    assert words(work) == ["30 seconds left."]
    assert (30_000, "halfway") in sounds(work)


def test_times_left_take_the_place_of_seconds_counted_upward() -> None:
    work = first_work({**HOLD, "hold": "20s", "count": "up", "heads_up": "10s"})
    assert lines(work)["10 seconds left."] == 10_000
    assert "10" not in said(work)
    assert said(work)[0] == "1"


def test_defaults_hold_for_every_hold_and_a_step_may_say_otherwise() -> None:
    own = {**HOLD, "marks": "halves", "heads_up": 0, "tell_time": "never"}
    reps = {"name": "Row", "reps": 1}
    defaults = {"marks": "thirds", "heads_up": "5s", "tell_time": "every 20s"}
    made = [phase for phase in phases(HOLD, own, reps, defaults=defaults) if phase.kind == "work"]
    assert [words(phase) for phase in made] == [
        ["20 seconds left.", "Two thirds.", "5 seconds left."],
        ["Halfway."],
        [],
    ]


def test_in_brief_times_are_told_and_shares_have_tones_alone() -> None:
    work = first_work({**HOLD, "marks": "thirds", "heads_up": "5s"}, verbosity="brief")
    assert words(work) == ["5 seconds left."]
    assert [at_ms for at_ms, sound in sounds(work) if sound == "halfway"] == [10_000, 20_000]


# Where the session stands.


def test_the_last_of_several_exercises_is_announced_before_its_name_once() -> None:
    made = phases(HOLD, {"rounds": 2, "steps": [ROW, {**HOLD, "name": "Plank"}]}, {"rest": "5s"})
    announced = [(phase.label, phase.round) for phase in made if "The last exercise." in said(phase)]
    assert announced == [("Plank", 2)]
    last = next(phase for phase in made if "The last exercise." in said(phase))
    assert words(last)[:2] == ["The last exercise.", "Plank."]


def test_the_only_exercise_is_not_announced_as_the_last() -> None:
    for made in (phases({**HOLD, "sets": 3}), phases({"rounds": 3, "steps": [HOLD]})):
        assert not any("The last exercise." in said(phase) for phase in made)


HALF = "Half of the session is done."


def _halves(*steps: Step, **more: Any) -> list[Heard]:
    return [line for line in heard(compiled(*steps, **more).timeline, "speech") if line.cue.text == HALF]


def test_half_of_a_session_is_told_once_in_the_quiet_place_nearest_to_its_middle() -> None:
    steps = [{**HOLD, "sets": 12, "rest": "20s"}]
    (line,) = _halves(*steps)
    timeline = compiled(*steps).timeline
    assert line.at_ms == pytest.approx(timeline.total_ms / 2, abs=5_000)
    around = [other for other in heard(timeline, "speech") if other != line and other.phase == line.phase]
    assert all(other.end_ms <= line.at_ms - QUIET_MS or other.at_ms >= line.end_ms + QUIET_MS for other in around)


def test_half_of_a_session_may_be_told_before_its_middle_rather_than_much_later() -> None:
    counted = {**HOLD, "hold": "3m", "count": "up"}
    steps = [counted, {"rest": "20s"}, {**counted, "hold": "200s"}]
    (line,) = _halves(*steps)
    timeline = compiled(*steps).timeline
    assert timeline.phases[line.phase].kind == "rest"
    assert EARLIEST * timeline.total_ms <= line.at_ms < timeline.total_ms / 2


def test_half_of_a_session_is_told_in_the_quiet_of_a_long_hold_but_not_among_reps() -> None:
    (line,) = _halves({**HOLD, "hold": "6m"}, HOLD)
    assert compiled({**HOLD, "hold": "6m"}, HOLD).timeline.phases[line.phase].kind == "work"
    paced = {"name": "Bridge", "reps": 20, "tempo": "8-9"}
    assert _halves(paced) == []


def test_half_of_a_short_session_is_not_told_nor_in_brief() -> None:
    assert _halves({**HOLD, "sets": 3, "rest": "20s"}) == []
    assert _halves({**HOLD, "sets": 12, "rest": "20s"}, verbosity="brief") == []


def test_half_of_a_session_is_reported_where_there_is_no_quiet_near_its_middle() -> None:
    crowded = {**HOLD, "hold": "60s", "sets": 9, "rest": "4s", "countdown": 0, "count": "up"}
    made = compiled(crowded, lengths=PlainLengths(90))
    assert HALF not in {line.text for line in made.timeline.spoken_lines()}
    missed = [missed for missed in made.dropped if missed.text == HALF]
    assert [line.reason for line in missed] == ["there is no time left for it"]
    starts_ms, middle_ms = made.timeline.starts_ms, made.timeline.total_ms / 2
    assert starts_ms[missed[0].phase] <= middle_ms < starts_ms[missed[0].phase + 1]
