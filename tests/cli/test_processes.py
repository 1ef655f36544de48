from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import LIMIT_S, SHORT, Inside, outcome, start

HEAVY = ("textual", "numpy", "rich", "miniaudio", "sounddevice", "timer_app.tui.app", "timer_app.tts.voice")


# At this speed the session gets ready in a moment, and its hold lasts a minute.
FAST = ("--speed", "10")


@pytest.fixture
def long_hold(home: Path) -> Path:
    """A session whose hold can be cut off at leisure."""
    path = home / "long.toml"
    path.write_text(SHORT.replace('"10s"', '"10m"'), encoding="utf-8")
    return path


def until(process: subprocess.Popen[str], word: str) -> list[str]:
    """The lines a process writes, up to the first that has `word`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if word in line:
            return lines
    process.communicate()
    raise AssertionError(f"ended with {process.returncode} before {word!r}: {lines}")


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["check", "desk-break"], ["show", "desk-break"], ["no"]])
def test_commands_that_only_look_load_no_screen_no_arrays_and_no_sound(home: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "timer_app", *arguments]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=home)
    loaded = {row.rpartition("|")[2].strip() for row in found.stderr.splitlines() if row.startswith("import time:")}
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def loaded_by(home: Path, *arguments: str) -> str:
    command = [sys.executable, "-X", "importtime", "-m", "timer_app", *arguments]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=True, cwd=home)
    return found.stderr


@pytest.mark.parametrize("arguments", [["run", "--help"], ["share", "--help"], ["--version"]])
def test_what_reads_no_file_needs_no_models(home: Path, arguments: list[str]) -> None:
    assert "pydantic" not in loaded_by(home, *arguments)


def test_names_are_completed_without_models(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("_TIMER_APP_COMPLETE", "bash_complete"),
        ("COMP_WORDS", "timer-app run d"),
        ("COMP_CWORD", "2"),
    ):
        monkeypatch.setenv(name, value)
    assert "pydantic" not in loaded_by(home)


def test_a_list_of_sessions_that_were_read_before_needs_no_models(home: Path) -> None:
    assert "pydantic" in loaded_by(home, "list")
    assert "pydantic" not in loaded_by(home, "list")


SCREEN = """
import asyncio, sys
from timer_app.cli.screens import make_run_options
from timer_app.cli.resources import load_library, load_user_settings
from timer_app.tui.app import TimerApp
from timer_app.tui.library.table import SessionTable

async def first_paint():
    settings = load_user_settings()
    app = TimerApp(load_library(None, settings), make_run_options(settings, {}), settings)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.query_one(SessionTable).entries
        print("pydantic" in sys.modules)

