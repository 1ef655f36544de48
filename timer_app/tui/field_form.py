"""A dialogue with a few fields to type into or to choose in, checked while they are changed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import PromptInput
from timer_app.tui.widgets.text_layout import joined_lines

Texts = dict[str, str]
_CHECK_AFTER_S = 0.15


class FormField(NamedTuple):
    """A field of a form.

    Attributes:
        key: What it is the value of.
        label: What it is called there.
        example: What may stand in it.
        usual: What holds where it is empty; empty if that is nothing.
        choices: The texts that can be chosen, each with what is shown for it; none where it is typed.
    """

    key: str
    label: str
    example: str
    usual: str = ""
    choices: tuple[tuple[str, str], ...] = ()


class ChoiceField(Static, can_focus=True):
    """Shows one of a few texts; the arrow keys, Space, the first letter or a click choose another one.

    Args:
        text: The one that is chosen. One that is not among the choices can be kept as it is.
        choices: The texts, each with what is shown for it.
        id_: What it is called.
    """

    class Changed(Message):
        """Another one is chosen."""

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(self, text: str, choices: Sequence[tuple[str, str]], id_: str) -> None:
        super().__init__(id=id_, markup=False)
        self._labels = {key: _(label) for key, label in choices}
        self._labels.setdefault(text, text)
        self.value = text

    def on_mount(self) -> None:
        self._choose(self.value)

    def _choose(self, text: str) -> None:
        self.value = text
        self.update(f"◂ {printable(self._labels[text])} ▸")

    def _step(self, by: int) -> None:
        texts = list(self._labels)
        self._change(texts[(texts.index(self.value) + by) % len(texts)])

    def _change(self, text: str) -> None:
        self._choose(text)
        self.post_message(self.Changed())

    def on_key(self, event: events.Key) -> None:
        """Choose, or be done; letters do nothing else here."""
        steps = {"right": 1, "space": 1, "left": -1}
        if event.key in steps:
            self._step(steps[event.key])
        elif event.key == "enter":
            self.post_message(self.Submitted())
        elif event.is_printable and event.character:
            letter = event.character.casefold()
            texts = [text for text, label in self._labels.items() if label.casefold().startswith(letter)]
            later = [text for text in texts if list(self._labels).index(text) > list(self._labels).index(self.value)]
            if texts:
                self._change((later or texts)[0])
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self) -> None:
        """Choose the next one."""
        self._step(1)


class FieldForm(Dialogue["Texts | None"]):
    """Returns the texts of the fields that were changed, by their keys; `None` where nothing is to change.

    Args:
        title: What it is about.
        fields: Its fields.
        texts: What stands in them, by their keys.
        check: Says what is wrong with changed texts, in lines; empty for nothing. Called in a thread.
        first: The key of the field to begin with.
    """

    CSS_PATH = "dialogs.tcss"
    BINDINGS = [
        *bindings_for("dialogue"),
        # Done before the next key comes: letters behind them belong to the other field.
        Binding("down,tab", "app.focus_next", show=False, priority=True),
        Binding("up,shift+tab", "app.focus_previous", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(
        self,
        title: str,
        fields: Sequence[FormField],
        texts: Mapping[str, str],
        check: Callable[[Texts], str],
        first: str,
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._texts = texts
        self._check = check
        self._first = first

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -fields -form"):
            yield Static(printable(self._title), classes="dialogue-title", markup=False)
            for field in self._fields:
                with Horizontal(id=f"row-{field.key}", classes="field"):
                    yield Static(_(field.label), classes="field-label", markup=False)
                    yield self._field(field)
            yield Static(id="fields-told", markup=False)
            remarks = [
                _("Enter takes it over, Tab goes to the next field, Esc changes nothing. What is empty is as usual.")
            ]
            if any(field.choices for field in self._fields):
                remarks.append(_("← and → choose between ◂ and ▸."))
            yield Static(" ".join(remarks), classes="dialogue-remark -last", markup=False)

    def _field(self, field: FormField) -> PromptInput | ChoiceField:
        text, id_ = self._texts.get(field.key, ""), f"field-{field.key}"
        if field.choices:
            return ChoiceField(text, field.choices, id_)
        example = _("such as {example}").format(example=_(field.example))
        return PromptInput(text, id=id_, compact=True, placeholder=_(field.usual) if field.usual else example)

    def on_mount(self) -> None:
        self._widget(self._first).focus()

    def _widget(self, key: str) -> Input | ChoiceField:
        found = self.query_one(f"#field-{key}")
        assert isinstance(found, Input | ChoiceField)  # noqa: S101 - made so
        return found

    @property
    def changed(self) -> Texts:
        """What differs from how it was."""
        typed = {field.key: self._widget(field.key).value for field in self._fields}
        return {key: text for key, text in typed.items() if text != self._texts.get(key, "")}

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong."""
        event.stop()
        self._tell_soon()

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Say at once what is wrong."""
        event.stop()
        self._tell_soon()

    @work(exclusive=True, group="check")
    async def _tell_soon(self) -> None:
        await asyncio.sleep(_CHECK_AFTER_S)
        if self._is_open():
            fault = await asyncio.to_thread(self._check, self.changed)
            if self._is_open():
                self._tell(fault)

    def _is_open(self) -> bool:
        """Whether it is still there: it may be left while something is checked."""
        return self.app.screen is self

    def _tell(self, fault: str) -> None:
        """Say what is wrong, and mark its field; where there is little room, it is said right below that."""
        key = self._key_of(fault)
        for field in self._fields:
            self.query_one(f"#row-{field.key}").set_class(field.key == key, "-wrong")
        self.set_class(bool(fault), "-wrong")
        told = self.query_one("#fields-told", Static)
        told.update(joined_lines(self._in_words(fault, key).splitlines()))
        if key and self.has_class("-tiny"):
            self.query_one(".dialogue").move_child(told, after=self.query_one(f"#row-{key}"))
            if self._widget(key).has_focus:
                told.call_after_refresh(told.scroll_visible, animate=False)

    def _key_of(self, fault: str) -> str:
        """The field that a fault is told of; empty for none."""
        return next((field.key for field in self._fields if re.match(rf"{re.escape(field.key)}\b", fault)), "")

    def _in_words(self, fault: str, key: str) -> str:
        """A fault with the name of its field as it is shown."""
        label = next((_(field.label) for field in self._fields if field.key == key), "")
        return f"{label}: {fault.removeprefix(f'{key}: ')}" if label and fault.startswith(f"{key}: ") else fault

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep the label of a field in sight with it."""
        row = event.widget.parent
        if isinstance(row, Horizontal):
            row.call_after_refresh(row.scroll_visible, animate=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it over, unless something is wrong."""
        event.stop()
        self._finish()

    def on_choice_field_submitted(self, event: ChoiceField.Submitted) -> None:
        """Take it over, unless something is wrong."""
        event.stop()
        self._finish()

    @work(exclusive=True, group="check")
    async def _finish(self) -> None:
        if not self._is_open():
            return
        changed = self.changed
        fault = await asyncio.to_thread(self._check, changed)
        if not self._is_open():
            return
        if key := self._key_of(fault):
            self._widget(key).focus()
        self._tell(fault)
        if not fault:
            self.dismiss(changed)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
