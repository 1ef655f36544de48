from __future__ import annotations

import pytest

from tests.command_line import Inside
from timer_app.cli.commands import serve as serving
from timer_app.system.lazy import install_command


def test_where_the_extra_is_not_installed_a_line_says_how_to_get_it(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: None if name == "segno" else name)
    found = timer_app("serve")
    assert (found.status, found.out) == (1, "")
    assert found.err == f"timer-app: a browser needs more than comes along: {install_command('serve')}\n"


@pytest.mark.parametrize("options", [["--port", "65536"], ["--port", "web"], ["--session", "desk-brake"]])
def test_a_wrong_call_is_told_before_anything_is_served(timer_app: Inside, options: list[str]) -> None:
    found = timer_app("serve", *options)
    assert (found.status, found.out, found.err.count("\n")) == (2, "", 1)


def test_a_host_that_is_not_this_computer_is_told(timer_app: Inside) -> None:
    found = timer_app("serve", "--host", "192.0.2.77", "--port", "0")
    assert (found.status, found.out, found.err.count("\n")) == (1, "", 1)
    assert "cannot listen on 192.0.2.77" in found.err
