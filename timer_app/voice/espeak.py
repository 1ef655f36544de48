"""The default voice: espeak-ng, which comes with the program and renders in memory."""

from __future__ import annotations

import numpy as np

from timer_app.core.text.languages import best_match, not_spoken
from timer_app.core.timeline.utterance import MIDDLE_PITCH
from timer_app.voice.base import Language, Speech, VoiceError, silence
from timer_app.voice.espeak_engine import EngineVoice, engine
from timer_app.voice.plain_text import plain_text
from timer_app.voice.shape import shape

SLOWEST_WPM = 80
FASTEST_WPM = 450
HIGHEST_PITCH = 100


class EspeakVoice:
    """Speaks with the bundled espeak-ng; safe to use from any number of threads.

    Attributes:
        lines_at_once: One line is spoken by the library while the one before it is shaped.

    Raises:
        VoiceError: The library or its data cannot be loaded.
    """

    name = "espeak"
    lines_at_once = 2

    def __init__(self) -> None:
        self._engine = engine()
        self._by_code = _best_by_code(self._engine.voices)

    @property
    def version(self) -> str:
        """The version of the library."""
        return self._engine.version

    def render(self, text: str, language: str, wpm: int, pitch: int = MIDDLE_PITCH) -> Speech:
        """Speak `text` at 22,050 Hz; a rate outside 80 to 450 words a minute is taken to the nearer end.

        Raises:
            VoiceError: The language is not spoken, or the library refuses the text.
        """
        code = best_match(language, self._by_code)
        if code is None:
            raise VoiceError(not_spoken(self.name, language, self._by_code))
        words = plain_text(text)
        if not words:
            return silence(self._engine.rate)
        pace = min(max(wpm, SLOWEST_WPM), FASTEST_WPM)
        pcm = self._engine.render(words, self._by_code[code].identifier, pace, min(max(pitch, 0), HIGHEST_PITCH))
        samples = np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / np.float32(32_768)
        return shape(samples, self._engine.rate)

    def languages(self) -> list[Language]:
        """Every code that is understood, with the name of the voice that speaks it."""
        return [Language(code, voice.name) for code, voice in sorted(self._by_code.items())]

    def close(self) -> None:
        """Nothing to let go of: the library stays loaded until the process ends."""


def _best_by_code(voices: tuple[EngineVoice, ...]) -> dict[str, EngineVoice]:
    """For each language code the voice that fits it best; the first listed where several fit alike."""
    best: dict[str, tuple[int, EngineVoice]] = {}
    for voice in voices:
        for code, priority in voice.codes:
            if code not in best or priority < best[code][0]:
                best[code] = (priority, voice)
    return {code: voice for code, (_, voice) in best.items()}
