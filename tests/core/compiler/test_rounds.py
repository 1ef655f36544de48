"""Blocks by the clock: rounds on the minute, as many rounds as possible, and whole sequences by sides."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.compiling import (
    PlainLengths,
    Step,
    compiled,
    kinds,
    phases,
    plan,
    said,
    session,
    sounds,
    words,
)
from timer_app.core.compiler.compile import compile_session, outline
from timer_app.core.compiler.limits import check_limits
from timer_app.core.compiler.lint import check_session
from timer_app.core.compiler.rounds import late_rounds
from timer_app.core.timeline.model import Timeline

BURPEE: Step = {"name": "Burpee", "hold": "20s", "prepare": 0}
LUNGE: Step = {"name": "Lunge", "hold": "20s", "prepare": "6s"}


def _timeline(*steps: Step, **more: object) -> Timeline:
    return compiled(*steps, **more).timeline  # type: ignore[arg-type]


def _starts(timeline: Timeline, kind: str = "work") -> list[int]:
    return [start for phase, start in zip(timeline.phases, timeline.starts_ms, strict=True) if phase.kind == kind]


def _gaps(starts_ms: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(starts_ms)]


def test_each_round_begins_on_its_minute_and_lasts_to_its_end() -> None:
    timeline = _timeline({"every": "1m", "rounds": 4, "steps": [BURPEE]})
    starts_ms = _starts(timeline)
    assert _gaps(starts_ms) == [60_000] * 3
    assert [phase.kind for phase in timeline.phases].count("rest") == 4
    assert timeline.starts_ms[-1] - starts_ms[0] == 4 * 60_000


@pytest.mark.parametrize("fit", ["words", "clock"])
def test_the_rest_of_a_round_is_the_time_to_get_ready_for_the_next_whatever_is_left_of_it(fit: str) -> None:
    for hold_s in (20, 58, 60):
        block = {"every": "1m", "rounds": 3, "steps": [{**LUNGE, "hold": hold_s, "say": "Slowly. " * 30}]}
        timeline = _timeline(block, defaults={"fit": fit})
        assert _gaps(_starts(timeline)) == [60_000, 60_000]
        rests = [phase for phase in timeline.phases if phase.kind == "rest"]
        assert [phase.duration_ms for phase in rests] == [60_000 - hold_s * 1_000] * 3
        assert list(late_rounds(timeline)) == []


def test_a_round_that_takes_longer_moves_the_next_to_its_end_and_is_named() -> None:
    made = session({"every": "30s", "rounds": 3, "steps": [{"name": "Plank", "hold": "40s", "prepare": "5s"}]})
    compiled, problems = check_session(made, plan())
    assert _gaps(_starts(compiled.timeline)) == [40_000, 40_000]
    assert [(late.round_ms, late.late_ms, late.is_last) for late in late_rounds(compiled.timeline)] == [
        (40_000, 10_000, False),
        (40_000, 10_000, False),
        (40_000, 10_000, True),
    ]
    (problem,) = problems
    assert problem.path == ("steps", 0, "every")
    assert problem.message == "a round takes 40 s, longer than its 30 s: the next one begins when it is over"
    assert problem.allowed == 'every = "40s", or less to do in a round'


def test_where_a_round_leaves_no_rest_the_next_is_named_over_its_work() -> None:
    sided = {**LUNGE, "sides": "left", "countdown": 0}
    _, first, rest, second, _ = phases({"every": "20s", "rounds": 2, "steps": [sided]})
    assert (rest.duration_ms, rest.cues) == (0, ())
    assert words(second) == ["Next: Lunge.", "Left side.", "20 seconds.", "Half is done."]
    assert words(first) == ["Halfway."]


def test_a_late_round_keeps_the_tone_that_ends_the_work_before_it() -> None:
    block = {"every": "20s", "rounds": 2, "steps": [{"rest": "2s"}, LUNGE]}
    shake = [phase for phase in phases(block) if phase.kind == "rest" and phase.begins_round][1]
    assert [sound for sound in sounds(shake) if sound[1] != "tick"] == [(0, "end")]


def test_the_rest_of_the_last_round_is_the_time_to_get_ready_for_what_follows() -> None:
    block = {"every": "1m", "rounds": 2, "steps": [BURPEE]}
    long = {**LUNGE, "say": "Slowly. " * 100}
    *_, rest, work = phases(block, LUNGE)
    assert (rest.kind, rest.duration_ms, work.label) == ("rest", 40_000, "Lunge")
    assert words(rest) == ["Rest.", "The last exercise.", "Next: Lunge.", "20 seconds."]
    short = {**block, "steps": [{**BURPEE, "hold": "56s"}]}
    *_, rest, ready, work = phases(short, LUNGE, defaults={"fit": "clock"})
    assert [(one.kind, one.duration_ms) for one in (rest, ready)] == [("rest", 4_000), ("prepare", 2_000)]
    *_, rest, ready, work = phases(short, long)
    assert (rest.duration_ms, rest.until_ms, ready.kind) == (4_000, 60_000, "prepare")
    assert long["say"].strip() in said(rest) + said(ready)


def test_two_blocks_by_the_clock_follow_each_other_on_the_minute() -> None:
    block = {"every": "1m", "rounds": 2}
    timeline = _timeline({**block, "steps": [BURPEE]}, {**block, "steps": [LUNGE]})
    assert _gaps(_starts(timeline)) == [60_000] * 3


def test_after_rounds_at_one_s_own_pace_the_time_to_get_ready_is_kept_whole() -> None:
    block = {"every": "1m", "rounds": 2, "steps": [{"name": "Burpee", "reps": 8, "tempo": "free"}]}
    *_, rest, ready, _ = phases(block, LUNGE)
    assert [(one.kind, one.duration_ms) for one in (rest, ready)] == [("rest", 60_000), ("prepare", 6_000)]


def test_by_the_clock_rounds_of_words_alone_are_said_each_in_its_own_round() -> None:
    made = phases({"every": "10s", "rounds": 3, "steps": [{"say": "Round {round}."}]}, defaults={"fit": "clock"})
    assert [(one.kind, one.duration_ms, one.begins_round) for one in made] == [("rest", 10_000, True)] * 3
    assert [words(one)[0] for one in made] == ["Round 1.", "Round 2.", "Round 3."]


def test_by_the_clock_words_at_the_beginning_of_a_round_are_said_in_the_rest_before_it() -> None:
    steps = [{"say": "Now quickly."}, BURPEE]
    made = phases({"every": "1m", "rounds": 2, "steps": steps}, defaults={"fit": "clock"})
    assert [(one.kind, one.begins_round) for one in made] == [("work", True), ("rest", False)] * 2
    assert [words(one)[0] for one in made] == ["Now quickly.", "Now quickly.", "Half is done.", "Rest."]


def test_a_rest_of_no_length_in_a_round_changes_nothing() -> None:
    timeline = _timeline({"every": "30s", "rounds": 2, "steps": [{"rest": 0}, BURPEE, {"rest": 0}]})
    assert _gaps(_starts(timeline)) == [30_000]
    alone = _timeline({"every": "30s", "rounds": 2, "steps": [{"rest": 0}]}, BURPEE)
    assert [(phase.kind, phase.duration_ms) for phase in alone.phases[1:3]] == [("rest", 30_000)] * 2


def test_a_block_that_rests_between_its_steps_rests_in_each_round_too() -> None:
    block = {"every": "1m", "rounds": 2, "between": "5s", "steps": [BURPEE, BURPEE]}
    made = phases(block)
    assert [(one.kind, one.duration_ms) for one in made] == [
        ("work", 20_000),
        ("rest", 5_000),
        ("work", 20_000),
        ("rest", 15_000),
    ] * 2


def test_a_round_is_announced_in_the_rest_before_it_without_a_length_that_may_change() -> None:
    made = phases({"every": "1m", "rounds": 2, "steps": [BURPEE]})
    first, last = (index for index, phase in enumerate(made) if phase.kind == "rest")
    assert words(made[first])[:3] == ["Rest.", "The last round is next.", "Next: Burpee."]
    second_work = next(index for index in range(first, last) if made[index].kind == "work")
    assert [line for phase in made[first:second_work] for line in said(phase)][-3:] == ["3", "2", "1"]
    assert words(made[last]) == ["Rest."]


def test_self_paced_work_leaves_the_length_of_the_rest_to_the_run() -> None:
    timeline = _timeline({"every": "1m", "rounds": 2, "steps": [{"name": "Burpee", "reps": 8, "tempo": "free"}]})
    assert [phase.duration_ms for phase in timeline.phases if phase.kind == "work"] == [None, None]
    assert [phase.until_ms for phase in timeline.phases if phase.kind == "rest"] == [60_000, 60_000]
    assert list(late_rounds(timeline)) == []


@settings(deadline=None, max_examples=40)
@given(
    st.integers(1, 8),
    st.integers(5, 90),
    st.lists(st.integers(1, 40), min_size=1, max_size=3),
    st.sampled_from([0, 2, 6]),
    st.integers(0, 120),
)
def test_no_round_begins_before_its_time_and_none_later_than_the_one_before_it_allows(
    rounds: int, every_s: int, holds_s: list[int], prepare_s: int, speech_ms: int
) -> None:
    steps = [{"name": f"Hold {n}", "hold": hold_s, "prepare": prepare_s} for n, hold_s in enumerate(holds_s)]
    block = {"every": every_s, "rounds": rounds, "steps": steps}
    timeline = _timeline(block, lengths=PlainLengths(speech_ms))
    begins = [start for phase, start in zip(timeline.phases, timeline.starts_ms, strict=True) if phase.begins_round]
    late = {one.phase for one in late_rounds(timeline)}
    rests = [index for index, phase in enumerate(timeline.phases) if phase.until_ms is not None]
    assert len(begins) == len(rests) == rounds
    for gap_ms, rest in zip(_gaps(begins), rests, strict=False):
        assert gap_ms == every_s * 1_000 or (gap_ms > every_s * 1_000 and rest in late)
    assert outline(session(block), plan(PlainLengths(speech_ms))).length_ms == timeline.total_ms


def test_the_load_and_the_effort_of_each_step_are_shown_while_one_clock_runs() -> None:
    steps = [
        {"name": "Swing", "reps": 9, "load": "16 kg", "rpe": 8},
        {"name": "Carry", "distance": "20 m", "load": "9 kg"},
    ]
    *_, clock, _ = _timeline({"within": "2m", "steps": steps}).phases
    assert clock.text == "9 × Swing (16 kg, RPE 8) · Carry 20 m (9 kg)"


def test_one_clock_runs_for_as_many_rounds_as_possible() -> None:
    block = {
        "name": "Cindy",
        "within": "12m",
        "steps": [{"name": "Pull-up", "reps": 5}, {"name": "Plank", "hold": "30s"}, {"rest": "10s"}],
    }
    timeline = _timeline(block)
    _, ready, clock, _ = timeline.phases
    assert (clock.kind, clock.duration_ms, clock.counts_rounds, clock.rounds) == ("work", 720_000, True, None)
    assert clock.text == "5 × Pull-up · Plank 30 s · Rest 10 s"
    assert words(ready) == [
        "Cindy.",
        "Pull-up.",
        "5 times.",
        "Plank.",
        "30 seconds.",
        "As many rounds as possible in 12 minutes.",
    ]
    assert "Halfway." in said(clock)
    (step,) = timeline.steps
    assert (step.name, step.kind, step.is_work) == ("Cindy", "rounds", True)


def test_the_instructions_of_a_block_with_one_clock_are_said_before_it_and_its_cues_have_no_place() -> None:
    step = {"name": "Pull-up", "reps": 5, "say": "Chin over the bar.", "cues": [{"at": "start", "say": "Go."}]}
    made = session({"within": "2m", "steps": [step]})
    compiled, problems = check_session(made, plan())
    assert "Chin over the bar." in said(compiled.timeline.phases[1])
    assert [problem.path for problem in problems] == [("steps", 0, "steps", 0, "cues")]


def test_by_the_clock_what_is_not_said_of_a_block_with_one_clock_is_warned_of() -> None:
    block = {"within": "20m", "steps": [{"name": name, "reps": 10} for name in ("Pull-up", "Push-up", "Squat")]}
    short, enough = ({"fit": "clock", "prepare": time} for time in ("6s", "20s"))
    _, (problem,) = check_session(session(block, defaults=short), plan())
    assert problem.path == ("steps", 0, "within")
    assert "will not be heard" in problem.message
    assert 'prepare = "1' in str(problem.allowed)
    assert check_session(session(block, defaults=enough), plan())[1] == []


def test_with_rounds_the_one_clock_is_for_time_with_a_cap() -> None:
    _, ready, clock, _ = _timeline({"within": "10m", "rounds": 3, "steps": [BURPEE, LUNGE]}).phases
    assert (clock.label, clock.rounds, clock.round) == ("Burpee, Lunge", 3, None)
    assert words(ready)[-2:] == ["3 rounds.", "At most 10 minutes."]


def test_a_sequence_by_sides_is_done_whole_on_the_left_then_on_the_right() -> None:
    sequence = {
        "name": "Salutation",
        "sides": "each",
        "steps": [{"name": "Lunge", "hold": "20s"}, {"name": "Dog", "hold": "20s", "sides": "both"}],
    }
    made = phases(sequence)
    works = [(phase.label, phase.side, phase.side_kind) for phase in made if phase.kind == "work"]
    assert works == [("Lunge", "left", "left"), ("Dog", None, None), ("Lunge", "right", "right"), ("Dog", None, None)]
    switch = next(phase for phase in made if phase.kind == "switch")
    assert (switch.side, switch.side_kind) == ("right", "right")
    assert words(switch) == ["Switch sides.", "Right side.", "Next: Lunge."]
    lunge, dog = _timeline(sequence).steps
    assert lunge.whole_dose is not None
    assert dog.whole_dose is not None
    assert (lunge.whole_dose.sides, lunge.whole_dose.sets) == (("left", "right"), 1)
    assert (dog.whole_dose.sides, dog.whole_dose.sets) == ((), 2)


def test_both_sides_of_a_shuffled_sequence_have_the_same_order() -> None:
    block = {"sides": "each", "shuffle": True, "rounds": 6, "steps": [{"name": n, "hold": 5} for n in "ABCDE"]}
    made = compile_session(session(block), plan(seed=3)).timeline.phases
    order = "".join(phase.label for phase in made if phase.kind == "work")
    halves = [order[at : at + 5] for at in range(0, len(order), 5)]
    assert halves[::2] == halves[1::2]
    assert len(set(halves)) > 1


def test_rounds_by_sides_switch_within_each_round_and_rest_between_them() -> None:
    block = {"sides": "each", "rounds": 2, "rest": "10s", "steps": [LUNGE]}
    once = ["work", "switch", "work"]
    assert kinds(block) == ["prepare", *once, "rest", "switch", *once]
    assert kinds({**block, "rest": 0}) == ["prepare", *once, "switch", *once]


@pytest.mark.parametrize("fit", ["words", "clock"])
def test_a_change_of_sides_between_sequences_lasts_as_long_as_the_longer_of_rest_and_switch(fit: str) -> None:
    steps = [BURPEE, {"name": "Dog", "hold": "20s", "prepare": 0, "sides": "both"}]
    block = {"sides": "each", "between": "10s", "rest": "2s", "rounds": 2, "steps": steps}
    made = phases(block, defaults={"fit": fit})
    once = [("work", 20), ("rest", 10), ("work", 20)]
    changed = [*once, ("rest", 4), ("switch", 6), *once]
    assert [(one.kind, (one.duration_ms or 0) // 1_000) for one in made] == [*changed, ("switch", 6), *changed]
    rest, switch = made[3:5]
    assert words(rest) == ["Rest."]
    assert words(switch) == ["Right side.", "Next: Burpee."]
    assert words(made[8]) == ["Left side.", "Next: Burpee."]
    roomy = phases({**block, "rest": "9s"}, defaults={"fit": fit, "switch": "9s"})
    assert words(roomy[8]) == ["The last round is next.", "Switch sides.", "Left side.", "Next: Burpee.", "20 seconds."]


def test_a_switch_too_short_for_a_sequence_is_warned_of_where_the_sides_are_asked_for() -> None:
    made = session({"sides": "each", "steps": [BURPEE]}, defaults={"switch": "1s"})
    _, problems = check_session(made, plan())
    lost = "will not be heard: there is no time left for it;"
    assert [(one.path, one.message) for one in problems] == [
        (("steps", 0, "sides"), f'"Right side." {lost} 0.5 s more would do'),
        (("steps", 0, "steps", 0, "name"), f'"Next: Burpee." {lost} 0.6 s more would do'),
    ]


def test_by_the_clock_a_block_with_one_clock_lasts_what_is_written_and_its_words_before_it_are_warned_of() -> None:
    step = {"name": "Pull-up", "reps": 5, "say": "Chin over the bar. " * 20}
    made = session({"within": "2m", "steps": [step]}, defaults={"fit": "clock", "prepare": "4s", "label": "GO"})
    compiled, problems = check_session(made, plan())
    assert compiled.timeline.total_ms == 124_000
    assert compiled.timeline.phases[2].word == "GO"
    assert [problem.path for problem in problems] == [("steps", 0, "within")]
    *_, rest, clock = phases({"rest": "30s"}, {"within": "2m", "steps": [step]}, defaults={"fit": "clock"})
    assert (rest.kind, clock.counts_rounds) == ("rest", True)


def test_a_step_inside_a_sequence_by_sides_has_no_sides_of_its_own() -> None:
    made = session({"sides": "each", "steps": [{**LUNGE, "sides": "left"}]})
    (problem,) = check_limits(made, plan())
    assert problem.path == ("steps", 0, "steps", 0, "sides")


def test_a_question_in_a_sequence_by_sides_asks_about_the_side_that_was_done() -> None:
    block = {"sides": "each", "steps": [LUNGE, {"measure": "tight"}, {"measure": "pain", "sides": "both"}]}
    asked = [(p.label, p.side) for p in phases(block) if p.kind == "measure"]
    assert asked == [("Tight", "left"), ("Pain", None), ("Tight", "right"), ("Pain", None)]


def test_rounds_cannot_begin_by_two_clocks() -> None:
    inner = {"every": "20s", "rounds": 2, "steps": [BURPEE]}
    (problem,) = check_limits(session({"every": "1m", "rounds": 2, "steps": [inner]}), plan())
    assert problem.path == ("steps", 0, "steps", 0, "every")
