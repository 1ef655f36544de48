"""Finds a time for every line: one at a time, the most important first, none cut off.

Of the seconds counted aloud, every other one is left out if the words are too long for a second.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from timer_app.core.compiler.draft import Draft, DraftLine, DroppedLine, PhaseTemplate, Priority, Tone
from timer_app.core.compiler.rounds import fit_rounds
from timer_app.core.i18n import N_
from timer_app.core.timeline import Cue, CueContent, Phase
from timer_app.core.timeline.utterance import Lengths, Manner, SpeechTiming, Utterance

_ENDLESS_MS = 10**12

Interval = tuple[int, int]


class SilenceMargins(NamedTuple):
    """Silence around what is said.

    Attributes:
        min_ms: To lines that are placed already.
        after_ms: After a line that it had to wait for.
    """

    min_ms: int
    after_ms: int


SENTENCE_MARGINS = SilenceMargins(40, 250)
WORD_MARGINS = SilenceMargins(0, 40)  # a counted word has only its second
PART_MARGINS = SilenceMargins(150, 250)  # a number and the word of a part must not run together


def first_gap(
    busy: Sequence[Interval], from_ms: int, length_ms: int, gaps: SilenceMargins, latest_ms: int
) -> int | None:
    """The first moment from `from_ms` to `latest_ms` with enough silence; `None` if there is none.

    Args:
        busy: When something is being said, in order.
        from_ms: The earliest start.
        length_ms: The length of the line.
        gaps: The silence around it.
        latest_ms: The latest start.
    """
    least_ms, after_ms = gaps
    start_ms = from_ms
    at = bisect_right(busy, (start_ms, _ENDLESS_MS))
    if at and busy[at - 1][1] + least_ms > start_ms:
        start_ms = busy[at - 1][1] + after_ms
    while start_ms <= latest_ms:
        if at == len(busy) or start_ms + length_ms + least_ms <= busy[at][0]:
            return start_ms
        start_ms = max(start_ms, busy[at][1] + after_ms)
        at += 1
    return None


SECOND_MS = 1_000
_MAX_TELLINGS = 3  # another length may take longer to tell
LATE_MS = 10_000  # so long before the end of a draft its late lines begin, or earlier if they take longer
_TEN_MS = 10 * SECOND_MS
_SOON_MS = 10_000  # what is said again so soon sounds like a mistake


def without_odd_seconds(draft: Draft, lengths: _CachedLengths) -> list[DraftLine]:
    """The lines of a draft, without the odd seconds from the first ten on in which a number lasts into the next second.

    Otherwise such a number would displace the next one, so that tens might be missing.
    """
    counted = [line for line in draft.lines if line.priority is Priority.SECONDS]
    too_long = (one for one, other in pairwise(counted) if _overlap(draft, one, other, lengths))
    from_ms = next((_at_ms(line) // _TEN_MS * _TEN_MS for line in too_long), None)
    if from_ms is None:
        return draft.lines
    return [
        line
        for line in draft.lines
        if line.priority is not Priority.SECONDS or _at_ms(line) < from_ms or _is_even(line)
    ]


COUNT_STEPS = (1, 2, 5, 10, 20, 50, 100)


def is_counted(rep: int, count: int, step: int) -> bool:
    """Whether a rep is one of those counted in steps: multiples of the step, and the last, to which none is close."""
    return rep == count or (rep % step == 0 and rep <= count - step)


def with_even_counts(draft: Draft, lines: list[DraftLine], lengths: _CachedLengths) -> list[DraftLine]:
    """The lines, with the reps counted in larger steps if the words for their numbers would run into each other."""
    counted = [line for line in lines if line.priority is Priority.COUNT]
    if not counted:
        return lines
    numbers = {int(line.text) for line in counted}
    for step in COUNT_STEPS:
        kept = {number for number in numbers if is_counted(number, max(numbers), step)}
        spans = sorted(_counted_span(draft, line, lengths) for line in counted if int(line.text) in kept)
        if all(before[1] <= after[0] for before, after in pairwise(spans)):
            return [line for line in lines if line.priority is not Priority.COUNT or int(line.text) in kept]
    return lines


def _counted_span(draft: Draft, line: DraftLine, lengths: _CachedLengths) -> Interval:
    """When the number of a rep is heard."""
    timing = lengths.spoken(line.text, line.manner_in(draft.manner)).timing
    start_ms = _at_ms(line) - timing.beat_ms
    if line.as_late_as_possible:
        start_ms = (draft.length_ms or 0) - timing.length_ms - SENTENCE_MARGINS.after_ms
    return start_ms, start_ms + timing.length_ms


def _at_ms(line: DraftLine) -> int:
    return line.at_ms or 0


def _is_even(line: DraftLine) -> bool:
    return _at_ms(line) % (2 * SECOND_MS) == 0


def _overlap(draft: Draft, one: DraftLine, other: DraftLine, lengths: _CachedLengths) -> bool:
    """Whether the first number is still heard when the second one has to begin."""
    (_, first), (_, second) = (lengths.spoken(line.text, line.manner_in(draft.manner)) for line in (one, other))
    return _at_ms(one) + first.length_ms - first.beat_ms > _at_ms(other) - second.beat_ms


AFTER_SOUND_MS = 100
_NOTICED_MS = 500
_MOVED = N_("something else is being said at its time")


def place_drafts(
    drafts: Iterable[Draft], lengths: Lengths, *, speaks: bool = True
) -> tuple[tuple[Phase, ...], tuple[DroppedLine, ...]]:
    """Turn drafts into phases with cues.

    Args:
        drafts: In the order they run.
        lengths: How long lines and sounds last.
        speaks: Whether lines are said. If not, phases that grow last as long as their lines take to read.

    Returns:
        The phases, and the lines that did not fit as they are.
    """
    known = _CachedLengths(lengths)
    phases: list[Phase] = []
    dropped: list[DroppedLine] = []
    for draft in fit_rounds(drafts, partial(_grow, lengths=known)):
        if not speaks:
            draft.lines.clear()
        draft.lines = with_even_counts(draft, without_odd_seconds(draft, known), known)
        room = _SpeechTrack(draft, known)
        dropped += room.place_lines(len(phases))
        phases += room.phases()
    return tuple(phases), tuple(dropped)


def total_ms(drafts: Iterable[Draft], lengths: Lengths) -> int:
    """How long the drafts will last, found without placing their lines; open phases count as nothing."""
    known = _CachedLengths(lengths)
    fitted = fit_rounds(drafts, partial(_grow, lengths=known))
    return sum(0 if draft.untimed else draft.length_ms or 0 for draft in fitted)


def place_lead_in(
    lines: Sequence[DraftLine], manner: Manner, ticks_at_ms: Sequence[int], lengths: Lengths
) -> tuple[Cue, ...]:
    """Cues for a lead-in: ticks, and lines with their beat at their time; the caller makes sure that all fit."""
    cues = [Cue(at_ms, "tick", lengths.sound("tick")) for at_ms in ticks_at_ms]
    for line in lines:
        utterance = Utterance.in_manner(line.text, line.manner_in(manner))
        timing = lengths.speech(utterance)
        at_ms = (line.at_ms or 0) - (timing.beat_ms if line.on_beat else 0)
        cues.append(Cue(at_ms, utterance, timing.length_ms))
    return tuple(sorted(cues, key=lambda cue: cue.offset_ms))


class _SpokenLine(NamedTuple):
    """A line in its manner, and how long it lasts."""

    utterance: Utterance
    timing: SpeechTiming


class _CachedLengths:
    """Lengths, each asked for once: a session says the same few lines over and over."""

    def __init__(self, lengths: Lengths) -> None:
        self._lengths = lengths
        self.spoken = cache(self._spoken)
        self.sound = cache(lengths.sound)
        # Most cues are the same tick at the same offset, and are made only once.
        self.cue = cache(Cue)

    def _spoken(self, text: str, manner: Manner) -> _SpokenLine:
        utterance = Utterance.in_manner(text, manner)
        return _SpokenLine(utterance, self._lengths.speech(utterance))


def _opening_ms(draft: Draft, lengths: _CachedLengths) -> int:
    """When the first line may begin: after the sounds with which the draft opens."""
    opening = (tone for tone in draft.tones if tone.at_ms < SECOND_MS and not tone.from_end and tone.length_ms is None)
    ends = [tone.at_ms + lengths.sound(tone.sound) for tone in opening]
    return max(ends) + AFTER_SOUND_MS if ends else 0


def _grow(draft: Draft, lengths: _CachedLengths) -> None:
    """Lengthen a growing draft to what its lines need, in whole seconds."""
    for _telling in range(_MAX_TELLINGS if draft.grows else 0):
        said = (line for line in draft.lines if line.at_ms is None)
        needed_ms = _opening_ms(draft, lengths) + _said_ms(said, draft, lengths) + _countdown_ms(draft, lengths)
        needed_ms += draft.settle_ms
        whole_ms = -(-needed_ms // SECOND_MS) * SECOND_MS
        lacking_ms = max(whole_ms, SECOND_MS) - (draft.length_ms or 0)
        if lacking_ms <= 0:
            return
        *before, (make, length_ms) = draft.templates
        draft.templates = [*before, PhaseTemplate(make, (length_ms or 0) + lacking_ms)]
        if draft.retell is None or before:
            return
        draft.retell(draft)


def _said_ms(said: Iterable[DraftLine], draft: Draft, lengths: _CachedLengths) -> int:
    """How long lines take one after the other, with the silence after each."""
    return sum(
        lengths.spoken(line.text, line.manner_in(draft.manner)).timing.length_ms + SENTENCE_MARGINS.after_ms
        for line in said
        if not line.no_place
    )


def _countdown_ms(draft: Draft, lengths: _CachedLengths) -> int:
    """How long before the end the first number of the countdown begins; 0 without one."""
    if not draft.countdown:
        return 0
    return draft.countdown * SECOND_MS + lengths.spoken(str(draft.countdown), draft.manner).timing.beat_ms


class _QueuedLine(NamedTuple):
    """A line with its number among those of its draft, in the form in which it is said.

    Attributes:
        from_ms: The earliest time at which it may begin.
        until_ms: When it has to be over.
        from_end: It moves with the end of the draft.
        late: It belongs to the end of the draft.
        outranks: It may displace numbers of the countdown.
    """

    number: int
    utterance: Utterance
    length_ms: int
    from_ms: int
    until_ms: int
    from_end: bool
    late: bool
    outranks: bool


class _TimedCue(NamedTuple):
    """A cue before it is given to its phase: `at_ms` counts from the start of the draft."""

    at_ms: int
    content: CueContent
    length_ms: int
    from_end: bool
    fills: bool = False


class BusyTimes:
    """When something is being said in a draft, and how long it is silent between.

    A draft may have as many lines as seconds, and most of them may lack time: no question walks along all of them.

    Args:
        end_ms: When the draft ends.
        intervals: In order, none reaching into another.
    """

    def __init__(self, end_ms: int, intervals: Iterable[Interval] = ()) -> None:
        self._end_ms = end_ms
        self.intervals = list(intervals)
        # At index k the longest silence after any of the last k + 1 intervals; grows as far as was asked.
        self._longest_ms: list[int] = []

    def add(self, interval: Interval) -> None:
        """Note one more, where nothing was said so far."""
        at = bisect_right(self.intervals, interval)
        del self._longest_ms[len(self.intervals) - at :]  # those before it: one of their silences is a shorter one now
        self.intervals.insert(at, interval)

    def longest_silence_ms(self, first_ms: int, last_ms: int) -> int:
        """The longest silence between two moments, each beginning when a line may follow the one before."""
        busy = self.intervals
        at = bisect_right(busy, (first_ms, _ENDLESS_MS))
        free_ms = max(first_ms, self._free_ms(at - 1)) if at else first_ms
        if last_ms == self._end_ms:
            longest_ms = min(busy[at][0] if at < len(busy) else last_ms, last_ms) - free_ms
            return max(0, longest_ms, self._longest_after_ms(len(busy) - at))
        longest_ms = 0
        while at < len(busy) and busy[at][0] < last_ms:
            longest_ms = max(longest_ms, busy[at][0] - free_ms)
            free_ms = self._free_ms(at)
            at += 1
        return max(longest_ms, last_ms - free_ms)

    def _longest_after_ms(self, count: int) -> int:
        """The longest silence after any of the last `count` intervals, until the end of the draft."""
        busy, longest_ms = self.intervals, self._longest_ms
        for at in range(len(busy) - len(longest_ms) - 1, len(busy) - count - 1, -1):
            until_ms = min(busy[at + 1][0], self._end_ms) if at + 1 < len(busy) else self._end_ms
            longest_ms.append(max(longest_ms[-1] if longest_ms else 0, until_ms - self._free_ms(at)))
        return longest_ms[count - 1] if count else 0

    def _free_ms(self, at: int) -> int:
        return self.intervals[at][1] + SENTENCE_MARGINS.after_ms


class _SpeechTrack:
    """The time of one draft as it fills with lines: some have a fixed time, the others queue between them."""

    def __init__(self, draft: Draft, lengths: _CachedLengths) -> None:
        self._draft = draft
        self._lengths = lengths
        length_ms = draft.length_ms
        self._end_ms = _ENDLESS_MS if length_ms is None else length_ms
        self._opening_ms = _opening_ms(draft, lengths)
        self._sounds = [self._sound(tone) for tone in draft.tones]
        self._tones = {
            heard.at_ms: heard.at_ms + heard.length_ms
            for heard, tone in zip(self._sounds, draft.tones, strict=True)
            if tone.length_ms is None
        }
        # What belongs to this draft may be said until its countdown begins: that belongs to what comes next.
        self._said_until_ms = self._end_ms - _countdown_ms(draft, lengths)
        late_ms = _said_ms((line for line in draft.lines if line.late), draft, lengths)
        before_end_ms = max(LATE_MS, late_ms + draft.settle_ms + self._end_ms - self._said_until_ms)
        self._late_from_ms = max(0, self._end_ms - before_end_ms)
        early = (line for line in draft.lines if line.at_ms is None and not line.late and not line.last)
        early_until_ms = self._opening_ms + _said_ms(early, draft, lengths)
        self._is_late_soon = late_ms > 0 and self._late_from_ms - early_until_ms < _SOON_MS
        self._fixed: list[Interval] = []
        self._busy = BusyTimes(self._end_ms)
        self._spoken: list[_TimedCue] = []
        self._queue: list[_QueuedLine] = []
        self._last_moved_ms = 0
        self._queued: list[Interval] = []

    def _sound(self, tone: Tone) -> _TimedCue:
        length_ms = self._lengths.sound(tone.sound) if tone.length_ms is None else tone.length_ms
        at_ms = self._end_ms - tone.at_ms if tone.from_end else tone.at_ms
        if tone.ends_with_phase:
            at_ms = max(0, self._end_ms - max(1, length_ms))
        return _TimedCue(at_ms, tone.sound, length_ms, tone.from_end or tone.ends_with_phase)

    def place_lines(self, first_phase: int) -> Iterator[DroppedLine]:
        """Place every line, or a shorter form of it; yields the lines that are not said as they are.

        Args:
            first_phase: The index of the draft's first phase.
        """
        lines = [self._said_once(line) for line in self._draft.lines]
        for index in sorted(range(len(lines)), key=lambda index: lines[index].priority):
            line = lines[index]
            reason = line.no_place or self._try(index, line, line.text)
            if reason:
                forms = () if line.no_place else line.shorter
                shorter = next((text for text in forms if not self._try(index, line, text)), "")
                phase, at_ms = self._where(line)
                known = (line.text, first_phase + phase, line.origin, reason, at_ms, shorter)
                if line.no_place:
                    yield DroppedLine(*known, line.priority)
                    continue
                length_ms = self._lengths.spoken(line.text, line.manner_in(self._draft.manner)).timing.length_ms
                yield DroppedLine(*known, line.priority, length_ms, self._lacking_ms(line, length_ms))
            elif moved_ms := self._moved_ms(line):
                phase, at_ms = self._where(line)
                known = (line.text, first_phase + phase, line.origin, _MOVED, at_ms, line.text)
                yield DroppedLine(*known, line.priority, moved_ms=moved_ms)

    def _said_once(self, line: DraftLine) -> DraftLine:
        """A line without what the late lines say at once after it."""
        if not line.if_late_soon or not self._is_late_soon:
            return line
        return line._replace(text=line.if_late_soon, shorter=())

    def _lacking_ms(self, line: DraftLine, length_ms: int) -> int:
        """How much longer the longest silence for a line would have to be; 0 for a line out of its phase."""
        if line.at_ms is not None and not 0 <= self._wanted_ms(line) < self._end_ms:
            return 0
        first_ms, last_ms = self._opening_ms, self._said_until_ms if line.at_ms is None else self._end_ms
        if line.at_ms is not None and not line.as_late_as_possible:
            first_ms = max(first_ms, self._wanted_ms(line))
            last_ms = last_ms if line.deadline_ms is None else min(last_ms, line.deadline_ms)
        longest_ms = self._busy.longest_silence_ms(first_ms, last_ms)
        gap_ms = SENTENCE_MARGINS.after_ms if line.at_ms is None else SENTENCE_MARGINS.min_ms
        return max(1, length_ms + gap_ms - longest_ms)

    def _moved_ms(self, line: DraftLine) -> int:
        """How much later than its time a line of the author's has just been placed; 0 for what nobody notices."""
        is_noticed = line.origin and line.at_ms is not None and self._last_moved_ms >= _NOTICED_MS
        return self._last_moved_ms if is_noticed else 0

    def _try(self, index: int, line: DraftLine, text: str) -> str:
        """Place one form of a line; returns why that failed, or an empty text."""
        utterance, timing = self._lengths.spoken(text, line.manner_in(self._draft.manner))
        if line.as_late_as_possible:
            return self._as_late_as_possible(line, utterance, timing.length_ms)
        if line.at_ms is None:
            return self._in_turn(index, line, utterance, timing.length_ms)
        return self._at_its_time(line, utterance, timing)

    def _in_turn(self, index: int, line: DraftLine, utterance: Utterance, length_ms: int) -> str:
        """Place a line after those before it; only what outranks the countdown may displace its numbers."""
        from_ms = self._late_from_ms if line.late else 0
        if line.last:
            from_ms = max(from_ms, self._said_until_ms - length_ms - SENTENCE_MARGINS.after_ms)
        outranks = line.priority < Priority.COUNTDOWN
        from_end = line.late or line.last
        queued = _QueuedLine(index, utterance, length_ms, from_ms, self._said_until_ms, from_end, line.late, outranks)
        queue = sorted([*self._queue, queued])
        reason = self._try_queue(queue)
        if reason and outranks:
            return self._try_queue([one._replace(until_ms=self._end_ms) if one.outranks else one for one in queue])
        return reason

    def _at_its_time(self, line: DraftLine, utterance: Utterance, timing: SpeechTiming) -> str:
        length_ms = timing.length_ms
        wanted_ms = self._wanted_ms(line) - (timing.beat_ms if line.on_beat else 0)
        if not 0 <= wanted_ms < self._end_ms:
            return N_("it falls outside its phase")
        if not line.on_beat and not line.follows_tone:
            wanted_ms = max(wanted_ms, self._opening_ms, self._tones.get(wanted_ms, -AFTER_SOUND_MS) + AFTER_SOUND_MS)
        gaps = WORD_MARGINS if line.on_beat else PART_MARGINS if line.follows_tone else SENTENCE_MARGINS
        start_ms = first_gap(self._busy.intervals, wanted_ms, length_ms, gaps, wanted_ms + line.slack_ms)
        if start_ms is None:
            return N_("something else is being said there")
        if start_ms + length_ms > (self._end_ms if line.deadline_ms is None else line.deadline_ms):
            return N_("it is too long for the time left there")
        self._last_moved_ms = start_ms - wanted_ms
        self._say(line, utterance, start_ms, length_ms)
        return ""

    def _wanted_ms(self, line: DraftLine) -> int:
        at_ms = line.at_ms or 0
        return self._end_ms - at_ms if line.from_end else at_ms

    def _as_late_as_possible(self, line: DraftLine, utterance: Utterance, length_ms: int) -> str:
        limit_ms = self._end_ms
        for begins_ms, ends_ms in reversed(self._busy.intervals):
            if limit_ms - length_ms >= ends_ms + SENTENCE_MARGINS.after_ms:
                break
            limit_ms = min(limit_ms, begins_ms - SENTENCE_MARGINS.after_ms)
        if limit_ms - length_ms < self._opening_ms:
            return N_("there is no time left for it")
        self._say(line, utterance, limit_ms - length_ms, length_ms)
        return ""

    def _say(self, line: DraftLine, utterance: Utterance, start_ms: int, length_ms: int) -> None:
        insort(self._fixed, (start_ms, start_ms + length_ms))
        self._busy.add((start_ms, start_ms + length_ms))
        fills = line.priority >= Priority.REMINDER
        self._spoken.append(_TimedCue(start_ms, utterance, length_ms, line.from_end, fills))

    def _try_queue(self, queue: list[_QueuedLine]) -> str:
        """Say the lines of a queue one after the other, in the order of the draft, if all of them fit."""
        queued, from_ms = [], self._opening_ms
        for line in queue:
            from_ms, length_ms = max(from_ms, line.from_ms), line.length_ms
            start_ms = first_gap(self._fixed, from_ms, length_ms, SENTENCE_MARGINS, line.until_ms - length_ms)
            if start_ms is None:
                return N_("there is no time left for it")
            queued.append((start_ms, start_ms + length_ms))
            from_ms = start_ms + length_ms + SENTENCE_MARGINS.after_ms
        self._queue, self._queued = queue, queued
        self._busy = BusyTimes(self._end_ms, sorted(self._fixed + queued))
        return ""

    def _where(self, line: DraftLine) -> tuple[int, int | None]:
        """In which of the draft's phases a line was due, and when in it; `None` for no time inside the draft."""
        wanted_ms = self._wanted_ms(line)
        starts_ms = [0, *accumulate(template.duration_ms or 0 for template in self._draft.templates[:-1])]
        phase = max(0, bisect_right(starts_ms, wanted_ms) - 1)
        has_place = line.at_ms is not None and not line.as_late_as_possible and 0 <= wanted_ms < self._end_ms
        return phase, wanted_ms - starts_ms[phase] if has_place else None

    def phases(self) -> Iterator[Phase]:
        """The phases with their cues, sounds before words that begin at the same moment."""
        heard = [sound for sound in self._sounds if 0 <= sound.at_ms < self._end_ms] + self._spoken
        for line, (start_ms, _end_ms) in zip(self._queue, self._queued, strict=True):
            heard.append(_TimedCue(start_ms, line.utterance, line.length_ms, line.from_end))
        heard.sort(key=lambda cue: cue.at_ms)
        start_ms, at, cue = 0, 0, self._lengths.cue
        is_told_late = any(line.late for line in self._queue)
        for make, duration_ms in self._draft.templates:
            first, end_ms = at, _ENDLESS_MS if duration_ms is None else start_ms + duration_ms
            while at < len(heard) and heard[at].at_ms < end_ms:
                at += 1
            cues = [
                cue(at_ms - start_ms, content, length_ms, from_end, fills)
                for at_ms, content, length_ms, from_end, fills in heard[first:at]
            ]
            made = make(duration_ms=duration_ms, cues=tuple(cues))
            is_told_here = is_told_late and start_ms <= self._late_from_ms < end_ms
            yield replace(made, ready_ms=end_ms - self._late_from_ms) if is_told_here else made
            start_ms = end_ms
