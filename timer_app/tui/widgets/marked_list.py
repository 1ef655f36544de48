"""A list to choose from, whose mark can be told without colours."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widgets import OptionList
from textual.widgets.option_list import Option

MARK, NO_MARK = "▸ ", "  "


class MarkedList(OptionList):
    """Shows `▸` before the line that is marked, as the list of sessions does.

    Args:
        lines: Pairs of an id and what is shown; an id of `None` is a line that cannot be chosen.
    """

    def __init__(self, lines: Iterable[tuple[str | None, str]]) -> None:
        self._lines_shown = list(lines)
        self._marked_line: int | None = None
        options = [Option(NO_MARK + text, id=key, disabled=key is None) for key, text in self._lines_shown]
        super().__init__(*options, markup=False)

    def add(self, lines: Iterable[tuple[str | None, str]]) -> None:
        """Show more lines behind the others."""
        added = list(lines)
        self._lines_shown += added
        self.add_options(Option(NO_MARK + text, id=key, disabled=key is None) for key, text in added)

    def renew(self, lines: Iterable[tuple[str | None, str]]) -> None:
        """Show other lines, with the mark where it was."""
        place = self.highlighted
        self.clear_options()
        self._lines_shown, self._marked_line = [], None
        self.add(lines)
        if self.option_count:
            self.highlighted = min(place or 0, self.option_count - 1)

    def say(self, line: int, text: str) -> None:
        """Show something else on a line."""
        self._lines_shown[line] = (self._lines_shown[line][0], text)
        self._show_mark(line, MARK if line == self.highlighted else NO_MARK)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Let the mark follow."""
        super().watch_highlighted(highlighted)
        self._show_mark(self._marked_line, NO_MARK)
        self._show_mark(highlighted, MARK)
        self._marked_line = highlighted

    def _show_mark(self, line: int | None, mark: str) -> None:
        if line is not None and line < self.option_count:
            self.replace_option_prompt_at_index(line, mark + self._lines_shown[line][1])
