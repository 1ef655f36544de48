from __future__ import annotations

import enum
import sys
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.outputs import base as device
from timer_app.audio.outputs import devices as outputs
from timer_app.audio.outputs.base import GuardedPull, call_with_timeout

if TYPE_CHECKING:
    from collections.abc import Callable


class Hanging(device.NullOutput):
    name = "hanging"

    def _close(self) -> None:
        threading.Event().wait(3)


def _failing(words: str) -> Callable[[], device.Output]:
    def make() -> device.Output:
        raise AudioError(words)

    return make


def test_a_feed_gives_silence_once_its_source_fails_and_tells_the_first_fault() -> None:
    asked = []

    def pull(n_frames: int) -> Samples:
        asked.append(n_frames)
        raise RuntimeError(f"fault {len(asked)}")

    feed = GuardedPull(pull)
    assert not feed(10).any()
    assert len(feed(20)) == 20
    assert str(feed.fault) == "fault 1"
    assert asked == [10]


def test_a_feed_knows_how_long_nobody_asked() -> None:
    feed = GuardedPull(lambda n_frames: np.zeros(n_frames, np.float32))
    time.sleep(0.03)
    assert feed.idle_s >= 0.03
    feed(1)
    assert feed.idle_s < 0.03


def test_a_call_that_takes_too_long_is_left_behind() -> None:
    with pytest.raises(AudioError, match=r"device did not answer within 0\.05 s"):
        call_with_timeout(0.05, "device", lambda: threading.Event().wait(3))


def test_what_a_call_gives_or_raises_comes_through() -> None:
    assert call_with_timeout(5, "device", lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        call_with_timeout(5, "device", lambda: 1 / 0)


def test_an_unknown_output_is_refused_with_what_there_is() -> None:
    with pytest.raises(AudioError, match="no output called 'alsa'; there is: auto, pulseaudio, sounddevice, miniaudio"):
        outputs.open_output("alsa")


def test_automatic_choice_takes_the_next_where_the_best_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outputs._OUTPUTS, "pulseaudio", _failing("no PulseAudio"))
    monkeypatch.setitem(outputs._OUTPUTS, "sounddevice", _failing("no PortAudio"))
    monkeypatch.setitem(outputs._OUTPUTS, "miniaudio", device.NullOutput)
    assert isinstance(outputs.open_output("auto"), device.NullOutput)


def test_where_nothing_works_one_line_tells_all_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(outputs._OUTPUTS, "pulseaudio", _failing("no PulseAudio"))
    monkeypatch.setitem(outputs._OUTPUTS, "sounddevice", _failing("PortAudio is not installed"))
    monkeypatch.setitem(outputs._OUTPUTS, "miniaudio", _failing("miniaudio: no device"))
    with pytest.raises(AudioError) as refusal:
        outputs.open_output("auto")
    words = str(refusal.value)
    assert "PortAudio is not installed" in words
    assert "miniaudio: no device" in words
    assert "--no-sound" in words
    assert "\n" not in words


@pytest.mark.parametrize(
    ("platform", "first"), [("linux", "pulseaudio"), ("darwin", "miniaudio"), ("win32", "miniaudio")]
)
def test_where_no_server_moves_streams_the_one_that_follows_the_default_device_comes_first(
    platform: str, first: str
) -> None:
    assert outputs.preferred_outputs(platform)[0] == first


class FakeMiniaudio:
    """What miniaudio offers, on a machine where only some back ends work."""

    class Backend(enum.Enum):
        WASAPI, PULSEAUDIO, ALSA, CUSTOM, NULL = range(5)

    class MiniaudioError(Exception):
        pass

    SampleFormat = SimpleNamespace(FLOAT32=5)

    def __init__(self, *working: str) -> None:
        self._working = working
        self.asked: dict[str, tuple[int, int]] = {}

    def get_enabled_backends(self) -> set[Backend]:
        return set(self.Backend)

    def PlaybackDevice(self, **asked: Any) -> SimpleNamespace:  # noqa: N802 - the library's name
        (backend,) = asked["backends"]
        self.asked[backend.name] = (asked["buffersize_msec"], asked["callback_periods"])
        if backend.name not in self._working:
            raise self.MiniaudioError("failed to init device", -200)
        return SimpleNamespace(close=lambda: None)


@pytest.mark.parametrize(
    ("working", "tried", "latency_ms", "block_ms"),
    [
        (["PULSEAUDIO", "ALSA"], {"PULSEAUDIO": (400, 0)}, 220, 400),
        (["ALSA"], {"PULSEAUDIO": (400, 0), "WASAPI": (50, 3), "ALSA": (50, 4)}, 150, 50),
        (["WASAPI"], {"PULSEAUDIO": (400, 0), "WASAPI": (50, 3)}, 100, 50),
    ],
)
def test_miniaudio_buffers_as_the_back_end_needs_that_it_plays_through(
    monkeypatch: pytest.MonkeyPatch,
    working: list[str],
    tried: dict[str, tuple[int, int]],
    latency_ms: int,
    block_ms: int,
) -> None:
    library = FakeMiniaudio(*working)
    monkeypatch.setitem(sys.modules, "miniaudio", library)
    output = outputs.MiniaudioOutput()
    assert library.asked == tried
    assert (output.latency_ms, output.block_ms) == (latency_ms, block_ms)


