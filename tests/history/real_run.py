"""The program in a process of its own, at a terminal, where somebody answers what it asks for.

All processes are forked from one that has imported everything, so that a run begins within a tenth of a second.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pty
import select
import sys
import threading
import time
import tty
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.history.performing import LIMIT_S

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.history.warmed_up"])
_ALONE = threading.Lock()  # whoever starts a process also looks after those that have ended


class Line(NamedTuple):
    """A line that was told.

    Attributes:
        read_s: When it was read, which is not before it was told.
        text: What it says.
    """

    read_s: float
    text: str


class RealRun:
    """`timer-app` with some arguments, begun at once."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.lines: list[Line] = []
        self._person, self._terminal = pty.openpty()
        tty.setraw(self._terminal)  # nothing is echoed
        self._rest = b""
        self._own_pace = False
        self.began_s = time.monotonic()
        place = os.ttyname(self._terminal)
        self.process = FORKING.Process(target=begin, args=(place, list(arguments), dict(environment)))
        with _ALONE:
            self.process.start()

    def answer_until(self, moment_s: float) -> None:
        """Read and answer until that moment, or until the program ends."""
        while (left_s := moment_s - time.monotonic()) > 0:
            if self.process.sentinel in select.select([self._person, self.process.sentinel], [], [], left_s)[0]:
                return
            if select.select([self._person], [], [], 0)[0]:
                self._read(answers=True)

    def kill(self) -> float:
        """Kill the program; returns the moment just before."""
        moment_s = time.monotonic()
        self.process.kill()
        return moment_s

    def close(self) -> int | None:
        """Read what is left once the program has ended; returns its exit status."""
        with _ALONE:
            self.process.join(LIMIT_S)
            status = self.process.exitcode
            self.process.close()
        os.close(self._terminal)
        with contextlib.suppress(OSError):  # the end, for the side of a terminal that people sit at
            while self._read(answers=False):
                pass
        os.close(self._person)
        return status

    def _read(self, *, answers: bool) -> bool:
        chunk = os.read(self._person, 65_536)
        *texts, self._rest = (self._rest + chunk).split(b"\n")
        now_s = time.monotonic()
        for text in texts:
            self.lines.append(Line(now_s, text.decode()))
            if answers and (typed := self._answer(self.lines[-1].text)) is not None:
                os.write(self._person, f"{typed}\n".encode())
        return bool(chunk)

    def _answer(self, text: str) -> str | None:
        """What is typed when a line is read: the answer to a question, or Enter for each rep of one's own."""
        word, said = text[9:17].strip(), text[19:]
        if word == "ASK":
            return "4"
        if word == "REPS":
            self._own_pace = "at your own pace" in said
        is_last = word == "REP" and len({*said.split(" of ")}) == 1
        return "" if word in {"REPS", "REP"} and self._own_pace and not is_last else None


def begin(terminal: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Become the program, with that terminal as its own."""
    from timer_app.cli import main

    os.setsid()
    own = os.open(terminal, os.O_RDWR)
    for number in range(3):
        os.dup2(own, number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
    os.environ.update(environment)
    sys.argv = ["timer-app", *arguments]
    main()
