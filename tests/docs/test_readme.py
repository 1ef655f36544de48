"""What stands in the README is true, and short enough to be read."""

from __future__ import annotations

import re
from pathlib import Path

import click

from timer_app.cli import cli
from timer_app.library.library import Library

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
MAX_WORDS = 1_200


def test_its_session_has_no_faults(tmp_path: Path) -> None:
    sessions = re.findall(r"```toml\n(schema.*?)```", README, re.DOTALL)
    assert sessions
    for number, text in enumerate(sessions):
        path = tmp_path / f"session{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert [problem.render() for problem in Library.default().check(path)] == []


def test_its_commands_exist() -> None:
    named = re.findall(r"(?:`|^)timer-app ([a-z]+)\b", README, re.MULTILINE)
    assert len(named) > 5
    assert set(named) <= set(cli.list_commands(click.Context(cli)))


def test_it_is_short() -> None:
    assert len(README.split()) <= MAX_WORDS
