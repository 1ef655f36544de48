"""How much is said, from everything to tones alone."""

from __future__ import annotations

from tests.core.compiling import (
    HOLD,
    Step,
    compiled,
    phases,
    said,
    sounds,
    words,
)

EXPLAINED: Step = {**HOLD, "say": "Slide down the wall.", "cautions": ["Not if it hurts."], "sides": ["left", "right"]}


def test_in_brief_an_exercise_is_named_but_not_explained() -> None:
    (full, brief) = (words(phases(EXPLAINED, verbosity=verbosity)[0]) for verbosity in ("full", "brief"))
    assert full == [
        "Squat.",
        "Left side first.",
        "Slide down the wall.",
        "30 seconds, about 5 breaths.",
        "Not if it hurts.",
    ]
    assert brief == ["Squat.", "Left side first.", "30 seconds.", "Not if it hurts."]


def test_in_brief_rests_have_no_length_and_holds_no_word_half_way_but_its_tone() -> None:
    work, rest = phases({**HOLD, "sets": 2, "rest": "30s"}, verbosity="brief")[1:3]
    assert words(work) == []
    assert (15_000, "halfway") in sounds(work)
    assert words(rest) == ["Rest.", "The last set is next."]


def test_in_brief_parts_keep_their_names_and_lose_their_lines() -> None:
    flow = [{"name": "In", "for": "4s", "say": "Breathe in."}]
    tempo = [{"name": "push", "for": "2s", "say": "Push away."}]
    for step in ({"flow": flow, "rounds": 1}, {"reps": 1, "tempo": tempo}):
        assert words(phases({"name": "Breath", **step}, verbosity="brief")[1])[0] in {"In", "push"}


def test_in_brief_the_author_s_cues_and_steps_of_their_own_are_said() -> None:
    step = {**HOLD, "cues": [{"at": "10s", "say": "Breathe."}]}
    made = phases(step, {"say": "Well done."}, {"rest": "10s", "say": "Shake it out."}, verbosity="brief")
    spoken = [line for phase in made for line in said(phase)]
    assert {"Breathe.", "Well done.", "Shake it out."} <= set(spoken)


def test_with_tones_alone_a_step_that_speaks_lasts_as_long_as_its_line_takes_to_read() -> None:
    text = "Now lie down on your back, and take all the time that you need for it."
    full, tones = (phases({"say": text}, verbosity=verbosity)[0] for verbosity in ("full", "tones"))
    assert said(tones) == []
    assert (tones.duration_ms, tones.text) == (full.duration_ms, text)


def test_with_tones_alone_a_lead_in_has_its_ticks_and_no_words() -> None:
    made = compiled(HOLD, verbosity="tones").timeline
    for lead in (made.resume_lead_in, made.repeat_lead_in):
        assert [cue.text for cue in lead.cues] == ["tick"] * 3
