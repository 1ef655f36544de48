"""What a session costs is bounded by what is laid out of it, not by what a few lines ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.core.compiling import PlainLengths, Step, compiled, plan, session
from timer_app.core.compiler import compile as compiling
from timer_app.core.compiler import layout, limits, resolve
from timer_app.core.compiler.compile import Compiled, compile_session, outline
from timer_app.core.compiler.limits import check_limits, is_large
from timer_app.core.compiler.lint import check_session
from timer_app.core.diagnostics import Problem
from timer_app.core.timeline.utterance import SpeechTiming, Utterance

EVERY_SECOND: Step = {"at": "every 1s", "say": "x {remaining}"}
EVERY_OTHER: Step = {"at": "every 2s", "sound": "tick"}
END: Step = {"at": "end", "say": "Now."}
WHOLE_DAY: Step = {"name": "Hold", "hold": "23h", "rest": 0, "cues": [EVERY_SECOND] * 4}
THOUSAND = {"name": "Row", "reps": 1_000, "rest": 0}
TOO_FINE: Step = {**THOUSAND, "tempo": [{"name": f"part {number}", "for": "0.001s"} for number in range(20)]}
TOO_OFTEN: Step = {"rounds": 300, "rest": 0, "steps": [{"rounds": 300, "rest": 0, "steps": [{"say": "a"}]}]}
TOO_MANY_REPS: Step = {"rounds": 9, "rest": 0, "steps": [{**THOUSAND, "sets": 3, "tempo": "1-1-1"}]}
TOO_MANY_ROUNDS: Step = {"name": "Breathe", "within": "23h", "flow": [{"name": "in", "for": "1s"}]}

# Small, so that random sessions reach them.
SMALL = {"MAX_LAID_OUT_CUES": 60, "MAX_LAID_OUT_UNITS": 40, "MAX_LAID_OUT_PHASES": 300, "MAX_SET_PHASES": 100}
CUES_OF_PHASE, CUES_OF_UNIT = 3, 130  # of the coach, at most: a hold of ten minutes counted up has 114


def warnings(*steps: Step) -> list[Problem]:
    made = session(*steps)
    return [one for one in check_session(made, plan())[1] if " in a se" in one.allowed]


FILLED_EVERY_MS = 12_000  # what breaks a silence is bounded by time: with company, a line each 15 s, and each minute


def placed(found: Compiled) -> int:
    """How many cues were handled: those that are heard, and those without room; what is moved or shortened is heard."""
    lost = sum(not line.replacement for line in found.dropped)
    return sum(len(phase.cues) for phase in found.timeline.phases) + lost


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (WHOLE_DAY, "this step has 331,200 cues of its own: only the first 20,000 are heard"),
        (TOO_FINE, "this step has sets of 20,000 parts: its reps are not divided"),
        (TOO_OFTEN, "this step has 90,000 sets, rests and lines: the session ends after about 10,000"),
        (TOO_MANY_REPS, "this step becomes 81,054 phases: the session ends after about 65,000"),
        (
            TOO_MANY_ROUNDS,
            "this step has sets of 82,800 parts: its rounds are not divided, and 10,000 of them are done",
        ),
    ],
    ids=["cues", "parts", "units", "phases", "rounds"],
)
def test_what_is_laid_out_in_part_is_accepted_with_a_warning(step: Step, message: str) -> None:
    made = session(step)
    assert check_limits(made, plan()) == []
    assert is_large(made, plan())
    found = compile_session(made, plan())
    assert found.is_partial
    assert len(found.timeline.phases) <= 65_000 + 3_100  # a set that is begun is laid out whole
    assert placed(found) <= 20_000 + CUES_OF_PHASE * len(found.timeline.phases) + CUES_OF_UNIT * 30
    (warning,) = warnings(step)
    assert (warning.message, warning.severity) == (message, "warning")


def test_what_lies_below_the_bounds_is_laid_out_in_full() -> None:
    steps: list[Step] = [{"name": "Hold", "hold": "5h", "cues": [EVERY_SECOND]}, {**THOUSAND, "tempo": "1-1-1"}]
    found = compiled(*steps)
    assert not found.is_partial
    assert sum(phase.kind == "work" for phase in found.timeline.phases) == 3_001
    assert warnings(*steps) == []


@pytest.mark.parametrize(
    "step",
    [
        {"name": "Hold", "hold": "3h"},
        {"rest": "3h"},
        {"name": "Hold", "hold": "1m", "sets": 2, "rest": "1h"},
        {"rounds": 2, "rest": "1h", "steps": [{"name": "Hold", "hold": "1m"}]},
        {"every": "1h", "rounds": 2, "steps": [{"name": "Hold", "hold": "1m"}]},
    ],
    ids=["hold", "rest", "rest between sets", "rest between rounds", "rest of a round"],
)
def test_what_breaks_a_long_silence_is_counted(step: Step) -> None:
    made = session(step, defaults={"company": "often"})
    size = limits._Gauge(made, plan()).all_of(made.steps, ("steps",))
    assert placed(compile_session(made, plan())) <= size.cues + 10


def test_of_too_many_cues_the_first_ones_in_time_are_heard() -> None:
    with small_bounds():
        (hold,) = [phase for phase in compiled(WHOLE_DAY).timeline.phases if phase.kind == "work"]
    ticks = [cue for cue in hold.cues if cue.text.startswith("x ")]
    assert ticks
    assert max(cue.offset_ms for cue in ticks) <= SMALL["MAX_LAID_OUT_CUES"] / 4 * 1_000 + 2_000


class CountedLengths(PlainLengths):
    """Lengths that count how often they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def speech(self, line: Utterance, /) -> SpeechTiming:
        self.asked += 1
        return super().speech(line)


