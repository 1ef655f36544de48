"""The table of sessions: one is marked; columns go where it is narrow, and purposes wrap where it is high."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.formatting import whole_minutes
from timer_app.tui.widgets.text_layout import fit_to_width, words_in_lines

if TYPE_CHECKING:
    from timer_app.library import SessionEntry

_GAP = 2
_INDENT = 2  # of a purpose below its name
_MARK_WIDTH = 2
_LENGTH_WIDTH = 9
_EQUIPMENT_WIDTH = 26
_MIN_NAME_WIDTH = 18
_LENGTH_FROM_WIDTH, _SUMMARY_FROM_WIDTH, _EQUIPMENT_FROM_WIDTH = 30, 64, 96
MOST_LINES = 4  # of a purpose


@dataclass(frozen=True, slots=True)
class Columns:
    """The widths of the columns; 0 leaves one out."""

    name: int
    length: int
    equipment: int
    summary: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.name + self.length + self.equipment + self.summary


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
    return _("{minutes} min").format(minutes=whole) if whole else _("< 1 min")


def cells_of(entry: SessionEntry, *, starred: bool = False, due: bool = False) -> tuple[str, str, str, str]:
    """Name, length, equipment and summary as shown.

    Args:
        entry: The session.
        starred: It has a star.
        due: A programme wants it today.
    """
    group = entry.group.rpartition("/")[2]  # the innermost folder alone, to leave room for the name
    in_group = f"{group} › {entry.name}" if group else entry.name
    if entry.faults:
        faults = ngettext("{count} fault in its file", "{count} faults in its file", entry.faults)
        return f"✗ {in_group}", "-", "-", entry.fault or faults.format(count=entry.faults)
    # Only the user's own sessions have groups.
    name = _("{name} (own)").format(name=entry.name) if entry.origin == "own" and not entry.group else in_group
    name = _("{name} (today)").format(name=name) if due else name
    name = f"★ {name}" if starred else name
    return name, session_length_text(entry.length_ms), ", ".join(entry.equipment) or _("nothing"), entry.summary


def row_text(cells: tuple[str, str, str, str], columns: Columns, lines: int = 1) -> list[list[str]]:
    """The cells of each line of a row, as wide as their columns; what is cut ends in an ellipsis.

    Only the purpose goes on below, in whole words: in its own column, or where it has none below the name.
    """
    name, length, equipment, summary = cells
    width = columns.summary - _GAP if columns.summary else columns.total - _INDENT
    below = lines if columns.summary else lines - 1
    purpose = words_in_lines(summary, width, below)
    first = purpose.pop(0) if columns.summary and purpose else ""
    pairs = (
        (name, columns.name),
        (length.rjust(columns.length - _GAP), columns.length),
        (equipment, columns.equipment),
        (first, columns.summary),
    )
    rows = [[fit_to_width(text, width - _GAP) + " " * _GAP for text, width in pairs if width > 0]]
    indent = columns.total - columns.summary if columns.summary else _INDENT
    rows += [[" " * indent + fit_to_width(text, columns.total - indent)] for text in purpose]
    rows += [[""]] * (lines - len(rows))
    return rows


def lines_needed(summary: str, columns: Columns) -> int:
    """How many lines a row takes that shows its whole purpose."""
    if columns.summary:
        return max(1, len(words_in_lines(summary, columns.summary - _GAP, MOST_LINES)))
    return 1 + len(words_in_lines(summary, columns.total - _INDENT, MOST_LINES - 1)) if summary.strip() else 1


def lines_for(needed: Sequence[int], rows: int) -> list[int]:
    """How many lines each row gets of `rows`: as many as it needs, or all of them fewer, and the first ones one more.

    Args:
        needed: How many lines each row needs to show its whole purpose.
        rows: How many lines there are for all of them.
    """
    most = next((most for most in range(MOST_LINES, 1, -1) if sum(min(most, each) for each in needed) <= rows), 1)
    lines = [min(most, each) for each in needed]
    left = max(0, rows - sum(lines))
    for index, (got, wanted) in enumerate(zip(lines, needed, strict=True)):
        if got < wanted and left:
            lines[index], left = got + 1, left - 1
    return lines


# Measured beside Textual's DataTable with 1,000 rows: 60 moves of the mark took 0.5 to 0.6 s of processor time, there
# 0.9 s, and columns that go with the width would have to be added there anew at every change of it.
class SessionTable(ScrollView, can_focus=False, inherit_bindings=False):
    """Shows entries, with one marked; what is typed goes to the filter, so it takes no keys itself.

    Messages:
        Picked: The user clicked on the entry that was marked already.
    """

    COMPONENT_CLASSES = {
        "table--head",
        "table--row",
        "table--faulty",
        "table--marked",
        "table--hover",
    }
    _longest_name = 0
    entries: reactive[Sequence[SessionEntry]] = reactive(())
    stars: reactive[AbstractSet[str]] = reactive(frozenset())
    due: reactive[AbstractSet[str]] = reactive(frozenset())
    marked: reactive[int] = reactive(0)
    hovered: reactive[int | None] = reactive(None)

    class Picked(Message):
        """The marked entry is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self._starts: list[int] = [0]  # the line on which each row begins, and the one behind the last

    def watch_entries(self) -> None:
        """Keep the mark inside the list."""
        self._measure()
        self.marked = self.marked if self.marked < len(self.entries) else 0
        self._keep_in_sight()

    def watch_stars(self) -> None:
        """A star widens the name."""
        self._measure()

    def watch_due(self) -> None:
        """So does what is due."""
        self._measure()

    def _measure(self) -> None:
        self._longest_name = max((cell_len(self._cells(entry)[0]) for entry in self.entries), default=0)
        self._lay_out()

    def follow(self, entries: Sequence[SessionEntry]) -> None:
        """Show what the list has become: the marked entry stays marked, in its place on the screen.

        Where it is gone, what has come in its place is marked.
        """
        marked, line = self.entry, self._starts[self.marked] - self.scroll_offset.y
        found = (index for index, entry in enumerate(entries) if marked and entry.path == marked.path)
        at = next(found, min(self.marked, max(0, len(entries) - 1)))
        self.entries = entries
        self.marked = at
        self.scroll_to(y=self._starts[at] - line, animate=False, force=True)

    def validate_marked(self, marked: int) -> int:
        """Stop at both ends."""
        return max(0, min(marked, len(self.entries) - 1))

    def watch_marked(self) -> None:
        """Scroll to the mark."""
        self._keep_in_sight()

    def on_resize(self) -> None:
        """The columns follow the width, and the lines of a row the height."""
        self._lay_out()
        self._keep_in_sight()

    def _lay_out(self) -> None:
        """Give each row its lines."""
        width, rows = self.size.width, self.size.height - 1
        lines = [1] * len(self.entries)
        if len(lines) < rows:  # otherwise there is no row to give away, and nothing to be measured
            columns = columns_for(width, self._longest_name)
            lines = lines_for([lines_needed(self._cells(entry)[3], columns) for entry in self.entries], rows)
        self._starts = list(accumulate(lines, initial=0))
        self.virtual_size = Size(width, self._starts[-1] + 1)
        self.refresh()

    @property
    def entry(self) -> SessionEntry | None:
        """The marked entry; `None` in an empty list."""
        return self.entries[self.marked] if self.entries else None

    @property
    def page(self) -> int:
        """How many entries are in sight."""
        return max(1, (self.size.height - 1) * len(self.entries) // max(1, self._starts[-1]))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show what a click would mark."""
        self.hovered = self._row_at(event)

    def on_leave(self) -> None:
        """The pointer is elsewhere now."""
        self.hovered = None

    def on_click(self, event: events.Click) -> None:
        """Mark what was clicked on; a second click takes it."""
        row = self._row_at(event)
        if row is None:
            return
        if row == self.marked:
            self.post_message(self.Picked())
        self.marked = row

    def _row_at(self, event: events.MouseEvent) -> int | None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0:
            return None
        line = offset.y - 1 + self.scroll_offset.y
        return bisect_right(self._starts, line) - 1 if line < self._starts[-1] else None

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        columns = columns_for(width, self._longest_name)
        if y == 0:
            head = (_("Session"), _("Length"), _("Equipment"), _("What it is for"))
            return self._strip(row_text(head, columns)[0], "  ", "table--head", width)
        line = self.scroll_offset.y + y - 1
        if line >= self._starts[-1]:
            return Strip.blank(width, self.rich_style)
        index = bisect_right(self._starts, line) - 1
        first, end = self._starts[index : index + 2]
        entry = self.entries[index]
        marked = index == self.marked
        style = "table--faulty" if entry.faults else "table--row"
        style = "table--marked" if marked else "table--hover" if index == self.hovered else style
        cells = row_text(self._cells(entry), columns, end - first)[line - first]
        return self._strip(cells, "▸ " if marked and line == first else "  ", style, width)

    def _cells(self, entry: SessionEntry) -> tuple[str, str, str, str]:
        return cells_of(entry, starred=entry.id in self.stars, due=entry.id in self.due)

    def _strip(self, cells: list[str], before: str, style_name: str, width: int) -> Strip:
        style = self.get_component_rich_style(style_name)
        return Strip([Segment(before + "".join(cells), style)]).adjust_cell_length(width, style)

    def _keep_in_sight(self) -> None:
        if self.size.height > 1 and self.marked + 1 < len(self._starts):
            # The head stands on the first line, whatever is scrolled.
            first, end = self._starts[self.marked : self.marked + 2]
            self.scroll_to_region(Region(0, first, 1, end - first + 1), animate=False, force=True)
