from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Inside

THREE = """\
schema = 1
name = "Three"
steps = [
  { rest = "3s" },
  { name = "First", hold = "2s" },
  { name = "Second", hold = "2s" },
]
"""
FAST = ("--plain", "--no-sound", "--speed", "1000", "--open-steps", "0")


@pytest.fixture
def three(tmp_path: Path) -> Path:
    path = tmp_path / "three.toml"
    path.write_text(THREE, encoding="utf-8")
    return path


@pytest.mark.parametrize(("step", "held"), [("2", ["First", "Second"]), ("second", ["Second"]), ("3", ["Second"])])
def test_a_run_begins_with_a_step_by_name_or_number(timer_app: Inside, three: Path, step: str, held: list[str]) -> None:
    found = timer_app("run", three, "--from", step, *FAST)
    assert found.status == 0
    assert [line.split()[2] for line in found.out.splitlines() if " HOLD " in line] == held


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("secnd", 'there is no step "secnd"; did you mean "Second"?'),
        ("4", 'there is no step "4"; the session has 3 steps'),
    ],
)
def test_a_step_that_is_not_there_is_told_in_a_line(timer_app: Inside, three: Path, step: str, said: str) -> None:
    found = timer_app("run", three, "--from", step, *FAST)
    assert (found.status, found.err) == (2, f"timer-app run: {said}\n")


def test_a_run_that_is_resumed_begins_where_it_was(timer_app: Inside, three: Path) -> None:
    found = timer_app("run", three, "--from", "2", "--resume", *FAST)
    assert (found.status, found.err) == (2, "timer-app run: --from and --resume exclude each other\n")
