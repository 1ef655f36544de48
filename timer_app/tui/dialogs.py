"""The help screen with all keys, and the screen that asks for confirmation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static

from timer_app import __version__
from timer_app.core.i18n import _
from timer_app.tui.key_bindings import COMMANDS, SCOPE_TITLES, ScreenScope, commands_of, format_keys
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import joined_lines, program_title

_KEYS_SHARE = 3  # of the width, the keys have at most one part in so many
_ROOM_FOR_COLUMNS = 60
_LEAST_WIDTH = 12


def help_lines(keys: Mapping[str, str], width: int, first_scope: ScreenScope | None = None) -> Iterator[str]:
    """All commands by the scope in which they work, with the keys they have now.

    Args:
        keys: The user's own keys.
        width: The cells a line may take.
        first_scope: The scope whose commands come first.
    """
    widest = max(cell_len(format_keys(command, keys)) for command in COMMANDS)
    column = min(widest, width // _KEYS_SHARE)
    for scope, title in sorted(SCOPE_TITLES.items(), key=lambda each: each[0] != first_scope):
        yield _(title)
        for command in commands_of(scope):
            shown = format_keys(command, keys)
            yield from _command_lines(shown, _(command.tooltip), max(_LEAST_WIDTH, width), column)
        yield ""


def _command_lines(keys: str, tooltip: str, width: int, column: int) -> list[str]:
    """Keys, in a column of their own, and explanation beside each other, or below each other where it is narrow."""
    if width < _ROOM_FOR_COLUMNS:
        return [f"  {keys}", *textwrap.wrap(tooltip, width, initial_indent="    ", subsequent_indent="    ")]
    first = f"  {keys}{' ' * (column - cell_len(keys))}  "
    return textwrap.wrap(tooltip, width, initial_indent=first, subsequent_indent=" " * len(first))


class HelpScreen(Dialogue[None]):
    """Lists every command.

    Args:
        keys: The user's own keys.
        first_scope: The scope from which it is opened; its commands come first.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_for("dialogue")

    def __init__(self, keys: Mapping[str, str], first_scope: ScreenScope | None = None) -> None:
        super().__init__()
        self._keys = keys
        self._first_scope = first_scope

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long") as dialogue:
            dialogue.border_title = program_title(__version__)
            yield Static(_("Keys (Esc closes; a session keeps running)"), classes="dialogue-title", markup=False)
            with HelpText(self._keys, self._first_scope):
                yield Static(id="help-lines", markup=False)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


class HelpText(VerticalScroll):
    """Wraps the list to its own width.

    Args:
        keys: The user's own keys.
        first_scope: The scope whose commands come first.
    """

    def __init__(self, keys: Mapping[str, str], first_scope: ScreenScope | None) -> None:
        super().__init__()
        self._keys = keys
        self._first_scope = first_scope

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        width = event.size.width - self.styles.scrollbar_size_vertical - 1
        self.query_one("#help-lines", Static).update("\n".join(help_lines(self._keys, width, self._first_scope)))


class TextScreen(Dialogue[None]):
    """Shows a text.

    Args:
        title: What it is about.
        text: What to show, in lines.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield Static(self._title, classes="dialogue-title", markup=False)
            with VerticalScroll():
                yield Static(joined_lines(self._text.splitlines()), markup=False)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


_NO, _YES = "no", "yes"


class ConfirmScreen(Dialogue[bool]):
    """Returns whether the user said yes; the answer marked at first is no.

    Args:
        question: What is asked.
        remark: What else to know.
        answers: What no and yes mean; `None` for going on and ending.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = bindings_for("question")

    def __init__(self, question: str, remark: str, answers: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._question = question
        self._remark = remark
        self._answers = answers or (_("No, go on  (n)"), _("Yes, end it  (y)"))

    def compose(self) -> ComposeResult:
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
