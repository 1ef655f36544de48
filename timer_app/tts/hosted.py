"""A voice whose engine runs in a process of its own, so that a crash or a hang inside it cannot end the program."""

from __future__ import annotations

import base64
import sys
import threading
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.system.workers import WorkerGoneError, WorkerProcess, module_command
from timer_app.tts import names
from timer_app.tts.voice import Language, Speech, VoiceError

# Both a little shorter than those who wait for the voice are willing to.
OPEN_LIMIT_S: Final = 25.0
LINE_LIMIT_S: Final = 40.0
_LONGER_S: Final = 5.0


class IsolatedVoice:
    """Speaks through a process that is started for it.

    Args:
        voice: The voice as the user names it, such as `piper:anna.onnx`.
        command: What to run instead of the project's own process.
        limit_s: A line that takes longer means that the engine hangs.

    Attributes:
        name: Its name without what it is told.
        version: As the voice itself tells it.
        origin: The package that adds it, with its version; empty for a voice of the program.

    Raises:
        VoiceError: It does not open; the message is the voice's own, or tells how its process ended.
    """

    def __init__(self, voice: str, command: Sequence[str] = (), *, limit_s: float = LINE_LIMIT_S) -> None:
        self.name, _ = names.split_name(voice)
        self._limit_s = limit_s
        self._lock = threading.Lock()
        try:
            self._process = WorkerProcess(list(command) or module_command("timer_app.tts.hosted_process"))
        except WorkerGoneError as error:
            raise VoiceError(f"the {self.name} voice {error}") from error
        try:
            about = self._request(
                {"do": "open", "voice": voice, "path": [place for place in sys.path if place]}, OPEN_LIMIT_S
            )
            self.version, self.origin = str(about["version"]), str(about["origin"])
        except BaseException:
            self._process.stop()
            raise

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text`; one line at a time, whatever thread asks.

        Raises:
            VoiceError: The voice refuses or broke down, or its process crashed or hung and has been ended.
        """
        told = {"do": "render", "text": text, "language": language, "wpm": wpm, "pitch": pitch}
        answer = self._request(told, self._limit_s)
        samples = np.frombuffer(base64.b64decode(answer["samples"]), "<f4").astype(np.float32)
        return Speech(samples, int(answer["rate"]), int(answer["beat_ms"]))

    def languages(self) -> list[Language]:
        """What it says that it speaks."""
        answer = self._request({"do": "languages"}, self._limit_s)
        return [Language(str(code), str(name)) for code, name in answer["languages"]]

    def close(self) -> None:
        """End the process, in the middle of a line if need be."""
        self._process.stop()

    def _request(self, message: dict[str, object], limit_s: float) -> dict[str, Any]:
        try:
            with self._lock:
                answer = self._process.request({**message, "limit_s": limit_s + _LONGER_S}, limit_s)
        except WorkerGoneError as error:
            raise VoiceError(f"the {self.name} voice {error}") from error
        if "error" in answer:
            raise VoiceError(str(answer["error"]))
        return answer
