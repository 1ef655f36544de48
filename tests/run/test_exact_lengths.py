"""Lines are measured by the voice that will speak, in a process, and so are plans."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from timer_app.core.timeline.utterance import Manner, Utterance
from timer_app.run.exact_lengths import LineMeasurer
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.pronunciation import Lexicon, SpeechStyle
from timer_app.tts.voice import VoiceError

pytestmark = pytest.mark.exact_lengths
SLACK_MS = 15  # one period of the voice's pitch, by which renders of one text differ


@pytest.fixture
def measurer() -> Iterator[LineMeasurer]:
    with closing(LineMeasurer()) as opened:
        yield opened


def test_a_line_is_as_long_as_the_voice_takes_over_it_in_the_style_of_the_run(measurer: LineMeasurer) -> None:
    style = SpeechStyle(fixed=Manner(rate=220), lexicon=Lexicon({"squat": "skwot hold"}))
    line, german = Utterance("Wall squat."), Utterance("An die Wand.", "de")
    found = measurer.measure([line, german], "espeak", style, {})
    with closing(EspeakVoice()) as voice:
        expected = [voice.render("Wall skwot hold.", "en", 220), voice.render("An die Wand.", "de", 220)]
    for timing, speech in zip(found.values(), expected, strict=True):
        assert abs(timing.length_ms - speech.length_ms) <= SLACK_MS
    assert list(found) == [line, german]
    assert measurer.measure([line], "espeak", SpeechStyle(), {})[line].length_ms < found[line].length_ms * 1.6


def test_a_line_that_is_recorded_lasts_as_long_as_its_recording(measurer: LineMeasurer, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "line.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(b"\1\2" * 12_000)
    line = Utterance("Wall squat.")
    found = measurer.measure([line], "espeak", SpeechStyle(), {line.text: tmp_path / "line.wav"})
    assert found[line].length_ms == 1_500


def test_another_voice_takes_over_and_is_told_unless_that_one_alone_may_speak(measurer: LineMeasurer) -> None:
    line = Utterance("Wall squat.")
    assert measurer.measure([line], "piper:nowhere.onnx", SpeechStyle(), {})[line].length_ms > 300
    (notice,) = measurer.notices
    assert notice.startswith("Another voice speaks: ")
    with closing(LineMeasurer(strict=True)) as strict, pytest.raises(VoiceError, match="nowhere"):
        strict.measure([line], "piper:nowhere.onnx", SpeechStyle(), {})


def test_a_process_that_cannot_be_started_is_a_voice_that_cannot_speak(
    measurer: LineMeasurer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timer_app.run.exact_lengths.module_command", lambda _name: ["/nowhere/python"])
    with pytest.raises(VoiceError, match="the process that measures lines"):
        measurer.measure([Utterance("one")], "espeak", SpeechStyle(), {})
