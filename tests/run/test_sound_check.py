from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from timer_app.core.i18n import _, source_texts, use_language
from timer_app.run.sound_check import start_sound_check
from timer_app.run.sound_system import SoundOptions
from timer_app.system import paths
from timer_app.tts.pronunciation import SpeechStyle


def shipped(name: str) -> Path:
    return paths.shipped_sounds_dir() / "clear" / f"{name}.wav"


def choice(output: str, voice: str = "none") -> SoundOptions:
    return SoundOptions(voice, SpeechStyle(), output, 100)


def bursts(path: Path) -> int:
    """How often something is heard after a fifth of a second of silence."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 30)
    return int((np.diff(loud, prepend=-48_000) > 9_600).sum())


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMER_APP_CACHE", str(tmp_path / "cache"))


def test_each_sound_and_the_line_is_heard_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "test.wav"
    test = start_sound_check(choice(f"file:{path}", "espeak"), shipped, ["tick", "tick", "tick"], "Hello.")
    assert test.wait(30)
    assert not test.failed
    assert test.status == f"Played through file:{path}."
    assert bursts(path) == 4


def test_it_does_not_keep_its_caller_waiting_and_can_be_stopped() -> None:
    test = start_sound_check(choice("null"), shipped, ["finish"] * 20)
    assert not test.done
    test.stop()
    assert test.wait(10)
    assert (test.status, test.failed, test.is_playing) == ("Stopped.", False, False)


def test_where_there_is_no_sound_the_reason_is_told(tmp_path: Path) -> None:
    test = start_sound_check(choice(f"file:{tmp_path / 'missing' / 'a.wav'}"), shipped)
    assert test.wait(10)
    assert test.failed
    assert test.status.startswith("No sound: ")
    assert "no such file or directory" in test.status


def test_the_process_that_plays_tells_its_reason_in_the_language_of_the_screen(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    use_language("de")
    test = start_sound_check(choice(f"file:{tmp_path / 'a.wav'}"), shipped)
    assert test.wait(10)
    with source_texts():
        english = _("{path} is there already; name another file").format(path=tmp_path / "a.wav")
    assert test.failed
    assert test.status == "Kein Ton: " + _("{path} is there already; name another file").format(path=tmp_path / "a.wav")
    assert english not in test.status


def test_what_the_user_should_know_is_left_when_it_is_over(tmp_path: Path) -> None:
    well = start_sound_check(choice("null"), shipped, ["tick"])
    missing = start_sound_check(choice("null", f"piper:{tmp_path}/nobody.onnx"), shipped, [], "Hello.")
    assert well.wait(30)
    assert missing.wait(30)
    assert well.remarks == []
    (remark,) = missing.remarks
    assert "nobody.onnx" in remark
