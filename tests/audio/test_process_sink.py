from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, AudioError
from timer_app.audio.clips import Clip
from timer_app.audio.mixer_sink import MixerSink
from timer_app.audio.output_process import OutputWorker, output_command
from timer_app.audio.process_sink import ProcessSink, start_sink
from timer_app.core.player.clock import machine_ms
from timer_app.core.timeline.model import CueContent
from timer_app.core.timeline.utterance import Utterance
from timer_app.system.processes import ChildProcess, Message, read_message, write_message


def _clip(content: CueContent) -> Clip | None:
    if content == "broken":
        raise AudioError("broken.wav: not a PCM WAV file")
    return None if content == "unknown" else Clip(np.full(MIX_RATE // 10, 0.5, np.float32))


def _wait_until(holds: Callable[[], bool], limit_s: float = 20) -> float:
    """How long it took, in seconds."""
    begun_s = time.monotonic()
    while not holds():
        assert time.monotonic() - begun_s < limit_s, "waited in vain"
        time.sleep(0.02)
    return time.monotonic() - begun_s


def _is_gone(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123 - a path of the system
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def sink() -> Iterator[ProcessSink]:
    """A sink whose process plays to nobody."""
    command = output_command("null", 120)
    sink = ProcessSink(command, ChildProcess(command), _clip)
    yield sink
    sink.close()


def test_messages_come_through_a_pipe_as_they_were_sent() -> None:
    pipe = io.BytesIO()
    write_message(pipe, {"do": "schedule", "content": "Rücken", "at_ms": 12.25})
    write_message(pipe, {"do": "clip"}, b"\0\1\2\3")
    pipe.seek(0)
    assert read_message(pipe) == Message({"do": "schedule", "content": "Rücken", "at_ms": 12.25}, b"")
    assert read_message(pipe) == Message({"do": "clip"}, b"\0\1\2\3")
    assert read_message(pipe) is None


@pytest.mark.parametrize("torn", [b"", b"msg", b"msg\0\5\0\0\0\0\0\0\0{", b"msg\0\2\0\0\0\4\0\0\0{}\0"])
def test_a_torn_message_is_the_end(torn: bytes) -> None:
    assert read_message(io.BytesIO(torn)) is None


@pytest.mark.parametrize("noise", [b"noise of a library\n", b"msg\0\1\0\0\0\0\0\0\0x", b"msg\0\2\0\0\0\0\0\0\0[]"])
def test_what_is_not_a_message_is_told_from_the_end(noise: bytes) -> None:
    with pytest.raises(ValueError, match=r"message|Expecting value"):
        read_message(io.BytesIO(noise))


def test_the_latency_is_that_of_the_device_and_of_what_comes_after_it(sink: ProcessSink) -> None:
    assert sink.latency_ms == 120 + 100


def test_drain_waits_until_all_is_heard_and_no_longer_than_it_may(sink: ProcessSink) -> None:
    assert sink.drain(0)
    sink.schedule("tick", machine_ms() + 500)
    assert not sink.drain(0.05)
    assert sink.drain(3)
    assert sink.late_count == 0


def test_what_is_cancelled_need_not_be_waited_for(sink: ProcessSink) -> None:
    sink.schedule("tick", machine_ms() + 30_000)
    sink.cancel(keep_sounding=True)
    assert sink.drain(1)


def test_what_begins_within_the_latency_is_heard_out_when_what_sounds_is_kept(
    sink: ProcessSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ms, process = 1_000.0, RecordingProcess()
    monkeypatch.setattr(sink, "_process", process)
    monkeypatch.setattr(sink, "_now_ms", lambda: now_ms)
    at_ms = now_ms + sink.latency_ms + 1
    sink.schedule("tick", at_ms)
    sink.schedule("tick", at_ms + 1)
    now_ms += 1  # whoever asks has looked at the clock a moment before
    sink.cancel(keep_sounding=True)
    sink.schedule("tick", at_ms)
    sink.cancel()
    orders = [message["do"] for message in process.messages if message["do"] != "clip"]
    assert orders == ["schedule", "schedule", "cancel", "cancel"]
    assert [message["until_ms"] for message in process.messages if message["do"] == "cancel"] == [at_ms, None]


def test_what_has_no_clip_or_a_broken_one_is_passed_over(sink: ProcessSink) -> None:
    sink.schedule("unknown", 5.0)
    sink.schedule("broken", 5.0)
    assert [miss.reason for miss in sink.missed_cues] == ["no clip", "broken.wav: not a PCM WAV file"]


def test_loudness_is_kept_while_muted(sink: ProcessSink) -> None:
    sink.volume = 0.4
    sink.muted = True
    assert (sink.volume, sink.muted) == (0.4, True)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_process_that_dies_or_hangs_is_noticed_within_two_seconds_and_replaced(
    sink: ProcessSink, number: signal.Signals
) -> None:
    before = sink.pid
    assert before is not None
    os.kill(before, number)
    noticed_s = _wait_until(lambda: sink.trouble is not None)
    assert noticed_s < 2
    assert "silently" in (sink.trouble or "")
    _wait_until(lambda: sink.trouble is None)
    assert sink.pid not in (None, before)
    assert _is_gone(before)


def test_a_sink_without_a_process_never_makes_anybody_wait(sink: ProcessSink) -> None:
    assert sink.pid is not None
    os.kill(sink.pid, signal.SIGSTOP)
    begun_s = time.monotonic()
    for number in range(300):
        sink.schedule(Utterance(f"line {number}"), machine_ms() + 1_000)
        sink.cancel()
    assert time.monotonic() - begun_s < 1
    sink.close()
    assert time.monotonic() - begun_s < 4


def test_closing_ends_the_process(sink: ProcessSink) -> None:
    pid = sink.pid
    assert pid is not None
    sink.close()
    assert _is_gone(pid)


def test_a_program_that_is_killed_takes_its_output_process_with_it() -> None:
    program = (
        "import time; from timer_app.audio.process_sink import ProcessSink\n"
        "from timer_app.audio.output_process import output_command, start_output\n"
        "command = output_command('null', 0)\n"
        "sink = ProcessSink(command, start_output(command), lambda content: None)\n"
        "print(sink.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        pid = int(child.stdout.readline())
        child.kill()
    _wait_until(lambda: _is_gone(pid), 5)


def test_an_output_that_cannot_be_opened_says_why() -> None:
    with pytest.raises(AudioError, match="no output called 'alsa'"):
        start_sink("alsa")(_clip, 1.0)


def test_a_process_that_ends_before_it_can_play_is_an_error() -> None:
    command = [sys.executable, "-c", ""]
    with pytest.raises(AudioError, match="ended before it could play"):
        ProcessSink(command, ChildProcess(command), _clip)


def test_the_process_loads_neither_screens_nor_models() -> None:
    program = "import sys, timer_app.audio.output_process; print(*{name.split('.')[0] for name in sys.modules})"
    reported = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert not {"textual", "pydantic", "click"} & set(reported.stdout.split())


class RecordingProcess:
    """Records the messages that a process is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, object]] = []

    def send(self, header: dict[str, object], _payload: bytes = b"") -> None:
        self.messages.append(header)

    def kill(self) -> None:
        pass

    def close(self) -> None:
        pass


class MusicalSink:
    """Notes what a process is asked to do with music."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def play_music(self, paths: list[Path], gain: float) -> None:
        self.asked.append(("play", *paths, gain))

    def set_music_level(self, level: float, fade_ms: float, at_ms: float) -> None:
        self.asked.append(("level", level, fade_ms, at_ms))


class MusicalProcess:
    """Hands what a process is sent straight to a worker."""

    def __init__(self, sink: MusicalSink) -> None:
        self.worker = OutputWorker(cast("MixerSink", sink), {})

    def send(self, header: dict[str, object], payload: bytes = b"") -> None:
        if str(header["do"]).startswith("music"):
            self.worker.dispatch(Message(json.loads(json.dumps(header)), payload))

    def kill(self) -> None:
        pass

    def close(self) -> None:
        pass


def test_a_process_is_told_of_music_and_its_level(sink: ProcessSink, monkeypatch: pytest.MonkeyPatch) -> None:
    there = MusicalSink()
    monkeypatch.setattr(sink, "_process", MusicalProcess(there))
    sink.play_music([Path("a.mp3"), Path("b.ogg")], 0.25)
    sink.set_music_level(1.0, 2_000, 5_000.5)
    assert there.asked == [("play", Path("a.mp3"), Path("b.ogg"), 0.25), ("level", 1.0, 2_000, 5_000.5)]


def test_a_process_in_the_place_of_another_plays_the_music_at_its_last_level(
    sink: ProcessSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sink, "_process", None)
    sink.play_music([Path("a.mp3")], 0.25)
    for level, at_ms in ((1.0, 1_000.0), (0.4, 2_000.0), (1.0, 3_000.0), (0.0, 9_000.0)):
        sink.set_music_level(level, 500, at_ms)
    there = MusicalSink()
    sink._attach(cast("ChildProcess", MusicalProcess(there)), {"latency_ms": 100})
    assert there.asked == [
        ("play", Path("a.mp3"), 0.25),
        ("level", 1.0, 500, 3_000.0),
        ("level", 0.0, 500, 9_000.0),
    ]


def test_a_level_without_music_is_not_kept_for_later(sink: ProcessSink, monkeypatch: pytest.MonkeyPatch) -> None:
    there = MusicalSink()
    monkeypatch.setattr(sink, "_process", MusicalProcess(there))
    sink.set_music_level(1.0, 500, 1_000.0)
    assert there.asked == [("level", 1.0, 500, 1_000.0)]
    again = MusicalSink()
    sink._attach(cast("ChildProcess", MusicalProcess(again)), {"latency_ms": 100})
    assert again.asked == []


def test_what_was_preloaded_is_not_sent_again(sink: ProcessSink, monkeypatch: pytest.MonkeyPatch) -> None:
    process = RecordingProcess()
    monkeypatch.setattr(sink, "_process", process)
    clip = Clip(np.full(480, 0.5, np.float32))
    monkeypatch.setattr(sink, "_clips", lambda content: None if content == "unknown" else clip)
    sink.preload(["tick", "unknown"])
    sink.schedule("tick", machine_ms() + 500)
    assert [message["do"] for message in process.messages] == ["clip", "schedule"]
    assert not sink.missed_cues
