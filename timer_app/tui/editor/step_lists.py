"""A list of steps in a text, in each way in which it can be written, and how a step is put into it or taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import tomlkit
from tomlkit.items import Comment, Trivia

from timer_app.tui.editor.step_pieces import (
    KEY,
    BracedStep,
    HeadedStep,
    OperationError,
    Piece,
    braced,
    headed,
    nested,
    set_in,
    set_out,
)
from timer_app.tui.editor.toml_text import (
    LISTED_TABLE,
    comment_rows,
    document,
    ended_lines_of,
    followers,
    key_of,
    lines_of,
    next_token,
    pair_of,
    pairs_of,
    spliced,
    tables_of,
    text_of,
    value_of,
    without_comments,
    written,
    written_in_rows,
)

if TYPE_CHECKING:
    from tree_sitter import Node

Changes = Mapping[str, Any]


class Rows(NamedTuple):
    """The rows of a step: from `first` on comments that belong to it, from `head` on itself, up to `end`."""

    first: int
    head: int
    end: int


@dataclass(frozen=True)
class _StepsInRows:
    """Steps that have rows for themselves.

    Attributes:
        text: The whole text.
        rows: The rows of each.
    """

    text: str
    rows: Sequence[Rows]

    @property
    def count(self) -> int:
        return len(self.rows)

    def line(self, index: int) -> int:
        return self.rows[index].head

    def in_order(self, order: Sequence[int]) -> str:
        """The steps in another order; what lies between them stays in its place."""
        lines = ended_lines_of(self.text)
        bodies = [lines[one.first : one.end] for one in self.rows]
        made: list[str] = []
        at = 0
        for one, taken in zip(self.rows, order, strict=True):
            made += lines[at : one.first] + bodies[taken]
            at = one.end
        return "".join([*made, *lines[at:]])

    def without(self, index: int) -> str:
        """The list without a step and the blank rows behind it, or before it at the end."""
        lines, (first, _head, end) = lines_of(self.text), self.rows[index]
        while end < len(lines) and not lines[end].strip():
            end += 1
        while end == len(lines) and first and not lines[first - 1].strip():
            first -= 1
        return "".join(lines[:first] + lines[end:])


class HeadedSteps(_StepsInRows):
    """Steps with a header each."""

    def piece(self, index: int) -> Piece:
        first, _head, end = self.rows[index]
        return HeadedStep(tuple(ended_lines_of(self.text)[first:end]))

    def with_piece(self, index: int, piece: Piece) -> str:
        """The list with one more step, before the one at `index` or behind the last."""
        lines, body = ended_lines_of(self.text), headed(piece).rows
        if index < self.count:
            row = self.rows[index].first
            return "".join([*lines[:row], *body, "\n", *lines[row:]])
        row = self.rows[-1].end if self.rows else len(lines)
        gap = ["\n"] if any(line.strip() for line in lines) else []
        return "".join([*lines[:row], *gap, *body, *lines[row:]])

    def changed(self, index: int, changes: Changes) -> str:
        lines, (_first, head, end) = ended_lines_of(self.text), self.rows[index]
        own_end = head + _end_of_own_keys("".join(lines[head:end]), changes)
        made = _changed_table("".join(lines[head:own_end]), changes)
        return "".join([*lines[:head], made, *lines[own_end:]])

    def in_rounds(self, index: int, rounds: int) -> str:
        """The list with a step put into a block."""
        lines, (first, _head, end) = ended_lines_of(self.text), self.rows[index]
        block = [f"[[{KEY}]]\n", f"rounds = {rounds}\n", "\n"]
        return "".join([*lines[:first], *block, nested("".join(lines[first:end])), *lines[end:]])


class BracedSteps(_StepsInRows):
    """Steps in braces that begin a row each; each has a comma behind it."""

    def piece(self, index: int) -> Piece:
        lines, (first, head, _end) = lines_of(self.text), self.rows[index]
        item = items_of(self.text)[index]
        indent, row = _indent_of(lines[head]), item.end_point.row
        comma, behind = lines[row].encode()[item.end_point.column :].decode().partition(",")[::2]
        if comma.strip():
            raise OperationError(KEY)
        above = tuple(line.strip() for line in lines[first:head])
        return BracedStep(above, set_out(text_of(item), indent), behind.rstrip())

    def with_piece(self, index: int, piece: Piece) -> str:
        """The list with one more step, before the one at `index` or behind the last."""
        lines, one = ended_lines_of(self.text), braced(piece)
        indent = _indent_of(lines[self.rows[0].head])
        comments = (f"{indent}{comment}\n" for comment in one.above)
        body = [*comments, f"{indent}{set_in(one.written, indent)},{one.behind}\n"]
        row = self.rows[index].first if index < self.count else self.rows[-1].end
        return "".join([*lines[:row], *body, *lines[row:]])

    def changed(self, index: int, changes: Changes) -> str:
        return _changed_item(self.text, items_of(self.text)[index], changes)

    def in_rounds(self, index: int, rounds: int) -> str:
        """The list with a step put into a block."""
        return _item_in_rounds(self.text, index, rounds)


@dataclass(frozen=True)
class SharedRows:
    """Steps in braces that share rows; comments stay where they are."""

    text: str

    @property
    def count(self) -> int:
        return len(items_of(self.text))

    def line(self, index: int) -> int:
        return int(items_of(self.text)[index].start_point.row)

    def in_order(self, order: Sequence[int]) -> str:
        """The steps in another order."""
        items, data = items_of(self.text), self.text.encode()
        parts = [data[item.start_byte : item.end_byte] for item in items]
        for item, taken in reversed(list(zip(items, order, strict=True))):
            data = data[: item.start_byte] + parts[taken] + data[item.end_byte :]
        return data.decode()

    def piece(self, index: int) -> Piece:
        return BracedStep((), text_of(items_of(self.text)[index]))

    def with_piece(self, index: int, piece: Piece) -> str:
        """The list with one more step, before the one at `index` or behind the last."""
        one, array, items = braced(piece), array_of(self.text), items_of(self.text)
        comments = [comment for comment in (*one.above, one.behind.strip()) if comment]
        part = "".join(f"\n  {comment}" for comment in comments) + ("\n  " if comments else "") + one.written
        if self.text == f"{KEY} = []" and not comments:  # a block in a row
            return f"{KEY} = [{one.written}]"
        if not items:
            # A bracket, and comments perhaps.
            inside = self.text.encode()[array.start_byte : array.end_byte - 1].decode().rstrip()
            row = "".join(f"\n  {comment}" for comment in comments) + f"\n  {set_in(one.written, '  ')},\n]"
            return spliced(self.text, array.start_byte, array.end_byte, inside + row)
        if index < len(items):
            start = items[index].start_byte
            return spliced(self.text, start, start, f"{part}, ")
        end = items[-1].end_byte
        return spliced(self.text, end, end, f", {part}")

    def without(self, index: int) -> str:
        items, data = items_of(self.text), self.text.encode()
        item = items[index]
        after = next((node for node in followers(item) if node.type != "comment"), None)
        if after is not None and after.type == ",":
            data = data[: after.start_byte] + data[after.end_byte :]
        elif index and not data[items[index - 1].end_byte : item.start_byte].replace(b",", b"").strip(b" "):
            return spliced(self.text, items[index - 1].end_byte, item.end_byte, "")
        end = item.end_byte
        if data[end : end + 1] == b" ":
            end += 1
        return spliced(data.decode(), item.start_byte, end, "")

    def changed(self, index: int, changes: Changes) -> str:
        return _changed_item(self.text, items_of(self.text)[index], changes)

    def in_rounds(self, index: int, rounds: int) -> str:
        """The list with a step put into a block."""
        return _item_in_rounds(self.text, index, rounds)


StepList = HeadedSteps | BracedSteps | SharedRows


def steps_of(text: str) -> StepList:
    """The list of steps of a text.

    Raises:
        OperationError: It is written in a way that no operation can change, such as with dotted keys.
    """
    root = document(text)
    pair = next((node for node in pairs_of(root) if key_of(node)[0] == KEY), None)
    if pair is None:
        return HeadedSteps(text, list(_headed_rows(text, root)))
    array = value_of(pair)
    if key_of(pair) != [KEY] or array.type != "array":
        raise OperationError(KEY)
    items = without_comments(array)
    if not items or not _have_rows(text, array, items):
        return SharedRows(text)
    last = items[-1]
    if next_token(last).type != ",":
        text = spliced(text, last.end_byte, last.end_byte, ",")
        array = array_of(text)
    return BracedSteps(text, list(_braced_rows(text, array)))


def array_of(text: str) -> Node:
    """The brackets of the steps of a text.

    Raises:
        OperationError: There are none.
    """
    pair = pair_of(document(text), KEY)
    if pair is None:
        raise OperationError(KEY)
    return value_of(pair)


def items_of(text: str) -> list[Node]:
    """The steps in the brackets of a text."""
    return without_comments(array_of(text))


# Where steps are.


def _headed_rows(text: str, root: Node) -> Iterator[Rows]:
    tables = tables_of(root)
    bounds = [node for node in tables if len(key_of(node)) == 1 or key_of(node)[0] != KEY]
    comments = comment_rows(text, root)
    ends = [*(_first_row(node.start_point.row, comments) for node in bounds[1:]), len(lines_of(text))]
    for node, limit in zip(bounds, ends, strict=False):  # without any table, there is one end too many
        if node.type != LISTED_TABLE or key_of(node) != [KEY]:
            continue
        head = node.start_point.row
        end = max(_last_row(other) for other in tables if head <= other.start_point.row < limit) + 1
        while end < limit and end in comments:
            end += 1
        yield Rows(_first_row(head, comments), head, end)


def _last_row(table: Node) -> int:
    """The last row of a table with anything in it but comments."""
    return int(without_comments(table)[-1].end_point.row)


def _braced_rows(text: str, array: Node) -> Iterator[Rows]:
    comments = comment_rows(text, array)
    for item in without_comments(array):
        yield Rows(_first_row(item.start_point.row, comments), item.start_point.row, item.end_point.row + 1)


def _have_rows(text: str, array: Node, items: Sequence[Node]) -> bool:
    """Whether each item begins a row of its own, and nothing else of the list stands in its rows."""
    lines = text.split("\n")
    starts = [item.start_point.row for item in items]
    ends = [array.start_point.row, *(item.end_point.row for item in items)]
    apart = all(start > end for start, end in zip([*starts, array.end_point.row], ends, strict=True))
    return apart and all(not lines[item.start_point.row].encode()[: item.start_point.column].strip() for item in items)


def _first_row(head: int, comments: set[int]) -> int:
    while head - 1 in comments:
        head -= 1
    return head


def _indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


# What becomes of them.


def _end_of_own_keys(step: str, changes: Changes) -> int:
    """The row behind the keys below the header of a step; behind all of it if what is changed has a header too."""
    first, *inner = tables_of(document(step))
    is_apart = inner and not any(key_of(table)[1] in changes for table in inner)
    return _last_row(first) + 1 if is_apart else len(lines_of(step))


def _changed_table(table: str, changes: Changes) -> str:
    parsed = tomlkit.parse(table)
    _change(parsed[KEY][0], changes, written_in_rows)  # an array of tables, as it begins with one
    return tomlkit.dumps(parsed)


def _changed_item(text: str, item: Node, changes: Changes) -> str:
    parsed = tomlkit.parse(f"x = {text_of(item)}")
    _change(parsed["x"], changes, written)
    inside_braces = tomlkit.dumps(parsed).removeprefix("x = ").removeprefix("{").removesuffix("}").strip()
    return spliced(text, item.start_byte, item.end_byte, f"{{ {inside_braces} }}")


def _change(table: Any, changes: Changes, write: Callable[[Any], str]) -> None:
    for key, value in changes.items():
        if value is not None:
            table[key] = tomlkit.parse(f"x = {write(value)}\n")["x"]
    for key, value in changes.items():  # behind the others, which go where the last key was
        if value is None and key in table:
            trivia = getattr(table.value.item(key), "trivia", None)
            del table[key]
            if trivia and trivia.comment:  # it stays, in a row of its own
                table.add(Comment(Trivia(comment=trivia.comment)))


def _item_in_rounds(text: str, index: int, rounds: int) -> str:
    item = items_of(text)[index]
    block = f"{{ rounds = {rounds}, {KEY} = [{text_of(item)}] }}"
    return spliced(text, item.start_byte, item.end_byte, block)
