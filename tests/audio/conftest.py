"""What the tests of the audio room share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pytest

from tests.audio.sound_servers import HandOutput, SoundServer
from timer_app.audio.base import MIX_RATE
from timer_app.audio.clips import Clip


@pytest.fixture
def hand_output() -> HandOutput:
    return HandOutput()


@pytest.fixture
def click() -> Clip:
    """A millisecond at half of full scale."""
    return Clip(np.full(MIX_RATE // 1000, 0.5, np.float32))


@pytest.fixture(scope="module")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    missing = [program for program in ("pulseaudio", "pactl", "parec") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"no {', '.join(missing)} on this machine (packages pulseaudio, pulseaudio-utils)")
    server = SoundServer(tmp_path_factory.mktemp("pulse"))
    yield server
    server.close()
