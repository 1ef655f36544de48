"""Voices that other packages add: found by their entry point, and held to what the rest of the program relies on."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import numpy as np

from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.tts.delivery import speakable_text
from timer_app.tts.names import ENTRY_POINT_GROUP
from timer_app.tts.signal import finish_speech
from timer_app.tts.voice import Language, Speech, Voice, VoiceError


class PluginVoice:
    """A voice from elsewhere; what it renders is checked, trimmed and made as loud as every other.

    Args:
        name: The name of its entry point, by which it is chosen.
        origin: The package that adds it, with its version.
        argument: What was written after the name and a colon.
        voice: The voice itself.
    """

    def __init__(self, name: str, origin: str, argument: str, voice: Voice) -> None:
        self.name = name
        self.origin = origin
        self._argument = argument
        self._voice = voice

    @property
    def version(self) -> str:
        """Of the package and of the voice, and what the voice was told."""
        return f"{self.origin}-{self._voice.version}-{self._argument}"

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text`.

        Raises:
            VoiceError: The voice refuses, or gives something that is no speech.
        """
        raw = self._voice.render(speakable_text(text), language, wpm, pitch)
        samples = np.asarray(getattr(raw, "samples", None), dtype=np.float32)
        rate = getattr(raw, "rate", 0)
        if samples.ndim != 1 or not np.isfinite(samples).all() or not isinstance(rate, int) or rate <= 0:
            raise VoiceError(f"the {self.name} voice gave something that is no speech")
        return finish_speech(samples.copy(), rate)

    def languages(self) -> list[Language]:
        """What it says that it speaks."""
        return [Language(str(code), str(name)) for code, name in self._voice.languages()]

    def close(self) -> None:
        """Let go of everything."""
        self._voice.close()


def open_plugin_voice(name: str, argument: str) -> PluginVoice | None:
    """Open the voice with that entry point; `None` where there is none.

    Args:
        name: The name of the entry point, which leads to something that takes `argument` and gives a `Voice`.
        argument: What was written after the name and a colon; empty for nothing.

    Raises:
        VoiceError: It cannot be loaded or opened.
    """
    point = next(iter(entry_points(group=ENTRY_POINT_GROUP, name=name)), None)
    if point is None:
        return None
    try:
        return PluginVoice(name, _origin(point), argument, point.load()(argument))
    except VoiceError:
        raise
    except Exception as error:
        raise VoiceError(f"the {name} voice of {_origin(point)} broke down: {error!r}") from error


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
