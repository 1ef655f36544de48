"""Changes the steps in the text of a session: adds, moves, copies, changes and deletes them, with all else as it was.

Each operation takes a text and gives another one. What it does not change stays as it is, to the character: comments,
blank lines, and how values are written. A comment right above a step belongs to it, and goes where it goes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec

import tomlkit
from tomlkit.exceptions import TOMLKitError

if TYPE_CHECKING:
    from tree_sitter import Node

Value = str | int | float | bool | list[str]
_TABLES = {"table", "table_array_element"}
_KEY = "steps"
_Rest = ParamSpec("_Rest")


class OperationError(Exception):
    """The text is no TOML, or has its steps where no operation can change them."""


def read_steps(text: str) -> list[dict[str, Any]]:
    """The steps of a text as data, blocks and faulty ones as they are.

    Raises:
        OperationError: The text is no TOML, or `steps` is no list of tables.
    """
    return _parts_of(text)[1]


def read_head(text: str) -> dict[str, Any]:
    """Everything in a text but the steps.

    Raises:
        OperationError: As `read_steps`.
    """
    return _parts_of(text)[0]


def _parts_of(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        head = tomllib.loads(text.replace("\r\n", "\n"))
    except (RecursionError, ValueError) as error:
        raise OperationError(str(error)) from None
    steps = head.pop(_KEY, [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise OperationError(_KEY)
    return head, steps


def _keeping_line_ends(
    operation: Callable[Concatenate[str, _Rest], str],
) -> Callable[Concatenate[str, _Rest], str]:
    """Let an operation see line feeds alone, and check that its text is TOML before and after."""

    @wraps(operation)
    def changed(text: str, /, *args: _Rest.args, **more: _Rest.kwargs) -> str:
        read_steps(text)
        try:
            after = operation(text.replace("\r\n", "\n"), *args, **more)
        except TOMLKitError as error:
            raise OperationError(str(error)) from None
        read_steps(after)
        return after.replace("\n", "\r\n") if "\r\n" in text else after

    return changed


@_keeping_line_ends
def set_head(text: str, key: str, value: Value | None) -> str:
    """Give a key at the top of a session a value; `None` takes it away."""
    pairs = [node for node in _document(text).named_children if node.type == "pair"]
    data = text.encode()
    found = next((pair for pair in pairs if _key_of(pair) == [key]), None)
    if found is not None and value is not None:
        old = _without_comments(found)[-1]
        return _spliced(data, old.start_byte, old.end_byte, _written(value))
    if found is not None:
        lines = _lines(text)
        rest = data[found.end_byte :].decode().partition("\n")[0].strip()
        lines[found.start_point.row : found.end_point.row + 1] = [f"{rest}\n"] if rest else []
        return "".join(lines)
    if value is None:
        return text
    row = pairs[-1].end_point.row + 1 if pairs else _rows_of_opening_comment(text)
    lines = _with_last_end(_lines(text))
    return "".join([*lines[:row], f"{_written_key(key)} = {_written(value)}\n", *lines[row:]])


@_keeping_line_ends
def set_step(text: str, index: int, changes: Mapping[str, Value | None]) -> str:
    """Give keys of a step other values, and take away those whose value is `None`."""
    return _steps_of(text).changed(index, changes)


@_keeping_line_ends
def add_step(text: str, index: int, step: Mapping[str, Value]) -> str:
    """Put a new step before the one at `index`, or behind the last."""
    return _steps_of(text).with_new(index, step)


@_keeping_line_ends
def duplicate_step(text: str, index: int) -> str:
    """Put a copy of a step behind it, comments included."""
    return _steps_of(text).with_copy(index)


@_keeping_line_ends
def delete_step(text: str, index: int) -> str:
    """Take a step away, and the comments that belong to it."""
    return _steps_of(text).without(index)


@_keeping_line_ends
def move_step(text: str, index: int, to: int) -> str:
    """Put a step where another one is; those between move up or down by one."""
    steps = _steps_of(text)
    order = list(range(steps.count))
    order.insert(to, order.pop(index))
    return steps.in_order(order) if order != sorted(order) else text


def line_of_step(text: str, index: int) -> int:
    """The line of a step, counted from 0; that of its header or its opening brace."""
    try:
        return _steps_of(text.replace("\r\n", "\n")).line(index)
    except (OperationError, IndexError):
        return 0


class _Block(NamedTuple):
    """The rows of a step: from `first` on comments that belong to it, from `head` on itself, up to `end`."""

    first: int
    head: int
    end: int


@dataclass(frozen=True)
class _Rows:
    """Steps that have rows for themselves: tables with headers, or tables in braces that begin a row each.

    Attributes:
        text: The whole text; where steps are in braces, each has a comma behind it.
        blocks: The rows of each.
        is_inline: They are in braces.
    """

    text: str
    blocks: Sequence[_Block]
    is_inline: bool

    @property
    def count(self) -> int:
        return len(self.blocks)

    def line(self, index: int) -> int:
        return self.blocks[index].head

    def in_order(self, order: Sequence[int]) -> str:
        """The steps in another order; what lies between them stays in its place."""
        lines = _with_last_end(_lines(self.text))
        bodies = [lines[block.first : block.end] for block in self.blocks]
        made: list[str] = []
        at = 0
        for block, taken in zip(self.blocks, order, strict=True):
            made += lines[at : block.first] + bodies[taken]
            at = block.end
        return "".join([*made, *lines[at:]])

    def with_new(self, index: int, step: Mapping[str, Value]) -> str:
        body = [f"{self._indent()}{_inline(step)},\n"] if self.is_inline else _table(step)
        return self._with(index, body)

    def with_copy(self, index: int) -> str:
        block = self.blocks[index]
        return self._with(index + 1, _with_last_end(_lines(self.text))[block.first : block.end])

    def _with(self, index: int, body: list[str]) -> str:
        lines = _with_last_end(_lines(self.text))
        gap = [] if self.is_inline else ["\n"]
        if index < self.count:
            row = self.blocks[index].first
            return "".join([*lines[:row], *body, *gap, *lines[row:]])
        row = self.blocks[-1].end if self.blocks else len(lines)
        gap = gap if any(line.strip() for line in lines) else []
        return "".join([*lines[:row], *gap, *body, *lines[row:]])

    def without(self, index: int) -> str:
        block, lines = self.blocks[index], _lines(self.text)
        end = block.end
        while end < len(lines) and not lines[end].strip():
            end += 1
        return "".join(lines[: block.first] + lines[end:])

    def changed(self, index: int, changes: Mapping[str, Value | None]) -> str:
        block, lines = self.blocks[index], _with_last_end(_lines(self.text))
        own = "".join(lines[block.head : block.end])
        if self.is_inline:
            node = _items_of(_array(self.text))[index]
            data = self.text.encode()
            old = data[node.start_byte : node.end_byte].decode()
            return _spliced(data, node.start_byte, node.end_byte, _changed_inline(old, changes))
        document = tomlkit.parse(own)
        _change(document[_KEY][0], changes)  # an array of tables, as it begins with one
        made = tomlkit.dumps(document)
        return "".join([*lines[: block.head], made, *lines[block.end :]])

    def _indent(self) -> str:
        if not self.blocks:
            return "  "
        line = _lines(self.text)[self.blocks[0].head]
        return line[: len(line) - len(line.lstrip())]


@dataclass(frozen=True)
class _Spans:
    """Steps in braces that share rows; comments stay where they are."""

    text: str

    @property
    def count(self) -> int:
        return len(_items_of(_array(self.text)))

    def line(self, index: int) -> int:
        return int(_items_of(_array(self.text))[index].start_point.row)

    def _parts(self) -> list[str]:
        data = self.text.encode()
        return [data[item.start_byte : item.end_byte].decode() for item in _items_of(_array(self.text))]

    def in_order(self, order: Sequence[int]) -> str:
        items, parts = _items_of(_array(self.text)), self._parts()
        data = self.text.encode()
        for item, taken in reversed(list(zip(items, order, strict=True))):
            data = data[: item.start_byte] + parts[taken].encode() + data[item.end_byte :]
        return data.decode()

    def with_new(self, index: int, step: Mapping[str, Value]) -> str:
        return self._with(index, _inline(step))

    def with_copy(self, index: int) -> str:
        return self._with(index + 1, self._parts()[index])

    def _with(self, index: int, part: str) -> str:
        array, data = _array(self.text), self.text.encode()
        items = _items_of(array)
        if not items:
            inside = data[array.start_byte : array.end_byte - 1].decode().rstrip()  # a bracket, and comments perhaps
            return _spliced(data, array.start_byte, array.end_byte, f"{inside}\n  {part},\n]")
        if index < len(items):
            start = items[index].start_byte
            return _spliced(data, start, start, f"{part}, ")
        end = items[-1].end_byte
        return _spliced(data, end, end, f", {part}")

    def without(self, index: int) -> str:
        item, data = _items_of(_array(self.text))[index], self.text.encode()
        after = next((node for node in _followers(item) if node.type != "comment"), None)
        if after is not None and after.type == ",":
            data = data[: after.start_byte] + data[after.end_byte :]
        end = item.end_byte
        if data[end : end + 1] == b" ":
            end += 1
        return _spliced(data, item.start_byte, end, "")

    def changed(self, index: int, changes: Mapping[str, Value | None]) -> str:
        item = _items_of(_array(self.text))[index]
        return _spliced(
            self.text.encode(), item.start_byte, item.end_byte, _changed_inline(self._parts()[index], changes)
        )


def _steps_of(text: str) -> _Rows | _Spans:
    """Where the steps of a text are.

    Raises:
        OperationError: They are written in a way that no operation can change, such as with dotted keys.
    """
    root = _document(text)
    pair = next((node for node in root.named_children if node.type == "pair" and _key_of(node)[0] == _KEY), None)
    if pair is None:
        return _Rows(text, list(_header_blocks(text, root)), is_inline=False)
    array = _without_comments(pair)[-1]
    if _key_of(pair) != [_KEY] or array.type != "array":
        raise OperationError(_KEY)
    items = _items_of(array)
    if not items:
        return _Spans(text)
    if _have_rows(text, array, items):
        last = items[-1]
        if _next_token(last).type != ",":
            text = _spliced(text.encode(), last.end_byte, last.end_byte, ",")
            array = _array(text)
        return _Rows(text, list(_inline_blocks(text, array)), is_inline=True)
    return _Spans(text)


def _header_blocks(text: str, root: Node) -> Iterator[_Block]:
    tables = [node for node in root.named_children if node.type in _TABLES]
    bounds = [node for node in tables if len(_key_of(node)) == 1 or _key_of(node)[0] != _KEY]
    comments = _comment_rows(text, root)
    ends = [*(_first_row(node.start_point.row, comments) for node in bounds[1:]), len(_lines(text))]
    for node, limit in zip(bounds, ends, strict=False):  # without any table, there is one end too many
        if node.type != "table_array_element" or _key_of(node) != [_KEY]:
            continue
        head = node.start_point.row
        inside = [other for other in tables if head <= other.start_point.row < limit]
        end = max(_last_row(other) for other in inside) + 1
        while end < limit and end in comments:
            end += 1
        yield _Block(_first_row(head, comments), head, end)


def _last_row(table: Node) -> int:
    """The last row of a table with anything in it but comments."""
    last = _without_comments(table)[-1]
    return int(last.end_point.row)


def _inline_blocks(text: str, array: Node) -> Iterator[_Block]:
    comments = _comment_rows(text, array)
    for item in _items_of(array):
        yield _Block(_first_row(item.start_point.row, comments), item.start_point.row, item.end_point.row + 1)


def _have_rows(text: str, array: Node, items: Sequence[Node]) -> bool:
    """Whether each item begins a row of its own, and nothing else of the list stands in its rows."""
    lines = text.split("\n")
    starts = [item.start_point.row for item in items]
    ends = [array.start_point.row, *(item.end_point.row for item in items)]
    apart = all(start > end for start, end in zip([*starts, array.end_point.row], ends, strict=True))
    return apart and all(not lines[item.start_point.row].encode()[: item.start_point.column].strip() for item in items)


def _comment_rows(text: str, within: Node) -> set[int]:
    """The rows that have a comment and nothing else."""
    lines = text.split("\n")
    waiting, found = [within], set[int]()
    while waiting:
        node = waiting.pop()
        if node.type == "comment" and lines[node.start_point.row].lstrip().startswith("#"):
            found.add(node.start_point.row)
        waiting += node.children
    return found


def _first_row(head: int, comments: set[int]) -> int:
    while head - 1 in comments:
        head -= 1
    return head


def _rows_of_opening_comment(text: str) -> int:
    """How many rows a comment takes with which a text begins."""
    count = 0
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        count += 1
    return count


def _document(text: str) -> Node:
    import tree_sitter
    import tree_sitter_toml

    language = tree_sitter.Language(tree_sitter_toml.language())
    return tree_sitter.Parser(language).parse(text.encode()).root_node


def _array(text: str) -> Node:
    pairs = (node for node in _document(text).named_children if node.type == "pair")
    return next(_without_comments(pair)[-1] for pair in pairs if _key_of(pair) == [_KEY])


def _without_comments(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in {"comment", "ERROR"}]


def _items_of(array: Node) -> list[Node]:
    return _without_comments(array)


def _followers(node: Node) -> Iterator[Node]:
    while (after := node.next_sibling) is not None:
        yield after
        node = after


def _next_token(node: Node) -> Node:
    return next(after for after in _followers(node) if after.type != "comment")


def _key_of(node: Node) -> list[str]:
    """The parts of the key of a pair, or of a header."""
    parts: list[str] = []
    key = _without_comments(node)[0]
    while key.type == "dotted_key":
        key, last = _without_comments(key)
        parts.append(_name(last))
    return [_name(key), *reversed(parts)]


def _name(node: Node) -> str:
    text = (node.text or b"").decode()
    return next(iter(tomllib.loads(f"{text} = 0"))) if node.type == "quoted_key" else text


def _lines(text: str) -> list[str]:
    """The lines with their ends; the last one has none."""
    *whole, last = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([last] if last else [])]


def _with_last_end(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else f"{lines[-1]}\n"] if lines else []


def _spliced(data: bytes, start: int, end: int, text: str) -> str:
    return (data[:start] + text.encode() + data[end:]).decode()


def _written(value: Value) -> str:
    return tomlkit.item(value).as_string()


def _written_key(key: str) -> str:
    return tomlkit.key(key).as_string()


def _table(step: Mapping[str, Value]) -> list[str]:
    return [f"[[{_KEY}]]\n", *(f"{_written_key(key)} = {_written(value)}\n" for key, value in step.items())]


def _inline(step: Mapping[str, Value]) -> str:
    pairs = ", ".join(f"{_written_key(key)} = {_written(value)}" for key, value in step.items())
    return f"{{ {pairs} }}"


def _changed_inline(written: str, changes: Mapping[str, Value | None]) -> str:
    document = tomlkit.parse(f"x = {written}")
    _change(document["x"], changes)
    inside = tomlkit.dumps(document).removeprefix("x = ").removeprefix("{").removesuffix("}").strip()
    return f"{{ {inside} }}"


def _change(table: Any, changes: Mapping[str, Value | None]) -> None:
    for key, value in changes.items():
        if value is not None:
            table[key] = value
    for key, value in changes.items():  # behind the others, which go where the last key was
        if value is None and key in table:
            del table[key]
