"""What the command line looks like: for people in colours, in groups and with examples, for programs plain."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.command_line import Inside
from timer_app.cli import cli, output
from timer_app.cli.main import GROUPS, SUMMARIES
from timer_app.cli.tables import Cell, Column, echo_table, problem_lines
from timer_app.core.diagnostics import LocatedProblem
from timer_app.core.wording.formatting import cell_len

ANSI = re.compile(r"\x1b(\[[0-9;]*m|\]8;[^\x1b]*\x1b\\)")
ROWS: list[tuple[str | Cell, ...]] = [
    ("NAME", "WHAT"),
    (Cell("desk", file=Path("/x/desk.toml")), "two words that wrap"),
    ("e\x1b[31mvil", "[red]no[/]"),
]


REPS = """
schema = 1
name = "Reps"

[defaults]
prepare = 0
rest = 5

[[steps]]
name = "Curl"
reps = 4
sets = 2
tempo = "1-0-1"

[[steps]]
name = "Cat"
rounds = 3
flow = [{ name = "In", for = 2 }, { name = "Out", for = 3 }]
"""


@pytest.fixture
def for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard output looks like a terminal with colours."""
    monkeypatch.setattr(output, "is_terminal", lambda _stream: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "28")
    monkeypatch.delenv("NO_COLOR", raising=False)


def examples_of(command: click.Command) -> list[str]:
    lines = (command.epilog or "").splitlines()
    return [re.split(r"\s{3,}", line.strip())[0] for line in lines if line.startswith("  timer-app")]


def all_examples() -> Iterator[str]:
    yield from examples_of(cli)
    for name in SUMMARIES:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield from examples_of(command)


def test_every_command_stands_in_one_group_of_the_help_and_has_an_example(timer_app: Inside) -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(SUMMARIES)
    helped = timer_app("--help").out
    for title, names in GROUPS.items():
        section = helped.partition(f"{title}:\n")[2].partition("\n\n")[0]
        assert [line.split()[0] for line in section.splitlines()] == list(names)
    for name in SUMMARIES:
        assert f"timer-app {name}" in timer_app(name, "--help").out.partition("Examples:")[2]


@pytest.mark.parametrize("call", sorted(set(all_examples())))
def test_every_example_is_a_call_that_the_program_takes(call: str) -> None:
    name, *arguments = shlex.split(call)[1:] or [""]
    if name:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        if isinstance(command, click.Group) and arguments and (inner := command.commands.get(arguments[0])):
            command, name, *arguments = inner, *arguments
        # Commands remember the names of their help, which they have from the group.
        with command.make_context(name, arguments, **cli.context_settings):
            pass


@pytest.mark.usefixtures("for_people")
def test_people_get_colours_links_and_whole_words_within_the_width(capsys: pytest.CaptureFixture[str]) -> None:
    echo_table(ROWS, (Column("bold"), Column(wraps=True)))
    drawn = capsys.readouterr().out
    assert "\x1b]8;" in drawn
    assert "file:///x/desk.toml" in drawn
    lines = [ANSI.sub("", line) for line in drawn.splitlines()]
    assert max(map(cell_len, lines)) <= 28
    assert {"two", "words", "that", "wrap", "[red]no[/]", "e\\x1b[31mvil"} <= set(" ".join(lines).split())


@pytest.mark.usefixtures("for_people")
@pytest.mark.parametrize("refusal", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_who_refuses_colours_gets_the_plain_table(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, refusal: tuple[str, str]
) -> None:
    monkeypatch.setenv(*refusal)
    echo_table(ROWS)
    assert capsys.readouterr().out == "NAME          WHAT\ndesk          two words tha…\ne\\x1b[31mvil  [red]no[/]\n"


PROBLEMS = st.builds(
    LocatedProblem,
    *(st.text(), st.text(), st.integers(0, 3), st.integers(0, 9), st.integers(0, 9), st.text(), st.text()),
    *(st.text(), st.text(), st.sampled_from(["error", "warning"])),
)


@given(PROBLEMS)
def test_a_problem_is_told_in_its_lines_with_no_escape_where_colours_are_refused(problem: LocatedProblem) -> None:
    told = list(problem_lines(problem))
    assert told == problem.lines()
    assert all("\x1b" not in line and "\n" not in line for line in told)


@pytest.mark.usefixtures("for_people")
def test_the_place_of_a_problem_is_a_link_and_its_carets_and_advice_have_colours(tmp_path: Path) -> None:
    problem = LocatedProblem(str(tmp_path / "a b.toml"), "unknown key", 4, 1, 5, 'nmae = "x"', "nmae", "name", "name")
    headline, source, carets, allowed, meant = problem_lines(problem)
    assert (tmp_path / "a b.toml").as_uri() in headline
    assert source == '  nmae = "x"'
    assert {carets[:5], meant[:5]} == {"\x1b[31m", "\x1b[32m"}
    assert [ANSI.sub("", line) for line in (headline, source, carets, allowed, meant)] == problem.lines()


def test_reps_of_a_set_are_one_row_and_each_has_its_own_with_its_cues(timer_app: Inside, tmp_path: Path) -> None:
    path = tmp_path / "reps.toml"
    path.write_text(REPS, encoding="utf-8")
    summed = [line.split() for line in timer_app("show", str(path), "--fast").out.splitlines()]
    work = [row for row in summed if "work" in row]
    assert [(*row[1:3], row[4]) for row in work] == [("8", "s", "Curl:"), ("8", "s", "Curl:"), ("15", "s", "Cat:")]
    each = timer_app("show", str(path), "--fast", "--cues").out
    assert len(re.findall(r"\bwork\b", each)) == 4 * 2 * 2 + 3 * 2


def test_the_programme_that_is_followed_is_marked(timer_app: Inside) -> None:
    assert "followed:" not in timer_app("programme", "list").out
    timer_app("programme", "start", "gentle-start")
    marked = [row for row in timer_app("programme", "list").out.splitlines() if "  followed: " in row]
    assert [row.split()[0] for row in marked] == ["gentle-start"]
