"""Turns the events of a run, and in the end its record, into lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from timer_app.core.i18n import _
from timer_app.core.player import events as ev
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.timeline import Measure, Phase, StepInfo, Timeline
from timer_app.core.wording.doses import clock_dose_text, dose_origin_line, dose_origin_lines, dose_text
from timer_app.core.wording.formatting import cell_len, clock_text, count_text, length_text, with_unit
from timer_app.core.wording.phases import (
    answer_range_text,
    load_text,
    part_text,
    phase_label,
    question_text,
    rest_text,
    with_instruction,
    with_length,
)
from timer_app.core.wording.record import answer_lines, done_text, planned_text, times_line

_ACTIVE_KINDS = ("prepare", "work", "measure", "wait")
_READY_KINDS = ("prepare", "switch", "rest")
_WORD_CELLS = 8
_SENTENCE_ENDS = (".", "!", "?", "…", "。")


def format_line(time: str, word: str, text: str) -> str:
    """One line of the run: the time since its start, a word that says what it is, and the rest."""
    padded = word + " " * (_WORD_CELLS - cell_len(word))
    return f"{time:>7}  {padded}  {text}".rstrip()


class LineFormatter:
    """Makes the lines of one run.

    Args:
        timeline: What is run; the runner replaces it when lengths become exact.
        answers: Somebody can type, so that steps that wait say what to press.
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

    def _event_lines(self, event: ev.Event) -> Iterator[tuple[str, str]]:  # noqa: C901, PLR0912 - one case an event
        match event:
            case ev.PhaseStarted(index=index):
                yield from self._phase_lines(index)
            case ev.PhaseEnded(skipped=True):
                yield from self._skipped_line(event)
            case ev.RepCounted(index=index, rep=rep):
                # A rep by tempo is printed as it begins, when the voice says its number.
                if self.timeline.phases[index].rep is None:
                    yield self._rep_line(index, rep)
            case ev.RoundCounted(index=index, round=number):
                rounds = self.timeline.phases[index].rounds
                yield _("ROUND"), _rounds_done_text(number, rounds)
            case ev.CueDue(index=int(index), cue=cue):
                if cue.kind == "speech" and _is_new_instruction(cue.text, self.timeline.phases[index]):
                    yield _("COACH"), cue.text
            case ev.TimeAdded(added_ms=added_ms):
                yield (
                    _("TIME"),
                    (_("{time} less") if added_ms < 0 else _("{time} more")).format(time=length_text(abs(added_ms))),
                )
            case ev.Measured():
                yield self._answer_line(event)
            case ev.Jumped(to=to):
                yield _("GO ON"), _("with {name}, by your answer").format(name=self.timeline.phases[to].label)
            case ev.Paused():
                yield _("PAUSED"), _("Enter goes on") if self._is_interactive else ""
            case ev.Resumed():
                yield _("GOING ON"), ""
            case ev.Finished(early=early):
                yield (
                    _("FINISHED"),
                    _("{name}, before its end").format(name=self.timeline.name) if early else self.timeline.name,
                )
            case ev.Aborted():
                yield _("GIVEN UP"), self.timeline.name

    def _phase_lines(self, index: int) -> Iterator[tuple[str, str]]:
        phase = self.timeline.phases[index]
        match phase.kind:
            case "work":
                yield from self._work_lines(index, phase)
            case "prepare":
                yield (
                    _("PREPARE"),
                    with_length(with_instruction(phase_label(phase), self._unless_printed(phase.text)), phase),
                )
                if origin := self._unless_printed(self._dose_origin(phase)):
                    yield _("DOSE"), origin
            case "switch":
                yield _("SWITCH"), with_length(phase_label(phase), phase)
            case "rest":
                yield _("REST"), with_length(rest_text(phase, self._next_label(index)), phase)
                work = self._introduced_in(index)
                if origin := self._unless_printed(self._dose_origin(work)) if work else "":
                    yield _("DOSE"), origin
            case "measure":
                yield _("ASK"), question_text(phase) + self._question_hint(phase)
            case "wait":
                yield _("WAIT"), phase.text + self._hint(phase, _("Enter goes on"))
            case "say":
                yield _("SAY"), phase.text

    def _work_lines(self, index: int, phase: Phase) -> Iterator[tuple[str, str]]:
        if phase.duration_ms is None or phase.self_paced or phase.overrun or phase.distance:
            yield self._waiting_line(index, phase)
            if not phase.overrun:
                yield from self._unexplained_line(index, phase)
            return
        if phase.counts_rounds:
            dose = clock_dose_text(phase.rounds or 0, phase.duration_ms)
            hint = f"  ({_('Enter counts one')})" if self._is_interactive else ""
            yield _("ROUNDS"), f"{phase_label(phase)}: {dose}{hint}"
            return
        if self._begins_unit(index):
            yield self._set_line(index, phase)
            if not phase.part or phase.rep is not None:
                yield from self._unexplained_line(index, phase)
        if phase.rep is not None and self._begins_rep(index):
            yield self._rep_line(index, phase.rep)
        if phase.part and phase.rep is None:
            yield _("PART"), part_text(phase, self._unless_printed(phase.text))

    def _waiting_line(self, index: int, phase: Phase) -> tuple[str, str]:
        """The line of work that the user ends."""
        label, load = phase_label(phase), load_text(phase)
        if phase.is_open_ended:
            hint = self._hint(phase, _("Enter counts one, n ends the set"))
            return _("REPS"), f"{label}: {self._open_reps_text(index, phase, load)}{hint}"
        if phase.self_paced:
            reps = _("{amount} at your own pace").format(amount=f"{count_text(phase.reps or 0, 'rep')}{load}")
            return _("REPS"), f"{label}: {reps}{self._hint(phase, _('Enter counts one'))}"
        if phase.distance:
            there = self._hint(phase, _("Enter says that you are there"))
            return _("GO"), f"{label}: {phase.distance}{load}{there}"
        if phase.overrun:
            longer = _("past its time, as long as you like")
            return _("HOLD"), f"{label}: {longer}{self._hint(phase, _('Enter goes on'))}"
        return _("HOLD"), f"{label}{load}: {_('as long as you can')}{self._hint(phase, _('Enter ends it'))}"

    def _open_reps_text(self, index: int, phase: Phase, load: str) -> str:
        """How many reps a set has that the user ends."""
        if not self._begins_unit(index):
            return _("as many more as you can")
        if not phase.reps:
            return _("{amount} at your own pace").format(amount=f"{_('as many reps as you can')}{load}")
        least = _("{amount} or more").format(amount=count_text(phase.reps, "rep"))
        return _("{amount} at your own pace").format(amount=f"{least}{load}")

    def _set_line(self, index: int, phase: Phase) -> tuple[str, str]:
        """The line with which a set begins."""
        length = f"{load_text(phase)}  ({length_text(self._unit_ms(index))})"
        if phase.rep is not None:
            reps = count_text(phase.reps or 0, "rep")
            if any(one.is_open_ended for one in self._unit(index)):
                reps = _("{amount} or more").format(amount=reps)
            return _("REPS"), f"{phase_label(phase)}: {reps}{length}"
        if phase.part:
            label = phase_label(phase, with_round=False)
            return _("FLOW"), f"{label}: {count_text(phase.rounds or 0, 'round')}{length}"
        return phase.word.upper() or _("HOLD"), f"{phase_label(phase)}{length}"

    def _unexplained_line(self, index: int, phase: Phase) -> Iterator[tuple[str, str]]:
        """The instruction of an exercise that begins without any time to get ready, in which it would be printed."""
        comes_first = index == 0 or self.timeline.phases[index - 1].kind not in _READY_KINDS
        told = phase.explanation
        if comes_first and told and told != phase.label and (text := self._unless_printed(told)):
            yield _("COACH"), text

    def _dose_origin(self, phase: Phase) -> str:
        return "" if phase.step is None else dose_origin_line(self.timeline.steps[phase.step])

    def _unless_printed(self, text: str) -> str:
        """`text`, or nothing where it was printed before: the coach does not repeat an instruction either."""
        if text in self._printed_texts:
            return ""
        self._printed_texts.add(text)
        return text

    def _hint(self, phase: Phase, how: str) -> str:
        """How to go on from a phase that waits, or when it goes on by itself."""
        if phase.duration_ms is not None:
            return f"  ({_('goes on by itself after {time}').format(time=length_text(phase.duration_ms))})"
        return f"  ({how})" if self._is_interactive else ""

    def _question_hint(self, phase: Phase) -> str:
        """What may be typed at a question, and when one with a time goes on by itself."""
        if phase.duration_ms is None or not self._is_interactive or phase.measure is None:
            return self._hint(phase, _answer_hint(phase.measure))
        text = (
            _("{hint}; it goes on as planned, {planned}, after {time}")
            if phase.measure.planned
            else _("{hint}; it goes on after {time}")
        )
        hint, time = _answer_hint(phase.measure), length_text(phase.duration_ms)
        return f"  ({text.format(hint=hint, planned=phase.measure.planned, time=time)})"

    def _next_label(self, index: int) -> str:
        """What follows a rest. A rest between rounds has no set of its own, so the set of what follows is named."""
        rest, following = self.timeline.phases[index], self.timeline.next_unit(index)
        if rest.set is None and following is not None and self.timeline.phases[following].kind in _ACTIVE_KINDS:
            label = phase_label(self.timeline.phases[following], rest.up_next)
            work = self._introduced_in(index)
            return with_instruction(label, self._unless_printed(work.explanation)) if work else label
        return phase_label(rest, rest.up_next)

    def _introduced_in(self, index: int) -> Phase | None:
        """The first set of an exercise if the rest before it is all the time to get ready for it."""
        rest, following = self.timeline.phases[index], self.timeline.phases[index + 1 : index + 2]
        return next((phase for phase in following if phase.kind == "work" and rest.set is None), None)

    def _begins_unit(self, index: int) -> bool:
        return index == 0 or self.timeline.phases[index - 1].unit != self.timeline.phases[index].unit

    def _unit(self, index: int) -> Iterator[Phase]:
        """The phases of a set from `index` on."""
        unit = self.timeline.phases[index].unit
        return takewhile(lambda phase: phase.unit == unit, islice(self.timeline.phases, index, None))

    def _unit_ms(self, index: int) -> int:
        """How long a set takes whose end the user does not decide on."""
        return sum(phase.duration_ms or 0 for phase in self._unit(index) if not phase.is_open_ended)

    def _skipped_line(self, event: ev.PhaseEnded) -> Iterator[tuple[str, str]]:
        phase = self.timeline.phases[event.index]
        if phase.kind == "work":
            yield _("LEFT"), _("{name}, after {time}").format(name=phase_label(phase), time=length_text(event.done_ms))

    def _rep_line(self, index: int, rep: int) -> tuple[str, str]:
        reps = self.timeline.phases[index].reps
        return _("REP"), _("{number} of {total}").format(number=rep, total=reps) if reps else str(rep)

    def _begins_rep(self, index: int) -> bool:
        phase, before = self.timeline.phases[index], self.timeline.phases[index - 1] if index else None
        return before is None or (before.unit, before.rep) != (phase.unit, phase.rep)

    def _answer_line(self, event: ev.Measured) -> tuple[str, str]:
        phase = self.timeline.phases[event.index]
        unit = phase.measure.unit if phase.measure else ""
        if event.value is None:
            return _("ANSWER"), _("as planned") if phase.measure and phase.measure.planned else _("passed over")
        return _("ANSWER"), with_unit(event.value, unit)


