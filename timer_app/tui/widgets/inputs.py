"""Inputs: the answer to a measure, a text field that keeps up with fast typing, a list that needs no colours."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from textual import events
from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from timer_app.core.diagnostics import printable
from timer_app.tui.widgets.text_layout import beside_or_below


class PromptInput(Input):
    """Does its editing keys as they come.

    The screen library puts a character into a field at once, and follows every other key only when that has been all
    the way up to the screen: on a slow line, where keys come in bursts, later ones would overtake.
    """

    async def _on_key(self, event: events.Key) -> None:
        await super()._on_key(event)
        bound = [] if event.is_printable else self._bindings.key_to_bindings.get(event.key, [])
        for binding in bound:
            if await self.app.run_action(
                binding.action, self
            ):  # what moves the mark of a list beside it is not its own
                event.stop()
                event.prevent_default()
                return


_NUMBER_CHARACTERS = frozenset("0123456789.,-")


def parse_number(text: str) -> float | None:
    """The number in `text`, with a point or a comma; `None` where nothing was typed.

    Raises:
        ValueError: It is not a number.
    """
    text = text.strip().replace(",", ".")
    return float(text) if text else None


class NumberInput(PromptInput):
    """Takes the characters of numbers; every other key keeps its meaning for the screen."""

    def __init__(self) -> None:
        super().__init__(id="answer", restrict=r"-?\d*[.,]?\d*", max_length=12, compact=True)
        self.cursor_blink = False

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - as inherited
        """Whether the key belongs to a number."""
        return character is not None and character in _NUMBER_CHARACTERS

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and not self.check_consume_key(event.key, event.character):
            event.prevent_default()
            return
        await super()._on_key(event)


MARK, NO_MARK = "▸ ", "  "


class _MarkedLine(Visual):
    """A line with room for the mark before it: what does not fit goes on below its words, not below the mark."""

    def __init__(self, text: str, aside: str = "", mark: str = NO_MARK) -> None:
        self._mark, self._text, self._aside = mark, text, aside

    def __str__(self) -> str:
        return f"{self._mark}{self._text}  {self._aside}".rstrip()

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return len(NO_MARK) + Content(f"{self._text} {self._aside}").get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        room = self._room(width)
        return self._words(room).get_height(rules, room)

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        room = self._room(width)
        rows = self._words(room).render_strips(room, height, style, options)
        edges = [self._mark] + [NO_MARK] * len(rows)
        return [
            Strip.join([Strip([Segment(edge, style.rich_style)], len(NO_MARK)), row])
            for edge, row in zip(edges, rows, strict=False)
        ]

    def _words(self, room: int) -> Content:
        if not self._aside:
            return Content(self._text)
        # One column is left to a scroll bar.
        return Content("\n".join(beside_or_below(self._text, self._aside, max(room - 1, 1))))

    @staticmethod
    def _room(width: int) -> int:
        return max(width - len(NO_MARK), 1)


class MarkedList(OptionList):
    """Shows `▸` before the line that is marked, as the list of sessions does; what cannot be seen is escaped.

    Args:
        lines: Pairs of an id and what is shown; an id of `None` is a line that cannot be chosen.
        asides: What stands at the right of each of these lines, or below it where there is no room for both.
    """

    def __init__(self, lines: Iterable[tuple[str | None, str]], asides: Iterable[str] = ()) -> None:
        self._lines_shown = self._as_shown(lines)
        self._asides = dict(enumerate(asides))
        self._marked_line: int | None = None
        options = [Option(self._line(index), id=key, disabled=key is None) for index, (key, _) in self._numbered()]
        super().__init__(*options, markup=False)

    def _numbered(self, first: int = 0) -> list[tuple[int, tuple[str | None, str]]]:
        return list(enumerate(self._lines_shown))[first:]

    def _line(self, index: int, mark: str = NO_MARK) -> _MarkedLine:
        return _MarkedLine(self._lines_shown[index][1], self._asides.get(index, ""), mark)

    def on_resize(self) -> None:
        """Keep the marked line in sight."""
        self.call_after_refresh(self.scroll_to_highlight)

    def shown_text(self, text: str) -> str:
        """A line as it is shown."""
        return printable(text)

    def _as_shown(self, lines: Iterable[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
        return [(key, self.shown_text(text)) for key, text in lines]

    def add_lines(self, lines: Iterable[tuple[str | None, str]]) -> None:
        """Show more lines behind the others."""
        first = len(self._lines_shown)
        self._lines_shown += self._as_shown(lines)
        self.add_options(
            Option(self._line(index), id=key, disabled=key is None) for index, (key, _) in self._numbered(first)
        )

    def replace_lines(self, lines: Iterable[tuple[str | None, str]]) -> None:
        """Show other lines, with the mark where it was."""
        index = self.highlighted
        self.clear_options()
        self._lines_shown, self._asides, self._marked_line = [], {}, None
        self.add_lines(lines)
        if self.option_count:
            self.highlighted = min(index or 0, self.option_count - 1)

    def set_line(self, line: int, text: str) -> None:
        """Show something else on a line."""
        self._lines_shown[line] = (self._lines_shown[line][0], self.shown_text(text))
        self._show_mark(line, MARK if line == self.highlighted else NO_MARK)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Let the mark follow."""
        super().watch_highlighted(highlighted)
        self._show_mark(self._marked_line, NO_MARK)
        self._show_mark(highlighted, MARK)
        self._marked_line = highlighted

    def _show_mark(self, line: int | None, mark: str) -> None:
        if line is not None and line < self.option_count:
            self.replace_option_prompt_at_index(line, self._line(line, mark))
