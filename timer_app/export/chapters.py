"""The chapters and captions of an exported session, and their files: WebVTT, SubRip, cue sheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from timer_app.core.diagnostics import printable
from timer_app.core.timeline import Phase, Timeline

LEAD_SILENCE_MS = 500
"""A file begins with so much silence, in which a headset or an amplifier that slept loses nothing."""


class Chapter(NamedTuple):
    """A part of the file that a player can jump to; `start_ms` and `end_ms` count from its beginning."""

    title: str
    start_ms: int
    end_ms: int


class Caption(NamedTuple):
    """A spoken line and when it is heard, in milliseconds from the beginning of the file."""

    text: str
    start_ms: int
    end_ms: int


def build_chapters(timeline: Timeline) -> tuple[Chapter, ...]:
    """The chapters of a timeline without open phases; each ends where the next begins.

    What belongs to no step stays with the step before: rests between rounds and the closing words. The opening words
    are a chapter of the session's name. The silence at the beginning belongs to the first. A step that comes again in a
    later round has its number behind its name.
    """
    begins = list(_beginnings(timeline))
    ends = [start_ms for _, start_ms in begins[1:]] + [timeline.total_ms]
    times: Counter[int | None] = Counter()
    chapters: list[Chapter] = []
    for (step, start_ms), end_ms in zip(begins, ends, strict=True):
        if start_ms == end_ms:
            continue
        times[step] += 1
        name = timeline.name if step is None else timeline.steps[step].name
        title = name if times[step] == 1 else f"{name} ({times[step]})"
        from_ms = LEAD_SILENCE_MS + start_ms if chapters else 0
        chapters.append(Chapter(title, from_ms, LEAD_SILENCE_MS + end_ms))
    return tuple(chapters)


def _beginnings(timeline: Timeline) -> Iterator[tuple[int | None, int]]:
    """Each step with the moment it begins, as often as it comes."""
    before: Phase | None = None
    for phase, start_ms in zip(timeline.phases, timeline.starts_ms, strict=True):
        if before is None or (phase.step is not None and _begins_anew(before, phase)):
            yield phase.step, start_ms
        before = phase


def _begins_anew(before: Phase, phase: Phase) -> bool:
    """Whether another step begins, or the same one in another round."""
    return (before.step, before.round) != (phase.step, phase.round)


def build_captions(timeline: Timeline) -> tuple[Caption, ...]:
    """Everything said in a timeline without open phases, in order."""
    return tuple(
        Caption(printable(" ".join(cue.text.split())), start_ms + cue.offset_ms, start_ms + cue.end_ms)
        for phase, start_ms in zip(timeline.phases, (LEAD_SILENCE_MS + ms for ms in timeline.starts_ms), strict=True)
        for cue in phase.cues
        if cue.kind == "speech"
    )


MAX_CUE_SHEET_TRACKS = 99
"""A cue sheet numbers its tracks with two digits."""

_TAG_OPENING = re.compile(r"<(?=[A-Za-z/])|\{(?=\\)")
_FRAMES_A_SECOND = 75  # a cue sheet counts in the sectors of a CD


def vtt(captions: Iterable[Caption]) -> str:
    """Captions as WebVTT."""
    cues = (f"{_clock(c.start_ms, '.')} --> {_clock(c.end_ms, '.')}\n{_escaped(c.text)}\n" for c in captions)
    return "\n".join(["WEBVTT\n", *cues])


def srt(captions: Iterable[Caption]) -> str:
    """Captions as SubRip.

    The format has no way to escape: what begins a tag for a player, `<i` or a brace with a backslash, and what
    separates the times of a caption, gets other signs.
    """
    return "\n".join(
        f"{number}\n{_clock(c.start_ms, ',')} --> {_clock(c.end_ms, ',')}\n{_without_tags(c.text)}\n"
        for number, c in enumerate(captions, 1)
    )


def cue_sheet(title: str, file_name: str, chapters: Sequence[Chapter]) -> str:
    """A cue sheet with a track for each chapter; what comes after the 99th belongs to that one.

    Args:
        title: Of the whole.
        file_name: The sound file, which lies beside the sheet.
        chapters: In order.
    """
    lines = [f"TITLE {_quoted(title)}", f"FILE {_quoted(file_name)} WAVE"]
    for number, chapter in enumerate(chapters[:MAX_CUE_SHEET_TRACKS], 1):
        lines += [
            f"  TRACK {number:02} AUDIO",
            f"    TITLE {_quoted(chapter.title)}",
            f"    INDEX 01 {_sectors(chapter.start_ms)}",
        ]
    return "\n".join([*lines, ""])


def comment_time(at_ms: int) -> str:
    """A moment as the chapter comments of FLAC have it: `00:01:02.345`."""
    return _clock(at_ms, ".")


def _clock(at_ms: int, point: str) -> str:
    seconds, ms = divmod(at_ms, 1_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{ms:03}"


def _sectors(at_ms: int) -> str:
    """Minutes, seconds and the sector that holds the moment."""
    seconds, ms = divmod(at_ms, 1_000)
    return f"{seconds // 60:02}:{seconds % 60:02}:{ms * _FRAMES_A_SECOND // 1_000:02}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _without_tags(text: str) -> str:
    return _TAG_OPENING.sub("‹", text).replace("-->", "→")


def _quoted(text: str) -> str:
    """In quotes; the format has no way to write a quote inside them."""
    return '"' + printable(text).replace('"', "'") + '"'
