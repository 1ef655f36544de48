"""The voice of the operating system, through pyttsx3 in a process of its own."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import re
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timer_app.core.text.languages import base, best_match, normalise, not_spoken
from timer_app.core.timeline.utterance import MIDDLE_PITCH
from timer_app.system.lazy import install_command
from timer_app.system.workers import WorkerGoneError, WorkerProcess, module_command
from timer_app.voice.base import Language, Speech, VoiceError, silence
from timer_app.voice.plain_text import plain_text
from timer_app.voice.shape import shape
from timer_app.voice.sound_file import UnreadableError, read_sound

LINE_LIMIT_S = 20.0
# Engines also name codes they do not know, in words.
_CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]+)*")


def require_pyttsx3() -> None:
    """Make sure that pyttsx3 is installed.

    Raises:
        VoiceError: It is not.
    """
    if importlib.util.find_spec("pyttsx3") is None:
        raise VoiceError(f"the system voice needs pyttsx3: {install_command('system-voice')}")


class SystemVoice:
    """Speaks with whatever the operating system offers.

    Args:
        command: What to run instead of the project's own worker.
        limit_s: A line that takes longer means that the engine hangs.

    Raises:
        VoiceError: The engine does not start or offers no voice.
    """

    name = "system"

    def __init__(self, command: Sequence[str] = (), *, limit_s: float = LINE_LIMIT_S) -> None:
        self._command = list(command) or module_command("timer_app.voice.system_worker")
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._closed = False
        self._lines_done = 0
        self._one_line_each = False
        self._folder = tempfile.TemporaryDirectory(prefix="timer-app-", ignore_cleanup_errors=True)
        try:
            self._worker = WorkerProcess(self._command)
            self._about = self._ask({"do": "voices"})
            self._by_code = _by_code(self._about)
        except (WorkerGoneError, VoiceError, KeyError, TypeError) as error:
            self.close()
            raise VoiceError(f"the system voice does not start: {error}") from error

    @property
    def version(self) -> str:
        """The versions of pyttsx3 and of what the system offers."""
        offered = hashlib.sha256(json.dumps(self._about, sort_keys=True).encode("ascii")).hexdigest()[:12]
        return f"{self._about.get('version', '')}-{self._about.get('driver', '')}-{offered}"

    def render(self, text: str, language: str, wpm: int, pitch: int = MIDDLE_PITCH) -> Speech:
        """Speak `text`; one line at a time, whatever thread asks. Of its engines only espeak has a pitch to set.

        Raises:
            VoiceError: No voice of the system speaks the language, or the engine hung, crashed or wrote nothing.
        """
        voice = self._choose(language)
        words = plain_text(text)
        if not words:
            return silence()
        with self._lock:
            return self._render({"do": "render", "text": words, "voice": voice, "wpm": wpm, "pitch": pitch})

    def languages(self) -> list[Language]:
        """The codes the system's voices name, each with the voice that is taken for it."""
        names = {voice["id"]: str(voice["name"]) for voice in self._about["voices"]}
        return [Language(code, names.get(voice, voice)) for code, voice in sorted(self._by_code.items())]

    def close(self) -> None:
        """Stop the engine, in the middle of a line if need be."""
        self._closed = True
        worker = getattr(self, "_worker", None)
        if worker is not None:
            worker.stop()
        self._folder.cleanup()

    def _choose(self, language: str) -> str:
        """The id of a voice for `language`; empty for the system's own choice, where no voice tells its language."""
        if not self._by_code:
            return ""
        own = next((code for code, voice in self._by_code.items() if voice == self._about["default"]), "")
        if base(own) == normalise(language):
            return self._by_code[own]
        code = best_match(language, self._by_code)
        if code is None:
            raise VoiceError(not_spoken(self.name, language, self._by_code))
        return self._by_code[code]

    def _render(self, message: dict[str, object]) -> Speech:
        if self._one_line_each and self._lines_done:
            self._restart()
        try:
            return self._try(message)
        except WorkerGoneError as first:
            if self._closed or not self._lines_done:
                raise VoiceError(f"the system voice {first}") from first
        return self._once_more(message)

    def _once_more(self, message: dict[str, object]) -> Speech:
        # Some engines manage one line a process and hang on the next: a new process tells them from broken ones.
        self._restart()
        try:
            speech = self._try(message)
        except WorkerGoneError as error:
            raise VoiceError(f"the system voice {error}") from error
        self._one_line_each = True
        return speech

    def _try(self, message: dict[str, object]) -> Speech:
        path = Path(self._folder.name) / _file_name(str(self._about["driver"]))
        try:
            self._ask({**message, "path": str(path)})
            speech = shape(*read_sound(path))
        except (UnreadableError, VoiceError) as error:
            raise WorkerGoneError(f"wrote no proper sound: {error}") from error
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if not speech.length_ms and _has_words(message["text"]):
            raise WorkerGoneError("wrote a file of silence")
        self._lines_done += 1
        return speech

    def _ask(self, message: dict[str, object]) -> dict[str, Any]:
        # The worker ends itself a little later than it is given up, should this process be gone by then.
        answer = self._worker.ask({**message, "limit_s": self._limit_s + 5}, self._limit_s)
        if "error" in answer:
            raise VoiceError(str(answer["error"]))
        return answer

    def _restart(self) -> None:
        self._worker.stop()
        self._lines_done = 0
        try:
            self._worker = WorkerProcess(self._command)
        except WorkerGoneError as error:
            raise VoiceError(f"the system voice {error}") from error
        if self._closed:
            self._worker.stop()


def _file_name(driver: str) -> str:
    """The name says the kind of file that the engine writes: macOS knows AIFF alone."""
    return "line.aiff" if driver == "nsss" else "line.wav"


def _has_words(text: object) -> bool:
    """Whether there is more to say than marks, for which silence is right."""
    return any(character.isalnum() for character in str(text))


def _by_code(about: dict[str, Any]) -> dict[str, str]:
    """The voice for each language code; the system's default voice before others of the same code."""
    table: dict[str, str] = {}
    for voice in about["voices"]:
        for code in map(normalise, voice["languages"]):
            if _CODE.fullmatch(code) and (code not in table or voice["id"] == about["default"]):
                table[code] = voice["id"]
    if not about["voices"]:
        raise VoiceError("the system offers no voice")
    return table
