from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from timer_app.system import paths
from timer_app.tts.kokoro import KokoroVoice, find_voices
from timer_app.tts.loudness import TARGET_LUFS, loudness
from timer_app.tts.registry import auto_offers, available_voices, open_voice
from timer_app.tts.voice import Language, LanguageError, Speech, VoiceError

RATE = 24_000
HERTZ = {"af_alloy": 200, "af_heart": 250, "am_adam": 300, "bf_emma": 350, "ff_siwis": 400, "jf_alpha": 450}
TAIL_MS = 700


def humming() -> onnx.ModelProto:
    """A model that hums for 50 ms a token at speed 1, as high as the style says, and runs on, too low to be heard."""
    nodes = [
        helper.make_node("Shape", ["tokens"], ["shape"]),
        helper.make_node("Gather", ["shape", "second"], ["count"], axis=0),
        helper.make_node("Cast", ["count"], ["units"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["units", "samples_each"], ["usual"]),
        helper.make_node("Squeeze", ["speed"], ["pace"]),
        helper.make_node("Div", ["usual", "pace"], ["length"]),
        helper.make_node("Range", ["zero", "length", "one"], ["places"]),
        helper.make_node("Gather", ["style", "first"], ["row"], axis=0),
        helper.make_node("Gather", ["row", "first"], ["step"], axis=0),
        helper.make_node("Mul", ["places", "step"], ["angles"]),
        helper.make_node("Sin", ["angles"], ["wave"]),
        helper.make_node("Concat", ["wave", "tail"], ["audio"], axis=0),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, None]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    tail = RATE * TAIL_MS // 1000
    constants = [
        helper.make_tensor("first", TensorProto.INT64, [], [0]),
        helper.make_tensor("second", TensorProto.INT64, [], [1]),
        helper.make_tensor("samples_each", TensorProto.FLOAT, [], [RATE / 20]),
        helper.make_tensor("zero", TensorProto.FLOAT, [], [0.0]),
        helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
        helper.make_tensor("tail", TensorProto.FLOAT, [tail], [0.0019 * (-1) ** place for place in range(tail)]),
    ]
    outputs = [helper.make_tensor_value_info("audio", TensorProto.FLOAT, [None])]
    graph = helper.make_graph(nodes, "humming", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)


def save_voices(path: Path, hertz: dict[str, int]) -> None:
    styles: dict[str, Any] = {
        name: np.full((510, 1, 256), 2 * np.pi * pitch / RATE, np.float32) for name, pitch in hertz.items()
    }
    with path.open("wb") as file:
        np.savez(file, **styles)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "kokoro-v1.0.int8.onnx"
    onnx.save(humming(), path)
    save_voices(tmp_path / "voices-v1.0.bin", HERTZ)
    return path


def who(speech: Speech) -> str:
    """Whose pitch is heard."""
    spectrum = np.abs(np.fft.rfft(speech.samples))
    heard = float(np.fft.rfftfreq(len(speech.samples), 1 / RATE)[int(spectrum.argmax())])
    return min(HERTZ, key=lambda name: abs(HERTZ[name] - heard))


def test_a_model_speaks_in_its_own_process_and_is_as_loud_as_every_voice(model: Path) -> None:
    voice = open_voice(f"kokoro:{model}#am_adam")
    speech = voice.render("Shoulders down.", "en", 175)
    assert (speech.rate, who(speech)) == (RATE, "am_adam")
    assert loudness(speech.samples, speech.rate) == pytest.approx(TARGET_LUFS, abs=0.5)
    assert [code for code, _ in voice.languages()] == ["en", "en-gb", "en-us", "fr"]
    assert Language("fr", "French") in voice.languages()
    voice.close()


def test_what_runs_on_after_the_words_is_left_off(model: Path) -> None:
    # "One." has four phonemes, a mark of stress and a stop, and the model adds a token at either end.
    assert KokoroVoice(str(model)).render("One.", "en", 175).length_ms == pytest.approx(7 * 50, abs=60)


def test_a_slower_rate_takes_longer_within_what_the_voice_can_follow(model: Path) -> None:
    voice = KokoroVoice(str(model))
    usual, slow, slowest, fast, fastest = (
        voice.render("Shoulders down.", "en", wpm).length_ms for wpm in (175, 100, 20, 350, 450)
    )
    assert slow == pytest.approx(1.75 * usual, rel=0.05)
    assert slowest == pytest.approx(2 * usual, rel=0.05)
    assert fast == fastest == pytest.approx(usual / 2, rel=0.05)


@pytest.mark.parametrize(
    ("wanted", "language", "speaker"),
    [
        ("", "en", "af_heart"),
        ("", "en-US", "af_heart"),
        ("", "en_GB", "bf_emma"),
        ("", "fr-CA", "ff_siwis"),
        ("#af_alloy", "en", "af_alloy"),
        ("#af_alloy", "en-gb", "af_alloy"),
        ("#af_alloy", "fr", "ff_siwis"),
        ("#bf_emma", "en", "bf_emma"),
    ],
)
def test_each_language_has_its_voice_and_the_one_that_is_named_goes_first(
    model: Path, wanted: str, language: str, speaker: str
) -> None:
    assert who(KokoroVoice(f"{model}{wanted}").render("Un, deux, trois, quatre.", language, 150)) == speaker


def test_a_language_without_a_voice_is_refused(model: Path) -> None:
    for language in ("es", "ja", "de"):
        with pytest.raises(LanguageError, match=f'the kokoro voice does not speak "{language}"; it speaks en, fr'):
            KokoroVoice(str(model)).render("Uno", language, 150)


def test_phonemes_keep_the_punctuation_and_numbers_whole_and_say_no_marks_of_languages(model: Path) -> None:
    voice = KokoroVoice(str(model))
    assert voice._phonemes("Slide down, 2.5 inches.", "en-us") == "slˈaɪd dˈaʊn, tˈuː pɔɪnt fˈaɪv ˈɪntʃᵻz."  # noqa: RUF001 - IPA
    # espeak marks the English word with "(en)", whose letters would be spoken.
    assert voice._phonemes("Le stretching.", "fr-fr") == "lə stɹˈɛtʃɪŋ."  # noqa: RUF001 - IPA
    assert [voice.render(text, "en", 175).length_ms for text in (" \x01 ", "…", "🙂")] == [0, 0, 0]


def test_another_voice_or_file_is_another_version(model: Path) -> None:
    versions = [
        KokoroVoice(str(model)).version,
        KokoroVoice(str(model)).version,
        KokoroVoice(f"{model}#af_alloy").version,
    ]
    save_voices(find_voices(model), {"af_heart": 500})
    versions.append(KokoroVoice(str(model)).version)
    assert versions[0] == versions[1]
    assert len(set(versions)) == 3


@pytest.mark.parametrize(
    ("name", "beside", "found"),
    [
        ("kokoro-v1.0.onnx", ["voices-v1.0.bin"], "voices-v1.0.bin"),
        ("kokoro-v1.0.fp16.onnx", ["voices-v1.0.bin", "voices-v1.1-zh.bin"], "voices-v1.0.bin"),
        ("kokoro-v1.1-zh.onnx", ["voices-v1.0.bin", "voices-v1.1-zh.bin", "voices.bin"], "voices-v1.1-zh.bin"),
        ("model.onnx", ["voices-v1.0.bin"], "voices-v1.0.bin"),
    ],
)
def test_the_voices_of_a_model_lie_beside_it(tmp_path: Path, name: str, beside: list[str], found: str) -> None:
    for each in beside:
        (tmp_path / each).touch()
    assert find_voices(tmp_path / name).name == found


def test_missing_and_unclear_files_are_told_in_one_line(model: Path) -> None:
    with pytest.raises(VoiceError, match=r"there is no model .*anna\.onnx; write kokoro:/path/to/kokoro\.onnx"):
        open_voice(f"kokoro:{model.with_name('anna.onnx')}#af_heart")
    voices = find_voices(model)
    for name in ("voices-a.bin", "voices-b.bin"):
        voices.with_name(name).touch()
    voices.unlink()
    with pytest.raises(
        VoiceError, match=r"not clear .* voices-a\.bin, voices-b\.bin; call them voices-v1\.0\.int8\.bin"
    ):
        KokoroVoice(str(model))
    for name in ("voices-a.bin", "voices-b.bin"):
        voices.with_name(name).unlink()
    with pytest.raises(VoiceError, match=r"needs its voices, a file such as voices-v1\.0\.int8\.bin, beside it"):
        KokoroVoice(str(model))


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x08\x07" * 40])
def test_damaged_files_are_told_in_one_line(model: Path, junk: bytes) -> None:
    voices, whole = find_voices(model), model.read_bytes()
    model.write_bytes(junk)
    with pytest.raises(VoiceError, match=r"kokoro cannot load .*int8\.onnx with voices-v1\.0\.bin") as reported:
        KokoroVoice(str(model))
    assert "\n" not in str(reported.value)
    model.write_bytes(whole)
    voices.write_bytes(junk)
    with pytest.raises(VoiceError, match=r"voices-v1\.0\.bin is not a file of Kokoro voices"):
        KokoroVoice(str(model))


def test_voices_that_are_no_styles_are_told_by_name(model: Path) -> None:
    with find_voices(model).open("wb") as file:
        np.savez(file, af_heart=np.zeros(3, np.float32))
    with pytest.raises(VoiceError, match=r"the voice af_heart in .* is damaged"):
        KokoroVoice(str(model))
    save_voices(find_voices(model), {"jf_alpha": 200})
    with pytest.raises(VoiceError, match=r"voices-v1\.0\.bin has no voice for en, es, fr, it, pt"):
        KokoroVoice(str(model))


def test_a_model_of_another_kind_is_told(model: Path) -> None:
    graph = humming()
    for node in graph.graph.node:
        node.input[:] = ["scales" if each == "style" else each for each in node.input]
    graph.graph.input[1].name = "scales"
    onnx.save(graph, model)
    with pytest.raises(VoiceError, match=r"is not a Kokoro model: its inputs are scales, speed, tokens"):
        KokoroVoice(str(model))


@pytest.mark.parametrize(
    ("wanted", "said"), [("af_hart", 'did you mean "af_heart"?'), ("jf_alpha", "; its usable ones")]
)
def test_a_voice_that_is_not_there_is_told_with_those_that_are(model: Path, wanted: str, said: str) -> None:
    with pytest.raises(VoiceError, match=f'has no usable voice "{wanted}"') as reported:
        KokoroVoice(f"{model}#{wanted}")
    assert said in str(reported.value)
    assert "af_alloy, af_heart, am_adam, bf_emma, ff_siwis" in str(reported.value)


@pytest.mark.parametrize(
    "name", ["kokoro", "kokoro:", "kokoro:voice.bin", "kokoro:a.onnx#", "kokoro:a.onnx#../b", "kokoro:#x"]
)
def test_a_name_without_a_model_says_what_is_wanted(name: str) -> None:
    with pytest.raises(VoiceError, match=r"needs the file of a model; write kokoro:/path/to/kokoro\.onnx"):
        open_voice(name)


def test_it_is_listed_but_never_chosen_unasked(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "own_voices_dir", lambda: model.parent)
    state = next(state for state in available_voices() if state.name == "kokoro")
    assert (state.usable, "kokoro:/path/to/kokoro.onnx" in state.state) == (True, True)
    assert {offer.name for offer in auto_offers()}.isdisjoint({"kokoro", "piper"})


def test_without_its_package_it_says_what_to_install(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(VoiceError, match=r"timer-app\[kokoro\]"):
        open_voice(f"kokoro:{model}")
    assert not next(state for state in available_voices() if state.name == "kokoro").usable
