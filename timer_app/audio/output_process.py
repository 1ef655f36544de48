"""The output process: mixer and device behind an interpreter lock of their own.

`start_output` starts it. It does what the messages on standard input ask, reports on standard output how the device
is, and ends when its input does, so it never outlives the program.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np

from timer_app.audio.base import AudioError
from timer_app.audio.clips import Clip
from timer_app.audio.mixer_sink import MixerSink
from timer_app.audio.outputs.devices import open_output
from timer_app.core.i18n import _
from timer_app.core.timeline import CueContent
from timer_app.core.timeline.utterance import Utterance
from timer_app.system.processes import (
    ChildProcess,
    Message,
    module_command,
    private_output,
    serve,
    write_message,
)

REPORT_S: Final = 0.2
"""Seconds between two reports."""

# Some sinks take two seconds at once before they know how much a stream wants.
_AWAKE_LIMIT_S: Final = 3.0
_LOOK_S: Final = 0.01
# Much shorter than usual, so that the device's thread soon gets the interpreter when a message is being read.
_SWITCH_S: Final = 0.0005


def output_command(output: str, extra_ms: int) -> list[str]:
    """The command that runs an output process; its arguments are those of `main`."""
    return module_command("timer_app.audio.output_process", output, str(extra_ms))


def start_output(command: Sequence[str]) -> ChildProcess:
    """Start an output process.

    Raises:
        AudioError: It cannot be started.
    """
    try:
        return ChildProcess(command)
    except OSError as error:
        raise AudioError(_("the output process cannot be started: {error}").format(error=error)) from error


class OutputWorker:
    """Does what messages ask.

    Args:
        sink: Where cues are heard.
        clips: Holds what the program sends; `sink` takes its sounds from here.
    """

    def __init__(self, sink: MixerSink, clips: dict[CueContent, Clip]) -> None:
        self._sink = sink
        self._clips = clips
        self._handlers: dict[str, Callable[[Message], None]] = {
            "clip": self._store_clip,
            "forget": self._drop_clip,
            "schedule": self._schedule,
            "cancel": self._cancel,
            "pause": self._pause,
            "loudness": self._set_loudness,
            "music": self._play_music,
            "music level": self._set_music_level,
        }

    def dispatch(self, message: Message) -> None:
        """Do what one message asks for."""
        self._handlers[message.header["do"]](message)

    def report(self) -> dict[str, Any]:
        """How the device is."""
        return {
            "report": "state",
            "idle_s": self._sink.idle_s,
            "fault": self._sink.fault,
            "late": self._sink.late_count,
            "lost": len(self._sink.missed_cues),
        }

    def _store_clip(self, message: Message) -> None:
        self._clips[_content(message)] = Clip(np.frombuffer(message.payload, np.float32))

    def _drop_clip(self, message: Message) -> None:
        self._clips.pop(_content(message), None)

    def _schedule(self, message: Message) -> None:
        self._sink.schedule(_content(message), message.header["at_ms"], message.header["from_ms"])

    def _cancel(self, message: Message) -> None:
        self._sink.cancel_after(message.header["until_ms"])

    def _pause(self, message: Message) -> None:
        self._sink.pause(_content(message))

    def _set_loudness(self, message: Message) -> None:
        self._sink.volume = message.header["volume"]
        self._sink.muted = message.header["muted"]

    def _play_music(self, message: Message) -> None:
        self._sink.play_music([Path(path) for path in message.header["paths"]], message.header["gain"])

    def _set_music_level(self, message: Message) -> None:
        self._sink.set_music_level(message.header["level"], message.header["fade_ms"], message.header["at_ms"])


def main(output: str, extra_ms: int, source: BinaryIO, target: BinaryIO) -> None:
    """Open a device, and play until the program sends no more.

    Args:
        output: The device's name, as `open_output` takes it.
        extra_ms: How much later than the device says the sound is heard.
        source: Where messages come from.
        target: Where reports go.
    """
    clips: dict[CueContent, Clip] = {}
    try:
        sink = _open_sink(output, extra_ms, clips)
    except AudioError as error:
        write_message(target, {"report": "refused", "why": str(error)})
        return
    worker = OutputWorker(sink, clips)
    write_message(target, {"report": "ready", "name": sink.device, "latency_ms": sink.latency_ms})
    threading.Thread(target=_send_reports, args=(worker, target), daemon=True).start()
    serve(source, target, worker.dispatch)
    sink.close()


def _open_sink(output: str, extra_ms: int, clips: dict[CueContent, Clip]) -> MixerSink:
    """The sink on a device that plays by now.

    Raises:
        AudioError: There is no such device, or it never begins.
    """
    device = open_output(output)
    device.latency_ms += extra_ms
    sink = MixerSink(device, clips.get)
    until_s = time.monotonic() + _AWAKE_LIMIT_S
    while not sink.is_awake and time.monotonic() < until_s and not sink.fault:
        time.sleep(_LOOK_S)
    if sink.mixer.position:
        return sink
    sink.close()
    raise AudioError(_("{device} does not begin to play").format(device=device.name))


def _send_reports(worker: OutputWorker, target: BinaryIO) -> None:
    try:
        while True:
            write_message(target, worker.report())
            time.sleep(REPORT_S)
    except (OSError, ValueError):
        pass  # the program is gone, which the main thread notices too


def _content(message: Message) -> CueContent:
    """What a message is about: JSON has lists in place of utterances."""
    content: str | list[Any] = message.header["content"]
    return content if isinstance(content, str) else Utterance(*content)


if __name__ == "__main__":
    sys.setswitchinterval(_SWITCH_S)
    gc.freeze()
    main(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer, private_output())
    # A library that hangs while it is torn down would keep the process.
    os._exit(0)
