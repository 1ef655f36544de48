"""What stands in the README is true: its session checks clean, its settings load, its keys and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tests.scripts import load_script
from timer_app.cli import cli
from timer_app.library.library import Library
from timer_app.settings.settings import load_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_its_session_has_no_faults(tmp_path: Path) -> None:
    sessions = [block for block in blocks("toml") if block.startswith("schema")]
    assert sessions
    for number, text in enumerate(sessions):
        path = tmp_path / f"session{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert [problem.render() for problem in Library.default().check(path)] == []


def test_its_settings_load(tmp_path: Path) -> None:
    (text,) = [block for block in blocks("toml") if not block.startswith("schema")]
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    assert load_settings(path).problems == ()


def test_the_tables_of_keys_are_up_to_date() -> None:
    keys = load_script("draw_keys")
    assert len(keys.PAGES) == 2
    for name in keys.PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        assert keys.redrawn(name, page) == page


def test_it_names_every_command_and_every_option_of_run() -> None:
    context = click.Context(cli)
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command
        assert f"timer-app {name}" in README
        if name == "run":
            options = [option for option in command.params if isinstance(option, click.Option)]
            assert [option.name for option in options if option.opts[0] not in README] == []


def test_its_links_lead_somewhere() -> None:
    headings = [f"#{title.lower().replace(' ', '-')}" for title in re.findall(r"^#+ (.+)$", README, re.MULTILINE)]
    targets = re.findall(r"\]\(([^)]+)\)", README)
    assert targets
    for target in targets:
        assert target in headings or target.startswith("https://") or (ROOT / target).exists(), target
