"""A list of everything that can be a step: the exercises of the catalogue, each shown doing it, and other kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from timer_app.core.diagnostics import printable
from timer_app.core.fields.types import MAX_NAME
from timer_app.core.i18n import N_, _
from timer_app.core.wording.doses import instruction_text
from timer_app.tui.editor.cards import NEW_STEPS, Catalogue
from timer_app.tui.library.preview_figure import PreviewFigure
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import MarkedList, PromptInput

if TYPE_CHECKING:
    from timer_app.core.timeline import Timeline

_KIND, _NAMED = "kind:", "named:"
_OWN = {"hold": N_("“{name}”, held for a time"), "reps": N_("“{name}”, with reps")}


class Picked(NamedTuple):
    """What is to be added.

    Attributes:
        exercise: The id of an exercise of the catalogue; empty for something else.
        kind: Otherwise a key of `NEW_STEPS`.
        name: What the user calls it; empty for the usual name.
    """

    exercise: str = ""
    kind: str = ""
    name: str = ""


class ExercisePicker(Dialogue[Picked | None]):
    """Returns what was picked.

    Args:
        catalogue: The exercises by their id.
        picture_of: Gives what an exercise looks like.
        is_still: Nothing may move.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = bindings_for("dialogue")
    AUTO_FOCUS = "#pick-words"

    def __init__(self, catalogue: Catalogue, picture_of: Callable[[str], Timeline | None], *, is_still: bool) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._picture_of = picture_of
        self._is_still = is_still

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long -pick"):
            yield Static(_("Add a step"), classes="dialogue-title", markup=False)
            yield PromptInput(id="pick-words", compact=True, placeholder=_("Type to filter: squat, neck, ball, rest"))
            with Horizontal():
                yield MarkedList([])
                with Vertical(id="pick-notes"):
                    yield Static(id="pick-told", markup=False)
                    yield PreviewFigure(reduced=self._is_still)

    def on_mount(self) -> None:
        found = self.query_one(MarkedList)
        found.can_focus = False
        self._fill()

    def _rows(self, words: str) -> Iterator[tuple[str, str]]:
        """What fits some words: in a name, a muscle, an equipment or an id; last an exercise that is called so."""
        wanted = words.casefold().split()
        for key, (label, _step) in NEW_STEPS.items():
            if all(word in _(label).casefold() for word in wanted):
                yield f"{_KIND}{key}", _(label)
        for id_, exercise in sorted(self._catalogue.items(), key=lambda item: item[1].name.casefold()):
            said = " ".join([id_, exercise.name, *exercise.muscles, *(exercise.equipment or ())]).casefold()
            if all(word in said for word in wanted):
                yield id_, exercise.name
        if name := _name_in(words):
            for key, label in _OWN.items():
                yield f"{_NAMED}{key}", printable(_(label).format(name=name))

    def _fill(self) -> None:
        found = self.query_one(MarkedList)
        rows = list(self._rows(self.query_one("#pick-words", Input).value))
        found.replace_lines(rows)
        if rows:
            found.highlighted = 0
        self._describe()

    def _describe(self) -> None:
        """Say what the marked exercise is, and show it."""
        found = self.query_one(MarkedList)
        index = found.highlighted
        picked = str(found.get_option_at_index(index).id) if index is not None and found.option_count else ""
        exercise = self._catalogue.get(picked)
        told = (
            [instruction_text(exercise), ", ".join(exercise.equipment or ()), ", ".join(exercise.muscles)]
            if exercise
            else []
        )
        self.query_one("#pick-told", Static).update("\n".join(filter(None, told)))
        self.query_one(PreviewFigure).show(self._picture_of(picked) if exercise else None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what fits."""
        event.stop()
        self._fill()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the marked one."""
        event.stop()
        self.query_one(MarkedList).action_select()

    def on_key(self, event: events.Key) -> None:
        """Go up and down in the list while something is typed."""
        moves = {"down": "cursor_down", "up": "cursor_up", "pagedown": "page_down", "pageup": "page_up"}
        if event.key in moves:
            event.stop()
            event.prevent_default()
            getattr(self.query_one(MarkedList), f"action_{moves[event.key]}")()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the marked one."""
        event.stop()
        self._describe()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        event.stop()
        id_ = event.option_id or ""
        if id_.startswith(_NAMED):
            self.dismiss(
                Picked(kind=id_.removeprefix(_NAMED), name=_name_in(self.query_one("#pick-words", Input).value))
            )
        elif id_.startswith(_KIND):
            self.dismiss(Picked(kind=id_.removeprefix(_KIND)))
        else:
            self.dismiss(Picked(id_))

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


def _name_in(words: str) -> str:
    """What was typed as the name of an exercise: its first letter is a capital."""
    name = " ".join(words.split())[:MAX_NAME]
    return name[:1].upper() + name[1:]
