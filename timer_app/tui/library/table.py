"""The table of sessions: one row is marked, and columns are dropped when the terminal is narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from timer_app.core.wording.formatting import count_text, whole_minutes
from timer_app.tui.widgets.text_layout import fit_to_width

if TYPE_CHECKING:
    from timer_app.library import SessionEntry

_GAP = 2
_MARK_WIDTH = 2
_LENGTH_WIDTH = 9
_EQUIPMENT_WIDTH = 26
_MIN_NAME_WIDTH = 18
_LENGTH_FROM_WIDTH, _SUMMARY_FROM_WIDTH, _EQUIPMENT_FROM_WIDTH = 30, 64, 96
_NO_EQUIPMENT = "nothing"


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns; 0 leaves one out."""

    name: int
    length: int
    equipment: int
    summary: int


def columns_for(width: int, longest_name: int = _MIN_NAME_WIDTH) -> Columns:
    """Which columns a list of `width` cells has: the name always, the rest as there is room.

    Args:
        width: The cells there are.
        longest_name: The cells that the longest name takes; it is given up to two fifths of the width.
    """
    room = max(1, width - _MARK_WIDTH)
    length = _LENGTH_WIDTH if width >= _LENGTH_FROM_WIDTH else 0
    if width < _SUMMARY_FROM_WIDTH:
        return Columns(room - length, length, 0, 0)
    name = min(max(_MIN_NAME_WIDTH, longest_name + _GAP), width * 2 // 5)
    equipment = _EQUIPMENT_WIDTH if width >= _EQUIPMENT_FROM_WIDTH else 0
    return Columns(name, length, equipment, room - name - length - equipment)


def session_length_text(length_ms: int) -> str:
    """About how long a session takes."""
    whole = whole_minutes(length_ms)
    return f"{whole} min" if whole else "< 1 min"


def cells_of(entry: SessionEntry, *, starred: bool = False, due: bool = False) -> tuple[str, str, str, str]:
    """Name, length, equipment and summary as shown.

    Args:
        entry: The session.
        starred: It has a star.
        due: A programme wants it today.
    """
    group = entry.group.rpartition("/")[2]  # the innermost folder alone, to leave room for the name
    in_group = f"{group} › {entry.name}" if group else entry.name  # noqa: RUF001 - as in a path of menus
    if entry.faults:
        return f"✗ {in_group}", "-", "-", f"{count_text(entry.faults, 'fault')} in its file; it cannot be started"
    # Only the user's own sessions have groups.
    name = f"{entry.name} (own)" if entry.origin == "own" and not entry.group else in_group
    name = f"{name} (today)" if due else name
    name = f"★ {name}" if starred else name
    return name, session_length_text(entry.length_ms), ", ".join(entry.equipment) or _NO_EQUIPMENT, entry.summary


def row_text(cells: tuple[str, str, str, str], columns: Columns) -> list[str]:
    """The cells of a row, each as wide as its column; what is cut ends in an ellipsis."""
    name, length, equipment, summary = cells
    pairs = (
        (name, columns.name),
        (length.rjust(columns.length - _GAP), columns.length),
        (equipment, columns.equipment),
        (summary, columns.summary),
    )
    return [fit_to_width(text, width - _GAP) + " " * _GAP for text, width in pairs if width > 0]


# Measured beside Textual's DataTable with 1,000 rows: 60 moves of the mark took 0.5 to 0.6 s of processor time, there
# 0.9 s, and columns that go with the width would have to be added there anew at every change of it.
class SessionTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows entries, one a row, with one marked.

    Args:
        intercept_key: Gets every key before it is given out, and returns whether that is all that is to become of it.

    Messages:
        Picked: The user clicked on the entry that was marked already.
    """

    COMPONENT_CLASSES = {  # noqa: RUF012 - the screen library declares it so
        "table--head",
        "table--row",
        "table--faulty",
        "table--marked",
    }
    _longest_name = 0
    entries: reactive[Sequence[SessionEntry]] = reactive(())
    stars: reactive[AbstractSet[str]] = reactive(frozenset())
    due: reactive[AbstractSet[str]] = reactive(frozenset())
    marked: reactive[int] = reactive(0)

    class Picked(Message):
        """The marked entry is wanted."""

    def __init__(self, intercept_key: Callable[[events.Key], bool]) -> None:
        super().__init__()
        self._intercept_key = intercept_key

    def _forward_event(self, event: events.Event) -> None:
        if not (isinstance(event, events.Key) and self._intercept_key(event)):
            super()._forward_event(event)

    def watch_entries(self) -> None:
        """Keep the mark inside the list."""
        self._longest_name = max((cell_len(self._cells(entry)[0]) for entry in self.entries), default=0)
        self.virtual_size = Size(self.size.width, len(self.entries) + 1)
        self.marked = self.marked if self.marked < len(self.entries) else 0
        self._keep_in_sight()

    def validate_marked(self, marked: int) -> int:
        """Stop at both ends."""
        return max(0, min(marked, len(self.entries) - 1))

    def watch_marked(self) -> None:
        """Scroll to the mark."""
        self._keep_in_sight()

    def on_resize(self) -> None:
        """The columns follow the width."""
        self.virtual_size = Size(self.size.width, len(self.entries) + 1)
        self._keep_in_sight()

    @property
    def entry(self) -> SessionEntry | None:
        """The marked entry; `None` in an empty list."""
        return self.entries[self.marked] if self.entries else None

    @property
    def page(self) -> int:
        """How many entries are in sight."""
        return max(1, self.size.height - 1)

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked on; a second click takes it."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y - 1 + self.scroll_offset.y
        if not 0 <= row < len(self.entries) or (offset is not None and offset.y == 0):
            return
        if row == self.marked:
            self.post_message(self.Picked())
        self.marked = row

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        columns = columns_for(width, self._longest_name)
        if y == 0:
            head = ("Session", "Length", "Equipment", "What it is for")
            return self._strip(row_text(head, columns), "  ", "table--head", width)
        index = self.scroll_offset.y + y - 1
        if index >= len(self.entries):
            return Strip.blank(width, self.rich_style)
        entry = self.entries[index]
        marked = index == self.marked
        style = "table--marked" if marked else "table--faulty" if entry.faults else "table--row"
        return self._strip(row_text(self._cells(entry), columns), "▸ " if marked else "  ", style, width)

    def _cells(self, entry: SessionEntry) -> tuple[str, str, str, str]:
        return cells_of(entry, starred=entry.id in self.stars, due=entry.id in self.due)

    def _strip(self, cells: list[str], before: str, style_name: str, width: int) -> Strip:
        style = self.get_component_rich_style(style_name)
        return Strip([Segment(before + "".join(cells), style)]).adjust_cell_length(width, style)

    def _keep_in_sight(self) -> None:
        if self.size.height > 1:
            # The head stands on the first line, whatever is scrolled.
            self.scroll_to_region(Region(0, self.marked, 1, 2), animate=False, force=True)
