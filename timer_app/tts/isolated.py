"""A voice whose engine runs in a separate process, so that its crashes and hangs cannot end the program."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.system.processes import ChildProcess, Message, ProcessGoneError, ProcessHungError, module_command
from timer_app.tts import names
from timer_app.tts.voice import Language, LanguageError, Speech, VoiceError, VoiceGoneError

# Both a little shorter than the callers' own limits.
OPEN_LIMIT_S: Final = 25.0
LINE_LIMIT_S: Final = 40.0


class IsolatedVoice:
    """Speaks through a process started for it.

    Args:
        voice: The voice as the user names it, such as `piper:anna.onnx`.
        command: What to run instead of the project's own process.
        limit_s: An engine that takes longer over a line counts as hanging.
        open_s: The same for opening.

    Attributes:
        name: Its name without the argument.
        version: As the voice itself reports it.
        origin: The package that adds it, with its version; empty for a built-in voice.

    Raises:
        VoiceError: It does not open; the message is the voice's own, or says how its process ended.
    """

    def __init__(
        self, voice: str, command: Sequence[str] = (), *, limit_s: float = LINE_LIMIT_S, open_s: float = OPEN_LIMIT_S
    ) -> None:
        self.name, _argument = names.split_name(voice)
        self._limit_s = limit_s
        try:
            self._process = ChildProcess(command or module_command("timer_app.tts.isolated_process"), silent=True)
        except OSError as error:
            raise VoiceError(
                _("the {name} voice could not be started: {error}").format(name=self.name, error=error)
            ) from error
        try:
            path = [folder for folder in sys.path if folder]
            about = self._ask({"do": "open", "voice": voice, "path": path}, open_s).header
            self.version, self.origin = str(about["version"]), str(about["origin"])
        except BaseException:
            self._process.kill()
            raise

    @property
    def process_id(self) -> int:
        """The process in which it speaks."""
        return self._process.pid

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text`; one line at a time, from any thread.

        Raises:
            VoiceError: The voice refuses or broke down.
            VoiceGoneError: Its process crashed or hung, and has been ended.
        """
        request = {"do": "render", "text": text, "language": language, "wpm": wpm, "pitch": pitch}
        about, samples = self._ask(request, self._limit_s)
        return Speech(np.frombuffer(samples, "<f4").astype(np.float32), int(about["rate"]), int(about["beat_ms"]))

    def languages(self) -> list[Language]:
        """What it says that it speaks."""
        answer = self._ask({"do": "languages"}, self._limit_s)
        return [Language(str(code), str(name)) for code, name in answer.header["languages"]]

    def close(self) -> None:
        """End the process, in the middle of a line if need be."""
        self._process.kill()

    def _ask(self, request: dict[str, Any], limit_s: float) -> Message:
        try:
            answer = self._process.ask(request, limit_s)
        except ProcessGoneError as error:
            hung = isinstance(error, ProcessHungError)
            raise VoiceGoneError(
                _("the {name} voice {error}").format(name=self.name, error=error), hung=hung
            ) from error
        if "error" in answer.header:
            kind = LanguageError if answer.header.get("is_language") else VoiceError
            raise kind(str(answer.header["error"]))
        return answer
