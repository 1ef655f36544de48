"""The default voice: the bundled espeak-ng, which renders in memory.

The library is used through ctypes: one engine a process, one caller at a time. It needs a short path to its data.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import os
import re
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

import espeakng_loader
import numpy as np

from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH, usual_rate
from timer_app.core.wording.languages import best_match, unsupported_language_message
from timer_app.tts.pronunciation import speakable_text
from timer_app.tts.voice import Language, LanguageError, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech

# The library copies the path into a buffer of 160 bytes and appends to it; about 152 fit.
LONGEST_PATH = 140


class EspeakMissingError(Exception):
    """The bundled library or its data is missing; the message says which."""


def library_path() -> Path:
    """The bundled shared library.

    Raises:
        EspeakMissingError: It is missing.
    """
    path = Path(espeakng_loader.get_library_path())
    if not path.exists():
        raise EspeakMissingError(_("espeak-ng's library is missing at {path}").format(path=path))
    return path


@functools.cache
def data_path() -> bytes:
    """The folder of the bundled data as the library needs it: encoded, and short enough.

    Raises:
        EspeakMissingError: The data is missing, or no short path to it can be made.
    """
    try:
        real = Path(espeakng_loader.get_data_path())
    except RuntimeError as error:
        raise EspeakMissingError(_("espeak-ng's data is missing")) from error
    if not (real / "phontab").is_file():
        raise EspeakMissingError(_("espeak-ng's data is missing at {real}").format(real=real))
    short = encode_path(real)
    return short if short is not None else _make_short_path(real)


def encode_path(path: Path) -> bytes | None:
    """The path in a form that the library can open; `None` if it is too long or cannot be encoded."""
    # The library opens files by the 8-bit calls of the system, which on Windows do not take UTF-8.
    encoding = "mbcs" if sys.platform == "win32" else sys.getfilesystemencoding()
    with contextlib.suppress(UnicodeEncodeError):
        raw = os.fspath(path).encode(encoding, "strict" if sys.platform == "win32" else "surrogateescape")
        return raw if len(raw) <= LONGEST_PATH else None
    return None


def _make_short_path(real: Path) -> bytes:
    """A link to the data in a private temporary folder, which is deleted when the program ends."""
    folder = Path(tempfile.mkdtemp(prefix="timer-app-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    short = encode_path(folder / "espeak")
    if short is None:
        raise EspeakMissingError(_("the path of espeak-ng's data is too long: {real}").format(real=real))
    try:
        (folder / "espeak").symlink_to(real, target_is_directory=True)
    except (OSError, NotImplementedError):
        _copy(real, folder / "espeak")
    return short


def _copy(real: Path, target: Path) -> None:
    try:
        shutil.copytree(real, target)
    except OSError as error:
        raise EspeakMissingError(_("espeak-ng's data could not be copied: {error}").format(error=error)) from error


_SYNCHRONOUS = 2
_BUFFER_MS = 1_000
_DONT_EXIT = 0x8000  # otherwise missing data ends the whole program
_CHARACTERS = 1  # the unit of a start position
_UTF8 = 1  # no markup and no phoneme input: both are asked for by further bits
_RATE = 1
_PITCH = 3
_IPA = 2
_LANGUAGE_MARK = re.compile(r"\([a-z-]+\)")  # stands before and after words of another language

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class _VoiceStruct(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class EngineVoice(NamedTuple):
    """A voice of the library.

    Attributes:
        name: Such as `English (America)`.
        identifier: The name it is chosen by, such as `gmw/en-US`.
        codes: Language codes with a priority each; a lower one is a better fit.
    """

    name: str
    identifier: str
    codes: tuple[tuple[str, int], ...]


class EspeakEngine:
    """The library, ready to render; use `shared_engine()`, which makes the only one."""

    def __init__(self) -> None:
        self._library = _load()
        self._chunks: list[bytes] = []
        self._identifier = ""
        self._lock = threading.Lock()
        self._callback = _Callback(self._collect)  # a reference, or the library would call freed memory
        self.rate = self._initialise()
        self.version: str = self._library.espeak_Info(None).decode("ascii", "replace")
        self.voices = self._list_voices()

    def _initialise(self) -> int:
        rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data_path(), _DONT_EXIT))
        if rate <= 0:
            raise VoiceError(_("espeak-ng could not be started with its bundled data; install timer-app again"))
        self._library.espeak_SetSynthCallback(self._callback)
        return rate

    def _collect(self, samples: int | None, count: int, _events: int | None) -> int:
        # Called by the library: no exception may pass through it, so a failure stops the rendering.
        try:
            if samples and count > 0:
                self._chunks.append(ctypes.string_at(samples, 2 * count))
        except Exception:  # noqa: BLE001 - nothing may be raised into C
            return 1
        return 0

    def _list_voices(self) -> tuple[EngineVoice, ...]:
        found, listed, index = [], self._library.espeak_ListVoices(None), 0
        while listed[index]:
            found.append(_read_voice(listed[index].contents))
            index += 1
        return tuple(found)

    def render(self, text: str, identifier: str, wpm: int, pitch: int) -> bytes:
        """Speak `text` into native 16-bit samples.

        Raises:
            VoiceError: The library does not know the voice or refuses the text.
        """
        raw = text.encode("utf-8", "replace")
        with self._lock:
            self._choose(identifier)
            self._library.espeak_SetParameter(_RATE, wpm, 0)
            self._library.espeak_SetParameter(_PITCH, pitch, 0)
            self._chunks.clear()
            status = self._library.espeak_Synth(raw, len(raw) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
            pcm = b"".join(self._chunks)
            self._chunks.clear()
        if status != 0:
            raise VoiceError(_("espeak-ng could not speak a line (status {status})").format(status=status))
        return pcm

    def phonemes(self, text: str, identifier: str) -> str:
        """How `text` is pronounced, in the International Phonetic Alphabet with marks of stress, without punctuation.

        Raises:
            VoiceError: The library does not know the voice.
        """
        raw = ctypes.create_string_buffer(text.encode("utf-8", "replace"))
        rest, clauses = ctypes.c_void_p(ctypes.addressof(raw)), []
        with self._lock:
            self._choose(identifier)
            while rest.value:  # one clause at a time; the library moves it on
                clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA) or b"")
        said = " ".join(clause.decode("utf-8", "replace") for clause in clauses)
        return " ".join(_LANGUAGE_MARK.sub("", said).split())

    def _choose(self, identifier: str) -> None:
        if identifier == self._identifier:
            return
        self._identifier = ""
        status = self._library.espeak_SetVoiceByName(identifier.encode("utf-8"))
        if status != 0:
            raise VoiceError(
                _("espeak-ng could not load its voice {identifier} (status {status})").format(
                    identifier=identifier, status=status
                )
            )
        self._identifier = identifier


def _load() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(library_path()))
    except (EspeakMissingError, OSError) as error:
        raise VoiceError(_("espeak-ng could not be loaded: {error}").format(error=error)) from error
    c = ctypes
    library.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetParameter.argtypes = [c.c_int, c.c_int, c.c_int]
    library.espeak_SetVoiceByName.argtypes = [c.c_char_p]
    library.espeak_ListVoices.argtypes = [c.c_void_p]
    library.espeak_ListVoices.restype = c.POINTER(c.POINTER(_VoiceStruct))
    library.espeak_Info.argtypes = [c.c_void_p]
    library.espeak_Info.restype = c.c_char_p
    library.espeak_TextToPhonemes.argtypes = [c.POINTER(c.c_void_p), c.c_int, c.c_int]
    library.espeak_TextToPhonemes.restype = c.c_char_p
    library.espeak_Synth.argtypes = [
        *(c.c_char_p, c.c_size_t, c.c_uint, c.c_int, c.c_uint, c.c_uint),
        *(c.c_void_p, c.c_void_p),
    ]
    return library


def _read_voice(struct: _VoiceStruct) -> EngineVoice:
    codes, at = [], struct.languages
    while (priority := ctypes.string_at(at, 1)[0]) != 0:
        code = ctypes.string_at(at + 1)
        codes.append((code.decode("utf-8", "replace").lower(), priority))
        at += len(code) + 2
    return EngineVoice(struct.name.decode("utf-8", "replace").strip(), struct.identifier.decode(), tuple(codes))


_engines_lock = threading.Lock()
_engines: list[EspeakEngine] = []


def shared_engine() -> EspeakEngine:
    """The engine of this process, made on first use.

    Raises:
        VoiceError: The library or its data is missing, or does not start.
    """
    with _engines_lock:
        if not _engines:
            try:
                _engines.append(EspeakEngine())
            except EspeakMissingError as error:
                raise VoiceError(_("{error}; install timer-app again").format(error=error)) from error
        return _engines[0]


SLOWEST_WPM = 80
FASTEST_WPM = 450
HIGHEST_PITCH = 100
# What the engine calls 150 words a minute are measured as 172 in English and as 150 in German.
_ENGINE_RATE = 150


def espeak_rate(wpm: int, language: str) -> int:
    """The rate to ask espeak for, so that it speaks `wpm` words a minute."""
    return round(wpm * _ENGINE_RATE / usual_rate(language))


class EspeakVoice:
    """Speaks with the bundled espeak-ng; safe for any number of threads.

    Attributes:
        lines_at_once: The library speaks one line while the previous one is trimmed and levelled.

    Raises:
        VoiceError: The library or its data cannot be loaded.
    """

    name = "espeak"
    lines_at_once = 2

    def __init__(self) -> None:
        self._engine = shared_engine()
        self._by_code = best_by_code(self._engine.voices)

    @property
    def version(self) -> str:
        """The version of the library."""
        return self._engine.version

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:
        """Speak `text` at 22,050 Hz; a rate beyond what the engine can is clamped.

        Raises:
            VoiceError: It does not speak the language, or the library refuses the text.
        """
        code = best_match(language, self._by_code)
        if code is None:
            raise LanguageError(unsupported_language_message(self.name, language, self._by_code))
        words = speakable_text(text)
        if not words:
            return silence(self._engine.rate)
        pace = min(max(espeak_rate(wpm, language), SLOWEST_WPM), FASTEST_WPM)
        pcm = self._engine.render(words, self._by_code[code].identifier, pace, min(max(pitch, 0), HIGHEST_PITCH))
        samples = np.frombuffer(pcm, dtype=np.int16).astype(np.float32) / np.float32(32_768)
        return finish_speech(samples, self._engine.rate)

    def languages(self) -> list[Language]:
        """Every language code it knows, with the name of the voice that speaks it."""
        return [Language(code, voice.name) for code, voice in sorted(self._by_code.items())]

    def close(self) -> None:
        """Nothing to release: the library stays loaded until the process ends."""


def best_by_code(voices: tuple[EngineVoice, ...]) -> dict[str, EngineVoice]:
    """For each language code the voice that fits it best; of equal ones, the first listed."""
    best: dict[str, tuple[int, EngineVoice]] = {}
    for voice in voices:
        for code, priority in voice.codes:
            if code not in best or priority < best[code][0]:
                best[code] = (priority, voice)
    return {code: voice for code, (_, voice) in best.items()}
