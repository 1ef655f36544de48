"""The record of one performance of a session, reduced from the events of its run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from timer_app.core.fields.load import Load, parse_load
from timer_app.core.player import events as ev
from timer_app.core.player.succession import Begun, Succession
from timer_app.core.timeline import Measure, Phase, Timeline

Ending = Literal["running", "finished", "finished early", "given up"]
Outcome = Literal["done", "in part", "not done"]


@dataclass(slots=True)
class StepRecord:
    """What was done of one step of the file.

    Attributes:
        name: The step's name.
        held_ms: Time spent at work.
        reps: Reps counted, by tempo or by hand.
        rounds: Completed rounds of a flow, or of a block with one clock; those of other blocks do not count.
        sets: Completed sets, each side counted by itself; a self-paced one only if a rep was counted.
        planned_sets: The sets there are to do, each side counted by itself.
        sides: The completed sets of each side, by its name; empty for a step without sides.
        skipped: Sets left before their end and not completed in another attempt.
        repeated: Completed sets that were repetitions of one done before.
        added_ms: Time added, less time taken off.
    """

    name: str
    held_ms: int = 0
    reps: int = 0
    rounds: int = 0
    sets: int = 0
    skipped: int = 0
    repeated: int = 0
    added_ms: int = 0
    planned_sets: int = 0
    sides: dict[str, int] = field(default_factory=dict)

    @property
    def was_done(self) -> bool:
        """Whether any work was done in it."""
        return self.held_ms > 0 or self.reps > 0 or self.rounds > 0

    @property
    def missing_sets(self) -> int:
        """How many of its sets were completed in no attempt."""
        return max(0, self.planned_sets - (self.sets - self.repeated))

    @property
    def outcome(self) -> Outcome:
        """How it went: `done` if every set of it was completed, `in part` if work was done but a set is missing."""
        if not self.was_done:
            return "not done"
        return "in part" if self.missing_sets else "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """A number that the user gave.

    Attributes:
        key: What was measured, such as `pain`.
        name: The same for reading: the name of the step.
        unit: Empty for a plain number.
        side: The side asked about, if any.
        value: The number.
        phase: The index of the phase that asked for it.
        at_ms: When it was given, from the start of the record.
        area: The key of the question's name, the same in every language; empty for none.
    """

    key: str
    name: str
    unit: str
    side: str | None
    value: float
    phase: int = 0
    at_ms: int = 0
    area: str = ""


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One attempt at a set, each side counted by itself; a set that is repeated has a record for each attempt.

    Attributes:
        unit: The unit of its phases.
        step: Index of its step.
        number: Which set of its exercise it is, from 1.
        side: The side it was done on, if any.
        began_ms: When it began, from the start of the record.
        repeated: The same set had been done before.
        held_ms: Time spent at work in the phases of it that are over.
        reps: Reps counted in it.
        is_over: It was left or came to its end; otherwise it is under way.
        done: It came to its end; one with self-paced reps only where they were counted or answered.
        load: With what it was done, as answered; `None` for as planned.
        rpe: How hard it was from 1 to 10, as answered.
        rir: How many reps were left in reserve, as answered.
    """

    unit: int
    step: int
    number: int
    side: str | None
    began_ms: int
    repeated: bool = False
    held_ms: int = 0
    reps: int = 0
    is_over: bool = False
    done: bool = False
    load: str | None = None
    rpe: float | None = None
    rir: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which the run stood still, its lead-in included.

    Attributes:
        began_ms: From the start of the record.
        ended_ms: `None` while it lasts, and for good where the program was killed in it.
    """

    began_ms: int
    ended_ms: int | None = None


@dataclass(slots=True)
class SessionRecord:
    """One performance of a session.

    Attributes:
        name: The session's name.
        steps: One for each of `Timeline.steps`, in the same order.
        answers: In the order first given; answering a question again replaces the answer.
        ending: How it ended, or `running`.
        spent_ms: From the start to the end or to the moment until which time was counted, pauses included.
        paused_ms: How much of that was paused, with the pause that lasts.
        sets: In the order in which they were begun.
        pauses: In order.
        revision: Grows with every event that was noted.
    """

    name: str
    steps: list[StepRecord]
    answers: list[Answer] = field(default_factory=list)
    ending: Ending = "running"
    spent_ms: int = 0
    paused_ms: int = 0
    sets: list[SetRecord] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    revision: int = 0

    def outcomes(self, timeline: Timeline, questions: Mapping[int | None, int]) -> tuple[Outcome, ...]:
        """How each step went: work by what was done of it, questions by how many were answered; all others are done.

        Args:
            timeline: What is run.
            questions: How many questions each step asks, by its index, for those that ask.
        """
        answers = Counter(timeline.phases[answer.phase].step for answer in self.answers)

        def outcome(index: int, record: StepRecord) -> Outcome:
            if timeline.steps[index].is_work:
                return record.outcome
            if answers[index] >= questions.get(index, 0):
                return "done"
            return "in part" if answers[index] else "not done"

        return tuple(outcome(index, record) for index, record in enumerate(self.steps))

    @property
    def active_ms(self) -> int:
        """Time spent without the pauses."""
        return self.spent_ms - self.paused_ms

    @property
    def work_ms(self) -> int:
        """Time spent at work."""
        return sum(step.held_ms for step in self.steps)

    @property
    def reps(self) -> int:
        """All reps counted."""
        return sum(step.reps for step in self.steps)


class Recorder:
    """Reduces the events of a run to a record; nothing else interprets them.

    Args:
        timeline: What is run.
        earlier: The record of a run of the same phases that was cut off and goes on here; it is changed in place.
        continues_set: The run begins within the last set of `earlier`, and not at its start.
    """

    def __init__(
        self, timeline: Timeline, earlier: SessionRecord | None = None, *, continues_set: bool = False
    ) -> None:
        self._timeline = timeline
        self._began_ms: int | None = None
        self._open_set: int | None = None  # indices into the record
        self._open_pause: int | None = None
        self._resumable_set: int | None = None
        planned_sets = _planned_sets(timeline)
        steps = [StepRecord(step.name, planned_sets=planned_sets[n]) for n, step in enumerate(timeline.steps)]
        self.record = SessionRecord(timeline.name, steps) if earlier is None else earlier
        self._spent_before_ms = self.record.spent_ms
        self._paused_before_ms = self.record.paused_ms  # in pauses that are over
        self._done_units = {one.unit for one in self.record.sets if one.done}
        self._left_units = _left_units(self.record)
        if earlier is not None:
            for step, planned in zip(earlier.steps, steps, strict=True):
                step.name = planned.name  # this run may be in another language
                step.planned_sets = planned.planned_sets
            if continues_set and earlier.sets and not earlier.sets[-1].done:
                self._resumable_set = len(earlier.sets) - 1

    def change_course(self, timeline: Timeline, unit: int) -> None:
        """Go on with another timeline of the same steps, in which all from unit `unit` on is still to be done."""
        self._timeline = timeline
        self._done_units = {done for done in self._done_units if done < unit}
        self._left_units = {left for left in self._left_units if left < unit}
        planned_sets = _planned_sets(timeline)
        for number, (step, planned) in enumerate(zip(self.record.steps, timeline.steps, strict=True)):
            step.name, step.planned_sets = planned.name, planned_sets[number]
        self.record.revision += 1

    @property
    def begun(self) -> Begun:
        """What has been begun, in whatever order."""
        sets, steps = self.record.sets, self.record.steps
        touched = {at for at, step in enumerate(steps) if step.was_done or step.skipped or step.added_ms}
        asked = {self._timeline.phases[answer.phase].step for answer in self.record.answers}
        return Begun(
            touched | {one.step for one in sets} | {step for step in asked if step is not None},
            {one.unit for one in sets},
        )

    def follow(self, succession: Succession) -> None:
        """Go on with what a run has taken over: what was done stays with its step, wherever that is now."""
        timeline, record = succession.timeline, self.record
        self._timeline = timeline
        known = {to: record.steps[at] for at, to in enumerate(succession.steps) if to is not None}
        planned_sets = _planned_sets(timeline)
        record.steps[:] = [known.get(number) or StepRecord(info.name) for number, info in enumerate(timeline.steps)]
        for number, (step, info) in enumerate(zip(record.steps, timeline.steps, strict=True)):
            step.name, step.planned_sets = info.name, planned_sets[number]
        record.sets[:] = [_moved_to(one, succession.steps[one.step]) for one in record.sets]
        answers = ((answer, succession.phases[answer.phase]) for answer in record.answers)
        record.answers[:] = [replace(answer, phase=phase) for answer, phase in answers if phase is not None]
        record.revision += 1

    def observe(self, events: Iterable[ev.Event], until_ms: int | None = None) -> None:
        """Take note of events, and of the time that has passed.

        Args:
            events: What happened, in order.
            until_ms: The moment until which time is counted, on the clock of the events; `None` for the last event.
        """
        for event in events:
            if self._began_ms is None:
                self._began_ms = event.due_ms
            at_ms = self._pass_time(event.due_ms - self._began_ms)
            self.record.revision += 1
            self._note(event, at_ms)
        if until_ms is not None and self._began_ms is not None and self.record.ending == "running":
            self._pass_time(until_ms - self._began_ms)

    def _pass_time(self, since_began_ms: int) -> int:
        """Count the time until then; returns the moment from the start of the record."""
        at_ms = self._spent_before_ms + max(0, since_began_ms)
        self.record.spent_ms = max(self.record.spent_ms, at_ms)
        if self._open_pause is not None:
            began_ms = self.record.pauses[self._open_pause].began_ms
            self.record.paused_ms = self._paused_before_ms + self.record.spent_ms - began_ms
        return at_ms

    def _note(self, event: ev.Event, at_ms: int) -> None:
        match event:
            case ev.PhaseStarted():
                self._begin_set(event.index, at_ms)
            case ev.PhaseEnded():
                self._note_work(event)
            case ev.RepCounted():
                self._note_rep(event.index)
            case ev.RoundCounted() | ev.TimeAdded():
                self._note_amount(event)
            case ev.Measured():
                self._note_measured(event, at_ms)
            case ev.Paused():
                self._begin_pause(at_ms)
            case ev.Resumed():
                self._end_pause(at_ms)
            case ev.Finished() | ev.Aborted():
                self._end_pause(at_ms)
                self.record.ending = _ending_of(event)

    def _is_work(self, index: int) -> bool:
        phase = self._timeline.phases[index]
        return phase.kind == "work" and phase.step is not None

    def _step(self, index: int) -> StepRecord | None:
        step = self._timeline.phases[index].step
        return None if step is None else self.record.steps[step]

    def _begin_set(self, index: int, at_ms: int) -> None:
        """Begin a set with its first phase of work; a set that was cut off goes on."""
        if self._open_set is not None or not self._is_work(index):
            return
        phase, sets = self._timeline.phases[index], self.record.sets
        repeated = phase.unit in self._done_units
        if self._resumable_set is not None and sets[self._resumable_set].unit == phase.unit:
            self._open_set = self._resumable_set
            sets[self._open_set] = replace(sets[self._open_set], is_over=False, repeated=repeated)
        else:
            self._open_set = len(sets)
            sets.append(SetRecord(phase.unit, phase.step or 0, phase.set or 1, phase.side, at_ms, repeated))
        self._resumable_set = None

    def _note_rep(self, index: int) -> None:
        if step := self._step(index):
            step.reps += 1
        if self._open_set is not None:
            current = self.record.sets[self._open_set]
            self.record.sets[self._open_set] = replace(current, reps=current.reps + 1)

    def _note_amount(self, event: ev.RoundCounted | ev.TimeAdded) -> None:
        """Count a round, or the time that was added."""
        if (step := self._step(event.index)) is None:
            return
        if isinstance(event, ev.RoundCounted):
            step.rounds += 1
        elif self._timeline.phases[event.index].measure is None:  # time for an answer is no more work
            step.added_ms += event.added_ms

    def _note_work(self, event: ev.PhaseEnded) -> None:
        step = self._step(event.index)
        if step is None or self._open_set is None or not self._is_work(event.index):
            return
        step.held_ms += event.done_ms
        step.rounds += not event.skipped and self._timeline.ends_round(event.index)
        sets, number = self.record.sets, self._open_set
        sets[number] = replace(sets[number], held_ms=sets[number].held_ms + event.done_ms)
        if event.skipped or self._timeline.ends_unit(event.index):
            self._end_set(event, number, step)

    def _end_set(self, event: ev.PhaseEnded, number: int, step: StepRecord) -> None:
        self._open_set = None
        current, phase = self.record.sets[number], self._timeline.phases[event.index]
        is_uncounted = phase.self_paced and not phase.is_open_ended and not current.reps
        done = not event.skipped and not is_uncounted
        self.record.sets[number] = replace(current, is_over=True, done=done)
        if done:
            self._complete_set(current, step)
        elif event.skipped and current.unit not in self._done_units | self._left_units:
            self._left_units.add(current.unit)
            step.skipped += 1

    def _complete_set(self, current: SetRecord, step: StepRecord) -> None:
        self._done_units.add(current.unit)
        if current.unit in self._left_units:
            self._left_units.remove(current.unit)
            step.skipped = max(0, step.skipped - 1)
        step.sets += 1
        step.repeated += current.repeated
        if current.side:
            step.sides[current.side] = step.sides.get(current.side, 0) + 1

    def _note_measured(self, event: ev.Measured, at_ms: int) -> None:
        measure = self._timeline.phases[event.index].measure
        if measure is not None and measure.of_set is not None:
            self._note_set_answer(event.index, event.value)
        elif event.value is not None:
            self._note_answer(event.index, event.value, at_ms)

    def _note_set_answer(self, index: int, value: float | None) -> None:
        """Note what was answered about the set before a question; without an answer, it was as planned."""
        phase, sets = self._timeline.phases[index], self.record.sets
        measure = phase.measure
        number = next((n for n in reversed(range(len(sets))) if sets[n].step == phase.step), None)
        if measure is None or number is None or (sets[number].number, sets[number].side) != (phase.set, phase.side):
            return
        match measure.of_set:
            case "reps":
                self._note_reps(number, value, phase)
            case "load" if value is not None:
                sets[number] = replace(sets[number], load=_load_of(value, measure))
            case "rpe" if value is not None:
                sets[number] = replace(sets[number], rpe=value)
            case "rir" if value is not None:
                sets[number] = replace(sets[number], rir=value)

    def _note_reps(self, number: int, value: float | None, phase: Phase) -> None:
        current, step = self.record.sets[number], self.record.steps[phase.step or 0]
        planned = int((phase.measure.planned if phase.measure else "").rstrip("+") or 0)
        if value is None and (not current.done or current.reps):
            return  # what was counted stays, and a set that was left is not made up
        reps = planned if value is None else int(value)
        step.reps += reps - current.reps
        is_done = current.done or (reps > 0 and reps >= planned)
        if is_done and not current.done:
            self._complete_set(current, step)  # it was ended without counting, and not left
        self.record.sets[number] = replace(current, reps=reps, done=is_done)

    def _note_answer(self, index: int, value: float, at_ms: int) -> None:
        phase, answers = self._timeline.phases[index], self.record.answers
        if phase.measure is None:
            return
        measure = phase.measure
        answer = Answer(measure.key, phase.label, measure.unit, phase.side, value, index, at_ms, measure.area)
        for number, earlier in enumerate(answers):
            if earlier.phase == index:
                answers[number] = answer
                return
        answers.append(answer)

    def _begin_pause(self, at_ms: int) -> None:
        if self._open_pause is None:
            self._open_pause = len(self.record.pauses)
            self.record.pauses.append(Pause(at_ms))

    def _end_pause(self, at_ms: int) -> None:
        if self._open_pause is not None:
            pause = self.record.pauses[self._open_pause]
            self.record.pauses[self._open_pause] = replace(pause, ended_ms=at_ms)
            self._paused_before_ms = self.record.paused_ms
            self._open_pause = None


def _moved_to(one: SetRecord, step: int | None) -> SetRecord:
    return one if step is None or step == one.step else replace(one, step=step)


def _planned_sets(timeline: Timeline) -> Counter[int]:
    """How many sets each step has in the whole session, by its index."""
    sets = {(phase.step, phase.unit) for phase in timeline.phases if phase.kind == "work" and phase.step is not None}
    return Counter(step for step, _ in sets)


def _left_units(record: SessionRecord) -> set[int]:
    """The sets of a record that was cut off which were left early, without the one that was under way."""
    done = {one.unit for one in record.sets if one.done}
    left = {one.unit: one.step for one in record.sets if not one.done and one.unit not in done}
    if left and record.sets[-1].unit in left:
        last = record.sets[-1]
        if sum(step == last.step for step in left.values()) > record.steps[last.step].skipped:
            del left[last.unit]
    return set(left)


def _load_of(amount: float, measure: Measure) -> str:
    """An answered amount with the words of the planned load around it: `2 x 14 kg`."""
    planned = parse_load(measure.planned) if measure.planned else Load("", unit=measure.unit)
    return str(planned.with_amount(Decimal(str(amount))))


def _ending_of(event: ev.Finished | ev.Aborted) -> Ending:
    if isinstance(event, ev.Aborted):
        return "given up"
    return "finished early" if event.early else "finished"
