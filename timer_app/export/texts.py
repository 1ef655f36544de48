"""The small text files beside an exported session: captions as WebVTT and SubRip, and a cue sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from timer_app.export.marks import Caption, Chapter

MOST_TRACKS = 99
"""A cue sheet numbers its tracks with two digits."""

_FRAMES_A_SECOND = 75  # a cue sheet counts in the sectors of a CD


def vtt(captions: Iterable[Caption]) -> str:
    """Captions as WebVTT."""
    cues = (f"{_clock(c.start_ms, '.')} --> {_clock(c.end_ms, '.')}\n{_escaped(c.text)}\n" for c in captions)
    return "\n".join(["WEBVTT\n", *cues])


def srt(captions: Iterable[Caption]) -> str:
    """Captions as SubRip."""
    return "\n".join(
        f"{number}\n{_clock(c.start_ms, ',')} --> {_clock(c.end_ms, ',')}\n{c.text}\n"
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
    for number, chapter in enumerate(chapters[:MOST_TRACKS], 1):
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


def _quoted(text: str) -> str:
    """In quotes; the format has no way to write a quote inside them."""
    return '"' + text.replace('"', "'") + '"'
