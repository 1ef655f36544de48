"""Shows figures one after the other, each in all its phases, until the user closes the preview."""

from __future__ import annotations

import time
from bisect import bisect_right
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from timer_app.core.player.states import Snapshot, State
from timer_app.core.timeline import Timeline
from timer_app.tui.play.pacer import FRAME_MS
from timer_app.tui.play.view import RunView
from timer_app.tui.screen import SafeApp
from timer_app.tui.widgets.figure import FigureView


class FigurePreview(SafeApp):
    """Runs a timeline over and over, with nothing but its figures.

    Args:
        timeline: What to run; each phase of it has a length.
        reduced: Only key poses.
    """

    CSS = """
    Screen { layout: vertical; }
    #what { height: 1; text-style: bold; text-align: center; }
    FigureView { width: 1fr; height: 1fr; }
    #keys { height: 1; color: $text-muted; text-align: center; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,escape,ctrl+c", "quit", "Leave")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, timeline: Timeline, *, reduced: bool = False) -> None:
        super().__init__()
        self._timeline = timeline
        self._reduced = reduced
        self._begun_s = 0.0

    def compose(self) -> ComposeResult:
        yield Static(id="what", markup=False)
        yield FigureView(reduced=self._reduced)
        yield Static("q leaves", id="keys", markup=False)

    def on_mount(self) -> None:
        self._begun_s = time.monotonic()
        self.set_interval(FRAME_MS / 1_000, self._show_frame)
        self._show_frame()

    def _show_frame(self) -> None:
        """Show where the run is now."""
        at_ms = int((time.monotonic() - self._begun_s) * 1_000) % max(1, self._timeline.total_ms)
        index = bisect_right(self._timeline.starts_ms, at_ms) - 1
        phase = self._timeline.phases[index]
        elapsed_ms = at_ms - self._timeline.starts_ms[index]
        said = " · ".join(filter(None, (phase.label, phase.kind, phase.part, phase.side)))
        what = self.query_one("#what", Static)
        if str(what.content) != said:
            what.update(said)
        left_ms = self._timeline.total_ms - at_ms
        snapshot = Snapshot(
            State.PAUSED, index, phase, elapsed_ms, None, phase.duration_ms, 0, 0, False, at_ms, left_ms
        )
        self.query_one(FigureView).view = RunView(snapshot, self._timeline)
