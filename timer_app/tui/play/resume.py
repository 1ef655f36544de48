"""Asks whether to resume a run that was cut off."""

from __future__ import annotations

from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.wording.formatting import rough_text
from timer_app.run import ResumableRun
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.inputs import MarkedList


class ResumeChoice(StrEnum):
    """The choices for a run that was cut off."""

    RESUME = "go on"
    START_OVER = "afresh"
    LEAVE = "leave"
    LATER = "later"


class ResumeScreen(ModalScreen[ResumeChoice]):
    """Returns what the user chose; closing it decides nothing.

    Args:
        offer: The run.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, offer: ResumableRun) -> None:
        super().__init__()
        self._offer = offer

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            yield Static(self._question(), classes="dialogue-title", markup=False)
            yield Static(self._remark(), classes="dialogue-remark", markup=False)
            yield MarkedList(
                [
                    (ResumeChoice.RESUME, self._resume_label()),
                    (ResumeChoice.START_OVER, "Start it afresh"),
                    (ResumeChoice.LEAVE, "Leave it as it is; what you did is in the history"),
                ]
            )

    def _question(self) -> str:
        return (
            f"Go on with {printable(self._offer.unfinished.name)}, {rough_text(self._offer.unfinished.left_ms)} left?"
        )

    def _remark(self) -> str:
        begun = f"It was begun at {self._offer.unfinished.started.astimezone():%H:%M} and cut off."
        return f"{begun} Its file has changed since." if self._offer.is_file_changed else begun

    def _resume_label(self) -> str:
        return (
            f"Go on with the start of {self._offer.step_name}"
            if self._offer.is_file_changed
            else f"Go on at {self._offer.step_name}"
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked answer."""
        self.dismiss(ResumeChoice(event.option_id or ResumeChoice.LATER))

    def action_dismiss_it(self) -> None:
        """Ask again at the next start."""
        self.dismiss(ResumeChoice.LATER)
