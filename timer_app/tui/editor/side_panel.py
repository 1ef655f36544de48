"""The panel beside the text: length, profile, faults, help, script, figure and steps, as the cursor moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.tui.editor.panel_content import (
    fault_row,
    place_marker,
    script_text,
    step_index,
    step_rows,
    summary_text,
    times_of,
)
from timer_app.tui.library.preview import ProfileBar
from timer_app.tui.library.preview_content import preview_from_timeline
from timer_app.tui.library.preview_figure import PreviewFigure
from timer_app.tui.widgets.inputs import MarkedList

if TYPE_CHECKING:
    from timer_app.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath, LocatedProblem
    from timer_app.core.timeline import Timeline


class PanelList(MarkedList):
    """A list whose mark follows the text, and which goes there when a line of it is chosen."""

    def __init__(self, name: str) -> None:
        super().__init__([])
        self.id = name
        self.shown: list[tuple[str, str]] = []

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show other lines, if they are others."""
        if list(lines) != self.shown:
            self.shown = list(lines)
            self.replace_lines(self.shown)
        self.display = bool(lines)


class SidePanel(VerticalScroll, can_focus=False):
    """Shows what the text becomes.

    Args:
        is_still: Nothing may move.
    """

    class Chosen(Message):
        """The cursor is to go to a place, counted from 0."""

        def __init__(self, line: int, column: int) -> None:
            super().__init__()
            self.line = line
            self.column = column

    def __init__(self, *, is_still: bool) -> None:
        super().__init__(id="side")
        self._is_still = is_still
        self._timeline: Timeline | None = None
        self._phases: tuple[int, ...] = ()
        self._analysis: Analysis | None = None
        self._problems: tuple[LocatedProblem, ...] = ()
        self._line, self._help = 0, ""
        self._times: dict[KeyPath, int] = {}

    def compose(self) -> ComposeResult:
        yield Static(id="side-sums", markup=False)
        yield ProfileBar(id="side-profile")
        yield Static(id="side-place", markup=False)
        yield PanelList("side-faults")
        yield Static(id="side-help", markup=False)
        yield PreviewFigure(reduced=self._is_still)
        yield Static(id="side-script", markup=False)
        yield PanelList("side-steps")

    @property
    def cells(self) -> int:
        """How wide a line may be."""
        return max(1, self.scrollable_content_region.width)

    def show_analysis(self, analysis: Analysis, valid: Analysis | None, *, is_exact: bool) -> None:
        """Show what became of the text.

        Args:
            analysis: What is known of it now.
            valid: What was known when it last had a timeline, which stays in sight.
            is_exact: Lengths are those of the voice.
        """
        self._analysis = analysis
        timeline = valid.timeline if valid else None
        self.set_class(analysis.timeline is None, "-stale")
        self._set_text("#side-sums", summary_text(analysis, valid, is_exact=is_exact))
        if timeline != self._timeline:  # each analysis makes a new one: as long as it is the same, its figure goes on
            self._timeline = timeline
            bar = self.query_one(ProfileBar)
            bar.preview = preview_from_timeline(timeline, (), ()) if timeline else None
        self._times = times_of(valid.outline) if valid else {}
        self._problems = tuple(analysis.problems)
        self._fill_lists()

    def _fill_lists(self) -> None:
        if self._analysis is None:
            return
        width = self.cells - 3
        rows = [(str(index), fault_row(one, width)) for index, one in enumerate(self._problems)]
        self.query_one("#side-faults", PanelList).show_lines(rows)
        steps = [(str(i), row.text) for i, row in enumerate(step_rows(self._analysis.outline, self._times, width))]
        self.query_one("#side-steps", PanelList).show_lines(steps)

    def show_place(self, phases: tuple[int, ...], line: int, help_text: str) -> None:
        """Show what belongs to the line with the cursor.

        Args:
            phases: The phases of its step in the timeline that is shown.
            line: The line, from 0.
            help_text: What is to be said of it; empty for nothing.
        """
        self._phases, self._line, self._help = phases, line, help_text
        timeline = self._timeline
        bar = self.query_one(ProfileBar)
        self._set_text("#side-place", place_marker(timeline, phases, bar.size.width) if timeline else "", keep=True)
        width = max(1, self.cells - 1)  # one column apart from the scroll bar
        self._set_text("#side-script", script_text(timeline, phases, width) if timeline else "")
        self._set_text("#side-help", help_text)
        self._show_figure()
        if self._analysis is not None:
            self._mark("#side-steps", step_index(self._analysis.outline, line))
            at = next((i for i, one in enumerate(self._problems) if one.line - 1 == line), None)
            self._mark("#side-faults", at)

    def _mark(self, name: str, index: int | None) -> None:
        found = self.query_one(name, PanelList)
        if not found.has_focus and found.highlighted != index:
            found.highlighted = index

    def _show_figure(self) -> None:
        timeline = self._timeline
        work = [index for index in self._phases if timeline and timeline.phases[index].kind == "work"]
        self.query_one(PreviewFigure).show_phases(timeline if work else None, work)

    def _set_text(self, name: str, text: str, *, keep: bool = False) -> None:
        widget = self.query_one(name, Static)
        widget.display = bool(text) or keep
        if widget.content != text:
            widget.update(text)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the width."""
        self.call_after_refresh(self._fill_again)

    def _fill_again(self) -> None:
        self._fill_lists()
        self.show_place(self._phases, self._line, self._help)
        for marked in self.query(PanelList):
            if marked.has_focus:
                self.call_after_refresh(marked.scroll_visible, animate=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to a fault or a step."""
        event.stop()
        index = int(event.option_id or 0)
        if event.option_list.id == "side-faults":
            problem = self._problems[index]
            self.post_message(self.Chosen(max(0, problem.line - 1), max(0, problem.column - 1)))
        elif self._analysis is not None:
            rows = list(step_rows(self._analysis.outline, self._times, self.cells))
            self.post_message(self.Chosen(rows[index].line, 0))

    def focus_list(self) -> bool:
        """Go to the faults, or else to the steps; whether there are any."""
        for name in ("#side-faults", "#side-steps"):
            found = self.query_one(name, PanelList)
            if found.display and found.option_count:
                if found.highlighted is None:
                    found.highlighted = 0
                found.focus()
                return True
        return False

    @property
    def line_text(self) -> str:
        """What there is to say on one line."""
        return printable(str(self.query_one("#side-sums", Static).content))
