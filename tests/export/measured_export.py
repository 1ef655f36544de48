"""Exports a session and measures the file: where its lines and tones really lie, how loud they are, what is silent.

Every cue is looked for in the decoded file by the sound that it has, so that the file is held to the timeline, and not
the timeline to itself. `make listen ARGS=sessions` prints the figures for the shipped sessions.
"""

from __future__ import annotations

import wave
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from timer_app.audio.base import MIX_RATE, Samples, ms_to_frames
from timer_app.core.timeline import Cue, CueContent, Phase, Timeline
from timer_app.export import open_offline_run, resolve_targets, wait_until_ready, write_session
from timer_app.export.chapters import LEAD_SILENCE_MS
from timer_app.history import Store
from timer_app.library import Library
from timer_app.run.familiarity import resolve_familiarity
from timer_app.settings import Settings
from timer_app.settings.run_options import options_from_settings

SHORTEST_METERED_MS = 400
"""The block of ITU-R BS.1770: what is shorter, such as a counted number, has no loudness by the meter."""

_SEARCH = ms_to_frames(60)
_LOOKED_FOR = 2 * MIX_RATE  # so much of the beginning of a line is enough to find it
_WINDOW = ms_to_frames(50)
_LAST = ms_to_frames(10)
_ENDS_LOUD = 0.25  # of the loudest moment; a line of any voice that fades out ends below 0.2
_AUDIBLE = 0.002
_LEAST_MATCH = 0.5


class Found(NamedTuple):
    """A cue in the file.

    Attributes:
        cue: What was to be heard.
        clip: Its sound by itself.
        wanted: The frame of the file at which it was to begin.
        start: The frame at which it begins.
        match: The share of it that is in the file there: 1 for all.
    """

    cue: Cue
    clip: Samples
    wanted: int
    start: int
    match: float

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + len(self.clip)

    @property
    def at(self) -> str:
        """Where it is and what it says, for people."""
        seconds = self.start // MIX_RATE
        return f"{seconds // 60}:{seconds % 60:02} {self.cue.text!r}"


class Spread(NamedTuple):
    """How equally loud lines are.

    Attributes:
        lu: How far the loudest one is above the quietest, in loudness units.
        lines: How many were measured.
        quietest: The quietest one.
    """

    lu: float
    lines: int
    quietest: str


class Silence(NamedTuple):
    """A stretch of a phase in which nothing is audible."""

    length_ms: int
    label: str


@dataclass(frozen=True, slots=True)
class Export:
    """An exported session, decoded.

    Attributes:
        timeline: What was to be heard.
        samples: The whole file, 16 bits, at the mixing rate.
        found: Its cues, in the order in which they begin.
        content: The bytes of the file.
    """

    timeline: Timeline = field(repr=False)
    samples: npt.NDArray[np.int16] = field(repr=False)
    found: tuple[Found, ...] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def lines(self) -> list[Found]:
        """What is spoken."""
        return [each for each in self.found if each.cue.kind == "speech"]

    @property
    def tones(self) -> list[Found]:
        """What is not spoken."""
        return [each for each in self.found if each.cue.kind == "sound"]

    def sound_of(self, line: Found) -> Samples:
        """What the file has in the place of `line`, without the other cues that are heard meanwhile."""
        return _without(self.samples, line.start, line.end, (other for other in self.found if other is not line))

    def overlaps(self) -> list[str]:
        """The lines that begin before another one is over."""
        lines, overlapping, end = self.lines, [], 0
        for line in lines:
            if line.start < end:
                overlapping.append(line.at)
            end = max(end, line.end)
        return overlapping

    def cut_lines(self) -> list[str]:
        """The lines that are not wholly in the file, or break off while they are loud."""
        return [line.at for line in self.lines if _is_cut(line, self.sound_of(line))]

    def strayed_ms(self) -> float:
        """How far from its place the tone lies that lies farthest from it; infinite for one that is not there."""
        strayed = (abs(tone.start - tone.wanted) if tone.match > _LEAST_MATCH else np.inf for tone in self.tones)
        return float(max(strayed, default=0)) * 1_000 / MIX_RATE

    def loudness_spread(self) -> Spread:
        """How much louder one line is than another, among the different ones that are long enough for the meter."""
        from pyloudnorm import Meter  # loads SciPy, which takes seconds

        meter = Meter(MIX_RATE)
        lines = {line.cue.content: line for line in self.lines if len(line.clip) >= ms_to_frames(SHORTEST_METERED_MS)}
        levels = {line.at: float(meter.integrated_loudness(_metered(self.sound_of(line)))) for line in lines.values()}
        return Spread(max(levels.values()) - min(levels.values()), len(levels), min(levels, key=levels.__getitem__))

    def longest_silence(self) -> Silence:
        """The longest stretch of a rest or a hold in which nothing is audible."""
        heard = np.flatnonzero(np.abs(self.samples) > _AUDIBLE * 2**15)
        return max((_silence(phase, begin, heard) for phase, begin in self._still_phases()), default=Silence(0, ""))

    def _still_phases(self) -> Iterator[tuple[Phase, int]]:
        for phase, start_ms in zip(self.timeline.phases, self.timeline.starts_ms, strict=True):
            if phase.kind == "rest" or phase.is_plain_hold:
                yield phase, ms_to_frames(LEAD_SILENCE_MS + start_ms)


