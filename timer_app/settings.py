"""The user's settings: one TOML file, read with positions like a session.

A broken settings file never keeps the program from working: every fault is told, and what is broken keeps its default.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from timer_app.choices import (
    HIGHEST_PITCH,
    HIGHEST_RATE,
    LOWEST_RATE,
    MOST_LATENCY_MS,
    OUTPUT_ALLOWED,
    OUTPUTS,
    checked_output,
)
from timer_app.core.fields import Language, Lexicon, OwnSounds
from timer_app.core.notation import NotationError
from timer_app.core.problems import FileFault, Located, nearest
from timer_app.core.reader import read
from timer_app.core.source import parse
from timer_app.core.speech import MIDDLE_PITCH
from timer_app.core.verbosity import Verbosity
from timer_app.files import read_text
from timer_app.soundbox import SoundBox
from timer_app.voice import names as voice_names
from timer_app.voice.names import DEFAULT_VOICE

_Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.-]+$")]


def _known_voice(name: str) -> str:
    try:
        return voice_names.checked(name)
    except voice_names.VoiceNameError as error:
        raise NotationError(str(error), error.allowed, error.meant) from None


def _known_output(name: str) -> str:
    try:
        return checked_output(name)
    except ValueError as error:
        raise NotationError(str(error), OUTPUT_ALLOWED, nearest(name, OUTPUTS) or "") from None


class Settings(BaseModel):
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
        theme: The name of the screen's colour theme.
        flash: The time on the screen flashes with each beep of a countdown.
        reduced_motion: Nothing on the screen flashes or glides.
        sound_theme: The set of cue sounds, in place of the session's own.
        sounds: WAV files of the user's sound folder in place of single cue sounds, such as `start = "gong.wav"`.
        keys: Keys for commands of the screen, such as `pause = "space,p"`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    level: float = Field(default=0.0, ge=0, le=1, allow_inf_nan=False)
    voice: Annotated[str, AfterValidator(_known_voice)] = DEFAULT_VOICE
    rate: int = Field(default=150, ge=LOWEST_RATE, le=HIGHEST_RATE)
    pitch: int = Field(default=MIDDLE_PITCH, ge=0, le=HIGHEST_PITCH)
    lexicon: Lexicon = Field(default_factory=dict)
    language: Language | None = None
    verbosity: Verbosity = "full"
    breath_tones: bool = True
    volume: int = Field(default=80, ge=0, le=100)
    output: Annotated[str, AfterValidator(_known_output)] = "auto"
    latency_ms: int = Field(default=0, ge=0, le=MOST_LATENCY_MS)
    sound: bool = True
    theme: _Name | None = None
    flash: bool = True
    reduced_motion: bool = False
    sound_theme: _Name | None = None
    sounds: OwnSounds = Field(default_factory=dict)
    keys: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings that work, and what was wrong with the file they came from."""

    settings: Settings
    problems: tuple[Located, ...] = ()


def load_settings(path: Path) -> LoadedSettings:
    """Read the settings at `path`; a file that is not there, or that cannot be read, gives the defaults."""
    try:
        source = parse(read_text(path), str(path))
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except FileFault as fault:
        return LoadedSettings(Settings(), fault.problems)
    settings, problems = read(Settings, source, {"check_sound_file": SoundBox.default().check_file})
    if settings is None:
        settings = _salvage(source.data, {problem.path for problem in problems})
    collector = source.collector()
    collector.add(*problems)
    return LoadedSettings(settings, tuple(collector.located()))


def _salvage(data: Mapping[str, Any], broken: AbstractSet[tuple[str | int, ...]]) -> Settings:
    """The settings without the keys that are broken."""
    kept = {key: value for key, value in data.items() if (key,) not in broken}
    for name in ("keys", "sounds"):
        if isinstance(table := kept.get(name), dict):
            kept[name] = {key: value for key, value in table.items() if (name, key) not in broken}
    try:
        return Settings.model_validate(kept)
    except ValidationError:
        return Settings()
