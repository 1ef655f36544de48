from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest

from tests.command_line import LIMIT_S
from timer_app.cli import main
from timer_app.cli.errors import CommandError, run_guarded
from timer_app.cli.output import OutputError, echo
from timer_app.cli.signals import StoppedError, defer_stop_signals, raise_on_stop_signal


def ending(error: BaseException) -> int:
    def body(_arguments: Sequence[str]) -> int:
        raise error

    return run_guarded(body, ["run", "x"])


def test_something_unexpected_becomes_a_line_and_details_in_a_file(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(ZeroDivisionError("odd\nthing")) == 1
    log = home / "data" / "log" / "timer-app.log"
    assert capsys.readouterr().err == (
        f"timer-app: something unexpected went wrong (ZeroDivisionError: odd thing); details are in {log}\n"
    )
    details = log.read_text(encoding="utf-8")
    assert "Traceback" in details
    assert "['run', 'x']" in details


def test_the_log_grows_to_a_limit_and_then_begins_again(home: Path) -> None:
    log = home / "data" / "log" / "timer-app.log"
    ending(ValueError("first"))
    ending(ValueError("second"))
    assert log.read_text(encoding="utf-8").count("Traceback") == 2
    log.write_text("x" * 1_000_001, encoding="utf-8")
    ending(ValueError("third"))
    assert log.read_text(encoding="utf-8").count("Traceback") == 1


def test_details_that_cannot_be_written_are_said_to_be_lost(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "data").write_text("a file where a folder should be", encoding="utf-8")
    assert ending(ValueError()) == 1
    assert capsys.readouterr().err == (
        "timer-app: something unexpected went wrong (ValueError); the details could not be written to a file\n"
    )


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (CommandError("No such thing.", 2), 2, "No such thing.\n"),
        (click.UsageError("Not so."), 2, "timer-app: not so\n"),
        (
            OutputError("the output cannot be written: no space left on device"),
            1,
            "timer-app: the output cannot be written: ",
        ),
        (KeyboardInterrupt(), 130, ""),
        (click.Abort(), 130, ""),
        (StoppedError(signal.SIGTERM), 143, ""),
        (StoppedError(signal.SIGHUP), 129, ""),
        (BrokenPipeError(), 141, ""),
    ],
)
def test_what_ends_a_command_has_its_status_and_says_no_more_than_needed(
    home: Path, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, line: str
) -> None:
    assert ending(error) == status
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.startswith(line)
    assert bool(written.err) is bool(line)
    assert not (home / "data").exists()


@pytest.mark.parametrize("moment", ["open_missing_streams", "run_guarded", "invoke"])
def test_an_interruption_before_a_command_begins_or_after_it_ends_is_no_traceback(
    home: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    assert home.exists()
    monkeypatch.setattr(sys.modules[main.__module__], moment, interrupt)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130


LOST = "timer-app: the output cannot be written: "
REDIRECTED = [
    ("list", ">&-", 1, LOST),
    ("list", ">/dev/full", 1, LOST),
    ("list", "<&- 2>&-", 0, ""),
    ("list", ">&- 2>&-", 1, ""),
    ("--help", ">&-", 1, LOST),
    ("--help", ">/dev/full", 1, LOST),
    ("--help", "2>/dev/full", 0, ""),
    ("frob", ">&-", 2, "timer-app: there is no command"),
    ("frob", "2>&-", 2, ""),
    ("frob", "2>/dev/full", 2, ""),
    ("history forget --all", "<&- 2>&-", 0, ""),
    ("serve --port 0", ">&-", 1, LOST),
]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.usefixtures("home")
def test_a_closed_or_full_stream_ends_a_command_with_the_right_status_and_no_traceback() -> None:
    with ThreadPoolExecutor() as pool:
        ended = [*pool.map(lambda one: end_of(f"{one[0]} {one[1]}"), REDIRECTED)]
    expected = [(status, bool(line)) for _, _, status, line in REDIRECTED]
    assert [(process.returncode, bool(process.stderr)) for process in ended] == expected
    for process, (_, _, _, line) in zip(ended, REDIRECTED, strict=True):
        assert process.stderr.startswith(line)
        assert process.stderr.count("\n") == bool(line)


def end_of(arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program with those arguments and redirections."""
    shell = f'exec "$0" -m timer_app {arguments}'
    return subprocess.run(
        ["sh", "-c", shell, sys.executable],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


def test_a_full_disk_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr("sys.stdout", full)
        with pytest.raises(OutputError, match="the output cannot be written: no space left on device"):
            echo("x")
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_is_under_way_and_is_left_as_it_was_found(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(StoppedError) as stopped, raise_on_stop_signal():
        signal.raise_signal(number)
    assert stopped.value.status == 128 + number
    assert signal.getsignal(number) is before


def test_a_signal_that_was_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raise_on_stop_signal():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_until_it_is_looked_for_and_a_second_one_does_not(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with defer_stop_signals() as request:
        request.raise_if_requested()
        signal.raise_signal(number)
        with pytest.raises(StoppedError) as second:
            signal.raise_signal(number)
        with pytest.raises(StoppedError) as looked:
            request.raise_if_requested()
    assert second.value.status == looked.value.status == 128 + number
    assert signal.getsignal(number) is before


def test_an_ignored_interruption_is_not_looked_for() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with defer_stop_signals() as request:
            signal.raise_signal(signal.SIGINT)
            request.raise_if_requested()
    finally:
        signal.signal(signal.SIGINT, before)
