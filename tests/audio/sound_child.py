"""Plays clicks through a real output; started by the tests of the real server, never collected."""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from timer_app.audio.base import MIX_RATE
from timer_app.audio.clips import Clip
from timer_app.audio.process_sink import Sink, start_sink
from timer_app.core.player.clock import machine_ms


def click() -> Clip:
    """Five milliseconds that begin at full strength: the onset is one sample."""
    return Clip((0.6 * np.cos(2 * np.pi * 1_000 * np.arange(MIX_RATE // 200) / MIX_RATE)).astype(np.float32))


def tell(**values: object) -> None:
    print(json.dumps(values), flush=True)  # noqa: T201 - this is how the test is told


def play_cues(sink: Sink, count: int, busy: bool) -> None:
    first_ms = machine_ms() + sink.latency_ms + 700
    # Uneven steps, so that a beat of the device's own cannot pass for the schedule.
    due_ms = [first_ms + index * 137.3 + (index % 3) * 11.1 for index in range(count)]
    for at_ms in due_ms:
        sink.schedule("click", at_ms)
    while busy and machine_ms() < due_ms[-1]:
        sum(range(20_000))
    heard = sink.drain(10)
    tell(due_ms=due_ms, heard=heard, trouble=sink.trouble, latency_ms=sink.latency_ms, late=sink.late_count)


def play_now(sink: Sink, count: int) -> None:
    time.sleep(0.7)
    reported = []
    for index in range(count):
        reported.append(machine_ms())
        sink.schedule("click", reported[-1])
        time.sleep(0.9 + 0.037 * index)
    sink.drain(10)
    tell(told_ms=reported, latency_ms=sink.latency_ms)


def play_on(sink: Sink, seconds: int) -> None:
    """Keep the next second of an even beat handed over, whatever happens, and tell what did."""
    begun_ms = machine_ms() + 700
    due_ms: list[float] = []
    changes: list[tuple[float, str | None]] = [(machine_ms(), None)]
    tell(ready=True)
    while machine_ms() < begun_ms + seconds * 1_000:
        while begun_ms + len(due_ms) * 310 < machine_ms() + 1_000:
            due_ms.append(begun_ms + len(due_ms) * 310)
            sink.schedule("click", due_ms[-1])
        if sink.trouble != changes[-1][1]:
            changes.append((machine_ms(), sink.trouble))
        time.sleep(0.02)
    sink.close()
    tell(due_ms=due_ms, changes=changes[1:], latency_ms=sink.latency_ms)


def play_until_paused(sink: Sink) -> None:
    """Pause in the middle of a long sound."""
    sink.schedule("hum", machine_ms() + sink.latency_ms + 300)
    time.sleep(1.5)
    tell(paused_ms=machine_ms(), latency_ms=sink.latency_ms)
    sink.pause("nothing")
    time.sleep(1.5)


def play_until_told(sink: Sink) -> None:
    """Close the sink when a line comes in, and see that it takes no longer than it may."""
    tell(ready=True)
    sys.stdin.readline()
    begun_s = time.monotonic()
    sink.close()
    if time.monotonic() - begun_s > 3:
        sys.exit("closing took too long")


def main(output: str, task: str, count: int) -> None:
    sounds = {"click": click(), "hum": Clip(np.tile(click().samples, 800))}
    sink = start_sink(output)(lambda content: sounds.get(str(content)), 1.0)
    if task == "on":
        play_on(sink, count)
        return
    if task == "pause":
        play_until_paused(sink)
    elif task == "hang":
        play_until_told(sink)
    elif task == "now":
        play_now(sink, count)
    else:
        play_cues(sink, count, busy=task == "busy")
    sink.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
