from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.resample import StreamResampler, resample


def _sine(frequency: float, rate: int, seconds: float = 1.0) -> Samples:
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate).astype(np.float32)


def _decibels(samples: Samples) -> float:
    return 20 * math.log10(float(np.abs(samples).max()))


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 96_000, 192_000])
@pytest.mark.parametrize("part_of_band", [0.01, 0.3, 0.85])
def test_a_sine_comes_out_as_the_ideal_sine(rate: int, part_of_band: float) -> None:
    frequency = part_of_band * min(rate, MIX_RATE) / 2
    made = resample(_sine(frequency, rate), rate)
    ideal = _sine(frequency, MIX_RATE)
    inner = slice(2_000, -2_000)
    assert len(made) == len(ideal)
    assert _decibels(made[inner] - ideal[inner]) < -80


def test_images_above_the_old_band_are_held_down() -> None:
    made = resample(_sine(10_000, 22_050, 2), 22_050)[1_000 : 1_000 + MIX_RATE]
    spectrum = np.abs(np.fft.rfft(made * np.blackman(len(made))))
    assert 20 * math.log10(spectrum[11_026:].max() / spectrum.max()) < -80


def test_what_the_new_rate_cannot_hold_is_removed() -> None:
    assert _decibels(resample(_sine(24_500, 96_000), 96_000)[1_000:-1_000]) < -80


@given(st.integers(4_000, 384_000), st.integers(0, 3_000))
@settings(deadline=None, max_examples=30)
def test_any_rate_keeps_length_and_level(rate: int, length: int) -> None:
    made = resample(np.ones(length, np.float32), rate)
    ideal = length * MIX_RATE / rate
    assert abs(len(made) - ideal) <= 1 + ideal / 1_000  # an odd rate is rounded, and then the length is
    reach = 60 * max(1, MIX_RATE // rate + 1)
    assert np.allclose(made[reach:-reach], 1, atol=1e-5)


def test_silence_stays_silence() -> None:
    assert not resample(np.zeros(22_050, np.float32), 22_050).any()


def test_an_impulse_stays_at_its_moment() -> None:
    impulse = np.zeros(22_050, np.float32)
    impulse[11_025] = 1
    assert int(np.argmax(resample(impulse, 22_050))) == 24_000


@pytest.mark.parametrize("rate", [0, -1, 3_999, 384_001])
def test_a_rate_out_of_range_is_refused(rate: int) -> None:
    with pytest.raises(AudioError, match="sample rate"):
        resample(np.zeros(10, np.float32), rate)


@given(st.sampled_from([8_000, 22_050, 44_100, 48_000, 96_000]), st.lists(st.integers(0, 3_000), max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_stream_is_resampled_as_the_whole_is(rate: int, sizes: list[int]) -> None:
    samples = np.random.default_rng(3).uniform(-1, 1, sum(sizes)).astype(np.float32)
    resampler = StreamResampler(rate)
    cuts: list[int] = np.cumsum(sizes)[:-1].tolist()
    pieces = [resampler.push(piece) for piece in np.split(samples, cuts)] + [resampler.flush()]
    assert np.allclose(np.concatenate(pieces), resample(samples, rate), atol=1e-5)