def _metered(samples: Samples) -> npt.NDArray[np.float64]:
    """The part of a line that the recommendation measures: whole blocks, which begin each 100 ms.

    The meter by itself would count one more block where at least half of a step is left, with silence for the rest.
    """
    step = ms_to_frames(100)
    return samples[: len(samples) // step * step].astype(np.float64)


def _silence(phase: Phase, begin: int, heard: npt.NDArray[np.intp]) -> Silence:
    end = begin + ms_to_frames(phase.duration_ms or 0)
    inside = heard[np.searchsorted(heard, begin) : np.searchsorted(heard, end)]
    longest = int(np.diff(inside, prepend=begin, append=end).max())
    return Silence(longest * 1_000 // MIX_RATE, phase.label)


def _is_cut(line: Found, heard: Samples) -> bool:
    if len(heard) < len(line.clip):
        return True
    whole = len(heard) // _WINDOW * _WINDOW
    rendered = np.sqrt(np.mean(line.clip[:whole].reshape(-1, _WINDOW) ** 2, axis=1))
    missing = np.sqrt(np.mean((line.clip - heard)[:whole].reshape(-1, _WINDOW) ** 2, axis=1))
    loudest = float(rendered.max(initial=0))
    last = np.flatnonzero(np.abs(heard) > _AUDIBLE)[-1:]
    ends = float(np.sqrt(np.mean(heard[max(0, last[0] + 1 - _LAST) : last[0] + 1] ** 2))) if len(last) else np.inf
    return ends > _ENDS_LOUD * loudest or bool((missing > np.maximum(rendered / 2, 10 * _AUDIBLE)).any())


def differing_lines(one: Export, other: Export) -> list[str]:
    """The lines that are in one file and not in the other, or begin elsewhere in it, or sound different.

    Empty for files that are equal to the byte only.
    """
    if one.content == other.content:
        return []
    sets = [
        {(line.at, line.start, each.samples[line.start : line.end].tobytes()) for line in each.lines}
        for each in (one, other)
    ]
    return sorted(at for at, _, _ in sets[0] ^ sets[1]) or ["what is not spoken"]


def export_session(name: str, file: Path, voice: str | None = None) -> Export:
    """Export a shipped session as `timer-app export` does for a new user, and find every cue in the file.

    Args:
        name: Which session.
        file: A WAV file to write.
        voice: Who speaks; `None` for the usual voice.
    """
    library = Library.default()
    entry = library.find(name)
    session, _ = library.load(entry)
    usual = replace(options_from_settings(Settings()), voice=voice, output="null", seed=1, open_steps_ms=10_000)
    text = entry.path.read_text(encoding="utf-8")
    options = resolve_familiarity(usual, Store(file.with_suffix(".db")), entry.id, text, date.min)
    options = replace(options, volume=100, times_done=0)
    offline_run = open_offline_run(session, options, library, entry.path)
    with closing(offline_run.run):
        wait_until_ready(offline_run.run, _no_progress)
        timeline = write_session(offline_run, resolve_targets(file, force=True), "", _no_progress)
        contents = {cue.content for phase in timeline.phases for cue in phase.cues}
        clips = {content: clip.samples for content in contents if (clip := offline_run.clips(content))}
    with wave.open(str(file)) as recording:
        samples = np.frombuffer(recording.readframes(recording.getnframes()), np.int16)
    found = sorted(_find(timeline, clips, samples), key=lambda each: each.start)
    return Export(timeline, samples, tuple(found), file.read_bytes())


def _no_progress(_done: int, _total: int) -> None:
    """Nobody watches."""


def _find(timeline: Timeline, clips: Mapping[CueContent, Samples], samples: npt.NDArray[np.int16]) -> Iterator[Found]:
    """Every cue, looked for once in all that is heard, and then without the others that are heard beside it."""
    found = []
    for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True):
        for cue in phase.cues:
            wanted, clip = ms_to_frames(LEAD_SILENCE_MS + start_ms + cue.offset_ms), clips[cue.content]
            found.append(_place(Found(cue, clip, wanted, wanted, 0), samples))
    for each in found:
        beside = [other for other in found if other is not each and each.start < other.end and other.start < each.end]
        yield _place(each, samples, beside) if beside else each


def _place(sought: Found, samples: npt.NDArray[np.int16], beside: Sequence[Found] = ()) -> Found:
    """The cue where, within 60 ms around its place, the file is most like it."""
    clip, first = sought.clip[:_LOOKED_FOR], max(0, sought.wanted - _SEARCH)
    around = _without(samples, first, sought.wanted + len(clip) + _SEARCH, beside)
    size = 1 << (len(around) + len(clip)).bit_length()
    likeness = np.fft.irfft(np.fft.rfft(around, size) * np.conj(np.fft.rfft(clip, size)), size)
    best = int(np.argmax(likeness[: sought.wanted - first + _SEARCH]))
    match = float(likeness[best]) / max(1e-9, float(np.sum(clip.astype(float) ** 2)))
    return sought._replace(start=first + best, match=match)


def _without(samples: npt.NDArray[np.int16], first: int, last: int, cues: Iterable[Found]) -> Samples:
    """The frames of the file from `first` to `last`, with some cues taken out."""
    left = samples[first:last].astype(np.float32) / np.float32(2**15)
    for cue in cues:
        begin, end = max(first, cue.start), min(first + len(left), cue.end)
        if begin < end:
            left[begin - first : end - first] -= cue.clip[begin - cue.start : end - cue.start]
    return left


def spoken_sounds(export: Export) -> Sequence[tuple[str, Samples]]:
    """Each different line of an export, with its sound as the file has it."""
    lines = {line.cue.content: line for line in export.lines}
    return [(line.cue.text, export.sound_of(line)) for line in lines.values()]
