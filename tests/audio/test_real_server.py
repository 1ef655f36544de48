from __future__ import annotations

import importlib.util
import json
import statistics
import sys
from typing import TYPE_CHECKING, Any

import pytest

from timer_app.core.clock import machine_ms

if TYPE_CHECKING:
    from tests.audio.sound_stage import SoundServer

pytestmark = pytest.mark.sound_server

CUES = 20


def _outputs() -> list[Any]:
    """Those that can play here; simpleaudio crashes on later versions of Python and is refused there."""
    if sys.version_info >= (3, 12):
        return ["miniaudio", "sounddevice"]
    built = importlib.util.find_spec("simpleaudio") is not None
    optional = pytest.mark.skipif(not built, reason="simpleaudio is not installed")
    return ["miniaudio", "sounddevice", pytest.param("simpleaudio", marks=optional)]


def _told(server: SoundServer, *arguments: str) -> dict[str, Any]:
    child = server.play(*arguments)
    words, _ = child.communicate(timeout=30)
    assert child.returncode == 0
    told: dict[str, Any] = json.loads(words)
    return told


@pytest.mark.parametrize("output", _outputs())
def test_cues_are_heard_when_they_are_due(sound_server: SoundServer, output: str) -> None:
    begun_ms = machine_ms()
    told = _told(sound_server, output, "cues", str(CUES))
    onsets_ms = sound_server.onsets_ms(begun_ms, quiet_ms=60)

    assert told["heard"]
    assert told["trouble"] is None
    assert len(onsets_ms) == CUES
    errors_ms = [heard - due for heard, due in zip(onsets_ms, told["due_ms"], strict=True)]
    spread_ms = max(errors_ms) - min(errors_ms)
    print(f"{output}: error {statistics.median(errors_ms):.2f} ms in the median, spread {spread_ms:.3f} ms")  # noqa: T201
    assert spread_ms < 2
    assert abs(statistics.median(errors_ms)) < 25


@pytest.mark.parametrize("output", ["miniaudio", "sounddevice"])
def test_a_server_that_hangs_is_noticed_and_does_not_hang_the_program(sound_server: SoundServer, output: str) -> None:
    child = sound_server.play(output, "trouble", "0")
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["ready"]
    sound_server.freeze()
    try:
        words, _ = child.communicate("frozen\n", timeout=20)
    finally:
        sound_server.thaw()

    told = json.loads(words)
    assert child.returncode == 0
    assert told["trouble"] == "the sound device stopped answering; the session goes on silently"
    assert told["noticed_s"] < 3
    assert told["closed_s"] < 2
