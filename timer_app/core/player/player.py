"""The state machine that moves along a timeline.

It never reads a clock: `send` takes commands, `advance` lets time pass, and both return the events that fell due, each
with its due moment. The events are the same however often it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain

from timer_app.core.i18n import _
from timer_app.core.player import events as ev
from timer_app.core.player.lookahead import (
    ActiveLeadIn,
    Cursor,
    future_cues,
    rest_change_ms,
    resume_offset_ms,
    shifted_cues,
)
from timer_app.core.player.states import (
    Command,
    IllegalTransitionError,
    RunPosition,
    Snapshot,
    State,
    allowed_targets,
)
from timer_app.core.timeline import JumpRule, LeadIn, Phase, Timeline

_ACTIVE_STATES = (State.RUNNING, State.WAITING)
_BEFORE_READY_MS = 200  # so that no line is missed that begins just then


class Player:
    """Runs a timeline.

    Args:
        timeline: What to run.
        guard_ms: After a command that moves the run, what follows begins this much later, so that its first cue can
            still be scheduled on an output that buffers ahead.
        start: Where it begins, after a lead-in; `None` for the first phase, without one.
        start_ms: So much later still it begins, so that its very first cue is on time although the machine is busy.

    Attributes:
        next_lead_in: Leads back into the run when it is resumed next; `None` for that of the timeline.
    """

    def __init__(
        self, timeline: Timeline, guard_ms: int = 0, start: RunPosition | None = None, *, start_ms: int = 0
    ) -> None:
        self.timeline = timeline
        self.state = State.READY
        self._guard_ms, self._start_ms = guard_ms, start_ms
        # The last is the offset at which a paused run, or one in a lead-in, goes on.
        self._index, self._counted_reps, self._paused_offset_ms = start or RunPosition(0)
        self._origin_ms = 0  # when the phase's offset is 0, on the clock; undefined while the run is paused
        self._emitted_ms = self._paused_offset_ms - 1  # cues up to this offset have been emitted
        self._answers: dict[int, float] = {}  # to questions, by their phases
        self._extra_ms = 0  # time added to this phase
        self._round = -1  # the phase with which the round that lasts a fixed time began; -1 outside of any
        self._round_origin_ms = 0  # when it began, on the clock, pauses left out
        self._repeats_set = False
        self._begun = False  # PhaseStarted has been emitted and PhaseEnded has not
        self._owes_resumed = False  # Paused has been emitted and Resumed has not
        self._starts_midway = start is not None
        self.next_lead_in: LeadIn | None = None
        self._active_lead_in = ActiveLeadIn(timeline.resume_lead_in, 0)
        self._now_ms = 0
        self._command_handlers: dict[Command, Callable[[int], list[ev.Event]]] = {
            Command.START: self._start,
            Command.PAUSE: self._pause,
            Command.RESUME: self._resume,
            Command.NEXT: self._next,
            Command.BACK: self._back,
            Command.RESTART: self._restart,
            Command.AGAIN: self._repeat,
            Command.COUNT_REP: self._count_rep,
            Command.COUNT_ROUND: self._count_round,
            Command.FINISH: partial(self._finish, early=True),
            Command.ABORT: self._abort,
        }

    @property
    def phase(self) -> Phase:
        """The phase the run stands in."""
        return self.timeline.phases[self._index]

    @property
    def index(self) -> int:
        """The index of `phase`."""
        return self._index

    @property
    def now_ms(self) -> int:
        """The moment until which time has passed; every event due by then was returned."""
        return self._now_ms

    def send(self, command: Command, now_ms: int, amount: int = 0, value: float | None = None) -> list[ev.Event]:
        """Follow a command, after everything that was due before it.

        Args:
            command: What to do.
            now_ms: The moment on the clock.
            amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
            value: The number for `ANSWER`; `None` skips the question.

        Raises:
            IllegalTransitionError: The run cannot do that now; the command changed nothing, and `due_events` on the
                error has the events that fell due before it.
        """
        due = self.advance(now_ms)
        try:
            targets = allowed_targets(self.state, command)
            due += self._dispatch(command, self._now_ms, amount, value)
        except IllegalTransitionError as refusal:
            refusal.due_events = due
            raise
        if self.state not in targets:
            raise AssertionError(f"{command!r} led to {self.state!r}, which the table does not have")
        return due

    def advance(self, now_ms: int) -> list[ev.Event]:
        """Let time pass until `now_ms`; returns what fell due, in order."""
        self._now_ms = max(self._now_ms, now_ms)
        due: list[ev.Event] = []
        while events := self._step(self._now_ms):
            due += events
        return due

    def upcoming(self, from_ms: int, to_ms: int) -> list[ev.CueDue]:
        """The cues not emitted yet, due from `from_ms` on and before `to_ms` if no command comes in between."""
        cursor = self._cursor()
        if cursor is None:
            return []
        lead_in = self._active_lead_in.pending if self.state is State.LEAD_IN else ()
        cues = chain(lead_in, future_cues(self.timeline, cursor, to_ms))
        return [cue for cue in cues if from_ms <= cue.due_ms < to_ms]

    def next_change_ms(self) -> int | None:
        """When a phase or a lead-in next begins or ends by itself; `None` if only the user can move the run."""
        if self.state is State.LEAD_IN:
            return self._active_lead_in.end_ms
        if self.state in _ACTIVE_STATES and not self._begun:
            return self._origin_ms
        duration_ms = self._duration_ms
        return None if self.state is not State.RUNNING or duration_ms is None else self._origin_ms + duration_ms

    def revise(self, timeline: Timeline) -> None:
        """Switch to a timeline with the same phases but better lengths, from the next phase on.

        Raises:
            ValueError: It has another number of phases.
        """
        if len(timeline.phases) != len(self.timeline.phases):
            raise ValueError("a revised timeline must have the same phases")
        first = self._index + 1 if self.state is not State.READY else 0
        self.timeline = replace(timeline, phases=self.timeline.phases[:first] + timeline.phases[first:])

    def snapshot(self, now_ms: int) -> Snapshot:
        """How the run looks at `now_ms`; call `advance` first."""
        now_ms = max(now_ms, self._now_ms)
        start_ms, planned_ms = self.timeline.starts_ms[self._index], self.phase.timed_ms
        elapsed_ms, duration_ms, remaining_ms = self._offset_ms(now_ms), self._duration_ms, None
        if duration_ms is not None:
            elapsed_ms = min(elapsed_ms, duration_ms)
            remaining_ms = duration_ms - elapsed_ms
        timed_left_ms = 0 if self.phase.untimed else remaining_ms or 0
        return Snapshot(
            state=self.state,
            index=self._index,
            phase=self.phase,
            elapsed_ms=elapsed_ms,
            remaining_ms=remaining_ms,
            duration_ms=duration_ms,
            lead_in_ms=self._active_lead_in.remaining_ms(now_ms) if self.state is State.LEAD_IN else 0,
            counted_reps=self._counted_reps,
            repeats_set=self._repeats_set,
            session_elapsed_ms=start_ms + min(elapsed_ms, planned_ms),
            session_remaining_ms=self.timeline.total_ms - start_ms - planned_ms + timed_left_ms,
        )

    @property
    def _duration_ms(self) -> int | None:
        return None if self.phase.duration_ms is None else self.phase.duration_ms + self._extra_ms

    def _offset_ms(self, now_ms: int) -> int:
        if self.state in _ACTIVE_STATES:
            return max(0, now_ms - self._origin_ms)
        return self._paused_offset_ms

    def _cursor(self) -> Cursor | None:
        """Where the run is and how it goes on by itself; `None` while only the user can move it."""
        if self.state is not State.LEAD_IN and self.state not in _ACTIVE_STATES:
            return None
        origin_ms = (
            self._active_lead_in.end_ms - self._paused_offset_ms if self.state is State.LEAD_IN else self._origin_ms
        )
        round_origin_ms = self._round_origin_ms + (origin_ms - self._origin_ms if self._owes_resumed else 0)
        return Cursor(self._index, origin_ms, self._extra_ms, self._repeats_set, self._emitted_ms, round_origin_ms)

    def _step(self, now_ms: int) -> list[ev.Event]:
        """The next events that are due by `now_ms`; empty when there are no more."""
        if self.state is State.LEAD_IN:
            return self._step_lead_in(now_ms)
        if self.state not in _ACTIVE_STATES:
            return []
        if not self._begun:
            return self._begin(self._origin_ms) if self._origin_ms <= now_ms else []
        due: list[ev.Event] = list(self._cues_until(now_ms))
        end_ms = self.next_change_ms()
        if end_ms is not None and end_ms <= now_ms:
            # A question with a time goes on without an answer.
            unanswered = [ev.Measured(end_ms, self._index, None)] if self.phase.measure else []
            return due + unanswered + self._complete_phase(end_ms, end_ms)
        return due

    def _cues_until(self, now_ms: int) -> Iterator[ev.CueDue]:
        until_ms = now_ms - self._origin_ms
        if self._duration_ms is not None:
            until_ms = min(until_ms, self._duration_ms)
        for offset_ms, cue in shifted_cues(self.phase, self._extra_ms):
            if self._emitted_ms < offset_ms <= until_ms:
                yield ev.CueDue(self._origin_ms + offset_ms, self._index, cue)
        self._emitted_ms = max(self._emitted_ms, until_ms)

    def _step_lead_in(self, now_ms: int) -> list[ev.Event]:
        due: list[ev.Event] = [*self._active_lead_in.pop_due(now_ms)]
        return due if now_ms < self._active_lead_in.end_ms else due + self._end_lead_in(self._active_lead_in.end_ms)

    def _end_lead_in(self, at_ms: int) -> list[ev.Event]:
        origin_ms = at_ms - self._paused_offset_ms
        if self._owes_resumed:
            self._round_origin_ms += origin_ms - self._origin_ms  # a round stands still in a pause
        resumed = self._resume_events(at_ms)
        self._origin_ms = origin_ms
        self._keep_round()
        self.state = State.WAITING if self.phase.is_open else State.RUNNING
        return resumed if self._begun else resumed + self._begin(at_ms)

    def _resume_events(self, at_ms: int) -> list[ev.Event]:
        """`Resumed`, if the run was paused before."""
        resumed: list[ev.Event] = [ev.Resumed(at_ms)] if self._owes_resumed else []
        self._owes_resumed = False
        return resumed

    def _dispatch(self, command: Command, now_ms: int, amount: int, value: float | None) -> list[ev.Event]:
        match command:
            case Command.JUMP:
                return self._jump_to_step(amount, now_ms)
            case Command.ADD_TIME:
                return self._add_time(amount, now_ms)
            case Command.ANSWER:
                return self._answer(value, now_ms)
        return self._command_handlers[command](now_ms)

    def _start(self, now_ms: int) -> list[ev.Event]:
        at_ms = now_ms + self._guard_ms + self._start_ms
        if self._starts_midway:
            self._origin_ms = at_ms + self.timeline.resume_lead_in.duration_ms - self._paused_offset_ms
            self._keep_round()
            return self._start_lead_in(self.timeline.resume_lead_in, at_ms)
        return self._enter(self._index, at_ms)

    def _enter(self, index: int, at_ms: int) -> list[ev.Event]:
        """Go to the start of phase `index`, which begins at `at_ms`."""
        self._move_to(index)
        self._origin_ms = at_ms
        self._keep_round()
        self._extra_ms = rest_change_ms(self.phase, at_ms - self._round_origin_ms)
        self.state = State.WAITING if self.phase.is_open else State.RUNNING
        return self._begin(at_ms) if at_ms <= self._now_ms else []

    def _keep_round(self) -> None:
        """Find when the round of this phase began: as planned, where the run comes from outside of the round."""
        first = self.timeline.round_start(self._index)
        if first != self._round:
            self._round = first
            starts_ms = self.timeline.starts_ms
            self._round_origin_ms = self._origin_ms - (starts_ms[self._index] - starts_ms[max(0, first)])

    def _move_to(self, index: int) -> None:
        """Move to the start of phase `index`."""
        self._index = index
        self._paused_offset_ms, self._emitted_ms, self._extra_ms, self._counted_reps = 0, -1, 0, 0

    def _begin(self, at_ms: int) -> list[ev.Event]:
        """Begin the phase at `at_ms`, even if it was to begin later; nothing if it has begun."""
        if self._begun:
            return []
        self._begun = True
        self._origin_ms = min(self._origin_ms, at_ms)
        return [ev.PhaseStarted(at_ms, self._index)]

    def _complete_phase(self, end_ms: int, on_ms: int) -> list[ev.Event]:
        """End the phase at `end_ms`; what follows it begins at `on_ms`."""
        ended = self._end_phase(end_ms, skipped=False)
        if self._repeats_set and self.timeline.ends_unit(self._index):
            return ended + self._start_again(self.timeline.unit_start(self._index), on_ms)
        following = self._unasked(self._index + 1)
        return ended + (self._finish(end_ms) if following is None else self._enter(following, on_ms))

    def _unasked(self, index: int | None) -> int | None:
        """The first phase from `index` on that is no question for reps which were counted; `None` after the last."""
        phases = self.timeline.phases
        while index is not None and index < len(phases):
            measure = phases[index].measure
            if measure is None or not (measure.unless_counted and self._counted_reps):
                return index
            index += 1
        return None

    def _end_phase(self, at_ms: int, *, skipped: bool) -> list[ev.Event]:
        if not self._begun:
            return []
        self._begun = False
        # Past the end of a hold, all of it is done: it can no longer be left early.
        skipped = skipped and not self.phase.overrun
        ended: list[ev.Event] = [ev.PhaseEnded(at_ms, self._index, self._offset_ms(at_ms), skipped)]
        if not skipped and self.timeline.ends_rep(self._index):
            ended.insert(0, ev.RepCounted(at_ms, self._index, self.phase.rep or 0))
        return ended

    def _jump(self, index: int, now_ms: int, *, skipped: bool = True) -> list[ev.Event]:
        """Leave the phase for phase `index`; a paused run stays paused there."""
        is_paused = self.state is State.PAUSED
        left = [] if is_paused else self._resume_events(now_ms)
        left += self._end_phase(now_ms, skipped=skipped)
        self._repeats_set = self._repeats_set and self.timeline.phases[index].unit == self.phase.unit
        entered = self._enter(index, now_ms if is_paused else now_ms + self._guard_ms)
        if is_paused:
            self.state = State.PAUSED
        return left + entered

    def change_course(self, timeline: Timeline, index: int, now_ms: int) -> list[ev.Event]:
        """Leave the phase, in order to go on with phase `index` of another timeline; call `advance` first.

        Returns what happened in the timeline that is left; what follows comes from `advance`.

        Raises:
            IllegalTransitionError: The run has not begun, or is over.
        """
        allowed_targets(self.state, Command.JUMP)
        if self.state is State.READY:
            raise IllegalTransitionError(Command.JUMP, self.state)
        is_paused = self.state is State.PAUSED
        left = [] if is_paused else self._resume_events(now_ms)
        left += self._end_phase(now_ms, skipped=True)
        self.timeline, self._repeats_set, self._round = timeline, False, -1
        self._answers.clear()
        self._enter(index, now_ms + self._guard_ms + 1)
        if is_paused:
            self.state = State.PAUSED
        return left

    def change_ahead(self, timeline: Timeline, index: int) -> None:
        """Stay in the phase, which is phase `index` of another timeline that goes on otherwise."""
        first, here = self._index, self.phase
        self._index = index
        self.timeline = replace(timeline, phases=(*timeline.phases[:index], here, *timeline.phases[index + 1 :]))
        self._round += index - first if self._round >= 0 else 0
        self._answers.clear()

    def follow(self, timeline: Timeline) -> None:
        """Go on with a timeline whose phases up to this one are those that were run.

        Raises:
            ValueError: It ends before this phase.
        """
        if len(timeline.phases) <= self._index:
            raise ValueError("what is run now must have the phase in progress")
        self.timeline = timeline

    def _next(self, now_ms: int) -> list[ev.Event]:
        if (too_long_ms := self._rest_until_ready_ms(now_ms)) > 0:
            return self._add_time(-too_long_ms, now_ms)
        is_short = self._counted_reps < (self.phase.reps or 0)
        has_reps_left = self.phase.self_paced and not self.phase.is_open_ended and is_short
        skipped = has_reps_left or not self.phase.is_open
        is_question = self._begun and self.phase.measure is not None
        unanswered: list[ev.Event] = [ev.Measured(now_ms, self._index, None)] if is_question else []
        if self._repeats_set:
            return unanswered + self._next_again(now_ms, skipped=skipped)
        following = self._unasked(self.timeline.next_unit(self._index))
        if following is None:
            return unanswered + self._end_phase(now_ms, skipped=skipped) + self._finish(now_ms)
        return unanswered + self._jump(following, now_ms, skipped=skipped)

    def _rest_until_ready_ms(self, now_ms: int) -> int:
        """How much is left of a rest before it tells what comes next."""
        if not self.phase.ready_ms or self._duration_ms is None:
            return 0
        left_ms = self._duration_ms - self._offset_ms(now_ms)
        return left_ms - self.phase.ready_ms - self._guard_ms - _BEFORE_READY_MS

    def _next_again(self, now_ms: int, *, skipped: bool) -> list[ev.Event]:
        """Leave this attempt at the set, but not the repetition that was asked for."""
        start, self._repeats_set = self.timeline.unit_start(self._index), False
        if self.state is State.PAUSED:
            return self._jump(start, now_ms, skipped=skipped)
        left = self._resume_events(now_ms) + self._end_phase(now_ms, skipped=skipped)
        return left + self._start_again(start, now_ms + self._guard_ms)

    def _back(self, now_ms: int) -> list[ev.Event]:
        start = self.timeline.unit_start(self._index)
        return self._jump(self.timeline.unit_start(max(0, start - 1)), now_ms)

    def _restart(self, now_ms: int) -> list[ev.Event]:
        return self._jump(self.timeline.unit_start(self._index), now_ms)

    def _jump_to_step(self, step: int, now_ms: int) -> list[ev.Event]:
        index = self.timeline.first_of_step(step)
        if index is None:
            raise IllegalTransitionError(Command.JUMP, self.state, _("there is no such step in this run"))
        # The time to get ready for it is the rest before it, which the jump leaves out.
        phases = self.timeline.phases
        needs_lead_in = index > 0 and phases[index].kind == "work" and phases[index - 1].kind == "rest"
        if self.state is State.READY:
            self._move_to(index)
            self._starts_midway = needs_lead_in
            return []
        if not needs_lead_in or self.state is State.PAUSED:
            return self._jump(index, now_ms)
        left = self._resume_events(now_ms) + self._end_phase(now_ms, skipped=True)
        self._move_to(index)
        self._repeats_set = False
        return left + self._start_lead_in(self.timeline.resume_lead_in, now_ms + self._guard_ms)

    def _repeat(self, now_ms: int) -> list[ev.Event]:
        index = self.timeline.last_set_start(self._index)
        if index is None:
            raise IllegalTransitionError(Command.AGAIN, self.state, _("no set has been done yet"))
        if self.timeline.phases[index].unit == self.phase.unit:
            self._repeats_set = not self._repeats_set
            return []
        return self._end_phase(now_ms, skipped=True) + self._start_again(index, now_ms + self._guard_ms)

    def _start_again(self, index: int, at_ms: int) -> list[ev.Event]:
        self._move_to(index)
        self._repeats_set = False
        self._origin_ms = at_ms + self.timeline.repeat_lead_in.duration_ms  # if no pause comes in between
        return self._start_lead_in(self.timeline.repeat_lead_in, at_ms)

    def _start_lead_in(self, lead_in: LeadIn, at_ms: int) -> list[ev.Event]:
        self._active_lead_in = ActiveLeadIn(lead_in, at_ms)
        self.state = State.LEAD_IN
        return []

    def _resume(self, now_ms: int) -> list[ev.Event]:
        lead_in, self.next_lead_in = self.next_lead_in or self.timeline.resume_lead_in, None
        return self._start_lead_in(lead_in, now_ms + self._guard_ms)

    def _pause(self, now_ms: int) -> list[ev.Event]:
        if self.state in _ACTIVE_STATES:
            reached_ms = self._offset_ms(now_ms)
            self._paused_offset_ms = resume_offset_ms(self.phase, self._extra_ms, reached_ms)
            if self._paused_offset_ms < reached_ms:
                self._emitted_ms = self._paused_offset_ms - 1
        self._owes_resumed = True
        self.state = State.PAUSED
        return [ev.Paused(now_ms)]

    def _add_time(self, amount_ms: int, now_ms: int) -> list[ev.Event]:
        duration_ms = self._duration_ms
        if duration_ms is None:
            raise IllegalTransitionError(Command.ADD_TIME, self.state, _("this step has no time limit"))
        if self.phase.rep is not None or self.phase.part:
            raise IllegalTransitionError(Command.ADD_TIME, self.state, _("this set goes by its tempo, not by a time"))
        offset_ms = self._offset_ms(now_ms)
        added_ms = max(duration_ms + amount_ms, offset_ms) - duration_ms
        self._extra_ms += added_ms
        ends = self.state is not State.PAUSED and duration_ms + added_ms == offset_ms
        added = ev.TimeAdded(now_ms, self._index, added_ms)
        return [added, *(self._complete_phase(now_ms, now_ms + self._guard_ms) if ends else ())]

    def _count_rep(self, now_ms: int) -> list[ev.Event]:
        if not self.phase.self_paced:
            raise IllegalTransitionError(Command.COUNT_REP, self.state, _("there are no reps to count by hand here"))
        self._counted_reps += 1
        number = self.phase.reps_before + self._counted_reps
        counted = [*self._begin(now_ms), ev.RepCounted(now_ms, self._index, number)]
        if self.phase.is_open_ended or self.phase.reps is None or self._counted_reps < self.phase.reps:
            return counted
        return counted + self._complete_phase(now_ms, now_ms + self._guard_ms)

    def _count_round(self, now_ms: int) -> list[ev.Event]:
        if not self.phase.counts_rounds:
            raise IllegalTransitionError(
                Command.COUNT_ROUND, self.state, _("there are no rounds to count by hand here")
            )
        self._counted_reps += 1
        counted = [*self._begin(now_ms), ev.RoundCounted(now_ms, self._index, self._counted_reps)]
        if self.phase.rounds is None or self._counted_reps < self.phase.rounds:
            return counted
        return counted + self._complete_phase(now_ms, now_ms + self._guard_ms)

    def _answer(self, value: float | None, now_ms: int) -> list[ev.Event]:
        measure = self.phase.measure
        if measure is None:
            raise IllegalTransitionError(Command.ANSWER, self.state, _("nothing is asked here"))
        number = None if value is None else float(value)
        if number is not None and (reason := measure.rejection_reason(number)):
            raise IllegalTransitionError(Command.ANSWER, self.state, reason)
        answered = [*self._begin(now_ms), ev.Measured(now_ms, self._index, number)]
        if number is not None:
            self._answers[self._index] = number
        rule = self._answered_rule()
        if rule is not None and rule.harder:
            answered.append(ev.VariantAsked(now_ms, self._index, rule.harder))
        target = None if rule is None or rule.harder else self.timeline.next_of_step(rule.step, self._index)
        if target is None or self._repeats_set:
            return answered + self._complete_phase(now_ms, now_ms + self._guard_ms)
        answered += [*self._end_phase(now_ms, skipped=False), ev.Jumped(now_ms, self._index, target)]
        return answered + self._enter(target, now_ms + self._guard_ms)

    def _answered_rule(self) -> JumpRule | None:
        """What follows from the answers to this question; `None` for nothing.

        A question about two sides decides once the last one is answered.
        """
        phases, measure = self.timeline.phases, self.phase.measure
        if measure is None or not measure.jumps or _asks_about_other_side(phases, self._index + 1):
            return None
        first = self._index
        while _asks_about_other_side(phases, first):
            first -= 1
        answers = [self._answers[index] for index in range(first, self._index + 1) if index in self._answers]
        return next((rule for rule in measure.jumps if rule.holds_for(answers)), None)

    def _finish(self, now_ms: int, *, early: bool = False) -> list[ev.Event]:
        return [*self._stop(State.FINISHED, now_ms), ev.Finished(now_ms, early)]

    def _abort(self, now_ms: int) -> list[ev.Event]:
        return [*self._stop(State.ABORTED, now_ms), ev.Aborted(now_ms)]

    def _stop(self, state: State, now_ms: int) -> list[ev.Event]:
        ended = self._end_phase(now_ms, skipped=True)
        self._paused_offset_ms = self._offset_ms(now_ms)
        self._repeats_set = False
        self.state = state
        return ended


def _asks_about_other_side(phases: Sequence[Phase], index: int) -> bool:
    """Whether a phase asks the same as the one before it, about the other side."""
    if not 0 < index < len(phases):
        return False
    before, phase = phases[index - 1], phases[index]
    is_same = (before.kind, before.step, before.round) == (phase.kind, phase.step, phase.round)
    return is_same and phase.kind == "measure" and before.side != phase.side
