from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from timer_app.core.player.clock import machine_ms
from timer_app.settings.store import load_settings

if TYPE_CHECKING:
    from tests.audio.sound_servers import SoundServer

pytestmark = pytest.mark.sound_server

LATE_MS = 180

# The program with its standard input as its controlling terminal, as a shell would start it.
AT_A_TERMINAL = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from timer_app.cli import main
main()
"""


def _first_tick_ms(server: SoundServer, since_ms: float) -> float:
    until_s = time.monotonic() + 20
    while time.monotonic() < until_s:
        if onsets_ms := server.onsets_ms(since_ms, quiet_ms=500):
            return onsets_ms[0]
        time.sleep(0.1)
    raise AssertionError("no tick was heard")


def test_who_taps_late_by_a_known_time_finds_just_that_in_the_settings(
    sound_server: SoundServer, tmp_path: Path
) -> None:
    begun_ms = machine_ms()
    keyboard, terminal = pty.openpty()
    environment = {
        **sound_server.environment,
        "TIMER_APP_CONFIG": str(tmp_path / "config"),
        "TIMER_APP_DATA": str(tmp_path / "data"),
    }
    child = subprocess.Popen(
        [sys.executable, "-c", AT_A_TERMINAL, "sounds", "--calibrate"],
        env=environment,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    shown: list[bytes] = []

    def read() -> None:
        try:
            while block := os.read(keyboard, 4_096):
                shown.append(block)
        except OSError:
            pass  # the program has ended

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    first_ms = _first_tick_ms(sound_server, begun_ms)
    for number in range(1, 20):
        time.sleep(max(0.0, first_ms + number * 1_000 + LATE_MS - machine_ms()) / 1_000)
        os.write(keyboard, b" ")
    while b"[y/N]" not in b"".join(shown) and child.poll() is None:
        time.sleep(0.05)
    os.write(keyboard, b"y\n")
    assert child.wait(10) == 0
    reader.join(5)
    os.close(keyboard)
    found_ms = load_settings(tmp_path / "config" / "settings.toml").settings.latency_ms
    assert abs(found_ms - LATE_MS) <= 30, b"".join(shown).decode()
