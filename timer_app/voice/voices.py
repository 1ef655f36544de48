"""The voices there are, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import NamedTuple

from timer_app.voice.base import Voice, VoiceError
from timer_app.voice.espeak import EspeakVoice
from timer_app.voice.silent import SilentVoice
from timer_app.voice.system import SystemVoice, require_pyttsx3

DEFAULT_VOICE = "espeak"
SILENT = "none"
DEFAULT_WPM = 150


class VoiceState(NamedTuple):
    """What `timer-app voices` tells of a voice.

    Attributes:
        name: What it is chosen by.
        usable: Whether it speaks here.
        state: One line: what it is, or why it does not speak and what helps.
    """

    name: str
    usable: bool
    state: str


def _open_system() -> Voice:
    require_pyttsx3()
    return SystemVoice()


_OPENERS: dict[str, Callable[[], Voice]] = {
    "espeak": EspeakVoice,
    "system": _open_system,
    SILENT: SilentVoice,
}


def voice_names() -> tuple[str, ...]:
    """Every name that `open_voice` takes."""
    return tuple(_OPENERS)


def open_voice(name: str) -> Voice:
    """Make a voice ready.

    Raises:
        VoiceError: There is none of that name, or it cannot speak here; the message says what helps.
    """
    opener = _OPENERS.get(name)
    if opener is None:
        near = difflib.get_close_matches(name, _OPENERS, n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        raise VoiceError(f'there is no voice "{name}"{hint}; there are {", ".join(_OPENERS)}')
    return opener()


def available_voices() -> list[VoiceState]:
    """Every voice, opened to see whether it speaks here."""
    return [_state_of(name) for name in _OPENERS]


def _state_of(name: str) -> VoiceState:
    try:
        voice = open_voice(name)
    except VoiceError as error:
        return VoiceState(name, usable=False, state=str(error))
    try:
        return VoiceState(name, usable=True, state=_describe(voice))
    finally:
        voice.close()


def _describe(voice: Voice) -> str:
    if isinstance(voice, SilentVoice):
        return "says nothing"
    languages = len({language.code for language in voice.languages()})
    what = "espeak-ng" if isinstance(voice, EspeakVoice) else "the operating system's voices, by pyttsx3"
    return f"{what} {voice.version.partition('-')[0]}, {languages} language codes"
