"""Asks whether the user is sure."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static

from timer_app.tui.bindings import bindings_for
from timer_app.tui.widgets.marked_list import MarkedList

_NO, _YES = "no", "yes"


class ConfirmScreen(ModalScreen[bool]):
    """Returns whether the user said yes; the answer marked at first is no.

    Args:
        question: What is asked.
        remark: What else to know.
        answers: What no and yes mean.
    """

    CSS_PATH = "dialogue.tcss"
    BINDINGS = bindings_for("question")

    def __init__(
        self, question: str, remark: str, answers: tuple[str, str] = ("No, go on  (n)", "Yes, end it  (y)")
    ) -> None:
        super().__init__()
        self._question = question
        self._remark = remark
        self._answers = answers

    def compose(self) -> ComposeResult:
        """The question, and two answers."""
        with Vertical(classes="dialogue"):
            yield Static(self._question, classes="dialogue-title", markup=False)
            yield Static(self._remark, classes="dialogue-remark", markup=False)
            yield MarkedList(list(zip((_NO, _YES), self._answers, strict=True)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked answer."""
        self.dismiss(event.option_id == _YES)

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_no(self) -> None:
        """No."""
        self.dismiss(False)
