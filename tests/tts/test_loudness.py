from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.loudness import (
    MAX_GAIN_DB,
    TARGET_LUFS,
    TRUE_PEAK,
    high_pass,
    limit_peaks,
    loudness,
    normalise_loudness,
    shelf,
    true_peaks,
)
from timer_app.tts.voice import Samples

RATE = 22_050


def tone(hertz: float, seconds: float, rate: int = RATE, height: float = 0.5) -> Samples:
    return (height * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def noise(seed: int, seconds: float, height: float) -> Samples:
    return (height * np.random.default_rng(seed).standard_normal(int(seconds * RATE))).astype(np.float32)


def highest(samples: Samples) -> float:
    """The highest true peak, found on a grid sixteen times as fine."""
    padded = np.pad(samples.astype(np.float64), 500)
    return float(np.abs(np.fft.irfft(np.fft.rfft(padded), 16 * len(padded)) * 16).max())


def test_the_filters_are_those_of_the_recommendation_at_its_own_rate() -> None:
    np.testing.assert_allclose(shelf(48_000).b, [1.53512485958697, -2.69169618940638, 1.19839281085285], atol=1e-9)
    np.testing.assert_allclose(shelf(48_000).a, [1, -1.69065929318241, 0.73248077421585], atol=1e-9)
    np.testing.assert_allclose(high_pass(48_000).b, [1, -2, 1])
    np.testing.assert_allclose(high_pass(48_000).a, [1, -1.99004745483398, 0.99007225036621], atol=1e-9)


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_a_full_tone_of_1_khz_has_the_loudness_that_the_recommendation_names(rate: int) -> None:
    assert loudness(tone(997, 3, rate, 1.0), rate) == pytest.approx(-3.01, abs=0.05)


@pytest.mark.parametrize("rate", [22_050, 48_000])
@pytest.mark.parametrize("seed", range(3))
def test_the_loudness_of_changing_noise_with_pauses_is_what_another_meter_finds(rate: int, seed: int) -> None:
    import pyloudnorm  # loads SciPy, which takes seconds

    random = np.random.default_rng(seed)
    heights = np.repeat(random.choice([0.0, 0.001, 0.15, 0.2], 12), rate)
    samples = (heights * random.standard_normal(len(heights))).clip(-1, 1).astype(np.float32)
    theirs = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(samples.astype(np.float64))
    assert loudness(samples, rate) == pytest.approx(theirs, abs=0.1)


def test_silence_is_infinitely_quiet_and_stays_silence() -> None:
    assert loudness(np.zeros(RATE, np.float32), RATE) == -np.inf
    assert loudness(np.zeros(0, np.float32), RATE) == -np.inf
    assert not normalise_loudness(np.zeros(RATE, np.float32), RATE).any()
    assert normalise_loudness(np.zeros(0, np.float32), RATE).size == 0


def test_every_spoken_line_comes_out_equally_loud(espeak: EspeakVoice) -> None:
    texts = ["One", "Seven", "Switch sides.", "Back flat on the wall, and slide down until your thighs are level."]
    for text in texts:
        for pace in (90, 150, 300):
            speech = espeak.render(text, "en", pace)
            assert loudness(speech.samples, speech.rate) == pytest.approx(TARGET_LUFS, abs=0.5)
            assert highest(speech.samples) <= 1


@given(st.integers(0, 99), st.floats(0.05, 2), st.floats(0.01, 0.2))
def test_a_quiet_and_a_loud_rendering_of_one_line_become_the_same(seed: int, seconds: float, height: float) -> None:
    samples = noise(seed, seconds, height)
    np.testing.assert_allclose(
        normalise_loudness(samples, RATE), normalise_loudness((samples / 4).astype(np.float32), RATE), atol=1e-4
    )


def test_what_is_hardly_there_is_not_blown_up_without_end() -> None:
    samples = noise(1, 1, 1e-3)
    assert np.abs(normalise_loudness(samples, RATE) / samples).max() == pytest.approx(
        10 ** (MAX_GAIN_DB / 20), rel=1e-3
    )


@given(st.integers(0, 99), st.floats(0.01, 0.5), st.floats(0.1, 4))
def test_no_true_peak_passes_the_limiter(seed: int, seconds: float, height: float) -> None:
    samples = np.convolve(noise(seed, seconds, height), [0.25, 0.5, 0.25]).astype(np.float32)
    assert highest(limit_peaks(samples, RATE)) <= TRUE_PEAK * 1.06  # half a decibel, still below full scale


def test_the_limiter_leaves_a_line_without_peaks_as_it_is_and_others_away_from_their_peaks() -> None:
    quiet = tone(300, 1)
    np.testing.assert_array_equal(limit_peaks(quiet, RATE), quiet)
    peaky = quiet.copy()
    peaky[RATE // 2] = 3.0
    tamed = limit_peaks(peaky, RATE)
    away = np.abs(np.arange(RATE) - RATE // 2) > RATE // 50
    np.testing.assert_allclose(tamed[away], peaky[away], atol=1e-6)
    assert np.abs(tamed).max() <= TRUE_PEAK


def test_a_peak_between_two_samples_is_found() -> None:
    between = (0.8 * np.sin(np.pi / 2 * np.arange(1_000) + np.pi / 4)).astype(np.float32)
    assert np.abs(between).max() < 0.6
    assert true_peaks(between, 0.4)[100:-100].max() == pytest.approx(0.8, rel=0.01)
