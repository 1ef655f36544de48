"""What was done, when a run is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from timer_app.core.record import SessionRecord
from timer_app.core.timeline import StepInfo
from timer_app.tui import report
from timer_app.tui.bindings import bindings_for
from timer_app.tui.commands import Place
from timer_app.tui.widgets.key_line import KeyLine

_DONE_WIDTH = 34
_ROOM_FOR_COLUMNS = 76


class SummaryScreen(Screen[None]):
    """Shows a record.

    Args:
        record: What was done.
        steps: What was planned, in the record's order.
        keys: The user's own keys.
    """

    CSS_PATH = "summary.tcss"
    PLACE: ClassVar[Place] = "summary"
    BINDINGS = bindings_for("summary")
    AUTO_FOCUS = "VerticalScroll"

    class Closed(Message):
        """The user has seen it."""

    def __init__(self, record: SessionRecord, steps: tuple[StepInfo, ...], keys: Mapping[str, str]) -> None:
        super().__init__()
        self._record = record
        self._steps = steps
        self._keys = keys

    def compose(self) -> ComposeResult:
        """How it ended, the times, the steps, the answers."""
        yield Static(self._record.name, id="title", markup=False)
        yield Static(report.ending_line(self._record), id="ending", markup=False)
        yield Static(report.time_line(self._record), id="times", markup=False)
        with VerticalScroll():
            yield Static(id="steps-done", markup=False)
            yield Static(self._answers(), id="answers", markup=False)
        yield KeyLine("summary", self._keys)

    def on_resize(self) -> None:
        """Columns where there is room, else two lines a step."""
        wide = self.size.width >= _ROOM_FOR_COLUMNS
        rows = list(report.rows(self._record, self._steps))
        name_width = max((len(row.name) for row in rows), default=0)
        text = "\n".join(_wide_row(row, name_width) if wide else _narrow_row(row) for row in rows)
        self.query_one("#steps-done", Static).update(text or "Nothing to do was part of this session.")

    def _answers(self) -> str:
        if not self._record.answers:
            return ""
        return "\n".join(["Your answers", *(f"  {report.answer_text(answer)}" for answer in self._record.answers)])

    def action_close(self) -> None:
        """Go back."""
        self.post_message(self.Closed())


def _wide_row(row: report.Row, name_width: int) -> str:
    planned = f"planned: {row.planned}" if row.planned else ""
    return f"{row.sign} {row.name:<{name_width}}  {row.done:<{_DONE_WIDTH}}  {planned}".rstrip()


def _narrow_row(row: report.Row) -> str:
    planned = f"  (planned: {row.planned})" if row.planned else ""
    return f"{row.sign} {row.name}\n    {row.done}{planned}"
