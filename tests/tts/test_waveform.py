from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from timer_app.tts.voice import Samples
from timer_app.tts.waveform import AUDIBLE, EDGE_FADE_MS, MARGIN_MS, fade, finish_speech, from_pcm, to_pcm, trim

RATE = 22_050

signals = hnp.arrays(
    np.float32,
    st.integers(0, 3_000),
    elements=st.floats(-1, 1, width=32),
    fill=st.floats(-(2**-10), 2**-10, width=32),
)


def audible(samples: Samples) -> Samples:
    return samples[np.abs(samples) > AUDIBLE]


@given(signals)
def test_trimming_never_removes_an_audible_sample(samples: Samples) -> None:
    np.testing.assert_array_equal(audible(trim(samples, RATE)), audible(samples))


@given(signals)
def test_no_more_than_the_margin_of_silence_stays_at_either_end(samples: Samples) -> None:
    trimmed = trim(samples, RATE)
    heard = np.flatnonzero(np.abs(trimmed) > AUDIBLE)
    margin = RATE * MARGIN_MS // 1000
    if heard.size:
        assert heard[0] <= margin
        assert len(trimmed) - 1 - heard[-1] <= margin
    else:
        assert trimmed.size == 0


@given(signals)
def test_a_faded_line_begins_at_nothing_and_is_untouched_in_the_middle(samples: Samples) -> None:
    faded = fade(samples, RATE)
    n = RATE * EDGE_FADE_MS // 1000
    assert len(faded) == len(samples)
    assert np.all(np.abs(faded) <= np.abs(samples))
    np.testing.assert_array_equal(faded[n:-n], samples[n:-n])
    if len(samples) > 1:
        assert faded[0] == 0
        assert abs(faded[-1]) <= 1 / min(n, len(samples) // 2) or len(samples) <= 3


def test_the_ends_of_a_loud_line_are_ramps_without_a_step() -> None:
    faded = fade(np.ones(2_000, dtype=np.float32), RATE)
    assert np.abs(np.diff(faded)).max() < 0.02
    assert faded[0] == 0
    assert faded[-1] == 0


@given(st.lists(st.integers(-32_768, 32_767), max_size=200))
def test_samples_on_16_bit_steps_come_back_as_they_went(steps: list[int]) -> None:
    samples = (np.array(steps, dtype=np.float64) / 32_768).astype(np.float32)
    np.testing.assert_array_equal(from_pcm(to_pcm(samples)), samples)


def test_samples_beyond_full_scale_are_clipped_and_do_not_wrap() -> None:
    np.testing.assert_allclose(from_pcm(to_pcm(np.array([-1.5, 1.5], dtype=np.float32))), [-1, 1], atol=1e-4)


@given(signals)
def test_a_shaped_line_is_within_range_read_only_and_unchanged_by_storing(samples: Samples) -> None:
    speech = finish_speech(samples, RATE)
    assert not speech.samples.flags.writeable
    assert speech.samples.dtype == np.float32
    assert np.all(np.abs(speech.samples) <= 1)
    assert 0 <= speech.beat_ms <= speech.length_ms
    np.testing.assert_array_equal(from_pcm(to_pcm(speech.samples)), speech.samples)


def test_a_line_of_silence_has_no_length() -> None:
    speech = finish_speech(np.full(5_000, 0.001, dtype=np.float32), RATE)
    assert (speech.length_ms, speech.beat_ms) == (0, 0)


def test_silence_around_a_word_is_left_off() -> None:
    word = np.full(RATE // 2, 0.5, dtype=np.float32)
    quiet = np.zeros(RATE // 3, dtype=np.float32)
    speech = finish_speech(np.concatenate([quiet, word, quiet]), RATE)
    assert 500 <= speech.length_ms <= 500 + 2 * MARGIN_MS + 1
