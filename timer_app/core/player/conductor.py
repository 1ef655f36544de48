"""Conducts a run: asks the player what is due, and schedules sounds and lines ahead of time.

The rest of a long sound that a pause cuts off is played when the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from timer_app.core.player.clock import SLEEP_GAP_MS, Clock
from timer_app.core.player.events import CueDue, Event, Paused, PhaseEnded
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, IllegalTransitionError, Snapshot, State
from timer_app.core.timeline import CueContent, Timeline
from timer_app.core.timeline.utterance import Utterance

LONG_SOUND_MS = 2_000  # the rest of a shorter one would mean nothing by itself


def cut_sounds(scheduled: Iterable[CueDue], at_ms: int, rate: float, rewound_ms: int) -> Iterator[CueDue]:
    """The rest of each sound that is cut at `at_ms` of the clock, or whose rest was still to come.

    Args:
        scheduled: The cues that were scheduled.
        at_ms: The moment of the pause.
        rate: How much faster than real time the clock runs.
        rewound_ms: How far before that moment the run will go on, in milliseconds of the clock.
    """
    for due in scheduled:
        cue, is_pending = due.cue, due.due_ms > at_ms
        if cue.kind != "sound" or cue.length_ms < LONG_SOUND_MS or (is_pending and not due.from_ms):
            continue
        heard_ms = 0 if is_pending else int((at_ms - rewound_ms - due.due_ms) / rate)
        from_ms = due.from_ms + heard_ms
        # What began within the rewound stretch will begin again anyway.
        if heard_ms >= 0 and 0 < from_ms < cue.length_ms:
            yield replace(due, from_ms=from_ms)


PAUSE_SOUND = "rest"  # one low note in every theme

SCHEDULE_AHEAD_MS = 2_000  # how early cues are scheduled, in real time; more than any output's buffer
MAX_TICK_INTERVAL_MS = 1_000  # real time after which `tick` is due at the latest
_SAY_AFTER_MS = 50  # what was being said fades out before
MAX_CUE_LATENESS_MS = 500  # a cue that is later than this in real time is left out: it would overlap the next one

# Self-paced reps and a hold past zero count on while they wait, so sleep must not count there either.
_COUNTING_STATES = (State.RUNNING, State.WAITING, State.LEAD_IN)
_ACTIVE_STATES = (State.RUNNING, State.WAITING)


class CueSink(Protocol):
    """Plays cues."""

    @property
    def latency_ms(self) -> int:
        """The shortest time between scheduling a cue and hearing it."""

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Play a cue at `at_ms` of the machine's clock (`clock.machine_ms`), without its first `from_ms`."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Drop what has not begun; fade out what is sounding unless `keep_sounding`."""

    def pause(self, content: CueContent) -> None:
        """Drop what has not begun, finish the word that is being said, and play `content` after it."""

    def close(self) -> None:
        """Release the device."""


class SilentSink:
    """A sink that makes no sound."""

    latency_ms = 0

    def schedule(self, content: CueContent, at_ms: float, from_ms: int = 0) -> None:
        """Play nothing."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Nothing is scheduled."""

    def pause(self, content: CueContent) -> None:
        """Nothing is scheduled."""

    def close(self) -> None:
        """Nothing is held."""


