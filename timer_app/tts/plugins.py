"""Voices from other packages: found by their entry point, and checked for what the program relies on."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import numpy as np

from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.tts.names import ENTRY_POINT_GROUP
from timer_app.tts.pronunciation import speakable_text
from timer_app.tts.voice import Language, Speech, Voice, VoiceError
from timer_app.tts.waveform import finish_speech


class PluginVoice:
    """A voice from another package; its speech is checked, trimmed and made as loud as every other.

    Args:
        name: The name of its entry point, by which it is chosen.
        origin: The package that adds it, with its version.
        argument: The text after the name and a colon.
        voice: The voice itself.
    """

    def __init__(self, name: str, origin: str, argument: str, voice: Voice) -> None:
        self.name = name
        self.origin = origin
        self._argument = argument
        self._voice = voice

    @property
    def version(self) -> str:
        """The versions of the package and the voice, and the argument."""
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
            raise VoiceError(_("the {name} voice gave something that is no speech").format(name=self.name))
        return finish_speech(samples.copy(), rate)

    def languages(self) -> list[Language]:
        """The languages that the voice reports."""
        return [Language(str(code), str(name)) for code, name in self._voice.languages()]

    def close(self) -> None:
        """Release everything."""
        self._voice.close()


def open_plugin_voice(name: str, argument: str) -> PluginVoice | None:
    """Open the voice with that entry point; `None` if there is none.

    Args:
        name: The name of the entry point, which leads to a callable that takes `argument` and returns a `Voice`.
        argument: The text after the name and a colon; empty for none.

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
        raise VoiceError(
            _("the {name} voice of {origin} broke down: {error}").format(
                name=name, origin=_origin(point), error=f"{error!r}"
            )
        ) from error


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
