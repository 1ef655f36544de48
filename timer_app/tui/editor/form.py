"""The form of a session: its name, its purpose, and its steps as cards, what is in them further in below it.

Whatever is done here changes the text at once, as if it had been typed: it is undone in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from timer_app.core.i18n import _
from timer_app.core.wording.doses import dose_text
from timer_app.tui.editor.cards import Catalogue, card_text, field_text, fit_card, part_text
from timer_app.tui.editor.step_operations import (
    OperationError,
    delete_step,
    duplicate_step,
    move_step,
    put_in_rounds,
    read_head,
    read_steps,
    set_head,
    take_apart,
)
from timer_app.tui.editor.step_tree import (
    Path,
    Steps,
    dropped_path,
    is_block,
    is_part,
    keys_of,
    nearest_path,
    paths_of,
    place_to_add,
    shifted_path,
    step_at,
)
from timer_app.tui.key_bindings import commands_of
from timer_app.tui.screen import bindings_for
from timer_app.tui.widgets.footer import KeyFooter
from timer_app.tui.widgets.inputs import MarkedList, PromptInput

if TYPE_CHECKING:
    from timer_app.analysis import Analysis
    from timer_app.core.diagnostics import KeyPath

_LEAST_CARD, _CARD_EDGES = 12, 4  # cells; the mark and the scroll bar
_INDENT, _DEEPEST = 4, 3  # cells; further in there is no room for words on a small screen
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
        change: Makes the text another one, with a step to mark then; at once, as the next key goes on from there.

    Attributes:
        steps: The steps of the text.
        is_waiting: A step is asked about, or will be in a moment: keys until then are not meant for the cards.
    """

    BINDINGS = [
        # Done before the next key comes: letters behind them belong to the other field.
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
        Binding("enter", "leave_field", show=False, priority=True),
    ]

    class StepAsked(Message):
        """The marked step is to be changed, or a new one to be added, or it is to be shown in the text.

        Args:
            what: `change`, `add` or `text`.
            path: Which step, or where the new one goes.
        """

        def __init__(self, what: str, path: Path) -> None:
            super().__init__()
            self.what = what
            self.path = path

    class Marked(Message):
        """Another step is marked."""

        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    def __init__(
        self, catalogue: Callable[[], Catalogue], keys: Mapping[str, str], change: Callable[[str, Path], None]
    ) -> None:
        super().__init__(id="form")
        self._change_text = change
        self.is_waiting = False
        self._catalogue = catalogue
        self._keys = keys
        self._text = ""
        self.steps: Steps = []
        self._paths: list[Path] = []
        self._planned: Mapping[Path, str] = {}
        self._shown_width = _LEAST_CARD
        self._is_readable = True

    def compose(self) -> ComposeResult:
        for (_key, name), label in zip(_HEAD, (_("Name"), _("Purpose")), strict=True):
            with Horizontal(classes="field"):
                yield Static(label, classes="field-label", markup=False)
                yield PromptInput(id=name, compact=True)
        yield Static(id="form-told", markup=False)
        yield CardList()
        yield KeyFooter("form", self._keys)

    def on_mount(self) -> None:
        self._show_keys()

    def _show_keys(self) -> None:
        """Show the keys for what is marked; another line has those that work everywhere."""
        is_at_block = bool(self._paths) and is_block(step_at(self.steps, self.path))
        keys = [command.id for command in commands_of("everywhere")]
        lacking = ["form_rounds"] if is_at_block else ["form_apart"]
        if self.is_at_part:
            lacking.append("form_rounds")
        self.query_one(KeyFooter).unavailable = [*keys, *lacking]

    @property
    def is_at_part(self) -> bool:
        """Whether what is marked is a part of a step."""
        return bool(self._paths) and is_part(self.steps, self.path)

    @property
    def path(self) -> Path:
        """Which step is marked."""
        index = self.query_one(CardList).highlighted or 0
        return self._paths[index] if index < len(self._paths) else (0,)

    @property
    def words_of_part(self) -> str:
        """What the marked part says, or its name; empty where a step is marked."""
        part = step_at(self.steps, self.path) if self.is_at_part else {}
        return field_text(part.get("say", part.get("name")))

    @property
    def keys_of_step(self) -> KeyPath:
        """Where the marked step stands in the data, or the one that has the marked part."""
        return keys_of(self.steps, self.path[:-1] if self.is_at_part else self.path)

    def show_text(self, text: str, analysis: Analysis | None, path: Path | None = None) -> None:
        """Show a text.

        Args:
            text: The text.
            analysis: What is known of it, or of an earlier one.
            path: The step to mark; the one that is marked already by default.
        """
        self._text = text
        cards, marked = self.query_one(CardList), self.path if path is None else path
        try:
            head, self.steps = read_head(text), read_steps(text)
            self._is_readable = True
        except OperationError:
            self.steps, self._paths, self._is_readable = [], [], False
            self._tell(_("The text has a fault, so it cannot be changed here. Go back to the text, and mend it first."))
            cards.replace_lines([])
            return
        self._tell("" if self.steps else _("There are no steps yet: press a to add one."))
        for key, name in _HEAD:
            field = self.query_one(f"#{name}", Input)
            if not field.has_focus:
                field.value = field_text(head.get(key))
        self._planned = self._doses_of(analysis) if analysis is not None else {}
        self._paths = [*paths_of(self.steps)]
        self._show_cards()
        if self._paths:
            cards.highlighted = self._paths.index(nearest_path(self.steps, marked))

    def _doses_of(self, analysis: Analysis) -> Mapping[Path, str]:
        """The compiled doses of the steps that are as they were when that was found out."""
        doses = planned_doses(analysis)
        if analysis.text == self._text:
            return doses
        try:
            earlier = read_steps(analysis.text)
        except OperationError:
            return {}
        found: dict[Path, str] = {}
        for path, dose in doses.items():
            with suppress(LookupError):
                if step_at(earlier, path) == step_at(self.steps, path):
                    found[path] = dose
        return found

    def _show_cards(self) -> None:
        self._shown_width = width = max(_LEAST_CARD, self._room - _CARD_EDGES)
        cards = [(str(i), fit_card(self._card(path), width)) for i, path in enumerate(self._paths)]
        self.query_one(CardList).replace_lines(cards)

    def on_resize(self) -> None:
        """Let the cards have the room that there is."""
        if self._shown_width != max(_LEAST_CARD, self._room - _CARD_EDGES):
            self._show_cards()

    def _card(self, path: Path) -> str:
        indent = " " * (_INDENT * min(len(path) - 1, _DEEPEST))
        return f"{indent}{path[-1] + 1:>2}  {self.title_of(path)}"

    def title_of(self, path: Path) -> str:
        """What a card says of its step or part."""
        if is_part(self.steps, path):
            return part_text(step_at(self.steps, path))
        return card_text(step_at(self.steps, path), self._catalogue(), self._planned.get(path, ""))

    @property
    def _room(self) -> int:
        """How wide the form is, or will be in a moment."""
        around = self.parent
        return around.scrollable_content_region.width if isinstance(around, Widget) else 0

    def _tell(self, line: str) -> None:
        told = self.query_one("#form-told", Static)
        told.display = bool(line)
        told.update(line)

    def action_leave_field(self) -> None:
        """Go on from a name or a purpose to the steps."""
        if not isinstance(self.app.focused, Input):
            raise SkipAction
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
            after = set_head(self._text, found, typed or None)
        except OperationError:
            return  # it is told already
        self._change_text(after, self.path)

    def do(self, what: str) -> None:
        """Do something with the marked step.

        Args:
            what: `change`, `copy`, `delete`, move it `up` or `down`, put it in `rounds`, take a block `apart`, or show
                its `text`; or `add` one behind it, or into it if it is a block.
        """
        if not self._is_readable or self.is_waiting:
            return  # it is told already
        path = self.path
        if what == "add" or not self.steps:
            self._ask("add", place_to_add(self.steps, path))
        elif what == "delete":
            self._change(delete_step, path, then=path)
        elif what == "copy":
            self._change(duplicate_step, path, then=(*path[:-1], path[-1] + 1))
        elif what in ("up", "down"):
            self._move(path, shifted_path(self.steps, path, 1 if what == "down" else -1))
        elif what == "rounds" and self.is_at_part:
            self._tell(_("Only steps can be put into rounds: mark the line above the parts."))
        elif what == "rounds":
            self._change(put_in_rounds, path, then=path)
        elif what == "apart":
            if is_block(step_at(self.steps, path)):
                self._change(take_apart, path, then=path)
            else:
                self._tell(_("Only a block can be taken apart: mark the line above its steps."))
        else:
            self._ask(what, path)

    def _ask(self, what: str, path: Path) -> None:
        self.is_waiting = True
        self.post_message(self.StepAsked(what, path))

    def _move(self, path: Path, to: Path | None) -> None:
        if to is not None and to != path:
            self._change(move_step, path, to, then=to)

    def _change(self, operation: Callable[..., str], *paths: Path, then: Path) -> None:
        try:
            after = operation(self._text, *paths)
        except OperationError:
            self._tell(_("The steps are written in a way that can only be changed in the text."))
            return
        self._change_text(after, then)

    def on_card_list_moved(self, message: CardList.Moved) -> None:
        """Move a step."""
        message.stop()
        if max(message.index, message.to) < len(self._paths):
            path = self._paths[message.index]
            self._move(path, dropped_path(self.steps, path, self._paths[message.to]))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell which step is marked."""
        event.stop()
        self._show_keys()
        self.post_message(self.Marked(self.path))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Change the step that was clicked on."""
        event.stop()
        if event.option_index < len(self._paths):
            self._ask("change", self._paths[event.option_index])


def planned_doses(analysis: Analysis) -> Mapping[Path, str]:
    """The dose of each step in words, as far as it is compiled."""
    timeline = analysis.timeline
    if timeline is None:
        return {}
    found = ((entry.path, entry.step) for entry in analysis.entries() if not entry.children)
    return {path_in(keys): dose_text(timeline.steps[step].dose) for keys, step in found if step is not None}


def path_in(keys: Iterable[object]) -> Path:
    """The path of a step from where it stands in the data, such as `steps`, 1, `steps`, 0."""
    return tuple(key for key in keys if isinstance(key, int))
