from __future__ import annotations

import pytest

from timer_app.core.player.events import Aborted, CueDue, Event, Finished, Paused, PhaseStarted, Resumed, TimeAdded
from timer_app.core.player.music import (
    FADE_IN_MS,
    FADE_OUT_MS,
    LEVEL_FADE_MS,
    PAUSE_FADE_MS,
    MusicController,
    MusicFade,
    MusicInRests,
)
from timer_app.core.timeline.model import Cue, Timeline
from timer_app.testing import hold, rest, say, timeline, wait


def _session() -> Timeline:
    return timeline(hold(20_000), rest(15_000), hold(20_000), say("Done.", 4_000))


def _followed(lead: MusicController, *events: Event, made: Timeline | None = None) -> list[MusicFade]:
    return [move for event in events for move in lead.handle_event(event, made or _session())]


def test_music_begins_with_the_first_phase() -> None:
    assert _followed(MusicController("same"), PhaseStarted(0, 0)) == [MusicFade(1.0, FADE_IN_MS, 0)]


@pytest.mark.parametrize(("in_rests", "level"), [("quieter", 0.4), ("same", 1.0), ("off", 0.0)])
def test_rests_have_a_level_of_their_own(in_rests: MusicInRests, level: float) -> None:
    lead = MusicController(in_rests)
    _followed(lead, PhaseStarted(0, 0))
    assert _followed(lead, PhaseStarted(20_000, 1)) == [MusicFade(level, LEVEL_FADE_MS, 20_000)]
    assert _followed(lead, PhaseStarted(35_000, 2))[0].level == 1.0


def test_a_pause_silences_the_music_and_its_end_brings_back_the_level_of_the_phase() -> None:
    lead = MusicController("quieter")
    moves = _followed(lead, PhaseStarted(0, 1), Paused(2_000), Resumed(9_000))
    assert moves[1:] == [MusicFade(0.0, PAUSE_FADE_MS, 2_000), MusicFade(0.4, LEVEL_FADE_MS, 9_000)]


def test_music_fades_out_to_the_end_of_the_last_phase() -> None:
    lead = MusicController("same")
    _followed(lead, PhaseStarted(0, 0))
    moves = _followed(lead, PhaseStarted(55_000, 3))
    assert moves == [MusicFade(1.0, LEVEL_FADE_MS, 55_000), MusicFade(0.0, FADE_OUT_MS, 59_000 - FADE_OUT_MS)]


def test_time_added_to_the_last_phase_keeps_the_music_until_the_run_is_over() -> None:
    lead = MusicController("same")
    moves = _followed(lead, PhaseStarted(55_000, 3), TimeAdded(56_000, 3, 10_000), Finished(69_000))
    assert [move.level for move in moves] == [1.0, 0.0, 1.0, 0.0]
    assert moves[-1].at_ms == 69_000
    assert _followed(lead, TimeAdded(1_000, 0, 10_000)) == []


def test_a_last_phase_that_waits_keeps_its_music_until_it_is_left() -> None:
    made = timeline(hold(10_000), wait())
    assert _followed(MusicController("same"), PhaseStarted(10_000, 1), made=made) == [
        MusicFade(1.0, FADE_IN_MS, 10_000)
    ]


@pytest.mark.parametrize("end", [Finished(5_000, early=True), Aborted(5_000)])
def test_music_ends_with_the_run(end: Event) -> None:
    lead = MusicController("same")
    assert [move.level for move in _followed(lead, PhaseStarted(0, 0), end)] == [1.0, 0.0]


def test_cues_change_nothing() -> None:
    assert _followed(MusicController("same"), CueDue(0, 0, Cue(0, "tick", 60))) == []
