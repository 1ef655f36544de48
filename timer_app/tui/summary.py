"""The screen that sums up a run when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from timer_app.core.player.recorder import SessionRecord, StepRecord
from timer_app.core.timeline import StepInfo
from timer_app.core.training import SuggestedSession
from timer_app.core.wording.doses import dose_origin_lines, dose_text
from timer_app.core.wording.record import answer_lines, done_text, ending_sentence, planned_text, times_sentences
from timer_app.tui.key_bindings import ScreenScope, first_key
from timer_app.tui.play.view import OUTCOME_SIGNS
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.text_layout import fit_to_width, joined_lines


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A step of the summary.

    Attributes:
        sign: `✓` done, `~` in part, `-` not done.
        name: The step's name.
        done: What was done, in words.
        planned: The dose.
    """

    sign: str
    name: str
    done: str
    planned: str


def next_time_line(shown: Sequence[SummaryRow]) -> str:
    """What to do next time: what is left, else the same again."""
    left = [row.name for row in shown if row.sign == "-"]
    if not left or len(left) == len(shown):
        return "Again tomorrow?"
    more = f" and {len(left) - 1} more" if len(left) > 1 else ""
    return f"Left for next time: {left[0]}{more}."


def summary_rows(record: SessionRecord, steps: tuple[StepInfo, ...]) -> Iterator[SummaryRow]:
    """The steps in which there is something to do, and what was done of each."""
    for info, step in zip(steps, record.steps, strict=True):
        if info.is_work and not info.is_left_out:
            yield summary_row(step, dose_text(info.whole_dose))


def summary_row(step: StepRecord, dose: str) -> SummaryRow:
    """What was done of a step of which `dose` was planned."""
    return SummaryRow(OUTCOME_SIGNS[step.outcome], step.name, done_text(step), dose)


def dose_lines(steps: tuple[StepInfo, ...]) -> list[str]:
    """Where doses that grow came from, below a heading; nothing where none does."""
    lines = list(dose_origin_lines(steps))
    return ["Doses", *(f"  {line}" for line in lines)] if lines else []


def summary_lines(shown: Sequence[SummaryRow], width: int) -> list[str]:
    """The rows in columns where `width` cells have room for them, else with a line for each thing."""
    lines = _column_lines(shown)
    return lines if all(cell_len(line) <= width for line in lines) else _stacked_lines(shown)


def _column_lines(shown: Sequence[SummaryRow]) -> list[str]:
    name_width = max((cell_len(row.name) for row in shown), default=0)
    done_width = max((cell_len(row.done) for row in shown), default=0)
    return [
        f"{row.sign} {fit_to_width(row.name, name_width)}  {fit_to_width(row.done, done_width)}"
        f"  {planned_text(row.planned)}".rstrip()
        for row in shown
    ]


def _stacked_lines(shown: Sequence[SummaryRow]) -> list[str]:
    return [
        line
        for row in shown
        for line in (f"{row.sign} {row.name}", f"    {row.done}", f"    {planned_text(row.planned)}")
        if line.strip()
    ]


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
    SCOPE: ClassVar[ScreenScope] = "summary"
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
        suggestions: Sequence[SuggestedSession] = (),
    ) -> None:
        super().__init__()
        self._record = record
        self._steps = steps
        self._keys = keys
        self._compare = compare
        self._suggestions = suggestions

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(self._record.name, id="title", markup=False)
            yield Static(ending_sentence(self._record), id="ending", markup=False)
            yield Static(times_sentences(self._record), id="times", markup=False)
            yield Static(id="steps-done", markup=False)
            yield Static(self._answers(), id="answers", markup=False)
            yield Static(id="compared", markup=False)
            yield Static(self._advice(), id="advice", markup=False)
            yield Static(next_time_line(list(summary_rows(self._record, self._steps))), id="next-time", markup=False)
            yield Static(joined_lines(dose_lines(self._steps)), id="doses", markup=False)
        yield KeyFooter("summary", self._keys)

    def on_mount(self) -> None:
        self._show_comparison()

    @work
    async def _show_comparison(self) -> None:
        lines = await asyncio.to_thread(self._compare)
        self.query_one("#compared", Static).update(joined_lines(["Against earlier times", *lines] if lines else []))

    def on_resize(self) -> None:
        """Columns where they fit, else a line for each thing."""
        lines = summary_lines(list(summary_rows(self._record, self._steps)), self.size.width - _MARGINS)
        self.query_one("#steps-done", Static).update(joined_lines(lines) or "Nothing to do was part of this session.")

    def _answers(self) -> str:
        lines = [f"  {line}" for line in answer_lines(self._record)]
        return joined_lines(["Your answers", *lines] if lines else [])

    def _advice(self) -> str:
        if not self._suggestions:
            return ""
        key = first_key("train", self._keys)
        lines = (f"  {one.session}: {one.because}" for one in self._suggestions)
        return joined_lines([f"Suggested ({key} starts the first)", *lines])

    def action_train(self) -> None:
        """Go on with the first session that the answers suggest."""
        if self._suggestions:
            self.post_message(self.Wanted(self._suggestions[0].session))

    def action_close(self) -> None:
        """Go back."""
        self.post_message(self.Closed())
