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
_TICKS = os.sysconf("SC_CLK_TCK")


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

    def busy_s(self, for_s: float) -> float:
        """Processor time used in the next `for_s` seconds, while all that is drawn is read."""
        begun_ticks, until_s = self._ticks(), time.monotonic() + for_s
        while time.monotonic() < until_s:
            self._read(0.05)
        return (self._ticks() - begun_ticks) / _TICKS

    def memory_mb(self) -> float:
        """Memory that the program holds now."""
        pages = int(Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def close(self) -> None:
        """End the program."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def _read(self, wait_s: float) -> bytes:
        if not select.select([self._master], [], [], wait_s)[0]:
            return b""
        try:
            return os.read(self._master, 65536)
        except OSError:
            return b""

    def _ticks(self) -> int:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


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
