"""How work goes on after a pause, and when a set is done once more."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.core.compiling import SQUAT, PlainLengths, compiled


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
