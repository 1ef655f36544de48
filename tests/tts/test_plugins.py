from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from timer_app.tts.loudness import TARGET_LUFS, loudness
from timer_app.tts.names import BUILT_IN, VoiceNameError, check_name
from timer_app.tts.registry import available_voices, open_voice, voice_names
from timer_app.tts.voice import Language, VoiceError
from timer_app.tts.waveform import MARGIN_MS

HUMMING = """
import numpy as np
from timer_app.tts.voice import Language, Speech

class Humming:
    name = "ignored"
    version = "3"
    closed = False

    def __init__(self, told):
        self.hertz = float(told or 220)

    def render(self, text, language, wpm, pitch=50):
        quiet = np.zeros(4_000, np.float32)
        times = np.arange(len(text) * 800) / 8_000
        hum = (0.01 * np.sin(2 * np.pi * self.hertz * times)).astype(np.float32)
        return Speech(np.concatenate([quiet, hum, quiet]), 8_000)

    def languages(self):
        return [Language("en", "English")]

    def close(self):
        Humming.closed = True
"""

LIMIT_S = 60.0
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a package with one voice where Python finds it."""

    def place(points: str, code: str) -> None:
        about = tmp_path / "humming_voice-1.2.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: humming-voice\nVersion: 1.2\n")
        (about / "entry_points.txt").write_text(f"[timer_app.voices]\n{points}\n")
        # A name of its own for each test: a module is loaded once a process.
        (tmp_path / f"{tmp_path.name.replace('-', '_')}.py").write_text(code)
        monkeypatch.syspath_prepend(tmp_path)

    return place


def module(tmp_path: Path) -> str:
    return tmp_path.name.replace("-", "_")


def test_a_voice_of_another_package_speaks_trimmed_and_as_loud_as_every_voice(install: Install, tmp_path: Path) -> None:
    install(f"hum = {module(tmp_path)}:Humming", HUMMING)
    assert voice_names() == (*BUILT_IN, "hum")
    voice = open_voice("hum")
    speech = voice.render("Rest.", "en", 150)
    assert abs(speech.length_ms - 500) <= 2 * MARGIN_MS + 1
    assert loudness(speech.samples, speech.rate) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert (voice.name, voice.languages()) == ("hum", [Language("en", "English")])
    state = next(state for state in available_voices(LIMIT_S) if state.name == "hum")
    assert state == ("hum", True, "added by humming-voice 1.2, 1 language codes", (Language("en", "English"),))


def test_what_follows_the_colon_is_told_to_the_voice_and_makes_other_lines(install: Install, tmp_path: Path) -> None:
    install(f"hum = {module(tmp_path)}:Humming", HUMMING)
    assert check_name("hum:110") == "hum:110"
    assert open_voice("hum:110").version != open_voice("hum:220").version
    with pytest.raises(VoiceError, match=r"the hum voice of humming-voice 1\.2 broke down: ValueError"):
        open_voice("hum:loud")


def test_a_built_in_voice_cannot_be_replaced(install: Install, tmp_path: Path) -> None:
    install(f"espeak = {module(tmp_path)}:Humming", HUMMING)
    assert voice_names() == BUILT_IN
    assert open_voice("espeak").version.startswith("1.")


@pytest.mark.parametrize("code", ["raise RuntimeError('boom')", "Humming = None", "", "import not_there_at_all"])
def test_a_package_that_does_not_load_is_told_and_harms_nobody(install: Install, tmp_path: Path, code: str) -> None:
    install(f"hum = {module(tmp_path)}:Humming", code)
    with pytest.raises(VoiceError, match=r"the hum voice of humming-voice 1\.2 broke down"):
        open_voice("hum")
    states = {state.name: state for state in available_voices(LIMIT_S)}
    assert not states["hum"].usable
    assert states["espeak"].usable


@pytest.mark.parametrize("result", ["None", "'words'", "Speech(np.zeros((3, 2), np.float32), 8_000)"])
def test_what_is_no_speech_is_refused(install: Install, tmp_path: Path, result: str) -> None:
    code = HUMMING.replace("return Speech(np.concatenate([quiet, hum, quiet]), 8_000)", f"return {result}")
    install(f"hum = {module(tmp_path)}:Humming", code)
    with pytest.raises(VoiceError, match="something that is no speech"):
        open_voice("hum").render("Rest.", "en", 150)


def test_voices_that_hang_are_asked_side_by_side_and_keep_the_list_waiting_once(
    install: Install, tmp_path: Path
) -> None:
    code = "import time\n" + HUMMING.replace('return [Language("en", "English")]', "time.sleep(600)")
    code += "\n\ndef hang(told):\n    time.sleep(600)\n"
    install(
        "\n".join(
            f"hum{number} = {module(tmp_path)}:{name}" for number, name in enumerate(("Humming", "hang", "hang"))
        ),
        code,
    )
    began_s = time.monotonic()
    states = {state.name: state for state in available_voices(3.0)}
    assert time.monotonic() - began_s < 6.0
    for name in ("hum0", "hum1", "hum2"):
        assert not states[name].usable
        assert "did not answer within" in states[name].state
    assert states["none"].usable


def test_names_are_checked_without_loading_a_voice(install: Install, tmp_path: Path) -> None:
    install(f"hum = {module(tmp_path)}:Humming", "raise RuntimeError('loaded')")
    assert [check_name(name) for name in ("hum", "piper:a.onnx", "none")] == ["hum", "piper:a.onnx", "none"]
    with pytest.raises(VoiceNameError) as unknown:
        check_name("hun")
    assert (unknown.value.meant, "espeak" in unknown.value.allowed) == ("hum", True)
    for name in ("espeak:loud", "piper:", "piper:voice.txt", ""):
        with pytest.raises(VoiceNameError):
            check_name(name)
