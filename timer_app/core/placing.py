"""Finds a place for every line: one voice at a time, what matters most first, nothing cut off."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from timer_app.core.draft import Draft, Dropped, Line
from timer_app.core.speech import Lengths
from timer_app.core.timeline import Cue, Phase

GAP_MS = 250  # silence between two sentences
WORD_GAP_MS = 40  # silence around a counted word, which has only its second
AFTER_SOUND_MS = 100
SECOND_MS = 1_000
_LATE_BEAT_MS = 300  # by how much a beat may be late where there is no time before it
_ENDLESS_MS = 10**12


def place(drafts: Sequence[Draft], lengths: Lengths) -> tuple[tuple[Phase, ...], tuple[Dropped, ...]]:
    """Turn drafts into phases with cues.

    Args:
        drafts: In the order they run.
        lengths: How long lines and sounds last.

    Returns:
        The phases, and the lines for which there was no room.
    """
    for draft in drafts:
        if draft.grows:
            _grow(draft, lengths)
    _lead_beats(drafts, lengths)
    phases, dropped, spill_ms = [], [], 0
    for index, draft in enumerate(drafts):
        room = _Room(draft, lengths, spill_ms)
        for line in sorted(draft.lines, key=lambda line: line.rank):
            reason = room.add(line)
            if reason:
                dropped.append(Dropped(line.text, index, line.origin, reason))
        phases.append(room.phase())
        spill_ms = room.spill_ms
    return tuple(phases), tuple(dropped)


def lead_cues(lines: Sequence[Line], marks_at_ms: Sequence[int], lengths: Lengths) -> tuple[Cue, ...]:
    """Cues for a lead-in: ticks, and lines with their beat where they belong."""
    cues = [Cue(at_ms, "sound", "tick", lengths.sound("tick")) for at_ms in marks_at_ms]
    for line in lines:
        spoken = lengths.speech(line.text)
        at_ms = max(0, (line.at_ms or 0) - (spoken.beat_ms if line.on_beat else 0))
        cues.append(Cue(at_ms, "speech", line.text, spoken.length_ms))
    return tuple(sorted(cues, key=lambda cue: cue.offset_ms))


def _opening_ms(draft: Draft, lengths: Lengths) -> int:
    """When the first line may begin: after the sounds with which the phase opens."""
    ends = [m.at_ms + lengths.sound(m.sound) for m in draft.marks if not m.from_end and m.at_ms < SECOND_MS]
    return max(ends) + AFTER_SOUND_MS if ends else 0


def _grow(draft: Draft, lengths: Lengths) -> None:
    """Make the phase as long as its lines need, in whole seconds."""
    said = [line for line in draft.lines if line.at_ms is None]
    needed_ms = _opening_ms(draft, lengths) + sum(lengths.speech(line.text).length_ms + GAP_MS for line in said)
    if draft.countdown:
        needed_ms += draft.countdown * SECOND_MS + lengths.speech(str(draft.countdown)).beat_ms + WORD_GAP_MS
    whole_ms = -(-needed_ms // SECOND_MS) * SECOND_MS
    draft.phase = replace(draft.phase, duration_ms=max(draft.phase.duration_ms or 0, whole_ms, SECOND_MS))


def _lead_beats(drafts: Sequence[Draft], lengths: Lengths) -> None:
    """Move words whose beat falls on the start of a phase to the end of the phase before, so that they are on time."""
    for before, draft in pairwise(drafts):
        early = [line for line in draft.lines if line.on_beat and line.at_ms == 0 and not line.from_end]
        for line in early:
            beat_ms = lengths.speech(line.text).beat_ms
            if before.phase.duration_ms is not None and 0 < beat_ms < before.phase.duration_ms:
                draft.lines.remove(line)
                before.lines.append(replace(line, from_end=True))


class _Room:
    """One phase, filling up with lines."""

    def __init__(self, draft: Draft, lengths: Lengths, spill_ms: int) -> None:
        self._draft = draft
        self._lengths = lengths
        self._end_ms = _ENDLESS_MS if draft.phase.duration_ms is None else draft.phase.duration_ms
        self._busy: list[tuple[int, int]] = [(0, spill_ms)] if spill_ms else []
        self._cursor_ms = max(_opening_ms(draft, lengths), spill_ms)
        self._cues: list[Cue] = []
        self.spill_ms = max(0, spill_ms - self._end_ms)

    def add(self, line: Line) -> str:
        """Place the line, or a shorter form of it; otherwise say why not."""
        reasons = [reason for text in (line.text, *line.shorter) if (reason := self._try(line, text)) is not None]
        return reasons[0] if len(reasons) == 1 + len(line.shorter) else ""

    def _try(self, line: Line, text: str) -> str | None:
        spoken = self._lengths.speech(text)
        if line.latest:
            return self._as_late_as_possible(line, text, spoken.length_ms)
        if line.at_ms is None:
            return self._queue(line, text, spoken.length_ms)
        beat_ms = spoken.beat_ms if line.on_beat else 0
        wanted_ms = (self._end_ms - line.at_ms if line.from_end else line.at_ms) - beat_ms
        if line.on_beat and -_LATE_BEAT_MS <= wanted_ms < 0:
            wanted_ms = 0
        if not 0 <= wanted_ms < self._end_ms:
            return "it falls outside its phase"
        # A word on the beat of the next phase runs over into it; everything else ends in its own.
        runs_over = line.on_beat and line.from_end and line.at_ms == 0
        gap_ms = WORD_GAP_MS if line.on_beat else GAP_MS
        start_ms = self._first_gap(wanted_ms, spoken.length_ms, gap_ms, wanted_ms + line.slack_ms)
        if start_ms is None:
            return "something else is being said there"
        if start_ms + spoken.length_ms > self._end_ms and not runs_over:
            return "it is too long for the time left there"
        self._take(line, text, start_ms, spoken.length_ms)
        return None

    def _queue(self, line: Line, text: str, length_ms: int) -> str | None:
        start_ms = self._first_gap(self._cursor_ms, length_ms, GAP_MS, self._end_ms - length_ms)
        if start_ms is None:
            return "there is no time left for it"
        self._take(line, text, start_ms, length_ms)
        self._cursor_ms = start_ms + length_ms + GAP_MS
        return None

    def _as_late_as_possible(self, line: Line, text: str, length_ms: int) -> str | None:
        limit_ms = self._end_ms
        for begins_ms, ends_ms in reversed(self._busy):
            if limit_ms - length_ms >= ends_ms + GAP_MS:
                break
            limit_ms = begins_ms - GAP_MS
        if limit_ms < length_ms:
            return "there is no time left for it"
        self._take(line, text, limit_ms - length_ms, length_ms)
        return None

    def _first_gap(self, from_ms: int, length_ms: int, gap_ms: int, latest_ms: int) -> int | None:
        """The first moment from `from_ms` to `latest_ms` at which nobody speaks for long enough."""
        start_ms = from_ms
        at = bisect_right(self._busy, (start_ms, _ENDLESS_MS))
        if at and self._busy[at - 1][1] > start_ms:
            start_ms = self._busy[at - 1][1] + gap_ms
        while start_ms <= latest_ms:
            if at == len(self._busy) or start_ms + length_ms + WORD_GAP_MS <= self._busy[at][0]:
                return start_ms
            start_ms = max(start_ms, self._busy[at][1] + gap_ms)
            at += 1
        return None

    def _take(self, line: Line, text: str, start_ms: int, length_ms: int) -> None:
        insort(self._busy, (start_ms, start_ms + length_ms))
        self._cues.append(Cue(start_ms, "speech", text, length_ms, from_end=line.from_end))
        self.spill_ms = max(self.spill_ms, start_ms + length_ms - self._end_ms)

    def phase(self) -> Phase:
        """The phase with its cues, sounds before words that begin at the same moment."""
        sounds = (self._sound(mark.sound, mark.at_ms, mark.from_end) for mark in self._draft.marks)
        cues = [cue for cue in sounds if 0 <= cue.offset_ms < self._end_ms] + self._cues
        return replace(self._draft.phase, cues=tuple(sorted(cues, key=lambda cue: cue.offset_ms)))

    def _sound(self, sound: str, at_ms: int, from_end: bool) -> Cue:
        offset_ms = self._end_ms - at_ms if from_end else at_ms
        return Cue(offset_ms, "sound", sound, self._lengths.sound(sound), from_end=from_end)
