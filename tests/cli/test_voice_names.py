"""Voices are chosen by their names in the settings and on the command line."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from tests.command_line import Inside
from timer_app.cli.commands.voices import _SAMPLES
from timer_app.cli.screens import make_run_options
from timer_app.run.options import RunDefaults
from timer_app.settings.settings import Settings
from timer_app.settings.store import load_settings

LINE = "Slide down until your thighs are level."


def test_settings_take_the_file_of_a_voice(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('voice = "piper:/voices/anna.onnx"\n', encoding="utf-8")
    found = load_settings(path)
    assert (found.settings.voice, found.problems) == ("piper:/voices/anna.onnx", ())


def test_a_wrong_voice_in_the_settings_is_told_with_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('rate = 120\nvoice = "espeek"\n', encoding="utf-8")
    found = load_settings(path)
    assert found.settings == Settings(rate=120)
    assert [(problem.line, problem.suggestion) for problem in found.problems] == [(2, "espeak")]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("espeek", 'there is no voice "espeek"; did you mean "espeak"?'),
        ("nobody", 'there is no voice "nobody"; write auto, hibari, espeak, system, pico, piper, kokoro, none'),
        ("piper", "the piper voice needs the file of a voice; write piper:/path/to/voice.onnx"),
        ("espeak:loud", "the espeak voice stands alone"),
    ],
)
def test_a_wrong_voice_on_the_command_line_is_one_line(timer_app: Inside, name: str, said: str) -> None:
    found = timer_app("run", "desk-break", "--voice", name)
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert said in found.err


@pytest.mark.exact_lengths
def test_a_voice_file_that_is_not_there_is_told_where_its_lengths_are_wanted(timer_app: Inside) -> None:
    found = timer_app("show", "desk-break", "--voice", "piper:/nowhere/anna.onnx")
    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert "there is no voice file /nowhere/anna.onnx" in found.err


def test_a_pitch_of_the_command_line_is_within_its_limits(timer_app: Inside) -> None:
    found = timer_app("run", "desk-break", "--pitch", "101")
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)
    assert "--pitch" in found.err


def test_what_is_asked_for_on_the_command_line_is_told_apart_from_what_is_usual() -> None:
    settings = Settings(voice="system", rate=160, lexicon={"a": "b"})
    options = make_run_options(settings, {"pitch": 70})
    assert (options.voice, options.rate, options.pitch) == (None, None, 70)
    assert options.defaults == RunDefaults(voice="system", rate=160, pitch=50)
    assert options.lexicon == {"a": "b"}


@pytest.mark.exact_lengths
def test_lengths_are_shown_as_the_session_and_the_command_line_have_them_spoken(
    timer_app: Inside, tmp_path: Path
) -> None:
    def said_ms(*options: str) -> int:
        shown = json.loads(timer_app("show", str(path), "--json", "--voice", "espeak", *options).out)
        return int(
            next(cue["length_ms"] for phase in shown["phases"] for cue in phase["cues"] if cue.get("text") == LINE)
        )

    path = tmp_path / "slow.toml"
    path.write_text(f'schema = 1\nname = "Slow"\nsteps = [{{ say = "{LINE}", voice = {{ rate = 90 }} }}]\n')
    slow, fast = said_ms(), said_ms("--rate", "200")
    assert slow > 1.5 * fast


def test_each_voice_that_speaks_the_language_says_a_sample(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(_SAMPLES, "de", "Rechte Seite.")
    monkeypatch.setitem(_SAMPLES, "en", "Right side.")
    done = timer_app("voices", "--sample", "espeak", "--output", f"file:{tmp_path / 'one.wav'}", "--language", "de")
    assert (done.status, done.out.splitlines()[0]) == (0, f"espeak: {_SAMPLES['de']}")
    with wave.open(str(tmp_path / "one.wav")) as file:
        assert file.getnframes() > file.getframerate() // 2
    each = timer_app("voices", "--sample", "--output", "null")
    spoken = [line.partition(":")[0] for line in each.out.splitlines() if line.endswith(_SAMPLES["en"])]
    assert {"hibari", "espeak", "pico"} <= set(spoken)
    assert "auto" not in spoken
