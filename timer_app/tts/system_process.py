"""The process in which pyttsx3 runs, so that its output, hangs and crashes do not harm the app.

It replies to `{"do": "voices"}` and `{"do": "render", "text", "voice", "wpm", "pitch", "path"}`.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.metadata
import os
import sys
import threading
import wave
from pathlib import Path
from typing import Any

from timer_app.system.processes import Message, private_output, serve

_FINISH_S = 10.0
_ESPEAK = "espeak"
_RATE = 1
_MIDDLE_PITCH = 50
_CURRENT = 1
_TRIES = 3


def _start_engine() -> Any:
    engine = _load_engine()
    if engine.driver_name == _ESPEAK:
        # Before its first run pyttsx3 holds settings back, and then passes them on together with the text.
        engine.runAndWait()
    return engine


def _load_engine() -> Any:
    import pyttsx3

    try:
        return pyttsx3.init()
    except Exception:
        if sys.platform.startswith("linux"):
            # No espeak on this system: load the bundled one, which pyttsx3 then finds by its name. This
            # import loads numpy, which slows every other start of the process.
            from timer_app.tts.espeak import EspeakMissingError, data_path, library_path

            with contextlib.suppress(EspeakMissingError):
                os.environ["ESPEAK_DATA_PATH"] = os.fsdecode(data_path())
                ctypes.CDLL(str(library_path()))
            return pyttsx3.init()
        raise


def _codes(voice: Any) -> list[str]:
    codes = [c.decode("utf-8", "replace") if isinstance(c, bytes) else str(c) for c in voice.languages or [] if c]
    return ["".join(letter for letter in code if letter.isprintable()) for code in codes]


def _voices(engine: Any) -> dict[str, Any]:
    listed = [{"id": str(v.id), "name": str(v.name), "languages": _codes(v)} for v in engine.getProperty("voices")]
    return {
        "driver": engine.driver_name,
        "version": importlib.metadata.version("pyttsx3"),
        "default": str(engine.getProperty("voice") or ""),
        "voices": listed,
    }


def _apply_settings(engine: Any, voice: str, wpm: int, pitch: int = _MIDDLE_PITCH) -> None:
    """Choose voice, rate and pitch, and make sure that they apply before a text is passed on.

    espeak applies settings in another thread: a text that follows at once is sometimes spoken at the previous rate, or
    not at all, without an error.
    """
    if voice:
        engine.setProperty("voice", voice)
    engine.setProperty("rate", wpm)
    if engine.driver_name != _ESPEAK:
        return
    engine.setProperty("pitch", pitch)
    library = importlib.import_module("pyttsx3.drivers._espeak").dll
    library.espeak_Synchronize()
    # Asked of the library itself: pyttsx3 leaves out the argument that tells the current rate from the default one.
    if library.espeak_GetParameter(_RATE, _CURRENT) != wpm or (voice and engine.getProperty("voice") != voice):
        raise RuntimeError("the engine did not take its settings")


def _render(engine: Any, message: dict[str, Any]) -> dict[str, Any]:
    for _ in range(_TRIES):
        written = _write_line(engine, message)
        if not written or not _is_silent(engine, message["path"]):
            break
    return {"written": written}


def _is_silent(engine: Any, path: str) -> bool:
    # On a busy machine espeak's thread sometimes ends a line before it began, and the file holds nothing but a header.
    if engine.driver_name != _ESPEAK:
        return False
    with contextlib.suppress(wave.Error, EOFError, OSError), wave.open(path, "rb") as file:
        return not any(file.readframes(file.getnframes()))
    return True


def _write_line(engine: Any, message: dict[str, Any]) -> bool:
    """Write one line to a file, the only one of its run: of several saves all but the last are lost."""
    _apply_settings(engine, message["voice"], message["wpm"], message["pitch"])
    finished = threading.Event()
    token = engine.connect("finished-utterance", lambda **_: finished.set())
    engine.save_to_file(message["text"], message["path"])
    engine.runAndWait()
    # Windows writes the file before the run returns and tells nothing; elsewhere a thread is still at it.
    if sys.platform != "win32":
        finished.wait(_FINISH_S)
    engine.disconnect(token)
    return Path(message["path"]).exists()


class _EngineHost:
    """The engine, started by the first message."""

    def __init__(self) -> None:
        self._engine: Any = None

    def handle(self, message: Message) -> Message:
        self._engine = self._engine or _start_engine()
        header = message.header
        return Message(_voices(self._engine) if header["do"] == "voices" else _render(self._engine, header))


if __name__ == "__main__":
    serve(sys.stdin.buffer, private_output(), _EngineHost().handle)
    os._exit(0)  # engines are known to crash on the way out
