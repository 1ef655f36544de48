"""What was done: the record of one performance of a session, grown from the run's events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from timer_app.core.player import events as ev
from timer_app.core.text.format import count_text, length_text, with_side, with_unit
from timer_app.core.timeline.model import Timeline

Ending = Literal["running", "finished", "finished early", "given up"]
Outcome = Literal["done", "in part", "not done"]


@dataclass(slots=True)
class StepRecord:
    """What was done of one step of the file.

    Attributes:
        name: The step's name.
        dose: What was planned for the whole session, in words.
        held_ms: Time spent at work.
        reps: Reps counted, by tempo or by hand.
        rounds: Rounds of a flow done to their end; those of a block are none of them.
        sets: Sets done to their end, each side counted by itself; a self-paced one only where a rep was counted.
        sides: How many of these each side has, by its name; empty for a step without sides.
        skipped: Phases left before their end.
        repeated: Sets done once more.
        added_ms: Time added, less time taken off.
    """

    name: str
    dose: str
    held_ms: int = 0
    reps: int = 0
    rounds: int = 0
    sets: int = 0
    skipped: int = 0
    repeated: int = 0
    added_ms: int = 0
    sides: dict[str, int] = field(default_factory=dict)

    @property
    def sets_in_words(self) -> str:
        """`1 set`, `2 sets each side`, `2 sets (left), 1 set (right)`; empty where none was done to its end."""
        counts = set(self.sides.values())
        if len(self.sides) > 1 and len(counts) == 1:
            return f"{count_text(counts.pop(), 'set')} each side"
        if self.sides:
            return ", ".join(f"{count_text(count, 'set')} ({side})" for side, count in self.sides.items())
        return count_text(self.sets, "set") if self.sets else ""

    @property
    def counts_in_words(self) -> Iterator[str]:
        """`10 reps`, `3 rounds`: what of them was counted."""
        for count, unit in (self.reps, "rep"), (self.rounds, "round"):
            if count:
                yield count_text(count, unit)

    @property
    def done_in_words(self) -> str:
        """`2 sets each side, 10 reps, 1:30, left early`: all that was done of it; `not done` where that is nothing."""
        return ", ".join(self._done()) or "not done"

    def _done(self) -> Iterator[str]:
        if not self.was_done:
            return
        if self.sets:
            yield self.sets_in_words
        yield from self.counts_in_words
        if self.held_ms:
            yield length_text(self.held_ms)
        if self.repeated:
            yield f"{self.repeated} once more"
        if self.skipped:
            yield "left early"

    @property
    def was_done(self) -> bool:
        """Whether any work was done in it."""
        return self.held_ms > 0 or self.reps > 0

    @property
    def outcome(self) -> Outcome:
        """What became of it: it is done `in part` where work was done but some of it was left early."""
        if not self.was_done:
            return "not done"
        return "in part" if self.skipped else "done"


@dataclass(frozen=True, slots=True)
class Answer:
    """A number that the user gave.

    Attributes:
        key: What was measured, such as `pain`.
        name: The same for reading: the name of the step.
        unit: Empty for a plain number.
        side: The side asked about, if any.
        value: The number.
    """

    key: str
    name: str
    unit: str
    side: str | None
    value: float

    @property
    def in_words(self) -> str:
        """`Fingertips to floor, left: 12.5 cm`."""
        return f"{with_side(self.name, self.side)}: {with_unit(self.value, self.unit)}"


@dataclass(slots=True)
class SessionRecord:
    """One performance of a session.

    Attributes:
        name: The session's name.
        steps: One for each of `Timeline.steps`, in the same order.
        answers: In the order first given; going back to a question and answering it anew replaces the answer.
        ending: How it ended, or `running`.
        spent_ms: From the start to the end or to the last event, pauses included.
        paused_ms: How much of that was paused.
    """

    name: str
    steps: list[StepRecord]
    answers: list[Answer] = field(default_factory=list)
    ending: Ending = "running"
    spent_ms: int = 0
    paused_ms: int = 0

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
    """Turns events into a record."""

    def __init__(self, timeline: Timeline) -> None:
        steps = [StepRecord(step.name, step.whole_dose) for step in timeline.steps]
        self.record = SessionRecord(timeline.name, steps)
        self._timeline = timeline
        self._began_ms: int | None = None
        self._spent_before_ms = 0
        self._paused_at_ms: int | None = None
        self._finished_units: set[int] = set()
        self._answer_places: dict[int, int] = {}
        self._own_reps = 0  # counted by hand in the set that runs

    def resume_from(self, earlier: SessionRecord, answered: Sequence[int], units: Iterable[int], own_reps: int) -> None:
        """Go on with the record of a run that was cut off.

        Args:
            earlier: What was done by then, in a run with the same phases.
            answered: The phases in which its answers were given, in their order.
            units: Those of which a set was done.
            own_reps: Reps counted by hand in the set in which this run begins.
        """
        for step, now in zip(earlier.steps, self.record.steps, strict=True):
            step.name, step.dose = now.name, now.dose  # this run may be in another language
        self.record, self._spent_before_ms = earlier, earlier.spent_ms
        self._answer_places = {phase: place for place, phase in enumerate(answered)}
        self._finished_units, self._own_reps = set(units), own_reps

    def observe(self, events: Iterable[ev.Event]) -> None:
        """Take note of `events`, which must come in order."""
        for event in events:
            self._keep_time(event.due_ms)
            self._note(event)

    def _keep_time(self, at_ms: int) -> None:
        if self._began_ms is None:
            self._began_ms = at_ms
        self.record.spent_ms = max(self.record.spent_ms, self._spent_before_ms + at_ms - self._began_ms)

    def _note(self, event: ev.Event) -> None:
        match event:
            case ev.PhaseEnded():
                self._note_phase(event)
            case ev.RepCounted():
                self._note_rep(event.index)
            case ev.TimeAdded():
                if step := self._step(event.index):
                    step.added_ms += event.added_ms
            case ev.Measured(value=float(value)):
                self._note_answer(event.index, value)
            case ev.Paused() if self._paused_at_ms is None:
                self._paused_at_ms = event.due_ms
            case ev.Resumed():
                self._end_pause(event.due_ms)
            case ev.Finished():
                self._end("finished early" if event.early else "finished", event.due_ms)
            case ev.Aborted():
                self._end("given up", event.due_ms)

    def _step(self, index: int) -> StepRecord | None:
        step = self._timeline.phases[index].step
        return None if step is None else self.record.steps[step]

    def _note_rep(self, index: int) -> None:
        self._own_reps += self._timeline.phases[index].self_paced
        if step := self._step(index):
            step.reps += 1

    def _note_phase(self, event: ev.PhaseEnded) -> None:
        phase, step = self._timeline.phases[event.index], self._step(event.index)
        if step is None or phase.kind != "work":
            return
        step.held_ms += event.done_ms
        step.skipped += event.skipped
        step.rounds += not event.skipped and self._timeline.ends_round(event.index)
        own_reps, self._own_reps = self._own_reps, 0
        passed_over = event.skipped or (phase.self_paced and not own_reps)
        if passed_over or not self._timeline.ends_unit(event.index):
            return
        step.sets += 1
        if phase.side:
            step.sides[phase.side] = step.sides.get(phase.side, 0) + 1
        step.repeated += phase.unit in self._finished_units
        self._finished_units.add(phase.unit)

    def _note_answer(self, index: int, value: float) -> None:
        phase = self._timeline.phases[index]
        if phase.measure is None:
            return
        measure, answers = phase.measure, self.record.answers
        answer = Answer(measure.key, phase.label, measure.unit, phase.side, value)
        if index in self._answer_places:
            answers[self._answer_places[index]] = answer
            return
        self._answer_places[index] = len(answers)
        answers.append(answer)

    def _end_pause(self, at_ms: int) -> None:
        if self._paused_at_ms is not None:
            self.record.paused_ms += max(0, at_ms - self._paused_at_ms)
            self._paused_at_ms = None

    def _end(self, ending: Ending, at_ms: int) -> None:
        self._end_pause(at_ms)
        self.record.ending = ending
