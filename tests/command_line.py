"""Runs the program: inside the test, or as a process of its own."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from timer_app.cli import invoke
from timer_app.cli.errors import run_guarded

LIMIT_S = 60

SHORT = """\
schema = 1
name = "Short one"

[defaults]
prepare = "3s"

[[steps]]
name = "Wall squat"
say = "Back flat on the wall."
hold = "10s"

[[steps]]
wait = "Fetch the roller."

[[steps]]
measure = "pain"
"""
BROKEN = """\
schema = 1
name = "Broken"

[[steps]]
name = "Wall squat"
hold = "30 parsecs"

[[steps]]
exercise = "wall-sqat"
"""


@dataclass(frozen=True)
class Outcome:
    """What a command wrote and how it ended."""

    status: int
    out: str
    err: str


class Standard(io.TextIOWrapper):
    """A standard stream that holds some bytes, and may be a terminal."""

    def __init__(self, data: bytes = b"", *, is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def written(self) -> bytes:
        """All that it holds."""
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue()


class Inside:
    """Runs commands in the test's own process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Outcome:
        self._capsys.readouterr()
        status = run_guarded(invoke, [str(argument) for argument in arguments])
        written = self._capsys.readouterr()
        return Outcome(status, written.out, written.err)


def start(
    *arguments: str | Path, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Start the program as a process of its own; the test ends it."""
    command = [sys.executable, "-m", "timer_app", *map(str, arguments)]
    return subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, text=True)


def outcome(process: subprocess.Popen[str]) -> Outcome:
    """Wait for the program's end; it is killed, and the test fails, when that takes too long."""
    try:
        out, err = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Outcome(process.returncode, out or "", err)
