"""The voice of the operating system, through pyttsx3 in a separate process.

The voices of operating systems write WAV or AIFF files, which are read here.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import re
import struct
import tempfile
import threading
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH
from timer_app.core.wording.languages import base_code, best_match, normalise_code, unsupported_language_message
from timer_app.system import install_command
from timer_app.system.processes import ChildProcess, ProcessGoneError, module_command
from timer_app.tts.espeak import espeak_rate
from timer_app.tts.pronunciation import speakable_text
from timer_app.tts.voice import Language, LanguageError, Samples, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech, from_pcm

_SAMPLE_BYTES = 2
_FORM_BYTES = 12
_CHUNK_BYTES = 8
_RATE_AT = 8
_EXPONENT_BIAS = 16_383 + 63
_LITTLE_ENDIAN = b"sowt"
_BIG_ENDIAN = (b"NONE", b"twos")


class UnreadableError(Exception):
    """The file is not a 16-bit sound file; the message says what is wrong with it."""


def read_sound(path: Path) -> tuple[Samples, int]:
    """The samples of a 16-bit WAV or AIFF file, channels mixed to one, and their rate in Hz.

    Raises:
        UnreadableError: It is missing, damaged, or in another format.
    """
    try:
        with path.open("rb") as file:
            kind = file.read(4)
        pcm, channels, rate = _read_aiff(path.read_bytes()) if kind == b"FORM" else _read_wav(path)
        whole = len(pcm) - len(pcm) % (_SAMPLE_BYTES * channels)
        mixed = from_pcm(pcm[:whole]).reshape(-1, channels).mean(axis=1, dtype=np.float32)
    except (OSError, EOFError, wave.Error, struct.error, ValueError, OverflowError) as error:
        raise UnreadableError(str(error) or _("it ends too soon")) from error
    return mixed, rate


def _read_wav(path: Path) -> tuple[bytes, int, int]:
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != _SAMPLE_BYTES or file.getframerate() == 0:
            raise UnreadableError(_("its samples are not of 16 bits"))
        return file.readframes(file.getnframes()), file.getnchannels(), file.getframerate()


def _read_aiff(raw: bytes) -> tuple[bytes, int, int]:
    """Samples as little-endian bytes, channels, rate. Python has no reader for AIFF from 3.13 on."""
    chunks = _chunks(raw)
    common, sound = chunks.get(b"COMM", b""), chunks.get(b"SSND", b"")
    channels, _frames, bits = struct.unpack_from(">hIh", common)
    rate = _extended(common[_RATE_AT:])
    coding = common[18:22] or b"NONE"
    if bits != 8 * _SAMPLE_BYTES or channels < 1 or rate < 1 or coding not in (*_BIG_ENDIAN, _LITTLE_ENDIAN):
        raise UnreadableError(_("its samples are not plain ones of 16 bits"))
    offset = struct.unpack_from(">I", sound)[0]
    pcm = sound[_CHUNK_BYTES + offset :]
    if coding != _LITTLE_ENDIAN:
        pcm = np.frombuffer(pcm[: len(pcm) // 2 * 2], dtype=">i2").astype("<i2").tobytes()
    return pcm, channels, rate


def _chunks(raw: bytes) -> dict[bytes, bytes]:
    found, at = {}, _FORM_BYTES
    while at + _CHUNK_BYTES <= len(raw):
        name, size = struct.unpack_from(">4sI", raw, at)
        found[name] = raw[at + _CHUNK_BYTES : at + _CHUNK_BYTES + size]
        at += _CHUNK_BYTES + size + size % 2
    return found


def _extended(raw: bytes) -> int:
    """A rate in the format of AIFF, a float of 80 bits."""
    exponent, mantissa = struct.unpack_from(">HQ", raw)
    return round(float(mantissa) * 2.0 ** (int(exponent) - _EXPONENT_BIAS))


LINE_LIMIT_S = 20.0
# Some engines give words in place of a code that they do not know.
_CODE = re.compile(r"[a-z]{2,8}(-[a-z0-9]+)*")


def require_pyttsx3() -> None:
    """Make sure that pyttsx3 is installed.

    Raises:
        VoiceError: It is not.
    """
    if importlib.util.find_spec("pyttsx3") is None:
        raise VoiceError(_("the system voice needs pyttsx3: {command}").format(command=install_command("system-voice")))


class SystemVoice:
    """Speaks with whatever the operating system offers.

    Args:
        command: What to run instead of the project's own process.
        limit_s: A line that takes longer means that the engine hangs.

    Raises:
        VoiceError: The engine does not start or offers no voice.
    """

    name = "system"

    def __init__(self, command: Sequence[str] = (), *, limit_s: float = LINE_LIMIT_S) -> None:
        self._command = list(command) or module_command("timer_app.tts.system_process")
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._closed = False
        self._lines_done = 0
        self._is_one_line_engine = False
        self._folder = tempfile.TemporaryDirectory(prefix="timer-app-", ignore_cleanup_errors=True)
        try:
            self._process = self._start()
            self._about = self._request({"do": "voices"})
            self._by_code = _voices_by_code(self._about)
        except (ProcessGoneError, VoiceError, KeyError, TypeError) as error:
            self.close()
            raise VoiceError(_("the system voice does not start: {error}").format(error=error)) from error

    @property
    def version(self) -> str:
        """The versions of pyttsx3 and of what the system offers."""
        offered = hashlib.sha256(json.dumps(self._about, sort_keys=True).encode("ascii")).hexdigest()[:12]
        return f"{self._about.get('version', '')}-{self._about.get('driver', '')}-{offered}"

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text`; one line at a time, from any thread. Only the espeak engine has an adjustable pitch.

        Raises:
            VoiceError: No voice of the system speaks the language, or the engine hung, crashed or wrote nothing.
        """
        voice = self._choose(language)
        words = speakable_text(text)
        if not words:
            return silence()
        # The rates of the voices of macOS and Windows are true words a minute already.
        rate = espeak_rate(wpm, language) if self._about.get("driver") == "espeak" else wpm
        with self._lock:
            return self._render({"do": "render", "text": words, "voice": voice, "wpm": rate, "pitch": pitch})

    def languages(self) -> list[Language]:
        """The codes that the system's voices name, each with the voice used for it."""
        names = {voice["id"]: str(voice["name"]) for voice in self._about["voices"]}
        return [Language(code, names.get(voice, voice)) for code, voice in sorted(self._by_code.items())]

    def close(self) -> None:
        """Stop the engine, even in the middle of a line."""
        self._closed = True
        if process := getattr(self, "_process", None):
            process.kill()
        self._folder.cleanup()

    def _choose(self, language: str) -> str:
        """The id of a voice for `language`; empty for the system's default if no voice names its language."""
        if not self._by_code:
            return ""
        own = next((code for code, voice in self._by_code.items() if voice == self._about["default"]), "")
        if base_code(own) == normalise_code(language):
            return self._by_code[own]
        code = best_match(language, self._by_code)
        if code is None:
            raise LanguageError(unsupported_language_message(self.name, language, self._by_code))
        return self._by_code[code]

    def _render(self, message: dict[str, object]) -> Speech:
        if self._is_one_line_engine and self._lines_done:
            self._restart()
        try:
            return self._render_once(message)
        except ProcessGoneError as first:
            if self._closed or not self._lines_done:
                raise VoiceError(_("the system voice {trouble}").format(trouble=first)) from first
        return self._retry_in_new_process(message)

    def _retry_in_new_process(self, message: dict[str, object]) -> Speech:
        # Some engines manage one line a process and hang on the next: a new process shows whether this is one of them.
        self._restart()
        try:
            speech = self._render_once(message)
        except ProcessGoneError as error:
            raise VoiceError(_("the system voice {trouble}").format(trouble=error)) from error
        self._is_one_line_engine = True
        return speech

    def _render_once(self, message: dict[str, object]) -> Speech:
        path = Path(self._folder.name) / _file_name(str(self._about["driver"]))
        try:
            self._request({**message, "path": str(path)})
            speech = finish_speech(*read_sound(path))
        except (UnreadableError, VoiceError) as error:
            raise ProcessGoneError(_("wrote no proper sound: {error}").format(error=error)) from error
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if not speech.length_ms and _has_words(message["text"]):
            raise ProcessGoneError(_("wrote a file of silence"))
        self._lines_done += 1
        return speech

    def _request(self, message: dict[str, object]) -> dict[str, Any]:
        answer = self._process.ask(message, self._limit_s).header
        if "error" in answer:
            raise VoiceError(str(answer["error"]))
        return answer

    def _restart(self) -> None:
        self._process.kill()
        self._lines_done = 0
        try:
            self._process = self._start()
        except ProcessGoneError as error:
            raise VoiceError(_("the system voice {trouble}").format(trouble=error)) from error
        if self._closed:
            self._process.kill()

    def _start(self) -> ChildProcess:
        try:
            return ChildProcess(self._command, silent=True)
        except OSError as error:
            raise ProcessGoneError(_("could not be started: {error}").format(error=error)) from error


def _file_name(driver: str) -> str:
    """A name with the ending of the format that the engine writes: on macOS only AIFF."""
    return "line.aiff" if driver == "nsss" else "line.wav"


def _has_words(text: object) -> bool:
    """Whether there is more than punctuation, for which silence is right."""
    return any(character.isalnum() for character in str(text))


def _voices_by_code(about: dict[str, Any]) -> dict[str, str]:
    """The voice for each language code; the system's default voice before others of the same code."""
    table: dict[str, str] = {}
    for voice in about["voices"]:
        for code in map(normalise_code, voice["languages"]):
            if _CODE.fullmatch(code) and (code not in table or voice["id"] == about["default"]):
                table[code] = voice["id"]
    if not about["voices"]:
        raise VoiceError(_("the system offers no voice"))
    return table
