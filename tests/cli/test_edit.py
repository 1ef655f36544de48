from __future__ import annotations

from pathlib import Path

from tests.command_line import Inside
from timer_app.system.paths import own_sessions_dir


def test_without_a_terminal_it_names_the_file_to_change(timer_app: Inside, tmp_path: Path) -> None:
    new = tmp_path / "new.toml"
    for name, file in (("desk-break", own_sessions_dir() / "desk-break.toml"), (str(new), new)):
        found = timer_app("edit", name)
        assert (found.status, found.out) == (2, "")
        assert found.err == f"timer-app: the editor needs a terminal; without one, change {file} in any editor\n"
        assert not file.exists()


def test_a_session_that_is_not_there_is_told(timer_app: Inside) -> None:
    assert timer_app("edit", "desk-brake").err == (
        'timer-app: there is no session "desk-brake"; did you mean "desk-break"?\n'
    )
