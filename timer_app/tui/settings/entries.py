"""A dialogue over the settings: the entries of a table, which are added, changed and taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from timer_app.core.diagnostics import quoted
from timer_app.core.fields.types import CUE_SOUNDS
from timer_app.core.i18n import N_, _
from timer_app.settings import Setting
from timer_app.tui.field_form import FieldForm, FormField, Texts
from timer_app.tui.key_bindings import COMMANDS, SCOPE_TITLES, ScreenCommand, format_keys
from timer_app.tui.screen import Dialogue, bindings_for
from timer_app.tui.settings.choices import PRESENT
from timer_app.tui.settings.values import description_of, table_fault
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import fit_to_width

Entries = Mapping[str, str]
_ADD = "add"
_NAME, _VALUE = "name", "value"
_MOST_LABEL = 24
_NEW_ENTRY = {"lexicon": N_("Add a word")}
_FIELDS: Mapping[str, Sequence[FormField]] = {
    "lexicon": (
        FormField(_NAME, N_("Word"), N_("scapulae")),
        FormField(_VALUE, N_("Spelling"), N_("skap you lee")),
    ),
    "sounds": (FormField(_VALUE, N_("File"), "gong.wav"),),
    "keys": (FormField(_VALUE, N_("Keys"), "p, space, f5, ctrl+p"),),
}


class _Row(NamedTuple):
    """A line of the list.

    Attributes:
        name: The name of the entry; empty for a title.
        label: What it is called on the screen.
        shown: What holds.
        is_own: It is an entry of the table.
        about: What it does, in a sentence; empty where the label says it.
        usual: What holds without an entry, as it would be typed.
    """

    name: str
    label: str
    shown: str = ""
    is_own: bool = False
    about: str = ""
    usual: str = ""


class EntriesScreen(Dialogue[None]):
    """Shows the entries of a table, and whatever can have one, and changes them.

    Args:
        setting: The table.
        entries: Gives what it has.
        change: Lets the table have other entries, and plays a line; returns why that could not be saved, or nothing.
    """

    CSS_PATH = "../dialogs.tcss"
    BINDINGS = [
        *bindings_for("dialogue"),
        Binding("delete,backspace", "take_away", show=False),
    ]
    AUTO_FOCUS = "MarkedList"

    def __init__(self, setting: Setting, entries: Callable[[], Entries], change: Callable[[Entries, str], str]) -> None:
        super().__init__()
        self._setting = setting
        self._entries = entries
        self._change = change
        self._rows: list[_Row] = []

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue -long"):
            yield Static(_(self._setting.label), classes="dialogue-title", markup=False)
            yield Static(description_of(self._setting), classes="dialogue-remark", markup=False)
            yield MarkedList([])
            yield Static(id="setting-fault", markup=False)
            yield Static(
                _("Enter changes an entry, Del takes it away, Esc goes back."),
                classes="dialogue-remark -last",
                markup=False,
            )

    def on_mount(self) -> None:
        self._show()
        self._tell("")

    def _show(self) -> None:
        self._rows = list(_rows_of(self._setting.key, self._entries()))
        width = min(_MOST_LABEL, max((cell_len(row.label) for row in self._rows if row.name), default=0))
        lines = [(row.name or None, _line_of(row, width)) for row in self._rows]
        if self._setting.key in _NEW_ENTRY:
            lines.append((_ADD, f"  {_(_NEW_ENTRY[self._setting.key])}"))
        shown = self.query_one(MarkedList)
        at = shown.highlighted
        shown.replace_lines(lines)
        if at is None:
            shown.action_first()

    def _tell(self, fault: str) -> None:
        told = self.query_one("#setting-fault", Static)
        told.update(fault)
        told.display = bool(fault)

    @property
    def _marked(self) -> str:
        """The name of the entry that is marked; empty for none."""
        at = self.query_one(MarkedList).highlighted
        return self._rows[at].name if at is not None and at < len(self._rows) else ""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Change what is marked, or add something."""
        event.stop()
        self._edit(self._marked)

    @work(exclusive=True, group="dialogue")
    async def _edit(self, name: str) -> None:
        """Let an entry be changed; without a name, a new one be made."""
        entries = dict(self._entries())
        known = _FIELDS[self._setting.key]
        has_name = any(field.key == _NAME for field in known)
        texts = {_VALUE: entries.get(name, ""), **({_NAME: name} if has_name else {})}
        row = next((row for row in self._rows if row.name == name), None)
        fields = [field._replace(usual=row.usual) if row and field.key == _VALUE else field for field in known]
        title = row.about or row.label if row else _(_NEW_ENTRY[self._setting.key])

        def check(changed: Texts) -> str:
            new = changed.get(_NAME, name).strip()
            if new != name and new in entries:  # it would be lost
                return _("{key} was already given elsewhere").format(key=quoted(new))
            return table_fault(self._setting.key, entries, _with_entry(entries, name, {**texts, **changed}))

        form = FieldForm(title, fields, texts, check, fields[0].key)
        changed = await self.app.push_screen_wait(form)
        if changed:
            wanted = {**texts, **changed}
            self._take(_with_entry(entries, name, wanted), wanted[_VALUE])

    def action_take_away(self) -> None:
        """Take the marked entry away, so that the usual holds."""
        entries = dict(self._entries())
        if entries.pop(self._marked, None) is not None:
            self._take(entries, "")

    def _take(self, entries: Entries, line: str) -> None:
        self._tell(self._change(entries, line))
        self._show()

    def action_dismiss_it(self) -> None:
        """Go back."""
        self.dismiss(None)


def _with_entry(entries: Entries, name: str, texts: Texts) -> dict[str, str]:
    """Entries where the one called `name` has another name and value; where either is empty, it is gone."""
    new, value = texts.get(_NAME, name).strip(), texts[_VALUE].strip()
    changed = dict(entries) if name in entries else {**entries, name: ""}
    return {
        (new if key == name else key): (value if key == name else text)
        for key, text in changed.items()
        if key != name or (new and value)
    }


def _rows_of(key: str, entries: Entries) -> Iterator[_Row]:
    known = [*_known(key, entries)]
    names = {row.name for row in known}
    yield from (_Row(name, name, value, is_own=True) for name, value in entries.items() if name not in names)
    yield from known


def _known(key: str, entries: Entries) -> Iterator[_Row]:
    """What may have an entry, where that is known."""
    if key == "sounds":
        yield from (_Row(name, name, entries.get(name, _("usual")), name in entries) for name in CUE_SOUNDS)
    if key == "keys":
        for scope, title in SCOPE_TITLES.items():
            yield _Row("", _(title))
            yield from (_command_row(each, entries) for each in COMMANDS if each.scope == scope)


def _command_row(command: ScreenCommand, entries: Entries) -> _Row:
    shown = format_keys(command, entries)
    return _Row(command.id, _(command.label), shown, command.id in entries, _(command.tooltip), command.keys)


def _line_of(row: _Row, width: int) -> str:
    if not row.name:
        return row.label
    return f"{PRESENT if row.is_own else ' '} {fit_to_width(row.label, width)}  {row.shown}"
