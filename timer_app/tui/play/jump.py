"""Asks which step to jump to."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.i18n import _
from timer_app.core.timeline import StepInfo, Timeline
from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.phases import indented_name
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList


class JumpScreen(Dialogue[int | None]):
    """Returns the index of the chosen step, or `None` for none.

    Args:
        timeline: Whose steps.
        current: The step that runs, marked at first.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, timeline: Timeline, current: int | None) -> None:
        super().__init__()
        self._timeline = timeline
        self._current = current or 0

    def compose(self) -> ComposeResult:
        reached = {phase.step for phase in self._timeline.phases}
        steps = self._shown_steps()
        lines = [(str(index) if index in reached else None, indented_name(step)) for index, step in steps]
        with Vertical(classes="dialogue -long"):
            yield Static(_("Go to which step?  Enter goes there, Esc stays."), classes="dialogue-title", markup=False)
            yield MarkedList(lines, [dose_text(step.whole_dose) for _, step in steps])

    def _shown_steps(self) -> list[tuple[int, StepInfo]]:
        """The steps with their indices, without those that are left out."""
        return [(index, step) for index, step in enumerate(self._timeline.steps) if step.is_listed]

    def on_mount(self) -> None:
        self.call_after_refresh(self._mark_current)

    def _mark_current(self) -> None:
        places = [index for index, _ in self._shown_steps()]
        self.query_one(OptionList).highlighted = places.index(self._current) if self._current in places else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked step."""
        self.dismiss(int(event.option_id or self._current))

    def action_dismiss_it(self) -> None:
        """Change nothing."""
        self.dismiss(None)
