"""A form for one step: its dose, sets, sides and words, checked while they are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.tui.editor.cards import FormField, field_text, field_value, first_field
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import PromptInput
from timer_app.tui.widgets.text_layout import joined_lines

if TYPE_CHECKING:
    from timer_app.tui.editor.step_operations import Value

Changes = dict[str, "Value | None"]
_CHECK_AFTER_S = 0.15


class StepForm(Dialogue["Changes | None"]):
    """Returns the keys of a step that are to have other values; `None` where nothing is to change.

    Args:
        title: Which step it is.
        fields: Its keys.
        step: Its data.
        usual: What holds where a field is empty, by its key.
        check: Says what is wrong with changes, in lines; empty for nothing. Called in a thread.
    """

    CSS_PATH = "../dialogs.tcss"
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
        step: Mapping[str, Any],
        usual: Mapping[str, str],
        check: Callable[[Changes], str],
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._step = step
        self._usual = usual
        self._check = check

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -fields -step"):
            yield Static(printable(self._title), classes="dialogue-title", markup=False)
            for field in self._fields:
                example = _("such as {example}").format(example=_(field.example))
                with Horizontal(classes="field"):
                    yield Static(_(field.label), classes="field-label", markup=False)
                    yield PromptInput(
                        field_text(self._step.get(field.key)),
                        id=f"step-{field.key}",
                        compact=True,
                        placeholder=self._usual.get(field.key) or example,
                    )
            yield Static(id="step-told", markup=False)
            yield Static(
                _("Enter takes it over, Tab goes to the next field, Esc changes nothing. What is empty is as usual."),
                classes="dialogue-remark -last",
                markup=False,
            )

    def on_mount(self) -> None:
        first = first_field(self._step, self._fields, self._usual)
        self.query_one(f"#step-{first.key}").focus()

    @property
    def changes(self) -> Changes:
        """What differs from the step as it is."""
        typed = {field.key: self.query_one(f"#step-{field.key}", Input).value for field in self._fields}
        return {key: field_value(key, text) for key, text in typed.items() if text != field_text(self._step.get(key))}

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong."""
        event.stop()
        self._tell_soon()

    @work(exclusive=True, group="check")
    async def _tell_soon(self) -> None:
        await asyncio.sleep(_CHECK_AFTER_S)
        self._tell(await asyncio.to_thread(self._check, self.changes))

    def _tell(self, fault: str) -> None:
        self.set_class(bool(fault), "-wrong")
        self.query_one("#step-told", Static).update(joined_lines(fault.splitlines()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it over, unless something is wrong."""
        event.stop()
        self._finish()

    @work(exclusive=True, group="check")
    async def _finish(self) -> None:
        changes = self.changes
        fault = await asyncio.to_thread(self._check, changes)
        self._tell(fault)
        if not fault:
            self.dismiss(changes)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)
