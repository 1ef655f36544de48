"""Neural voices from the user's own files, through piper-tts, which is loaded only when such a voice is used."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np

from timer_app.core.diagnostics import FileFault, first_line
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH, usual_rate
from timer_app.core.wording.languages import best_match, normalise_code, unsupported_language_message
from timer_app.system import install_command
from timer_app.system.files import read_text
from timer_app.tts.names import PIPER, PIPER_ALLOWED
from timer_app.tts.pronunciation import neural_text
from timer_app.tts.voice import Language, LanguageError, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech

# Beyond these a voice garbles its words.
MAX_LENGTH_SCALE, MIN_LENGTH_SCALE = 2.5, 0.4


def require_piper() -> None:
    """Make sure that piper-tts is installed.

    Raises:
        VoiceError: It is not.
    """
    if importlib.util.find_spec("piper") is None:
        raise VoiceError(_("the piper voice needs piper-tts: {command}").format(command=install_command("piper")))


def describe_model(model: Path) -> tuple[str, tuple[str, ...]]:
    """The version and the language codes of a voice, from its description alone.

    Raises:
        VoiceError: One of its files is missing or damaged.
    """
    about = _description(model)
    try:
        return _version(model, about), tuple(_codes(about))
    except (KeyError, TypeError, OSError) as error:
        raise VoiceError(_("{model}.json does not describe a voice").format(model=model)) from error


class PiperVoice:
    """Speaks with the voice of one file, in that voice's language.

    Args:
        model: The `.onnx` file; its description lies beside it, with `.json` added to the name.

    Raises:
        VoiceError: piper-tts or one of the files is missing, or a file is damaged.
    """

    name = PIPER

    def __init__(self, model: Path) -> None:
        require_piper()
        model = model.expanduser()
        self._about = _description(model)
        self._piper = _loaded(model)
        self._codes = _codes(self._about)
        self._lock = threading.Lock()
        self.version = _version(model, self._about)

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:  # noqa: ARG002 - it has one pitch
        """Speak `text`; a rate that the voice cannot reach is clamped.

        Raises:
            VoiceError: The voice speaks another language.
        """
        if best_match(language, self._codes) is None:
            raise LanguageError(unsupported_language_message(self.name, language, self._codes))
        words = neural_text(text)
        if not words:
            return silence()
        with self._lock:
            chunks = list(self._piper.synthesize(words, self._config(wpm / usual_rate(language))))
        if not chunks:
            return silence()
        samples = np.concatenate([np.asarray(chunk.audio_float_array, dtype=np.float32).ravel() for chunk in chunks])
        return finish_speech(samples, int(chunks[0].sample_rate))

    def _config(self, speed: float) -> Any:
        from piper import SynthesisConfig

        usual = float(self._piper.config.length_scale)
        return SynthesisConfig(length_scale=usual * min(max(1 / speed, MIN_LENGTH_SCALE), MAX_LENGTH_SCALE))

    def languages(self) -> list[Language]:
        """The voice's language, under each of its codes."""
        named = self._about.get("language")
        name = str(named.get("name_english", "")) if isinstance(named, dict) else ""
        return [Language(code, name or code) for code in sorted(self._codes)]

    def close(self) -> None:
        """Nothing to release but memory."""


def _description(model: Path) -> dict[str, Any]:
    """The description beside the model."""
    if not model.is_file():
        raise VoiceError(
            _("there is no voice file {model}; write {allowed}").format(model=model, allowed=PIPER_ALLOWED)
        )
    path = Path(f"{model}.json")
    try:
        about = json.loads(read_text(path))
    except FileNotFoundError:
        raise VoiceError(
            _("the voice {model} needs its description, {path}, beside it").format(model=model.name, path=path.name)
        ) from None
    except FileFault as fault:
        raise VoiceError(first_line(fault)) from fault
    except (ValueError, RecursionError) as error:
        raise VoiceError(_("{path} cannot be read: {error}").format(path=path, error=error)) from error
    if not isinstance(about, dict):
        raise VoiceError(_("{path} does not describe a voice").format(path=path))
    return about


def _loaded(model: Path) -> Any:
    try:
        import piper

        return piper.PiperVoice.load(model)
    except Exception as error:  # the engine raises errors of its own for each kind of damage
        raise VoiceError(
            _("{model} is not a voice that piper can load: {error}").format(model=model, error=first_line(error))
        ) from error


def _codes(about: dict[str, Any]) -> list[str]:
    """The codes of the voice's language in the spelling of `normalise`; piper has seen that the first is there."""
    codes = [str(about["espeak"]["voice"])]
    named = about.get("language")
    if isinstance(named, dict) and named.get("code"):
        codes.append(str(named["code"]))
    return list(dict.fromkeys(map(normalise_code, codes)))


def _version(model: Path, about: dict[str, Any]) -> str:
    """Made of the program, the description and the model's size and time, as its contents take too long to read."""
    found = model.stat()
    content = json.dumps([about, str(model.resolve()), found.st_size, found.st_mtime_ns], sort_keys=True)
    return f"{importlib.metadata.version('piper-tts')}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
