"""Starts what makes cues heard: in a process of its own, or right here where no device is involved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from timer_app.audio.cue_sound import ClipSource
from timer_app.audio.live import LiveSink
from timer_app.audio.outputs import open_output
from timer_app.audio.remote import RemoteSink
from timer_app.system.workers import WorkerLink, worker_command

Sink = LiveSink | RemoteSink

_WITHOUT_DEVICE: Final = ("null", "file")


def start_sink(output: str, latency_ms: int = 0) -> Callable[[ClipSource, float], Sink]:
    """Start an output; what is returned makes the sink, which has to wait less the later that is asked for.

    It is given the sound of every cue and the volume from 0 to 1, and raises an `AudioError` where there is no device.

    Args:
        output: The device's name, `auto`, or `file:PATH`.
        latency_ms: By how much later than the device says its sound reaches the ear. Cues are played so much earlier,
            so what the screen shows and what is heard belong together.

    Raises:
        AudioError: The output process cannot be started.
    """
    if output.partition(":")[0] in _WITHOUT_DEVICE:
        return lambda clips, volume: LiveSink(open_output(output), clips, volume=volume)
    command = worker_command(output, latency_ms)
    first = WorkerLink(command)
    return lambda clips, volume: RemoteSink(command, first, clips, volume=volume)
