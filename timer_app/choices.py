"""What the settings and the command line let the user choose from; kept apart so that help needs no heavy imports."""

from __future__ import annotations

from typing import Literal, get_args

from timer_app.core.verbosity import Verbosity

OutputName = Literal["auto", "sounddevice", "miniaudio", "simpleaudio", "null"]

VERBOSITIES: tuple[str, ...] = get_args(Verbosity)
OUTPUTS: tuple[str, ...] = get_args(OutputName)

# Headsets without a wire are heard by some tenths of a second late.
MOST_LATENCY_MS = 2_000

# Words a minute; espeak-ng speaks no slower and no faster.
LOWEST_RATE, HIGHEST_RATE = 80, 450
HIGHEST_PITCH = 100
