"""A real terminal for the real program."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

LIMIT_S = 60.0  # a busy machine is slow; a test that is going to pass does not wait that long
PROGRAM = str(Path(sys.executable).parent / "timer-app")


class Terminal:
    """A tmux server of its own with one window, in which a shell runs."""

    def __init__(self, socket: Path, env: dict[str, str]) -> None:
        self._socket = str(socket)
        self._env = env

    def open(self, columns: int, rows: int) -> None:
        """Start a plain shell in a window of that size."""
        size = ["-x", str(columns), "-y", str(rows)]
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, "env PS1='ready> ' sh")
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        self.wait_for("ready>")

    def run(self, *command: str) -> None:
        """Type a command, and after it a line that tells its status."""
        self.type(f"{shlex.join(command)}; echo status=$?")
        self.press("Enter")

    def type(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by their tmux names."""
        self._tmux("send-keys", *keys)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def screen(self) -> str:
        """What is on the screen, with lines that the terminal broke joined again."""
        return self._tmux("capture-pane", "-p", "-J")

    def coloured_screen(self) -> str:
        """What is on the screen, with the sequences that colour it."""
        return self._tmux("capture-pane", "-p", "-e")

    def wait_for(self, *texts: str, limit_s: float = LIMIT_S) -> str:
        """Look at the screen until all texts are on it.

        Raises:
            AssertionError: They did not come in time; it shows the screen.
        """
        return self.wait_until(lambda screen: all(text in screen for text in texts), " and ".join(texts), limit_s)

    def wait_until(self, holds: Callable[[str], bool], what: str, limit_s: float = LIMIT_S) -> str:
        """Look at the screen until something holds of it."""
        until_s = time.monotonic() + limit_s
        while not holds(screen := self.screen()):
            assert time.monotonic() < until_s, f"waited in vain for {what}:\n{screen}"
            time.sleep(0.1)  # each look starts a program
        return screen

    def children(self) -> list[int]:
        """The processes that the shell runs."""
        shell = self._tmux("display-message", "-p", "#{pane_pid}").strip()
        found = subprocess.run(["pgrep", "-P", shell], check=False, capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def flags(self) -> dict[str, str]:
        """How the terminal is set: alternate screen, cursor, mouse."""
        wanted = ("alternate_on", "cursor_flag", "mouse_any_flag")
        values = self._tmux("display-message", "-p", " ".join(f"#{{{flag}}}" for flag in wanted)).split()
        return dict(zip(wanted, values, strict=True))

    def close(self) -> None:
        """End everything."""
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], check=False, capture_output=True)

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *arguments], check=True, capture_output=True, text=True, env=self._env
        )
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path, own_folders: Path) -> Iterator[Terminal]:
    """A terminal of 80 x 24."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    assert own_folders.parent == tmp_path
    # A line editor loaded by the tests leaves a size there, and a program would take it for its window's.
    terminal = Terminal(tmp_path / "tmux", {key: os.environ[key] for key in os.environ.keys() - {"COLUMNS", "LINES"}})
    terminal.open(80, 24)
    yield terminal
    terminal.close()


@pytest.fixture
def short_session(tmp_path: Path) -> Path:
    """A session that is over in seconds."""
    path = tmp_path / "short.toml"
    path.write_text(
        """
schema = 1
name = "Short"

[defaults]
prepare = "1s"
switch = "1s"
countdown = 0

[[steps]]
name = "Lean"
hold = "2s"
sides = "each"

[[steps]]
wait = "Fetch it."

[[steps]]
name = "Curl"
reps = 2
tempo = "0.5-0.5"
""",
        encoding="utf-8",
    )
    return path
