"""`figure` prints key poses where there is no terminal, and says clearly what it cannot show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_line import BROKEN, SHORT, Inside
from tests.core.figures.test_shipped_figures import FIGURES
from tests.core.player.test_figure_moment import timeline_of
from tests.tui.pictures import check_text
from timer_app.cli.commands.figure import shorten_timeline

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
SESSION = """\
schema = 1
name = "Two"

[[steps]]
name = "Stand tall"
hold = "30s"
figure = { keys = ["standing", "sitting"] }

[[steps]]
exercise = "wall-squat"
"""


EXAMPLES = re.findall(r"```toml\n(schema = 1\n.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def timer_app(capsys: pytest.CaptureFixture[str]) -> Inside:
    return Inside(capsys)


def test_the_key_poses_of_an_exercise_are_printed_side_by_side(timer_app: Inside) -> None:
    found = timer_app("figure", "cat-cow", "--once")
    name, *rows = found.out.splitlines()
    assert (found.status, found.err, name, len(rows)) == (0, "", "Cat and cow", 12)
    assert all(len(row) <= 3 * 24 + 2 * 2 for row in rows)
    assert {*"".join(rows)} >= {"█", "▀"}


def test_every_figure_of_a_session_is_printed(timer_app: Inside, tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(SESSION, encoding="utf-8")
    found = timer_app("figure", str(path))
    assert found.status == 0
    assert [line for line in found.out.splitlines() if line[:1].isalpha()] == ["Stand tall", "Wall squat"]


def test_an_unknown_exercise_is_told_with_what_was_meant(timer_app: Inside) -> None:
    found = timer_app("figure", "wall-sqat")
    assert (found.status, found.out) == (2, "")
    assert found.err == 'timer-app: there is no exercise "wall-sqat"; did you mean "wall-squat"?\n'


def test_a_session_without_figures_is_told(timer_app: Inside, tmp_path: Path) -> None:
    short = tmp_path / "short.toml"
    short.write_text(SHORT, encoding="utf-8")
    found = timer_app("figure", str(short))
    assert (found.status, found.out) == (1, "")
    assert "has no figure; docs/figures.md" in found.err


def test_a_file_with_faults_is_told_as_check_does(timer_app: Inside, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(BROKEN, encoding="utf-8")
    found = timer_app("figure", str(broken))
    assert (found.status, found.out) == (1, "")
    assert 'there is no exercise "wall-sqat"' in found.err


def test_a_preview_has_every_side_and_part_but_not_every_rep() -> None:
    short = shorten_timeline(timeline_of("arm-circles"))
    assert {(phase.side, phase.rep, phase.part) for phase in short.phases if phase.kind == "work"} == {
        (side, rep, part) for side in ("forward", "backward") for rep in (1, 2) for part in ("up", "down")
    }
    assert short.total_ms < 30_000
    assert all(phase.duration_ms for phase in short.phases)


def test_a_preview_of_reps_that_the_user_counts_ends() -> None:
    short = shorten_timeline(timeline_of("arm-circles", tempo="free"))
    assert all(phase.duration_ms for phase in short.phases)


def test_every_example_of_the_page_is_a_whole_file() -> None:
    assert EXAMPLES
    assert len(EXAMPLES) == PAGE.count("```toml")


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_of_the_page_checks_clean(text: str, timer_app: Inside, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(text, encoding="utf-8")
    assert timer_app("check", str(path)).status == 0


def test_names_of_exercises_are_completed(timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TIMER_APP_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "timer-app figure wall-sq")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert timer_app().out.split() == ["plain,wall-squat"]


def test_the_key_poses_of_all_shipped_exercises_look_as_they_did(timer_app: Inside, tmp_path: Path) -> None:
    names = sorted(FIGURES)
    steps = "".join(f'[[steps]]\nexercise = "{name}"\n' for name in names)
    path = tmp_path / "all.toml"
    path.write_text(f'schema = 1\nname = "All"\n\n{steps}', encoding="utf-8")
    check_text(timer_app("figure", str(path), "--once").out, "figures")
