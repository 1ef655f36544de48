"""The default voice for English: hibari, a small neural voice whose model comes inside its wheel.

Nothing is ever downloaded: only the voice in the wheel is opened, by the path of its file.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from timer_app.core.diagnostics import first_line
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.core.wording.languages import best_match, unsupported_language_message
from timer_app.tts.names import HIBARI
from timer_app.tts.pronunciation import neural_text
from timer_app.tts.voice import Language, LanguageError, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech

DISTRIBUTION: Final = "hibari-tts"
LANGUAGES: Final = (Language("en", "English"), Language("en-us", "English (America)"))
_CODES: Final = tuple(language.code for language in LANGUAGES)
_VOICE = "heart"
_SEED = 0  # the same line is the same sound, sample by sample
# Raised when the same text would sound different for a reason that lies here.
_MANNER_VERSION = 1
# Words a minute at each speed, measured over a quarter of the lines of the shipped sessions; they move in steps, as
# sounds last whole frames of 12.5 ms. At 0.86, where it is understood best, 178 are the usual 175.
_SPEEDS: Final = (0.5, 0.6, 0.7, 0.78, 0.86, 0.93, 1.0, 1.2, 1.5, 2.0)
_RATES: Final = (95.0, 115.0, 135.0, 144.0, 175.0, 188.0, 194.0, 214.0, 302.0, 345.0)


def is_installed() -> bool:
    """Whether the voice and its engine are there; whether they load is seen when it is opened."""
    return all(importlib.util.find_spec(name) is not None for name in ("hibari", "onnxruntime"))


def hibari_version() -> str:
    """Changes whenever the same text would sound different; known without loading the voice.

    Raises:
        VoiceError: It is not installed.
    """
    try:
        return f"{importlib.metadata.version(DISTRIBUTION)}-{_MANNER_VERSION}"
    except importlib.metadata.PackageNotFoundError:
        raise VoiceError(
            _(
                "the hibari voice is not installed; it needs Linux (glibc) or Windows on x86-64 or ARM64, or a "
                "Mac with Apple silicon: pip install {package}"
            ).format(package=DISTRIBUTION)
        ) from None


def speed_for(wpm: float) -> float:
    """The speed at which the voice says `wpm` words a minute; beyond what it can, the nearest one."""
    return float(np.interp(wpm, _RATES, _SPEEDS))


class HibariVoice:
    """Speaks English; one line at a time.

    Raises:
        VoiceError: It is not installed, or does not load.
    """

    name = HIBARI

    def __init__(self) -> None:
        self.version = hibari_version()
        try:
            from hibari import Hibari
            from hibari.g2p import G2P
            from hibari.voices import voice_path

            with ThreadPoolExecutor(1) as beside:  # the dictionary takes twice as long as the model
                dictionary = beside.submit(G2P)
                # More threads than one make it slower while anything else runs: they spin.
                self._engine = Hibari(
                    _VOICE,
                    voice_path(_VOICE, download_missing=False),
                    threads=1,
                    g2p=lambda text: dictionary.result()(text),  # noqa: PLW0108 - it is not there yet
                )
                dictionary.result()
            self._rate = int(self._engine.sample_rate)
        except Exception as error:  # a young package: whatever it raises means that it cannot speak
            raise VoiceError(_("the hibari voice does not load: {error}").format(error=first_line(error))) from error

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:  # noqa: ARG002 - it has one pitch
        """Speak `text` at 24,000 Hz; a rate that the voice cannot reach is clamped.

        Raises:
            LanguageError: The language is not English.
        """
        if best_match(language, _CODES) is None:
            raise LanguageError(unsupported_language_message(self.name, language, _CODES))
        words = neural_text(text)
        if not words:
            return silence(self._rate)
        samples = np.asarray(self._engine(words, speed=speed_for(wpm), seed=_SEED), dtype=np.float32)
        if not np.isfinite(samples).all():
            raise VoiceError(_("the hibari voice gave something that is no speech"))
        return finish_speech(samples, self._rate)

    def languages(self) -> list[Language]:
        """English."""
        return list(LANGUAGES)

    def close(self) -> None:
        """Nothing to release but memory."""
