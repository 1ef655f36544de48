"""What holds for every session, whatever it says and however long its lines take."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.compiling import FILLERS, HALVES, Heard, PlainLengths, RandomLengths, heard, plan, session, sounds
from tests.core.random_sessions import Step, fits, levels, seeds, step_lists, verbosities, work_lists
from timer_app.core.compiler.coach import LONG_REST_MS
from timer_app.core.compiler.compile import EARLIEST, LATEST, CompileContext, Compiled, compile_session, outline
from timer_app.core.compiler.limits import _Gauge, check_limits
from timer_app.core.compiler.pools import APART_MS
from timer_app.core.session.model import Session
from timer_app.core.timeline.model import Phase, Timeline
from timer_app.core.timeline.utterance import Lengths, SpeechTiming, Utterance

_COUNTED_KINDS = ("prepare", "switch")


class Case(NamedTuple):
    """A session that was compiled, and what for."""

    made: Session
    planned: CompileContext
    compiled: Compiled

    @property
    def timeline(self) -> Timeline:
        return self.compiled.timeline

    def again(self, **changes: Any) -> Compiled:
        """Compile the session once more, with something changed."""
        return compile_session(self.made, replace(self.planned, **changes))


class AskedLengths:
    """Lengths that note which lines they are asked for."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self.lines: set[Utterance] = set()

    def speech(self, line: Utterance, /) -> SpeechTiming:
        self.lines.add(line)
        return self._lengths.speech(line)

    def sound(self, name: str, /) -> int:
        return self._lengths.sound(name)


def case_of(steps: list[Step], planned: CompileContext, defaults: Step | None = None) -> Case:
    made = session(*steps, defaults=defaults or {})
    return Case(made, planned, compile_session(made, planned))


contexts = st.builds(
    lambda lengths, level, seed, verbosity, times_done: replace(
        plan(RandomLengths(lengths), level=level, seed=seed, verbosity=verbosity), times_done=times_done, fades=True
    ),
    seeds,
    levels,
    seeds,
    verbosities,
    st.sampled_from([None, 0, 4, 12]),
)


def _runs(timeline: Timeline) -> list[list[Heard]]:
    """The spoken lines, apart where an open phase lies between them: what follows it waits for the user."""
    opens = [index for index, phase in enumerate(timeline.phases) if phase.is_open]

    def stretch(line: Heard) -> tuple[int, bool]:
        return sum(index <= line.phase for index in opens), line.phase in opens

    return [list(group) for _, group in groupby(heard(timeline, "speech"), stretch)]


def _units(timeline: Timeline) -> list[list[Phase]]:
    return [list(group) for _, group in groupby(timeline.phases, lambda phase: phase.unit)]


def every_cue_lies_inside_its_phase_and_cues_are_in_order(timeline: Timeline) -> None:
    for phase in timeline.phases:
        offsets = [cue.offset_ms for cue in phase.cues]
        assert offsets == sorted(offsets)
        assert all(offset_ms >= 0 for offset_ms in offsets)
        assert phase.duration_ms is None or all(offset_ms < phase.duration_ms for offset_ms in offsets)


def no_two_spoken_lines_overlap(timeline: Timeline) -> None:
    for run in _runs(timeline.as_heard()):
        assert all(before.end_ms <= after.at_ms for before, after in pairwise(run))


def every_line_is_over_when_its_set_or_phase_is(timeline: Timeline) -> None:
    timeline = timeline.as_heard()
    for line in heard(timeline, "speech"):
        following = timeline.next_unit(line.phase)
        in_open = any(phase.is_open for phase in timeline.phases[line.phase : following])
        if not in_open:
            assert line.end_ms <= (timeline.total_ms if following is None else timeline.starts_ms[following])


def phases_add_up_and_take_time_unless_they_wait(timeline: Timeline) -> None:
    # Only a round that takes its whole time or more leaves a rest without any.
    assert all(
        phase.duration_ms is None or phase.duration_ms > 0 or phase.until_ms is not None for phase in timeline.phases
    )
    assert all(phase.duration_ms or not phase.cues for phase in timeline.phases if phase.until_ms is not None)
    assert timeline.total_ms == sum(phase.duration_ms or 0 for phase in timeline.phases if not phase.untimed)


