"""The form of a session: its name, its purpose, and its steps as cards that are added, moved, copied and deleted.

Whatever is done here changes the text at once, as if it had been typed: it is undone in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from timer_app.core.i18n import _
from timer_app.core.wording.doses import dose_text
from timer_app.tui.editor.cards import Catalogue, card_text, field_text
from timer_app.tui.editor.step_operations import (
    OperationError,
    delete_step,
    duplicate_step,
    move_step,
    read_head,
    read_steps,
    set_head,
)
from timer_app.tui.key_bindings import commands_of
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import MarkedList, PromptInput
from timer_app.tui.widgets.text_layout import fit_to_width

if TYPE_CHECKING:
    from timer_app.analysis import Analysis

_LEAST_CARD, _CARD_EDGES = 12, 4  # cells; the mark and the scroll bar
_HEAD = (("name", "form-name"), ("summary", "form-summary"))


class CardList(MarkedList):
    """The steps; a card that is dragged goes where it is dropped."""

    BINDINGS = bindings_for("form")

    class Moved(Message):
        """A step is to go to another place."""

        def __init__(self, index: int, to: int) -> None:
            super().__init__()
            self.index = index
            self.to = to

    def __init__(self) -> None:
        super().__init__([])
        self.id = "cards"
        self._dragged: int | None = None
        self._was_dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a card."""
        self._dragged = event.style.meta.get("option")

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Drop a card in another place."""
        to, index = event.style.meta.get("option"), self._dragged
        self._dragged = None
        self._was_dragged = index is not None and to is not None and index != to
        if self._was_dragged and index is not None and to is not None:
            self.post_message(self.Moved(index, to))

    async def _on_click(self, event: events.Click) -> None:
        if self._was_dragged:  # it is no click
            self._was_dragged = False
            event.prevent_default()
            event.stop()


class SessionForm(Vertical):
    """Shows a text as a form, and tells what is to become of it.

    Args:
        catalogue: Gives the exercises by their id.
        keys: The user's own keys.
    """

    class Changed(Message):
        """The text is to be another one.

        Args:
            text: The other text.
            index: The step to mark then.
        """

        def __init__(self, text: str, index: int) -> None:
            super().__init__()
            self.text = text
            self.index = index

    class StepAsked(Message):
        """The marked step is to be changed, or a new one to be added behind it, or it is to be shown in the text.

        Args:
            what: `change`, `add` or `text`.
            index: Which step.
        """

        def __init__(self, what: str, index: int) -> None:
            super().__init__()
            self.what = what
            self.index = index

    class Marked(Message):
        """Another step is marked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, catalogue: Callable[[], Catalogue], keys: Mapping[str, str]) -> None:
        super().__init__(id="form")
        self._catalogue = catalogue
        self._keys = keys
        self._text = ""
        self.steps: list[dict[str, Any]] = []
        self._is_readable = True

    def compose(self) -> ComposeResult:
        for (_key, name), label in zip(_HEAD, (_("Name"), _("Purpose")), strict=True):
            with Horizontal(classes="field"):
                yield Static(label, classes="field-label", markup=False)
                yield PromptInput(id=name, compact=True)
        yield Static(id="form-told", markup=False)
        yield CardList()
        keys = KeyFooter("form", self._keys)
        keys.unavailable = [command.id for command in commands_of("everywhere")]  # another line has them
        yield keys

    @property
    def index(self) -> int:
        """Which step is marked."""
        return self.query_one(CardList).highlighted or 0

    def show_text(self, text: str, analysis: Analysis | None, index: int | None = None) -> None:
        """Show a text.

        Args:
            text: The text.
            analysis: What is known of it, or of an earlier one.
            index: The step to mark; the one that is marked already by default.
        """
        self._text = text
        cards = self.query_one(CardList)
        try:
            head, self.steps = read_head(text), read_steps(text)
            self._is_readable = True
        except OperationError:
            self.steps, self._is_readable = [], False
            self._tell(_("The text has a fault, so it cannot be changed here. Go back to the text, and mend it first."))
            cards.replace_lines([])
            return
        self._tell("" if self.steps else _("There are no steps yet: press a to add one."))
        for key, name in _HEAD:
            field = self.query_one(f"#{name}", Input)
            if not field.has_focus:
                field.value = field_text(head.get(key))
        planned = _planned(analysis) if analysis is not None else {}
        catalogue = self._catalogue()
        marked = cards.highlighted if index is None else index
        width = max(_LEAST_CARD, self._room - _CARD_EDGES)
        cards.replace_lines(
            [
                (str(i), fit_to_width(f"{i + 1:>2}  {card_text(step, catalogue, planned.get(i, ''))}", width).rstrip())
                for i, step in enumerate(self.steps)
            ]
        )
        if self.steps:
            cards.highlighted = min(max(0, marked or 0), len(self.steps) - 1)

    @property
    def _room(self) -> int:
        """How wide the form is, or will be in a moment."""
        around = self.parent
        return around.scrollable_content_region.width if isinstance(around, Widget) else 0

    def _tell(self, line: str) -> None:
        told = self.query_one("#form-told", Static)
        told.display = bool(line)
        told.update(line)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take a name or a purpose over, and go on to the steps."""
        event.stop()
        self.query_one(CardList).focus()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Take over what was typed."""
        found = next((key for key, name in _HEAD if event.widget.id == name), None)
        if found is None or not isinstance(event.widget, Input):
            return
        typed = event.widget.value.strip()
        try:
            before = field_text(read_head(self._text).get(found))
            if typed == before or (found == "name" and not typed):
                return
            self.post_message(self.Changed(set_head(self._text, found, typed or None), self.index))
        except OperationError:
            return  # it is told already

    def do(self, what: str) -> None:
        """Do something with the marked step: `change`, `copy`, `delete`, move it `up` or `down`, or show its `text`.

        Or `add` one behind it.
        """
        if not self._is_readable:
            return  # it is told already
        if what == "add" or not self.steps:
            self.post_message(self.StepAsked("add", self.index + 1 if self.steps else 0))
        elif what == "delete":
            self._change(delete_step, self.index, then=self.index)
        elif what == "copy":
            self._change(duplicate_step, self.index, then=self.index + 1)
        elif what in ("up", "down"):
            to = self.index + (1 if what == "down" else -1)
            if 0 <= to < len(self.steps):
                self._change(move_step, self.index, to, then=to)
        else:
            self.post_message(self.StepAsked(what, self.index))

    def _change(self, operation: Callable[..., str], *indices: int, then: int) -> None:
        try:
            self.post_message(self.Changed(operation(self._text, *indices), then))
        except OperationError:
            self._tell(_("The steps are written in a way that can only be changed in the text."))

    def on_card_list_moved(self, message: CardList.Moved) -> None:
        """Move a step."""
        message.stop()
        self._change(move_step, message.index, message.to, then=message.to)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which step is marked."""
        event.stop()
        self.post_message(self.Marked(event.option_index))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Change the step that was clicked on."""
        event.stop()
        if event.option_index < len(self.steps):
            self.post_message(self.StepAsked("change", event.option_index))


def _planned(analysis: Analysis) -> Mapping[int, str]:
    """The dose of each step in words, as far as it is compiled."""
    timeline = analysis.timeline
    if timeline is None:
        return {}
    found = ((i, entry.step) for i, entry in enumerate(analysis.outline))
    return {i: dose_text(timeline.steps[step].dose) for i, step in found if step is not None}
