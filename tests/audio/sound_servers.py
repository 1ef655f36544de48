"""Stages for the tests of the audio room: a device asked by hand, and a real sound server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.outputs.base import PullCallback
from timer_app.core.player.clock import machine_ms

SINK = ("rate=48000", "channels=1", "format=s16le")
LOUD = 0.09
"""What counts as an onset: above breath tones and music, below every other sound."""

SHAPE = ("--rate=48000", "--channels=1", "--format=s16le")


class HandOutput:
    """An output whose blocks are asked for by the test."""

    name = "hand"
    is_realtime = True

    def __init__(self, latency_ms: int = 200, block_ms: int = 50) -> None:
        self.latency_ms, self.block_ms = latency_ms, block_ms
        self.idle = 0.0
        self.fault: Exception | None = None
        self.closed = False
        self.can_flush, self.flushes = False, 0
        self._pull: PullCallback | None = None

    def start(self, pull: PullCallback) -> None:
        self._pull = pull

    def idle_s(self) -> float:
        return self.idle

    def flush(self) -> bool:
        self.flushes += 1
        return self.can_flush

    def close(self) -> None:
        self.closed = True

    def ask(self, n_frames: int) -> Samples:
        assert self._pull is not None
        return self._pull(n_frames)


class Recording:
    """What comes out of one device of a sound server, from now on.

    Args:
        environment: Leads to the server.
        sink: The device's name.
    """

    def __init__(self, environment: dict[str, str], sink: str) -> None:
        self._recorder = subprocess.Popen(
            ["parec", "-d", f"{sink}.monitor", "--raw", *SHAPE, "--latency-msec=10"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._blocks: list[tuple[float, bytes]] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        wait_until(lambda: len(self._blocks) > 20, "the recording to begin")

    def close(self) -> None:
        """Stop it."""
        self._recorder.terminate()
        self.join()

    def join(self) -> None:
        """Wait until it has stopped."""
        self._recorder.wait(10)
        self._listener.join(10)
        if self._recorder.stdout is not None:
            self._recorder.stdout.close()

    def heard(self, since_ms: float) -> tuple[float, Samples]:
        """All that was recorded from `since_ms` on, and when, on the machine's clock, its first sample was heard."""
        blocks = list(self._blocks)
        ends = np.cumsum([len(block) // 2 for _, block in blocks])
        # A block is read when it is complete or later, never earlier.
        recent = [at - end * 1000 / MIX_RATE for (at, _), end in zip(blocks, ends, strict=True) if at >= since_ms]
        if not recent:
            return since_ms, np.zeros(0, np.float32)
        begin_ms = float(min(recent))
        numbers = np.frombuffer(b"".join(block for _, block in blocks), np.int16)
        samples: Samples = numbers.astype(np.float32) / np.float32(32_768)
        first = max(0, round((since_ms - begin_ms) * MIX_RATE / 1000))
        return begin_ms + first * 1000 / MIX_RATE, samples[first:]

    def onsets_ms(self, since_ms: float, quiet_ms: float) -> list[float]:
        """When, on the machine's clock, something rose out of at least `quiet_ms` of silence."""
        begin_ms, samples = self.heard(since_ms)
        loud = np.flatnonzero(np.abs(samples) > LOUD)
        first = loud[np.diff(loud, prepend=-MIX_RATE) > quiet_ms * MIX_RATE / 1000]
        return [float(at_ms) for at_ms in begin_ms + first * 1000 / MIX_RATE]

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while block := os.read(self._recorder.stdout.fileno(), 65_536):
            self._blocks.append((machine_ms(), block))


def wait_until(condition: Callable[[], bool], what: str, limit_s: float = 10) -> None:
    until_s = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < until_s, f"waited in vain for {what}"
        time.sleep(0.05)


class SoundServer:
    """A PulseAudio server of its own with a null sink, whose monitor is recorded as long as it runs."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_SERVER": f"unix:{folder}/native",
        }
        self._folder = folder
        self.start()

    def start(self) -> None:
        """Start the server and the recording of it, anew after `kill`."""
        self._server = self._start_server(self._folder)
        self._run("pactl", "set-default-sink", "cue")
        # Otherwise the recording would move with the default sink.
        self._run("pactl", "set-default-source", "cue.monitor")
        self._recording = Recording(self.environment, "cue")

    def kill(self) -> None:
        """End the server as a crash would, and the recording with it."""
        self._server.kill()
        self._server.wait(10)
        self._recording.join()
        (self._folder / "native").unlink(missing_ok=True)

    def _start_server(self, folder: Path) -> subprocess.Popen[bytes]:
        modules = [
            f"module-native-protocol-unix socket={folder}/native auth-anonymous=1",
            "module-null-sink sink_name=cue rate=48000 channels=1 format=s16le",
        ]
        server = subprocess.Popen(
            ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
            + [part for module in modules for part in ("-L", module)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: self._run("pactl", "info") == 0, "the server to answer")
        return server

    def _run(self, *command: str) -> int:
        return subprocess.run(command, env=self.environment, capture_output=True, check=False, timeout=10).returncode

    def heard(self, since_ms: float) -> tuple[float, Samples]:
        """All that was recorded from `since_ms` on, and when, on the machine's clock, its first sample was heard."""
        return self._recording.heard(since_ms)

    def onsets_ms(self, since_ms: float, quiet_ms: float) -> list[float]:
        """When, on the machine's clock, something rose out of at least `quiet_ms` of silence."""
        return self._recording.onsets_ms(since_ms, quiet_ms)

    def add_sink(self, name: str) -> Recording:
        """Plug in one more device, and record it; it is not the default."""
        self._run("pactl", "load-module", "module-null-sink", f"sink_name={name}", *SINK)
        return Recording(self.environment, name)

    def remove_sink(self, name: str) -> None:
        """Unplug a device."""
        listed = subprocess.run(
            ["pactl", "list", "short", "modules"], env=self.environment, capture_output=True, check=True, text=True
        )
        (number,) = [row.split("\t")[0] for row in listed.stdout.splitlines() if f"sink_name={name} " in row]
        assert self._run("pactl", "unload-module", number) == 0

    def make_default(self, name: str) -> None:
        """Let a device be what the user hears."""
        assert self._run("pactl", "set-default-sink", name) == 0

    def play(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the child program that plays cues through this server."""
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("sound_child.py")), *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def freeze(self) -> None:
        self._server.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._server.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self.thaw()
        self._recording.close()
        self._server.terminate()
        self._server.wait(10)
