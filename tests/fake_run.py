"""A run of a timeline with a clock moved by hand, without a voice and without sound."""

from __future__ import annotations

from collections.abc import Callable

from timer_app.core.player.clock import ManualClock
from timer_app.core.player.conductor import Conductor, SilentSink
from timer_app.core.player.events import Event
from timer_app.core.player.player import Player
from timer_app.core.player.recorder import Recorder, SessionRecord
from timer_app.core.player.states import Command, IllegalTransitionError, Snapshot, State
from timer_app.core.timeline.model import Timeline
from timer_app.core.training.assessment import SuggestedSession, suggest_sessions
from timer_app.core.wording.look_back import LookBack


class FakeRun:
    """What a front end asks of a `LiveRun`; a test may look into it."""

    def __init__(self, made: Timeline) -> None:
        self.clock = ManualClock()
        self.conductor = Conductor(Player(made), self.clock, SilentSink())
        self.recorder = Recorder(made)
        self.notices: list[str] = []
        self.write_note: Callable[[str], str] | None = None
        self.answered_before: dict[int, float] = {}
        self.volume, self.muted = 80, False

    def look_back(self) -> LookBack:
        return LookBack()

    def last_answers(self) -> dict[int, float]:
        return self.answered_before

    @property
    def timeline(self) -> Timeline:
        return self.conductor.player.timeline

    @property
    def state(self) -> State:
        return self.conductor.player.state

    @property
    def record(self) -> SessionRecord:
        return self.recorder.record

    @property
    def slept(self) -> bool:
        return self.conductor.slept

    def snapshot(self) -> Snapshot:
        return self.conductor.snapshot()

    def paused_for_ms(self) -> int:
        return self.conductor.paused_for_ms()

    def ms_until_next_tick(self) -> float:
        return self.conductor.ms_until_next_tick()

    def tick(self) -> list[Event]:
        return self._note(self.conductor.tick())

    def send(self, command: Command, amount: int = 0, value: float | None = None) -> list[Event]:
        try:
            return self._note(self.conductor.send(command, amount, value))
        except IllegalTransitionError as refusal:
            self._note(refusal.due_events)
            raise

    def _note(self, events: list[Event]) -> list[Event]:
        self.recorder.observe(events)
        return events

    def change_variant(self, by: int) -> tuple[list[Event], str]:
        return [], "harder" if by > 0 else "easier"

    def explain(self) -> tuple[list[Event], str]:
        return [], "Stand tall."

    def refresh(self) -> list[str]:
        news, self.notices = self.notices, []
        return news

    def suggestions(self) -> tuple[SuggestedSession, ...]:
        return suggest_sessions(self.timeline, self.record.answers)

    def compare_with_past(self) -> list[str]:
        return []

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def set_muted(self, muted: bool) -> None:
        self.muted = muted

    def close(self) -> None:
        self.conductor.close()
