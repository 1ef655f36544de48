"""The voices there are, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from timer_app.core.timeline.utterance import USUAL_RATE
from timer_app.voice import names
from timer_app.voice.base import Voice, VoiceError
from timer_app.voice.espeak import EspeakVoice
from timer_app.voice.hosted import HostedVoice
from timer_app.voice.names import DEFAULT_VOICE, ESPEAK, PIPER, SILENT, SYSTEM, VoiceNameError
from timer_app.voice.piper import require_piper
from timer_app.voice.silent import SilentVoice
from timer_app.voice.system import SystemVoice, require_pyttsx3

__all__ = ["DEFAULT_VOICE", "DEFAULT_WPM", "SILENT", "VoiceState", "available_voices", "open_voice", "voice_names"]

DEFAULT_WPM = USUAL_RATE


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


def _open_system(_told: str) -> Voice:
    require_pyttsx3()
    return SystemVoice()


def _open_piper(told: str) -> Voice:
    require_piper()
    return HostedVoice(f"{PIPER}:{told}")


_OPENERS: dict[str, Callable[[str], Voice]] = {
    ESPEAK: lambda _told: EspeakVoice(),
    SYSTEM: _open_system,
    PIPER: _open_piper,
    SILENT: lambda _told: SilentVoice(),
}


def voice_names() -> tuple[str, ...]:
    """Every name that `open_voice` takes; some want to be told more, after a colon."""
    return names.all_names()


def open_voice(name: str) -> Voice:
    """Make a voice ready.

    Raises:
        VoiceError: There is none of that name, or it cannot speak here; the message says what helps.
    """
    try:
        kind, told = names.split(names.checked(name))
    except VoiceNameError as error:
        hint = f' (did you mean "{error.meant}"?)' if error.meant else ""
        raise VoiceError(f"{error}{hint}; write {error.allowed}") from None
    opener = _OPENERS.get(kind)
    return opener(told) if opener else HostedVoice(name)


def available_voices() -> list[VoiceState]:
    """Every voice, opened to see whether it speaks here."""
    return [_state_of_piper() if name == PIPER else _state_of(name) for name in voice_names()]


def _state_of_piper() -> VoiceState:
    """Without a file there is nothing to open."""
    try:
        require_piper()
    except VoiceError as error:
        return VoiceState(PIPER, usable=False, state=str(error))
    return VoiceState(PIPER, usable=True, state=f"neural voices from your own files: {names.PIPER_ALLOWED}")


def _state_of(name: str) -> VoiceState:
    try:
        voice = open_voice(name)
    except VoiceError as error:
        return VoiceState(name, usable=False, state=str(error))
    try:
        return VoiceState(name, usable=True, state=_describe(voice))
    except Exception as error:  # noqa: BLE001 - a voice may come from anybody
        return VoiceState(name, usable=False, state=f"the {name} voice broke down: {error!r}")
    finally:
        voice.close()


def _describe(voice: Voice) -> str:
    if isinstance(voice, SilentVoice):
        return "says nothing"
    languages = len({language.code for language in voice.languages()})
    if isinstance(voice, HostedVoice):
        return f"added by {voice.origin}, {languages} language codes"
    what = "espeak-ng" if isinstance(voice, EspeakVoice) else "the operating system's voices, by pyttsx3"
    return f"{what} {voice.version.partition('-')[0]}, {languages} language codes"
