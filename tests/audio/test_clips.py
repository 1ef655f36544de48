from __future__ import annotations

import contextlib
import os
import wave
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timer_app.audio.base import MIX_RATE, AudioError, ms_to_frames
from timer_app.audio.clips import MAX_CLIP_BYTES, Clip, clip_from_samples, load_wav, word_end

if TYPE_CHECKING:
    from pathlib import Path

RAMP = np.linspace(-0.9, 0.9, MIX_RATE // 10)


def _bytes(values: npt.NDArray[np.float64], width: int) -> bytes:
    if width == 1:
        return bytes((np.rint(values * 127) + 128).astype(np.uint8))
    whole = np.rint(values * (2 ** (8 * width - 1) - 1)).astype("<i8")
    return bytes(np.ascontiguousarray(whole.view(np.uint8).reshape(-1, 8)[:, :width]))


def _write(path: Path, raw: bytes, *, width: int = 2, rate: int = MIX_RATE, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(raw)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_every_sample_width_is_read(tmp_path: Path, width: int) -> None:
    clip = load_wav(_write(tmp_path / "a.wav", _bytes(RAMP, width), width=width))
    assert clip.samples.dtype == np.float32
    assert np.allclose(clip.samples, RAMP, atol=1.1 / 2 ** (8 * width - 1) + 1e-6 + (0.01 if width == 1 else 0))


def test_stereo_is_folded_to_the_mean(tmp_path: Path) -> None:
    both = np.stack([RAMP, np.zeros_like(RAMP)], axis=1).reshape(-1)
    clip = load_wav(_write(tmp_path / "a.wav", _bytes(both, 2), channels=2))
    assert np.allclose(clip.samples, RAMP / 2, atol=1e-4)


def test_another_rate_keeps_its_length(tmp_path: Path) -> None:
    clip = load_wav(_write(tmp_path / "a.wav", _bytes(np.zeros(22_050), 2), rate=22_050))
    assert clip.length_ms == 1_000


def test_a_file_cut_off_in_the_middle_gives_what_there_is(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.wav", _bytes(RAMP, 2))
    path.write_bytes(path.read_bytes()[:1_045])
    assert 400 < len(load_wav(path).samples) <= 500


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_junk_is_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.wav"
    path.write_bytes(junk)
    with pytest.raises(AudioError) as refusal:
        load_wav(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


@settings(deadline=None, max_examples=200)
@given(position=st.integers(0, 43), value=st.integers(0, 255))
def test_a_damaged_header_is_read_or_refused_never_worse(
    tmp_path_factory: pytest.TempPathFactory, position: int, value: int
) -> None:
    path = _write(tmp_path_factory.getbasetemp() / "damaged.wav", _bytes(RAMP, 2))
    raw = bytearray(path.read_bytes())
    raw[position] = value
    path.write_bytes(raw)
    with contextlib.suppress(AudioError):
        assert np.isfinite(load_wav(path).samples).all()


def test_missing_file_folder_pipe_and_empty_sound_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.wav"
    os.mkfifo(pipe)
    empty = _write(tmp_path / "empty.wav", b"")
    for path, words in [
        (tmp_path / "none.wav", "No such file"),
        (tmp_path, "not a file"),
        (pipe, "not a file"),
        (empty, "holds no sound"),
    ]:
        with pytest.raises(AudioError, match=words):
            load_wav(path)


def test_too_large_and_too_long_are_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.wav"
    with large.open("wb") as file:
        file.truncate(MAX_CLIP_BYTES + 1)
    long = _write(tmp_path / "long.wav", bytes(8_000 * 31), width=1, rate=8_000)
    with pytest.raises(AudioError, match="bytes"):
        load_wav(large)
    with pytest.raises(AudioError, match="31 s"):
        load_wav(long)


def test_samples_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(AudioError, match="no numbers"):
        clip_from_samples([0.0, float("nan")], MIX_RATE)


def test_samples_of_two_dimensions_are_refused() -> None:
    with pytest.raises(AudioError, match="one channel"):
        clip_from_samples(np.zeros((4, 2)), MIX_RATE)


def test_a_clip_cannot_be_written_to_and_leaves_the_callers_array_alone() -> None:
    values = np.zeros(10, np.float32)
    clip = Clip(values)
    with pytest.raises(ValueError, match="read-only"):
        clip.samples[0] = 1
    values[0] = 1


def test_length_is_rounded_up() -> None:
    assert Clip(np.zeros(MIX_RATE + 1, np.float32)).length_ms == 1_001


def test_a_line_that_breaks_off_while_it_is_loud_fades_out() -> None:
    samples = Clip(np.full(MIX_RATE, 0.5, np.float32)).ending_softly().samples
    assert samples[-1] == 0
    assert abs(float(samples[-ms_to_frames(15)]) - 0.25) < 0.01
    assert (samples[: -ms_to_frames(30)] == 0.5).all()


def test_of_a_line_without_silences_a_word_ends_where_it_is_quietest() -> None:
    samples = np.full(MIX_RATE * 2, 0.5, np.float32)
    samples[ms_to_frames(500) : ms_to_frames(540)] = 0.2
    assert ms_to_frames(500) <= word_end(samples, ms_to_frames(100)) < ms_to_frames(540)
    assert word_end(samples, ms_to_frames(1_500)) == len(samples)
