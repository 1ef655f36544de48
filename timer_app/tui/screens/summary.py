"""What was done, when a run is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from timer_app.core.player.recorder import SessionRecord
from timer_app.core.timeline.model import StepInfo
from timer_app.core.training.measurements import Suggested
from timer_app.tui import report
from timer_app.tui.bindings import bindings_for
from timer_app.tui.commands import Place, first_key
from timer_app.tui.widgets.key_line import KeyLine

_MARGINS = 5  # the list's padding and its scroll bar


class SummaryScreen(Screen[None]):
    """Shows a record.

    Args:
        record: What was done.
        steps: What was planned, in the record's order.
        keys: The user's own keys.
        suggestions: The sessions that the answers suggest.
        compare: Gives lines that set what was measured against earlier times; called in a thread.
    """

    CSS_PATH = "summary.tcss"
    PLACE: ClassVar[Place] = "summary"
    BINDINGS = bindings_for("summary")
    AUTO_FOCUS = "VerticalScroll"

    class Wanted(Message):
        """The user wants to run the session with that id."""

        def __init__(self, session: str) -> None:
            super().__init__()
            self.session = session

    class Closed(Message):
        """The user has seen it."""

    def __init__(
        self,
        record: SessionRecord,
        steps: tuple[StepInfo, ...],
        keys: Mapping[str, str],
        compare: Callable[[], list[str]] = list,
        suggestions: Sequence[Suggested] = (),
    ) -> None:
        super().__init__()
        self._record = record
        self._steps = steps
        self._keys = keys
        self._compare = compare
        self._suggestions = suggestions

    def compose(self) -> ComposeResult:
        """How it ended, the times, the steps, the answers."""
        with VerticalScroll():
            yield Static(self._record.name, id="title", markup=False)
            yield Static(report.ending_line(self._record), id="ending", markup=False)
            yield Static(report.time_line(self._record), id="times", markup=False)
            yield Static(id="steps-done", markup=False)
            yield Static(self._answers(), id="answers", markup=False)
            yield Static(id="compared", markup=False)
            yield Static(self._advice(), id="advice", markup=False)
            yield Static(report.next_line(list(report.rows(self._record, self._steps))), id="next-time", markup=False)
            yield Static("\n".join(report.dose_lines(self._steps)), id="doses", markup=False)
        yield KeyLine("summary", self._keys)

    def on_mount(self) -> None:
        """Look back, for which nobody waits."""
        self._look_back()

    @work
    async def _look_back(self) -> None:
        lines = await asyncio.to_thread(self._compare)
        self.query_one("#compared", Static).update("\n".join(["Against earlier times", *lines] if lines else []))

    def on_resize(self) -> None:
        """Columns where they fit, else a line for each thing."""
        lines = report.fitting(list(report.rows(self._record, self._steps)), self.size.width - _MARGINS)
        self.query_one("#steps-done", Static).update("\n".join(lines) or "Nothing to do was part of this session.")

    def _answers(self) -> str:
        if not self._record.answers:
            return ""
        return "\n".join(["Your answers", *(f"  {answer.in_words}" for answer in self._record.answers)])

    def _advice(self) -> str:
        if not self._suggestions:
            return ""
        key = first_key("train", self._keys)
        lines = (f"  {one.session}: {one.because}" for one in self._suggestions)
        return "\n".join([f"Suggested ({key} starts the first)", *lines])

    def action_train(self) -> None:
        """Go on with the first session that the answers suggest."""
        if self._suggestions:
            self.post_message(self.Wanted(self._suggestions[0].session))

    def action_close(self) -> None:
        """Go back."""
        self.post_message(self.Closed())
