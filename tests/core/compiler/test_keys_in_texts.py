"""Keys that texts name: the one in force where somebody can press it, and otherwise no word of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from tests.core.compiling import HOLD, Step, compiled, heard, plan, session
from timer_app.core.compiler.compile import compile_session
from timer_app.core.timeline.model import Timeline
from timer_app.tui.key_bindings import COMMANDS_BY_ID, spoken_keys

STEP: Step = {
    **HOLD,
    "say": "Ball on the spot. Press {key:again} for another one. Stay easy.",
    "cues": [{"at": "10s", "say": "{key:pause} pauses."}],
}


def _told(timeline: Timeline) -> list[str]:
    return [line.cue.text for line in heard(timeline, "speech")]


def test_where_somebody_can_press_it_the_key_in_force_is_said_and_shown() -> None:
    keys = spoken_keys({"again": "z", "pause": "right"})
    timeline = compile_session(session(STEP), replace(plan(), keys=keys)).timeline
    assert {"Ball on the spot. Press z for another one. Stay easy.", "Right pauses."} <= set(_told(timeline))
    assert timeline.phases[1].text == "Ball on the spot. Press z for another one. Stay easy."


def test_elsewhere_the_sentence_is_left_out_and_the_line_if_nothing_is_left() -> None:
    timeline = compiled(STEP).timeline
    assert "Ball on the spot. Stay easy." in _told(timeline)
    assert not any("pauses" in line for line in _told(timeline))


def test_a_step_that_speaks_of_keys_alone_is_no_phase_and_not_listed() -> None:
    timeline = compiled({"say": "Press {key:go} to pause."}, HOLD).timeline
    assert [phase.kind for phase in timeline.phases] == ["say", "prepare", "work", "say"]
    assert [step.is_listed for step in timeline.steps] == [False, True]


def test_an_unknown_key_is_refused_with_the_one_that_is_meant() -> None:
    with pytest.raises(ValidationError, match="there is no key for"):
        session({"say": "Press {key:agian}."})


def test_every_key_that_a_text_may_name_is_one_of_the_screen() -> None:
    assert spoken_keys({}).keys() <= COMMANDS_BY_ID.keys()
    assert all(spoken_keys({}).values())
