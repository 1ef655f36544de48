"""SVOX Pico, a small voice for six languages, through py-nanotts."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from types import MappingProxyType
from typing import Final

import numpy as np

from timer_app.core.diagnostics import first_line
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.core.wording.languages import best_match, unsupported_language_message
from timer_app.system import install_command
from timer_app.tts.names import PICO
from timer_app.tts.pronunciation import neural_text
from timer_app.tts.voice import Language, LanguageError, Samples, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech

DISTRIBUTION: Final = "py-nanotts"
_RATE = 16_000
_MIN_SPEED, _MAX_SPEED = 0.4, 2.5
_MIDDLE_PITCH = 50
_WINDOW = _RATE * 20 // 1000
_AUDIBLE_LEVEL = 0.003  # of the mean over a window: a click in silence stays below, the softest end of a word above
_VOICES: Final = MappingProxyType(
    {
        "de": ("de-DE", "German"),
        "en": ("en-GB", "English (Great Britain)"),
        "es": ("es-ES", "Spanish"),
        "fr": ("fr-FR", "French"),
        "it": ("it-IT", "Italian"),
    }
)
# Words a minute at speed 1, measured over the lines of the shipped sessions in English and German.
_FULL_SPEED_WPM: Final = MappingProxyType({"en": 178})
_OTHER_WPM = 150


def pico_version() -> str:
    """The version of py-nanotts, known without loading it.

    Raises:
        VoiceError: It is not installed.
    """
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        raise VoiceError(
            _("the pico voice needs {package}: {command}").format(package=DISTRIBUTION, command=install_command("pico"))
        ) from None


def is_installed() -> bool:
    """Whether py-nanotts is there."""
    return importlib.util.find_spec("py_nanotts") is not None


def languages() -> list[Language]:
    """The languages it speaks."""
    return [Language(code, name) for code, (_, name) in _VOICES.items()]


def _without_tail(samples: Samples) -> Samples:
    """The line without the silence behind it, in which the engine leaves single clicks, elsewhere each time."""
    whole = len(samples) // _WINDOW * _WINDOW
    levels = np.sqrt(np.mean(samples[:whole].reshape(-1, _WINDOW) ** 2, axis=1))
    heard = np.flatnonzero(levels > _AUDIBLE_LEVEL)
    return samples[: (int(heard[-1]) + 3) * _WINDOW] if heard.size else samples[:0]


class PicoVoice:
    """Speaks German, English, Spanish, French and Italian; one line at a time.

    Raises:
        VoiceError: It is not installed, or does not load.
    """

    name = PICO

    def __init__(self) -> None:
        self.version = pico_version()
        try:
            from py_nanotts import NanoTTS

            self._engine = NanoTTS()
        except Exception as error:  # a library that does not fit the machine
            raise VoiceError(_("the pico voice does not load: {error}").format(error=first_line(error))) from error

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text` at 16,000 Hz; a rate that the voice cannot reach is clamped.

        Raises:
            LanguageError: It does not speak the language.
        """
        code = best_match(language, _VOICES)
        if code is None:
            raise LanguageError(unsupported_language_message(self.name, language, _VOICES))
        words = neural_text(text)
        if not words:
            return silence(_RATE)
        speed = min(max(wpm / _FULL_SPEED_WPM.get(code, _OTHER_WPM), _MIN_SPEED), _MAX_SPEED)
        height = 2.0 ** ((pitch - _MIDDLE_PITCH) / 100)  # half an octave at either end
        pcm = self._engine.speak(words, voice=_VOICES[code][0], speed=speed, pitch=height)
        samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / np.float32(32_768)
        return finish_speech(_without_tail(samples), _RATE)

    def languages(self) -> list[Language]:
        """The languages it speaks."""
        return languages()

    def close(self) -> None:
        """Nothing to release."""
