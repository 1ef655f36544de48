"""Converts between the positions of an editor and those of an analysis, which count characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types
from pygls.workspace import PositionCodec


@dataclass(frozen=True, slots=True)
class Positions:
    """The positions in one text.

    Editors count UTF-16 units unless they agree on something else. What is past the end of a line is its end.

    Attributes:
        lines: The lines of the text, without their ends.
        codec: Counts the units of the editor.
    """

    lines: Sequence[str]
    codec: PositionCodec

    def column(self, position: types.Position) -> int:
        """The character before which a position of the editor is."""
        line = self._line(position.line)
        if line.isascii():
            return min(position.character, len(line))
        units = 0
        for column, character in enumerate(line):
            if units >= position.character:
                return column
            units += self.codec.client_num_units(character)
        return len(line)

    def position(self, line: int, column: int) -> types.Position:
        """The position before a character."""
        text = self._line(line)[: max(column, 0)]
        return types.Position(line, len(text) if text.isascii() else self.codec.client_num_units(text))

    def range(self, line: int, start_column: int, end_column: int, end_line: int | None = None) -> types.Range:
        """The range from one character to another, in the same line if no other is given."""
        last = line if end_line is None else end_line
        return types.Range(self.position(line, start_column), self.position(last, end_column))

    def _line(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""
