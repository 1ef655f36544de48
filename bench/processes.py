"""What whole programs cost to start, beside bare ones."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from timing import median_ms, ratio, row

BARE_APP = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("bare")
Bare().run()
"""
_STARTS = 7
# What the first frame of each program says that is its own; the screen library draws empty ones before.
_BARE_WORD, _LIST_WORD, _RUN_WORD = b"bare", b"What it is for", b"It starts by itself"


class Terminal:
    """A program in a pseudo terminal of 120 x 40."""

    def __init__(self, command: list[str], env: dict[str, str] | None = None) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**_environment(), "TERM": "xterm-256color", **(env or {})},
        )
        os.close(slave)

    def read_until(self, *marks: bytes, limit_s: float = 30) -> bool:
        """Read what the program draws until all marks have come, one after the other."""
        seen, until_s = b"", time.monotonic() + limit_s
        pattern = re.compile(b".*?".join(re.escape(mark) for mark in marks), re.DOTALL)
        while not pattern.search(seen) and time.monotonic() < until_s:
            seen += self._read(0.1)
        return bool(pattern.search(seen))

    def read_for(self, for_s: float) -> None:
        """Read all that is drawn in the next `for_s` seconds."""
        read_all([self], for_s)

    def used_s(self) -> float:
        """Processor time used so far by all threads, those that have ended included."""
        clock = (~self._process.pid << 3) | 2  # how Linux numbers the processor clock of another process
        return time.clock_gettime(clock)

    def memory_mb(self) -> float:
        """Memory that the program holds now."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    @property
    def file(self) -> int:
        """The descriptor to wait at."""
        return self._master

    def _read(self, wait_s: float) -> bytes:
        if not select.select([self._master], [], [], wait_s)[0]:
            return b""
        return self.take()

    def take(self) -> bytes:
        """What the program has drawn by now."""
        try:
            return os.read(self._master, 65536)
        except OSError:
            return b""


def _environment() -> dict[str, str]:
    """As it is, but that compiled modules are kept, as they are where the program is installed."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def read_all(terminals: Sequence[Terminal], for_s: float) -> None:
    """Read all that several programs draw in the next `for_s` seconds."""
    by_file = {terminal.file: terminal for terminal in terminals}
    until_s = time.monotonic() + for_s
    while (left_s := until_s - time.monotonic()) > 0:
        for file in select.select(list(by_file), [], [], left_s)[0]:
            by_file[file].take()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _first_frames_ms(commands: Mapping[str, tuple[list[str], bytes]]) -> dict[str, float]:
    """Processor time of each program until its first frame: the median of starts that take turns.

    A busy computer makes a start last longer, but hardly costs it more.
    """
    taken: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        own = dict.fromkeys(("TIMER_APP_DATA", "TIMER_APP_CONFIG", "TIMER_APP_CACHE"), folder)
        Path(folder, "welcomed").touch()
        # Every later start knows the sessions from the one before; the starts below end too soon to write that down.
        subprocess.run([program("timer-app"), "list"], env=os.environ | own, stdout=subprocess.DEVNULL, check=True)
        for turn in range(_STARTS + 1):
            for name, (command, word) in commands.items():
                used_ms = _first_frame_ms(command, word, own)
                if turn:  # the first one compiles modules
                    taken[name].append(used_ms)
    return {name: statistics.median(figures) for name, figures in taken.items()}


def _first_frame_ms(command: list[str], word: bytes, env: dict[str, str]) -> float:
    terminal = Terminal(command, env)
    terminal.read_until(word)
    used_ms = terminal.used_s() * 1000
    terminal.close()
    return used_ms


def program(name: str) -> str:
    """The path of a program beside this Python."""
    return str(Path(sys.executable).parent / name)


def bench_start() -> None:
    """Time to the first line and to the first frame."""
    bare = median_ms(lambda: _run(sys.executable, "-c", "pass"))
    row("bare Python", f"{bare:.0f} ms")
    for arguments in (["--version"], ["--help"], ["list"]):
        own = median_ms(partial(_run, program("timer-app"), *arguments))
        row(f"timer-app {' '.join(arguments)}", f"{own:.0f} ms", f"{ratio(own, bare)} bare Python")
    textual = median_ms(lambda: _run(sys.executable, "-c", "from textual.app import App"))
    row("import Textual's App", f"{textual:.0f} ms")
    screens = median_ms(lambda: _run(sys.executable, "-c", "import timer_app.tui.app"))
    row("import timer-app's screens", f"{screens:.0f} ms", f"{ratio(screens, textual)} Textual's App")
    own_app = [program("timer-app")]
    commands = {
        "a bare Textual app": ([sys.executable, "-c", BARE_APP], _BARE_WORD),
        "the list of sessions": (own_app, _LIST_WORD),
        "a run": ([*own_app, "run", "desk-break", "--no-sound"], _RUN_WORD),
    }
    frames = _first_frames_ms(commands)
    for name, used_ms in frames.items():
        times = "" if name == "a bare Textual app" else f"{ratio(used_ms, frames['a bare Textual app'])} the bare app"
        row(f"processor time to the first frame of {name}", f"{used_ms:.0f} ms", times)
