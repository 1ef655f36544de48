"""The process in which a neural or an added voice speaks: one that crashes there does not end the program.

Answers `{"do": "open", "voice", "path"}` with the voice's version and origin, `{"do": "languages"}` and
`{"do": "render", "text", "language", "wpm", "pitch"}`.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any

from timer_app.system.workers import serve
from timer_app.tts import names
from timer_app.tts.piper import PiperVoice
from timer_app.tts.plugins import open_plugin_voice
from timer_app.tts.voice import Voice, VoiceError


class VoiceHost:
    """Holds the one voice of the process."""

    def __init__(self) -> None:
        self._voice: Voice | None = None

    def handle(self, message: dict[str, Any]) -> dict[str, Any]:
        """Do what is asked; what the voice refuses or breaks down over is told in its own words."""
        try:
            return self._handle(message)
        except VoiceError as error:
            return {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - a voice may come from anybody
            kind, _ = names.split_name(message.get("voice", "") or getattr(self._voice, "name", ""))
            return {"error": f"the {kind} voice broke down: {error!r}"}

    def _handle(self, message: dict[str, Any]) -> dict[str, Any]:
        if message["do"] == "open":
            self._voice = _open_voice(message)
            return {"version": self._voice.version, "origin": getattr(self._voice, "origin", "")}
        if self._voice is None:
            raise VoiceError("no voice was opened")
        if message["do"] == "languages":
            return {"languages": [tuple(language) for language in self._voice.languages()]}
        return _render(self._voice, message)


def _open_voice(message: dict[str, Any]) -> Voice:
    # The program may have found the voice in a place that a fresh interpreter does not look at.
    sys.path[:] = message["path"]
    kind, told = names.split_name(message["voice"])
    voice = PiperVoice(Path(told)) if kind == names.PIPER else open_plugin_voice(kind, told)
    if voice is None:
        raise VoiceError(f'the voice "{kind}" is not installed any more')
    return voice


def _render(voice: Voice, message: dict[str, Any]) -> dict[str, Any]:
    speech = voice.render(message["text"], message["language"], message["wpm"], message["pitch"])
    samples = base64.b64encode(speech.samples.astype("<f4").tobytes()).decode("ascii")
    return {"samples": samples, "rate": speech.rate, "beat_ms": speech.beat_ms}


if __name__ == "__main__":
    serve(VoiceHost().handle)
