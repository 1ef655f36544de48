"""A player with a hand-moved clock, for tests that read like somebody using it."""

from __future__ import annotations

from timer_app.core.player.events import CueDue, Event
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, RunPosition, Snapshot, State
from timer_app.core.timeline.model import Timeline


class Run:
    """A run of `timeline`, started at 0 unless it is to be left ready."""

    def __init__(
        self, timeline: Timeline, *, settle_ms: int = 0, started: bool = True, start: RunPosition | None = None
    ) -> None:
        self.player = Player(timeline, settle_ms, start)
        self.now_ms = 0
        self.reported: list[Event] = []
        if started:
            self.press(Command.START)

    @property
    def state(self) -> State:
        return self.player.state

    @property
    def observed(self) -> Snapshot:
        return self.player.snapshot(self.now_ms)

    def after(self, ms: int) -> list[Event]:
        """Let time pass and return what fell due."""
        self.now_ms += ms
        return self._note(self.player.advance(self.now_ms))

    def press(self, command: Command, amount: int = 0, value: float | None = None) -> list[Event]:
        """Send a command now and return what it led to."""
        self.after(0)
        return self._note(self.player.send(command, self.now_ms, amount, value))

    def _note(self, events: list[Event]) -> list[Event]:
        self.reported += events
        return events


def cues(events: list[Event]) -> list[tuple[int, str]]:
    """When which cue fell due."""
    return [(event.due_ms, event.cue.text) for event in events if isinstance(event, CueDue)]