def test_miniaudio_never_plays_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeMiniaudio("NULL")
    monkeypatch.setitem(sys.modules, "miniaudio", library)
    with pytest.raises(AudioError, match=r"finds nothing to play on \(failed to init device\)"):
        outputs.MiniaudioOutput()
    assert "NULL" not in library.asked


def test_the_silent_clock_asks_in_step_with_time() -> None:
    asked: list[int] = []

    def pull(n_frames: int) -> Samples:
        asked.append(n_frames)
        return np.zeros(n_frames, np.float32)

    output = device.NullOutput()
    began_s = time.monotonic()
    output.start(pull)
    time.sleep(0.45)
    output.close()
    passed_s = time.monotonic() - began_s
    assert passed_s - 0.25 < sum(asked) / MIX_RATE <= passed_s
    assert output.idle_s() < 0.5


def test_a_device_that_hangs_is_left_behind_when_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "CLOSE_LIMIT_S", 0.05)
    output = Hanging()
    began_s = time.monotonic()
    output.close()
    assert time.monotonic() - began_s < 1


def test_a_device_that_was_not_started_can_be_closed() -> None:
    device.NullOutput().close()


def test_who_wants_simpleaudio_without_having_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simpleaudio", None)
    monkeypatch.setattr(outputs, "simpleaudio_refusal", lambda _version: "")
    with pytest.raises(AudioError, match=r"not installed: .* -m pip install .*\[simpleaudio\]"):
        outputs.open_output("simpleaudio")


@pytest.mark.parametrize("version", [(3, 12), (3, 13), (4, 0)])
def test_simpleaudio_is_refused_where_it_crashes(version: tuple[int, int]) -> None:
    assert "crashes on Python 3.12" in outputs.simpleaudio_refusal(version)
    assert outputs.simpleaudio_refusal((3, 11)) == ""


class FakeLibrary:
    """What simpleaudio offers: it plays buffers, and its players are told to stop."""

    def __init__(self) -> None:
        self.buffers: list[np.ndarray[tuple[int], np.dtype[np.int16]]] = []
        self.stopped: list[int] = []

    def play_buffer(self, buffer: np.ndarray[tuple[int], np.dtype[np.int16]], *_shape: int) -> SimpleNamespace:
        number = len(self.buffers)
        self.buffers.append(buffer)
        return SimpleNamespace(
            is_playing=lambda: number not in self.stopped,
            stop=lambda: self.stopped.append(number),
            wait_done=lambda: None,
        )


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> FakeLibrary:
    library = FakeLibrary()
    monkeypatch.setitem(sys.modules, "simpleaudio", library)
    monkeypatch.setattr(outputs, "simpleaudio_refusal", lambda _version: "")
    return library


def test_simpleaudio_is_given_one_buffer_that_is_written_while_it_plays(played: FakeLibrary) -> None:
    output = outputs.SimpleAudioOutput()
    output._begin_buffer(0)
    output._consume(np.full(100, 0.5, np.float32), 16_800, 0)
    output._consume(np.full(100, -0.5, np.float32), 16_900, 100)
    (_, buffer) = played.buffers
    assert buffer[16_799:16_801].tolist() == [0, 16_384]
    assert buffer[16_899:16_901].tolist() == [16_384, -16_384]
    assert buffer[17_000] == 0


def test_simpleaudio_changes_buffers_only_in_a_pause(played: FakeLibrary) -> None:
    output = outputs.SimpleAudioOutput()
    output._begin_buffer(0)
    minute = 60 * MIX_RATE
    loud, quiet = np.full(2_400, 0.5, np.float32), np.zeros(2_400, np.float32)
    output._consume(loud, minute + 2_400, minute - 14_400)
    assert len(played.buffers) == 2
    output._consume(quiet, minute + 24_000, minute + 7_200)
    assert len(played.buffers) == 3
    assert played.stopped == [1]
    output._consume(loud, minute + 26_400, minute + 9_600)
    assert played.buffers[2][26_400 - 7_200] == 16_384


def test_simpleaudio_that_stopped_playing_counts_as_idle(played: FakeLibrary) -> None:
    output = outputs.SimpleAudioOutput()
    output._begin_buffer(0)
    played.stopped.append(1)
    output._working_s -= 5
    output._consume(np.zeros(10, np.float32), 0, 0)
    assert output.idle_s() >= 5
