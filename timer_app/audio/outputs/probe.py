"""Finds out which outputs work here; each is tried in a separate process, as a native library may crash or hang."""

from __future__ import annotations

import time
from typing import Final, NamedTuple

from timer_app.audio.base import AudioError
from timer_app.audio.output_process import output_command, start_output
from timer_app.audio.outputs.devices import output_names
from timer_app.core.i18n import N_, _
from timer_app.system.processes import ChildProcess

PROBE_S: Final = 8.0  # a library that hangs is given up by its own process after five

_WITHOUT_DEVICE: Final = {
    "null": N_("silent clock"),
    "file": N_("writes what is heard to timer-app-DATE-TIME.wav, or file:PATH.wav"),
}


class OutputState(NamedTuple):
    """A row of `timer-app sounds`.

    Attributes:
        name: The name to choose it by.
        usable: Whether it works here and now.
        state: One line: its state, or why it does not work.
    """

    name: str
    usable: bool
    state: str


def output_states(limit_s: float = PROBE_S) -> list[OutputState]:
    """Every output with its state, all tried at once; takes `limit_s` seconds at most, and usually one."""
    processes = {name: _start(name) for name in output_names() if name not in _WITHOUT_DEVICE}
    until_s = time.monotonic() + limit_s
    states = {name: _state(name, process, until_s) for name, process in processes.items()}
    idle = {name: OutputState(name, usable=True, state=_(state)) for name, state in _WITHOUT_DEVICE.items()}
    return [{**states, **idle}[name] for name in output_names()]


def _start(name: str) -> ChildProcess | AudioError:
    try:
        return start_output(output_command(name, 0))
    except AudioError as error:
        return error


def _state(name: str, process: ChildProcess | AudioError, until_s: float) -> OutputState:
    if isinstance(process, AudioError):
        return OutputState(name, usable=False, state=str(process))
    try:
        report = process.receive(max(0.0, until_s - time.monotonic()))
    except TimeoutError:
        return OutputState(name, usable=False, state=_("{name} did not answer in time").format(name=name))
    finally:
        process.kill()
    if report is None:
        return OutputState(name, usable=False, state=_("{name} crashed when it was tried").format(name=name))
    if report.header["report"] == "refused":
        return OutputState(name, usable=False, state=report.header["why"])
    return OutputState(name, usable=True, state=_("ready, {latency} ms").format(latency=report.header["latency_ms"]))
