"""The text of a session with TOML in colours, faults underlined, and keys that act in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from textual import events
from textual.binding import Binding
from textual.widgets import TextArea
from textual.widgets.text_area import Selection, TextAreaTheme

if TYPE_CHECKING:
    from timer_app.core.diagnostics import LocatedProblem

_LANGUAGE, _THEME = "toml", "session"
_FAULT, _WARNING = "fault", "warning"
# What the grammar calls things, and the class that gives each its colour.
_STYLES: Final = {
    "property": "code--key",
    "toml.type": "code--table",
    "string": "code--string",
    "number": "code--number",
    "float": "code--number",
    "boolean": "code--number",
    "toml.datetime": "code--number",
    "comment": "code--comment",
    "operator": "code--sign",
    "punctuation.bracket": "code--sign",
    "punctuation.delimiter": "code--sign",
    _FAULT: "code--fault",
    _WARNING: "code--warning",
}
# The screen has these keys, each with a name that the user's settings know.
_COMMANDS: Final = ("alt+", "ctrl+", "super+")
_EDGES: Final = {"ctrl+home": False, "ctrl+end": True}
_KEYS_OF_THE_SCREEN: Final = {"f6", "f7", "ctrl+z", "super+z", "ctrl+y", "super+y", "ctrl+f"}


class TextChange(NamedTuple):
    """A stretch of a text and what takes its place.

    Attributes:
        start: Row and column where it begins, counted from 0.
        end: Row and column behind it.
        text: What stands there then.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def _bindings() -> list[Binding]:
    """The editing keys of the screen library, without those that the screen has."""
    kept = []
    for binding in TextArea.BINDINGS:
        if isinstance(binding, Binding):
            keys = [key for key in binding.key.split(",") if key not in _KEYS_OF_THE_SCREEN]
            if keys:
                kept.append(Binding(",".join(keys), binding.action, binding.description, show=False))
    kept.append(Binding("alt+a", "select_all", show=False))
    kept += [Binding(key, f"cursor_text_edge({end})", show=False) for key, end in _EDGES.items()]
    return kept


class CodeArea(TextArea, inherit_bindings=False):
    """Edits TOML.

    Args:
        text: What it begins with.
        take_key: Is asked first what a key does; whether it did something.
    """

    BINDINGS = _bindings()  # type: ignore[assignment]
    COMPONENT_CLASSES = set(_STYLES.values())

    def __init__(self, text: str, take_key: Callable[[events.Key], bool]) -> None:
        self._problems: tuple[LocatedProblem, ...] = ()
        super().__init__(
            text,
            language=_LANGUAGE,
            soft_wrap=True,
            show_line_numbers=True,
            tab_behavior="indent",
            max_checkpoints=200,
            id="code",
            compact=True,
        )
        self.indent_width = 2
        self.cursor_blink = False
        self._take_key = take_key

    def on_mount(self) -> None:
        self._take_colours()
        self.watch(self.app, "theme", self._take_colours_soon, init=False)

    def _take_colours_soon(self) -> None:
        self.call_after_refresh(self._take_colours)

    def _take_colours(self) -> None:
        """Let the words have the colours of the app's theme."""
        styles = {name: self.get_component_rich_style(css, partial=True) for name, css in _STYLES.items()}
        self.register_theme(TextAreaTheme(_THEME, syntax_styles=styles))
        self.theme = _THEME

    def on_resize(self) -> None:
        """Keep the cursor in sight: a keyboard that comes up takes half of a small screen."""
        self.call_after_refresh(self.scroll_cursor_visible)

    def show_problems(self, problems: Iterable[LocatedProblem]) -> None:
        """Underline what is wrong."""
        problems = tuple(problems)
        if problems != self._problems:
            self._problems = problems
            self._build_highlight_map()
            self.refresh()

    def _build_highlight_map(self) -> None:
        super()._build_highlight_map()
        for problem in self._problems:
            row = problem.line - 1
            if 0 <= row < self.document.line_count:
                line = self.document[row]
                start = len(line[: problem.column - 1].encode())
                end = len(line[: max(problem.end_column - 1, problem.column)].encode())
                name = _FAULT if problem.severity == "error" else _WARNING
                self._highlights[row].append((start, end, name))

    async def _on_key(self, event: events.Key) -> None:
        """Do what a key does at once: on a slow line, letters behind it would overtake it."""
        if self._take_key(event):
            event.prevent_default()
            event.stop()
            return
        if event.key == "enter":
            event.prevent_default()
            event.stop()
            self._break_line()
            return
        is_command = event.key.startswith(_COMMANDS)  # some have a character, which is not meant
        if (event.is_printable and not is_command) or event.key == "tab":
            return
        event.prevent_default()  # Escape would go to the next widget
        bindings = self.screen.active_bindings
        bound = next((bindings[key] for key in event.aliases if key in bindings), None)
        if bound is None:
            return
        event.stop()
        if bound.enabled:
            await self.app.run_action(bound.binding.action, bound.node)

    def _break_line(self) -> None:
        """Begin a line as far in as this one."""
        row, column = min(self.selection)
        line = self.document[row][:column]
        inset = line[: len(line) - len(line.lstrip())]
        self.replace(f"\n{inset}", *self.selection, maintain_selection_offset=False)

    def action_cursor_text_edge(self, end: bool) -> None:
        """Go to the beginning or the end of the text."""
        self.move_cursor(self.document.end if end else (0, 0), record_width=True)

    def change_to(self, text: str, cursor: tuple[int, int] | None = None) -> None:
        """Become another text by the smallest change, which can be undone.

        Args:
            text: The other text.
            cursor: Where the cursor goes; it stays where it is by default.
        """
        change = smallest_change(self.text, text)
        if change is None:
            return
        self.history.checkpoint()
        before = self.cursor_location
        self.replace(change.text, change.start, change.end, maintain_selection_offset=False)
        self.history.checkpoint()
        self.go_to(*(cursor or before))

    def go_to(self, row: int, column: int = 0) -> None:
        """Put the cursor somewhere, in sight."""
        row = min(max(0, row), self.document.line_count - 1)
        place = row, min(column, len(self.document[row]))
        self.selection = Selection.cursor(place)
        self.scroll_cursor_visible(center=True)


def smallest_change(before: str, after: str) -> TextChange | None:
    """The stretch of one text that differs from another; `None` where none does."""
    if before == after:
        return None
    before, after = before.replace("\r\n", "\n"), after.replace("\r\n", "\n")
    most = min(len(before), len(after))
    first = next((i for i in range(most) if before[i] != after[i]), most)
    most -= first
    last = next((i for i in range(most) if before[-1 - i] != after[-1 - i]), most)
    return TextChange(_location(before, first), _location(before, len(before) - last), after[first : len(after) - last])


def _location(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset), offset - (text.rfind("\n", 0, offset) + 1)
