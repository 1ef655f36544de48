from __future__ import annotations

import pytest

from tests.command_line import Inside
from timer_app.system import install_command


def test_without_its_extra_it_says_how_to_install_it(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timer_app.cli.commands.lsp.find_spec", lambda _name: None)
    found = timer_app("lsp")
    said = f"timer-app: a language server needs more than comes along: {install_command('lsp')}\n"
    assert (found.status, found.out, found.err) == (1, "", said)


def test_who_starts_it_by_hand_is_told_that_an_editor_does(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timer_app.cli.commands.lsp.is_terminal", lambda _stream: True)
    found = timer_app("lsp")
    assert (found.status, found.out) == (2, "")
    assert found.err == "timer-app lsp: an editor starts this and speaks with it; docs/editors.md tells how\n"
