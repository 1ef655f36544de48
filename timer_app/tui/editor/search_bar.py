"""The line in which the editor is told what to find, and what to put in its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from timer_app.core.i18n import _, ngettext
from timer_app.tui.widgets.inputs import PromptInput


class Found(NamedTuple):
    """Where something was found, with rows and columns from 0.

    Attributes:
        row: The row.
        start: The column where it begins.
        end: The column behind it.
    """

    row: int
    start: int
    end: int


def find_all(text: str, wanted: str) -> Iterator[Found]:
    """Every place of a text in which something stands; capital letters only matter where some are wanted."""
    fold = wanted == wanted.lower()
    for row, line in enumerate(text.split("\n")) if wanted else ():
        folded = line.lower()
        searched = folded if fold and len(folded) == len(line) else line
        at = searched.find(wanted)
        while at >= 0:
            yield Found(row, at, at + len(wanted))
            at = searched.find(wanted, at + len(wanted))


class SearchBar(Horizontal):
    """Asks what to find: Enter and down go to the next place, up to the one before, Escape closes.

    With the second field, Enter replaces the marked place and goes on; Ctrl+A there replaces all.
    """

    class Wanted(Message):
        """Something is to be found.

        Args:
            text: What.
            step: 1 for the next place, -1 for the one before, 0 for the nearest from where the cursor was.
        """

        def __init__(self, text: str, step: int) -> None:
            super().__init__()
            self.text = text
            self.step = step

    class ReplaceWanted(Message):
        """What is found is to be replaced.

        Args:
            text: What is found.
            by: What takes its place.
            everywhere: In all places.
        """

        def __init__(self, text: str, by: str, *, everywhere: bool) -> None:
            super().__init__()
            self.text = text
            self.by = by
            self.everywhere = everywhere

    class Closed(Message):
        """The search is over."""

    def compose(self) -> ComposeResult:
        yield PromptInput(id="find", compact=True, placeholder=_("Find"))
        replacing = PromptInput(id="replace", compact=True, placeholder=_("Replace by"))
        replacing._bindings.key_to_bindings.pop("ctrl+a", None)  # noqa: SLF001 - Home goes to the beginning, too
        yield replacing
        yield Static(id="found", markup=False)

    @property
    def wanted(self) -> str:
        """What is to be found."""
        return self.query_one("#find", Input).value

    def open(self, text: str) -> None:
        """Ask what to find.

        Args:
            text: What is offered; empty for what was asked last.
        """
        self.display = True
        field = self.query_one("#find", Input)
        if text:
            field.value = text
        field.focus()
        field.select_all()

    def tell(self, number: int, count: int) -> None:
        """Say which place of how many it is."""
        said = ngettext("{number} of {count}", "{number} of {count}", count) if count else _("not found")
        self.query_one("#found", Static).update(said.format(number=number, count=count) if self.wanted else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find it as it is typed."""
        event.stop()
        if event.input.id == "find":
            self.post_message(self.Wanted(event.value, 0))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the next place, or replace this one."""
        event.stop()
        if event.input.id == "find":
            self.post_message(self.Wanted(event.value, 1))
        else:
            self.post_message(self.ReplaceWanted(self.wanted, event.value, everywhere=False))

    def on_key(self, event: events.Key) -> None:
        """Go up and down, replace everywhere, and close."""
        if event.key in ("up", "down"):
            self.post_message(self.Wanted(self.wanted, 1 if event.key == "down" else -1))
        elif event.key == "ctrl+a" and self.query_one("#replace").has_focus:
            by = self.query_one("#replace", Input).value
            self.post_message(self.ReplaceWanted(self.wanted, by, everywhere=True))
        elif event.key == "escape":
            self.display = False
            self.post_message(self.Closed())
        else:
            return
        event.stop()
        event.prevent_default()
