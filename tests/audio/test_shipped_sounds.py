from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.themes import SoundTheme, sound_names
from timer_app.paths import shipped_sounds

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_sounds.py"


def _samples(name: str) -> Samples:
    return SoundTheme(shipped_sounds()).clip(name).samples


def _level_db(name: str) -> float:
    squares = _samples(name).astype(np.float64) ** 2
    window = MIX_RATE // 20
    loudest = max(float(squares[at : at + window].mean()) for at in range(0, len(squares), 480))
    return 10 * float(np.log10(loudest))


def _pitches(name: str, begin_ms: int, end_ms: int) -> float:
    part = _samples(name)[begin_ms * 48 : end_ms * 48].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum)) * MIX_RATE / (1 << 16)


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True, capture_output=True)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.wav")}
    shipped = {path.relative_to(shipped_sounds()): path.read_bytes() for path in shipped_sounds().rglob("*.wav")}
    assert len(made) == len(sound_names())
    assert made == shipped


@pytest.mark.parametrize("name", sorted(sound_names()))
def test_a_sound_begins_on_the_beat_and_ends_in_silence(name: str) -> None:
    samples = np.abs(_samples(name))
    early = samples[: MIX_RATE // 200]
    assert samples[0] < 0.001
    assert early.max() > 0.5 * samples[: MIX_RATE // 20].max()
    assert samples[-1] < 0.001


@pytest.mark.parametrize("name", sorted(sound_names() - {"tick"}))
def test_sounds_are_about_equally_loud_and_leave_room_for_the_voice(name: str) -> None:
    assert -20 < _level_db(name) < -16
    assert np.abs(_samples(name)).max() < 0.5


def test_ticks_are_quieter_than_what_they_lead_to() -> None:
    assert _level_db("tick") < _level_db("start") - 6
    assert _level_db("tick") < _level_db("end") - 6


def test_start_rises_and_end_falls() -> None:
    assert _pitches("start", 0, 120) < _pitches("start", 140, 400)
    assert _pitches("end", 0, 100) > _pitches("end", 200, 500)
