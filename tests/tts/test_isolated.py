from __future__ import annotations

import functools
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from timer_app.core.timeline.utterance import Utterance
from timer_app.system.processes import Message
from timer_app.tts import registry as voices
from timer_app.tts.cache import SpeechCache
from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.isolated_process import VoiceHost
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.registry import open_renderer, open_voice
from timer_app.tts.voice import Language, VoiceError

VOICE = """
import os, sys, time
import numpy as np
from timer_app.tts.voice import Language, Speech, VoiceError

class Odd:
    name, version = "odd", "1"
    def render(self, text, language, wpm, pitch=50):
        print("a library says something", flush=True)
        os.write(2, b"and something else")
        if "crash" in text:
            os.abort()
        if "hang" in text:
            time.sleep(600)
        if "raise" in text:
            raise KeyError("hertz")
        return Speech(np.sin(np.arange(8_000) / 5).astype(np.float32), 8_000)
    def languages(self):
        return [Language("en", "English")]
    def close(self):
        pass

def open_voice(told):
    if told == "crash":
        os.abort()
    return Odd()
"""


@pytest.fixture(autouse=True)
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package whose voice does what it is told."""
    about = tmp_path / "odd_voice-2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-voice\nVersion: 2\n")
    (about / "entry_points.txt").write_text("[timer_app.voices]\nodd = odd_voice_of_a_test:open_voice\n")
    (tmp_path / "odd_voice_of_a_test.py").write_text(VOICE)
    monkeypatch.syspath_prepend(tmp_path)


@pytest.fixture
def voice() -> Iterator[IsolatedVoice]:
    with closing(IsolatedVoice("odd", limit_s=3)) as opened:
        yield opened


def test_what_is_spoken_in_the_process_comes_through_whole(voice: IsolatedVoice) -> None:
    speech = voice.render("Rest.", "en", 150)
    here = VoiceHost()
    here.handle(Message({"do": "open", "voice": "odd", "path": sys.path}))
    assert here._voice is not None
    own = here._voice.render("Rest.", "en", 150)
    assert (speech.rate, speech.beat_ms) == (own.rate, own.beat_ms)
    assert np.array_equal(speech.samples, own.samples)
    assert voice.languages() == [Language("en", "English")]
    assert (voice.name, voice.origin, voice.version) == ("odd", "odd-voice 2", "odd-voice 2-1-")


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("crash", r"the odd voice stopped \(status -6\)"),
        ("hang", "the odd voice did not answer within 3 s"),
        ("raise", r"the odd voice broke down: KeyError\('hertz'\)"),
    ],
)
def test_a_voice_that_crashes_hangs_or_raises_is_an_error_in_one_line(
    voice: IsolatedVoice, text: str, reported: str
) -> None:
    begun_s = time.monotonic()
    with pytest.raises(VoiceError, match=reported):
        voice.render(text, "en", 150)
    assert time.monotonic() - begun_s < 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("crash", "A line is spoken by espeak: the odd voice stopped (status -6)"),
        ("hang", "Another voice speaks: the odd voice did not answer within 2 s; espeak takes over."),
    ],
)
def test_another_voice_says_the_line_over_which_one_crashes_or_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setattr(voices, "IsolatedVoice", functools.partial(IsolatedVoice, limit_s=2))
    renderer, news = open_renderer("odd", SpeechStyle(), SpeechCache(tmp_path / "speech"))
    assert renderer is not None
    assert news == []
    with closing(renderer):
        lines = [Utterance("Rest."), Utterance(text), Utterance("Switch sides.")]
        assert renderer.wait(lines, 30)
        assert all(renderer.get(line) is not None for line in lines)
        assert renderer.notices == [told]


def test_a_voice_that_crashes_while_it_opens_is_passed_over(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"the odd voice stopped \(status -6\)"):
        open_voice("odd:crash")
    renderer, news = open_renderer("odd:crash", SpeechStyle(), SpeechCache(tmp_path / "speech"))
    assert renderer is not None
    with closing(renderer):
        assert renderer.wait([Utterance("Rest.")], 30)
    assert news == ["Another voice speaks: the odd voice stopped (status -6); espeak takes over."]


def test_a_model_that_takes_the_engine_down_is_an_error(tmp_path: Path) -> None:
    script = tmp_path / "engine.py"
    script.write_text("import os, sys; sys.stdin.buffer.read(1); os.kill(os.getpid(), 11)")
    with pytest.raises(VoiceError, match=r"the piper voice stopped \(status -11\)"):
        IsolatedVoice("piper:anna.onnx", [sys.executable, str(script)])


@pytest.mark.parametrize("nonsense", [b"Audio saved.\n", b"msg\0\6\0\0\0\0\0\0\0[1, 2]"])
def test_a_process_that_talks_nonsense_is_an_error(tmp_path: Path, nonsense: bytes) -> None:
    script = tmp_path / "engine.py"
    script.write_text(f"import os; os.write(1, {nonsense!r}); os.read(0, 1)")
    with pytest.raises(VoiceError, match="the odd voice answered nonsense"):
        IsolatedVoice("odd", [sys.executable, str(script)])
