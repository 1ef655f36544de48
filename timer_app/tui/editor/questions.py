"""Asks what is to become of a text, and what a new session is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static

from timer_app.core.i18n import _
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList, PromptInput


class Answer(NamedTuple):
    """One of the answers to a question.

    Attributes:
        id: What it is called in the program.
        key: The letter that gives it.
        label: What the user reads.
    """

    id: str
    key: str
    label: str


class QuestionScreen(Dialogue[str | None]):
    """Returns the id of the answer; `None` where the user wants to go back.

    Args:
        question: What is asked.
        remark: What else to know.
        answers: What can be answered, the one marked first in front.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "MarkedList"

    def __init__(self, question: str, remark: str, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._question = question
        self._remark = remark
        self._answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            yield Static(self._question, classes="dialogue-title", markup=False)
            yield Static(self._remark, classes="dialogue-remark", markup=False)
            yield MarkedList([(answer.id, f"{answer.label}  ({answer.key})") for answer in self._answers])

    def on_key(self, event: events.Key) -> None:
        """Take the answer of a letter."""
        for answer in self._answers:
            if event.character == answer.key:
                event.stop()
                event.prevent_default()
                self.dismiss(answer.id)
                return

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the marked answer."""
        self.dismiss(event.option_id)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


class NameScreen(Dialogue[str | None]):
    """Asks for the name of a new session; `None` where there is to be none."""

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "#new-name"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -fields"):
            yield Static(_("A new session"), classes="dialogue-title", markup=False)
            yield PromptInput(
                id="new-name", compact=True, placeholder=_("Its name, such as Morning back"), max_length=60
            )
            yield Static(
                _("Enter opens it with a step of each kind to change. It is written when you save it."),
                classes="dialogue-remark -last",
                markup=False,
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the name."""
        event.stop()
        self.dismiss(event.value.strip() or _("My session"))

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
