"""Makes breath tones: soft tones that rise with breathing in and fall with breathing out."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from timer_app.audio.base import MIX_RATE, Samples, frames_of
from timer_app.audio.clips import Clip
from timer_app.core.timeline.model import BreathTone, parse_breath_tone

PEAK: Final = 0.06
"""No sample is larger: far below the voice, which speaks over it."""

_LOW_HZ: Final = 196.0
_HIGH_HZ: Final = 294.0  # a fifth above
_OVERTONE: Final = 0.2  # of the octave, so that small speakers can be heard
_QUIET: Final = 0.5  # the share of the full level at the low end of the glide
_EDGE_MS: Final = 300
_KEPT: Final = 16


def breath_clip(sound: str) -> Clip | None:
    """The sound of a breath tone by its name, such as `breath-in@4000`; `None` for the name of another sound."""
    tone = parse_breath_tone(sound)
    return None if tone is None else _clip(tone)


@lru_cache(_KEPT)
def _clip(tone: BreathTone) -> Clip:
    frames = frames_of(tone.length_ms)
    height = np.linspace(0.0, 1.0, frames)
    if not tone.rises:
        height = height[::-1]
    # The pitch moves by equal steps for the ear, and the loudness with it, as breath does.
    turns = np.cumsum(_LOW_HZ * (_HIGH_HZ / _LOW_HZ) ** height) / MIX_RATE
    wave = np.sin(2 * np.pi * turns) + _OVERTONE * np.sin(4 * np.pi * turns)
    level = (_QUIET + (1 - _QUIET) * height) * _edges(frames) * PEAK / (1 + _OVERTONE)
    return Clip((wave * level).astype(np.float32))


def _edges(frames: int) -> Samples:
    """Full in the middle, silent at both ends, and round between."""
    width = min(frames_of(_EDGE_MS), frames // 4)
    edge = (np.sin(np.linspace(0.0, np.pi / 2, width)) ** 2).astype(np.float32)
    shape = np.ones(frames, np.float32)
    shape[:width] = edge
    shape[-width:] = edge[::-1]
    return shape
