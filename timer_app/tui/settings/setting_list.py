"""The list of settings: rows under the titles of their groups, changed by arrow keys, clicks and drags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual import events
from textual.message import Message

from timer_app.core.i18n import _
from timer_app.settings import GROUP_TITLES, Setting
from timer_app.tui.settings.rows import Layout, Part, layout_for, part_at, row_text
from timer_app.tui.widgets.inputs import NO_MARK, MarkedList
from timer_app.tui.widgets.text_layout import joined_lines

_EDGES = len(NO_MARK) + 1  # the mark, and the scroll bar


class SettingList(MarkedList):
    """Shows settings and says what the user wants with them.

    What to look for is typed here and not in a field, so that the keys of a fast typist stay in their order.

    Args:
        settings: What to show, in the order of the groups.
        value_of: Gives the value that a setting has now.

    Attributes:
        search: What is looked for; `None` while nothing is.
    """

    class Stepped(Message):
        """The user wants the next or the previous value."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Slid(Message):
        """The user points at a place of a slider.

        Attributes:
            share: From 0 to 1.
            goes_on: The pointer was pressed before and is dragged.
        """

        def __init__(self, share: float, *, goes_on: bool) -> None:
            super().__init__()
            self.share = share
            self.goes_on = goes_on

    class Searched(Message):
        """The user has typed what to look for; `SettingList.search` has all of it."""

    def __init__(self, settings: Sequence[Setting], value_of: Callable[[Setting], Any]) -> None:
        super().__init__([])
        self._settings = list(settings)
        self._value_of = value_of
        self._is_dragging = False
        self._drawn_width = 0
        self.search: str | None = None

    @property
    def marked(self) -> Setting | None:
        """The setting that is marked."""
        line = self.highlighted
        key = self.get_option_at_index(line).id if line is not None and line < self.option_count else None
        return next((setting for setting in self._settings if setting.key == key), None)

    def show_settings(self, settings: Sequence[Setting]) -> None:
        """Show other settings; the marked one stays marked if it is among them."""
        marked = self.marked
        self._settings = list(settings)
        self.replace_lines(self._grouped_rows())
        keys = [setting.key for setting in self._settings]
        self.mark(marked.key if marked and marked.key in keys else next(iter(keys), ""))

    def mark(self, key: str) -> None:
        """Mark a setting."""
        if key:
            self.highlighted = self.get_option_index(key)
            self.scroll_to_highlight()

    def redraw(self, setting: Setting) -> None:
        """Show the value that a setting has now."""
        if setting in self._settings:
            self.set_line(self.get_option_index(setting.key), self._row(setting))

    def on_resize(self) -> None:
        """Rows have as many lines as the width needs."""
        if self._row_width != self._drawn_width:
            self._drawn_width = self._row_width
            self.show_settings(self._settings)

    def shown_text(self, text: str) -> str:
        """Rows may have two lines."""
        return joined_lines(text.split("\n"))

    @property
    def _row_width(self) -> int:
        return self.size.width - _EDGES

    @property
    def _layout(self) -> Layout:
        return layout_for(self._row_width)

    def _row(self, setting: Setting) -> str:
        return row_text(setting, self._value_of(setting), self._layout, self._row_width)

    def _grouped_rows(self) -> list[tuple[str | None, str]]:
        lines: list[tuple[str | None, str]] = []
        group = ""
        for setting in self._settings:
            if setting.group != group:
                group = setting.group
                lines.append((None, _(GROUP_TITLES[setting.group])))
            lines.append((setting.key, self._row(setting)))
        return lines

    def _part_below(self, event: events.MouseEvent) -> tuple[int, Part] | None:
        """The line of the list below the pointer, and which part of its row."""
        offset, line = event.get_content_offset(self), event.style.meta.get("option")
        if offset is None or line is None or self.get_option_at_index(line).disabled:
            return None
        key = self.get_option_at_index(line).id
        setting = next(setting for setting in self._settings if setting.key == key)
        lines = range(self.option_count)
        top = sum(len(self._lines_shown[before][1].split("\n")) for before in lines[:line])
        column, row_line = offset.x - len(NO_MARK), offset.y + self.scroll_offset.y - top
        return line, part_at(setting, self._value_of(setting), self._layout, column, row_line)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag a slider."""
        below = self._part_below(event)
        if below and below[1].kind == "bar":
            self.highlighted = below[0]
            self._is_dragging = True
            self.capture_mouse()
            self.post_message(self.Slid(below[1].share, goes_on=False))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the slider follow the pointer, also beyond its ends."""
        if self._is_dragging:
            layout = self._layout
            column = event.x - len(NO_MARK) - layout.label
            self.post_message(self.Slid(min(1.0, max(0.0, column / (layout.bar - 1))), goes_on=True))

    def on_mouse_up(self) -> None:
        """Let the slider go."""
        if self._is_dragging:
            self._is_dragging = False
            self.release_mouse()

    async def _on_click(self, event: events.Click) -> None:
        """Change the value by its arrows; anywhere else, open what the row has."""
        event.prevent_default()
        below = self._part_below(event)
        if below is None or below[1].kind == "bar":
            return
        line, part = below
        self.highlighted = line
        if part.kind == "rest":
            self.action_select()
        else:
            self.post_message(self.Stepped(1 if part.kind == "more" else -1))

    def on_key(self, event: events.Key) -> None:
        """Letters that are no keys begin a search; then every character belongs to it."""
        is_searching = self.search is not None
        if event.key == "backspace" and is_searching:
            self.search = (self.search or "")[:-1]
        elif event.is_printable and event.character and (is_searching or event.key not in self.screen.active_bindings):
            self.search = (self.search or "") + event.character
        else:
            return
        event.stop()
        self.post_message(self.Searched())