def every_set_starts_with_its_tone_at_zero_and_what_follows_work_with_the_tone_of_its_end(timeline: Timeline) -> None:
    units = [unit for unit in _units(timeline) if unit[0].duration_ms != 0]
    for before, unit in pairwise([[], *units]):
        first = [cue.text for cue in unit[0].cues if cue.kind == "sound" and cue.offset_ms == 0]
        assert first.count("start") == (unit[0].kind == "work")
        after_work = bool(before) and before[-1].kind == "work" and unit[0].kind != "work"
        assert first.count("end") == after_work


def the_last_seconds_before_work_and_of_a_hold_are_marked_exactly(timeline: Timeline) -> None:
    for phase in timeline.phases:
        is_hold = phase.kind == "work" and not phase.part and phase.rep is None and not phase.is_open
        if phase.duration_ms is None or not (is_hold or phase.kind in _COUNTED_KINDS):
            continue
        marked = [phase.duration_ms - c.offset_ms for c in phase.cues if c.text == "tick" and c.from_end]
        seconds = [left_ms for left_ms in marked if left_ms % 1_000 == 0 and left_ms <= 5_000]
        counted = [int(c.text) for c in phase.cues if c.text.isdigit() and c.from_end]
        assert set(counted) <= {left_ms // 1_000 for left_ms in seconds}


# Tones, the sides in both languages of the sessions, and an author's own line.
_BEHIND_A_COUNTDOWN = (
    *("tick", "start", "Shake it out"),
    *("Now ", "Left side.", "Right side.", "Switch sides.", "Let go slowly."),
    *("Jetzt ", "Die linke Seite.", "Die rechte Seite.", "Seite wechseln.", "Langsam lösen."),
)


def no_word_but_an_author_s_or_a_side_lies_behind_the_countdown_of_what_comes_next(timeline: Timeline) -> None:
    for phase in timeline.phases:
        counted = [c for c in phase.cues if c.text.isdigit() and c.from_end and phase.kind != "work"]
        if not counted:
            continue
        after = [c.text for c in phase.cues if c.offset_ms > counted[0].offset_ms and c not in counted]
        assert all(text.startswith(_BEHIND_A_COUNTDOWN) for text in after), after


@given(step_lists, contexts, fits)
def test_what_holds_for_every_timeline(steps: list[Step], planned: CompileContext, defaults: Step) -> None:
    timeline = case_of(steps, planned, defaults).timeline
    every_cue_lies_inside_its_phase_and_cues_are_in_order(timeline)
    no_two_spoken_lines_overlap(timeline)
    every_line_is_over_when_its_set_or_phase_is(timeline)
    phases_add_up_and_take_time_unless_they_wait(timeline)
    every_set_starts_with_its_tone_at_zero_and_what_follows_work_with_the_tone_of_its_end(timeline)
    the_last_seconds_before_work_and_of_a_hold_are_marked_exactly(timeline)
    no_word_but_an_author_s_or_a_side_lies_behind_the_countdown_of_what_comes_next(timeline)
    nothing_is_said_between_the_last_words_before_work_and_their_countdown(timeline)
    no_wording_is_said_twice_within_two_minutes(timeline)


def nothing_is_said_between_the_last_words_before_work_and_their_countdown(timeline: Timeline) -> None:
    for phase in timeline.phases:
        spoken = [cue for cue in phase.cues if cue.kind == "speech"]
        for cue, after in pairwise(spoken):
            if cue.text == "At the tone, lean in.":
                assert after.text.isdigit() or after.text.startswith(("Left side", "Right side", "Now ")), after
                # A number that is too long for its second is left to its tick, which the countdown begins with then.
                marks = (c for c in phase.cues if c.offset_ms >= cue.end_ms and (c.text == "tick" or c is after))
                assert next(marks).offset_ms - cue.end_ms <= 1_000 or not after.text.isdigit()


def no_wording_is_said_twice_within_two_minutes(timeline: Timeline) -> None:
    last_ms: dict[str, int] = {}
    for line in heard(timeline, "speech"):
        if line.cue.text in FILLERS | set(HALVES):
            assert line.at_ms - last_ms.get(line.cue.text, -APART_MS) >= APART_MS, line.cue.text
            last_ms[line.cue.text] = line.at_ms


def no_rest_comes_after_the_last_set_or_round(timeline: Timeline) -> None:
    for before, after in pairwise(timeline.phases):
        # A round by the clock lasts to the end of its time, the last one too.
        if before.kind == "rest" and before.until_ms is None:
            assert after.kind in {"work", "prepare", "switch", "rest"}
            assert after.kind != "rest" or after.set is None


def sides_are_worked_one_after_the_other_each_for_the_full_time(timeline: Timeline) -> None:
    works = [unit for unit in _units(timeline) if unit[0].kind == "work"]
    by_set = groupby(works, lambda unit: (unit[0].step, unit[0].set, unit[0].side is not None and unit[0].sets))
    for _, group in by_set:
        for left, right in pairwise(list(group)):
            if left[0].side != right[0].side and left[0].set == right[0].set and left[0].step == right[0].step:
                assert [phase.duration_ms for phase in left] == [phase.duration_ms for phase in right]


@given(work_lists, contexts, fits)
def test_what_holds_for_every_timeline_of_work_alone(
    steps: list[Step], planned: CompileContext, defaults: Step
) -> None:
    timeline = case_of(steps, planned, defaults).timeline
    no_rest_comes_after_the_last_set_or_round(timeline)
    sides_are_worked_one_after_the_other_each_for_the_full_time(timeline)


def the_beat_of_every_counted_word_falls_on_its_second_or_rep(case: Case) -> None:
    timeline, lengths = case.timeline, case.planned.lengths
    for line in heard(timeline, "speech"):
        if not line.cue.text.isdigit():
            continue
        phase, beat_ms = timeline.phases[line.phase], line.at_ms + lengths.speech(Utterance(line.cue.text)).beat_ms
        if phase.rep is not None:
            ends_ms = {  # of each rep; the end of its last part comes last
                other.rep: start_ms + (other.duration_ms or 0)
                for other, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True)
                if other.unit == phase.unit and other.rep and not other.is_open
            }
            rep = int(line.cue.text)
            assert line.end_ms <= ends_ms[rep] if rep == max(ends_ms) else beat_ms == ends_ms[rep]
        elif not phase.is_open and line.cue.from_end:
            # The countdown of a rest is that of the time to get ready which it lacks, where it lacks some.
            following = timeline.next_unit(line.phase) if phase.kind == "rest" else line.phase + 1
            end_ms = timeline.total_ms if following is None else [*timeline.starts_ms, timeline.total_ms][following]
            assert beat_ms == end_ms - int(line.cue.text) * 1_000
        else:
            assert beat_ms == timeline.starts_ms[line.phase] + int(line.cue.text) * 1_000


