"""Asks whether to resume a run that was cut off."""

from __future__ import annotations

from enum import StrEnum

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import rough_text
from timer_app.run import ResumableRun
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList


class ResumeChoice(StrEnum):
    """The choices for a run that was cut off."""

    RESUME = "go on"
    START_OVER = "afresh"
    LEAVE = "leave"
    LATER = "later"


class ResumeScreen(Dialogue[ResumeChoice]):
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
                    (ResumeChoice.START_OVER, _("Start it afresh")),
                    (ResumeChoice.LEAVE, _("Leave it as it is; what you did is in the history")),
                ]
            )

    def _question(self) -> str:
        unfinished = self._offer.unfinished
        return _("Go on with {name}, {time} left?").format(
            name=printable(unfinished.name), time=rough_text(unfinished.left_ms)
        )

    def _remark(self) -> str:
        started = f"{self._offer.unfinished.started.astimezone():%H:%M}"
        begun = _("It was begun at {time} and cut off.").format(time=started)
        return f"{begun} {_('Its file has changed since.')}" if self._offer.is_file_changed else begun

    def _resume_label(self) -> str:
        text = _("Go on with the start of {step}") if self._offer.is_file_changed else _("Go on at {step}")
        return text.format(step=self._offer.step_name)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked answer."""
        self.dismiss(ResumeChoice(event.option_id or ResumeChoice.LATER))

    def action_dismiss_it(self) -> None:
        """Ask again at the next start."""
        self.dismiss(ResumeChoice.LATER)
