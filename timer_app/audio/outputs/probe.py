"""Finds out which outputs work here, each in its own process: a native library may crash, hang or print."""

from __future__ import annotations

import time
from typing import Final, NamedTuple

from timer_app.audio.frames import AudioError
from timer_app.audio.outputs.devices import output_names
from timer_app.system.workers import WorkerLink, worker_command

PROBE_S: Final = 8.0  # a library that hangs is given up by its own process after five

_WITHOUT_DEVICE: Final = {
    "null": "silent clock",
    "file": "writes what is heard to timer-app-DATE-TIME.wav, or file:PATH.wav",
}


class OutputState(NamedTuple):
    """What `timer-app sounds` tells of an output.

    Attributes:
        name: What it is chosen by.
        usable: Whether it plays here and now.
        state: In a line, how it is or why it does not play.
    """

    name: str
    usable: bool
    state: str


def output_states(limit_s: float = PROBE_S) -> list[OutputState]:
    """Every output with its state, all tried at once; takes `limit_s` seconds at most, and usually one."""
    links = {name: _started(name) for name in output_names() if name not in _WITHOUT_DEVICE}
    until_s = time.monotonic() + limit_s
    states = {name: _state(name, link, until_s) for name, link in links.items()}
    idle = {name: OutputState(name, usable=True, state=state) for name, state in _WITHOUT_DEVICE.items()}
    return [{**states, **idle}[name] for name in output_names()]


def _started(name: str) -> WorkerLink | AudioError:
    try:
        return WorkerLink(worker_command(name, 0))
    except OSError as error:
        return AudioError(f"the output process cannot be started: {error}")


def _state(name: str, link: WorkerLink | AudioError, until_s: float) -> OutputState:
    if isinstance(link, AudioError):
        return OutputState(name, usable=False, state=str(link))
    try:
        report = link.receive_report(max(0.0, until_s - time.monotonic()))
    except TimeoutError:
        return OutputState(name, usable=False, state=f"{name} did not answer in time")
    finally:
        link.kill()
    if report is None:
        return OutputState(name, usable=False, state=f"{name} crashed when it was tried")
    if report["report"] == "refused":
        return OutputState(name, usable=False, state=report["why"])
    return OutputState(name, usable=True, state=f"ready, {report['latency_ms']} ms")
