"""Leads a run: asks the player what is due, and hands sounds and lines to the sink before their moment."""

from __future__ import annotations

from typing import Protocol

from timer_app.core.clock import Clock
from timer_app.core.events import Event
from timer_app.core.moves import Command, IllegalMoveError, State
from timer_app.core.player import Player
from timer_app.core.snapshot import Snapshot
from timer_app.core.timeline import CueKind

AHEAD_MS = 1_500  # real time by which cues are handed over early; more than any output's buffer
REST_MS = 400  # real time after which the run wants to be looked at again, whatever happens
GAP_MS = 5_000  # a silence of this length means that the computer slept or the program was stopped

_MOVES_ON = (State.RUNNING, State.LEAD_IN)


class CueSink(Protocol):
    """Where cues go to be heard."""

    @property
    def latency_ms(self) -> int:
        """The shortest time between handing a cue over and hearing it."""

    def schedule(self, kind: CueKind, content: str, at_ms: float) -> None:
        """Let a cue be heard at `at_ms` of the machine's clock (`clock.machine_ms`)."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Forget what has not begun, and fade out what sounds unless it is to be kept."""

    def close(self) -> None:
        """Give the device back."""


class SilentSink:
    """A sink that makes no sound."""

    latency_ms = 0

    def schedule(self, kind: CueKind, content: str, at_ms: float) -> None:
        """Let the moment pass."""

    def cancel(self, *, keep_sounding: bool = False) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing is held."""


class Conductor:
    """Keeps player, clock and sink together; call `tick` whenever `wake_ms` has passed.

    Args:
        player: The run; its `settle_ms` should be the sink's latency.
        clock: Where *now* comes from.
        sink: Where cues are heard.
    """

    # Added time leaves a line that is being spoken alone; every other command moves the run away from it.
    _KEEPS_SOUNDING = (Command.ADD_TIME, Command.AGAIN, Command.COUNT_REP)

    def __init__(self, player: Player, clock: Clock, sink: CueSink) -> None:
        self.player = player
        self.slept = False
        self._clock = clock
        self._sink = sink
        self._fed_ms = 0
        self._seen_ms = clock.now_ms()

    def tick(self) -> list[Event]:
        """Tell what fell due since the last call, and hand over the cues that come next."""
        now_ms = self._clock.now_ms()
        events = self._notice_gap(now_ms) or self.player.advance(now_ms)
        self._seen_ms = now_ms
        self._feed(now_ms)
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
        now_ms = max(self._seen_ms, self._clock.now_ms())
        try:
            events = before + self.player.send(command, now_ms, amount, value)
        except IllegalMoveError as refusal:
            refusal.due[:0] = before
            raise
        self.slept = False
        self._sink.cancel(keep_sounding=command in self._KEEPS_SOUNDING)
        self._fed_ms = now_ms
        self._feed(now_ms)
        return events

    def snapshot(self) -> Snapshot:
        """How the run looks now."""
        return self.player.snapshot(max(self._seen_ms, self._clock.now_ms()))

    def wake_ms(self) -> float:
        """Real milliseconds after which `tick` is wanted again."""
        now_ms = self._clock.now_ms()
        limits = [now_ms + REST_MS * self._clock.rate]
        change_ms = self.player.next_change_ms()
        if change_ms is not None:
            limits.append(change_ms)
        limits += [cue.due_ms for cue in self.player.upcoming(self._seen_ms + 1, int(limits[0]))[:1]]
        return max(0.0, (min(limits) - now_ms) / self._clock.rate)

    def close(self) -> None:
        """End the sound."""
        self._sink.cancel()
        self._sink.close()

    def _notice_gap(self, now_ms: int) -> list[Event]:
        """A run that nobody looked at for long stands where it was last seen, paused."""
        gap_ms = (now_ms - self._seen_ms) / self._clock.rate
        if gap_ms < GAP_MS or self.player.state not in _MOVES_ON:
            return []
        events = self.player.send(Command.PAUSE, self._seen_ms)
        self._sink.cancel()
        self._fed_ms = now_ms
        self.slept = True
        return events

    def _feed(self, now_ms: int) -> None:
        until_ms = now_ms + int(AHEAD_MS * self._clock.rate)
        for due in self.player.upcoming(self._fed_ms, until_ms):
            self._sink.schedule(due.cue.kind, due.cue.content, self._clock.machine_ms(due.due_ms))
        self._fed_ms = until_ms
