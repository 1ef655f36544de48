"""The real program plays through a real sound server, and what was heard is held against what `show` says."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from tests.audio.conftest import sound_server  # noqa: F401 - a fixture
from tests.audio.sound_stage import SoundServer
from tests.e2e.conftest import PROGRAM, Terminal
from timer_app.core.clock import machine_ms

pytestmark = [pytest.mark.e2e, pytest.mark.sound_server]

TONES = """
schema = 1
name = "Tones"

[defaults]
prepare = "4s"
switch = "4s"

[[steps]]
name = "Lean"
hold = "4s"
sides = "each"
"""


@pytest.fixture
def tones(tmp_path: Path) -> Path:
    """A session whose tones come one by one."""
    path = tmp_path / "tones.toml"
    path.write_text(TONES, encoding="utf-8")
    return path


def tones_of(session: Path) -> list[tuple[int, str]]:
    """When each tone is to sound, from the start of the session, and its name."""
    shown = subprocess.run([PROGRAM, "show", str(session), "--json"], check=True, capture_output=True, text=True)
    return [
        (phase["start_ms"] + cue["at_ms"], cue["sound"])
        for phase in json.loads(shown.stdout)["phases"]
        for cue in phase["cues"]
        if cue["kind"] == "sound"
    ]


def play(terminal: Terminal, server: SoundServer, session: Path, *options: str) -> None:
    where = f"PULSE_SERVER={server.environment['PULSE_SERVER']}"
    terminal.run("env", where, PROGRAM, "run", str(session), "--voice", "none", "--volume", "100", *options)


@pytest.mark.parametrize("output", ["sounddevice", "miniaudio"])
def test_every_tone_of_a_session_is_heard_where_it_belongs(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tones: Path,
    output: str,
) -> None:
    planned = tones_of(tones)
    begun_ms = machine_ms()
    play(terminal, sound_server, tones, "--output", output)
    terminal.wait_for("Well done", limit_s=60)
    time.sleep(1)
    heard_ms = sound_server.onsets_ms(begun_ms, quiet_ms=150)
    terminal.press("Enter")
    terminal.wait_for("status=0")

    assert len(heard_ms) == len(planned)
    ticks_ms = [heard - at for heard, (at, name) in zip(heard_ms, planned, strict=True) if name == "tick"]
    assert len(ticks_ms) > 5
    assert max(ticks_ms) - min(ticks_ms) < 4
    # Tones of another kind rise more slowly than a tick.
    assert all(abs(heard - at - ticks_ms[0]) < 30 for heard, (at, _) in zip(heard_ms, planned, strict=True))


def test_a_session_outlives_its_sound_server_and_is_heard_again_afterwards(
    terminal: Terminal,
    sound_server: SoundServer,  # noqa: F811 - the fixture
    tones: Path,
) -> None:
    play(terminal, sound_server, tones, "--plain")
    terminal.wait_for("PREPARE")
    time.sleep(5.5)
    sound_server.kill()
    terminal.wait_for("No sound:", limit_s=6)
    sound_server.start()
    terminal.wait_for("The sound is back.", limit_s=15)
    back_ms = machine_ms()
    terminal.wait_for("FINISHED", "status=0", limit_s=40)
    assert sound_server.onsets_ms(back_ms, quiet_ms=150)
