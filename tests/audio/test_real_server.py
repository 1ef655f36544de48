from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import time
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
def test_a_cue_is_heard_soon_after_it_is_asked_for(sound_server: SoundServer, output: str) -> None:
    begun_ms = machine_ms()
    told = _told(sound_server, output, "now", "4")
    onsets_ms = sound_server.onsets_ms(begun_ms, quiet_ms=300)
    assert len(onsets_ms) == 4
    delays_ms = [heard - asked for heard, asked in zip(onsets_ms, told["told_ms"], strict=True)]
    print(f"{output}: heard after {max(delays_ms):.0f} ms at most")  # noqa: T201
    assert max(delays_ms) < 300


@pytest.mark.parametrize("output", ["miniaudio", "sounddevice"])
@pytest.mark.parametrize("ends", [True, False])
def test_a_server_that_ends_or_hangs_is_noticed_and_the_sound_comes_back(
    sound_server: SoundServer, output: str, ends: bool
) -> None:
    child = sound_server.play(output, "on", "16")
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["ready"]
    time.sleep(5.5)
    lost_ms = machine_ms()
    sound_server.kill() if ends else sound_server.freeze()
    time.sleep(2.5)
    sound_server.start() if ends else sound_server.thaw()
    there_ms = machine_ms()
    words, _ = child.communicate(timeout=30)
    told = json.loads(words)
    (noticed_ms, trouble), (back_ms, well) = told["changes"]
    # A stream that ran dry is put right within two seconds.
    since_ms = max(back_ms, there_ms) + 2_500

    print(f"{output}: noticed after {noticed_ms - lost_ms:.0f} ms, back after {back_ms - there_ms:.0f} ms")  # noqa: T201
    assert noticed_ms - lost_ms < 2_000
    assert "silently" in trouble
    assert well is None
    assert back_ms - there_ms < 6_000
    # Nothing late and nothing piled up: what is heard afterwards is what is due then, each once.
    onsets_ms = [at_ms for at_ms in sound_server.onsets_ms(there_ms, quiet_ms=60) if at_ms > since_ms]
    due_ms = [at_ms for at_ms in told["due_ms"] if at_ms > since_ms]
    errors_ms = [min((at_ms - due for due in due_ms), key=abs) for at_ms in onsets_ms]
    assert len(onsets_ms) >= 5
    assert max(map(abs, errors_ms)) < 30
