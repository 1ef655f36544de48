"""Voices and caches that the tests of this room share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from timer_app.tts.cache import SpeechCache
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.voice import Speech


@pytest.fixture(scope="session")
def espeak() -> EspeakVoice:
    return EspeakVoice()


@pytest.fixture
def cache(tmp_path: Path) -> SpeechCache:
    return SpeechCache(tmp_path / "speech")


@pytest.fixture(scope="session")
def speech_of() -> Callable[..., Speech]:
    """Makes a line of the given length, all of its samples on 16-bit steps."""

    def make(frames: int = 2_000, *, rate: int = 22_050, beat_ms: int = 7, seed: int = 1) -> Speech:
        steps = np.random.default_rng(seed).integers(-32_768, 32_768, frames)
        return Speech((steps / 32_768).astype(np.float32), rate, beat_ms)

    return make
