"""The pages on commands, keys, history and installation name everything that there is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from tests.scripts import load_script
from timer_app.cli import cli

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_the_example_of_reading_the_history_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", page("history.md"), re.DOTALL)
    exec(code, {})  # noqa: S102 - the page of this very project
    assert capsys.readouterr().out.startswith("[]\n")


def test_every_command_and_every_option_of_run_is_named() -> None:
    context, text = click.Context(cli), page("commands.md")
    assert [name for name in cli.list_commands(context) if f"| `timer-app {name}" not in text] == []
    run = cli.get_command(context, "run")
    assert run
    options = [option for option in run.params if isinstance(option, click.Option)]
    assert [option.name for option in options if f"`{option.opts[0]}" not in text] == []


def test_the_tables_of_keys_are_up_to_date() -> None:
    assert load_script("draw_keys").redrawn(page("keys.md")) == page("keys.md"), "run `make docs`"


def test_every_extra_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [extra for extra in project["optional-dependencies"] if f"| `{extra}` |" not in page("install.md")] == []
