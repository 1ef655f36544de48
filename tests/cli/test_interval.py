"""Intervals at once, and sessions that begin from presets or exercises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Inside
from timer_app.library.presets import preset_names


def test_intervals_run_at_once_and_can_be_run_again_from_the_history(timer_app: Inside) -> None:
    call = ["interval", "--work", "2", "--rest", "1", "--rounds", "2", "--prepare", "0", "Squats, Push-ups"]
    found = timer_app(*call, "--plain", "--no-sound", "--speed", "100", "--history")
    assert found.status == 0
    words = [line.split()[1:3] for line in found.out.splitlines() if "  WORK  " in line]
    assert words == [["WORK", "Squats,"], ["WORK", "Push-ups,"]] * 2
    assert "Squats, Push-ups" in timer_app("history").out


def test_intervals_are_saved_as_a_session_that_is_never_overwritten(timer_app: Inside, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert timer_app("interval", "--save", str(path), "Plank, {odd}").status == 0
    before = path.read_text(encoding="utf-8")
    assert timer_app("check", str(path), "--fast").status == 0
    again = timer_app("interval", "--save", str(path), "Other")
    assert (again.status, "is there already" in again.err) == (1, True)
    assert path.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--work", "0"], "work needs a time"),
        (["a\x1bb"], "timer-app interval: "),
        ([",".join("abcdefghij" * 6)], "at most 50 exercises"),
        (["--rounds", "0"], "0"),
        (["--resume"], "timer-app run --resume"),
    ],
)
def test_what_cannot_be_intervals_is_told_in_a_line(timer_app: Inside, arguments: list[str], fault: str) -> None:
    found = timer_app("interval", *arguments)
    assert found.status == 2
    assert fault in found.err
    assert len(found.err.splitlines()) == 1


def test_a_session_begins_from_a_preset_or_from_exercises(timer_app: Inside, tmp_path: Path) -> None:
    listed = timer_app("new", "--presets").out
    assert [line.split()[0] for line in listed.splitlines()[1:]] == preset_names()
    assert timer_app("new", str(tmp_path / "a.toml"), "--from", "tabata").status == 0
    assert timer_app("new", str(tmp_path / "b.toml"), "--from", "wall-squat, cat-cow").status == 0
    assert timer_app("new", str(tmp_path / "d.toml"), "--from", "Wall sit, Cat and cow").status == 0
    assert (tmp_path / "d.toml").read_text("utf-8").replace('"D"', '"B"') == (tmp_path / "b.toml").read_text("utf-8")
    assert timer_app("new", str(tmp_path / "e.toml"), "--from", "Box breathing").status == 0
    assert timer_app("check", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "--fast").status == 0
    unknown = timer_app("new", str(tmp_path / "c.toml"), "--from", "wall-squad")
    assert (unknown.status, 'did you mean "wall-squat"?' in unknown.err) == (2, True)
    assert timer_app("new", str(tmp_path / "c.toml"), "--from", "tabata,cat-cow").status == 2
    assert not (tmp_path / "c.toml").exists()
