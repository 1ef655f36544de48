"""Turns the events of a run into lines of text.

What was done, as lines of text, when a run is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from timer_app.core.fields.notation import duration_text
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.text.format import count_text, length_text
from timer_app.core.timeline.model import Phase, StepInfo, Timeline
from timer_app.core.training.progression import dose_explanations

_HOUR_S = 3600
_ACTIVE_KINDS = ("prepare", "work", "measure", "wait")
_SENTENCE_ENDS = (".", "!", "?", "…", "。")


def clock_text(ms: int) -> str:
    """A time as a clock shows it: `0:06`, `12:30`, `1:02:03`; begun seconds do not count."""
    seconds = max(0, ms) // 1000
    minutes, seconds = divmod(seconds, 60)
    if minutes * 60 < _HOUR_S:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def exact_length_text(ms: int) -> str:
    """The same to a tenth of a second: `1.5 s`, `30 s`."""
    return duration_text((max(0, ms) + 50) // 100 * 100)


def format_line(time: str, word: str, text: str) -> str:
    """One line of the run: the time since its start, a word that says what it is, and the rest."""
    return f"{time:>7}  {word:<8}  {text}".rstrip()


class LineFormatter:
    """Makes the lines of one run.

    Args:
        timeline: What is run; may be replaced by one with better lengths.
        answers: Somebody can answer, and is told how at steps that wait.
    """

    def __init__(self, timeline: Timeline, *, answers: bool) -> None:
        self.timeline = timeline
        self._is_interactive = answers
        self._began_ms: int | None = None
        self._printed_texts: set[str] = set()

    def format(self, events: Iterable[ev.Event]) -> Iterator[str]:
        """The lines for `events`, which must come in order."""
        for event in events:
            if self._began_ms is None:
                self._began_ms = event.due_ms
            for word, text in self._event_lines(event):
                yield format_line(clock_text(event.due_ms - self._began_ms), word, text)

    def _event_lines(self, event: ev.Event) -> Iterator[tuple[str, str]]:  # noqa: C901 - one case an event
        match event:
            case ev.PhaseStarted(index=index):
                yield from self._phase_lines(index)
            case ev.PhaseEnded(skipped=True):
                yield from self._skipped_line(event)
            case ev.RepCounted():
                yield self._rep_line(event)
            case ev.CueDue(index=int(index), cue=cue):
                if cue.kind == "speech" and _is_new_instruction(cue.text, self.timeline.phases[index]):
                    yield "COACH", cue.text
            case ev.TimeAdded(added_ms=added_ms):
                yield "TIME", f"{length_text(abs(added_ms))} {'less' if added_ms < 0 else 'more'}"
            case ev.Measured():
                yield self._answer_line(event)
            case ev.Paused():
                yield "PAUSED", "Enter goes on" if self._is_interactive else ""
            case ev.Resumed():
                yield "GOING ON", ""
            case ev.Finished(early=early):
                yield "FINISHED", f"{self.timeline.name}{', before its end' if early else ''}"
            case ev.Aborted():
                yield "GIVEN UP", self.timeline.name

    def _phase_lines(self, index: int) -> Iterator[tuple[str, str]]:
        phase = self.timeline.phases[index]
        length = f"  ({length_text(phase.duration_ms)})" if phase.duration_ms else ""
        match phase.kind:
            case "work":
                yield from self._work_lines(index, phase)
            case "prepare":
                yield "PREPARE", _joined(_phase_label(phase), self._unless_printed(phase.text)) + length
                if grown := self._unless_printed(self._growth(phase)):
                    yield "DOSE", grown
            case "switch":
                yield "SWITCH", _phase_label(phase) + length
            case "rest":
                yield "REST", _rest_text(phase, self._next_label(index)) + length
            case "measure":
                yield "ASK", _question_text(phase) + self._hint(phase, _range_hint(phase))
            case "wait":
                yield "WAIT", phase.text + self._hint(phase, "Enter goes on")
            case "say":
                yield "SAY", phase.text

    def _work_lines(self, index: int, phase: Phase) -> Iterator[tuple[str, str]]:
        if phase.overrun:
            yield (
                "HOLD",
                f"{_phase_label(phase)}: past its time, as long as you like{self._hint(phase, 'Enter goes on')}",
            )
        elif phase.self_paced:
            hint = self._hint(phase, "Enter counts one")
            yield "REPS", f"{_phase_label(phase)}: {count_text(phase.reps or 0, 'rep')} at your own pace{hint}"
        else:
            if self._begins_unit(index):
                yield self._set_line(index, phase)
            if phase.part and phase.rep is None:
                yield (
                    "PART",
                    (
                        f"{_joined(phase.part, self._unless_printed(phase.text))}"
                        f"  ({exact_length_text(phase.duration_ms or 0)})"
                    ),
                )

    def _set_line(self, index: int, phase: Phase) -> tuple[str, str]:
        """The line with which a set begins."""
        length = f"  ({length_text(self._unit_ms(index))})"
        if phase.rep is not None:
            return "REPS", f"{_phase_label(phase)}: {count_text(phase.reps or 0, 'rep')}{length}"
        if phase.part:
            return (
                "FLOW",
                f"{_phase_label(replace(phase, round=None))}: {count_text(phase.rounds or 0, 'round')}{length}",
            )
        return "HOLD", f"{_phase_label(phase)}{length}"

    def _growth(self, phase: Phase) -> str:
        """Where the dose of the step comes from."""
        step = None if phase.step is None else self.timeline.steps[phase.step]
        return f"{step.name}: {step.growth}" if step and step.growth else ""

    def _unless_printed(self, text: str) -> str:
        """An instruction that was told before is not told again, as the coach does not say it again."""
        if text in self._printed_texts:
            return ""
        self._printed_texts.add(text)
        return text

    def _hint(self, phase: Phase, how: str) -> str:
        """What is said of a phase that waits: how to go on, or when it does so by itself."""
        if phase.duration_ms is not None:
            return f"  (goes on by itself after {length_text(phase.duration_ms)})"
        return f"  ({how})" if self._is_interactive else ""

    def _next_label(self, index: int) -> str:
        """What a rest leads to, with its place: a rest between rounds has a place of its own, that of its block."""
        rest, following = self.timeline.phases[index], self.timeline.next_unit(index)
        if rest.set is None and following is not None and self.timeline.phases[following].kind in _ACTIVE_KINDS:
            return _phase_label(self.timeline.phases[following], rest.up_next)
        return _phase_label(rest, rest.up_next)

    def _begins_unit(self, index: int) -> bool:
        return index == 0 or self.timeline.phases[index - 1].unit != self.timeline.phases[index].unit

    def _unit_ms(self, index: int) -> int:
        unit = self.timeline.phases[index].unit
        following = takewhile(lambda phase: phase.unit == unit, islice(self.timeline.phases, index, None))
        return sum(phase.duration_ms or 0 for phase in following)

    def _skipped_line(self, event: ev.PhaseEnded) -> Iterator[tuple[str, str]]:
        phase = self.timeline.phases[event.index]
        if phase.kind == "work":
            yield "LEFT", f"{_phase_label(phase)}, after {length_text(event.done_ms)}"

    def _rep_line(self, event: ev.RepCounted) -> tuple[str, str]:
        reps = self.timeline.phases[event.index].reps
        return "REP", f"{event.rep} of {reps}" if reps else str(event.rep)

    def _answer_line(self, event: ev.Measured) -> tuple[str, str]:
        phase = self.timeline.phases[event.index]
        unit = f" {phase.measure.unit}" if phase.measure and phase.measure.unit else ""
        return "ANSWER", "passed over" if event.value is None else f"{event.value:g}{unit}"


def _is_new_instruction(spoken: str, phase: Phase) -> bool:
    """Whether a spoken line tells something that the phase's own line does not: counted numbers do not."""
    return phase.kind == "work" and spoken.endswith(_SENTENCE_ENDS) and spoken not in phase.text


