"""The process in which a neural, Pico or plug-in voice speaks, so that its crash does not end the program.

Answers `{"do": "open", "voice", "path"}` with the voice's version and origin, `{"do": "languages"}` and
`{"do": "render", "text", "language", "wpm", "pitch"}`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from timer_app.core.i18n import _
from timer_app.system.processes import Message, private_output, serve
from timer_app.tts import names
from timer_app.tts.plugins import open_plugin_voice
from timer_app.tts.voice import LanguageError, Voice, VoiceError


class VoiceHost:
    """Holds the one voice of the process."""

    def __init__(self) -> None:
        self._voice: Voice | None = None

    def handle(self, message: Message) -> Message:
        """Do what is asked; if the voice refuses or breaks down, reply with its own error message."""
        request = message.header
        try:
            return self._handle(request)
        except VoiceError as error:
            return Message({"error": str(error), "is_language": isinstance(error, LanguageError)})
        except Exception as error:  # noqa: BLE001 - a voice may come from anybody
            kind = names.split_name(request.get("voice", "") or getattr(self._voice, "name", ""))[0]
            return Message({"error": _("the {kind} voice broke down: {error}").format(kind=kind, error=repr(error))})

    def _handle(self, request: dict[str, Any]) -> Message:
        if request["do"] == "open":
            self._voice = _open_voice(request)
            return Message({"version": self._voice.version, "origin": getattr(self._voice, "origin", "")})
        if self._voice is None:
            raise VoiceError("no voice was opened")
        if request["do"] == "languages":
            return Message({"languages": [tuple(language) for language in self._voice.languages()]})
        return _render(self._voice, request)


def _open_voice(request: dict[str, Any]) -> Voice:
    # The program may have found the voice in a folder where a fresh interpreter does not look.
    sys.path[:] = request["path"]
    kind, argument = names.split_name(request["voice"])
    # Each engine is loaded only in the process that speaks with it.
    if kind == names.HIBARI:
        from timer_app.tts.hibari import HibariVoice

        return HibariVoice()
    if kind == names.PICO:
        from timer_app.tts.pico import PicoVoice

        return PicoVoice()
    if kind == names.PIPER:
        from timer_app.tts.piper import PiperVoice

        return PiperVoice(Path(argument))
    if kind == names.KOKORO:
        from timer_app.tts.kokoro import KokoroVoice

        return KokoroVoice(argument)
    if voice := open_plugin_voice(kind, argument):
        return voice
    raise VoiceError(_('the voice "{kind}" is not installed any more').format(kind=kind))


def _render(voice: Voice, request: dict[str, Any]) -> Message:
    speech = voice.render(request["text"], request["language"], request["wpm"], request["pitch"])
    return Message({"rate": speech.rate, "beat_ms": speech.beat_ms}, speech.samples.astype("<f4").tobytes())


if __name__ == "__main__":
    serve(sys.stdin.buffer, private_output(), VoiceHost().handle)
    os._exit(0)  # engines are known to crash on the way out
