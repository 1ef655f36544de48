"""Leads a run: asks the player what is due, and hands sounds and lines to the sink before their moment.

Long sounds that a pause has cut: what is left of them is heard when the run goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from timer_app.core.player.clock import Clock
from timer_app.core.player.events import CueDue, Event, Paused, PhaseEnded
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, IllegalTransitionError, Snapshot, State
from timer_app.core.timeline.model import CueKind, Timeline

LONG_SOUND_MS = 2_000  # the end of a shorter one would tell nothing


def cut_sounds(scheduled: Iterable[CueDue], at_ms: int, rate: float, rewound_ms: int) -> Iterator[CueDue]:
    """What is left of the sounds that are cut at `at_ms` of the clock, or that were to go on later.

    Args:
        scheduled: What was handed over to be heard.
        at_ms: The moment of the pause.
        rate: How much faster than real time the clock goes.
        rewound_ms: How far before that moment the run will go on, in milliseconds of the clock.
    """
    for due in scheduled:
        cue, waits = due.cue, due.due_ms > at_ms
        if cue.kind != "sound" or cue.length_ms < LONG_SOUND_MS or (waits and not due.from_ms):
            continue
        heard_ms = 0 if waits else int((at_ms - rewound_ms - due.due_ms) / rate)
        from_ms = due.from_ms + heard_ms
        # What began within the rewound stretch begins there anew.
        if heard_ms >= 0 and 0 < from_ms < cue.length_ms:
            yield replace(due, from_ms=from_ms)


SCHEDULE_AHEAD_MS = 2_000  # real time by which cues are handed over early; more than any output's buffer
MAX_TICK_INTERVAL_MS = 1_000  # real time after which the run wants to be looked at again, whatever happens
SLEEP_GAP_MS = 5_000  # a silence of this length means that the computer slept or the program was stopped
MAX_CUE_LATENESS_MS = (
    500  # a cue that is later than this in real time is left out: it would only talk over the next one
)

# Reps of one's own and a hold past zero count on while they wait, so a sleep must not count there either.
_MOVES_ON = (State.RUNNING, State.WAITING, State.LEAD_IN)


class CueSink(Protocol):
    """Where cues go to be heard."""

    @property
    def latency_ms(self) -> int:
        """The shortest time between handing a cue over and hearing it."""

    def schedule(self, kind: CueKind, content: str, at_ms: float, from_ms: int = 0) -> None:
        """Let a cue be heard at `at_ms` of the machine's clock (`clock.machine_ms`), without its first `from_ms`."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget what has not begun, and fade out what sounds unless it is to be kept."""

    def close(self) -> None:
        """Give the device back."""


class SilentSink:
    """A sink that makes no sound."""

    latency_ms = 0

    def schedule(self, kind: CueKind, content: str, at_ms: float, from_ms: int = 0) -> None:
        """Let the moment pass."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing is held."""