def test_a_list_of_sessions_asks_for_few_lengths() -> None:
    lengths = CountedLengths()
    outline(session(WHOLE_DAY), plan(lengths=lengths))
    assert lengths.asked < 50  # nothing that is said in a set makes it longer


@contextmanager
def small_bounds() -> Iterator[None]:
    with ExitStack() as patches:
        for module in (compiling, layout, limits, resolve):
            for name, value in SMALL.items():
                if hasattr(module, name):
                    patches.enter_context(patch.object(module, name, value))
        yield


_SMALL_CUES = st.lists(
    st.sampled_from([EVERY_SECOND, EVERY_OTHER, {"at": "1/2", "say": "Half."}, END]),
    max_size=5,
)
_PARTS = st.integers(1, 20).map(lambda count: [{"name": f"p{index}", "for": "0.01s"} for index in range(count)])
_SETS = st.sampled_from([1, 2, 7, 30])
_KINDS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda hold: {"hold": hold}, st.sampled_from(["1s", "90s", "2h"])),
    st.builds(lambda hold: {"hold": hold, "count": "up", "overrun": True}, st.sampled_from(["1s", "10m"])),
    st.builds(lambda reps, tempo: {"reps": reps, "tempo": tempo}, st.sampled_from([1, 40, 300]), _PARTS),
    st.builds(lambda reps: {"reps": reps, "tempo": "0.1-0.1"}, st.lists(st.integers(1, 200), min_size=1, max_size=9)),
    st.builds(lambda flow, time: {"flow": flow, "within": time}, _PARTS, st.sampled_from(["5s", "10m", "1h"])),
    st.builds(lambda flow, rounds: {"flow": flow, "rounds": rounds}, _PARTS, st.sampled_from([3, 200])),
)


@st.composite
def _costly_works(draw: st.DrawFn) -> Step:
    step: Step = {"name": "A", "prepare": draw(st.sampled_from([0, 3])), "rest": 0, **draw(_KINDS)}
    if not isinstance(step.get("reps"), list):
        step["sets"] = draw(_SETS)
    step["cues"] = draw(_SMALL_CUES)
    step["sides"] = draw(st.sampled_from(["both", "each"]))
    step["switch"] = draw(st.sampled_from([0, 2]))
    return step


_OTHERS = st.sampled_from([{"say": "a"}, {"rest": "1s"}, {"wait": "w"}, {"measure": "pain"}])


@st.composite
def _costly_blocks(draw: st.DrawFn) -> Step:
    inner = st.one_of(_costly_works(), _OTHERS)
    block: Step = {"steps": draw(st.lists(inner, min_size=1, max_size=3)), "rounds": draw(st.sampled_from([1, 9, 90]))}
    clock = draw(st.sampled_from(["none", "every", "between", "within"]))
    if clock == "every":
        return {**block, "every": "5s"}
    if clock == "between":
        return {**block, "between": "1s", "rest": 0}
    works = [step for step in block["steps"] if "name" in step]
    if clock == "within" and works:
        return {"within": "30m", "steps": works}
    return {**block, "rest": 0}


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.one_of(_costly_blocks(), _costly_works(), _OTHERS), min_size=1, max_size=4))
@example(steps=[{"name": "As many as are heard", "hold": "1s", "sets": 6, "rest": 0, "cues": [END] * 10}])
@example(steps=[{"name": "Without a place", "hold": "1s", "sets": 6, "rest": 0, "cues": [EVERY_OTHER] * 11}])
@example(steps=[{"name": "Many in one", "hold": "90s", "rest": 0, "cues": [EVERY_SECOND]}])
def test_no_session_costs_more_than_its_bounds(steps: list[Step]) -> None:
    made, lengths = session(*steps), CountedLengths()
    planned = plan(lengths=lengths)
    with small_bounds():
        if check_limits(made, planned):
            return  # refused
        lengths.asked = 0
        found = compile_session(made, planned)
        phases, units = found.timeline.phases, len({phase.unit for phase in found.timeline.phases})
        # A set that is begun is laid out whole, with what leads to it and what is asked after it.
        assert len(phases) <= SMALL["MAX_LAID_OUT_PHASES"] + SMALL["MAX_SET_PHASES"] + 10
        assert units <= SMALL["MAX_LAID_OUT_UNITS"] + 10
        cues = SMALL["MAX_LAID_OUT_CUES"] + CUES_OF_PHASE * len(phases) + CUES_OF_UNIT * units
        assert placed(found) <= cues + found.timeline.total_ms // FILLED_EVERY_MS
        assert lengths.asked <= cues
        assert outline(made, planned).length_ms == found.timeline.total_ms
        if found.is_partial:
            assert limits.laid_out_in_part(made, planned)
            assert is_large(made, planned)
        check_session(made, planned)