def the_same_arguments_give_the_same_timeline(case: Case, steps: list[Step], defaults: Step) -> None:
    assert case_of(steps, replace(case.planned), defaults).compiled == case.compiled


def a_session_in_short_is_as_long_as_the_whole(case: Case) -> None:
    assert outline(case.made, case.planned).length_ms == case.timeline.total_ms


REST_FOR = "Rest for # seconds."


def has_long_rest(compiled: Compiled) -> bool:
    rests = (phase.duration_ms or 0 for phase in compiled.timeline.phases if phase.kind == "rest")
    return any(rest_ms >= LONG_REST_MS for rest_ms in rests)


def what_may_be_said_does_not_depend_on_lengths(case: Case, lengths: Lengths) -> None:
    asked = AskedLengths(lengths)
    other = case.again(lengths=asked)
    if case.planned.speaks:
        assert asked.lines <= other.candidates.keys()  # so that nothing else has to be measured
    # But for what is said of the length of a rest that grows, which may become long enough to be told.
    one, two = ({re.sub(r"\d+", "#", line.text) for line in each.candidates} for each in (case.compiled, other))
    assert one ^ two <= {REST_FOR}
    if one != two:
        assert [REST_FOR in lines for lines in (one, two)] == [has_long_rest(case.compiled), has_long_rest(other)]
    for compiled in (case.compiled, other):
        assert compiled.candidates.keys() >= set(compiled.timeline.spoken_lines())
        assert {line.text for line in compiled.candidates} >= {
            line.text for line in compiled.dropped if line.lacking_ms
        }


