"""The available voices by name, and the renderer that speaks with one of them."""

from __future__ import annotations

import functools
import queue
import threading
from collections.abc import Callable
from typing import NamedTuple

from timer_app.core.timeline.utterance import DEFAULT_RATE
from timer_app.tts import names
from timer_app.tts.cache import SpeechCache
from timer_app.tts.espeak import EspeakVoice
from timer_app.tts.isolated import IsolatedVoice
from timer_app.tts.names import DEFAULT_VOICE, ESPEAK, PIPER, SILENT, SYSTEM, VoiceNameError
from timer_app.tts.piper import require_piper
from timer_app.tts.pronunciation import SpeechStyle
from timer_app.tts.renderer import SpeechRenderer
from timer_app.tts.system import SystemVoice, require_pyttsx3
from timer_app.tts.voice import SilentVoice, Voice, VoiceError

__all__ = ["DEFAULT_VOICE", "DEFAULT_WPM", "SILENT", "VoiceState", "available_voices", "open_voice", "voice_names"]


DEFAULT_WPM = DEFAULT_RATE


class VoiceState(NamedTuple):
    """What `timer-app voices` shows about a voice.

    Attributes:
        name: The name it is chosen by.
        usable: Whether it speaks here.
        state: One line: what it is, or why it does not speak and what helps.
    """

    name: str
    usable: bool
    state: str


def _open_system(_argument: str) -> Voice:
    require_pyttsx3()
    return SystemVoice()


def _open_piper(argument: str) -> Voice:
    require_piper()
    return IsolatedVoice(f"{PIPER}:{argument}")


_OPENERS: dict[str, Callable[[str], Voice]] = {
    ESPEAK: lambda _argument: EspeakVoice(),
    SYSTEM: _open_system,
    PIPER: _open_piper,
    SILENT: lambda _argument: SilentVoice(),
}


def voice_names() -> tuple[str, ...]:
    """Every name that `open_voice` takes; some need an argument, after a colon."""
    return names.all_names()


def open_voice(name: str) -> Voice:
    """Open a voice.

    Raises:
        VoiceError: No voice has that name, or it cannot speak here; the message says what helps.
    """
    try:
        kind, argument = names.split_name(names.check_name(name))
    except VoiceNameError as error:
        hint = f' (did you mean "{error.meant}"?)' if error.meant else ""
        raise VoiceError(f"{error}{hint}; write {error.allowed}") from None
    opener = _OPENERS.get(kind)
    return opener(argument) if opener else IsolatedVoice(name)


def available_voices() -> list[VoiceState]:
    """Every voice, opened to see whether it speaks here."""
    return [_state_of_piper() if name == PIPER else _state_of(name) for name in voice_names()]


def _state_of_piper() -> VoiceState:
    """Whether Piper is installed: without a file there is no voice to open."""
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
    except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
        return VoiceState(name, usable=False, state=f"the {name} voice broke down: {error!r}")
    finally:
        voice.close()


def _describe(voice: Voice) -> str:
    if isinstance(voice, SilentVoice):
        return "says nothing"
    languages = len({language.code for language in voice.languages()})
    if isinstance(voice, IsolatedVoice):
        return f"added by {voice.origin}, {languages} language codes"
    what = "espeak-ng" if isinstance(voice, EspeakVoice) else "the operating system's voices, by pyttsx3"
    return f"{what} {voice.version.partition('-')[0]}, {languages} language codes"


OPEN_TIMEOUT_S = 30.0  # longer than the system's voice takes to find out for itself that it does not start


class OpenedRenderer(NamedTuple):
    """The result of opening a voice.

    Attributes:
        renderer: Renders the lines; `None` if there is no voice.
        notices: What the user should know.
    """

    renderer: SpeechRenderer | None
    notices: list[str]


def open_renderer(
    name: str, style: SpeechStyle, cache: SpeechCache, *, open_s: float = OPEN_TIMEOUT_S
) -> OpenedRenderer:
    """The renderer of the voice called `name`, or of the bundled voice if that does not open.

    Args:
        name: The voice's name.
        style: What the run's options say about how lines are spoken.
        cache: Where rendered lines are stored.
        open_s: A voice that takes longer to open is skipped.
    """
    notices: list[str] = []
    names = [] if name == SILENT else list(dict.fromkeys([name, DEFAULT_VOICE]))
    while names:
        first = names.pop(0)
        fallbacks = [functools.partial(open_voice, fallback) for fallback in names]
        try:
            voice = open_voice_within(functools.partial(open_voice, first), first, open_s)
        except VoiceError as error:
            notices.append(f"Another voice speaks: {error}; {names[0]} takes over." if names else f"No voice: {error}")
            continue
        return OpenedRenderer(SpeechRenderer(voice, cache, style, fallbacks=fallbacks), notices)
    return OpenedRenderer(None, notices)


def open_voice_within(opener: Callable[[], Voice], name: str, limit_s: float) -> Voice:
    """Open a voice that may come from a plug-in.

    Raises:
        VoiceError: It does not open, breaks down, or takes longer than `limit_s`.
    """
    outcome: queue.SimpleQueue[Voice | VoiceError] = queue.SimpleQueue()

    def attempt() -> None:
        try:
            outcome.put(opener())
        except VoiceError as error:
            outcome.put(error)
        except Exception as error:  # noqa: BLE001 - a voice may come from a plug-in
            outcome.put(VoiceError(f"the {name} voice broke down: {error!r}"))

    threading.Thread(target=attempt, name=f"opening {name}", daemon=True).start()
    try:
        found = outcome.get(timeout=limit_s)
    except queue.Empty:
        raise VoiceError(f"the {name} voice did not open within {limit_s:g} s") from None
    if isinstance(found, VoiceError):
        raise found
    return found
