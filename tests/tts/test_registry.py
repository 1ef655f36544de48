from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.names import BUILT_IN
from timer_app.tts.registry import DEFAULT_VOICE, available_voices, open_voice, voice_names
from timer_app.tts.voice import SilentVoice, Voice, VoiceError


def test_without_a_better_voice_the_default_one_is_the_bundled_one() -> None:
    assert isinstance(open_voice(DEFAULT_VOICE), EspeakVoice)


def test_the_silent_voice_renders_nothing_in_any_language() -> None:
    voice: Voice = open_voice("none")
    assert isinstance(voice, SilentVoice)
    assert voice.render("Switch sides.", "xx", 150).length_ms == 0
    assert voice.languages() == []
    voice.close()


def test_an_unknown_voice_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        VoiceError, match=r'no voice "espeek" \(did you mean "espeak"\?\); write auto, hibari, espeak, system'
    ):
        open_voice("espeek")


def test_every_voice_is_listed_with_one_line_about_its_state() -> None:
    states = {state.name: state for state in available_voices(60.0)}
    assert tuple(states) == voice_names() == BUILT_IN
    assert states["espeak"].usable
    assert "1.52" in states["espeak"].state
    assert "en" in {language.code for language in states["espeak"].languages}
    assert states["none"].usable
    assert all("\n" not in state.state for state in states.values())


def test_the_system_voice_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(VoiceError, match="timer-app\\[system-voice\\]"):
        open_voice("system")
    state = next(state for state in available_voices() if state.name == "system")
    assert not state.usable
    assert "pyttsx3" in state.state


def test_the_worker_starts_without_numpy() -> None:
    code = "import sys, timer_app.tts.system_process; print('numpy' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout == "False\n"
