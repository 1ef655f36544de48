from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from timer_app.core.wording.languages import best_match
from timer_app.tts.loudness import TARGET_LUFS, loudness
from timer_app.tts.piper import PiperVoice
from timer_app.tts.registry import available_voices, open_voice
from timer_app.tts.voice import Language, VoiceError

RATE = 16_000
ABOUT = {
    "audio": {"sample_rate": RATE},
    "espeak": {"voice": "de"},
    "language": {"code": "de_DE", "name_english": "German"},
    "inference": {"length_scale": 1.0, "noise_scale": 0.6, "noise_w": 0.8},
    "phoneme_type": "text",
    "num_symbols": 256,
    "num_speakers": 1,
    "phoneme_id_map": {**{chr(code): [code] for code in range(32, 127)}, "^": [1], "$": [2], "_": [0]},
}


def humming() -> onnx.ModelProto:
    """A voice that hums for 50 ms a phoneme at its usual rate."""
    nodes = [
        helper.make_node("Shape", ["input"], ["shape"]),
        helper.make_node("Gather", ["shape", "second"], ["phonemes"], axis=0),
        helper.make_node("Cast", ["phonemes"], ["count"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "second"], ["slowness"], axis=0),
        helper.make_node("Mul", ["count", "slowness"], ["units"]),
        helper.make_node("Mul", ["units", "samples_each"], ["length"]),
        helper.make_node("Range", ["zero", "length", "one"], ["places"]),
        helper.make_node("Mul", ["places", "step"], ["angles"]),
        helper.make_node("Sin", ["angles"], ["wave"]),
        helper.make_node("Unsqueeze", ["wave", "axes"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    constants = [
        helper.make_tensor("second", TensorProto.INT64, [], [1]),
        helper.make_tensor("samples_each", TensorProto.FLOAT, [], [RATE / 20]),
        helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0]),
        helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
        helper.make_tensor("step", TensorProto.FLOAT, [], [2 * np.pi * 220 / RATE]),
        helper.make_tensor("axes", TensorProto.INT64, [2], [0, 1]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, None])]
    graph = helper.make_graph(nodes, "humming", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "anna.onnx"
    onnx.save(humming(), path)
    Path(f"{path}.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    return path


def test_a_voice_file_speaks_and_is_as_loud_as_every_voice(model: Path) -> None:
    voice = open_voice(f"piper:{model}")
    speech = voice.render("Schultern tief.", "de", 150)
    assert speech.rate == RATE
    assert speech.length_ms > 500
    assert loudness(speech.samples, speech.rate) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert voice.languages() == [Language("de", "German"), Language("de-de", "German")]
    voice.close()


def test_a_slower_rate_takes_longer_within_what_the_voice_can_follow(model: Path) -> None:
    voice = PiperVoice(model)
    usual, slow, slower, slowest = (voice.render("Schultern tief.", "de", wpm).length_ms for wpm in (150, 75, 20, 1))
    assert slow == pytest.approx(2 * usual, rel=0.05)
    assert slower == slowest


def test_nothing_to_say_is_silence_and_marks_for_phonemes_are_read_as_they_stand(model: Path) -> None:
    voice = PiperVoice(model)
    assert voice.render(" \x01 ", "de", 150).length_ms == 0
    assert voice.render("[[x]] eins", "de", 150).length_ms >= voice.render("[x] eins", "de", 150).length_ms


def test_a_voice_speaks_its_own_language_alone(model: Path) -> None:
    with pytest.raises(VoiceError, match='the piper voice does not speak "en"; it speaks de'):
        PiperVoice(model).render("one", "en", 150)
    assert best_match("de-AT", ["de"]) is not None
    assert PiperVoice(model).render("eins", "de-AT", 150).length_ms > 0


def test_another_file_under_the_same_name_is_another_version(model: Path) -> None:
    before = PiperVoice(model).version
    assert PiperVoice(model).version == before
    about = {**ABOUT, "inference": {"length_scale": 1.2}}
    Path(f"{model}.json").write_text(json.dumps(about), encoding="utf-8")
    assert PiperVoice(model).version != before


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"there is no voice file .*anna\.onnx"):
        open_voice(f"piper:{tmp_path / 'anna.onnx'}")


def test_a_missing_description_is_told_by_its_name(model: Path) -> None:
    Path(f"{model}.json").unlink()
    with pytest.raises(VoiceError, match=r"needs its description, anna\.onnx\.json, beside it"):
        PiperVoice(model)


@pytest.mark.parametrize("junk", [b"", b"junk", b"[1, 2]", b"{}", b'{"audio": 1}', b"\xff\xfe"])
def test_a_damaged_description_is_told_in_one_line(model: Path, junk: bytes) -> None:
    Path(f"{model}.json").write_bytes(junk)
    with pytest.raises(VoiceError) as reported:
        PiperVoice(model)
    assert "anna.onnx" in str(reported.value)
    assert "\n" not in str(reported.value)


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x08\x07" * 40])
def test_a_damaged_model_is_told_in_one_line(model: Path, junk: bytes) -> None:
    model.write_bytes(junk)
    with pytest.raises(VoiceError, match="is not a voice that piper can load") as reported:
        PiperVoice(model)
    assert "\n" not in str(reported.value)


def test_the_kind_alone_says_what_is_wanted_and_is_listed() -> None:
    with pytest.raises(VoiceError, match=r"needs the file of a voice; write piper:/path/to/voice\.onnx"):
        open_voice("piper")
    state = next(state for state in available_voices() if state.name == "piper")
    assert state.usable
    assert "piper:/path/to/voice.onnx" in state.state


def test_without_its_package_it_says_what_to_install(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(VoiceError, match="timer-app\\[piper\\]"):
        open_voice(f"piper:{model}")
    state = next(state for state in available_voices() if state.name == "piper")
    assert not state.usable
