"""Kokoro, a neural voice for several languages from the user's own files, through kokoro-onnx.

kokoro-onnx is loaded only when such a voice is used. The phonemes come from the bundled espeak-ng: the phonemizer that
kokoro-onnx brings reads "2.5" as two sentences, and leaves a copy of the library behind for each process.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import importlib.metadata
import importlib.util
import json
import re
import zipfile
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from timer_app.core.diagnostics import first_line
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_PITCH, usual_rate
from timer_app.core.wording.languages import base_code, best_match, unsupported_language_message
from timer_app.system import install_command
from timer_app.tts.espeak import best_by_code, shared_engine
from timer_app.tts.names import KOKORO, KOKORO_ALLOWED, split_kokoro
from timer_app.tts.pronunciation import neural_text
from timer_app.tts.voice import Language, LanguageError, Samples, Speech, VoiceError, silence
from timer_app.tts.waveform import finish_speech

DISTRIBUTION: Final = "kokoro-onnx"
VOICES_GLOB: Final = "voices*.bin"
_RATE: Final = 24_000
# Raised when the same text would sound different for a reason that lies here.
_MANNER_VERSION = 1
# The limits of the package.
_MIN_SPEED, _MAX_SPEED = 0.5, 2.0
_STYLE_AXES = 3  # phonemes of the line, one, values


class _LanguageVoices(NamedTuple):
    """The voices of a language.

    Attributes:
        initials: The first letters of their names, the nearest variety of the language first.
        name: The language's name.
    """

    initials: str
    name: str


_LANGUAGES: Final = MappingProxyType(
    {
        "en": _LanguageVoices("ab", "English"),
        "en-gb": _LanguageVoices("ba", "English (Great Britain)"),
        "en-us": _LanguageVoices("ab", "English (America)"),
        "es": _LanguageVoices("e", "Spanish"),
        "fr": _LanguageVoices("f", "French"),
        "it": _LanguageVoices("i", "Italian"),
        "pt-br": _LanguageVoices("p", "Portuguese (Brazil)"),
    }
)
# espeak's code for the phonemes that voices with this first letter learned. Japanese and Mandarin ones are missing, as
# espeak spells Japanese characters out, and marks tones in a way that Kokoro does not know; Hindi is not measured.
_PHONEMES: Final = MappingProxyType({"a": "en-us", "b": "en-gb", "e": "es", "f": "fr-fr", "i": "it", "p": "pt-br"})
# The best English ones by the grades of Kokoro's authors; in other languages the first by name speaks.
_PREFERRED: Final = ("af_heart", "bf_emma")
_VOICE_NAME = re.compile(r"[abefip][fm](?:_|$)")  # language, then female or male
_MARKS = re.compile(r"([;:,.!?—…]+)(?=\s|$)")


def require_kokoro() -> None:
    """Make sure that kokoro-onnx is installed.

    Raises:
        VoiceError: It is not.
    """
    if importlib.util.find_spec("kokoro_onnx") is None:
        raise VoiceError(
            _("the kokoro voice needs {package}, for Python 3.13 or earlier: {command}").format(
                package=DISTRIBUTION, command=install_command("kokoro")
            )
        )


def find_voices(model: Path) -> Path:
    """The file of voices that belongs to a model and lies beside it.

    `voices-v1.0.bin` belongs to `kokoro-v1.0.onnx` and `kokoro-v1.0.int8.onnx`; a model of another name takes the only
    one there is.

    Raises:
        VoiceError: There is none, or it is not clear which.
    """
    found = sorted(model.parent.glob(VOICES_GLOB))
    release = model.stem.removeprefix("kokoro")
    matching = [path for path in found if release.startswith(path.stem.removeprefix("voices"))]
    if matching:
        return max(matching, key=lambda path: len(path.stem))
    if len(found) == 1:
        return found[0]
    wanted = f"voices{release}.bin" if model.stem.startswith("kokoro") else "voices.bin"
    if found:
        names = ", ".join(path.name for path in found)
        raise VoiceError(
            _("it is not clear which voices belong to {model}: {names}; call them {wanted}").format(
                model=model.name, names=names, wanted=wanted
            )
        )
    raise VoiceError(
        _("the model {model} needs its voices, a file such as {wanted}, beside it in {parent}").format(
            model=model.name, wanted=wanted, parent=model.parent
        )
    )


class KokoroVoice:
    """Speaks each language with one of the voices of a model.

    Args:
        argument: The `.onnx` file, with its voices beside it; after a `#`, which of them speaks its language.

    Raises:
        VoiceError: kokoro-onnx or one of the files is missing, a file is damaged, or there is no voice of that name.
    """

    name = KOKORO

    def __init__(self, argument: str) -> None:
        require_kokoro()
        file, wanted = split_kokoro(argument)
        model = Path(file).expanduser()
        if not model.is_file():
            raise VoiceError(
                _("there is no model {model}; write {allowed}").format(model=model, allowed=_(KOKORO_ALLOWED))
            )
        voices = find_voices(model)
        self._engine = _loaded(model, voices)
        with contextlib.closing(self._engine.voices) as styles:
            self._speakers = _choose_speakers(list(styles), wanted, voices)
            self._styles = {name: _style(styles, name, voices) for name in sorted(set(self._speakers.values()))}
        self._espeak = shared_engine()
        self._identifiers = {code: voice.identifier for code, voice in best_by_code(self._espeak.voices).items()}
        self.version = _version(model, voices, wanted, self._espeak.version)

    def render(self, text: str, language: str, wpm: int, pitch: int = DEFAULT_PITCH) -> Speech:  # noqa: ARG002 - it has one pitch
        """Speak `text` at 24,000 Hz; a rate that the voice cannot reach is clamped.

        Raises:
            LanguageError: None of the voices speaks the language.
            VoiceError: The model does not fit, or the line breaks it.
        """
        code = best_match(language, self._speakers)
        if code is None:
            raise LanguageError(unsupported_language_message(self.name, language, self._speakers))
        speaker = self._speakers[code]
        phonemes = self._phonemes(neural_text(text), _PHONEMES[speaker[0]])
        if not phonemes:
            return silence(_RATE)
        speed = min(max(wpm / usual_rate(language), _MIN_SPEED), _MAX_SPEED)
        try:
            samples, rate = self._engine.create(phonemes, self._styles[speaker], speed, is_phonemes=True)
        except Exception as error:  # the engine raises errors of its own for each kind of model that does not fit
            raise VoiceError(
                _("the kokoro voice cannot speak a line: {error}").format(error=first_line(error))
            ) from error
        line: Samples = np.asarray(samples, dtype=np.float32).ravel()
        if not np.isfinite(line).all():
            raise VoiceError(_("the kokoro voice gave something that is no speech"))
        return finish_speech(line, int(rate))

    def _phonemes(self, words: str, code: str) -> str:
        """What the model reads: phonemes, and punctuation, which shapes the melody; empty if nothing is to be said."""
        parts = [*_MARKS.split(words), ""]
        said = []
        for clause, mark in zip(parts[::2], parts[1::2], strict=True):
            phonemes = self._engine.tokenizer.known(self._espeak.phonemes(clause, self._identifiers[code])).strip()
            if phonemes:
                said.append(phonemes + mark)
        return " ".join(said)

    def languages(self) -> list[Language]:
        """The languages for which the file has a voice."""
        return [Language(code, _LANGUAGES[code].name) for code in sorted(self._speakers)]

    def close(self) -> None:
        """Nothing to release but memory."""


def _loaded(model: Path, voices: Path) -> Any:
    if not zipfile.is_zipfile(voices):
        raise VoiceError(_("{voices} is not a file of Kokoro voices").format(voices=voices))
    try:
        from kokoro_onnx import Kokoro

        engine = Kokoro(str(model), str(voices))
        inputs = {each.name for each in engine.sess.get_inputs()}
    except Exception as error:  # the engine raises errors of its own for each kind of damage
        raise VoiceError(
            _("kokoro cannot load {model} with {voices}: {error}").format(
                model=model, voices=voices.name, error=first_line(error)
            )
        ) from error
    if not {"style", "speed"} <= inputs or not inputs & {"tokens", "input_ids"}:
        raise VoiceError(
            _("{model} is not a Kokoro model: its inputs are {inputs}").format(
                model=model, inputs=", ".join(sorted(inputs))
            )
        )
    return engine


def _choose_speakers(found: list[str], wanted: str, voices: Path) -> dict[str, str]:
    """The voice for each language that one of them speaks; `wanted` goes before all others of its language."""
    # The preferred ones first.
    usable = sorted(filter(_VOICE_NAME.match, found), key=lambda name: (name not in _PREFERRED, name))
    if not usable:
        raise VoiceError(
            _("{voices} has no voice for {languages}").format(
                voices=voices, languages=", ".join(sorted({base_code(code) for code in _LANGUAGES}))
            )
        )
    if wanted and wanted not in usable:
        near = difflib.get_close_matches(wanted, usable, n=1)
        text = (
            _('{voices} has no usable voice "{wanted}"; did you mean "{near}"? Its usable ones: {usable}')
            if near
            else _('{voices} has no usable voice "{wanted}"; its usable ones: {usable}')
        )
        raise VoiceError(
            text.format(voices=voices.name, wanted=wanted, near="".join(near), usable=", ".join(sorted(usable)))
        )
    speakers = {}
    for code, group in _LANGUAGES.items():
        own = [name for initial in group.initials for name in usable if name[0] == initial]
        if own:
            speakers[code] = wanted if wanted in own else own[0]
    return speakers


def _style(styles: Any, name: str, voices: Path) -> NDArray[np.float32]:
    try:
        style = np.asarray(styles[name], dtype=np.float32)
    except Exception as error:  # zip and NumPy have an error each for every kind of damage
        raise VoiceError(
            _("the voice {name} in {voices} is damaged: {error}").format(
                name=name, voices=voices, error=first_line(error)
            )
        ) from error
    if style.ndim != _STYLE_AXES or not style.size or not np.isfinite(style).all():
        raise VoiceError(
            _("the voice {name} in {voices} is damaged: it is no table of styles").format(name=name, voices=voices)
        )
    return style


def _version(model: Path, voices: Path, wanted: str, espeak: str) -> str:
    """Made of the programs, the voice, and the files' sizes and times, as their contents take too long to read."""
    files = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in (model, voices)]
    content = json.dumps([files, wanted, espeak, _MANNER_VERSION])
    return f"{importlib.metadata.version(DISTRIBUTION)}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
