"""The values and ranges that settings and command line accept.

They are separate so that help needs no heavy imports.
"""

from __future__ import annotations

from typing import Literal, get_args

from timer_app.core.i18n import _

Verbosity = Literal["full", "brief", "tones"]
"""`full` says everything; `brief` leaves out explanations; `tones` says nothing, and all tones stay."""


Guidance = Literal["full", "short", "sparse"]
"""How much of a session is still explained: all of it, names and doses, or hardly more than tones."""

Company = Literal["often", "some", "none"]
"""How soon a long silence in a hold or a rest is broken by a few words."""
COMPANIES: tuple[str, ...] = get_args(Company)
DEFAULT_COMPANY: Company = "some"

# What `{key:NAME}` in a text may name: commands that have a key wherever somebody can press one.
KEY_NAMES = ("again", "next", "back", "go", "pause", "restart", "more_time", "less_time", "explain")

OutputName = Literal["auto", "pulseaudio", "sounddevice", "miniaudio", "simpleaudio", "null", "file"]

# Both ends of every range, as levels.
DOSE_LEVELS = {"low": 0.0, "high": 1.0}
VERBOSITIES: tuple[str, ...] = get_args(Verbosity)
DEFAULT_VERBOSITY: Verbosity = "full"
OUTPUTS: tuple[str, ...] = get_args(OutputName)
DEFAULT_OUTPUT = "auto"
FILE_OUTPUT = "file"
HISTORY_VERSION = 10  # of its tables, as many as there are migrations
HISTORY_VIEWS = ("calendar", "weeks", "exercises", "pain", "bests")
OUTPUT_ALLOWED = f"{', '.join(OUTPUTS)}, or {FILE_OUTPUT}:PATH.wav"

DEFAULT_VOLUME, MAX_VOLUME = 80, 100  # percent

# Headsets without a wire are heard by some tenths of a second late.
MAX_LATENCY_MS = 2_000

# Words a minute; espeak-ng speaks no slower and no faster.
MIN_RATE, MAX_RATE = 80, 450
MAX_PITCH = 100

# How many times faster than it is time may pass.
MIN_SPEED, MAX_SPEED = 0.01, 1_000

# Decides the order of shuffled blocks; a run that is told none takes any.
MAX_SEED = 2**32 - 1

# Characters of a note that the user writes about a run.
MAX_NOTE = 500

# Records in the table of the history: more than anybody has.
MAX_LISTED = 1_000_000


def validate_output_name(name: str) -> str:
    """The name of an output, such as `auto` or `file:run.wav`.

    Raises:
        ValueError: There is none of that name; `OUTPUT_ALLOWED` has what there is.
    """
    kind, colon, path = name.partition(":")
    if colon and kind == FILE_OUTPUT and not path.lower().endswith(".wav"):
        raise ValueError(_('"{path}" is not the name of a .wav file').format(path=path))
    if kind not in OUTPUTS or (colon and kind != FILE_OUTPUT):
        raise ValueError(_('there is no output "{name}"').format(name=name))
    return name


DEFAULT_THEME = "calm"

MAX_INTERVAL_NAMES = 50
MAX_INTERVAL_ROUNDS = 200
"""How many exercises a round of quick intervals may have, and how many rounds there may be."""
