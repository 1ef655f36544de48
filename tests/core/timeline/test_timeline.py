from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.random_runs import timelines
from timer_app.core.timeline.model import Timeline
from timer_app.testing import (
    hold,
    lead_in,
    line,
    measure,
    overrun,
    prepare,
    reps,
    rest,
    self_paced,
    sound,
    step,
    timeline,
    wait,
)

# units:  0 prepare, 1 five reps, 2 rest, 3 hold and what follows zero, 4 wait
SESSION = timeline(
    step("Row", prepare(4_000), reps(5, 1_000, 2_000), kind="reps"),
    rest(10_000),
    step("Plank", [hold(30_000), overrun()]),
    wait("Fetch the roller."),
)
rule = settings(deadline=None, max_examples=60)


def test_phases_begin_where_the_ones_before_end_and_open_ones_take_no_time() -> None:
    assert SESSION.starts_ms[0] == 0
    assert SESSION.starts_ms[-3:] == (29_000, 59_000, 59_000)
    assert SESSION.total_ms == 59_000


@rule
@given(timelines())
def test_the_phases_of_any_timeline_add_up(any_timeline: Timeline) -> None:
    ends_ms = [*any_timeline.starts_ms[1:], any_timeline.total_ms]
    for phase, start_ms, end_ms in zip(any_timeline.phases, any_timeline.starts_ms, ends_ms, strict=True):
        assert end_ms - start_ms == (phase.duration_ms or 0)


@rule
@given(timelines())
def test_units_partition_a_timeline(any_timeline: Timeline) -> None:
    for index in range(len(any_timeline.phases)):
        start, following = any_timeline.unit_start(index), any_timeline.next_unit(index)
        end = len(any_timeline.phases) if following is None else following
        assert start <= index < end
        assert {phase.unit for phase in any_timeline.phases[start:end]} == {any_timeline.phases[index].unit}
        assert any_timeline.ends_unit(index) == (index == end - 1)


def test_the_reps_of_a_set_are_one_unit() -> None:
    assert [SESSION.unit_start(index) for index in (0, 1, 6, 10, 11)] == [0, 1, 1, 1, 11]
    assert [SESSION.next_unit(index) for index in (0, 1, 10, 12, 14)] == [1, 11, 11, 14, None]


def test_a_rep_ends_with_its_last_part() -> None:
    assert [SESSION.ends_rep(index) for index in range(4)] == [False, False, True, False]
    assert SESSION.ends_rep(10)
    assert not any(SESSION.ends_rep(index) for index in (11, 12, 13, 14))


def test_a_step_begins_with_its_first_phase() -> None:
    assert [SESSION.first_of_step(number) for number in (0, 1, 2, 3, 4)] == [0, 11, 12, 14, None]


def test_the_last_set_is_the_one_in_hand_or_the_one_before() -> None:
    assert [SESSION.last_set_start(index) for index in (0, 1, 7, 11, 13, 14)] == [None, 1, 1, 1, 12, 12]


def test_every_line_is_named_once_in_the_order_it_is_needed() -> None:
    spoken = timeline(
        prepare(4_000, line(0, "Plank"), line(2_000, "three")),
        hold(5_000, sound(0, "start"), line(4_000, "three")),
        rest(5_000, line(0, "Rest")),
        resume=lead_in(3_000, line(0, "Go on in"), line(1_000, "three")),
        again=lead_in(3_000, line(0, "Once more")),
    )
    assert [line.text for line in spoken.spoken_lines()] == ["Plank", "three", "Rest", "Go on in", "Once more"]


class TestWhereNobodyCanAnswer:
    def test_open_phases_last_as_long_as_told_and_no_phase_is_lost(self) -> None:
        closed = timeline(wait(), self_paced(5), measure(), hold(1_000)).without_open_phases(2_000)
        assert [phase.duration_ms for phase in closed.phases] == [2_000, 2_000, 2_000, 1_000]
        assert closed.total_ms == 7_000

    def test_a_line_is_still_spoken_to_its_end(self) -> None:
        said = timeline(wait("Fetch it.", line(500, "Fetch it.", length_ms=3_000)), measure())
        assert [phase.duration_ms for phase in said.without_open_phases(0).phases] == [3_500, 0]

    def test_the_time_past_zero_keeps_only_the_cues_that_fit(self) -> None:
        past = timeline([hold(1_000), overrun(sound(0), line(5_000, "Still there?"))])
        assert past.without_open_phases(2_000).phases[1].cues == (sound(0),)
        assert past.without_open_phases(0).phases[1].cues == ()

    @rule
    @given(timelines(), st.integers(0, 6_000))
    def test_every_cue_lies_inside_its_phase_and_in_order(self, any_timeline: Timeline, wait_ms: int) -> None:
        for phase in any_timeline.without_open_phases(wait_ms).phases:
            assert phase.duration_ms is not None
            assert all(0 <= cue.offset_ms < phase.duration_ms for cue in phase.cues)
            assert all(one.offset_ms <= other.offset_ms for one, other in pairwise(phase.cues))