asyncio.run(first_paint())
"""


def test_the_screen_of_sessions_that_were_read_before_needs_no_models(home: Path) -> None:
    loaded_by(home, "list")
    command = [sys.executable, "-c", SCREEN]
    found = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, cwd=home)
    assert (found.stdout, found.stderr) == ("False\n", "")


def test_a_whole_run_in_a_pipe_goes_through_open_steps_and_ends_with_0(short: Path) -> None:
    found = outcome(start("run", short, "--speed", "200"))
    assert (found.status, found.err) == (0, "")
    rows = found.out.splitlines()
    assert rows[0] == "Short one, about 23 s"
    kinds = ["SAY", "PREPARE", "HOLD", "WAIT", "ASK", "ANSWER", "SAY", "FINISHED"]
    assert [row[9:17].strip() for row in rows[1:9]] == kinds
    assert "goes on by itself after" in found.out
    assert "planned: 10 s" in found.out


def test_open_steps_take_the_time_that_is_given(short: Path) -> None:
    found = outcome(start("run", short, "--speed", "200", "--open-steps", "1:30"))
    assert found.out.count("(goes on by itself after 1:30)") == 2


def test_a_run_that_is_heard_but_has_no_device_says_so_once_and_goes_on(short: Path) -> None:
    process = start("run", short, "--speed", "4", "--output", "simpleaudio", "--voice", "none")
    lines = until(process, "HOLD")
    process.terminate()
    found = outcome(process)
    assert "".join((*lines, found.out)).count("NOTICE") == 1
    assert (found.status, found.err) == (143, "")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_cuts_a_run_off_with_its_status_and_the_run_can_be_taken_up_again(
    long_hold: Path, number: signal.Signals, status: int
) -> None:
    process = start("run", long_hold, "--no-sound", "--history", *FAST)
    until(process, "HOLD")
    process.send_signal(number)
    found = outcome(process)
    assert (found.status, found.err) == (status, "")
    assert found.out.endswith(
        f"CUT OFF   Short one\nGo on with `timer-app run {long_hold} --resume` within 24 hours.\n"
    )
    again = start("run", long_hold, "--resume", "--no-sound", "--history", *FAST)
    assert "taken up again" in until(again, "HOLD")[0]
    again.send_signal(number)
    assert f"timer-app run {long_hold} --resume" in outcome(again).out


@pytest.mark.parametrize(("options", "word"), [([], "PREPARE"), (["--no-history", *FAST], "HOLD")])
def test_a_run_that_left_nothing_to_take_up_says_nothing_of_going_on(
    long_hold: Path, options: list[str], word: str
) -> None:
    process = start("run", long_hold, "--no-sound", *options)
    until(process, word)
    process.send_signal(signal.SIGINT)
    found = outcome(process)
    assert (found.status, found.err) == (130, "")
    assert "--resume" not in found.out


def test_a_run_that_is_not_kept_is_given_up_by_a_signal_with_a_summary(long_hold: Path) -> None:
    process = start("run", long_hold, "--no-sound", "--no-history", *FAST)
    until(process, "HOLD")
    process.send_signal(signal.SIGINT)
    assert "GIVEN UP  Short one\nTime: " in outcome(process).out


def test_a_reader_that_goes_away_ends_a_run_quietly(short: Path) -> None:
    process = start("run", short, "--speed", "20")
    until(process, "PREPARE")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    found = outcome(process)
    assert (found.status, found.err) == (141, "")


def test_a_run_whose_reader_goes_away_is_kept_and_can_be_taken_up_again(home: Path) -> None:
    path = home / "reps.toml"
    path.write_text(SHORT.replace('hold = "10s"', 'reps = 200\ntempo = "1-0-1"'), encoding="utf-8")
    process = start("run", path, "--no-sound", "--history", *FAST)
    for _ in range(5):
        until(process, "REP ")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    assert outcome(process).status == 141
    again = start("run", path, "--resume", "--no-sound", "--history", *FAST)
    lines = until(again, "REP ")
    assert "taken up again" in lines[0]
    assert int(re.findall(r"(\d+) of 200", lines[-1])[0]) >= 5
    again.kill()
    again.communicate()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arguments", [["list"], ["--help"], ["check", "desk-break"]])
def test_a_reader_that_is_gone_before_the_first_line_is_no_error_message(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start(*arguments, stdout=writing)
    os.close(writing)
    assert outcome(process).err == ""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_an_output_that_is_full_is_one_clear_line(short: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        found = outcome(start("run", short, stdout=full.fileno()))
    assert (found.status, found.err) == (1, "timer-app: the output cannot be written: no space left on device\n")


def test_letters_that_the_output_cannot_show_do_not_end_the_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    path = home / "beyond.toml"
    path.write_text(SHORT.replace("Short one", "Großes Körperprogramm 体操"), encoding="utf-8")
    found = outcome(start("run", path, "--speed", "500"))
    assert (found.status, found.err) == (0, "")
    assert "FINISHED  Gro\\xdfes" in found.out


def test_faults_of_the_settings_are_told_and_nothing_else_changes(home: Path, short: Path, timer_app: Inside) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('volume = "loud"\nsound = false\n', encoding="utf-8")
    found = timer_app("run", short, "--speed", "500")
    assert found.status == 0
    assert "settings.toml:1:10: volume: " in found.err
    assert "FINISHED" in found.out


# Opening a terminal makes it the controlling one of a new session, so that its end and Ctrl+C become signals.
_CONTROLLED = (
    "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


class Terminal:
    """A program at a terminal, its standard output in a pipe unless `screen`."""

    def __init__(self, *arguments: str | Path, screen: bool = False) -> None:
        self._keyboard, terminal = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CONTROLLED, "-m", "timer_app", *map(str, arguments)],
            stdin=terminal,
            stdout=terminal if screen else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        os.close(terminal)

    def type(self, text: str) -> None:
        os.write(self._keyboard, text.encode())

    def shown(self) -> str:
        """Everything on the screen until the program ends."""
        chunks = []
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline and select.select([self._keyboard], [], [], LIMIT_S)[0]:
            try:
                chunks.append(os.read(self._keyboard, 4096))
            except OSError:
                break
        return b"".join(chunks).decode()

    def hang_up(self) -> None:
        os.close(self._keyboard)


def test_at_a_terminal_a_run_in_lines_waits_for_answers_and_takes_them(short: Path) -> None:
    terminal = Terminal("run", short, "--speed", "50")
    until(terminal.process, "WAIT")
    terminal.type("\n")
    until(terminal.process, "ASK")
    terminal.type("3\n")
    assert any("3" in line for line in until(terminal.process, "ANSWER"))
    assert outcome(terminal.process).status == 0
    terminal.hang_up()


@pytest.mark.parametrize(("typed", "word"), [("q\n", "GIVEN UP"), ("\x04", "GIVEN UP"), ("\x03", "CUT OFF")])
def test_at_a_terminal_a_run_in_lines_can_be_given_up_or_cut_off(short: Path, typed: str, word: str) -> None:
    terminal = Terminal("run", short, "--no-sound")
    until(terminal.process, "PREPARE")
    terminal.type(typed)
    found = outcome(terminal.process)
    assert (found.status, found.err) == (130, "")
    assert word in found.out
    terminal.hang_up()


def test_a_terminal_that_goes_away_ends_the_run_with_129(short: Path) -> None:
    terminal = Terminal("run", short, "--no-sound")
    until(terminal.process, "PREPARE")
    terminal.hang_up()
    assert outcome(terminal.process).status == 129


def test_a_dumb_terminal_gets_lines(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    terminal = Terminal("run", short, "--speed", "500", "--open-steps", "0", screen=True)
    shown = terminal.shown()
    assert outcome(terminal.process).status == 0
    assert "FINISHED" in shown
    assert "\x1b" not in shown
    listed = Terminal(screen=True)
    assert "desk-break" in listed.shown()
    assert outcome(listed.process).status == 0
