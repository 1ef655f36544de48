from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.sound_themes import SoundTheme, sound_names, theme_names
from timer_app.system.paths import shipped_sounds_dir

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_sounds.py"
THEMES = theme_names(shipped_sounds_dir())
ALL = [(theme, name) for theme in THEMES for name in sorted(sound_names())]
LOUD = [(theme, name) for theme, name in ALL if name != "tick"]


def _samples(theme: str, name: str) -> Samples:
    return SoundTheme(shipped_sounds_dir(), theme).clip(name).samples


def _level_db(theme: str, name: str) -> float:
    squares = _samples(theme, name).astype(np.float64) ** 2
    window = MIX_RATE // 20
    loudest = max(float(squares[at : at + window].mean()) for at in range(0, len(squares), 480))
    return 10 * float(np.log10(loudest))


def _pitch(theme: str, name: str, begin_ms: int, end_ms: int) -> float:
    part = _samples(theme, name)[begin_ms * 48 : end_ms * 48].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 16))
    return float(np.argmax(spectrum)) * MIX_RATE / (1 << 16)


def _colour(theme: str, name: str) -> float:
    """The centre of the spectrum as a multiple of the first note's pitch: how much of the sound is overtones."""
    samples = _samples(theme, name).astype(np.float64)
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    pitches = np.fft.rfftfreq(len(samples), 1 / MIX_RATE)
    return float((pitches * spectrum).sum() / spectrum.sum()) / _pitch(theme, name, 0, 50)


def _ring(theme: str, name: str) -> float:
    """The share of the sound that is louder than a tenth of its peak: small for knocks, large for held tones."""
    samples = np.abs(_samples(theme, name))
    blocks = samples[: len(samples) // 240 * 240].reshape(-1, 240).max(axis=1)
    return float((blocks > 0.1 * blocks.max()).mean())


def _melody(theme: str, name: str) -> tuple[float, ...]:
    """How the sound goes: its length, and its pitch in each tenth of a second of its beginning."""
    length_ms = len(_samples(theme, name)) // 48
    last_ms = max(0, length_ms - 100)
    starts = [min(begin_ms, last_ms) for begin_ms in (0, 130, 260)]
    return (length_ms, *(_pitch(theme, name, begin_ms, begin_ms + 100) for begin_ms in starts))


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(tmp_path)], check=True, capture_output=True)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.wav")}
    shipped = {
        path.relative_to(shipped_sounds_dir()): path.read_bytes() for path in shipped_sounds_dir().rglob("*.wav")
    }
    assert len(made) == len(ALL)
    assert made == shipped


def test_there_are_four_complete_themes() -> None:
    assert THEMES == ["calm", "clear", "gym", "wood"]


@pytest.mark.parametrize(("theme", "name"), ALL)
def test_a_sound_begins_on_the_beat_and_ends_in_silence(theme: str, name: str) -> None:
    samples = np.abs(_samples(theme, name))
    early = samples[: MIX_RATE // 200]
    assert samples[0] < 0.001
    assert early.max() > 0.5 * samples[: MIX_RATE // 20].max()
    assert samples[-1] < 0.001


@pytest.mark.parametrize(("theme", "name"), LOUD)
def test_sounds_are_about_equally_loud_and_leave_room_for_the_voice(theme: str, name: str) -> None:
    assert -20 < _level_db(theme, name) < -16
    assert np.abs(_samples(theme, name)).max() < 0.5


@pytest.mark.parametrize("theme", THEMES)
def test_ticks_are_quieter_than_what_they_lead_to(theme: str) -> None:
    assert _level_db(theme, "tick") < _level_db(theme, "start") - 6
    assert _level_db(theme, "tick") < _level_db(theme, "end") - 6


@pytest.mark.parametrize("theme", THEMES)
def test_start_rises_and_end_falls(theme: str) -> None:
    assert _pitch(theme, "start", 0, 120) < 0.9 * _pitch(theme, "start", 150, 290)
    assert _pitch(theme, "end", 0, 120) > 1.1 * _pitch(theme, "end", 180, 310)


@pytest.mark.parametrize("theme", THEMES)
def test_the_sounds_of_a_theme_are_told_apart_by_their_melody(theme: str) -> None:
    melodies = {name: _melody(theme, name) for name in sound_names()}
    for one, other in combinations(sorted(melodies), 2):
        ratios = [a / b for a, b in zip(melodies[one], melodies[other], strict=True)]
        assert max(abs(float(np.log2(ratio))) for ratio in ratios) > 1 / 6, (one, other)


@pytest.mark.parametrize(("one", "other"), list(combinations(THEMES, 2)))
def test_two_themes_differ_in_tone_colour_and_not_only_in_pitch(one: str, other: str) -> None:
    for name in sorted(sound_names() - {"tick"}):
        richer = abs(float(np.log2(_colour(one, name) / _colour(other, name))))
        longer = abs(_ring(one, name) - _ring(other, name))
        assert richer > 0.25 or longer > 0.25, name


@pytest.mark.parametrize(("one", "other"), list(combinations(THEMES, 2)))
def test_the_first_note_alone_tells_which_theme_it_is(one: str, other: str) -> None:
    for name in ("start", "tick", "rest"):
        higher = abs(float(np.log2(_pitch(one, name, 0, 50) / _pitch(other, name, 0, 50))))
        richer = abs(float(np.log2(_colour(one, name) / _colour(other, name))))
        assert max(higher, richer) > 1 / 4, name


@pytest.mark.parametrize(("theme", "name"), ALL)
def test_the_loudspeaker_of_a_phone_plays_a_good_part_of_every_sound(theme: str, name: str) -> None:
    samples = _samples(theme, name)
    power = np.abs(np.fft.rfft(samples)) ** 2
    assert power[np.fft.rfftfreq(len(samples), 1 / MIX_RATE) > 500].sum() > 0.3 * power.sum()
