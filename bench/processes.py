"""What whole programs cost to start, beside bare ones."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
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
_MARK = b"\x1b[?1049h"  # the alternate screen: from here on, frames are drawn


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
            env={**os.environ, "TERM": "xterm-256color", **(env or {})},
        )
        os.close(slave)

    def read_until(self, mark: bytes, limit_s: float = 30) -> bool:
        """Read what the program draws until `mark` has come."""
        seen, until_s = b"", time.monotonic() + limit_s
        while mark not in seen and time.monotonic() < until_s:
            seen += self._read(0.1)
        return mark in seen

    def read_for(self, for_s: float) -> None:
        """Read all that is drawn in the next `for_s` seconds."""
        read_all([self], for_s)

    def used_s(self) -> float:
        """Processor time used so far by all threads that are alive."""
        used_ns = 0
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            used_ns += int((thread / "schedstat").read_text(encoding="ascii").split()[0])
        return used_ns / 1e9

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


def read_all(terminals: Sequence[Terminal], for_s: float) -> None:
    """Read all that several programs draw in the next `for_s` seconds."""
    by_file = {terminal.file: terminal for terminal in terminals}
    until_s = time.monotonic() + for_s
    while (left_s := until_s - time.monotonic()) > 0:
        for file in select.select(list(by_file), [], [], left_s)[0]:
            by_file[file].take()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _first_frame_ms(command: list[str]) -> float:
    def start() -> None:
        terminal = Terminal(command)
        terminal.read_until(_MARK)
        terminal.read_until(b"m")
        terminal.close()

    return median_ms(start)


def program(name: str) -> str:
    """The path of a program beside this Python."""
    return str(Path(sys.executable).parent / name)


def bench_start() -> None:
    """Time to the first line and to the first frame."""
    bare = median_ms(lambda: _run(sys.executable, "-c", "pass"))
    row("bare Python", f"{bare:.0f} ms")
    for arguments in (["--version"], ["--help"], ["list"]):
        own = median_ms(lambda arguments=arguments: _run(program("timer-app"), *arguments))  # type: ignore[misc]
        row(f"timer-app {' '.join(arguments)}", f"{own:.0f} ms", f"{ratio(own, bare)} bare Python")
    textual = median_ms(lambda: _run(sys.executable, "-c", "from textual.app import App"))
    row("import Textual's App", f"{textual:.0f} ms")
    screens = median_ms(lambda: _run(sys.executable, "-c", "import timer_app.tui.app"))
    row("import timer-app's screens", f"{screens:.0f} ms", f"{ratio(screens, textual)} Textual's App")
    bare_app = _first_frame_ms([sys.executable, "-c", BARE_APP])
    row("first frame of a bare Textual app", f"{bare_app:.0f} ms")
    own = _first_frame_ms([program("timer-app")])
    row("first frame of timer-app", f"{own:.0f} ms", f"{ratio(own, bare_app)} the bare app")