def _phase_label(phase: Phase, name: str = "") -> str:
    """The exercise, and where in its sets, rounds and sides the phase is."""
    parts = [name or phase.label]
    if phase.side:
        parts.append(phase.side)
    if phase.set and (phase.sets or 0) > 1:
        parts.append(f"set {phase.set} of {phase.sets}")
    if phase.round and (phase.rounds or 0) > 1:
        parts.append(f"round {phase.round} of {phase.rounds}")
    return ", ".join(parts)


def _rest_text(phase: Phase, place: str) -> str:
    """What a rest says: the author's line, and what follows; between sets the text is the exercise's, told before."""
    following = f"next: {place}" if phase.up_next else ""
    said = phase.text if phase.set is None else ""
    return " ".join(filter(None, (said, following))) or phase.label


def _question_text(phase: Phase) -> str:
    """A question, and which side it is about."""
    return f"{phase.side[:1].upper()}{phase.side[1:]}: {phase.text}" if phase.side else phase.text


def _joined(head: str, text: str) -> str:
    return f"{head}: {text}" if text and text != head else head


def _range_hint(phase: Phase) -> str:
    measure = phase.measure
    if measure is None:
        return ""
    limits = "a number"
    if measure.low is not None and measure.high is not None:
        limits = f"{measure.low:g} to {measure.high:g}"
    unit = f" {measure.unit}" if measure.unit else ""
    return f"{limits}{unit}; Enter passes it over"


def summary_lines(record: SessionRecord, steps: Sequence[StepInfo] = ()) -> Iterator[str]:
    """The lines that tell what was done against what was planned.

    Args:
        record: What was done.
        steps: What was planned; says where doses that grow came from.
    """
    yield f"Time: {length_text(record.spent_ms)}, {length_text(record.work_ms)} of it at work{_paused(record)}."
    for step in record.steps:
        if step.was_done or step.skipped:
            yield f"  {step.name}: {step.done_in_words}{f' (planned: {step.dose})' if step.dose else ''}"
    yield from (f"  {answer.in_words}" for answer in record.answers)
    yield from (f"  {line}" for line in dose_explanations(steps))


def _paused(record: SessionRecord) -> str:
    return f", {length_text(record.paused_ms)} paused" if record.paused_ms else ""
