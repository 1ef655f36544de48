"""Who speaks in a run, and how: the command line goes before the session, and that before the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.library_folders import Place
from timer_app.core.diagnostics import FileFault
from timer_app.core.session.model import Session
from timer_app.core.timeline.utterance import Utterance
from timer_app.run.live import RunEnvironment, open_run
from timer_app.run.options import RunDefaults, RunOptions
from timer_app.run.sound_system import SoundOptions, SoundSystem, silent_sound_system
from timer_app.system import paths
from timer_app.testing import ManualClock

USUAL = {"defaults": RunDefaults(voice="system", rate=160, pitch=60)}


def chosen(place: Place, options: dict[str, Any], **more: Any) -> SoundOptions:
    """What the desk of a run is asked for."""
    session = Session.model_validate({"schema": 1, "name": "Test", "steps": [{"say": "One."}], **more})
    asked: list[SoundOptions] = []

    def open_desk(choice: SoundOptions, _find: Callable[[str], Path | None]) -> SoundSystem:
        asked.append(choice)
        return silent_sound_system()

    open_run(session, RunOptions(**options), place.library(), None, RunEnvironment(open_desk, ManualClock())).close()
    return asked[0]


@pytest.mark.parametrize(
    ("options", "session", "expected"),
    [
        ({}, {}, ("auto", 175, 50)),
        (USUAL, {}, ("system", 160, 60)),
        (USUAL, {"voice": {"name": "espeak", "rate": 120}}, ("espeak", 120, 60)),
        (
            {**USUAL, "voice": "none", "pitch": 10},
            {"voice": {"pitch": 90, "rate": 120}},
            ("none", 120, 10),
        ),
        ({**USUAL, "rate": 200}, {"voice": {"rate": 120}}, ("system", 200, 60)),
    ],
)
def test_the_run_goes_before_the_session_and_that_before_what_is_usual(
    place: Place, options: dict[str, Any], session: dict[str, Any], expected: tuple[str, int, int]
) -> None:
    choice = chosen(place, options, **session)
    manner = Session.model_validate({"schema": 1, "name": "T", "steps": [{"say": "."}], **session}).manner
    line = choice.style.apply(Utterance.in_manner("One.", manner))
    assert (choice.voice, line.effective_rate, line.effective_pitch) == expected


def test_the_lexicon_of_the_session_goes_before_that_of_the_settings(place: Place) -> None:
    choice = chosen(place, {"lexicon": {"one": "wun", "two": "too"}}, lexicon={"One": "juan"})
    assert choice.style.apply(Utterance("One two")).text == "juan too"


VOICED = 'schema = 1\nname = "Test"\nsteps = [{{ say = "One." }}]\n[voice]\nname = "{}"\n'


@pytest.mark.parametrize(
    "file", ["/any/path/anna.onnx", "~/anna.onnx", "../anna.onnx", "a/../../anna.onnx", "/etc/passwd"]
)
def test_a_session_may_not_name_the_file_of_a_voice_outside_of_the_voice_folder(place: Place, file: str) -> None:
    path, library = place.write("voice.toml", VOICED.format(f"piper:{file}")), place.library()
    folder = paths.own_voices_dir()
    (problem,) = library.check(path)
    assert (problem.severity, problem.line, problem.key) == ("error", 5, "voice.name")
    assert problem.message == f'"piper:{file}" leads out of your voice folder'
    assert f"piper:{Path(file).name}, with the file or a link to it and its .json in {folder}" in problem.allowed
    assert "any path by --voice or in your settings" in problem.allowed
    with pytest.raises(FileFault, match="leads out of your voice folder"):
        library.load(library.find(str(path)))


def test_a_session_may_name_the_file_of_a_voice_in_the_voice_folder(place: Place, tmp_path: Path) -> None:
    folder, library = paths.own_voices_dir(), place.library()
    folder.mkdir(parents=True)
    (tmp_path / "anna.onnx").touch()
    (folder / "anna.onnx").symlink_to(tmp_path / "anna.onnx")
    for written in ("anna.onnx", f"{folder}/anna.onnx", "gone.onnx"):
        path = place.write("voice.toml", VOICED.format(f"piper:{written}"))
        assert [problem.message for problem in library.check(path)] == (
            ['there is no file "gone.onnx" in your voice folder'] if written == "gone.onnx" else []
        )
        session, _ = library.load(library.find(str(path)))
        assert RunOptions().resolved(session).voice == f"piper:{folder / Path(written).name}"
        assert RunOptions(voice="piper:/any/path.onnx").resolved(session).voice == "piper:/any/path.onnx"


def test_a_session_may_name_a_voice_of_a_model_in_the_voice_folder_alone(place: Place) -> None:
    folder, library = paths.own_voices_dir(), place.library()
    folder.mkdir(parents=True)
    (folder / "kokoro.onnx").touch()
    session, _ = library.load(
        library.find(str(place.write("voice.toml", VOICED.format("kokoro:kokoro.onnx#af_heart"))))
    )
    assert RunOptions().resolved(session).voice == f"kokoro:{folder / 'kokoro.onnx'}#af_heart"
    (problem,) = library.check(place.write("voice.toml", VOICED.format("kokoro:gone.onnx#af_heart")))
    assert problem.message == 'there is no file "gone.onnx" in your voice folder'
    (problem,) = library.check(place.write("voice.toml", VOICED.format("kokoro:../a.onnx#af_heart")))
    assert (problem.severity, problem.message) == (
        "error",
        '"kokoro:../a.onnx#af_heart" leads out of your voice folder',
    )
    assert f"kokoro:a.onnx#af_heart, with the file or a link to it and its voices in {folder}" in problem.allowed


def test_a_voice_that_is_not_known_here_is_a_warning_with_what_was_meant(place: Place) -> None:
    text = 'schema = 1\nname = "Test"\nsteps = [{ say = "One." }]\n[voice]\nname = "espeek"\n'
    (problem,) = place.library().check(place.write("voice.toml", text))
    assert (problem.severity, problem.line, problem.key, problem.suggestion) == ("warning", 5, "voice.name", "espeak")
