"""Breath tones rise or fall, are soft at their ends, and stay below the voice."""

from __future__ import annotations

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.clips import PEAK, Recordings, breath_clip
from timer_app.core.timeline.model import LONGEST_MS, SHORTEST_MS, Breath, breath_tone, parse_breath_tone
from timer_app.run.live_sound import _CueClips


def _samples(name: str) -> Samples:
    clip = breath_clip(name)
    assert clip is not None
    return clip.samples


def _pitch_hz(samples: Samples) -> float:
    """From the number of times it rises through zero."""
    rising = np.count_nonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    return float(rising) * MIX_RATE / len(samples)


@pytest.mark.parametrize(("name", "grows"), [("breath-in@4000", True), ("breath-out@4000", False)])
def test_pitch_and_loudness_go_with_the_breath(name: str, grows: bool) -> None:
    quarters = np.array_split(_samples(name), 4)
    pitches = [_pitch_hz(quarter) for quarter in quarters]
    loudness = [float(np.abs(quarter).max()) for quarter in quarters]
    assert (pitches == sorted(pitches)) is grows
    assert (pitches == sorted(pitches, reverse=True)) is not grows
    assert (loudness[0] < loudness[-1]) is grows


@pytest.mark.parametrize("length_ms", [SHORTEST_MS, 1_001, 4_000, LONGEST_MS])
def test_a_tone_is_as_long_as_its_part_silent_at_its_ends_and_quiet(length_ms: int) -> None:
    samples = _samples(f"breath-in@{length_ms}")
    assert len(samples) == round(length_ms * MIX_RATE / 1_000)
    assert abs(float(samples[0])) < 1e-4
    assert abs(float(samples[-1])) < 1e-4
    assert PEAK / 2 < float(np.abs(samples).max()) <= PEAK
    assert float(np.abs(np.diff(samples)).max()) < PEAK / 10


def test_a_tone_is_made_once() -> None:
    assert breath_clip("breath-in@2000") is breath_clip("breath-in@2000")


@pytest.mark.parametrize("breath", ["in", "out"])
@pytest.mark.parametrize("length_ms", [SHORTEST_MS, 4_321, LONGEST_MS])
def test_a_name_says_which_way_and_how_long(breath: Breath, length_ms: int) -> None:
    assert parse_breath_tone(breath_tone(breath, length_ms) or "") == (breath == "in", length_ms)


@pytest.mark.parametrize(("breath", "length_ms"), [("hold", 4_000), (None, 4_000), ("in", 999), ("out", 30_001)])
def test_held_breath_and_lengths_nobody_breathes_have_no_tone(breath: Breath | None, length_ms: int) -> None:
    assert breath_tone(breath, length_ms) is None


@pytest.mark.parametrize(
    "name", ["tick", "breath-in", "breath-in@", "breath-in@999", "breath-in@99999", "breath-up@4000"]
)
def test_other_names_are_no_breath_tones(name: str) -> None:
    assert parse_breath_tone(name) is None
    assert breath_clip(name) is None


def test_a_run_plays_the_tone_that_its_name_asks_for() -> None:
    clips = _CueClips(None, lambda _: None, Recordings({}))
    assert clips("breath-out@3000") is breath_clip("breath-out@3000")
    assert clips("no-such-sound") is None


@pytest.mark.parametrize("name", ["breath-in@4000", "breath-out@4000"])
def test_the_loudspeaker_of_a_phone_plays_a_good_part_of_a_tone(name: str) -> None:
    power = np.abs(np.fft.rfft(_samples(name))) ** 2
    assert power[np.fft.rfftfreq(len(_samples(name)), 1 / MIX_RATE) > 500].sum() > 0.3 * power.sum()
