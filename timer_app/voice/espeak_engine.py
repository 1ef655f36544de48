"""The espeak-ng library through ctypes: one engine a process, one caller at a time."""

from __future__ import annotations

import ctypes
import threading
from typing import NamedTuple

from timer_app.voice.base import VoiceError
from timer_app.voice.espeak_data import EspeakMissingError, data_path, library_path

_SYNCHRONOUS = 2
_BUFFER_MS = 1_000
_DONT_EXIT = 0x8000  # otherwise missing data ends the whole program
_CHARACTERS = 1  # the unit of a start position
_UTF8 = 1  # no markup and no phoneme input: both are asked for by further bits
_RATE = 1
_PITCH = 3

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
        identifier: What it is chosen by, such as `gmw/en-US`.
        codes: Language codes with a priority each; a lower one is a better fit.
    """

    name: str
    identifier: str
    codes: tuple[tuple[str, int], ...]


class Engine:
    """The library, ready to render; all use goes through `engine()`, which makes the only one."""

    def __init__(self) -> None:
        self._library = _load()
        self._chunks: list[bytes] = []
        self._identifier = ""
        self._lock = threading.Lock()
        self._callback = _Callback(self._collect)  # kept here, or the library would call freed memory
        self.rate = self._initialise()
        self.version: str = self._library.espeak_Info(None).decode("ascii", "replace")
        self.voices = self._list_voices()

    def _initialise(self) -> int:
        rate = int(self._library.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data_path(), _DONT_EXIT))
        if rate <= 0:
            raise VoiceError("espeak-ng could not be started with its bundled data; install timer-app again")
        self._library.espeak_SetSynthCallback(self._callback)
        return rate

    def _collect(self, samples: int | None, count: int, _events: int | None) -> int:
        # Called by the library: an exception must not pass through it, so a failure stops the rendering.
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
            raise VoiceError(f"espeak-ng could not speak a line (status {status})")
        return pcm

    def _choose(self, identifier: str) -> None:
        if identifier == self._identifier:
            return
        self._identifier = ""
        status = self._library.espeak_SetVoiceByName(identifier.encode("utf-8"))
        if status != 0:
            raise VoiceError(f"espeak-ng could not load its voice {identifier} (status {status})")
        self._identifier = identifier


def _load() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(library_path()))
    except (EspeakMissingError, OSError) as error:
        raise VoiceError(f"espeak-ng could not be loaded: {error}") from error
    c = ctypes
    library.espeak_Initialize.argtypes = [c.c_int, c.c_int, c.c_char_p, c.c_int]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetParameter.argtypes = [c.c_int, c.c_int, c.c_int]
    library.espeak_SetVoiceByName.argtypes = [c.c_char_p]
    library.espeak_ListVoices.argtypes = [c.c_void_p]
    library.espeak_ListVoices.restype = c.POINTER(c.POINTER(_VoiceStruct))
    library.espeak_Info.argtypes = [c.c_void_p]
    library.espeak_Info.restype = c.c_char_p
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


_making = threading.Lock()
_made: list[Engine] = []


def engine() -> Engine:
    """The engine of this process, made on first use.

    Raises:
        VoiceError: The library or its data is not there, or does not start.
    """
    with _making:
        if not _made:
            try:
                _made.append(Engine())
            except EspeakMissingError as error:
                raise VoiceError(f"{error}; install timer-app again") from error
        return _made[0]
