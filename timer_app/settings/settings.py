"""The user's settings: one TOML file, read with positions like a session.

A broken settings file never keeps the program from working: every fault is told, and what is broken keeps its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics.problems import FileFault
from timer_app.core.ranges import Verbosity
from timer_app.core.timeline.utterance import DEFAULT_PITCH, DEFAULT_RATE
from timer_app.system.files import read_text
from timer_app.tts.names import DEFAULT_VOICE

if TYPE_CHECKING:
    from timer_app.core.diagnostics.problems import LocatedProblem


@dataclass(frozen=True)
class Settings:
    """What the user may set; every key is optional.

    Attributes:
        level: Where in each range of doses to work, from 0 (low end) to 1 (high end).
        voice: Who speaks: `espeak` (comes with the program), `system`, `piper:FILE.onnx`, `none`, or an added one.
        rate: Words a minute.
        pitch: How high the voice is, from 0 to 100.
        lexicon: Words that the voice gets wrong, each with its spelling for the voice.
        language: The language to be guided in, such as `de`, where a session is translated into it.
        verbosity: How much the coach says: `full`, `brief` or `tones`.
        breath_tones: `false` has ticks where parts with a breath begin, in place of tones that rise and fall with it.
        volume: Loudness in percent.
        output: What plays the sound; `auto` takes the best one there is, `file:PATH.wav` writes it down.
        latency_ms: By how much later than usual a headset is heard; the screen keeps in step with the ear.
        sound: `false` keeps everything silent.
        history: `false` writes nothing down of what was done.
        growth: `false` keeps doses where `level` has them; else they grow with what was done.
        theme: The name of the screen's colour theme.
        flash: The time on the screen flashes with each beep of a countdown.
        reduced_motion: Nothing on the screen flashes or glides.
        sound_theme: The set of cue sounds, in place of the session's own.
        sounds: WAV files of the user's sound folder in place of single cue sounds, such as `start = "gong.wav"`.
        keys: Keys for commands of the screen, such as `pause = "space,p"`.
    """

    level: float = 0.0
    voice: str = DEFAULT_VOICE
    rate: int = DEFAULT_RATE
    pitch: int = DEFAULT_PITCH
    lexicon: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    verbosity: Verbosity = "full"
    breath_tones: bool = True
    volume: int = 80
    output: str = "auto"
    latency_ms: int = 0
    sound: bool = True
    history: bool = True
    growth: bool = True
    theme: str | None = None
    flash: bool = True
    reduced_motion: bool = False
    sound_theme: str | None = None
    sounds: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings that work, and what was wrong with the file they came from."""

    settings: Settings
    problems: tuple[LocatedProblem, ...] = ()


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings at `path`; a file that is not there, or that cannot be read, gives the defaults."""
    try:
        text = read_text(path)
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except FileFault as fault:
        return LoadedSettings(Settings(), fault.problems)
    from timer_app.core.diagnostics.source import parse_toml
    from timer_app.settings.schema import read_settings  # models are loaded where there is a file

    try:
        source = parse_toml(text, str(path))
    except FileFault as fault:
        return LoadedSettings(Settings(), fault.problems)

    given, problems = read_settings(source)
    return LoadedSettings(Settings(**given), problems)
