"""Tones that rise and fall with the breath."""

from __future__ import annotations

from dataclasses import replace

from tests.core.compiling import (
    Step,
    lines,
    phases,
    plan,
    session,
    sounds,
)
from timer_app.core.compiler.compile import compile_session

BREATHS: Step = {
    "name": "Breath",
    "rounds": 2,
    "flow": [
        {"name": "In", "for": "4s", "breath": "in"},
        {"name": "Hold", "for": "2s", "breath": "hold"},
        {"name": "Out", "for": "6s", "breath": "out"},
    ],
}


def test_parts_with_a_breath_have_its_tone_and_no_tick() -> None:
    made = phases(BREATHS)[1:]
    assert [sounds(phase) for phase in made] == [
        [(0, "start"), (0, "breath-in@4000")],
        [(0, "tick")],
        [(0, "breath-out@6000")],
        [(0, "breath-in@4000")],
        [(0, "tick")],
        [(0, "breath-out@6000")],
    ]
    assert [cue.length_ms for cue in made[2].cues if cue.kind == "sound"] == [6_000]


def test_a_breath_tone_keeps_no_line_waiting() -> None:
    cue = {"at": "start", "say": "Softly."}
    with_tone, without = (
        phases({**BREATHS, "cues": [cue], "flow": [{"name": "In", "for": "9s", "breath": breath}]})[1]
        for breath in ("in", "hold")
    )
    assert lines(with_tone)["Softly."] == lines(without)["Softly."] == 600


def test_breath_tones_can_be_turned_off() -> None:
    made = compile_session(session(BREATHS), replace(plan(), breath_tones=False)).timeline.phases
    assert [sounds(phase)[0][1] for phase in made if phase.kind == "work"] == ["start", *["tick"] * 5]
