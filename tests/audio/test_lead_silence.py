from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO

import numpy as np
import pytest

from timer_app.audio import output_process as worker
from timer_app.audio.base import MIX_RATE, Samples
from timer_app.audio.outputs.base import NullOutput
from timer_app.core.player.clock import machine_ms
from timer_app.core.timeline.utterance import Utterance
from timer_app.system.processes import read_message, write_message

AWAKE_MS = 500


class Heard(NullOutput):
    """A silent clock that keeps what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Samples] = []

    def _consume(self, samples: Samples, at_frame: int, now: int) -> None:  # noqa: ARG002 - their order is enough
        self.blocks.append(samples)


class Ends:
    """The program's ends of the pipes to an output process, which is a thread here."""

    def __init__(self, stack: ExitStack) -> None:
        (to_read, to_write), (from_read, from_write) = os.pipe(), os.pipe()
        self.source = stack.enter_context(os.fdopen(to_read, "rb"))
        self.tells: BinaryIO = os.fdopen(to_write, "wb")
        self.reports = stack.enter_context(os.fdopen(from_read, "rb"))
        self.target = stack.enter_context(os.fdopen(from_write, "wb"))
        stack.callback(self.tells.close)


@pytest.fixture
def ends() -> Iterator[Ends]:
    with ExitStack() as stack:
        yield Ends(stack)


def test_half_a_second_of_silence_flows_before_the_earliest_cue_that_can_be_asked_for(
    ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Heard()
    monkeypatch.setattr(worker, "open_output", lambda _name: device)
    process = threading.Thread(target=worker.main, args=("heard", 0, ends.source, ends.target))
    process.start()
    first = read_message(ends.reports)
    assert first is not None
    assert first.header["report"] == "ready"
    line = {"content": Utterance("Sit tall.")}
    write_message(ends.tells, {"do": "clip", **line}, np.full(MIX_RATE // 10, 0.5, np.float32).tobytes())
    write_message(ends.tells, {"do": "schedule", **line, "at_ms": machine_ms(), "from_ms": 0})
    for _ in range(4):
        read_message(ends.reports)
    ends.tells.close()
    process.join(10)
    assert not process.is_alive()
    loud = np.flatnonzero(np.concatenate(device.blocks))
    assert len(loud) >= MIX_RATE // 10 - 1
    assert loud[0] * 1000 / MIX_RATE >= AWAKE_MS


class NeverBegins(Heard):
    """A device that opens, and asks for nothing."""

    def _start(self) -> None:
        pass


def test_a_device_that_never_begins_is_refused_in_time(ends: Ends, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "open_output", lambda _name: NeverBegins())
    monkeypatch.setattr(worker, "_AWAKE_LIMIT_S", 0.1)
    worker.main("heard", 0, ends.source, ends.target)
    refused = read_message(ends.reports)
    assert refused is not None
    assert refused.header == {"report": "refused", "why": "null does not begin to play"}
