"""Who lacks an extra is told a command that works as it stands."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from timer_app.system.lazy import install_command

ROOT = Path(__file__).parents[2]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]


def test_the_command_installs_for_the_interpreter_that_runs() -> None:
    assert install_command("serve") == f'{sys.executable} -m pip install "timer-app[serve]"'


def test_a_path_with_a_blank_in_it_stays_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/my tools/python")
    assert install_command("piper") == '"/my tools/python" -m pip install "timer-app[piper]"'


def test_the_readme_names_every_extra() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [extra for extra in EXTRAS if f"| `{extra}` |" not in readme] == []