class Conductor:
    """Keeps player, clock and sink together; call `tick` whenever `ms_until_next_tick` has passed.

    Args:
        player: Moves along the timeline; its `guard_ms` should be the sink's latency, in milliseconds of the clock.
        clock: Where *now* comes from.
        sink: Plays the cues.

    Attributes:
        slept: The run was paused because the computer slept or the program was stopped.
    """

    # Commands that do not interrupt what is being spoken; every other one moves the run away from it.
    _KEEPS_SOUNDING = (Command.ADD_TIME, Command.AGAIN, Command.COUNT_REP, Command.COUNT_ROUND)

    def __init__(self, player: Player, clock: Clock, sink: CueSink) -> None:
        self.player = player
        self.slept = False
        self._clock = clock
        self._sink = sink
        self._scheduled_until_ms = 0
        self._scheduled: list[CueDue] = []  # still to come or sounding
        self._cut_sounds: list[CueDue] = []  # the rests of long sounds that a pause has cut
        self._last_tick_ms = clock.now_ms()
        self._paused_ms = 0  # when the run was paused last
        self._taken_ms = (0, 0)  # while a line that was asked for is being said

    def tick(self) -> list[Event]:
        """Schedule the cues that come next; returns what fell due since the last call."""
        now_ms = self._clock.now_ms()
        events = self._pause_after_sleep(now_ms)
        if not events:
            self._schedule_ahead(now_ms)  # before `advance`: after it, cues that a late call has missed are gone
            events = self.player.advance(now_ms)
        self._last_tick_ms = now_ms
        self._note_pause(events)
        return events

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> list[Event]:
        """Send the player a command, and adapt the sound to it.

        Args:
            command: What the user asks.
            amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
            value: The number for `ANSWER`.

        Raises:
            IllegalTransitionError: Refused; nothing changed. `due_events` on it holds the events that had fallen due.
        """
        due_before = self.tick()
        now_ms = self._last_tick_ms
        reached_ms = self.player.snapshot(now_ms).elapsed_ms
        try:
            events = self.player.send(command, now_ms, amount, value)
        except IllegalTransitionError as refusal:
            refusal.due_events[:0] = due_before
            raise
        self.slept = False
        self._note_pause(events)
        self._update_cut_sounds(command, now_ms, reached_ms)
        if command is Command.PAUSE:
            self._sink.pause(PAUSE_SOUND)
            self._scheduled, self._scheduled_until_ms = [], now_ms
            self._taken_ms = (0, 0)
            return due_before + events
        has_left_phase = any(isinstance(event, PhaseEnded) for event in events)
        if command not in self._KEEPS_SOUNDING or has_left_phase:
            self._taken_ms = (0, 0)
        self._reschedule(now_ms, keep=command in self._KEEPS_SOUNDING and not has_left_phase)
        return due_before + events

    def revise(self, timeline: Timeline) -> None:
        """Switch to a timeline with better lengths from the next phase on (`Player.revise`), and adapt the sound.

        Raises:
            ValueError: The timeline has another number of phases.
        """
        self.player.revise(timeline)
        self._reschedule(max(self._last_tick_ms, self._clock.now_ms()), keep=True)

    def change_ahead(self, timeline: Timeline, index: int) -> None:
        """Let another timeline follow this phase (`Player.change_ahead`), and adapt the sound."""
        self.player.change_ahead(timeline, index)
        self._reschedule(max(self._last_tick_ms, self._clock.now_ms()), keep=True)

    def follow(self, timeline: Timeline) -> None:
        """Let another timeline follow what has been run (`Player.follow`), and adapt the sound."""
        self.player.follow(timeline)
        self._reschedule(max(self._last_tick_ms, self._clock.now_ms()), keep=True)

    def is_quiet(self, for_ms: int) -> bool:
        """Whether nothing is said now and for so many real milliseconds, and no phase begins in them."""
        now_ms = max(self._last_tick_ms, self._clock.now_ms())
        until_ms = now_ms + self._clock_ms(for_ms)
        change_ms = self.player.next_change_ms()
        if self.player.state not in _ACTIVE_STATES or (change_ms is not None and change_ms < until_ms):
            return False
        heard = [*self._scheduled, *self._upcoming_cues(now_ms, until_ms)]
        return not any(due.cue.kind == "speech" and self._cue_end_ms(due) > now_ms for due in heard)

    def change_course(self, timeline: Timeline, index: int) -> list[Event]:
        """Go on with phase `index` of another timeline (`Player.change_course`), and adapt the sound.

        Raises:
            IllegalTransitionError: The run has not begun, or is over.
        """
        now_ms = max(self._last_tick_ms, self._clock.now_ms())
        left = self.player.change_course(timeline, index, now_ms)
        self.slept = False
        self._cut_sounds = []
        self._reschedule(now_ms, keep=False)
        return left

    def say_now(self, line: Utterance, length_ms: int) -> None:
        """Say a line at once, in place of what is being said and of what would be said meanwhile; tones stay.

        Args:
            line: The line.
            length_ms: How long it is.
        """
        now_ms = max(self._last_tick_ms, self._clock.now_ms())
        begins_ms = now_ms + self._clock_ms(self._sink.latency_ms + _SAY_AFTER_MS)
        self._taken_ms = (now_ms, begins_ms + self._clock_ms(length_ms))
        self._sink.cancel()
        self._scheduled = []
        self._schedule(self._upcoming_cues(now_ms, now_ms + self._clock_ms(SCHEDULE_AHEAD_MS)))
        self._sink.schedule(line, self._clock.machine_ms(begins_ms))

    def snapshot(self) -> Snapshot:
        """How the run looks now."""
        return self.player.snapshot(max(self._last_tick_ms, self._clock.now_ms()))

    def paused_for_ms(self) -> int:
        """Real milliseconds since the run was paused; 0 while it is not."""
        if self.player.state is not State.PAUSED:
            return 0
        return max(0, int((self._clock.now_ms() - self._paused_ms) / self._clock.rate))

    def ms_until_next_tick(self) -> float:
        """Real milliseconds after which `tick` is wanted again."""
        now_ms = self._clock.now_ms()
        limits = [now_ms + MAX_TICK_INTERVAL_MS * self._clock.rate]
        change_ms = self.player.next_change_ms()
        if change_ms is not None:
            limits.append(change_ms)
        limits += [cue.due_ms for cue in self.player.upcoming(self._last_tick_ms, int(limits[0]))[:1]]
        return max(0.0, (min(limits) - now_ms) / self._clock.rate)

    def close(self) -> None:
        """Stop the sound."""
        self._sink.cancel()
        self._sink.close()

    def _note_pause(self, events: list[Event]) -> None:
        self._paused_ms = next((event.due_ms for event in events if isinstance(event, Paused)), self._paused_ms)

    def _pause_after_sleep(self, now_ms: int) -> list[Event]:
        """After a long gap, pause the run where it was at the last tick."""
        gap_ms = (now_ms - self._last_tick_ms) / self._clock.rate
        if gap_ms < SLEEP_GAP_MS or self.player.state not in _COUNTING_STATES:
            return []
        reached_ms = self.player.snapshot(self._last_tick_ms).elapsed_ms
        events = self.player.send(Command.PAUSE, self._last_tick_ms)
        self._update_cut_sounds(Command.PAUSE, self._last_tick_ms, reached_ms)
        self._reschedule(now_ms, keep=False)
        self.slept = True
        return events

    def _schedule_ahead(self, now_ms: int) -> None:
        """Schedule the cues between those scheduled before and the horizon."""
        until_ms = now_ms + self._clock_ms(SCHEDULE_AHEAD_MS)
        ahead = self._upcoming_cues(self._scheduled_until_ms, until_ms)
        self._scheduled = [due for due in self._scheduled if self._cue_end_ms(due) > now_ms]
        self._schedule([due for due in ahead if now_ms - due.due_ms <= self._clock_ms(MAX_CUE_LATENESS_MS)])
        self._scheduled_until_ms = until_ms

    def _reschedule(self, now_ms: int, *, keep: bool) -> None:
        """Schedule anew after a change of course; `keep` what is sounding unless the next line would overlap it."""
        until_ms = now_ms + self._clock_ms(SCHEDULE_AHEAD_MS)
        # What the output has already buffered cannot be stopped from beginning.
        begun_ms = now_ms + self._clock_ms(self._sink.latency_ms)
        ahead = self._upcoming_cues(now_ms, until_ms)
        pending = [due for due in self._scheduled if due.due_ms > now_ms]
        keep = keep and not self._would_overlap_speech(begun_ms)
        if keep and pending == [due for due in ahead if due.due_ms < self._scheduled_until_ms]:
            return
        self._sink.cancel(keep_sounding=keep)
        self._scheduled = [due for due in self._scheduled if due.due_ms <= begun_ms] if keep else []
        self._schedule([due for due in ahead if due not in self._scheduled])
        self._scheduled_until_ms = until_ms

    def _update_cut_sounds(self, command: Command, at_ms: int, reached_ms: int) -> None:
        """Store the rests of long sounds that a pause cuts, until the run goes on or moves elsewhere.

        Args:
            command: The command that the run has just followed.
            at_ms: When it did.
            reached_ms: The offset that its phase had reached then.
        """
        if command is Command.PAUSE:
            rewound_ms = reached_ms - self.player.snapshot(at_ms).elapsed_ms
            # Rests from an earlier pause may lie beyond what has been scheduled.
            later = [due for due in self._cut_sounds if due.due_ms > at_ms and due not in self._scheduled]
            self._cut_sounds = [*cut_sounds(self._scheduled, at_ms, self._clock.rate, rewound_ms), *later]
        elif command is Command.RESUME:
            resumed_ms = self.player.next_change_ms() or at_ms
            self._cut_sounds = [replace(due, due_ms=resumed_ms) for due in self._cut_sounds]
        elif command not in self._KEEPS_SOUNDING:
            self._cut_sounds = []

    def _upcoming_cues(self, from_ms: int, to_ms: int) -> list[CueDue]:
        """The cues due from `from_ms` on and before `to_ms` if no command comes in between."""
        is_paused = self.player.state is State.PAUSED
        rests = [] if is_paused else [due for due in self._cut_sounds if from_ms <= due.due_ms < to_ms]
        return [*rests, *self.player.upcoming(from_ms, to_ms)]

    def _schedule(self, cues: list[CueDue]) -> None:
        from_ms, until_ms = self._taken_ms
        for due in cues:
            if due.cue.kind == "speech" and due.due_ms < until_ms and self._cue_end_ms(due) > from_ms:
                continue
            self._sink.schedule(due.cue.content, self._clock.machine_ms(due.due_ms), due.from_ms)
            self._scheduled.append(due)

    def _would_overlap_speech(self, begun_ms: int) -> bool:
        """Whether a line that is sounding at `begun_ms` would overlap the next one."""
        line_ends = [
            self._cue_end_ms(due) for due in self._scheduled if due.cue.kind == "speech" and due.due_ms <= begun_ms
        ]
        upcoming = self.player.upcoming(begun_ms + 1, max(line_ends, default=0))
        return any(due.cue.kind == "speech" for due in upcoming)

    def _cue_end_ms(self, due: CueDue) -> int:
        """When a cue ends."""
        return due.due_ms + self._clock_ms(max(1, due.cue.length_ms - due.from_ms))

    def _clock_ms(self, real_ms: float) -> int:
        return int(real_ms * self._clock.rate)
