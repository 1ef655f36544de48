"""Intervals at once: three numbers and the exercises, to be started or saved."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from timer_app.core.fields import NotationError, parse_duration_ms
from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import length_text
from timer_app.library import presets
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.widgets.inputs import PromptInput

_FIELDS = (
    ("names", N_("Exercises"), ""),
    ("work", N_("Work"), "30"),
    ("rest", N_("Rest"), "10"),
    ("rounds", N_("Rounds"), "8"),
)


class Intervals(NamedTuple):
    """What was chosen.

    Attributes:
        path: The file with the intervals.
        starts: They are to be run; else they were saved.
    """

    path: Path
    starts: bool


class IntervalScreen(Dialogue[Intervals | None]):
    """Asks for intervals: Enter starts them, Ctrl+S saves them as a session."""

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = [
        *bindings_for("dialogue"),
        Binding("ctrl+s", "save", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    AUTO_FOCUS = "#names"

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -fields"):
            yield Static(_("Intervals"), classes="dialogue-title", markup=False)
            for name, label, value in _FIELDS:
                with Horizontal(classes="field"):
                    yield Static(_(label), classes="field-label", markup=False)
                    yield PromptInput(value, id=name, compact=True, placeholder=self._placeholder(name))
            yield Static(id="intervals-told", markup=False)
            yield Static(
                _("Enter starts, Ctrl+S saves them as a session, Tab goes to the next field, Esc closes."),
                classes="dialogue-remark -last",
                markup=False,
            )

    def on_mount(self) -> None:
        self._tell()

    def _placeholder(self, name: str) -> str:
        return _("such as Squats, Push-ups") if name == "names" else ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once how long it takes, or what is wrong."""
        event.stop()
        self._tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Start them."""
        event.stop()
        self._finish(starts=True)

    def action_save(self) -> None:
        """Save them."""
        self._finish(starts=False)

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _values(self) -> tuple[str, int, int, int]:
        """The exercises, milliseconds of work and of rest, and rounds.

        Raises:
            NotationError: A field has no time or number.
        """
        typed = {name: self.query_one(f"#{name}", Input).value.strip() for name, _label, _value in _FIELDS}
        if not typed["rounds"].isdecimal():
            raise NotationError(_("rounds are a whole number, such as 8"))
        work_ms, rest_ms = (parse_duration_ms(typed[name] or "0") for name in ("work", "rest"))
        return typed["names"], work_ms, rest_ms, int(typed["rounds"][:9])

    def _tell(self) -> None:
        told = self.query_one("#intervals-told", Static)
        try:
            names, work_ms, rest_ms, rounds = self._values()
            presets.checked_interval_text(names, work_ms, rest_ms, rounds)
        except NotationError as error:
            self.set_class(True, "-wrong")
            told.update(str(error))
            return
        self.set_class(False, "-wrong")
        works = max(1, sum(bool(part.strip()) for part in names.split(","))) * rounds
        told.update(
            ngettext("{count} interval, {length}", "{count} intervals, {length}", works).format(
                count=works, length=length_text(presets.PREPARE_MS + works * work_ms + (works - 1) * rest_ms)
            )
        )

    def _finish(self, *, starts: bool) -> None:
        try:
            values = self._values()
            text = presets.checked_interval_text(*values)
            path = presets.keep_intervals(text) if starts else presets.save_intervals(text, values[0])
        except NotationError:
            return  # it is told already
        except OSError as error:
            self.set_class(True, "-wrong")
            self.query_one("#intervals-told", Static).update(
                _("They cannot be written: {reason}.").format(reason=(error.strerror or str(error)).lower())
            )
            return
        self.dismiss(Intervals(path, starts))
