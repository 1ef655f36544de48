"""Drives one run for the play screen: owns its only timer, and sends commands.

The screen flashes with the last beeps of a countdown and with the zero that they lead to.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from timer_app.core.i18n import _
from timer_app.core.player.controls import Control, command_for
from timer_app.core.player.events import CueDue, Event
from timer_app.core.player.recorder import SessionRecord
from timer_app.core.player.states import Command, IllegalTransitionError, Snapshot, State
from timer_app.core.timeline import Timeline
from timer_app.tui.context import PlayContext
from timer_app.tui.play.pacer import FRAME_MS, is_pacer_moving
from timer_app.tui.play.view import RunView
from timer_app.tui.play.wording import next_change_ms, visible_state

if TYPE_CHECKING:
    from timer_app.run import LiveRun


FLASH_S = 0.15
MAX_FLASH_SPEED = (
    2.0  # at a higher speed of the run it would flash more than three times a second, which can hurt people
)
_COUNTDOWN_END_SOUNDS = ("start", "end", "finish")


def has_countdown_beep(events: Iterable[Event]) -> bool:
    """Whether one of these events is a beep to flash with."""
    return any(isinstance(event, CueDue) and is_countdown_beep(event) for event in events)


def is_countdown_beep(due: CueDue) -> bool:
    """Whether a cue is a second of a countdown or its zero; the ticks of a tempo are not."""
    cue = due.cue
    if cue.kind != "sound":
        return False
    if cue.content == "tick":
        return cue.from_end or due.index is None  # before work goes on, every tick counts down
    return cue.content in _COUNTDOWN_END_SOUNDS and cue.offset_ms == 0


_READY_POLL_MS = 100.0
_REFRESH_MS = 500.0
_MIN_WAIT_MS = 15.0  # a run at many times its speed need not be drawn more often
_MARGIN_MS = 1.0  # so that a timer never wakes just before what it waits for
_MAX_VOLUME = 100
_END_TOLERANCE = timedelta(seconds=2)
_ACTIVE_STATES = (State.RUNNING, State.WAITING, State.LEAD_IN)


class _TimelineFacts(NamedTuple):
    """What a view needs to know of all phases.

    Attributes:
        timeline: Of which timeline.
        last_open: The last phase that waits for the user; -1 for none.
        questions: How many questions each step asks, by its index.
    """

    timeline: Timeline
    last_open: int
    questions: Mapping[int | None, int]

    @classmethod
    def of(cls, timeline: Timeline) -> _TimelineFacts:
        """The facts of a timeline."""
        last_open = max((index for index, phase in enumerate(timeline.phases) if phase.is_open), default=-1)
        return cls(timeline, last_open, Counter(phase.step for phase in timeline.phases if phase.kind == "measure"))


class PendingCall(Protocol):
    """Something that calls back later, unless it is stopped."""

    def stop(self) -> None:
        """Do not call any more."""


class RunDisplay(Protocol):
    """Who watches the run."""

    def show_progress(self, done: int, total: int) -> None:
        """`done` of `total` lines are rendered; the run begins by itself."""

    def show(self, view: RunView) -> None:
        """The run looks like this now."""

    def show_frame(self, view: RunView) -> None:
        """Only figure and pacer have moved."""

    def show_message(self, line: str) -> None:
        """Show a line to the user."""

    def flash(self) -> None:
        """A beep of a countdown is heard now."""

    def run_over(self, record: SessionRecord) -> None:
        """The run is over."""


class RunDriver:
    """Looks at the run only when something is due or a figure on the screen changes.

    Args:
        live_run: The run.
        display: Shows it.
        call_later: Calls a function after some seconds.
        context: The speed of the run, and the display options.
        wall_clock: The time of day.
    """

    def __init__(
        self,
        live_run: LiveRun,
        display: RunDisplay,
        call_later: Callable[[float, Callable[[], None]], PendingCall],
        context: PlayContext,
        wall_clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._live_run = live_run
        self._display = display
        self._call_later = call_later
        self._speed = context.speed
        self._display_options = context.display_options
        self._wall_clock = wall_clock
        self._ends_at: datetime | None = None
        self._known_facts: _TimelineFacts | None = None
        self._timer: PendingCall | None = None
        self._since_refresh_ms = _REFRESH_MS
        self._due_ms = 0.0  # when something other than a frame is due, in milliseconds of the phase
        self._closed = False
        self._shown_state: tuple[object, ...] = ()

    @property
    def state(self) -> State:
        """Where the run stands."""
        return self._live_run.state

    @property
    def has_begun(self) -> bool:
        """Whether the run has started."""
        return self.state is not State.READY

    def view(self) -> RunView:
        """The run as it looks now."""
        snapshot = self._live_run.snapshot()
        return RunView(
            snapshot=snapshot,
            timeline=self._live_run.timeline,
            outcomes=self._live_run.record.outcomes(self._live_run.timeline, self._facts().questions),
            volume=self._live_run.volume,
            muted=self._live_run.muted,
            has_sound=self._live_run.is_heard,
            slept=self._live_run.slept,
            paused_s=self._live_run.paused_for_ms() // 1_000,
            ends_at=self._stable_end(snapshot),
            has_open_phases_left=snapshot.index <= self._facts().last_open,
        )

    def _facts(self) -> _TimelineFacts:
        """What is counted once for each timeline."""
        timeline = self._live_run.timeline
        if self._known_facts is None or self._known_facts.timeline is not timeline:
            self._known_facts = _TimelineFacts.of(timeline)
        return self._known_facts

    def _stable_end(self, snapshot: Snapshot) -> datetime:
        """When the session ends. Small changes are ignored, so that the minute shown does not flicker."""
        left_ms = (snapshot.session_remaining_ms + snapshot.lead_in_ms) / self._speed
        ends_at = self._wall_clock() + timedelta(milliseconds=left_ms)
        if self._ends_at is None or abs(ends_at - self._ends_at) > _END_TOLERANCE:
            self._ends_at = ends_at
        return self._ends_at

    def pump(self) -> None:
        """Advance the run to the present, show it, and schedule the next call."""
        if self._closed:
            return
        if self._since_refresh_ms >= _REFRESH_MS:
            self._since_refresh_ms = 0.0
            for notice in self._live_run.refresh():
                self._display.show_message(notice)
        if self.has_begun:
            self._process_events(self._live_run.tick())
        elif self._live_run.is_ready():
            self._process_events(self._live_run.send(Command.START))
        self._show()

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> bool:
        """Send a command to the run, and show a refusal. Returns whether the command was accepted."""
        if self._closed:
            return False
        try:
            self._process_events(self._live_run.send(command, amount, value))
        except IllegalTransitionError as refusal:
            self._display.show_message(str(refusal))
            return False
        finally:
            self._show()
        if command is Command.AGAIN:
            self._explain_repeat()
        return True

    def _process_events(self, events: list[Event]) -> None:
        """Flash with what happened."""
        if has_countdown_beep(events) and self._display_options.is_flash_enabled and self._speed <= MAX_FLASH_SPEED:
            self._display.flash()

    def control(self, control: Control) -> None:
        """Do what a control means as the run stands now."""
        command = command_for(control, self._live_run.snapshot())
        if command is None:
            self._display.show_message(_("Nothing waits for you here; the session goes on by itself."))
        else:
            self.send(*command)

    def change_variant(self, by: int) -> None:
        """Do another variant of the exercise, so many rungs harder."""
        if self._closed:
            return
        try:
            events, said = self._live_run.change_variant(by)
        except IllegalTransitionError as refusal:
            self._display.show_message(str(refusal))
            return
        self._process_events(events)
        self._display.show_message(said)
        self._show()

    def explain(self) -> None:
        """Say the instruction of this exercise, or of the next, once more."""
        if self._closed:
            return
        events, said = self._live_run.explain()
        self._process_events(events)
        self._display.show_message(said)
        self._show()

    def jump(self, step: int) -> None:
        """Go to the step of that number, counted from 0."""
        self.send(Command.JUMP, step)

    def answer(self, value: float | None) -> None:
        """Answer what is asked; `None` skips the question."""
        self.send(Command.ANSWER, value=value)

    def allow_time_for_answer(self) -> None:
        """Let a question that goes on by itself wait as long again as it did from its start."""
        snapshot = self._live_run.snapshot()
        planned_ms = snapshot.phase.duration_ms
        if snapshot.state is State.RUNNING and snapshot.question and planned_ms and snapshot.remaining_ms is not None:
            missing_ms = planned_ms - snapshot.remaining_ms
            if missing_ms > 0:
                self.send(Command.ADD_TIME, amount=missing_ms)

    def pause_for_question(self) -> bool:
        """Pause while the user is asked something; returns whether the run was going."""
        return self.state in _ACTIVE_STATES and self.send(Command.PAUSE)

    def resume_after_question(self) -> None:
        """Go on after `pause_for_question`, unless the run does already."""
        if self.state is State.PAUSED:
            self.send(Command.RESUME)

    def _explain_repeat(self) -> None:
        """Say what asking for the set once more changed, where no lead-in shows it."""
        snapshot = self._live_run.snapshot()
        if snapshot.state is not State.LEAD_IN:
            self._display.show_message(
                _("This set comes once more.") if snapshot.repeats_set else _("This set is not repeated.")
            )

    def change_volume(self, by: int) -> None:
        """Change the volume by `by` percent, which also ends a mute."""
        self._live_run.set_volume(min(_MAX_VOLUME, max(0, self._live_run.volume + by)))
        self._live_run.set_muted(False)
        self._display.show_message(_("Volume {percent} %").format(percent=self._live_run.volume))
        self._show()

    def toggle_mute(self) -> None:
        """Turn the sound off, or on again."""
        self._live_run.set_muted(not self._live_run.muted)
        self._display.show_message(_("The sound is off.") if self._live_run.muted else _("The sound is on."))
        self._show()

    def close(self) -> None:
        """Look at the run no more."""
        self._closed = True
        self._stop_timer()

    def _show(self) -> None:
        if self.state.is_over:
            self.close()
            self._display.run_over(self._live_run.record)
            return
        if self.state is State.READY:
            self._display.show_progress(*self._live_run.progress())
        else:
            self._show_if_changed(self.view())
        self._schedule_next()

    def _show_if_changed(self, view: RunView) -> None:
        state = visible_state(view)
        if state != self._shown_state:
            self._shown_state = state
            self._display.show(view)
        elif is_pacer_moving(view.snapshot, reduced=self._display_options.reduced_motion):
            self._display.show_frame(view)

    def _schedule_next(self) -> None:
        snapshot = self._live_run.snapshot()
        wait_ms, look = self._until_due_ms(snapshot), self.pump
        self._due_ms = snapshot.elapsed_ms + wait_ms * self._speed
        frame_ms = self._until_frame_ms(snapshot)
        if frame_ms < wait_ms:
            wait_ms, look = frame_ms, self._draw_frame
        self._since_refresh_ms += wait_ms
        self._stop_timer()
        self._timer = self._call_later(wait_ms / 1_000, look)

    def _draw_frame(self) -> None:
        """Draw the next frame of figure and pacer; nothing else is due yet."""
        if self._closed:
            return
        snapshot = self._live_run.snapshot()
        if self._live_run.ms_until_next_tick() <= 0 or snapshot.elapsed_ms >= self._due_ms:  # the call came late
            self.pump()
            return
        self._display.show_frame(RunView(snapshot, self._live_run.timeline))
        self._schedule_next()

    def _until_due_ms(self, snapshot: Snapshot) -> float:
        """Real milliseconds until something is due or a shown figure changes."""
        if not self.has_begun:
            return _READY_POLL_MS
        limits = [self._live_run.ms_until_next_tick()]
        change_ms = next_change_ms(snapshot)
        if change_ms is not None:
            limits.append(change_ms / self._speed + _MARGIN_MS)
        if self._live_run.is_heard:
            limits.append(_REFRESH_MS - self._since_refresh_ms)  # report a lost device soon
        if snapshot.state is State.PAUSED:
            limits.append(1_000 - self._live_run.paused_for_ms() % 1_000 + _MARGIN_MS)
        return max(_MIN_WAIT_MS, min(limits))

    def _until_frame_ms(self, snapshot: Snapshot) -> float:
        """Real milliseconds until the next frame of figure and pacer.

        Frames are counted from the start of the phase: digits change together with a frame, and every round is drawn
        alike.
        """
        if not is_pacer_moving(snapshot, reduced=self._display_options.reduced_motion):
            return math.inf
        return max(_MIN_WAIT_MS, FRAME_MS - snapshot.elapsed_ms / self._speed % FRAME_MS + _MARGIN_MS)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
