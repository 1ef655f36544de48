"""Blocks by the clock: rounds on the minute, as many rounds as possible, and whole sequences by sides."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.compiling import PlainLengths, Step, compiled, kinds, phases, plan, said, session, words
from timer_app.core.compiler.compile import compile_session, outline
from timer_app.core.compiler.lint import check_limits, check_session
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


def test_the_time_to_get_ready_for_a_round_is_taken_from_the_rest_before_it() -> None:
    timeline = _timeline({"every": "1m", "rounds": 3, "steps": [LUNGE]})
    assert _gaps(_starts(timeline)) == [60_000, 60_000]
    rests = [phase for phase in timeline.phases if phase.kind == "rest"]
    assert [phase.duration_ms for phase in rests] == [34_000, 34_000, 40_000]
    assert [phase.until_ms for phase in rests] == [54_000, 54_000, 60_000]


def test_a_round_that_takes_longer_moves_the_next_to_its_end_and_is_named() -> None:
    made = session({"every": "30s", "rounds": 3, "steps": [{"name": "Plank", "hold": "40s", "prepare": "5s"}]})
    compiled, problems = check_session(made, plan())
    assert _gaps(_starts(compiled.timeline)) == [45_000, 45_000]
    assert [(late.round_ms, late.late_ms, late.is_last) for late in late_rounds(compiled.timeline)] == [
        (45_000, 15_000, False),
        (45_000, 15_000, False),
        (40_000, 10_000, True),
    ]
    (problem,) = problems
    assert problem.path == ("steps", 0, "every")
    assert problem.message == "a round takes 45 s, longer than its 30 s: the next one begins when it is over"
    assert problem.allowed == 'every = "45s", or less to do in a round'


def test_a_late_round_keeps_the_tone_that_ends_the_work_before_it() -> None:
    block = {"every": "20s", "rounds": 2, "steps": [LUNGE]}
    ready = [phase for phase in phases(block) if phase.kind == "prepare"][1]
    assert ready.cues[0].text == "end"


def test_a_round_is_announced_in_the_rest_before_it_without_a_length_that_may_change() -> None:
    made = phases({"every": "1m", "rounds": 2, "steps": [BURPEE]})
    first, last = (index for index, phase in enumerate(made) if phase.kind == "rest")
    assert words(made[first])[:3] == ["Rest.", "The last round is next.", "Next: Burpee."]
    second_work = next(index for index in range(first, last) if made[index].kind == "work")
    assert [line for phase in made[first:second_work] for line in said(phase)][-3:] == ["3", "2", "1"]
    assert said(made[last]) == ["Rest."]


def test_self_paced_work_leaves_the_length_of_the_rest_to_the_run() -> None:
    timeline = _timeline({"every": "1m", "rounds": 2, "steps": [{"name": "Burpee", "reps": 8, "tempo": "free"}]})
    assert [phase.duration_ms for phase in timeline.phases if phase.kind == "work"] == [None, None]
    assert [phase.until_ms for phase in timeline.phases if phase.kind == "rest"] == [54_000, 60_000]
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
        "For 30 seconds.",
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
    assert words(switch) == ["Switch sides.", "Now right.", "Next: Lunge."]
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
    once = ["prepare", "work", "switch", "prepare", "work"]
    assert kinds(block) == [*once, "rest", *once]


def test_a_step_inside_a_sequence_by_sides_has_no_sides_of_its_own() -> None:
    made = session({"sides": "each", "steps": [{**LUNGE, "sides": "left"}]})
    (problem,) = check_limits(made, plan())
    assert problem.path == ("steps", 0, "steps", 0, "sides")


def test_rounds_cannot_begin_by_two_clocks() -> None:
    inner = {"every": "20s", "rounds": 2, "steps": [BURPEE]}
    (problem,) = check_limits(session({"every": "1m", "rounds": 2, "steps": [inner]}), plan())
    assert problem.path == ("steps", 0, "steps", 0, "every")
