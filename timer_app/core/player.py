"""The state machine that moves along a timeline.

It is told the time and never reads it: `send` takes commands, `advance` lets time pass, and both answer with the
events that fell due, each with its due moment. The events are the same however often it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, takewhile

from timer_app.core import events as ev
from timer_app.core.forecast import Stand, future_cues, lead_cues, placed
from timer_app.core.moves import Command, IllegalMoveError, State, allowed
from timer_app.core.snapshot import Snapshot
from timer_app.core.timeline import LeadIn, Phase, Timeline

_OVER = (State.FINISHED, State.ABORTED)
_GOING = (State.RUNNING, State.WAITING)


class Player:
    """Runs a timeline.

    Args:
        timeline: What to run.
        settle_ms: After a command that jumps, the new phase begins this much later, so that its first cue can still
            be handed to a sound card that is filled ahead of time.
    """

    def __init__(self, timeline: Timeline, settle_ms: int = 0) -> None:
        self.timeline = timeline
        self.state = State.READY
        self._settle_ms = settle_ms
        self._index = 0
        self._origin_ms = 0  # when the phase's offset is 0, on the clock; means nothing while the run is held
        self._held_ms = 0  # the offset at which a run stands that is paused or about to go on
        self._seen_ms = -1  # cues up to this offset have been told
        self._extra_ms = 0  # time added to this phase
        self._counted = 0
        self._again = False
        self._begun = False  # PhaseStarted has been told and PhaseEnded has not
        self._lead = timeline.resume
        self._lead_from_ms = 0
        self._lead_seen_ms = -1
        self._now_ms = 0

    @property
    def phase(self) -> Phase:
        """The phase the run stands in."""
        return self.timeline.phases[self._index]

    @property
    def index(self) -> int:
        """The index of `phase`."""
        return self._index

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen."""
        return self.state in _OVER

    def send(self, command: Command, now_ms: int, amount: int = 0, value: float | None = None) -> list[ev.Event]:
        """Follow a command, after everything that was due before it.

        Args:
            command: What to do.
            now_ms: The moment on the clock.
            amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
            value: The number for `ANSWER`; `None` passes the question over.

        Raises:
            IllegalMoveError: The run cannot do that now; the command changed nothing, and `due` on the error has the
                events that fell due before it.
        """
        due = self.advance(now_ms)
        try:
            targets = allowed(self.state, command)
            due += self._obey(command, self._now_ms, amount, value)
        except IllegalMoveError as refusal:
            refusal.due = due
            raise
        if self.state not in targets:
            raise AssertionError(f"{command!r} led to {self.state!r}, which the table does not have")
        return due

    def advance(self, now_ms: int) -> list[ev.Event]:
        """Let time pass until `now_ms`, and tell what fell due, in order."""
        self._now_ms = max(self._now_ms, now_ms)
        due: list[ev.Event] = []
        while step := self._step(self._now_ms):
            due += step
        return due

    def upcoming(self, from_ms: int, to_ms: int) -> list[ev.CueDue]:
        """The cues due from `from_ms` on and before `to_ms`, if no command comes in between."""
        stand = self._stand()
        if stand is None:
            return []
        lead = lead_cues(self._lead, self._lead_from_ms) if self.state is State.LEAD_IN else ()
        ahead = takewhile(lambda cue: cue.due_ms < to_ms, chain(lead, future_cues(self.timeline, stand)))
        return [cue for cue in ahead if cue.due_ms >= from_ms]

    def next_change_ms(self) -> int | None:
        """When the phase or the lead-in ends by itself; `None` if only the user can move the run."""
        if self.state is State.LEAD_IN:
            return self._lead_from_ms + self._lead.duration_ms
        duration_ms = self._duration_ms
        return None if self.state is not State.RUNNING or duration_ms is None else self._origin_ms + duration_ms

    def revise(self, timeline: Timeline) -> None:
        """Take over a timeline with the same phases but better lengths, from the next phase on.

        Raises:
            ValueError: It has another number of phases.
        """
        if len(timeline.phases) != len(self.timeline.phases):
            raise ValueError("a revised timeline must have the same phases")
        keep = self._index + 1 if self.state is not State.READY else 0
        self.timeline = Timeline(
            timeline.name,
            self.timeline.phases[:keep] + timeline.phases[keep:],
            timeline.steps,
            timeline.resume,
            timeline.again,
        )

    def snapshot(self, now_ms: int) -> Snapshot:
        """How the run looks at `now_ms`; call `advance` first."""
        elapsed_ms = self._offset_ms(max(now_ms, self._now_ms))
        duration_ms = self._duration_ms
        remaining_ms = None if duration_ms is None else max(0, duration_ms - elapsed_ms)
        rest_ms = self.timeline.total_ms - self.timeline.starts_ms[self._index] - (self.phase.duration_ms or 0)
        lead_in_ms = 0
        if self.state is State.LEAD_IN:
            lead_in_ms = max(0, self._lead_from_ms + self._lead.duration_ms - max(now_ms, self._now_ms))
        return Snapshot(
            state=self.state,
            index=self._index,
            phase=self.phase,
            elapsed_ms=elapsed_ms,
            remaining_ms=remaining_ms,
            duration_ms=duration_ms,
            lead_in_ms=lead_in_ms,
            counted=self._counted,
            again=self._again,
            session_elapsed_ms=self.timeline.starts_ms[self._index] + min(elapsed_ms, self.phase.duration_ms or 0),
            session_remaining_ms=rest_ms + (remaining_ms or 0),
        )

    @property
    def _duration_ms(self) -> int | None:
        return None if self.phase.duration_ms is None else max(0, self.phase.duration_ms + self._extra_ms)

    def _offset_ms(self, now_ms: int) -> int:
        if self.state in _GOING:
            return max(0, now_ms - self._origin_ms)
        return self._held_ms

    def _step(self, now_ms: int) -> list[ev.Event]:
        """The next events that are due by `now_ms`; empty when there is nothing more to tell."""
        if self.state is State.LEAD_IN:
            return self._step_lead_in(now_ms)
        if self.state not in _GOING:
            return []
        due: list[ev.Event] = list(self._cues_until(now_ms))
        end_ms = self.next_change_ms()
        if end_ms is not None and end_ms <= now_ms:
            return due + self._leave(end_ms, skipped=False)
        return due

    def _cues_until(self, now_ms: int) -> Iterator[ev.CueDue]:
        duration_ms = self._duration_ms
        until_ms = now_ms - self._origin_ms
        if duration_ms is not None:
            until_ms = min(until_ms, duration_ms)
        for offset_ms, cue in placed(self.phase, self._extra_ms):
            if self._seen_ms < offset_ms <= until_ms:
                yield ev.CueDue(self._origin_ms + offset_ms, self._index, cue)
        self._seen_ms = max(self._seen_ms, until_ms)

    def _step_lead_in(self, now_ms: int) -> list[ev.Event]:
        until_ms = now_ms - self._lead_from_ms
        due: list[ev.Event] = [
            ev.CueDue(self._lead_from_ms + cue.offset_ms, None, cue)
            for cue in self._lead.cues
            if self._lead_seen_ms < cue.offset_ms <= min(until_ms, self._lead.duration_ms)
        ]
        self._lead_seen_ms = max(self._lead_seen_ms, until_ms)
        if until_ms < self._lead.duration_ms:
            return due
        end_ms = self._lead_from_ms + self._lead.duration_ms
        if not self._begun:
            return due + self._enter(self._index, end_ms)
        self._origin_ms = end_ms - self._held_ms
        self.state = State.WAITING if self.phase.is_open else State.RUNNING
        due.append(ev.Resumed(end_ms))
        return due

    def _stand(self) -> Stand | None:
        """Where the run stands and how it goes on by itself; `None` while only the user can move it."""
        stand = Stand(self._index, self._origin_ms, self._extra_ms, self._again)
        if self.state is State.LEAD_IN:
            origin_ms = self._lead_from_ms + self._lead.duration_ms - self._held_ms
            return replace(stand, origin_ms=origin_ms, told_ms=self._seen_ms)
        return stand if self.state in _GOING else None

    def _obey(  # noqa: C901, PLR0911, PLR0912 - one line a command
        self, command: Command, now_ms: int, amount: int, value: float | None
    ) -> list[ev.Event]:
        match command:
            case Command.START:
                return self._enter(self._index, now_ms + self._settle_ms)
            case Command.PAUSE:
                return self._pause(now_ms)
            case Command.RESUME:
                return self._lead_in(self.timeline.resume, now_ms + self._settle_ms)
            case Command.NEXT:
                return self._next(now_ms)
            case Command.BACK:
                return self._back(now_ms)
            case Command.RESTART:
                return self._jump(self.timeline.unit_start(self._index), now_ms)
            case Command.JUMP:
                return self._jump_to_step(amount, now_ms)
            case Command.AGAIN:
                return self._repeat(now_ms)
            case Command.ADD_TIME:
                return self._add_time(amount, now_ms)
            case Command.COUNT_REP:
                return self._count_rep(now_ms)
            case Command.ANSWER:
                return self._answer(value, now_ms)
            case Command.FINISH:
                return self._finish(now_ms, early=True)
            case Command.ABORT:
                return self._abort(now_ms)

    def _enter(self, index: int, at_ms: int) -> list[ev.Event]:
        self._place(index)
        self._origin_ms = at_ms
        self._begun = True
        self.state = State.WAITING if self.phase.is_open else State.RUNNING
        return [ev.PhaseStarted(at_ms, index)]

    def _place(self, index: int) -> None:
        """Stand at the very start of phase `index`."""
        self._index = index
        self._held_ms, self._seen_ms, self._extra_ms, self._counted = 0, -1, 0, 0

    def _leave(self, at_ms: int, *, skipped: bool) -> list[ev.Event]:
        """End the phase and go to what follows it."""
        ended = self._end_phase(at_ms, skipped=skipped)
        following = self._index + 1
        unit_over = following == len(self.timeline.phases) or self.timeline.phases[following].unit != self.phase.unit
        if unit_over and self._again:
            return ended + self._start_again(self.timeline.unit_start(self._index), at_ms)
        if following == len(self.timeline.phases):
            return ended + self._finish(at_ms, early=False)
        return ended + self._enter(following, at_ms)

    def _end_phase(self, at_ms: int, *, skipped: bool) -> list[ev.Event]:
        if not self._begun:
            return []
        self._begun = False
        done_ms = self._offset_ms(at_ms)
        ended: list[ev.Event] = [ev.PhaseEnded(at_ms, self._index, done_ms, skipped)]
        if not skipped and self._completes_rep():
            ended.insert(0, ev.RepCounted(at_ms, self._index, self.phase.rep or 0))
        return ended

    def _completes_rep(self) -> bool:
        if self.phase.rep is None or self.phase.is_open:
            return False
        following = self.timeline.phases[self._index + 1 : self._index + 2]
        return not following or (following[0].unit, following[0].rep) != (self.phase.unit, self.phase.rep)

    def _jump(self, index: int, now_ms: int) -> list[ev.Event]:
        """Leave the phase for phase `index`; a paused run stays paused there."""
        ended = self._end_phase(now_ms, skipped=True)
        self._again = False
        if self.state is not State.PAUSED:
            return ended + self._enter(index, now_ms + self._settle_ms)
        entered = self._enter(index, now_ms)
        self.state = State.PAUSED
        return ended + entered

    def _next(self, now_ms: int) -> list[ev.Event]:
        passed: list[ev.Event] = []
        if self.phase.kind == "measure" and self.phase.is_open:
            passed.append(ev.Measured(now_ms, self._index, None))
        if self._again and self.state in _GOING:
            # The set in hand is given up, the one asked for once more is not.
            ended = self._end_phase(now_ms, skipped=True)
            start = self.timeline.unit_start(self._index)
            return passed + ended + self._start_again(start, now_ms + self._settle_ms)
        following = self.timeline.next_unit(self._index)
        if following is None:
            ended = self._end_phase(now_ms, skipped=not self.phase.is_open)
            return passed + ended + self._finish(now_ms, early=False)
        if self.phase.is_open and self.state in _GOING:
            ended = self._end_phase(now_ms, skipped=self._short_of_reps())
            return passed + ended + self._enter(following, now_ms + self._settle_ms)
        return passed + self._jump(following, now_ms)

    def _short_of_reps(self) -> bool:
        return self.phase.self_paced and self._counted < (self.phase.reps or 0)

    def _back(self, now_ms: int) -> list[ev.Event]:
        start = self.timeline.unit_start(self._index)
        return self._jump(self.timeline.unit_start(max(0, start - 1)), now_ms)

    def _jump_to_step(self, step: int, now_ms: int) -> list[ev.Event]:
        index = self.timeline.first_of_step(step)
        if index is None:
            raise IllegalMoveError(Command.JUMP, self.state, "there is no such step in this run")
        if self.state is State.READY:
            self._index = index
            return []
        return self._jump(index, now_ms)

    def _repeat(self, now_ms: int) -> list[ev.Event]:
        index = self.timeline.last_work(self._index)
        if index is None:
            raise IllegalMoveError(Command.AGAIN, self.state, "no set has been done yet")
        if self.timeline.phases[index].unit == self.phase.unit:
            self._again = not self._again
            return []
        ended = self._end_phase(now_ms, skipped=True)
        return ended + self._start_again(index, now_ms + self._settle_ms)

    def _start_again(self, index: int, at_ms: int) -> list[ev.Event]:
        self._place(index)
        self._again = False
        return self._lead_in(self.timeline.again, at_ms)

    def _lead_in(self, lead: LeadIn, at_ms: int) -> list[ev.Event]:
        self._lead, self._lead_from_ms, self._lead_seen_ms = lead, at_ms, -1
        self.state = State.LEAD_IN
        return []

    def _pause(self, now_ms: int) -> list[ev.Event]:
        if self.state in _GOING:
            reached_ms = self._offset_ms(now_ms)
            self._held_ms = self._line_start(reached_ms)
            if self._held_ms < reached_ms:
                self._seen_ms = self._held_ms - 1
        self.state = State.PAUSED
        return [ev.Paused(now_ms)]

    def _line_start(self, offset_ms: int) -> int:
        """Where to go on: outside work, at the start of the line that the pause cuts off."""
        if self.phase.kind == "work":
            return offset_ms
        for at_ms, cue in placed(self.phase, self._extra_ms):
            if cue.kind == "speech" and at_ms <= offset_ms < at_ms + cue.length_ms:
                return at_ms
        return offset_ms

    def _add_time(self, amount_ms: int, now_ms: int) -> list[ev.Event]:
        duration_ms = self._duration_ms
        if duration_ms is None:
            raise IllegalMoveError(Command.ADD_TIME, self.state, "this step has no time limit")
        if self.phase.rep is not None or self.phase.part:
            raise IllegalMoveError(Command.ADD_TIME, self.state, "this set goes by its tempo, not by a time")
        offset_ms = self._offset_ms(now_ms)
        added_ms = max(duration_ms + amount_ms, offset_ms) - duration_ms
        self._extra_ms += added_ms
        return [ev.TimeAdded(now_ms, self._index, added_ms)]

    def _count_rep(self, now_ms: int) -> list[ev.Event]:
        if not self.phase.self_paced:
            raise IllegalMoveError(Command.COUNT_REP, self.state, "there are no reps to count by hand here")
        self._counted += 1
        counted: list[ev.Event] = [ev.RepCounted(now_ms, self._index, self._counted)]
        if self._counted < (self.phase.reps or 0):
            return counted
        return counted + self._leave(now_ms, skipped=False)

    def _answer(self, value: float | None, now_ms: int) -> list[ev.Event]:
        measure = self.phase.measure
        if measure is None:
            raise IllegalMoveError(Command.ANSWER, self.state, "nothing is asked here")
        low = measure.low if measure.low is not None else value
        high = measure.high if measure.high is not None else value
        if value is not None and low is not None and high is not None and not low <= value <= high:
            raise IllegalMoveError(Command.ANSWER, self.state, f"the answer is a number from {low:g} to {high:g}")
        return [ev.Measured(now_ms, self._index, value), *self._leave(now_ms, skipped=False)]

    def _finish(self, now_ms: int, *, early: bool) -> list[ev.Event]:
        return [*self._stop(State.FINISHED, now_ms), ev.Finished(now_ms, early)]

    def _abort(self, now_ms: int) -> list[ev.Event]:
        return [*self._stop(State.ABORTED, now_ms), ev.Aborted(now_ms)]

    def _stop(self, state: State, now_ms: int) -> list[ev.Event]:
        ended = self._end_phase(now_ms, skipped=True)
        self._held_ms = self._offset_ms(now_ms)
        self.state = state
        return ended
