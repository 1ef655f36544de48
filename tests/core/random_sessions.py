"""Random sessions, with every kind of step, nested blocks, ranges, cues and settings."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from timer_app.core.constraints import Verbosity

Step = dict[str, Any]

_LENGTHS = st.sampled_from(["1s", "2.5s", "4s", "10s", "24s", "70s", "10-15s", "20-30s"])
_COUNTS = st.sampled_from([1, 2, 5, "2-4"])
_SHORT = st.sampled_from(["0s", "3s", "6s", "8s", "20s"])
_SIDES: st.SearchStrategy[str | list[str]] = st.sampled_from(["both", "each", "left", ["forward", "backward"]])
_TEMPOS: st.SearchStrategy[Any] = st.sampled_from(
    [
        "1-2",
        "1-3-2",
        "0.4-0.4",
        "2-0-2-1",
        "free",
        [{"name": "push", "for": "1s", "say": "Push {rep} of {reps}."}, {"name": "pull", "for": "2s"}],
    ]
)
_PLACES = st.sampled_from(["start", "end", "1/2", "2/3", "3s", "-4s", "every 4s", "200s"])
_TEXTS = st.sampled_from(
    ["Easy.", "Let it sink, and breathe.", "{remaining} more of {seconds}.", "Rep {rep}, round {round}, {side}."]
)


@st.composite
def _cues(draw: st.DrawFn) -> Step:
    cue: Step = {"at": draw(_PLACES)}
    if draw(st.booleans()):
        cue["sound"] = "tick"
    if "sound" not in cue or draw(st.booleans()):
        cue["say"] = draw(_TEXTS)
    return cue


@st.composite
def _work(draw: st.DrawFn, more: Step) -> Step:
    """A step of work with any of the keys that all of them share."""
    step: Step = {"name": draw(st.sampled_from(["Squat", "Row {round}", "Reach to the {side}"])), **more}
    choices: dict[str, st.SearchStrategy[Any]] = {
        "say": st.sampled_from(["Stand tall.", "Lie down on your {side} side, and wait until all of you is at ease."]),
        "short": st.just("It"),
        "sides": _SIDES,
        "sets": st.sampled_from([1, 2, "1-3"]),
        "rest": _SHORT,
        "switch": _SHORT,
        "prepare": _SHORT,
        "countdown": st.integers(0, 5),
        "cues": st.lists(_cues(), max_size=4),
        "cautions": st.just(["Not if it hurts."]),
        "settle": _SHORT,
        "begin": st.just("At the tone, lean in."),
        "finish": st.sampled_from(["And come back.", "And back, {side}."]),
        "reminders": st.sampled_from([["Easy now."], ["Easy now.", "Look ahead.", "{side}, {remaining}."]]),
        "second_side": st.sampled_from(["The mirror image.", "Now the {side} side: as before, and as slowly."]),
        "company": st.sampled_from(["often", "some", "none"]),
        "load": st.sampled_from(["20 kg", "2 x 12 kg", "red band"]),
        "rpe": st.sampled_from([8, "7-8"]),
        "ask": st.sampled_from([[], ["load"], ["rpe", "rir"]]),
        "ask_for": st.sampled_from(["5s", "wait"]),
    }
    if any(isinstance(value, list) for key, value in more.items() if key in ("hold", "reps", "distance")):
        del choices["sets"]  # they follow from the list
    for key in draw(st.sets(st.sampled_from(sorted(choices)))):
        step[key] = draw(choices[key])
    return step


@st.composite
def _holds(draw: st.DrawFn) -> Step:
    lengths = st.one_of(_LENGTHS, st.sampled_from(["max", "4s+"]))
    more: Step = {"hold": draw(lengths) if draw(st.booleans()) else draw(st.lists(lengths, min_size=1, max_size=3))}
    if draw(st.booleans()):
        more["count"] = draw(st.sampled_from(["up", "down"]))
    if draw(st.booleans()):
        more["overrun"] = draw(st.booleans())
    if draw(st.booleans()):
        more["marks"] = draw(st.sampled_from(["none", "halves", "thirds", "quarters"]))
        more["heads_up"] = draw(st.sampled_from(["0s", "5s", "10s", "100s"]))
        more["tell_time"] = draw(st.sampled_from(["never", "every 5s", "every 20s"]))
    return draw(_work(more))


@st.composite
def _reps(draw: st.DrawFn) -> Step:
    counts = st.one_of(_COUNTS, st.sampled_from(["max", "2+"]))
    more: Step = {"reps": draw(counts) if draw(st.booleans()) else draw(st.lists(counts, min_size=1, max_size=3))}
    if draw(st.booleans()):
        more["tempo"] = draw(_TEMPOS)
    return draw(_work(more))


@st.composite
def _flows(draw: st.DrawFn) -> Step:
    parts = [{"name": "In", "for": draw(_LENGTHS), "say": "Breathe in, {round} of {rounds}.", "breath": "in"}]
    if draw(st.booleans()):
        parts.append({"name": "Out", "for": draw(_LENGTHS), "breath": "out"})
    return draw(_work({"flow": parts, "rounds": draw(_COUNTS)}))


@st.composite
def _distances(draw: st.DrawFn) -> Step:
    return draw(_work({"distance": draw(st.sampled_from(["400 m", "1-2 km", ["100 yd", "200 yd"]]))}))


works = st.one_of(_holds(), _reps(), _flows(), _distances())

_others: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda rest: {"rest": rest}, _SHORT),
    st.builds(lambda rest: {"rest": rest, "say": "Shake it out, {next} is next."}, _SHORT),
    st.just({"say": "Now something else."}),
    st.just({"wait": "Fetch the mat."}),
    st.builds(lambda sides: {"measure": "reach", "sides": sides, "unit": "cm"}, _SIDES),
    st.just({"measure": "pain"}),
)


@st.composite
def _blocks(draw: st.DrawFn, inner: st.SearchStrategy[Step]) -> Step:
    block: Step = {"steps": draw(st.lists(inner, min_size=1, max_size=3))}
    for key, strategy in (("rounds", _COUNTS), ("rest", _SHORT), ("between", _SHORT), ("shuffle", st.booleans())):
        if draw(st.booleans()):
            block[key] = draw(strategy)
    if draw(st.booleans()):
        block.pop("rest", None)
        block |= {"every": draw(st.sampled_from(["20s", "1m"])), "rounds": block.get("rounds", 2)}
    return block


@st.composite
def _clocked_blocks(draw: st.DrawFn) -> Step:
    """A block with one clock for all of its rounds."""
    block: Step = {"within": draw(st.sampled_from(["30s", "2m", "12m"])), "steps": draw(st.lists(works, min_size=1))}
    return {**block, "rounds": draw(_COUNTS)} if draw(st.booleans()) else block


_UNSIDED = {"name": "Swing", "hold": "10s"}


@st.composite
def _sided_blocks(draw: st.DrawFn) -> Step:
    """A block whose whole sequence is done on the left, then on the right."""
    choices: list[Step] = [{}, {"sides": "both"}, {"sets": 2}]
    more = draw(st.sampled_from(choices))
    block: Step = {"sides": "each", "rounds": draw(_COUNTS), "steps": [_UNSIDED, {**_UNSIDED, **more}]}
    for key in draw(st.sets(st.sampled_from(["rest", "between"]))):
        block[key] = draw(_SHORT)
    return block


@st.composite
def _included(draw: st.DrawFn, inner: st.SearchStrategy[Step]) -> Step:
    """A session that is put in, with defaults and a language of its own."""
    included: Step = {"steps": draw(st.lists(inner, min_size=1, max_size=3)), "defaults": draw(fits)}
    if draw(st.booleans()):
        included |= {"cautions": ["Nicht bei Schmerzen."], "language": "de", "voice": {"rate": 120}}
    return {"included": included}


def _lists(kinds: st.SearchStrategy[Step]) -> st.SearchStrategy[list[Step]]:
    others = (_clocked_blocks(), _sided_blocks(), _included(st.one_of(kinds, _sided_blocks())))
    deep = st.one_of(kinds, _blocks(st.one_of(kinds, _sided_blocks(), _included(kinds))), *others)
    return st.lists(deep, min_size=1, max_size=4)


fits: st.SearchStrategy[Step] = st.sampled_from([{}, {"fit": "clock"}, {"prepare": 0}, {"fit": "clock", "prepare": 0}])
"""Defaults that decide what lasts as long as its words."""
step_lists = _lists(st.one_of(works, works, _others))
work_lists = _lists(works)
"""Without rests, waits, words and questions of the author's own."""


