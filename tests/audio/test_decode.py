from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.audio.music_files import tone, write_music
from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.decode import decode_error, open_track, read_track


def _pitch(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 17))
    return float(np.argmax(spectrum)) * MIX_RATE / (1 << 17)


@pytest.mark.parametrize("ending", ["mp3", "flac", "ogg", "wav"])
@pytest.mark.parametrize(("rate", "channels"), [(44_100, 2), (48_000, 1)])
def test_every_kind_of_file_keeps_its_pitch_length_and_loudness(
    ending: str, rate: int, channels: int, tmp_path: Path
) -> None:
    path = write_music(tmp_path / f"a.{ending}", tone(2.0, 440.0, rate), rate, channels)
    samples = read_track(path, 10)
    assert len(samples) == pytest.approx(2 * MIX_RATE, abs=0.06 * MIX_RATE)
    assert _pitch(samples) == pytest.approx(440, abs=0.5)
    assert np.abs(samples[MIX_RATE // 2 : MIX_RATE]).max() == pytest.approx(0.5, abs=0.02)


def test_a_file_is_decoded_in_short_pieces(tmp_path: Path) -> None:
    path = write_music(tmp_path / "a.flac", tone(3.0, rate=44_100), 44_100)
    assert max(len(piece) for piece in open_track(path)) < MIX_RATE // 2


@pytest.mark.parametrize("ending", ["mp3", "flac", "ogg", "wav"])
def test_junk_is_refused_with_its_path(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"junk.{ending}"
    path.write_bytes(b"this is no music " * 1_000)
    with pytest.raises(AudioError, match=rf"junk\.{ending}: cannot be decoded"):
        open_track(path)
    assert "cannot be decoded" in decode_error(path)


def test_what_is_no_file_of_music_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("la la la")
    for name in ("notes.txt", "nothing.mp3", "."):
        with pytest.raises(AudioError, match="not a file of music"):
            open_track(tmp_path / name)


def test_a_file_that_breaks_off_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_music(tmp_path / "a.mp3", tone(4.0, rate=44_100), 44_100)
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert decode_error(whole) == ""
    assert MIX_RATE < sum(len(piece) for piece in open_track(whole)) < 3 * MIX_RATE


def test_an_empty_file_holds_no_sound(tmp_path: Path) -> None:
    path = write_music(tmp_path / "a.wav", tone(0))
    assert decode_error(path) != ""


def test_a_recording_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = write_music(tmp_path / "a.wav", tone(3.0))
    with pytest.raises(AudioError, match="longer than 2 s"):
        read_track(path, 2)