def _rounds_done_text(number: int, rounds: int | None) -> str:
    """How many rounds the user has counted; `ROUND` stands before it."""
    if rounds:
        return _("{count} of {total} done").format(count=number, total=rounds)
    return _("{count} done").format(count=number)


def _is_new_instruction(spoken: str, phase: Phase) -> bool:
    """Whether a spoken line says something that the line of its phase does not; counted numbers do not."""
    is_name = spoken[:-1] == phase.label
    return phase.kind == "work" and spoken.endswith(_SENTENCE_ENDS) and not is_name and spoken not in phase.text


def _answer_hint(measure: Measure | None) -> str:
    """What may be typed at a question."""
    if measure is None:
        return ""
    limits = answer_range_text(measure)
    number = limits or (f"{_('a number')} {measure.unit}" if measure.unit else _("a number"))
    enter = _("Enter for as planned") if measure.planned else _("Enter passes it over")
    return f"{number}; {enter}"


def summary_lines(record: SessionRecord, steps: Sequence[StepInfo]) -> Iterator[str]:
    """The lines that compare what was done with what was planned.

    Args:
        record: What was done.
        steps: What was planned, in the order of the record.
    """
    yield times_line(record)
    for info, step in zip(steps, record.steps, strict=True):
        if step.was_done or step.skipped:
            planned = planned_text(dose_text(info.whole_dose))
            yield f"  {step.name}: {done_text(step)}{f' ({planned})' if planned else ''}"
    yield from (f"  {line}" for line in answer_lines(record))
    yield from (f"  {line}" for line in dose_origin_lines(steps))
