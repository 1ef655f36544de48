"""A dialogue with a few text fields, checked while they are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
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
    """

    key: str
    label: str
    example: str
    usual: str = ""


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
    BINDINGS = [  # noqa: RUF012 - as every screen has them
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
                example = _("such as {example}").format(example=_(field.example))
                with Horizontal(classes="field"):
                    yield Static(_(field.label), classes="field-label", markup=False)
                    yield PromptInput(
                        self._texts.get(field.key, ""),
                        id=f"field-{field.key}",
                        compact=True,
                        placeholder=field.usual or example,
                    )
            yield Static(id="fields-told", markup=False)
            yield Static(
                _("Enter takes it over, Tab goes to the next field, Esc changes nothing. What is empty is as usual."),
                classes="dialogue-remark -last",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one(f"#field-{self._first}").focus()

    @property
    def changed(self) -> Texts:
        """What differs from how it was."""
        typed = {field.key: self.query_one(f"#field-{field.key}", Input).value for field in self._fields}
        return {key: text for key, text in typed.items() if text != self._texts.get(key, "")}

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong."""
        event.stop()
        self._tell_soon()

    @work(exclusive=True, group="check")
    async def _tell_soon(self) -> None:
        await asyncio.sleep(_CHECK_AFTER_S)
        self._tell(await asyncio.to_thread(self._check, self.changed))

    def _tell(self, fault: str) -> None:
        self.set_class(bool(fault), "-wrong")
        self.query_one("#fields-told", Static).update(joined_lines(fault.splitlines()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it over, unless something is wrong."""
        event.stop()
        self._finish()

    @work(exclusive=True, group="check")
    async def _finish(self) -> None:
        changed = self.changed
        fault = await asyncio.to_thread(self._check, changed)
        self._tell(fault)
        if not fault:
            self.dismiss(changed)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
