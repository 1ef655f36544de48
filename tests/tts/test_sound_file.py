from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tts.system import UnreadableError, read_sound

RATES = {22_050: b"\x40\x0d\xac\x44", 44_100: b"\x40\x0e\xac\x44", 48_000: b"\x40\x0e\xbb\x80"}


def write_wav(path: Path, frames: bytes, *, channels: int = 1, width: int = 2, rate: int = 22_050) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return path


def aiff(frames: bytes, *, channels: int = 1, bits: int = 16, rate: int = 22_050, coding: bytes = b"") -> bytes:
    common = struct.pack(">hIh", channels, len(frames) // 2, bits) + RATES[rate].ljust(10, b"\0") + coding
    sound = struct.pack(">II", 0, 0) + frames
    body = b"AIFC" if coding else b"AIFF"
    for name, content in ((b"COMM", common), (b"NAME", b"odd"), (b"SSND", sound)):
        body += name + struct.pack(">I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"FORM" + struct.pack(">I", len(body)) + body


def test_a_wav_file_is_read(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.array([0, 16_384, -32_768], dtype="<i2").tobytes(), rate=16_000)
    samples, rate = read_sound(path)
    assert rate == 16_000
    np.testing.assert_array_equal(samples, [0, 0.5, -1])


def test_two_channels_are_mixed_to_one(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.array([0, 16_384, 8_192, 8_192], dtype="<i2").tobytes(), channels=2)
    np.testing.assert_array_equal(read_sound(path)[0], [0.25, 0.25])


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("coding", "order"), [(b"", ">i2"), (b"NONE", ">i2"), (b"twos", ">i2"), (b"sowt", "<i2")])
def test_an_aiff_file_is_read_in_either_byte_order(tmp_path: Path, rate: int, coding: bytes, order: str) -> None:
    path = tmp_path / "a.aiff"
    path.write_bytes(aiff(np.array([0, 16_384, -32_768], dtype=order).tobytes(), rate=rate, coding=coding))
    samples, found = read_sound(path)
    assert found == rate
    np.testing.assert_array_equal(samples, [0, 0.5, -1])


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read_sound(tmp_path / "none.wav")


def test_samples_of_eight_bits_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="16 bits"):
        read_sound(write_wav(tmp_path / "a.wav", b"\0\1", width=1))
    (tmp_path / "a.aiff").write_bytes(aiff(b"\0\1", bits=8))
    with pytest.raises(UnreadableError, match="16 bits"):
        read_sound(tmp_path / "a.aiff")


@given(st.one_of(st.binary(max_size=200), st.integers(0, 90).map(lambda n: aiff(b"\0\1" * 20)[:n])))
def test_junk_is_refused_in_one_way(junk: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "junk"
        path.write_bytes(junk)
        try:
            samples, rate = read_sound(path)
        except UnreadableError:
            return
        assert rate > 0
        assert samples.dtype == np.float32
