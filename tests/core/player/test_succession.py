"""What a run goes on with when its session is changed in mid-run."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.core.compiling import Step, compiled
from timer_app.core.player.events import Event
from timer_app.core.player.player import Player
from timer_app.core.player.recorder import Recorder
from timer_app.core.player.states import Command, State
from timer_app.core.player.succession import succeed
from timer_app.core.timeline.model import JumpRule, Phase, Timeline
from timer_app.history.run_log import RecordHeader, RunLog
from timer_app.testing import hold, line, measure, rest, step, timeline

_START = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("Squat", "Row", "Plank", "Lunge")


def works() -> st.SearchStrategy[Step]:
    doses: list[Step] = [{"hold": "5s"}, {"hold": "8s"}, {"reps": 2, "tempo": "1-1"}, {"reps": 3, "tempo": "1-1"}]
    more: list[Step] = [{}, {"sets": 2, "rest": "3s"}, {"sides": "each"}, {"sets": 3, "rest": "2s", "sides": "each"}]
    return st.builds(
        lambda name, dose, others: {"name": name, **dose, **others},
        st.sampled_from(NAMES),
        st.sampled_from(doses),
        st.sampled_from(more),
    )


def others() -> st.SearchStrategy[Step]:
    return st.sampled_from([{"rest": "5s"}, {"rest": "9s"}, {"say": "Well done."}, {"measure": "pain", "name": "Knee"}])


def blocks() -> st.SearchStrategy[Step]:
    return st.builds(
        lambda inner, rounds: {"rounds": rounds, "rest": "4s", "steps": inner},
        st.lists(works(), min_size=1, max_size=2),
        st.integers(1, 3),
    )


steps = st.lists(st.one_of(works(), works(), others(), blocks()), min_size=1, max_size=5)
moments = st.floats(0, 1)


def made(written: list[Step]) -> Timeline:
    return compiled(*written).timeline


def at(run: Timeline, share: float) -> int:
    return min(len(run.phases) - 1, int(share * len(run.phases)))


def plain(phase: Phase, run: Timeline) -> Phase:
    """A phase without what depends on where it is in its timeline."""
    return replace(phase, step=None, unit=0, measure=None, label=f"{phase.label} {name_of(phase, run)}")


def name_of(phase: Phase, run: Timeline) -> str:
    return "" if phase.step is None else run.steps[phase.step].name


@given(steps, moments, st.integers(0, 9_000))
@settings(max_examples=25)
def test_a_session_that_is_the_same_changes_nothing(written: list[Step], share: float, elapsed_ms: int) -> None:
    run = made(written)
    index = at(run, share)
    found = succeed(run, index, run, elapsed_ms=elapsed_ms)
    assert found.timeline == run
    assert found.rest == index + 1
    assert found.steps == tuple(range(len(run.steps)))
    assert found.phases == tuple(range(len(run.phases)))


@given(steps, steps, moments)
@settings(max_examples=50)
def test_what_is_done_stays_and_the_rest_is_that_of_the_new_session(
    written: list[Step], other: list[Step], share: float
) -> None:
    run, new = made(written), made(other)
    index = at(run, share)
    found = succeed(run, index, new)
    after = found.timeline
    done = [plain(phase, run) for phase in run.phases[: index + 1]]
    here = after.phases[index]
    assert [replace(plain(phase, after), label=was.label) for phase, was in zip(after.phases, done, strict=False)] == [
        *done[:-1],
        replace(done[-1], sets=here.sets, reps=here.reps, rounds=here.rounds),
    ]
    same_unit = [phase for phase in after.phases[index + 1 :] if phase.unit == here.unit and phase.set == here.set]
    assert {phase.sets for phase in same_unit} <= {here.sets}
    assert [phase.unit for phase in after.phases[: index + 1]] == [phase.unit for phase in run.phases[: index + 1]]
    ahead, coming = after.phases[index + 1 :], new.phases[found.rest :]
    assert [plain(phase, after) for phase in ahead] == [plain(phase, new) for phase in coming]
    assert len({phase.unit for phase in coming}) == len({phase.unit for phase in ahead})
    begun = {phase.unit for phase in run.phases[:index]}
    assert all(phase.unit not in begun or phase.unit == run.phases[index].unit for phase in ahead)


@given(steps, steps, moments)
@settings(max_examples=25)
def test_every_step_that_was_begun_is_still_in_the_list_and_no_row_is_lost(
    written: list[Step], other: list[Step], share: float
) -> None:
    run, new = made(written), made(other)
    index = at(run, share)
    found = succeed(run, index, new)
    assert len(found.timeline.steps) >= len(run.steps)
    for before, phase in zip(run.phases[: index + 1], found.timeline.phases, strict=False):
        assert (before.step is None) == (phase.step is None)
        if before.step is not None:
            assert found.steps[before.step] == phase.step
    listed = {phase.step for phase in found.timeline.phases}
    assert all(info.is_left_out for number, info in enumerate(found.timeline.steps) if number not in listed)


@given(steps, st.lists(works(), min_size=1, max_size=2), moments)
@settings(max_examples=25)
def test_steps_that_are_added_at_the_end_come_after_all_that_was_planned(
    written: list[Step], added: list[Step], share: float
) -> None:
    run, new = made(written), made([*written, *added])
    index = at(run, share)
    assume(index < len(run.phases) - 1)  # the closing words have not begun
    found = succeed(run, index, new)
    assert found.rest == index + 1
    assert found.steps == tuple(range(len(run.steps)))


@given(steps, st.lists(steps, min_size=1, max_size=3), st.lists(st.integers(1, 12_000), min_size=3, max_size=8))
@settings(max_examples=25, deadline=None)
def test_a_run_that_is_changed_again_and_again_goes_to_its_end_with_a_record_of_all_that_was_done(
    written: list[Step], versions: list[list[Step]], strides: list[int]
) -> None:
    first = made(written)
    player, recorder, now_ms = Player(first), Recorder(first), 0
    log = RunLog(RecordHeader("id", "test", "/test.toml", "", "en", _START), lambda: _START)
    recorder.observe(player.send(Command.START, 0))
    coming = [made(version) for version in versions]
    for stride in strides:
        now_ms += stride
        recorder.observe(advanced(player, now_ms), now_ms)
        if player.state.is_over or not coming:
            break
        before = [
            (one.held_ms, one.reps, one.done, player.timeline.steps[one.step].name) for one in recorder.record.sets
        ]
        found = succeed(player.timeline, player.index, coming.pop(), recorder.begun)
        player.follow(found.timeline)
        recorder.follow(found)
        after = [(one.held_ms, one.reps, one.done) for one in recorder.record.sets]
        assert after == [tuple(each[:3]) for each in before]
        log.changed_rows(player.timeline, recorder.record, player.snapshot(now_ms))  # written as it goes on
    while not player.state.is_over:
        now_ms += 5_000
        recorder.observe(advanced(player, now_ms), now_ms)
    record = recorder.record
    assert record.ending == "finished"
    assert sum(one.held_ms for one in record.sets) == record.work_ms
    assert [info.name for info in player.timeline.steps] == [one.name for one in record.steps]
    assert log.changed_rows(player.timeline, record, player.snapshot(now_ms), is_last=True)


def advanced(player: Player, now_ms: int) -> list[Event]:
    """Let time pass; a question is skipped."""
    events = player.advance(now_ms)
    while player.state is State.WAITING:
        events += player.send(Command.NEXT, now_ms)
    return events


def names(run: Timeline, first: int) -> list[str]:
    """What is worked at from a phase on, each set once."""
    work = [phase for phase in run.phases[first:] if phase.kind == "work"]
    return [f"{name_of(phase, run)} {phase.set}" for phase in work if phase.rep in (None, 1)]


SQUAT: Step = {"name": "Squat", "hold": "10s", "sets": 3, "rest": "5s"}
ROW: Step = {"name": "Row", "hold": "10s"}
PLANK: Step = {"name": "Plank", "hold": "10s"}


def in_set(run: Timeline, name: str, number: int = 1) -> int:
    return next(
        index
        for index, phase in enumerate(run.phases)
        if (phase.kind, phase.set, name_of(phase, run)) == ("work", number, name)
    )


@pytest.mark.parametrize(
    ("other", "left"),
    [
        ([{**SQUAT, "sets": 4}, ROW], ["Squat 3", "Squat 4", "Row 1"]),
        ([{**SQUAT, "sets": 2}, ROW], ["Row 1"]),
        ([{**SQUAT, "sets": 1}, PLANK, ROW], ["Plank 1", "Row 1"]),
        ([{**SQUAT, "name": "Wall squat"}, ROW], ["Wall squat 3", "Row 1"]),
        ([ROW, PLANK], ["Row 1", "Plank 1"]),
        ([PLANK, SQUAT, ROW], ["Squat 3", "Row 1"]),
        ([{**SQUAT, "hold": "30s"}, PLANK], ["Squat 3", "Plank 1"]),
        ([SQUAT], ["Squat 3"]),
    ],
)
def test_the_run_goes_on_behind_the_set_in_which_it_stands(other: list[Step], left: list[str]) -> None:
    run = made([SQUAT, ROW])
    index = in_set(run, "Squat", 2)
    found = succeed(run, index, made(other))
    assert names(found.timeline, index + 1) == left


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ({"sets": 3}, {"sets": 4}, "set 2 of 4"),
        ({"sets": 3}, {"sets": 2}, "set 2 of 2"),
        ({"sets": 3}, {"sets": 1}, "set 2 of 3"),
        ({"sets": 3}, {"sets": 4, "hold": "30s"}, "set 2 of 4"),
    ],
)
def test_the_set_in_progress_counts_by_the_new_version(before: Step, after: Step, counts: str) -> None:
    run, new = made([{**SQUAT, **before}, ROW]), made([{**SQUAT, **after}, ROW])
    index = in_set(run, "Squat", 2)
    here = succeed(run, index, new).timeline.phases[index]
    assert f"set {here.set} of {here.sets}" == counts
    assert here.duration_ms == run.phases[index].duration_ms


def test_the_rep_and_the_round_in_progress_count_by_the_new_version() -> None:
    def in_rep(reps: int, rounds: int) -> Timeline:
        return made([{"rounds": rounds, "steps": [{"name": "Squat", "reps": reps, "tempo": "1-1"}, ROW]}])

    run = in_rep(3, 2)
    index = next(at for at, phase in enumerate(run.phases) if phase.rep == 2)
    here = succeed(run, index, in_rep(5, 4)).timeline.phases[index]
    assert (here.rep, here.reps, here.round, here.rounds) == (2, 5, 1, 4)


def test_of_rounds_those_that_are_left_follow() -> None:
    block: Step = {"rounds": 3, "rest": "5s", "steps": [ROW, PLANK]}
    run = made([block, SQUAT])
    index = [number for number, phase in enumerate(run.phases) if phase.kind == "work"][2]  # Row, in the second round
    shorter = succeed(run, index, made([{**block, "rounds": 2}, SQUAT]))
    longer = succeed(run, index, made([{**block, "rounds": 4, "steps": [ROW, {**SQUAT, "sets": 1}]}]))
    assert names(shorter.timeline, index + 1) == ["Plank 1", "Squat 1", "Squat 2", "Squat 3"]
    assert names(longer.timeline, index + 1) == ["Squat 1", "Row 1", "Squat 1", "Row 1", "Squat 1"]


def test_a_rest_in_progress_tells_of_what_comes_now() -> None:
    def with_rest(text: str, name: str) -> Timeline:
        coming = rest(10_000, line(0, "Rest."), line(6_000, text), up_next=name)
        return timeline(step("Squat", hold(10_000)), step("Rest", coming, kind="rest"), step(name, hold(10_000)))

    run, new = with_rest("Next: Row.", "Row"), with_rest("Next: Plank.", "Plank")
    told = succeed(run, 1, new, elapsed_ms=2_000).timeline.phases[1]
    assert ([cue.text for cue in told.cues], told.up_next, told.duration_ms) == (
        ["Rest.", "Next: Plank."],
        "Plank",
        10_000,
    )
    assert succeed(run, 1, new, elapsed_ms=6_500).timeline.phases[1].cues == run.phases[1].cues[:2]


def test_an_answer_leads_to_its_step_wherever_that_is_now() -> None:
    def asking(*before: Any, to: int) -> Timeline:
        question = measure()
        asked = replace(question.measure, jumps=(JumpRule(to, 8, 10),))  # type: ignore[type-var]
        return timeline(
            *before,
            step("Pain", replace(question, measure=asked), kind="measure"),
            step("Row", hold(1_000)),
            step("Plank", hold(1_000)),
        )

    run, new = (
        asking(step("Squat", hold(5_000)), to=3),
        asking(step("Lunge", hold(1)), step("Squat", hold(5_000)), to=4),
    )
    found = succeed(run, 0, new)
    asked = found.timeline.phases[1].measure
    assert asked is not None
    (rule,) = asked.jumps
    assert rule.step is not None
    assert found.timeline.steps[rule.step].name == "Plank"