def every_cue_of_the_author_is_heard_or_reported(case: Case, steps: list[Step]) -> None:
    spoken = [line.cue.text for line in heard(case.timeline, "speech")]
    reported = {missed.origin for missed in case.compiled.dropped}
    for path, step in _flat(steps, ("steps",)):
        for index, cue in enumerate(step.get("cues", [])):
            if cue.get("say") == "Easy.":
                assert "Easy." in spoken or (*path, "cues", index) in reported


def _flat(steps: list[Step], path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Step]]:
    found: list[tuple[tuple[str | int, ...], Step]] = []
    for index, step in enumerate(steps):
        here = (*path, index)
        # While one clock runs for all rounds of a block, nobody guides its steps; `check` warns of their cues.
        inner = [] if "within" in step else step.get("steps", [])
        found += _flat(inner, (*here, "steps")) if "steps" in step else [(here, step)]
    return found


def lengths_of_lines_change_neither_number_nor_kind_of_phases(case: Case, lengths: Lengths) -> None:
    one, other = case.timeline, case.again(lengths=lengths).timeline
    assert _all_fixed(one) == _all_fixed(other)
    assert one.steps == other.steps


def _is_round_rest(phase: Phase | None) -> bool:
    return phase is not None and phase.until_ms is not None


def _steady(timeline: Timeline) -> list[tuple[Phase, bool]]:
    """The phases that are there whatever is said, each with whether one that may not be lies right before it.

    What is said in timed rounds decides how long the rest at their end is, and whether there is time to get ready
    behind the last one.
    """
    found, lacking, after_unsteady = [], -1, False
    for before, phase in pairwise([None, *timeline.phases]):
        lacking = phase.unit if phase and _is_round_rest(before) and before and before.unit == phase.unit else lacking
        assert phase is not None
        if _is_round_rest(phase) or (phase.kind == "prepare" and phase.unit == lacking):
            after_unsteady = True
        else:
            found.append((phase, after_unsteady))
            after_unsteady = False
    return found


def _all_fixed(timeline: Timeline) -> list[tuple[Any, ...]]:
    return [_fixed(phase) for phase, _ in _steady(timeline)]


def _side_by_side(one: Timeline, other: Timeline) -> list[tuple[Phase, Phase]]:
    """The steady phases of both, without those right behind what is not."""
    pairs = zip(_steady(one), _steady(other), strict=True)
    return [(first, second) for (first, behind), (second, also_behind) in pairs if not (behind or also_behind)]


def _unit_ms(timeline: Timeline, phase: Phase) -> int:
    return sum(one.duration_ms or 0 for one in timeline.phases if one.unit == phase.unit)


def _fixed(phase: Phase) -> tuple[Any, ...]:
    """What does not depend on the lengths of lines: everything but the cues, and the time that grows."""
    grows = phase.kind in {"prepare", "say"} or (phase.kind in {"rest", "switch"} and phase.set is None)
    # The first change of sides grows with what an author says on the second one.
    grows = grows or (phase.kind == "switch" and phase.set == 1)
    shown = (phase.label, phase.text, phase.up_next, phase.part, phase.side, phase.measure)
    place = (phase.step, phase.unit, phase.set, phase.sets, phase.rep, phase.reps, phase.round, phase.rounds)
    return phase.kind, None if grows else phase.duration_ms, *shown, *place


