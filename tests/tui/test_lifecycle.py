"""The app in a real terminal: it must leave that as it was, whatever happens."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from timer_app.tui.lifecycle import HangupSafeFile, hangup_safe_terminal

_ROOT = Path(__file__).parents[2]
_LIMIT_S = 20.0
_RESTORED = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?2004l")
_PROGRAM = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that the terminal's end is told by a signal
sys.path.insert(0, {root!r})
from typing import Any
from tests.tui.conftest import ENTRIES, FakeLibrary, FakeLiveRun, squat_timeline
from timer_app.run.request import RunRequest
from timer_app.run.tracker import RunTracker
from timer_app.history.store import Store
from timer_app.system.paths import history_file
from timer_app.run.options import RunOptions
from timer_app.settings import Settings
from timer_app.tui.app import run_app

def opener(*_, **__):
    {opener}
try:
    tracker = RunTracker(Store(history_file()), is_enabled=False)
    request = RunRequest(FakeLibrary(ENTRIES), RunOptions(), tracker)
    status = run_app(request, Settings(), {entry}, opener)
except Exception as failure:
    print("caught", failure)
    status = 1
sys.exit(status)
"""


class Ended(NamedTuple):
    """How the program ended, and what it wrote."""

    status: int
    written: bytes


class Terminal:
    """The program at a terminal of its own."""

    def __init__(self, *, entry: str = "ENTRIES[0]", opener: str = "return FakeLiveRun(squat_timeline())") -> None:
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        program = _PROGRAM.format(root=str(_ROOT), opener=opener, entry=entry)
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env={**os.environ, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        self.written = b""

    def read_until(self, wanted: bytes) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while wanted not in self.written:
            assert time.monotonic() < deadline, self.written
            self._read(0.2)

    def end(self) -> Ended:
        deadline = time.monotonic() + _LIMIT_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "the program did not end"
            self._read(0.05)
        self._read(0.05)
        return Ended(self.process.returncode, self.written)

    def _read(self, wait_s: float) -> None:
        if select.select([self.master], [], [], wait_s)[0]:
            with contextlib.suppress(OSError):
                self.written += os.read(self.master, 65_536)

    def assert_restored(self) -> None:
        assert termios.tcgetattr(self.slave) == self.before
        for sequence in _RESTORED:
            assert sequence in self.written
        assert b"Traceback" not in self.written

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for descriptor in (self.master, self.slave):
            with contextlib.suppress(OSError):
                os.close(descriptor)


@pytest.fixture
def at_work() -> Iterator[Terminal]:
    terminal = Terminal()
    terminal.read_until(b"Wall squat")
    yield terminal
    terminal.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_with_its_number_and_a_terminal_as_it_was(at_work: Terminal, number: signal.Signals) -> None:
    at_work.process.send_signal(number)
    assert at_work.end().status == 128 + number
    at_work.assert_restored()


def test_control_c_ends_it_at_once_with_a_terminal_as_it_was(at_work: Terminal) -> None:
    os.write(at_work.master, b"\x03")
    assert at_work.end().status == 130
    at_work.assert_restored()


def test_giving_up_ends_it_with_a_terminal_as_it_was(at_work: Terminal) -> None:
    os.write(at_work.master, b"q")
    at_work.read_until(b"Give up this session")
    os.write(at_work.master, b"y")
    assert at_work.end().status == 130
    at_work.assert_restored()


def test_a_terminal_that_is_closed_ends_it(at_work: Terminal) -> None:
    os.close(at_work.slave)
    os.close(at_work.master)
    assert at_work.process.wait(_LIMIT_S) in (129, -signal.SIGHUP)


@pytest.mark.parametrize("opener", ["raise RuntimeError('no stage')", "return object()"])
def test_what_goes_wrong_inside_comes_out_after_the_terminal_is_as_it_was(opener: str) -> None:
    terminal = Terminal(opener=opener)
    try:
        ended = terminal.end()
        terminal.assert_restored()
        assert ended.status == 1
        assert ended.written.rindex(b"caught") > ended.written.rindex(b"\x1b[?1049l")
    finally:
        terminal.close()


def test_leaving_the_list_ends_it_well() -> None:
    terminal = Terminal(entry="None")
    try:
        terminal.read_until(b"Desk break")
        os.write(terminal.master, b"\x11")  # Ctrl+Q
        assert terminal.end().status == 0
        terminal.assert_restored()
    finally:
        terminal.close()


def test_a_suspended_program_gives_the_terminal_back_and_stands_still_until_it_returns(at_work: Terminal) -> None:
    os.write(at_work.master, b"\x1a")
    at_work.read_until(b"\x1b[?1049l")
    _, status = os.waitpid(at_work.process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    assert termios.tcgetattr(at_work.slave) == at_work.before
    at_work.written = b""
    at_work.process.send_signal(signal.SIGCONT)
    at_work.read_until(b"Press Space to go on")
    at_work.process.send_signal(signal.SIGTERM)
    assert at_work.end().status == 143
    at_work.assert_restored()


def test_what_is_written_to_a_terminal_that_is_gone_is_dropped_without_a_fault() -> None:
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "w", buffering=1) as file:
        patient = HangupSafeFile(file)
        assert patient.fileno() == write_end
        patient.write("seen\n")
        assert os.read(read_end, 10) == b"seen\n"
        os.close(read_end)
        for _ in range(100):
            patient.write("dropped\n")
            patient.flush()


def test_the_screen_is_drawn_through_a_patient_file_only_while_it_is_there() -> None:
    before = vars(sys)["__stderr__"]
    with hangup_safe_terminal():
        assert isinstance(vars(sys)["__stderr__"], HangupSafeFile)
    assert vars(sys)["__stderr__"] is before
