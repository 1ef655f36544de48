"""How work goes on after a pause, and when a set is done once more."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.compiling import ROW, SQUAT, PlainLengths, Step, compiled, plan, session
from timer_app.core.compiler.resume import ResumePlace, resume_lead_in
from timer_app.core.constraints import Verbosity
from timer_app.core.timeline.model import LeadIn


def test_a_paused_run_goes_on_after_three_seconds_counted_on_the_beat() -> None:
    resume = compiled(SQUAT).timeline.resume_lead_in
    spoken = [cue for cue in resume.cues if cue.kind == "speech"]
    assert [(cue.text, resume.duration_ms - cue.offset_ms) for cue in spoken] == [
        ("3", 3_080),
        ("2", 2_080),
        ("1", 1_080),
    ]
    assert resume.duration_ms == 3_080
    assert [resume.duration_ms - cue.offset_ms for cue in resume.cues if cue.kind == "sound"] == [3_000, 2_000, 1_000]


@pytest.mark.parametrize(("switch", "duration_ms"), [("3s", 6_000), ("15s", 15_000)])
def test_a_set_is_repeated_after_time_to_change_places(switch: str, duration_ms: int) -> None:
    again = compiled(SQUAT, defaults={"switch": switch}).timeline.repeat_lead_in
    assert again.duration_ms == duration_ms
    assert [cue.text for cue in again.cues if cue.kind == "speech"] == ["Once more.", "3", "2", "1"]


@pytest.mark.parametrize("ms_per_character", [0, 50, 400])
def test_lines_of_a_lead_in_never_overlap(ms_per_character: int) -> None:
    timeline = compiled(SQUAT, lengths=PlainLengths(ms_per_character)).timeline
    for lead in (timeline.resume_lead_in, timeline.repeat_lead_in):
        spoken = [cue for cue in lead.cues if cue.kind == "speech"]
        assert all(before.offset_ms + before.length_ms <= after.offset_ms for before, after in pairwise(spoken))
        assert all(0 <= cue.offset_ms < lead.duration_ms for cue in lead.cues)


def _resumed(
    step: Step, at_ms: int, *, phase: int = 0, verbosity: Verbosity = "full", unready: str = "-", ms: int = 50
) -> LeadIn:
    """The lead-in of a run that goes on at a moment of a phase of work."""
    written, lengths = session(step), PlainLengths(ms)
    work = [each for each in compiled(step, lengths=lengths).timeline.phases if each.kind == "work"][phase]
    left_ms = None if work.duration_ms is None else work.duration_ms - at_ms
    plans = plan(lengths, verbosity=verbosity)
    place = ResumePlace(work, left_ms, at_ms)
    return resume_lead_in(written, plans, place, lambda line: unready not in line.text)


def _heard(lead_in: LeadIn) -> list[str]:
    return [cue.text for cue in lead_in.cues]


def test_before_a_hold_goes_on_it_is_told_where_it_stands_and_zero_has_a_tone() -> None:
    lead_in = _resumed({**SQUAT, "sides": "each"}, 3_200, phase=1)
    spoken = ["Squat.", "Right side.", "17 seconds left."]
    assert _heard(lead_in) == [*spoken, "3", "tick", "2", "tick", "1", "tick", "start"]
    assert lead_in.cues[-1].offset_ms == lead_in.duration_ms


@pytest.mark.parametrize(
    ("step", "at_ms", "verbosity", "heard"),
    [
        (SQUAT, 0, "full", ["Squat.", "20 seconds left.", "3", "tick", "2", "tick", "1", "tick"]),
        (SQUAT, 9_000, "tones", ["tick", "tick", "tick", "start"]),
        (ROW, 500, "full", ["Row.", "3", "tick", "2", "tick", "1", "tick"]),
    ],
)
def test_what_has_a_tone_or_a_count_of_its_own_at_zero_gets_no_other(
    step: Step, at_ms: int, verbosity: Verbosity, heard: list[str]
) -> None:
    assert _heard(_resumed(step, at_ms, verbosity=verbosity)) == heard


def test_a_line_that_is_not_ready_is_not_waited_for() -> None:
    assert _heard(_resumed(SQUAT, 3_000, unready="left"))[:2] == ["Squat.", "3"]


@pytest.mark.parametrize("ms", [0, 50, 400])
def test_what_is_said_before_a_run_goes_on_never_overlaps(ms: int) -> None:
    lead_in = _resumed({**SQUAT, "sides": "each"}, 3_200, ms=ms)
    spoken = [cue for cue in lead_in.cues if cue.kind == "speech"]
    assert all(before.end_ms <= after.offset_ms for before, after in pairwise(spoken))
    assert all(0 <= cue.offset_ms <= lead_in.duration_ms for cue in lead_in.cues)
