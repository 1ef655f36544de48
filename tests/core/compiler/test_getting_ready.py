"""How an exercise begins and ends: position, side, dose, silence, the last words before the start, and the way out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.core.compiling import HOLD, Step, compiled, exercises, kinds, lines, phases, plan, said, session, words
from timer_app.core.compiler.compile import Compiled, compile_session
from timer_app.core.timeline.model import Phase

SQUAT: Step = {
    **HOLD,
    "say": "Back on the wall.",
    "begin": "At the tone, slide down.",
    "finish": "And slide up.",
    "cautions": ["Only as low as your knees like."],
}
SIDED: Step = {"name": "Stretch", "hold": "20s", "sides": "each", "say": "Sit tall.", "begin": "At the tone, lean."}


def _ready(step: Step, **more: Any) -> Phase:
    return phases(step, **more)[0]


def _reported(compiled: Compiled) -> list[tuple[str, str]]:
    return [(str(line.origin[-1]), line.reason) for line in compiled.dropped if line.origin]


def test_an_introduction_goes_from_position_over_dose_and_care_to_the_start() -> None:
    assert words(_ready({**SQUAT, "sides": "left"})) == [
        "Squat.",
        "Left side.",
        "Back on the wall.",
        "30 seconds, about 5 breaths.",
        "Only as low as your knees like.",
        "At the tone, slide down.",
    ]


@pytest.mark.parametrize("prepare", ["0.5s", "40s"])
def test_the_last_words_before_the_start_are_over_at_most_a_second_before_its_countdown(prepare: str) -> None:
    ready = _ready({**SQUAT, "prepare": prepare})
    at_ms = lines(ready)
    end_ms = at_ms[SQUAT["begin"]] + len(SQUAT["begin"]) * 50
    assert 0 < at_ms["3"] - end_ms <= 1_000
    assert [cue.from_end for cue in ready.cues if cue.text == SQUAT["begin"]] == [True]


def test_settling_is_a_silent_moment_for_which_getting_ready_becomes_longer() -> None:
    hurried, settled = _ready(SQUAT), _ready({**SQUAT, "settle": "3s"})
    assert (settled.duration_ms or 0) - (hurried.duration_ms or 0) == 3_000
    care = lines(settled)[SQUAT["cautions"][0]] + len(SQUAT["cautions"][0]) * 50
    assert lines(settled)[SQUAT["begin"]] - care >= 3_000
    without_words = {**HOLD, "prepare": "1s"}
    assert _length(_ready({**without_words, "settle": "3s"})) == _length(_ready(without_words)) + 3_000


def _length(phase: Phase) -> int:
    return phase.duration_ms or 0


def test_by_the_clock_settling_takes_no_time_besides_what_is_written() -> None:
    step = {**SQUAT, "settle": "3s", "prepare": "14s"}
    ready = _ready(step, defaults={"fit": "clock"})
    assert ready.duration_ms == 14_000
    assert lines(ready)[SQUAT["begin"]] - lines(ready)[SQUAT["cautions"][0]] > 3_000


def test_a_rest_leaves_time_to_settle_too() -> None:
    step = {**SQUAT, "say": "Back on the wall, and one step out, and look ahead. " * 3}
    hurried, settled = (phases({"rest": "15s"}, {**step, "settle": settle})[0] for settle in ("0s", "4s"))
    assert _length(settled) - _length(hurried) == 4_000


def test_defaults_settle_every_step_that_says_nothing_else() -> None:
    settled, own, hurried = (
        _length(_ready(step, defaults={"settle": settle}))
        for step, settle in ((SQUAT, "4s"), ({**SQUAT, "settle": "0s"}, "4s"), (SQUAT, "0s"))
    )
    assert (settled - hurried, own) == (4_000, hurried)


def test_the_way_out_is_said_right_after_the_end_tone_of_every_set() -> None:
    made = phases({**SQUAT, "sets": 2, "sides": "each"}, {"rest": "20s"}, {**SQUAT, "name": "Plank"})
    after = [phase for before, phase in pairwise(made) if before.kind == "work"]
    assert [(phase.kind, words(phase)[0]) for phase in after] == [
        ("switch", "And slide up."),
        ("rest", "And slide up."),
        ("switch", "And slide up."),
        ("rest", "And slide up."),
    ]
    closing = compiled(SQUAT).timeline.phases[-1]
    assert said(closing) == ["And slide up.", "Done. That was your session."]


def test_a_way_out_before_work_that_follows_at_once_is_reported() -> None:
    made = compiled(SQUAT, {"name": "Plank", "hold": "20s", "prepare": 0})
    assert ("finish", "there is nothing between its set and the next") in _reported(made)


def test_a_way_out_takes_the_place_of_the_coach_s_own_before_the_other_side() -> None:
    switches = [
        words(phase)
        for step in (SIDED, {**SIDED, "finish": "Come back up."}, {"name": "Row", "reps": 5, "sides": "each"})
        for phase in phases(step)
        if phase.kind == "switch"
    ]
    assert switches == [
        ["Let go slowly.", "Right side."],
        ["Come back up.", "Right side."],
        ["Switch sides.", "Right side."],
    ]


def test_a_side_that_the_instruction_names_is_not_named_by_the_coach() -> None:
    step = {**SIDED, "say": "Ball on your {side}."}
    assert words(_ready(step))[:2] == ["Stretch.", "Ball on your left."]
    assert words(_ready(step, verbosity="brief"))[:2] == ["Stretch.", "Left side first."]


def test_where_the_instruction_with_the_side_has_no_time_the_side_alone_is_named() -> None:
    step = {**SIDED, "say": "Sit down on the {side}, and then lean over slowly. " * 3}
    made = compiled(step, defaults={"fit": "clock", "prepare": "8s"})
    assert "Left side first." in said(made.timeline.phases[1])
    assert [(line.replacement, line.origin) for line in made.dropped if line.text.startswith("Sit down")] == [
        ("Left side first.", ("steps", 0, "say"))
    ]


def test_on_the_second_side_its_own_words_take_the_place_of_the_instruction_and_have_their_time() -> None:
    step = {**SIDED, "second_side": "Now the {side} side: chin to the other armpit.", "settle": "2s"}
    switch = phases(step)[2]
    assert words(switch) == ["Now the right side: chin to the other armpit.", "At the tone, lean."]
    assert _length(switch) > 6_000
    assert words(phases({**step, "second_side": "The mirror image."})[2])[:2] == ["Right side.", "The mirror image."]
    later = [words(phase) for phase in phases({**step, "sets": 2}) if phase.kind == "switch"][1]
    assert later == ["Let go slowly.", "Right side."]


def test_by_the_clock_a_change_of_sides_stays_as_long_as_it_is() -> None:
    step = {**SIDED, "second_side": "Now the {side} side: chin to the other armpit."}
    made = compiled(step, defaults={"fit": "clock", "switch": "5s"})
    switch = made.timeline.phases[3]
    assert (switch.duration_ms, words(switch)) == (5_000, ["Right side."])
    assert [line.origin for line in made.dropped if line.replacement] == [("steps", 0, "second_side")]


def test_the_second_side_of_a_whole_sequence_has_its_words_once() -> None:
    step = {"name": "Ball", "hold": "10s", "say": "Lean in.", "second_side": "The mirror image.", "begin": "Lean in."}
    made = phases({"sides": "each", "rounds": 2, "steps": [step]}, defaults={"switch": "8s"})
    told = [phase for phase in made if "The mirror image." in said(phase)]
    assert [(phase.round, phase.side) for phase in told] == [(1, "right")]


def test_without_time_to_get_ready_the_last_words_are_reported() -> None:
    assert kinds({**SQUAT, "prepare": 0}) == ["work"]
    assert "begin" in dict(_reported(compiled({**SQUAT, "prepare": 0})))


def test_an_exercise_s_last_words_belong_to_its_instruction_and_its_way_out_to_what_is_done() -> None:
    catalogue = exercises(squat={**SQUAT, "second_side": "The other leg."})
    made = session({"exercise": "squat", "say": "Stand on one leg.", "sides": "each"}, catalogue=catalogue)
    timeline = compile_session(made, plan(catalogue=catalogue)).timeline
    spoken = {line.text for line in timeline.spoken_lines()}
    assert "And slide up." in spoken
    assert not spoken & {"At the tone, slide down.", "The other leg."}


def test_what_is_to_be_done_at_the_tone_is_read_too_and_alone_where_the_position_is_behind() -> None:
    step = {**SIDED, "second_side": "Now the {side} side."}
    read = [(phase.kind, phase.text) for phase in phases(step) if phase.kind != "say"]
    assert read == [
        ("prepare", "Sit tall. At the tone, lean."),
        ("work", "At the tone, lean."),
        ("switch", "Now the right side. At the tone, lean."),
        ("work", "At the tone, lean."),
    ]
    assert {phase.text for phase in phases({**step, "text": "Lean over."}) if phase.kind != "say"} == {"Lean over."}


def test_whoever_asks_for_the_instruction_hears_what_to_do_at_the_tone() -> None:
    told = {phase.instruction.text for phase in phases(SIDED) if phase.instruction}
    assert told == {"Sit tall. At the tone, lean."}


def test_before_a_flow_its_instruction_is_read_and_not_the_word_of_its_first_part() -> None:
    step: Step = {"name": "Box", "flow": [{"name": "in", "for": "2s", "say": "Breathe in."}], "rounds": 2}
    assert {phase.explanation for phase in phases(step) if phase.kind == "work"} == {""}
    assert {one.explanation for one in phases({**step, "say": "Sit."}) if one.kind == "work"} == {"Sit."}
    assert {phase.explanation for phase in phases(SIDED) if phase.kind == "work"} == {"Sit tall. At the tone, lean."}
