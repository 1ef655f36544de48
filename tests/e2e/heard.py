"""What was heard of a session, held against the session's own exported file."""

from __future__ import annotations

import json
import os
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.audio.sound_servers import SoundServer
from tests.e2e.conftest import PROGRAM, Terminal
from timer_app.audio.base import MIX_RATE, Samples, ms_to_frames
from timer_app.export.chapters import LEAD_SILENCE_MS

REACH_MS = 300
"""So far around its place a cue is looked for."""


def play(terminal: Terminal, server: SoundServer, session: Path, *options: str) -> None:
    """Start the real program on the server."""
    where = f"PULSE_SERVER={server.environment['PULSE_SERVER']}"
    terminal.run("env", where, PROGRAM, "run", str(session), "--volume", "100", *options)


def play_plainly(server: SoundServer, session: Path, *options: str) -> int:
    """Run the real program on the server without a screen; its exit status."""
    command = [PROGRAM, "run", str(session), "--plain", "--volume", "100", *options]
    environment = {**os.environ, "PULSE_SERVER": server.environment["PULSE_SERVER"]}
    run = subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL, env=environment)
    return run.returncode


def cues_of(session: Path, voice: str) -> list[tuple[int, dict[str, Any]]]:
    """The cues that `show` tells, each with its moment from the start of the session in milliseconds."""
    command = [PROGRAM, "show", str(session), "--json", "--voice", voice]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    phases = json.loads(shown.stdout)["phases"]
    return [(phase["start_ms"] + cue["at_ms"], cue) for phase in phases for cue in phase["cues"]]


def tones_of(session: Path) -> list[tuple[int, str]]:
    """When each tone is to sound in a run without a voice, and its name."""
    return [(at_ms, cue["sound"]) for at_ms, cue in cues_of(session, "none") if cue["kind"] == "sound"]


def exported(session: Path, *options: str) -> Samples:
    """The samples of the session's exported file, without the silence before the session."""
    path = session.with_suffix(".wav")
    subprocess.run([PROGRAM, "export", str(session), str(path), *options], check=True, capture_output=True)
    with wave.open(str(path)) as file:
        numbers = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    samples: Samples = numbers.astype(np.float32) / np.float32(32_768)
    silence = ms_to_frames(LEAD_SILENCE_MS)
    assert not samples[:silence].any()
    return samples[silence:]


def filtered(samples: Samples, low_hz: float, high_hz: float) -> Samples:
    """What lies between two pitches."""
    spectrum = np.fft.rfft(samples)
    pitch = np.fft.rfftfreq(len(samples), 1 / MIX_RATE)
    spectrum[(pitch < low_hz) | (pitch >= high_hz)] = 0
    return np.fft.irfft(spectrum, len(samples)).astype(np.float32)


def begin_of(whole: Samples, heard: Samples) -> int:
    """The frame of what was heard at which the whole session lies best."""
    size = 1 << (len(whole) + len(heard)).bit_length()
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(whole, size)), size)
    return int(np.argmax(products[: len(heard)]))


def place_of(piece: Samples, heard: Samples, at_frame: int) -> tuple[float, float]:
    """How much later than at a frame a piece is heard, in milliseconds, and how alike it is: 1 for the same."""
    reach = ms_to_frames(REACH_MS)
    around = heard[at_frame - reach : at_frame + reach + len(piece)]
    size = 1 << (len(around) + len(piece)).bit_length()
    products = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(piece, size)), size)[: 2 * reach + 1]
    best = int(np.argmax(products))
    there = around[best : best + len(piece)]
    alike = float(np.dot(piece, there) / max(1e-9, float(np.linalg.norm(piece)) * float(np.linalg.norm(there))))
    return (best - reach) * 1000 / MIX_RATE, alike


def level_of(samples: Samples) -> float:
    """How loud something is on the whole."""
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def loud_frames(samples: Samples, above: float) -> npt.NDArray[np.intp]:
    """The frames at which something is heard."""
    return np.flatnonzero(np.abs(samples) > above)