class Conductor:
    """Keeps player, clock and sink together; call `tick` whenever `ms_until_next_tick` has passed.

    Args:
        player: The run; its `settle_ms` should be the sink's latency, in milliseconds of the clock.
        clock: Where *now* comes from.
        sink: Where cues are heard.
    """

    # These leave what is being spoken alone; every other command moves the run away from it.
    _KEEPS_SOUNDING = (Command.ADD_TIME, Command.AGAIN, Command.COUNT_REP)

    def __init__(self, player: Player, clock: Clock, sink: CueSink) -> None:
        self.player = player
        self.slept = False
        self._clock = clock
        self._sink = sink
        self._scheduled_until_ms = 0
        self._scheduled: list[CueDue] = []  # handed over, and still to come or sounding
        self._cut_sounds: list[CueDue] = []  # of long sounds that a pause has cut
        self._last_tick_ms = clock.now_ms()
        self._paused_ms = 0  # when the run was paused last

    def tick(self) -> list[Event]:
        """Tell what fell due since the last call, and hand over the cues that come next."""
        now_ms = self._clock.now_ms()
        events = self._pause_after_sleep(now_ms)
        if not events:
            self._schedule_ahead(now_ms)  # before anything is told: afterwards, what a late look has missed is gone
            events = self.player.advance(now_ms)
        self._last_tick_ms = now_ms
        self._note_pause(events)
        return events

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> list[Event]:
        """Let the player follow a command, and make the sound follow too.

        Args:
            command: What the user asks.
            amount: Milliseconds for `ADD_TIME`, the step's index for `JUMP`.
            value: The number for `ANSWER`.

        Raises:
            IllegalMoveError: Refused; nothing changed. `due` on it holds the events that had fallen due.
        """
        before = self.tick()
        now_ms = self._last_tick_ms
        reached_ms = self.player.snapshot(now_ms).elapsed_ms
        try:
            told = self.player.send(command, now_ms, amount, value)
        except IllegalTransitionError as refusal:
            refusal.due_events[:0] = before
            raise
        self.slept = False
        self._note_pause(told)
        self._update_cut_sounds(command, now_ms, reached_ms)
        left = any(isinstance(event, PhaseEnded) for event in told)
        self._reschedule(now_ms, keep=command in self._KEEPS_SOUNDING and not left)
        return before + told

    def revise(self, timeline: Timeline) -> None:
        """Let the run go by better lengths from the next phase on (`Player.revise`), and the sound with it.

        Raises:
            ValueError: The timeline has another number of phases.
        """
        self.player.revise(timeline)
        self._reschedule(max(self._last_tick_ms, self._clock.now_ms()), keep=True)

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
        """End the sound."""
        self._sink.cancel()
        self._sink.close()

    def _note_pause(self, events: list[Event]) -> None:
        self._paused_ms = next((event.due_ms for event in events if isinstance(event, Paused)), self._paused_ms)

    def _pause_after_sleep(self, now_ms: int) -> list[Event]:
        """A run that nobody looked at for long stands where it was last seen, paused."""
        gap_ms = (now_ms - self._last_tick_ms) / self._clock.rate
        if gap_ms < SLEEP_GAP_MS or self.player.state not in _MOVES_ON:
            return []
        reached_ms = self.player.snapshot(self._last_tick_ms).elapsed_ms
        events = self.player.send(Command.PAUSE, self._last_tick_ms)
        self._update_cut_sounds(Command.PAUSE, self._last_tick_ms, reached_ms)
        self._reschedule(now_ms, keep=False)
        self.slept = True
        return events

    def _schedule_ahead(self, now_ms: int) -> None:
        """Hand over the cues that lie between what was fed before and the horizon."""
        until_ms = now_ms + self._clock_ms(SCHEDULE_AHEAD_MS)
        ahead = self._upcoming_cues(self._scheduled_until_ms, until_ms)
        self._scheduled = [due for due in self._scheduled if self._cue_end_ms(due) > now_ms]
        self._schedule([due for due in ahead if now_ms - due.due_ms <= self._clock_ms(MAX_CUE_LATENESS_MS)])
        self._scheduled_until_ms = until_ms

    def _reschedule(self, now_ms: int, *, keep: bool) -> None:
        """Put the sound right after a change of course; `keep` what sounds, unless it would be talked over."""
        until_ms = now_ms + self._clock_ms(SCHEDULE_AHEAD_MS)
        # What the output has already taken in begins to sound whatever is said now.
        begun_ms = now_ms + self._clock_ms(self._sink.latency_ms)
        ahead = self._upcoming_cues(now_ms, until_ms)
        awaited = [due for due in self._scheduled if due.due_ms > now_ms]
        keep = keep and not self._would_overlap_speech(begun_ms)
        if keep and awaited == [due for due in ahead if due.due_ms < self._scheduled_until_ms]:
            return
        self._sink.cancel(keep_sounding=keep)
        self._scheduled = [due for due in self._scheduled if due.due_ms <= begun_ms] if keep else []
        self._schedule([due for due in ahead if due not in self._scheduled])
        self._scheduled_until_ms = until_ms

    def _update_cut_sounds(self, command: Command, at_ms: int, reached_ms: int) -> None:
        """Hold what a pause cuts of long sounds, until the run goes on or moves elsewhere.

        Args:
            command: What the run has just followed.
            at_ms: When.
            reached_ms: How far its phase had come then.
        """
        if command is Command.PAUSE:
            rewound_ms = reached_ms - self.player.snapshot(at_ms).elapsed_ms
            # Those that an earlier pause has cut may still lie beyond what was handed over.
            coming = [due for due in self._cut_sounds if due.due_ms > at_ms and due not in self._scheduled]
            self._cut_sounds = [*cut_sounds(self._scheduled, at_ms, self._clock.rate, rewound_ms), *coming]
        elif command is Command.RESUME:
            on_ms = self.player.next_change_ms() or at_ms
            self._cut_sounds = [replace(due, due_ms=on_ms) for due in self._cut_sounds]
        elif command not in self._KEEPS_SOUNDING:
            self._cut_sounds = []

    def _upcoming_cues(self, from_ms: int, to_ms: int) -> list[CueDue]:
        """What is to be heard from `from_ms` on and before `to_ms`, if no command comes in between."""
        stands = self.player.state is State.PAUSED
        ending = [] if stands else [due for due in self._cut_sounds if from_ms <= due.due_ms < to_ms]
        return [*ending, *self.player.upcoming(from_ms, to_ms)]

    def _schedule(self, cues: list[CueDue]) -> None:
        for due in cues:
            self._sink.schedule(due.cue.kind, due.cue.content, self._clock.machine_ms(due.due_ms), due.from_ms)
            self._scheduled.append(due)

    def _would_overlap_speech(self, begun_ms: int) -> bool:
        """Whether a line that sounds at `begun_ms` would still be spoken when the next one begins."""
        lines = [
            self._cue_end_ms(due) for due in self._scheduled if due.cue.kind == "speech" and due.due_ms <= begun_ms
        ]
        upcoming = self.player.upcoming(begun_ms + 1, max(lines, default=0))
        return any(due.cue.kind == "speech" for due in upcoming)

    def _cue_end_ms(self, due: CueDue) -> int:
        """When a cue has sounded."""
        return due.due_ms + self._clock_ms(max(1, due.cue.length_ms - due.from_ms))

    def _clock_ms(self, real_ms: float) -> int:
        return int(real_ms * self._clock.rate)
