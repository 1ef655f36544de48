from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.cache import HEADER_BYTES, DamagedSpeechError, SpeechHeader, decode_speech, encode_speech
from timer_app.tts.voice import Speech


def decoded(raw: bytes) -> Speech:
    return decode_speech(io.BytesIO(raw), len(raw))


@given(st.integers(0, 3_000), st.integers(1, 192_000), st.integers(0, 300))
def test_a_line_comes_back_as_it_was_stored(
    speech_of: Callable[..., Speech], frames: int, rate: int, beat_ms: int
) -> None:
    speech = speech_of(frames, rate=rate, beat_ms=beat_ms)
    back = decoded(encode_speech(speech))
    np.testing.assert_array_equal(back.samples, speech.samples)
    assert (back.rate, back.timing) == (speech.rate, speech.timing)


@given(st.integers(0, 3_000), st.integers(1, 192_000))
def test_the_header_alone_tells_the_measure(speech_of: Callable[..., Speech], frames: int, rate: int) -> None:
    speech = speech_of(frames, rate=rate)
    raw = encode_speech(speech)
    assert SpeechHeader.read(io.BytesIO(raw[:HEADER_BYTES]), len(raw)).timing == speech.timing


@given(st.integers(min_value=0), st.integers(0, 7))
def test_any_flipped_bit_is_noticed(speech_of: Callable[..., Speech], at: int, bit: int) -> None:
    raw = bytearray(encode_speech(speech_of(500)))
    raw[at % len(raw)] ^= 1 << bit
    with pytest.raises(DamagedSpeechError):
        decoded(bytes(raw))


@given(st.integers(min_value=0))
def test_any_cut_is_noticed(speech_of: Callable[..., Speech], length: int) -> None:
    raw = encode_speech(speech_of(500))
    with pytest.raises(DamagedSpeechError):
        decoded(raw[: length % len(raw)])


@given(st.binary(max_size=100))
def test_junk_is_no_line(junk: bytes) -> None:
    with pytest.raises(DamagedSpeechError):
        decoded(junk)
