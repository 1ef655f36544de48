"""What is said and sounded, and when."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.compiling import (
    HOLD,
    ROW,
    PlainLengths,
    Step,
    compiled,
    first_work,
    lines,
    phases,
    said,
    sounds,
    words,
)


def test_a_hold_begins_with_its_tone_and_has_a_word_half_way_and_three_ticks_before_its_end() -> None:
    assert sounds(first_work(HOLD)) == [
        (0, "start"),
        (15_000, "halfway"),
        (27_000, "tick"),
        (28_000, "tick"),
        (29_000, "tick"),
    ]
    assert lines(first_work(HOLD)) == {"Halfway.": 15_500, "3": 26_920, "2": 27_920, "1": 28_920}


def test_cues_of_the_end_move_with_it() -> None:
    assert {cue.text for cue in first_work(HOLD).cues if cue.from_end} == {"3", "2", "1", "tick"}


def test_a_short_hold_has_no_word_half_way() -> None:
    assert said(first_work({**HOLD, "hold": "19s"})) == ["3", "2", "1"]


def test_an_author_s_own_words_half_way_replace_the_coach_s() -> None:
    cues = [{"at": "1/2", "say": "Breathe."}]
    assert words(first_work({**HOLD, "cues": cues})) == ["Breathe."]


@pytest.mark.parametrize(("hold", "counted"), [("10s", 5), ("4s", 3), ("2.5s", 2), ("1s", 0)])
def test_a_hold_counts_down_no_more_seconds_than_it_has(hold: str, counted: int) -> None:
    work = first_work({**HOLD, "hold": hold, "countdown": 5})
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
    assert words(switch)[0] == "Let go slowly."


def test_a_rest_that_follows_no_work_begins_with_its_own_tone() -> None:
    assert sounds(phases({"say": "Hello."}, {"rest": "5s"})[1]) == [(0, "rest")]


def test_the_session_ends_with_its_tone_after_the_one_that_ends_work() -> None:
    assert sounds(compiled(HOLD).timeline.phases[-1]) == [(0, "end"), (700, "finish")]
    assert sounds(compiled({"say": "Hello."}).timeline.phases[-1]) == [(0, "finish")]


def test_a_rep_is_numbered_on_the_beat_when_it_is_done_and_the_last_one_as_the_set_ends() -> None:
    made = phases({**ROW, "tempo": "2-3"})[1:]
    counted = [(index, cue.text, cue.offset_ms) for index, p in enumerate(made) for cue in p.cues if cue.text.isdigit()]
    assert counted == [(1, "1", 2_920), (3, "2", 2_920), (5, "3", 2_920), (7, "4", 2_920), (9, "5", 2_950)]


def test_tempo_words_are_said_in_the_first_three_reps_and_ticks_mark_every_part() -> None:
    made = phases(ROW)[1:]
    assert [words(phase) for phase in made] == [["lift"], ["lower"]] * 3 + [[], [], ["Last one."], []]
    assert [sounds(phase)[0] for phase in made] == [(0, "start")] + [(0, "tick")] * 9


def test_a_number_that_runs_into_the_next_part_leaves_no_word_over_it() -> None:
    made = phases({"name": "Row", "reps": 3, "tempo": "0.5-3"}, lengths=PlainLengths(400))[1:]
    assert [said(phase) for phase in made] == [[], ["lower", "1"], [], ["lower", "2"], [], ["lower", "3"]]


def test_reps_without_words_are_only_counted() -> None:
    assert [said(phase) for phase in phases({"name": "Row", "reps": 3})[1:]] == [["1"], ["2"], ["Last one.", "3"]]


def test_the_line_of_a_part_is_said_in_three_rounds_and_then_its_name() -> None:
    flow = [{"name": "In", "for": "4s", "say": "Breathe in."}]
    made = phases({"name": "Breath", "flow": flow, "rounds": 4})[1:]
    assert [said(phase) for phase in made] == [["Breathe in."]] * 3 + [["In"]]


def test_a_line_longer_than_its_part_gives_way_to_the_name() -> None:
    flow = [{"name": "In", "for": "2s", "say": "Breathe in until your ribs are as wide as they will go."}]
    assert said(phases({"name": "Breath", "flow": flow, "rounds": 1})[1]) == ["In"]


def test_a_hold_counted_upward_says_every_second_and_ticks_before_its_end() -> None:
    work = first_work({**HOLD, "hold": "6s", "count": "up"})
    assert work.count_up
    assert lines(work) == {str(second): second * 1_000 - 80 for second in range(1, 6)}
    assert [at_ms for at_ms, sound in sounds(work) if sound == "tick"] == [3_000, 4_000, 5_000]


def test_a_long_hold_is_counted_upward_in_tens_after_a_minute() -> None:
    assert said(first_work({**HOLD, "hold": "90s", "count": "up"}))[-4:] == ["59", "60", "70", "80"]


def test_an_author_s_line_takes_the_place_of_seconds_counted_upward() -> None:
    work = first_work({**HOLD, "hold": "10s", "count": "up", "cues": [{"at": "4s", "say": "Let your shoulders sink."}]})
    assert lines(work)["Let your shoulders sink."] == 4_000
    assert said(work) == ["1", "2", "3", "4", "Let your shoulders sink.", "6", "7", "8", "9"]


def test_past_the_end_of_a_hold_every_ten_seconds_are_told() -> None:
    over = phases({**HOLD, "overrun": True})[2]
    assert sounds(over) == [(0, "end")]
    assert list(lines(over).items())[:3] == [("Time. Stay as long as you like.", 700), ("10", 9_920), ("20", 19_920)]


def test_how_much_is_to_be_done_is_said_before_it() -> None:
    introductions: list[tuple[Step, str | None]] = [
        (HOLD, "30 seconds."),  # of a name alone nobody knows how one breathes in it
        ({**HOLD, "hold": "3m"}, "3 minutes."),
        ({**HOLD, "hold": "2m30s"}, "2 minutes 30 seconds."),
        ({**HOLD, "overrun": True}, None),
        (ROW, "5 times."),
        ({**ROW, "tempo": "free"}, "5 times, at your own pace."),
        ({**ROW, "reps": 1}, None),
        ({"name": "Breath", "flow": [{"name": "In", "for": 2}], "rounds": 4}, "4 rounds."),
        ({"name": "Breath", "flow": [{"name": "In", "for": 2}], "rounds": 1}, None),
    ]
    for step, amount in introductions:
        assert words(phases(step)[0])[1:] == ([amount] if amount else [])
    explained = phases({**HOLD, "say": "Lean against the wall."})[0]
    assert words(explained)[2:] == ["30 seconds, about 5 breaths."]


def test_between_sets_the_rest_the_set_and_the_side_are_told_in_this_order() -> None:
    made = phases({**HOLD, "sets": 3, "rest": "20s", "sides": "each"})
    rests = [words(phase) for phase in made if phase.kind == "rest"]
    assert rests == [
        ["Rest for 20 seconds.", "Set 2 of 3 is next.", "Left side."],
        ["Rest for 20 seconds.", "The last set is next.", "Left side."],
    ]


def test_between_rounds_the_round_and_the_exercise_are_told() -> None:
    made = phases({"rounds": 3, "rest": "30s", "steps": [HOLD]})
    rests = [words(phase) for phase in made if phase.kind == "rest"]
    assert rests == [
        ["Rest for 30 seconds.", "Round 2 of 3 is next.", "Next: Squat.", "30 seconds."],
        ["Rest for 30 seconds.", "The last round is next.", "Next: Squat.", "30 seconds."],
    ]


def test_a_short_rest_says_so_before_it_says_what_comes_next() -> None:
    rest = phases({"rest": "10s"}, HOLD)[0]
    counted = {"3": 6_920, "2": 7_920, "1": 8_920}
    assert lines(rest) == {"Rest.": 400, "Next: Squat.": 900, "30 seconds.": 1_750, **counted}
    assert lines(phases({"rest": "10s"}, {"measure": "pain"})[0]) == {"Rest.": 400, "Next: Pain.": 900}


def test_a_long_rest_names_the_next_exercise_ten_seconds_before_its_end() -> None:
    rest = phases({"rest": "40s"}, HOLD)[0]
    counted = {"3": 36_920, "2": 37_920, "1": 38_920}
    next_ones = {"Next: Squat.": 30_000, "30 seconds.": 30_850}
    assert lines(rest) == {"Rest for 40 seconds.": 400, **next_ones, **counted}
    assert lines(phases({"rest": "40s"}, {"measure": "pain"})[0])["Next: Pain."] == 30_000


def test_a_long_name_gives_way_to_the_short_one_where_time_is_short() -> None:
    step = {**HOLD, "name": "Shoulder-blade push-up on the knees with a long pause", "short": "Push-up"}
    assert words(phases({"rest": "5s"}, {**step, "prepare": 0})[0]) == ["Rest.", "Next: Push-up."]


def test_nothing_but_what_fits_is_said_in_a_very_short_rest() -> None:
    question: Step = {"measure": "pain"}
    assert said(phases({"rest": "1.2s"}, question)[0]) == ["Next: Pain."]
    assert said(phases({"rest": "1s"}, question, lengths=PlainLengths(150))[0]) == []


def test_an_author_s_words_for_a_rest_replace_the_coach_s() -> None:
    rest = phases({"rest": "20s", "say": "Shake it out for {seconds} seconds. {next} is next."}, HOLD)[0]
    assert words(rest) == [
        "Shake it out for 20 seconds. Squat is next.",
        "Next: Squat.",
        "30 seconds.",
    ]
    assert rest.text == "Shake it out for 20 seconds. Squat is next."


def test_nothing_follows_the_last_rest() -> None:
    assert words(phases(HOLD, {"rest": "20s"})[-1]) == ["Rest for 20 seconds."]


def test_a_move_is_announced_in_the_rest_early_enough_to_make_it() -> None:
    chair: Step = {**HOLD, "name": "Seated twist", "equipment": ["chair"]}
    floor: Step = {**HOLD, "name": "Bridge", "equipment": ["mat"]}
    long, short = (phases(floor, {"rest": rest}, chair)[2] for rest in ("40s", "10s"))
    assert words(long)[:3] == ["Rest for 40 seconds.", "Next: Seated twist. You need: chair.", "The last exercise."]
    assert lines(long)["Next: Seated twist. You need: chair."] < 5_000
    assert "You need: chair." in words(short)
    for before in ((chair, {"rest": "40s"}), ({"rest": "40s"},)):
        assert not any("You need" in line for phase in phases(*before, chair) for line in said(phase))


def test_what_comes_next_is_not_named_twice_within_seconds() -> None:
    chair: Step = {**HOLD, "name": "Seated twist", "equipment": ["chair"], "say": "Sit tall. " * 12}
    floor: Step = {**HOLD, "name": "Bridge", "equipment": ["mat"]}
    said_in_rest = words(phases(floor, {"rest": "20s"}, chair)[2])
    assert said_in_rest.count("Next: Seated twist.") == 1
    assert "You need: chair." in said_in_rest


def test_a_mat_is_at_hand_after_an_exercise_that_needs_nothing() -> None:
    mat: Step = {**HOLD, "name": "Bridge", "equipment": ["mat"]}
    told = [said(phase) for phase in phases(mat, {**HOLD, "name": "Plank"}, {"rest": "20s"}, mat)]
    assert not any("You need" in line for lines_said in told for line in lines_said)


def test_no_closing_line_follows_an_author_s_own_last_words() -> None:
    closing = compiled(HOLD, {"say": "That was it."}).timeline.phases[-1]
    assert said(closing) == []
    assert closing.text == closing.label == "Done"
