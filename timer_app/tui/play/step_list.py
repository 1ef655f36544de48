"""The list of steps, which follows the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from rich.segment import Segment
from textual.strip import Strip

from timer_app.core.i18n import _
from timer_app.core.player.recorder import Outcome
from timer_app.core.timeline import StepInfo, Timeline
from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.phases import indented_name
from timer_app.tui.play.view import OUTCOME_SIGNS, RunView
from timer_app.tui.widgets.cached import CachedWidget
from timer_app.tui.widgets.text_layout import beside_or_below, name_panel

StepState = Outcome | Literal["current", "coming"]

_STATE_SIGNS: dict[str, str] = {**OUTCOME_SIGNS, "current": "▸", "coming": " "}
_STATE_STYLES: dict[StepState, str] = {
    "done": "step--done",
    "in part": "step--passed",
    "not done": "step--passed",
    "current": "step--current",
    "coming": "step--coming",
}


def step_states(
    steps: tuple[StepInfo, ...], current: int | None, outcomes: tuple[Outcome, ...], coming: frozenset[int]
) -> tuple[StepState, ...]:
    """The state of each step.

    Args:
        steps: All of them.
        current: The index of the one that runs; `None` before the first.
        outcomes: Of each so far.
        coming: The steps with work ahead, such as those of a block with rounds to go.
    """
    return tuple(
        _step_state(index, current, outcome, index in coming)
        for index, (_, outcome) in enumerate(zip(steps, outcomes, strict=True))
    )


def _step_state(index: int, current: int | None, outcome: Outcome, is_coming: bool) -> StepState:
    if current is None or index > current:
        return "coming"
    if index == current:
        return "current"
    return "coming" if is_coming and outcome != "done" else outcome


def last_work_phases(timeline: Timeline) -> dict[int, int]:
    """The index of the last phase of work of each step that has work."""
    return {phase.step: i for i, phase in enumerate(timeline.phases) if phase.kind == "work" and phase.step is not None}


def first_visible_row(count: int, current: int, rows: int) -> int:
    """The first row to show so that the current one stands a third from the top, with no row left empty."""
    return max(0, min(current - rows // 3, count - rows))


def step_text(step: StepInfo, state: StepState) -> str:
    """A step on one line."""
    return f"{_STATE_SIGNS[state]} {indented_name(step)}"


def step_rows(steps: tuple[StepInfo, ...], states: tuple[StepState, ...], width: int) -> Iterator[tuple[int, str]]:
    """The rows of the list, each with the index of its step; a dose counts all rounds, and is never left out."""
    for index, (step, mark) in enumerate(zip(steps, states, strict=True)):
        if not step.is_listed:
            continue
        for row in beside_or_below(step_text(step, mark), dose_text(step.whole_dose), width):
            yield index, row


class StepList(CachedWidget):
    """Shows the steps around the current one."""

    COMPONENT_CLASSES = set(_STATE_STYLES.values())

    def __init__(self) -> None:
        super().__init__(id="steps")
        name_panel(self, _("Steps"))
        self._steps: tuple[StepInfo, ...] = ()
        self._states: tuple[StepState, ...] = ()
        self._current = 0
        self._rows: list[tuple[int, str]] = []
        self._width = 0
        self._timeline: Timeline | None = None
        self._last_work: Mapping[int, int] = {}

    def show_view(self, view: RunView) -> None:
        """Move the marks."""
        step = view.snapshot.phase.step
        current = self._last_step(view) if step is None else step
        if view.timeline is not self._timeline:
            self._timeline, self._last_work = view.timeline, last_work_phases(view.timeline)
        coming = frozenset(step for step, last in self._last_work.items() if last > view.snapshot.index)
        marks = step_states(view.timeline.steps, current, view.outcomes, coming)
        if marks != self._states or view.timeline.steps != self._steps:
            self._steps, self._states = view.timeline.steps, marks
            self._current = current or 0
            self._width = 0
            self.refresh()

    @staticmethod
    def _last_step(view: RunView) -> int | None:
        """The step before words that belong to none: the last one run, or `None` at the start."""
        before = view.timeline.phases[: view.snapshot.index]
        return next((phase.step + 1 for phase in reversed(before) if phase.step is not None), None)

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        rows = self._rows_for(width)
        current = next((row for row, (step, _) in enumerate(rows) if step == self._current), len(rows))
        row = first_visible_row(len(rows), current, height) + y
        if row >= len(rows):
            return Strip.blank(width, self.own_style)
        step, text = rows[row]
        return Strip([Segment(text, self.get_component_rich_style(_STATE_STYLES[self._states[step]]))], width)

    def _rows_for(self, width: int) -> list[tuple[int, str]]:
        if width != self._width:
            self._rows, self._width = list(step_rows(self._steps, self._states, width)), width
        return self._rows
