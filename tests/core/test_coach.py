"""What is said and sounded, and when."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.core.compiling import (
    Heard,
    PlainLengths,
    Step,
    compiled,
    exercises,
    heard,
    lines,
    phases,
    plan,
    said,
    session,
    sounds,
)
from timer_app.core.compile import compile_session
from timer_app.core.middle import EARLIEST, QUIET_MS
from timer_app.core.timeline import Phase

HOLD: Step = {"name": "Squat", "hold": "30s"}
ROW: Step = {"name": "Row", "reps": 5, "tempo": "2-3"}


def _words(phase: Phase) -> list[str]:
    """What is said apart from numbers."""
    return [line for line in said(phase) if not line.isdigit()]


def _work(step: Step, **more: Any) -> Phase:
    """The first phase of work."""
    return next(phase for phase in phases(step, **more) if phase.kind == "work")


def test_a_hold_begins_with_its_tone_and_has_a_word_half_way_and_three_ticks_before_its_end() -> None:
    assert sounds(_work(HOLD)) == [
        (0, "start"),
        (15_000, "halfway"),
        (27_000, "tick"),
        (28_000, "tick"),
        (29_000, "tick"),
    ]
    assert lines(_work(HOLD)) == {"Halfway.": 15_500, "3": 26_920, "2": 27_920, "1": 28_920}


def test_cues_of_the_end_move_with_it() -> None:
    assert {cue.content for cue in _work(HOLD).cues if cue.from_end} == {"3", "2", "1", "tick"}


def test_a_short_hold_has_no_word_half_way() -> None:
    assert said(_work({**HOLD, "hold": "19s"})) == ["3", "2", "1"]


def test_an_author_s_own_words_half_way_replace_the_coach_s() -> None:
    cues = [{"at": "1/2", "say": "Breathe."}]
    assert _words(_work({**HOLD, "cues": cues})) == ["Breathe."]


@pytest.mark.parametrize(("hold", "counted"), [("10s", 5), ("4s", 3), ("2.5s", 2), ("1s", 0)])
def test_a_hold_counts_down_no_more_seconds_than_it_has(hold: str, counted: int) -> None:
    work = _work({**HOLD, "hold": hold, "countdown": 5})
    assert said(work) == [str(second) for second in range(counted, 0, -1)]


def test_a_countdown_of_zero_is_silent() -> None:
    made = phases({**HOLD, "hold": "10s", "countdown": 0})
    assert [sounds(phase) for phase in made] == [[], [(0, "start")]]


def test_what_follows_work_begins_with_the_tone_of_its_end() -> None:
    made = phases({**HOLD, "sets": 2, "sides": "each"}, {"rest": "5s"}, HOLD, {"say": "Good."}, {"measure": "pain"})
    after = [sounds(phase)[0] for before, phase in pairwise(made) if before.kind == "work"]
    assert after == [(0, "end")] * 5


def test_sets_rests_and_changes_of_side_have_tones_of_their_own_where_there_is_time() -> None:
    made = phases({**HOLD, "sets": 2, "sides": "each", "rest": "10s", "switch": "8s"}, {"rest": "10s"})
    toned = {phase.kind: sounds(phase)[:2] for phase in made if phase.kind in {"switch", "rest"}}
    assert sounds(made[4])[:2] == [(0, "end"), (500, "set")]
    assert toned == {"switch": [(0, "end"), (500, "switch")], "rest": [(0, "end"), (500, "rest")]}


def test_a_short_change_of_side_keeps_its_time_for_words() -> None:
    switch = phases({**HOLD, "sides": "each", "switch": "5s"})[2]
    assert sounds(switch)[:2] == [(0, "end"), (2_000, "tick")]
    assert _words(switch)[0] == "Switch sides."


def test_a_rest_that_follows_no_work_begins_with_its_own_tone() -> None:
    assert sounds(phases({"say": "Hello."}, {"rest": "5s"})[1]) == [(0, "rest")]


def test_the_session_ends_with_its_tone_after_the_one_that_ends_work() -> None:
    assert sounds(compiled(HOLD).timeline.phases[-1]) == [(0, "end"), (700, "finish")]
    assert sounds(compiled({"say": "Hello."}).timeline.phases[-1]) == [(0, "finish")]


def test_the_first_rep_is_not_counted_and_every_later_one_is_on_its_beat() -> None:
    made = phases({**ROW, "tempo": "2-3"})[1:]
    counted = [
        (index, cue.content, cue.offset_ms) for index, p in enumerate(made) for cue in p.cues if cue.content.isdigit()
    ]
    assert counted == [(1, "2", 2_920), (3, "3", 2_920), (5, "4", 2_920), (7, "5", 2_920)]


def test_tempo_words_are_said_in_the_first_three_reps_and_ticks_mark_every_part() -> None:
    made = phases(ROW)[1:]
    assert [_words(phase) for phase in made] == [["lift"], ["lower"]] * 3 + [[], []] * 2
    assert [sounds(phase)[0] for phase in made] == [(0, "start")] + [(0, "tick")] * 9


def test_a_number_that_runs_into_the_next_part_leaves_no_word_over_it() -> None:
    made = phases({"name": "Row", "reps": 3, "tempo": "0.5-3"}, lengths=PlainLengths(400))[1:]
    assert [said(phase) for phase in made] == [[], ["lower", "2"], [], ["lower", "3"], [], ["lower"]]


def test_reps_without_words_are_only_counted() -> None:
    assert [said(phase) for phase in phases({"name": "Row", "reps": 3})[1:]] == [["2"], ["3"], []]


def test_the_line_of_a_part_is_said_in_three_rounds_and_then_its_name() -> None:
    flow = [{"name": "In", "for": "4s", "say": "Breathe in."}]
    made = phases({"name": "Breath", "flow": flow, "rounds": 4})[1:]
    assert [said(phase) for phase in made] == [["Breathe in."]] * 3 + [["In"]]


def test_a_line_longer_than_its_part_gives_way_to_the_name() -> None:
    flow = [{"name": "In", "for": "2s", "say": "Breathe in until your ribs are as wide as they will go."}]
    assert said(phases({"name": "Breath", "flow": flow, "rounds": 1})[1]) == ["In"]


def test_a_hold_counted_upward_says_every_second_and_ticks_before_its_end() -> None:
    work = _work({**HOLD, "hold": "6s", "count": "up"})
    assert work.count_up
    assert lines(work) == {str(second): second * 1_000 - 80 for second in range(1, 6)}
    assert [at_ms for at_ms, sound in sounds(work) if sound == "tick"] == [3_000, 4_000, 5_000]


def test_a_long_hold_is_counted_upward_in_tens_after_a_minute() -> None:
    assert said(_work({**HOLD, "hold": "90s", "count": "up"}))[-4:] == ["59", "60", "70", "80"]


def test_an_author_s_line_takes_the_place_of_seconds_counted_upward() -> None:
    work = _work({**HOLD, "hold": "10s", "count": "up", "cues": [{"at": "4s", "say": "Let your shoulders sink."}]})
    assert lines(work)["Let your shoulders sink."] == 4_000
    assert said(work) == ["1", "2", "3", "4", "Let your shoulders sink.", "6", "7", "8", "9"]


def test_past_the_end_of_a_hold_every_ten_seconds_are_told() -> None:
    over = phases({**HOLD, "overrun": True})[2]
    assert sounds(over) == [(0, "end")]
    assert list(lines(over).items())[:3] == [("Time. Stay as long as you like.", 700), ("10", 9_920), ("20", 19_920)]


def test_how_much_is_to_be_done_is_said_before_it() -> None:
    introductions: list[tuple[Step, str | None]] = [
        (HOLD, "For 30 seconds."),
        ({**HOLD, "hold": "3m"}, "For 3 minutes."),
        ({**HOLD, "hold": "2m30s"}, "For 2 minutes 30 seconds."),
        ({**HOLD, "overrun": True}, None),
        (ROW, "5 times."),
        ({**ROW, "tempo": "free"}, "5 times, at your own pace."),
        ({**ROW, "reps": 1}, None),
        ({"name": "Breath", "flow": [{"name": "In", "for": 2}], "rounds": 4}, "4 rounds."),
        ({"name": "Breath", "flow": [{"name": "In", "for": 2}], "rounds": 1}, None),
    ]
    for step, amount in introductions:
        assert _words(phases(step)[0])[1:] == ([amount] if amount else [])


def test_between_sets_the_rest_the_set_and_the_side_are_told_in_this_order() -> None:
    made = phases({**HOLD, "sets": 3, "rest": "20s", "sides": "each"})
    rests = [_words(phase) for phase in made if phase.kind == "rest"]
    assert rests == [
        ["Rest for 20 seconds.", "Set 2 of 3 is next.", "Now left."],
        ["Rest for 20 seconds.", "The last set is next.", "Now left."],
    ]


def test_between_rounds_the_round_and_the_exercise_are_told() -> None:
    made = phases({"rounds": 3, "rest": "30s", "steps": [HOLD]})
    rests = [_words(phase) for phase in made if phase.kind == "rest"]
    assert rests == [
        ["Rest for 30 seconds.", "Round 2 of 3 is next.", "Next: Squat."],
        ["Rest for 30 seconds.", "The last round is next.", "Next: Squat."],
    ]


def test_a_short_rest_says_so_before_it_says_what_comes_next() -> None:
    rest = phases({"rest": "10s"}, HOLD)[0]
    assert lines(rest) == {"Rest.": 400, "Next: Squat.": 900}


def test_a_long_rest_names_the_next_exercise_ten_seconds_before_its_end() -> None:
    rest = phases({"rest": "40s"}, HOLD)[0]
    assert lines(rest) == {"Rest for 40 seconds.": 400, "Next: Squat.": 30_000}


def test_a_long_name_gives_way_to_the_short_one_where_time_is_short() -> None:
    step = {**HOLD, "name": "Shoulder-blade push-up on the knees with a long pause", "short": "Push-up"}
    assert _words(phases({"rest": "3s"}, step)[0]) == ["Rest.", "Next: Push-up."]


def test_nothing_but_what_fits_is_said_in_a_very_short_rest() -> None:
    assert said(phases({"rest": "1.2s"}, HOLD)[0]) == ["Next: Squat."]
    assert said(phases({"rest": "1s"}, HOLD, lengths=PlainLengths(150))[0]) == []


def test_an_author_s_words_for_a_rest_replace_the_coach_s() -> None:
    rest = phases({"rest": "20s", "say": "Shake it out for {seconds} seconds. {next} is next."}, HOLD)[0]
    assert said(rest) == ["Shake it out for 20 seconds. Squat is next.", "Next: Squat."]
    assert rest.text == "Shake it out for 20 seconds. Squat is next."


def test_nothing_follows_the_last_rest() -> None:
    assert _words(phases(HOLD, {"rest": "20s"})[-1]) == ["Rest for 20 seconds."]


# The author's cues.


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
        assert [cue.from_end for cue in work.cues if cue.content == "Now."] == [from_end]


def test_a_cue_of_reps_falls_into_the_part_that_is_done_then_and_may_run_over_into_the_next() -> None:
    made = _cue(ROW, "1/2", say="Half way. Keep your elbows close to your side.")
    assert [index for index, phase in enumerate(made) if "Half way" in " ".join(said(phase))] == [5]
    (cue,) = [cue for cue in made[5].cues if cue.content.startswith("Half way")]
    assert cue.end_ms <= 3_000 + 2_000
    longer = _cue(ROW, "10s", say="Half of it is done now, and the rest is only more of that.")
    (cue,) = [cue for phase in longer for cue in phase.cues if cue.content.startswith("Half of it")]
    assert cue.end_ms > 2_000


def test_a_cue_of_a_flow_lies_between_the_words_of_its_parts() -> None:
    flow = [{"name": "In", "for": "4s"}, {"name": "Out", "for": "4s"}]
    made = _cue({"name": "Breath", "flow": flow, "rounds": 3}, "-4s")
    assert lines(made[-1]) == {"Now.": 160, "Out": 400}


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


# How much is said.

EXPLAINED: Step = {**HOLD, "say": "Slide down the wall.", "cautions": ["Not if it hurts."], "sides": ["left", "right"]}


def test_in_brief_an_exercise_is_named_but_not_explained() -> None:
    (full, brief) = (_words(phases(EXPLAINED, verbosity=verbosity)[0]) for verbosity in ("full", "brief"))
    assert full == ["Squat.", "Slide down the wall.", "Not if it hurts.", "For 30 seconds.", "Left first."]
    assert brief == ["Squat.", "Not if it hurts.", "For 30 seconds.", "Left first."]


def test_in_brief_rests_have_no_length_and_holds_no_word_half_way_but_its_tone() -> None:
    work, rest = phases({**HOLD, "sets": 2, "rest": "30s"}, verbosity="brief")[1:3]
    assert _words(work) == []
    assert (15_000, "halfway") in sounds(work)
    assert _words(rest) == ["Rest.", "The last set is next."]


def test_in_brief_parts_keep_their_names_and_lose_their_lines() -> None:
    flow = [{"name": "In", "for": "4s", "say": "Breathe in."}]
    tempo = [{"name": "push", "for": "2s", "say": "Push away."}]
    for step in ({"flow": flow, "rounds": 1}, {"reps": 1, "tempo": tempo}):
        assert _words(phases({"name": "Breath", **step}, verbosity="brief")[1])[0] in {"In", "push"}


def test_in_brief_the_author_s_cues_and_steps_of_their_own_are_said() -> None:
    step = {**HOLD, "cues": [{"at": "10s", "say": "Breathe."}]}
    made = phases(step, {"say": "Well done."}, {"rest": "10s", "say": "Shake it out."}, verbosity="brief")
    spoken = [line for phase in made for line in said(phase)]
    assert {"Breathe.", "Well done.", "Shake it out."} <= set(spoken)


def test_with_tones_alone_a_step_that_speaks_lasts_as_long_as_its_line_takes_to_read() -> None:
    text = "Now lie down on your back, and take all the time that you need for it."
    full, tones = (phases({"say": text}, verbosity=verbosity)[0] for verbosity in ("full", "tones"))
    assert said(tones) == []
    assert (tones.duration_ms, tones.text) == (full.duration_ms, text)


def test_with_tones_alone_a_lead_in_has_its_ticks_and_no_words() -> None:
    made = compiled(HOLD, verbosity="tones").timeline
    for lead in (made.resume, made.again):
        assert [cue.content for cue in lead.cues] == ["tick"] * 3


# Breath tones.

BREATHS: Step = {
    "name": "Breath",
    "rounds": 2,
    "flow": [
        {"name": "In", "for": "4s", "breath": "in"},
        {"name": "Hold", "for": "2s", "breath": "hold"},
        {"name": "Out", "for": "6s", "breath": "out"},
    ],
}


def test_parts_with_a_breath_have_its_tone_and_no_tick() -> None:
    made = phases(BREATHS)[1:]
    assert [sounds(phase) for phase in made] == [
        [(0, "start"), (0, "breath-in@4000")],
        [(0, "tick")],
        [(0, "breath-out@6000")],
        [(0, "breath-in@4000")],
        [(0, "tick")],
        [(0, "breath-out@6000")],
    ]
    assert [cue.length_ms for cue in made[2].cues if cue.kind == "sound"] == [6_000]


def test_a_breath_tone_keeps_no_line_waiting() -> None:
    cue = {"at": "start", "say": "Softly."}
    with_tone, without = (
        phases({**BREATHS, "cues": [cue], "flow": [{"name": "In", "for": "9s", "breath": breath}]})[1]
        for breath in ("in", "hold")
    )
    assert lines(with_tone)["Softly."] == lines(without)["Softly."] == 600


def test_breath_tones_can_be_turned_off() -> None:
    made = compile_session(session(BREATHS), replace(plan(), breath_tones=False)).timeline.phases
    assert [sounds(phase)[0][1] for phase in made if phase.kind == "work"] == ["start", *["tick"] * 5]


# Where a hold stands.


def _told(hold: str, **more: Any) -> dict[str, int]:
    return {line: at_ms for line, at_ms in lines(_work({**HOLD, "hold": hold, **more})).items() if not line.isdigit()}


@pytest.mark.parametrize(
    ("marks", "hold", "told"),
    [
        ("halves", "20s", {"Halfway.": 10_500}),
        ("halves", "19s", {}),
        ("thirds", "30s", {"One third.": 10_500, "Two thirds.": 20_500}),
        ("thirds", "29s", {}),
        ("quarters", "40s", {"A quarter.": 10_500, "Halfway.": 20_500, "Three quarters.": 30_500}),
        ("none", "60s", {}),
    ],
)
def test_a_hold_is_divided_into_shares_of_ten_seconds_at_least(marks: str, hold: str, told: dict[str, int]) -> None:
    assert _told(hold, marks=marks) == told
    tones = [at_ms for at_ms, sound in sounds(_work({**HOLD, "hold": hold, "marks": marks})) if sound == "halfway"]
    assert tones == [at_ms - 500 for at_ms in told.values()]


def test_a_warning_is_said_so_long_before_the_end_and_moves_with_it() -> None:
    work = _work({**HOLD, "heads_up": "10s"})
    assert lines(work)["10 seconds."] == 20_000
    assert [cue.from_end for cue in work.cues if cue.content == "10 seconds."] == [True]


def test_a_hold_that_is_no_longer_than_its_warning_has_none() -> None:
    assert _told("10s", heads_up="10s") == {}
    assert _told("10s", heads_up="15s") == {}


def test_the_time_left_is_told_at_its_multiples_except_where_the_warning_or_the_countdown_says_it() -> None:
    told = _told("2m30s", tell_time="every 30s", heads_up="30s", marks="none")
    assert told == {
        "2 minutes left.": 30_000,
        "1 minute 30 seconds left.": 60_000,
        "1 minute left.": 90_000,
        "30 seconds.": 120_000,
    }
    assert list(_told("20s", tell_time="every 5s", countdown=5, marks="none")) == [
        "15 seconds left.",
        "10 seconds left.",
    ]


def test_a_time_that_is_told_leaves_the_tone_of_a_share_and_not_its_word() -> None:
    work = _work({**HOLD, "hold": "60s", "tell_time": "every 30s"})
    assert _words(work) == ["30 seconds left."]
    assert (30_000, "halfway") in sounds(work)


def test_times_left_take_the_place_of_seconds_counted_upward() -> None:
    work = _work({**HOLD, "hold": "20s", "count": "up", "heads_up": "10s"})
    assert lines(work)["10 seconds."] == 10_000
    assert "10" not in said(work)
    assert said(work)[0] == "1"


def test_defaults_hold_for_every_hold_and_a_step_may_say_otherwise() -> None:
    own = {**HOLD, "marks": "halves", "heads_up": 0, "tell_time": "never"}
    reps = {"name": "Row", "reps": 1}
    defaults = {"marks": "thirds", "heads_up": "5s", "tell_time": "every 20s"}
    made = [phase for phase in phases(HOLD, own, reps, defaults=defaults) if phase.kind == "work"]
    assert [_words(phase) for phase in made] == [
        ["20 seconds left.", "Two thirds.", "5 seconds."],
        ["Halfway."],
        [],
    ]


def test_in_brief_times_are_told_and_shares_have_tones_alone() -> None:
    work = _work({**HOLD, "marks": "thirds", "heads_up": "5s"}, verbosity="brief")
    assert _words(work) == ["5 seconds."]
    assert [at_ms for at_ms, sound in sounds(work) if sound == "halfway"] == [10_000, 20_000]


# Where the session stands.


def test_the_last_of_several_exercises_is_announced_before_its_name_once() -> None:
    made = phases(HOLD, {"rounds": 2, "steps": [ROW, {**HOLD, "name": "Plank"}]}, {"rest": "5s"})
    announced = [(phase.label, phase.round) for phase in made if "The last exercise." in said(phase)]
    assert announced == [("Plank", 2)]
    last = next(phase for phase in made if "The last exercise." in said(phase))
    assert _words(last)[:2] == ["The last exercise.", "Plank."]


def test_the_only_exercise_is_not_announced_as_the_last() -> None:
    for made in (phases({**HOLD, "sets": 3}), phases({"rounds": 3, "steps": [HOLD]})):
        assert not any("The last exercise." in said(phase) for phase in made)


HALF = "Half of the session is done."


def _halves(*steps: Step, **more: Any) -> list[Heard]:
    return [line for line in heard(compiled(*steps, **more).timeline, "speech") if line.cue.content == HALF]


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
    assert HALF not in set(made.timeline.spoken())
    missed = [missed for missed in made.dropped if missed.text == HALF]
    assert [line.reason for line in missed] == ["there is no time left for it"]
    starts_ms, middle_ms = made.timeline.starts_ms, made.timeline.total_ms / 2
    assert starts_ms[missed[0].phase] <= middle_ms < starts_ms[missed[0].phase + 1]
