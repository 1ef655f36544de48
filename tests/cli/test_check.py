from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.command_line import Inside
from timer_app.core.timeline.utterance import SpeechTiming, Utterance
from timer_app.library.library import Library
from timer_app.run.exact_lengths import LineMeasurer
from timer_app.system import paths
from timer_app.tts.voice import VoiceError

CROWDED = """\
schema = 1
name = "Crowded"

[[steps]]
name = "Squat"
hold = "8s"
cues = [{ at = "2s", say = "Breathe out." }]
"""
SHIPPED = sorted(paths.shipped_sessions_dir().rglob("*.toml"))


def test_everything_shipped_checks_clean(timer_app: Inside) -> None:
    found = timer_app("check", *SHIPPED)
    assert (found.status, found.out, found.err) == (0, f"{len(SHIPPED)} files: no faults\n", "")


def test_a_shipped_session_can_be_checked_by_its_name(timer_app: Inside) -> None:
    assert timer_app("check", "desk-break").out == "1 file: no faults\n"


def test_every_fault_of_every_file_is_listed_with_its_place(timer_app: Inside, broken: Path) -> None:
    found = timer_app("check", broken, broken, SHIPPED[0])
    assert (found.status, found.err) == (1, "")
    assert f'{broken}:6:8: steps[0].hold: "30 parsecs" is not a duration' in found.out
    assert '  hold = "30 parsecs"\n         ^^^^^^^^^^^^\n' in found.out
    assert f"{broken}:9:12: steps[1].exercise: " in found.out
    assert 'did you mean "wall-squat"?' in found.out
    assert found.out.endswith("3 files: 4 errors\n")


def test_a_file_of_settings_is_checked_as_such(timer_app: Inside, home: Path) -> None:
    file = home / "settings.toml"
    file.write_text('volume = 300\nvoise = "espeak"\n', encoding="utf-8")
    found = timer_app("check", file)
    assert found.status == 1
    assert f"{file}:1:10: volume: " in found.out
    assert f"{file}:2:1: voise: unknown key" in found.out
    assert found.out.endswith("1 file: 2 errors\n")
    file.unlink()
    assert "there is no such file" in timer_app("check", file).out


def test_editors_get_the_same_as_json(timer_app: Inside, broken: Path) -> None:
    found = timer_app("check", "--json", broken)
    assert found.status == 1
    problems = json.loads(found.out)
    assert [(problem["line"], problem["column"], problem["key"]) for problem in problems] == [
        (6, 8, "steps[0].hold"),
        (9, 12, "steps[1].exercise"),
    ]
    assert timer_app("check", "--json", "desk-break").out == "[]\n"


def test_a_warning_is_told_and_does_no_harm(timer_app: Inside, home: Path) -> None:
    path = home / "late.toml"
    cue = '{ at = "50s", say = "Never heard." }'
    path.write_text(
        f'schema = 1\nname = "Late"\n[[steps]]\nname = "Hold"\nhold = 20\ncues = [{cue}]\n', encoding="utf-8"
    )
    found = timer_app("check", path)
    assert found.status == 0
    assert "warning" in found.out
    assert found.out.endswith("1 file: 1 warning\n")


@pytest.mark.parametrize("command", ["check", "run", "show"])
def test_what_is_no_readable_session_is_one_clear_line(timer_app: Inside, home: Path, command: str) -> None:
    latin, huge, pipe = home / "latin.toml", home / "huge.toml", home / "pipe.toml"
    latin.write_bytes(b'name = "caf\xe9"\n')
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    os.mkfifo(pipe)
    (home / "folder").mkdir()
    for path in (latin, huge, pipe, home / "folder", Path("/dev/zero")):
        found = timer_app(command, path)
        assert found.status == 1
        reported = [row for row in (found.out + found.err).splitlines() if str(path) in row]
        assert len(reported) == 1
        assert "Traceback" not in found.err


def test_a_file_that_is_not_there_is_a_fault_of_the_check(timer_app: Inside, home: Path) -> None:
    found = timer_app("check", home / "nowhere.toml", "desk-break")
    assert (found.status, found.err) == (1, "")
    assert found.out == f"{home / 'nowhere.toml'}: there is no such file\n2 files: 1 error\n"


@pytest.mark.parametrize("command", ["run", "show"])
def test_a_broken_session_is_told_like_a_check_and_nothing_starts(
    timer_app: Inside, broken: Path, command: str
) -> None:
    found = timer_app(command, broken)
    assert (found.status, found.out) == (1, "")
    checked = timer_app("check", broken).out
    assert found.err == checked.rpartition("1 file:")[0]


