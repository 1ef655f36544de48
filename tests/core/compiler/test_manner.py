"""How a session, an exercise and a step decide in which manner their lines are spoken, and what is shown instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from tests.core.compiling import PlainLengths, compiled, exercises, phases, plan, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.timeline.model import Cue, Phase
from timer_app.core.timeline.utterance import Manner, SpeechTiming, Utterance

SQUAT = {"name": "Squat", "say": "Slide down.", "hold": 30, "sets": 2}
SLOW = {"rate": 100}


def spoken(found: list[Phase] | tuple[Phase, ...]) -> Iterator[Cue]:
    return (cue for phase in found for cue in phase.cues if cue.kind == "speech")


def manners(found: list[Phase] | tuple[Phase, ...]) -> set[Manner]:
    return {cue.content.manner for cue in spoken(found) if isinstance(cue.content, Utterance)}


def test_without_a_voice_table_everything_is_spoken_as_usual() -> None:
    timeline = compiled(SQUAT).timeline
    assert {line.manner for line in timeline.spoken_lines()} == {Manner(language="en")}


def test_the_manner_of_a_session_holds_for_everything_that_is_said() -> None:
    voice = {"rate": 120, "pitch": 30}
    timeline = compiled(SQUAT, {"rest": 20}, {"say": "Well done."}, voice=voice, language="de").timeline
    assert {line.manner for line in timeline.spoken_lines()} == {Manner(120, 30, "de")}


def test_the_manner_of_a_step_holds_for_that_step_alone_and_goes_before_the_session() -> None:
    found = compiled(
        {**SQUAT, "voice": {"rate": 90, "language": "de"}}, {"say": "Well done."}, voice={"rate": 120, "pitch": 30}
    ).timeline.phases
    own = [phase for phase in found if phase.step == 0]
    others = [phase for phase in found if phase.step != 0]
    assert manners(own) == {Manner(90, 30, "de")}
    assert manners(others) == {Manner(120, 30, "en")}


@pytest.mark.parametrize(
    "step", [{"rest": 20}, {"say": "One."}, {"wait": "Fetch it."}, {"measure": "pain"}, {"name": "Row", "reps": 3}]
)
def test_every_kind_of_step_has_a_manner(step: dict[str, object]) -> None:
    assert manners(phases({**step, "voice": SLOW})) == {Manner(100, language="en")}


def test_a_step_takes_what_it_leaves_open_from_its_exercise() -> None:
    catalogue = exercises(squat={**SQUAT, "voice": {"rate": 100, "pitch": 20}})
    made = session({"exercise": "squat", "voice": {"rate": 140}}, {"exercise": "squat"}, catalogue=catalogue)
    found = compile_session(made, plan(catalogue=catalogue)).timeline.phases
    assert manners([phase for phase in found if phase.step == 0]) == {Manner(140, 20, "en")}
    assert manners([phase for phase in found if phase.step == 1]) == {Manner(100, 20, "en")}


class SlowerAtItsRate(PlainLengths):
    def speech(self, line: Utterance, /) -> SpeechTiming:
        usual, rate = super().speech(line), line.effective_rate
        return SpeechTiming(usual.length_ms * 150 // rate, usual.beat_ms * 150 // rate)


def test_a_slow_step_takes_its_time_and_all_that_is_counted_still_fits() -> None:
    usual = compiled(SQUAT, lengths=SlowerAtItsRate())
    slow = compiled({**SQUAT, "voice": {"rate": 80}}, lengths=SlowerAtItsRate())
    assert (slow.timeline.phases[1].duration_ms or 0) > (usual.timeline.phases[1].duration_ms or 0)
    assert slow.dropped == usual.dropped == ()


def test_what_is_shown_may_differ_from_what_is_spoken() -> None:
    found = phases(
        {**SQUAT, "text": "Slide."},
        {"rest": 20, "say": "Rest now.", "text": "R"},
        {"say": "Well done.", "text": "Done!"},
        {"measure": "pain", "say": "How bad?", "text": "Pain {name}"},
    )
    assert {phase.text for phase in found if phase.step == 0} == {"Slide."}
    assert [phase.text for phase in found if phase.step != 0] == ["R", "Done!", "Pain Pain"]
    assert found[-1].measure is not None
    assert found[-1].measure.prompt == "Pain Pain"
    said = [cue.text for cue in spoken(found)]
    assert {"Slide down.", "Rest now.", "Well done.", "How bad?"} <= set(said)
    assert not {"Slide.", "R", "Done!"} & set(said)


def test_what_an_exercise_shows_goes_with_what_it_says() -> None:
    catalogue = exercises(squat={**SQUAT, "text": "Slide."})
    made = session({"exercise": "squat"}, {"exercise": "squat", "say": "Lower."}, catalogue=catalogue)
    found = compile_session(made, plan(catalogue=catalogue)).timeline.phases
    assert {phase.text for phase in found if phase.step == 0} == {"Slide."}
    assert {phase.text for phase in found if phase.step == 1} == {"Lower."}


def test_a_session_keeps_its_lexicon_and_voice() -> None:
    made = session(SQUAT, lexicon={"scapulae": "skapyulee"}, voice={"name": "system"})
    assert (made.lexicon, made.voice.name, made.manner) == ({"scapulae": "skapyulee"}, "system", Manner(language="en"))


@pytest.mark.parametrize("voice", [{"rate": 10}, {"pitch": 101}, {"speed": 2}, {"rate": "slow"}, {"language": "!"}])
def test_a_manner_that_no_voice_has_is_refused(voice: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        session({**SQUAT, "voice": voice})