def with_tones_alone_nothing_is_said_and_every_tone_of_the_brief_form_stays(case: Case) -> None:
    brief, tones = (case.again(verbosity=verbosity).timeline for verbosity in ("brief", "tones"))
    assert list(tones.spoken_lines()) == []
    assert _all_fixed(tones) == _all_fixed(brief)
    for silent, spoken in _side_by_side(tones, brief):
        assert (silent.duration_ms or 0) <= (spoken.duration_ms or 0)
        # A rest and the time to get ready that it lacks are counted down together.
        if _unit_ms(tones, silent) == _unit_ms(brief, spoken):
            assert sounds(silent) == sounds(spoken)


def what_is_said_in_brief_is_said_in_full_in_phases_at_least_as_long(case: Case) -> None:
    lengths = PlainLengths(1)
    full, brief = (case.again(lengths=lengths, verbosity=verbosity).timeline for verbosity in ("full", "brief"))
    assert len(_all_fixed(full)) == len(_all_fixed(brief))
    for long, short in _side_by_side(full, brief):
        assert (short.duration_ms is None) == (long.duration_ms is None)
        assert (short.duration_ms or 0) <= (long.duration_ms or 0)
        assert [sound for _, sound in sounds(short)] == [sound for _, sound in sounds(long)]


def what_limits_let_pass_is_never_more_than_they_counted(case: Case) -> None:
    made, planned = case.made, replace(case.planned, level=1.0)
    assert check_limits(made, planned) == []
    timeline = compile_session(made, planned).timeline
    size = _Gauge(made, planned).all_of(made.steps, ("steps",))
    assert len(timeline.phases) <= size.phases + 2
    assert sum(len(phase.cues) for phase in timeline.phases) <= size.cues + 10


@given(step_lists, levels, seeds, st.integers(0, 8))
def test_what_holds_for_every_session_however_it_is_compiled(
    steps: list[Step], level: float, seed: int, lengths: int
) -> None:
    case = case_of(steps, plan(RandomLengths(lengths), level=level, seed=seed))
    the_beat_of_every_counted_word_falls_on_its_second_or_rep(case)
    every_cue_of_the_author_is_heard_or_reported(case, steps)
    with_tones_alone_nothing_is_said_and_every_tone_of_the_brief_form_stays(case)
    what_is_said_in_brief_is_said_in_full_in_phases_at_least_as_long(case)
    what_limits_let_pass_is_never_more_than_they_counted(case)


@given(step_lists, contexts, fits, st.integers(0, 8))
def test_what_holds_for_every_session_however_its_phases_fit(
    steps: list[Step], planned: CompileContext, defaults: Step, others: int
) -> None:
    case = case_of(steps, planned, defaults)
    lengths_of_lines_change_neither_number_nor_kind_of_phases(case, RandomLengths(others))
    the_same_arguments_give_the_same_timeline(case, steps, defaults)
    a_session_in_short_is_as_long_as_the_whole(case)
    what_may_be_said_does_not_depend_on_lengths(case, RandomLengths(others))


@given(work_lists, seeds)
@settings(max_examples=30, deadline=None)
def test_half_of_a_session_is_told_once_at_most_and_then_it_is_true(steps: list[Step], seed: int) -> None:
    made = session({"rounds": 4, "rest": "20s", "steps": steps})
    timeline = compile_session(made, plan(RandomLengths(seed))).timeline
    told = [line for line in heard(timeline, "speech") if line.cue.text == "Half of the session is done."]
    assert len(told) <= 1
    for line in told:
        phase = timeline.phases[line.phase]
        assert int(EARLIEST * timeline.total_ms) <= line.at_ms <= LATEST * timeline.total_ms
        assert phase.kind in {"rest", "prepare", "switch", "work"}
        assert phase.duration_ms is not None
        assert line.cue.end_ms <= phase.duration_ms
        others = [cue for cue in phase.cues if cue.kind == "speech" and cue != line.cue]
        assert all(cue.end_ms <= line.cue.offset_ms or line.cue.end_ms <= cue.offset_ms for cue in others)
