"""That the author's time is kept: what serves for getting ready, what grows for words, and what the clock times."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.core.compiling import (
    SQUAT,
    PlainLengths,
    RandomLengths,
    Step,
    compiled,
    exercises,
    kinds,
    lines,
    phases,
    plan,
    said,
    session,
    sounds,
    words,
)
from tests.core.player_run import Run
from tests.core.random_sessions import bounded_lists, defaults_by_clock, seeds, verbosities
from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.lint import check_session
from timer_app.core.fields.notation import parse_duration_ms
from timer_app.core.player import events as ev
from timer_app.core.player.states import Command

RUN: Step = {"name": "Run", "hold": "20s"}
WALK: Step = {"name": "Walk", "hold": "20s", "say": "Slow down, and breathe through the nose."}
CLOCK = {"fit": "clock"}


def _shape(*steps: Step, **more: Any) -> list[tuple[str, float | None]]:
    """Kind and seconds of every phase between the opening and the closing words."""
    return [(p.kind, None if p.duration_ms is None else p.duration_ms / 1_000) for p in phases(*steps, **more)]


def _warnings(*steps: Step, **more: Any) -> list[tuple[str, str]]:
    """Key and message of everything that is warned of."""
    _, problems = check_session(session(*steps, **more), plan())
    return sorted(((".".join(map(str, problem.path)), problem.message) for problem in problems), reverse=True)


# A rest is the time to get ready.


def test_a_rest_before_an_exercise_is_its_time_to_get_ready() -> None:
    assert _shape(RUN, {"rest": "10s"}, WALK) == [("prepare", 6), ("work", 20), ("rest", 10), ("work", 20)]
    rest = phases(RUN, {"rest": "10s"}, WALK)[2]
    assert words(rest) == ["Rest.", "The last exercise.", "Next: Walk.", WALK["say"], "20 seconds."]
    assert said(rest)[-3:] == ["3", "2", "1"]


def test_preparing_fills_only_what_a_rest_lacks() -> None:
    made = phases({"rest": "4s"}, {**RUN, "prepare": "8s"})
    assert [(p.kind, p.duration_ms, p.step) for p in made] == [
        ("rest", 4_000, 0),
        ("prepare", 4_000, 1),
        ("work", 20_000, 1),
    ]
    assert made[0].unit == made[1].unit
    two = _shape({"rest": "3s"}, {"rest": "2s"}, RUN, defaults=CLOCK)
    assert two == [("rest", 3), ("rest", 2), ("prepare", 1), ("work", 20)]


def test_a_rest_grows_with_the_words_for_what_comes_next_unless_no_time_to_get_ready_is_wanted() -> None:
    long = {**WALK, "say": "Slow down. " * 30}
    grown = phases({"rest": "10s"}, long)
    assert [phase.kind for phase in grown] == ["rest", "work"]
    assert grown[0].duration_ms is not None
    assert grown[0].duration_ms > len(long["say"]) * 50
    assert long["say"].strip() in said(grown[0])
    assert _shape({"rest": "10s"}, {**long, "prepare": 0}) == [("rest", 10), ("work", 20)]
    assert _shape({"rest": "10s"}, long, verbosity="tones") == [("rest", 10), ("work", 20)]


def test_a_countdown_begins_in_a_rest_if_the_time_that_it_lacks_is_no_longer() -> None:
    rest, prepare, _ = phases({"rest": "3s"}, RUN, defaults=CLOCK)
    assert {number: at_ms for number, at_ms in lines(rest).items() if number.isdigit()} == {"3": 2_920}
    assert {number: at_ms for number, at_ms in lines(prepare).items() if number.isdigit()} == {"2": 920, "1": 1_920}


def test_a_rest_that_grows_tells_the_length_that_it_has() -> None:
    long = {**WALK, "say": "Slow down. " * 40}
    (grown, _) = phases({"rest": "20s"}, long)
    assert grown.duration_ms == 30_000
    assert said(grown)[0] == "Rest for 30 seconds."
    (own, _) = phases({"rest": "20s", "say": "{seconds} seconds of rest."}, long)
    assert said(own)[0] == own.text == f"{(own.duration_ms or 0) // 1_000} seconds of rest."


def test_a_rest_that_grows_still_shows_what_was_carried_to_it() -> None:
    said: Step = {"included": {"steps": [{"rest": "6s"}, {"say": "Now the floor."}], "defaults": CLOCK}}
    rest = phases(RUN, said, {**WALK, "say": "Slow down. " * 10})[2]
    assert (rest.duration_ms or 0) > 6_000
    assert rest.text == "Now the floor."


def test_in_a_long_rest_what_comes_next_is_explained_just_in_time() -> None:
    say = "Bend your knees until your thighs are level, and keep your weight on your heels."
    rest = phases({"rest": "60s"}, {**SQUAT, "say": say})[0]
    spoken = lines(rest)
    assert spoken["Rest for 1 minute."] == 400
    assert 60_000 - 12_000 < spoken["Next: Squat."] <= 60_000 - 10_000
    (explained,) = [cue for cue in rest.cues if cue.text == say]
    assert explained.from_end
    assert explained.end_ms < spoken["3"]


def test_next_in_a_long_rest_goes_to_where_it_tells_what_comes_next_and_then_to_the_work() -> None:
    timeline = compiled({"rest": "60s"}, {**SQUAT, "say": "Bend your knees."}).timeline
    assert [phase.ready_ms for phase in timeline.phases] == [0, 10_000, 0, 0]
    run = Run(timeline)
    run.after(timeline.starts_ms[1] + 5_000)
    (taken,) = run.press(Command.NEXT)
    assert taken == ev.TimeAdded(run.now_ms, 1, -44_800)
    heard = [
        event.cue.text for event in run.after(10_000) if isinstance(event, ev.CueDue) and event.cue.kind == "speech"
    ]
    assert heard == ["Next: Squat.", "Bend your knees.", "20 seconds, about 3 breaths.", "3", "2", "1"]
    again = Run(timeline)
    again.after(timeline.starts_ms[1] + 5_000)
    again.press(Command.NEXT)
    again.press(Command.NEXT)
    assert again.player.phase.kind == "work"


def test_the_rest_between_rounds_is_the_time_to_get_ready_for_the_next_round() -> None:
    block = {"rounds": 2, "rest": "10s", "steps": [RUN]}
    assert _shape(block) == [("prepare", 6), ("work", 20), ("rest", 10), ("work", 20)]
    assert words(phases(block)[2]) == ["Rest.", "The last round is next.", "Next: Run.", "20 seconds."]


def test_the_last_exercise_is_announced_in_the_rest_before_it() -> None:
    assert words(phases(RUN, {"rest": "20s"}, SQUAT)[2])[1:3] == ["The last exercise.", "Next: Squat."]


# Nothing to get ready.


def test_no_time_to_get_ready_is_none_and_the_name_is_said_over_the_work() -> None:
    defaults = {"prepare": 0, "rest": 0, "countdown": 0}
    made = phases(RUN, {"rest": "10s"}, WALK, defaults=defaults)
    assert [(p.kind, p.duration_ms) for p in made] == [("work", 20_000), ("rest", 10_000), ("work", 20_000)]
    assert words(made[0]) == ["Run.", "20 seconds.", "Halfway."]
    assert words(made[1])[2:] == ["Next: Walk.", WALK["say"], "20 seconds."]
    assert words(made[2]) == ["Half is done."]


def test_an_instruction_without_any_time_before_it_is_warned_of() -> None:
    step = {**WALK, "prepare": 0, "cautions": ["Stop if you feel dizzy."]}
    no_place = "will not be heard: there is no rest before it, and no time to get ready"
    assert _warnings(step) == [
        ("steps.0.say", f'"{WALK["say"]}" {no_place}'),
        ("steps.0.cautions.0", f'"Stop if you feel dizzy." {no_place}'),
    ]
    assert _warnings({"rest": "20s"}, step) == []
    (rest, *_) = phases({"rest": "2s"}, step)
    assert rest.duration_ms == 2_000
    lacks = "will not be heard: there is no time left for it; 2.3 s more would do"
    assert ("steps.1.say", f'"{WALK["say"]}" {lacks}') in _warnings({"rest": "2s"}, step)


def test_a_hold_that_is_counted_upward_is_named_over_its_first_seconds_too() -> None:
    work = phases({**RUN, "prepare": 0, "count": "up"})[0]
    assert lines(work)["Run."] == 600
    assert "5" in said(work)


# By the clock.


@pytest.mark.parametrize("verbosity", ["full", "brief", "tones"])
def test_by_the_clock_every_number_is_as_written_whatever_has_to_be_said(verbosity: Any) -> None:
    long = {**WALK, "say": "Slow down. " * 30, "cautions": ["Stop if you feel dizzy."]}
    steps: list[Step] = [{"say": "Welcome to this session."}, long, {"rest": "7.5s"}, long, {"say": "Well done."}]
    timeline = compiled(*steps, defaults=CLOCK, cautions=["Mind the stairs."], verbosity=verbosity).timeline
    assert [phase.kind for phase in timeline.phases] == ["say", "prepare", "work", "rest", "work", "say"]
    assert timeline.total_ms == 6_000 + 20_000 + 7_500 + 20_000
    assert timeline.starts_ms == (0, 0, 6_000, 26_000, 33_500, 53_500)


def test_by_the_clock_what_does_not_fit_is_shortened_to_the_name_and_warned_of() -> None:
    long = {**WALK, "say": "Slow down. " * 10}
    (prepare, _) = phases(long, defaults=CLOCK)
    assert words(prepare) == ["Walk.", "20 seconds, about 3 breaths."]
    assert [key for key, _ in _warnings(long, defaults=CLOCK)] == ["steps.0.say"]
    (rest, prepare, _) = phases({"rest": "4s"}, long, defaults={**CLOCK, "prepare": "12s"})
    assert words(rest) == ["Rest.", "Next: Walk.", long["say"].strip()]
    assert words(prepare) == ["20 seconds, about 3 breaths."]


def test_where_a_rest_is_too_short_for_more_the_name_alone_is_said() -> None:
    rests = [phases({"rest": rest}, RUN, defaults={**CLOCK, "prepare": 0})[0] for rest in ("4.1s", "4s")]
    assert [words(rest) for rest in rests] == [["Next: Run."], ["Run."]]


def test_by_the_clock_a_step_that_only_speaks_is_said_and_shown_in_what_follows() -> None:
    made = compiled({"say": "Now the floor."}, RUN, {"say": "That was it."}, defaults=CLOCK).timeline
    prepare, work, closing = made.phases[1:]
    assert words(prepare) == ["Now the floor.", "Run.", "20 seconds."]
    assert prepare.text == "Now the floor."
    assert words(closing) == ["That was it."]
    assert closing.text == "That was it."
    assert [step.name for step in made.steps if step.is_listed] == ["Run"]
    assert closing.untimed
    assert made.steps[work.step or 0].name == "Run"


def test_by_the_clock_the_time_before_the_start_and_after_the_end_is_heard_but_not_timed() -> None:
    timeline = compiled(RUN, name="Morning", cautions=["Mind the stairs."], defaults=CLOCK).timeline
    assert said(timeline.phases[0]) == ["Morning.", "Mind the stairs."]
    assert [phase.untimed for phase in timeline.phases] == [True, False, False, True]
    heard = timeline.as_heard()
    assert heard.total_ms == sum(phase.duration_ms or 0 for phase in timeline.phases)
    assert heard.starts_ms[1] == timeline.phases[0].duration_ms


def test_by_the_clock_a_circuit_lasts_what_its_intervals_add_up_to() -> None:
    steps = [{"name": f"Exercise {number}", "hold": "30s", "say": "As fast as you can."} for number in range(12)]
    for block in ({"between": "10s", "steps": steps}, {"rest": "10s", "rounds": 12, "steps": steps[:1]}):
        assert compiled(block, defaults={**CLOCK, "prepare": 0}).timeline.total_ms == (7 * 60 + 50) * 1_000
        assert compiled(block, defaults=CLOCK).timeline.total_ms == (7 * 60 + 56) * 1_000


def test_with_tones_alone_no_phase_is_longer_for_words_that_nobody_says() -> None:
    steps = [WALK, {"rest": "4s"}, {**SQUAT, "say": "Down. " * 40}]
    assert _shape(*steps, verbosity="tones") == [
        ("prepare", 6),
        ("work", 20),
        ("rest", 4),
        ("prepare", 2),
        ("work", 20),
    ]
    phase = compiled(WALK, name="A rather long name of a session" * 2, verbosity="tones").timeline.phases[0]
    assert phase.duration_ms == 1_000


# Changes of side.


def test_sides_change_between_sets_with_their_time_and_their_word() -> None:
    step = {"name": "Get-up", "hold": "5s", "sides": "each", "sets": 2, "rest": 0}
    made = phases(step)
    assert [(p.kind, p.side) for p in made] == [
        ("prepare", "left"),
        ("work", "left"),
        ("switch", "right"),
        ("work", "right"),
        ("switch", "left"),
        ("work", "left"),
        ("switch", "right"),
        ("work", "right"),
    ]
    assert [p.duration_ms for p in made if p.kind == "switch"] == [6_000] * 3
    assert [words(p)[-1] for p in made if p.kind == "switch"] == ["Right side.", "Left side.", "Right side."]
    assert "The last set is next." in words(phases({**step, "switch": "10s"})[4])


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("10s", [("rest", 4), ("switch", 6)]),
        ("6s", [("switch", 6)]),
        ("2s", [("switch", 6)]),
        ("0s", [("switch", 6)]),
    ],
)
def test_by_the_clock_a_change_of_side_between_sets_is_part_of_the_rest(rest: str, expected: list[Any]) -> None:
    step = {**SQUAT, "sides": "each", "sets": 2, "rest": rest, "switch": "6s"}
    assert _shape(step, defaults=CLOCK)[4:-3] == expected


def test_in_words_a_change_of_side_between_sets_lasts_as_long_as_the_longer_of_rest_and_switch() -> None:
    step = {**SQUAT, "sides": "each", "sets": 2, "switch": "6s"}
    assert _shape({**step, "rest": "10s"})[4:-3] == [("rest", 10)]
    assert _shape({**step, "rest": "2s"})[4:-3] == [("switch", 6)]


def test_a_change_of_side_without_time_has_its_word_over_the_work() -> None:
    made = phases({**SQUAT, "sides": "each", "sets": 2, "switch": 0, "rest": 0, "countdown": 0})
    assert kinds({**SQUAT, "sides": "each", "switch": 0}) == ["prepare", "work", "work"]
    assert [words(phase)[0] for phase in made[2:]] == ["Right side.", "Left side.", "Right side."]


def test_a_switch_too_short_for_its_word_is_warned_of() -> None:
    short = {**SQUAT, "hold": "5s", "sides": ["in front of you", "behind your back"], "switch": "1s"}
    assert _warnings(short) == [("steps.0.switch", '1 s to change sides are too short for "Now behind your back."')]
    assert _warnings({**short, "switch": "4s"}) == []
    two = {"name": "Sides", "hold": 5, "sides": "each", "switch": "2s", "sets": 2, "rest": "2s"}
    assert _warnings(two) == []
    assert [words(p) for p in phases(two) if p.kind == "switch"] == [["Right side."]] * 2


# A rest between all steps of a block.


def _rests(*steps: Step, **more: Any) -> list[str]:
    """The first letter of every rest and exercise in order, with the seconds of a rest."""
    made = phases(*steps, defaults={"prepare": 0}, **more)
    return [f"r{(p.duration_ms or 0) // 1_000}" if p.kind == "rest" else p.label for p in made if p.kind != "say"]


A, B, C = ({"name": name, "hold": "20s"} for name in "ABC")


def test_a_block_rests_between_all_its_steps_and_rounds_and_not_after_the_last() -> None:
    once = ["A", "r10", "B", "r10", "C"]
    assert _rests({"between": "10s", "steps": [A, B, C]}) == once
    assert _rests({"between": "10s", "rounds": 2, "steps": [A, B, C]}) == [*once, "r10", *once]
    assert _rests({"between": "10s", "rest": "30s", "rounds": 2, "steps": [A, B, C]}) == [*once, "r30", *once]
    assert _rests({"between": "10s", "rest": 0, "rounds": 2, "steps": [A, B]}) == ["A", "r10", "B", "A", "r10", "B"]


def test_a_written_rest_takes_the_place_of_the_automatic_one() -> None:
    assert _rests({"between": "10s", "steps": [A, {"rest": "25s"}, B, C]}) == ["A", "r25", "B", "r10", "C"]
    assert _rests({"between": "10s", "steps": [A, {"rest": 0}, B, C]}) == ["A", "B", "r10", "C"]
    ends = {"between": "10s", "rounds": 2, "steps": [A, B, {"rest": "25s"}]}
    assert _rests(ends) == ["A", "r10", "B", "r25", "A", "r10", "B", "r25"]
    begins = {"between": "10s", "rest": "40s", "rounds": 2, "steps": [{"rest": "25s"}, A, B]}
    assert _rests(begins) == ["r25", "A", "r10", "B", "r25", "A", "r10", "B"]
    assert _warnings(ends, defaults={"prepare": 0}) == []


def test_a_block_in_a_block_is_one_step_of_it_and_words_are_none() -> None:
    inner = {"rounds": 2, "rest": "5s", "steps": [B]}
    assert _rests({"between": "10s", "steps": [A, inner, C]}) == ["A", "r10", "B", "r5", "B", "r10", "C"]
    made = phases({"between": "10s", "steps": [A, {"say": "Well done."}, {"measure": "pain"}, B]})
    assert [phase.kind for phase in made] == ["prepare", "work", "say", "measure", "rest", "work"]
    ends_with_rest = {"steps": [B, {"rest": "25s"}]}
    assert _rests({"between": "10s", "steps": [A, ends_with_rest, C]}) == ["A", "r10", "B", "r25", "C"]


# Words and countdowns.


def test_no_word_lands_behind_the_countdown_of_what_comes_next() -> None:
    step = {"name": "Hang", "hold": "7s", "sets": 6, "rest": "3s"}
    rests = [phase for phase in phases(step, lengths=PlainLengths(100)) if phase.kind == "rest"]
    assert [said(rest) for rest in rests] == [["2", "1"]] * 5


def test_an_author_s_words_for_a_rest_go_before_the_numbers_that_are_counted() -> None:
    say = "Shake out your arms, and look for your line."
    rest = phases({"rest": "5s", "say": say}, {**RUN, "prepare": 0})[0]
    assert say in said(rest)
    assert [sound for _, sound in sounds(rest)].count("tick") == 3
    (cue,) = [cue for cue in rest.cues if cue.text == say]
    assert all(lines(rest)[number] >= cue.end_ms for number in said(rest) if number.isdigit())


# The sum of what is written.


def _ms(value: object) -> int:
    return parse_duration_ms(value)


class _Sum:
    """What the numbers of steps add up to.

    Made without anything of the compiler: what a reader of the file would add up.
    """

    def __init__(self) -> None:
        self.total_ms = 0
        self._rested_ms = 0  # just before
        self._began_ms: int | None = 0  # of the round by the clock; `None` until something is done in it
        self._is_on_time = False  # work that follows begins by the clock, and needs no time to get ready
        self._round_rest_ms = 0  # of the last round, just before

    def add(self, steps: list[Step], defaults: Step) -> None:
        for step in steps:
            if "included" in step:
                self.add(step["included"]["steps"], step["included"]["defaults"])
            elif "within" in step:
                self._work(_ms(step["within"]), _ms(defaults.get("prepare", "6s")))
            elif "every" in step:
                self._timed(step, defaults)
            elif "steps" in step:
                self._block(step, defaults)
            elif {"hold", "reps", "flow"} & step.keys():
                self._work(_written_sets_ms(step, defaults), _ms(step.get("prepare", defaults.get("prepare", "6s"))))
            elif "rest" in step:
                self._rest(_ms(step["rest"]))

    def _rest(self, rest_ms: int) -> None:
        if rest_ms:
            self._begin()
            self._is_on_time, self._round_rest_ms = False, 0
            self.total_ms += rest_ms
            self._rested_ms += rest_ms

    def _work(self, sets_ms: int, prepare_ms: int) -> None:
        rested_ms = self._rested_ms + self._round_rest_ms
        self.total_ms += 0 if self._is_on_time else max(0, prepare_ms - rested_ms)
        self._begin()
        self.total_ms += sets_ms
        self._is_on_time, self._rested_ms, self._round_rest_ms = False, 0, 0

    def _begin(self) -> int:
        if self._began_ms is None:
            self._began_ms = self.total_ms
        return self._began_ms

    def _block(self, block: Step, defaults: Step) -> None:
        rest_ms, switch_ms = (_ms(defaults.get(key, usual)) for key, usual in (("rest", "10s"), ("switch", "6s")))
        rest_ms = _ms(block["rest"]) if "rest" in block else rest_ms
        for number in range(block.get("rounds", 1)):
            if number:
                self._rest(max(rest_ms, switch_ms) if "sides" in block else rest_ms)
            self.add(block["steps"], defaults)
            if "sides" in block:
                self._rest(switch_ms)
                self.add(block["steps"], defaults)

    def _timed(self, block: Step, defaults: Step) -> None:
        for number in range(1, block["rounds"] + 1):
            self._began_ms = None
            self.add(block["steps"], defaults)
            end_ms = max(self.total_ms, self._begin() + _ms(block["every"]))
            self._round_rest_ms = end_ms - self.total_ms
            self.total_ms, self._is_on_time = end_ms, number < block["rounds"]


def _written_sets_ms(step: Step, defaults: Step) -> int:
    rest_ms, switch_ms = (
        _ms(step.get(key, defaults.get(key, usual))) for key, usual in (("rest", "10s"), ("switch", "6s"))
    )
    both = step.get("sides") in ("each", ["forward", "backward"])
    between_ms = max(rest_ms, switch_ms) if both else rest_ms
    key = next(key for key in ("hold", "reps", "flow") if key in step)
    is_listed = isinstance(step[key], list) and key != "flow"
    sets = [{**step, key: dose} for dose in step[key]] if is_listed else [step] * step.get("sets", 1)
    sets_ms = [_written_set_ms(one) * (2 if both else 1) + (switch_ms if both else 0) for one in sets]
    return sum(sets_ms) + (len(sets) - 1) * between_ms


def _written_set_ms(step: Step) -> int:
    if "hold" in step:
        return _ms(step["hold"])
    if "flow" in step:
        rounds: int = step["rounds"]
        return rounds * sum(_ms(part["for"]) for part in step["flow"])
    reps: int = step["reps"]
    return reps * sum(_ms(part) for part in step.get("tempo", "3").split("-"))


@given(bounded_lists, defaults_by_clock, seeds, verbosities)
@settings(deadline=None)
def test_by_the_clock_a_session_lasts_what_its_numbers_add_up_to(
    steps: list[Step], defaults: Step, seed: int, verbosity: Any
) -> None:
    made = session(*steps, defaults=defaults, cautions=["Not if it hurts."])
    timeline = compile_session(made, plan(RandomLengths(seed), seed=seed, verbosity=verbosity)).timeline
    written = _Sum()
    written.add(steps, defaults)
    assert timeline.total_ms == written.total_ms
    assert timeline.total_ms == sum(phase.duration_ms or 0 for phase in timeline.phases if not phase.untimed)


def test_an_exercise_of_the_catalogue_is_warned_of_where_it_is_named() -> None:
    catalogue = exercises(walk={"name": "Walk", "say": "Slow down, and breathe.", "hold": "20s", "prepare": 0})
    made = session({"exercise": "walk"}, catalogue=catalogue)
    dropped = compile_session(made, plan(catalogue=catalogue)).dropped
    assert [line.origin for line in dropped] == [("steps", 0, "exercise")]