@st.composite
def _bounded_works(draw: st.DrawFn) -> Step:
    """A step of work that lasts what is written, with any keys that have to do with time."""
    flow = [{"name": "In", "for": "4s"}, {"name": "Out", "for": "2.5s"}]
    more: st.SearchStrategy[Step] = st.sampled_from(
        [
            {"hold": "20s"},
            {"hold": "2.5s"},
            {"hold": ["5s", "2.5s", "10s"]},
            {"reps": 5, "tempo": "0.4-0.4"},
            {"reps": 2},
            {"reps": [3, 2], "tempo": "1-1"},
            {"flow": flow, "rounds": 3},
        ]
    )
    step = draw(_work(draw(more)))
    step.pop("ask", None)  # questions take as long as an answer
    return {**step, "sets": draw(st.integers(1, 3))} if "sets" in step else step


@st.composite
def _bounded_blocks(draw: st.DrawFn, inner: st.SearchStrategy[Step]) -> Step:
    block: Step = {"steps": draw(st.lists(inner, min_size=1, max_size=3)), "rounds": draw(st.integers(1, 3))}
    return {**block, "rest": draw(_SHORT)} if draw(st.booleans()) else block


@st.composite
def _bounded_rounds(draw: st.DrawFn, inner: st.SearchStrategy[Step]) -> Step:
    """Rounds by the clock: each so long, one clock for all of them, or whole sequences by sides."""
    rounds, steps = draw(st.integers(1, 3)), st.lists(inner, min_size=1, max_size=3)
    match draw(st.sampled_from(["every", "within", "sides"])):
        case "every":
            return {"every": draw(st.sampled_from(["20s", "45s", "3m"])), "rounds": rounds, "steps": draw(steps)}
        case "within":
            return {"within": draw(st.sampled_from(["30s", "2m"])), "steps": [_UNSIDED]}
    unsided = st.sampled_from([_UNSIDED, {**_UNSIDED, "prepare": 0}, {"rest": "3s"}, {"say": "Now the other one."}])
    block: Step = {"sides": "each", "rounds": rounds, "steps": draw(st.lists(unsided, min_size=1, max_size=3))}
    return {**block, "rest": draw(_SHORT)} if draw(st.booleans()) else block


