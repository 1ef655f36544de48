"""How far cues stray from their moments on each output, with both processors idle and busy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from timing import ratio, row

from tests.audio.sound_servers import SoundServer
from timer_app.core.player import machine_ms

CUES = 60  # the child waits ten seconds for them
PEER = "sounddevice"
OUTPUTS = (PEER, "pulseaudio", "miniaudio")


def bench_sound() -> None:
    """Play an uneven beat to a sound server and record it; PortAudio's stream is the peer."""
    if any(shutil.which(program) is None for program in ("pulseaudio", "pactl", "parec")):
        row("no sound server here", "", "packages pulseaudio, pulseaudio-utils")
        return
    server = SoundServer(Path(tempfile.mkdtemp()))
    for state, busy in (("idle", 0), ("busy", os.cpu_count() or 1)):
        peer = 0.0
        for output in OUTPUTS:
            strayed = _strayed_ms(server, output, busy)
            if strayed is None:
                row(f"{output}, {state}", "not heard")
                continue
            worst, drift = float(np.percentile(np.abs(strayed), 99)), float(strayed[-10:].mean() - strayed[:10].mean())
            peer = worst if output == PEER else peer
            beside = "the peer" if output == PEER else ratio(worst, peer)
            row(f"{output}, {state}: 99 of 100 cues within", f"{worst:.3f} ms", f"{beside}, drift {drift:.3f} ms")
    server.close()


def _strayed_ms(server: SoundServer, output: str, busy: int) -> npt.NDArray[np.float64] | None:
    """How far from the middle each cue was, while so many processes keep the machine busy; `None` if one is missing."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: sum(range(100_000))"]) for _ in range(busy)]
    begun_ms = machine_ms()
    try:
        words, _ = server.play(output, "cues", str(CUES)).communicate(timeout=120)
    finally:
        for other in others:
            other.kill()
            other.wait()
    time.sleep(0.5)
    due_ms = json.loads(words)["due_ms"] if words else []
    onsets_ms = server.onsets_ms(begun_ms, quiet_ms=60)
    if len(onsets_ms) != CUES or len(due_ms) != CUES:
        return None
    errors: npt.NDArray[np.float64] = np.array(onsets_ms) - np.array(due_ms)
    return errors - float(np.median(errors))
