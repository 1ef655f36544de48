"""The list of what may stand at the cursor, with what each means; an exercise is shown doing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import OptionList, Static

from timer_app.tui.editor.panel_content import plain_text
from timer_app.tui.library.preview_figure import PreviewFigure
from timer_app.tui.widgets.inputs import MarkedList
from timer_app.tui.widgets.text_layout import fit_to_width, words_in_lines

if TYPE_CHECKING:
    from timer_app.analysis import Completion
    from timer_app.core.timeline import Timeline

_MOST_ROWS = 8
_LIST_CELLS, _NOTES_CELLS = 38, 34
_MARK_CELLS = 3
_NOTES_PADDING = 2
_ROWS_OF_WORDS, _ROWS_WITH_FIGURE = 5, 13


class CompletionList(Horizontal):
    """Lies over the text beside the cursor; the keys come from the text, which keeps the focus.

    Args:
        is_still: Nothing may move.
        timeline_of: Gives what an exercise looks like by its id.
    """

    class Taken(Message):
        """One was chosen."""

        def __init__(self, completion: Completion) -> None:
            super().__init__()
            self.completion = completion

    def __init__(self, *, is_still: bool, timeline_of: Callable[[str], Timeline | None]) -> None:
        super().__init__(id="completions")
        self._is_still = is_still
        self._timeline_of = timeline_of
        self._offered: Sequence[Completion] = ()

    def compose(self) -> ComposeResult:
        found = MarkedList([])
        found.can_focus = False
        yield found
        with Vertical(id="completion-notes"):
            yield Static(id="completion-words", markup=False)
            yield PreviewFigure(reduced=self._is_still)

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose from."""
        return bool(self._offered) and bool(self.display)

    def offer(self, completions: Sequence[Completion], cursor: Offset) -> None:
        """Show what may stand at the cursor; nothing closes the list.

        Args:
            completions: What may stand there, the most likely first.
            cursor: Where on the screen the cursor is.
        """
        self._offered = tuple(completions)
        if not completions:
            self.close()
            return
        room = self.app.size
        has_notes = room.width >= _LIST_CELLS + _NOTES_CELLS
        width = min(_LIST_CELLS, room.width)
        self.query_one("#completion-notes").display = has_notes
        self.query_one(MarkedList).replace_lines(
            [(str(i), self._row(one, width - _MARK_CELLS)) for i, one in enumerate(completions)]
        )
        rows = min(_MOST_ROWS, len(completions), max(1, room.height - 3))
        whole = width + (_NOTES_CELLS if has_notes else 0)
        height = max(rows, min(self._rows_of_notes(), room.height - 3)) if has_notes else rows
        self.styles.width, self.styles.height = whole, height
        is_below = cursor.y + 1 + height <= room.height - 1
        row = cursor.y + 1 if is_below else max(0, cursor.y - height)
        self.absolute_offset = Offset(max(0, min(cursor.x, room.width - whole)), row)
        self.display = True
        self.query_one(MarkedList).highlighted = 0
        self._describe()

    def _rows_of_notes(self) -> int:
        """How many rows there have to be beside the list, as far as there is room."""
        if any(one.kind == "exercise" for one in self._offered):
            return _ROWS_WITH_FIGURE
        longest = max(len(_words_of(one, _MOST_ROWS)) for one in self._offered[:_MOST_ROWS])
        return max(_ROWS_OF_WORDS, longest)

    @staticmethod
    def _row(completion: Completion, width: int) -> str:
        if not completion.detail:
            return fit_to_width(completion.label, width).rstrip()
        return fit_to_width(f"{completion.label}  {completion.detail}", width).rstrip()

    def close(self) -> None:
        """Offer nothing."""
        self._offered = ()
        self.display = False
        self.query_one(PreviewFigure).show(None)

    def take_key(self, event: events.Key) -> bool:
        """Let a key choose, while there is something to choose from; whether it did."""
        if not self.is_open:
            return False
        found = self.query_one(MarkedList)
        if event.key in ("enter", "tab"):
            self._take(found.highlighted or 0)
        elif event.key == "escape":
            self.close()
        elif event.key == "down":
            found.action_cursor_down()
        elif event.key == "up":
            found.action_cursor_up()
        else:
            if not (event.is_printable or event.key in ("backspace", "ctrl+@", "ctrl+space")):
                self.close()
            return False
        return True

    def _take(self, index: int) -> None:
        completion = self._offered[index]
        self.close()
        self.post_message(self.Taken(completion))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked on."""
        event.stop()
        self._take(int(event.option_id or 0))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the marked one means."""
        event.stop()
        self._describe()

    def _describe(self) -> None:
        index = self.query_one(MarkedList).highlighted
        if not self.is_open or index is None or index >= len(self._offered):
            return
        completion = self._offered[index]
        has_figure = completion.kind == "exercise"
        words = _words_of(completion, _ROWS_OF_WORDS if has_figure else _MOST_ROWS)
        self.query_one("#completion-words", Static).update("\n".join(words))
        figure = self.query_one(PreviewFigure)
        figure.show(self._timeline_of(completion.insert_text.strip("\"'")) if has_figure else None)


def _words_of(completion: Completion, most: int) -> list[str]:
    """What a completion means, in at most so many lines that fit beside the list."""
    lines: list[str] = []
    for text in filter(None, (completion.detail, *plain_text(completion.documentation).splitlines())):
        lines += words_in_lines(text, _NOTES_CELLS - _NOTES_PADDING, most - len(lines))
    return lines