@st.composite
def _bounded_included(draw: st.DrawFn, inner: st.SearchStrategy[Step]) -> Step:
    included: Step = {"steps": draw(st.lists(inner, min_size=1, max_size=3)), "cautions": ["Not if it hurts."]}
    return {"included": {**included, "defaults": {**draw(defaults_by_clock), "fit": draw(st.sampled_from(_FITS))}}}


_FITS = ("words", "clock")
defaults_by_clock: st.SearchStrategy[Step] = st.fixed_dictionaries(
    {"fit": st.just("clock")}, optional={"prepare": _SHORT, "rest": _SHORT, "switch": _SHORT}
)
_bounded = st.one_of(
    _bounded_works(), st.builds(lambda rest: {"rest": rest}, _SHORT), st.just({"say": "Now something else."})
)
_bounded_deep = st.one_of(_bounded, _bounded_blocks(_bounded))
bounded_lists = st.lists(
    st.one_of(
        _bounded_deep,
        _bounded_rounds(st.one_of(_bounded_deep, _bounded_included(_bounded))),
        _bounded_included(st.one_of(_bounded, _bounded_rounds(_bounded))),
    ),
    min_size=1,
    max_size=4,
)
"""Without waits, questions, reps at one's own pace and ranges."""
levels = st.sampled_from([0.0, 0.5, 1.0])
seeds = st.integers(0, 3)
verbosities: st.SearchStrategy[Verbosity] = st.sampled_from(["full", "brief", "tones"])