def test_faults_of_own_exercises_are_told_beside_those_of_the_session(timer_app: Inside, home: Path) -> None:
    folder = home / "config" / "exercises"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("schema = 1\n[exercises.jump]\nname = 3\n", encoding="utf-8")
    found = timer_app("check", "desk-break")
    assert found.status == 0
    assert "mine.toml:3:8" in found.err
    assert timer_app("check", folder / "mine.toml").status == 1


@pytest.mark.parametrize("name", ["9" * 300, "9" * 5_000, f"{'x' * 300}.toml"])
def test_a_name_that_no_file_can_have_is_a_fault_like_any_other(timer_app: Inside, name: str) -> None:
    found = timer_app("check", "--fast", name)
    assert found.status == 1
    assert "file name too long" in found.out
    assert "1 file: 1 error" in found.out


def test_a_new_session_has_comments_and_every_kind_of_step_and_checks_clean(timer_app: Inside, home: Path) -> None:
    path = home / "morning-stretch.toml"
    found = timer_app("new", path)
    assert found.status == 0
    assert f"timer-app run {path}" in found.out
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert 'name = "Morning stretch"' in text
    for key in ("say", "hold", "reps", "flow", "steps", "wait", "measure", "exercise", "sides", "cues"):
        assert f"{key} = " in text
    assert timer_app("check", path).out == "1 file: no faults\n"


def test_a_new_session_never_takes_the_place_of_a_file(timer_app: Inside, short: Path) -> None:
    before = short.read_bytes()
    found = timer_app("new", short)
    assert (found.status, found.out) == (1, "")
    assert "is there already" in found.err
    assert short.read_bytes() == before


def test_a_new_session_that_cannot_be_written_is_one_clear_line(timer_app: Inside, home: Path) -> None:
    found = timer_app("new", home / "no-such-folder" / "mine.toml")
    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert "cannot be written" in found.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_new_session_for_which_there_is_no_room_leaves_no_part_of_it(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, really_open = home / "mine.toml", Path.open

    def on_a_full_disk(self: Path, *_: object, **__: object) -> BinaryIO:
        self.touch()
        return cast("BinaryIO", really_open(Path("/dev/full"), "r+b"))

    monkeypatch.setattr(Path, "open", on_a_full_disk)
    found = timer_app("new", path)
    assert (found.status, found.err.count("\n"), [*home.iterdir()]) == (1, 1, [])
    assert "no space left" in found.err


def test_a_new_session_that_is_interrupted_leaves_no_part_of_it(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    for step in ("tomli_w.dumps", "os.fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(step, interrupt)
            assert timer_app("new", home / "mine.toml").status == 130
        assert [*home.iterdir()] == []


@pytest.fixture
def library(home: Path) -> Library:
    """One that reads the catalogue once, however many files it checks."""
    assert home.is_dir()
    return Library.default()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60))
def test_whatever_the_file_is_called_the_new_session_checks_clean(
    timer_app: Inside, home: Path, library: Library, name: str
) -> None:
    path = home / "new" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    try:
        exists = path.exists()
        os.fsencode(path)
        too_long = len(os.fsencode(path.name)) > 255
    except (OSError, UnicodeEncodeError):
        return
    if exists or too_long:
        return
    assert timer_app("new", path).status == 0
    assert library.check(path) == []


def test_lengths_are_those_of_the_voice_or_it_is_said_that_they_are_estimated(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crowded.toml").write_text(CROWDED)

    def measured(lines: Iterable[Utterance], length_ms: int) -> dict[Utterance, SpeechTiming]:
        return dict.fromkeys(lines, SpeechTiming(length_ms))

    monkeypatch.setattr(LineMeasurer, "measure", lambda _self, lines, *_how: measured(lines, 500))
    assert timer_app("check", tmp_path / "crowded.toml").out == "1 file: no faults\n"
    monkeypatch.setattr(LineMeasurer, "measure", lambda _self, lines, *_how: measured(lines, 9_000))
    assert "more would do" in timer_app("check", tmp_path / "crowded.toml").out
    assert timer_app("check", "--fast", tmp_path / "crowded.toml").out == "1 file: no faults; lengths are estimated\n"

    def no_voice(*_request: object) -> None:
        raise VoiceError("it is missing")

    monkeypatch.setattr(LineMeasurer, "measure", no_voice)
    found = timer_app("check", tmp_path / "crowded.toml")
    assert found.out == "1 file: no faults; lengths are estimated, as there is no voice: it is missing\n"
    shown = timer_app("show", tmp_path / "crowded.toml", "--cues")
    assert "lengths are estimated, as there is no voice: it is missing" in shown.err
    assert shown.out == timer_app("show", tmp_path / "crowded.toml", "--cues", "--fast").out
