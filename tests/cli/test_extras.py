"""Who lacks an extra is told a command that works as it stands."""

from __future__ import annotations

import sys

import pytest

from timer_app.system.lazy import install_command


def test_the_command_installs_for_the_interpreter_that_runs() -> None:
    assert install_command("serve") == f'{sys.executable} -m pip install "timer-app[serve]"'


def test_a_path_with_a_blank_in_it_stays_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/my tools/python")
    assert install_command("piper") == '"/my tools/python" -m pip install "timer-app[piper]"'
