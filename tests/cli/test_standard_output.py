"""What is called "-" is standard output wherever a file is written, and nothing else is printed beside it."""

from __future__ import annotations

import errno
import io
import json
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tests.command_line import Inside, Standard
from tests.history.performing import Performance
from timer_app.cli import cli
from timer_app.cli.output import echo_file
from timer_app.cli.parameters import NewFileParam
from timer_app.core.session.model import Session
from timer_app.history.store import Store
from timer_app.system import paths

Command = Callable[..., bytes]


@pytest.fixture
def piped(timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs a command in an empty folder, and gives what it wrote to a pipe."""
    monkeypatch.chdir(home)

    def run(*arguments: str, status: int = 0, is_terminal: bool = False) -> bytes:
        stream = Standard(is_terminal=is_terminal)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            outcome = timer_app(*arguments)
        assert outcome.status == status, outcome.err
        assert not Path("-").exists()
        return stream.written()

    return run


def commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Every command with its words."""
    yield " ".join(words), command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if inner := command.get_command(context, name):
                yield from commands(inner, (*words, name))


def test_these_are_the_commands_that_write_a_file_of_any_name() -> None:
    writing = {words for words, one in commands(cli) if any(isinstance(each.type, NewFileParam) for each in one.params)}
    assert writing == {"export", "history export", "interval", "new", "programme ics", "share"}
    reading = {
        words
        for words, one in commands(cli)
        for each in one.params
        if isinstance(each.type, click.Path) and not isinstance(each.type, NewFileParam)
    }
    assert reading == {"history import", "import", "serve"}


def test_a_history_goes_through_a_pipe(piped: Command, timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    Performance(paths.history_file(), record_id="aaaa1111").whole()
    lines = piped("history", "export", "-")
    assert [json.loads(line) for line in lines.splitlines()][1]["record"]["id"] == "aaaa1111"
    timer_app("history", "forget", "--all", "--yes")
    monkeypatch.setattr(sys, "stdin", Standard(lines))
    assert timer_app("history", "import", "-").out.startswith("1 record added")
    assert [entry.id for entry in Store(paths.history_file()).entries()] == ["aaaa1111"]


class Full(Standard):
    """A pipe or file that takes nothing."""

    @property
    def buffer(self) -> io.BytesIO:
        """Where nothing can be written."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_output_that_takes_nothing_is_no_fault_of_the_history(
    timer_app: Inside, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Performance(paths.history_file()).whole()
    monkeypatch.chdir(home)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Full())
        outcome = timer_app("history", "export", "-")
    assert (outcome.status, outcome.err) == (1, "timer-app: the output cannot be written: no space left on device\n")


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff", "timer-app: standard input: is not UTF-8 text (byte 1)\n"),
        (
            b"no history",
            (
                "timer-app: standard input:1: is no object in JSON; `timer-app history export` writes one "
                "in each line; nothing was taken in\n"
            ),
        ),
    ],
)
def test_what_is_no_history_is_refused_from_standard_input_too(
    timer_app: Inside, monkeypatch: pytest.MonkeyPatch, data: bytes, fault: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(data))
    assert timer_app("history", "import", "-").err == fault


@pytest.mark.parametrize(
    "arguments", [("new", "-"), ("new", "-", "--from", "tabata"), ("interval", "--save", "-", "Squats")]
)
def test_a_new_session_is_printed_and_nothing_else(piped: Command, arguments: tuple[str, ...]) -> None:
    assert Session.model_validate(tomllib.loads(piped(*arguments).decode())).steps


def test_a_calendar_is_printed(piped: Command, timer_app: Inside) -> None:
    timer_app("programme", "start", "gentle-start")
    calendar = piped("programme", "ics", "-")
    assert calendar.startswith(b"BEGIN:VCALENDAR\r\n")
    assert calendar.endswith(b"END:VCALENDAR\r\n")


@pytest.mark.parametrize("kind", [(), ("--to", "link")])
def test_a_link_is_a_link_either_way(piped: Command, kind: tuple[str, ...]) -> None:
    assert piped("share", "desk-break", *kind, "-o", "-") == piped("share", "desk-break", "--to", "link")


def test_a_shared_file_is_the_same_through_a_pipe(piped: Command) -> None:
    content = piped("share", "desk-break", "--to", "zip", "-o", "-")
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert piped("share", "desk-break", "--to", "zip", "-o", "-", status=2, is_terminal=True) == b""
    assert piped("share", "desk-break", "--to", "tcx", "-o", "-").startswith(b"<?xml")
    assert piped("share", "desk-break", "--to", "zip", "-o", "-", "--json", status=2) == b""


def test_a_sound_does_not_go_there(piped: Command) -> None:
    assert piped("export", "desk-break", "-", status=2) == b""


def test_a_file_of_that_name_is_written_where_its_folder_is_named(timer_app: Inside, home: Path) -> None:
    assert timer_app("new", f"{home}/-").out.startswith("Wrote")
    assert (home / "-").is_file()


@pytest.mark.parametrize(
    ("content", "shown"),
    [("One\u202e\r\ntwo\x1b[2J\n", b"One\\u202e\ntwo\\x1b[2J\n"), ("PK\0", None), (b"\xff", None)],
)
def test_a_terminal_gets_lines_in_which_nothing_hides(
    monkeypatch: pytest.MonkeyPatch, content: str | bytes, shown: bytes | None
) -> None:
    stream = Standard(is_terminal=True)
    monkeypatch.setattr(sys, "stdout", stream)
    assert echo_file(content.encode() if isinstance(content, str) else content) is (shown is not None)
    assert stream.written() == (shown or b"")
