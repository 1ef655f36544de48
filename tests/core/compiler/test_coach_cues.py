"""When an author's cues are heard, and what is told of those without room."""

from __future__ import annotations

import pytest

from tests.core.compiling import (
    HOLD,
    ROW,
    Step,
    compiled,
    exercises,
    lines,
    phases,
    plan,
    said,
    session,
    sounds,
)
from timer_app.core.compiler.compile import compile_session
from timer_app.core.timeline.model import Phase


def _cue(step: Step, at: str | float, **cue: str) -> list[Phase]:
    return [p for p in phases({**step, "cues": [{"at": at, **(cue or {"say": "Now."})}]}) if p.kind == "work"]


@pytest.mark.parametrize(
    ("at", "offset_ms"),
    [("start", 600), ("1/3", 10_000), ("20s", 20_000), (12.5, 12_500), ("-10s", 20_000), (-4, 26_000)],
)
def test_a_cue_of_a_hold_is_said_at_its_place(at: str | float, offset_ms: int) -> None:
    assert lines(_cue(HOLD, at)[0])["Now."] == offset_ms


def test_a_cue_at_the_end_is_over_as_the_hold_is_or_when_the_countdown_begins() -> None:
    assert lines(_cue({**HOLD, "countdown": 0}, "end")[0])["Now."] == 29_800
    line = "And let go, as slowly as you came."
    counted = lines(_cue(HOLD, "end", say=line)[0])
    assert counted[line] + len(line) * 50 + 250 == counted["3"]


def test_a_sound_at_the_end_is_over_as_the_hold_is() -> None:
    (work,) = _cue({**HOLD, "countdown": 0}, "end", sound="set")
    assert (29_500, "set") in sounds(work)


def test_a_cue_every_so_often_is_heard_each_time() -> None:
    (work,) = _cue(HOLD, "every 7s", sound="switch")
    assert [at_ms for at_ms, sound in sounds(work) if sound == "switch"] == [7_000, 14_000, 21_000, 28_000]


def test_a_word_waits_for_the_sound_at_its_place() -> None:
    (work,) = _cue(HOLD, "10s", sound="set", say="Now.")
    assert lines(work)["Now."] == 10_600


def test_only_cues_of_the_end_move_with_it() -> None:
    for at, from_end in (("20s", False), ("1/2", False), ("-10s", True), ("end", True)):
        (work,) = _cue(HOLD, at)
        assert [cue.from_end for cue in work.cues if cue.text == "Now."] == [from_end]


def test_a_cue_of_reps_falls_into_the_part_that_is_done_then_and_may_run_over_into_the_next() -> None:
    made = _cue(ROW, "1/2", say="Half way. Keep your elbows close to your side.")
    assert [index for index, phase in enumerate(made) if "Half way" in " ".join(said(phase))] == [5]
    (cue,) = [cue for cue in made[5].cues if cue.text.startswith("Half way")]
    assert cue.end_ms <= 3_000 + 2_000
    longer = _cue(ROW, "10s", say="Half of it is done now, and the rest is only more of that.")
    (cue,) = [cue for phase in longer for cue in phase.cues if cue.text.startswith("Half of it")]
    assert cue.end_ms > 2_000


def test_a_cue_of_a_flow_lies_between_the_words_of_its_parts() -> None:
    flow = [{"name": "In", "for": "4s"}, {"name": "Out", "for": "4s"}]
    made = _cue({"name": "Breath", "flow": flow, "rounds": 3}, "-4s")
    assert lines(made[-1]) == {"Now.": 160, "Out": 610}


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("{rep} of {reps}, {remaining} s", "3 of 5, 15 s"),
        ("{name}, set {set}", "Row, set 1"),
    ],
)
def test_placeholders_of_a_cue_stand_for_its_moment(text: str, spoken: str) -> None:
    assert spoken in [line for phase in _cue(ROW, "10s", say=text) for line in said(phase)]


def test_a_cue_of_a_flow_knows_its_round() -> None:
    flow = [{"name": "In", "for": "4s"}, {"name": "Out", "for": "4s"}]
    made = _cue({"name": "Breath", "flow": flow, "rounds": 3}, "10s", say="{round} of {rounds}")
    assert "2 of 3" in said(made[2])


def test_a_cue_after_the_planned_end_of_a_hold_is_said_if_that_is_passed() -> None:
    hold, over = _cue({**HOLD, "overrun": True}, "45s")
    assert "Now." not in said(hold)
    assert lines(over)["Now."] == 15_000
    assert "Now." in said(_cue({**HOLD, "overrun": True}, "-10s")[0])


def test_reps_at_one_s_own_pace_have_cues_counted_from_their_start_only() -> None:
    free = {**ROW, "tempo": "free"}
    assert lines(_cue(free, "20s")[0]) == {"Now.": 20_000}
    assert said(_cue(free, "1/2")[0]) == []


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ({**HOLD, "cues": [{"at": "40s", "say": "Now."}]}, "it falls outside its phase"),
        ({**ROW, "tempo": "free", "cues": [{"at": "-5s", "say": "Now."}]}, "it falls outside its phase"),
        ({**HOLD, "cues": [{"at": "29.9s", "say": "Now."}]}, "it is too long for the time left there"),
        ({**HOLD, "cues": [{"at": "27s", "say": "Now that is a long line."}]}, "something else is being said there"),
        (
            {**HOLD, "hold": "4s", "cues": [{"at": "end", "say": "Now that is quite a long line."}]},
            "there is no time left for it",
        ),
    ],
)
def test_a_cue_without_room_is_reported_with_its_key(step: Step, reason: str) -> None:
    dropped = [missed for missed in compiled(step).dropped if missed.origin]
    assert [(missed.origin, missed.reason) for missed in dropped] == [(("steps", 0, "cues", 0), reason)]


def test_the_earlier_one_of_two_cues_at_one_place_is_said_and_the_other_follows_or_is_reported() -> None:
    cues = [{"at": "10s", "say": text} for text in ("One.", "Two, and that takes a while.", "Three.")]
    made = compiled({**HOLD, "cues": cues})
    work = next(phase for phase in made.timeline.phases if phase.kind == "work")
    assert lines(work) | {"One.": 10_000, "Two, and that takes a while.": 10_450} == lines(work)
    assert [missed.origin for missed in made.dropped] == [("steps", 0, "cues", 2)]


def test_a_missed_cue_of_an_exercise_is_reported_where_the_exercise_is_named() -> None:
    catalogue = exercises(
        plank={"name": "Plank", "say": "Stay.", "hold": "30s", "cues": [{"at": "25s", "say": "Soon."}]}
    )
    made = session({"exercise": "plank", "hold": "20s"}, catalogue=catalogue)
    dropped = compile_session(made, plan(catalogue=catalogue)).dropped
    assert [missed.origin for missed in dropped] == [("steps", 0, "exercise")]
