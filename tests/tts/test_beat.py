from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.voice import Samples
from timer_app.tts.waveform import LATEST_MS, find_beat_ms

RATE = 22_050


def hiss(length_ms: int) -> Samples:
    noise = np.random.default_rng(3).normal(0, 0.2, RATE * length_ms // 1000)
    return np.diff(np.diff(np.diff(noise)), prepend=[0, 0, 0]).astype(np.float32)  # only its high part, as in "s"


def vowel(length_ms: int, *, rise_ms: int = 30) -> Samples:
    t = np.arange(RATE * length_ms // 1000) / RATE
    tone = sum(np.sin(2 * np.pi * 110 * k * t) / k for k in range(1, 20))
    envelope = np.minimum(t * 1000 / rise_ms, 1)
    return np.asarray(0.3 * tone * envelope, dtype=np.float32)


@pytest.mark.parametrize("onset_ms", [20, 60, 110, 180])
def test_the_beat_of_a_hissed_word_falls_on_the_rise_of_its_vowel(onset_ms: int) -> None:
    word = np.concatenate([hiss(onset_ms), vowel(300)])
    assert onset_ms - 5 <= find_beat_ms(word, RATE) <= onset_ms + 30


def test_a_word_that_begins_with_its_vowel_has_an_early_beat() -> None:
    assert find_beat_ms(vowel(300), RATE) <= 25


def test_the_beat_does_not_depend_on_loudness_or_rate() -> None:
    word = np.concatenate([hiss(90), vowel(300)])
    loud = find_beat_ms(word, RATE)
    assert find_beat_ms(word * np.float32(0.1), RATE) == loud
    twice = np.repeat(word, 2)
    assert abs(find_beat_ms(twice, 2 * RATE) - loud) <= 5


def test_a_late_vowel_is_counted_as_no_later_than_the_limit() -> None:
    assert find_beat_ms(np.concatenate([hiss(600), vowel(300)]), RATE) <= LATEST_MS


@given(hnp.arrays(np.float32, st.integers(1, 4_000), elements=st.floats(-1, 1, width=32)))
def test_the_beat_lies_inside_the_line(samples: Samples) -> None:
    assert 0 <= find_beat_ms(samples, RATE) <= min(LATEST_MS, len(samples) * 1000 // RATE)


@pytest.mark.parametrize("word", ["one", "six", "seven", "three"])
def test_counted_words_have_a_plausible_beat(espeak: EspeakVoice, word: str) -> None:
    assert 0 < espeak.render(word, "en", 150).beat_ms < LATEST_MS


@pytest.mark.parametrize("word", ["six", "seven"])
def test_a_word_that_begins_with_s_is_felt_later_than_one(espeak: EspeakVoice, word: str) -> None:
    assert espeak.render(word, "en", 150).beat_ms > espeak.render("one", "en", 150).beat_ms + 20
