"""Changes the steps in the text of a session: adds, moves, copies, changes and deletes them, with all else as it was.

So are the parts of a step, which have paths as the steps of a block do.

Each operation takes a text and gives another one. What it does not change stays as it is, to the character: comments,
blank lines, and how values are written. A comment right above a step belongs to it, and goes where it goes.

What the text says afterwards is compared with what the operation makes of the steps as plain lists. Where something
else comes of it, as the text is written in a way that nobody thought of, the operation fails.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from tomlkit.exceptions import TOMLKitError

from timer_app.tui.editor import step_blocks, step_tree
from timer_app.tui.editor.step_lists import StepList, steps_of
from timer_app.tui.editor.step_pieces import KEY, BracedStep, OperationError, Piece, new_piece, with_comments
from timer_app.tui.editor.step_tree import Path, Step, Steps
from timer_app.tui.editor.toml_text import (
    comments_of,
    document,
    ended_lines_of,
    lines_of,
    pair_of,
    pairs_of,
    rows_of_opening_comment,
    spliced,
    value_of,
    written,
    written_key,
)

__all__ = [
    "OperationError",
    "Value",
    "add_step",
    "delete_step",
    "duplicate_step",
    "line_of_step",
    "move_step",
    "put_in_rounds",
    "read_head",
    "read_steps",
    "set_head",
    "set_step",
    "take_apart",
]

Value = str | int | float | bool | list[Any] | dict[str, Any]
ROUNDS = 2
"""How many rounds a new block has."""
_DEEPEST = 20  # blocks in one another, far more than a session may have
_Rest = ParamSpec("_Rest")


def read_steps(text: str) -> Steps:
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


def _parts_of(text: str) -> tuple[dict[str, Any], Steps]:
    try:
        head = tomllib.loads(text.replace("\r\n", "\n"))
    except (RecursionError, ValueError) as error:
        raise OperationError(str(error)) from None
    steps = head.pop(KEY, [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        raise OperationError(KEY)
    if step_tree.is_deeper_than(steps, _DEEPEST):
        raise OperationError(KEY)
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
        except (TOMLKitError, LookupError) as error:
            raise OperationError(str(error)) from None
        read_steps(after)
        return after.replace("\n", "\r\n") if "\r\n" in text else after

    return changed


@_keeping_line_ends
def set_head(text: str, key: str, value: Value | None) -> str:
    """Give a key at the top of a session a value; `None` takes it away."""
    root = document(text)
    pairs, found = pairs_of(root), pair_of(root, key)
    if found is not None and value is not None:
        old = value_of(found)
        return spliced(text, old.start_byte, old.end_byte, written(value))
    if found is not None:
        lines = lines_of(text)
        rest = text.encode()[value_of(found).end_byte :].decode().partition("\n")[0].strip()
        lines[found.start_point.row : found.end_point.row + 1] = [f"{rest}\n"] if rest else []
        return "".join(lines)
    if value is None:
        return text
    row = pairs[-1].end_point.row + 1 if pairs else rows_of_opening_comment(text)
    lines = ended_lines_of(text)
    return "".join([*lines[:row], f"{written_key(key)} = {written(value)}\n", *lines[row:]])


@_keeping_line_ends
def set_step(text: str, path: Path, changes: Mapping[str, Value | None]) -> str:
    """Give keys of a step other values, and take away those whose value is `None`.

    Parts are changed one by one, so that each keeps its comments and the way in which it is written.
    """
    step = step_tree.step_at(read_steps(text), path)
    for key in step_tree.PART_KEYS:
        parts = changes.get(key)
        if step_tree.inner_key(step) == key == step_tree.inner_key({key: parts}) and isinstance(parts, list):
            with suppress(OperationError):
                text = _with_parts(text, path, key, parts)
                changes = {name: value for name, value in changes.items() if name != key}
    after = _in_list(text, path, lambda steps, index: steps.changed(index, changes))
    return _checked(text, after, step_tree.with_changes(read_steps(text), path, changes))


def _with_parts(text: str, path: Path, key: str, others: Steps) -> str:
    """Make the parts of a step other ones."""
    parts: Steps = step_tree.step_at(read_steps(text), path)[key]
    was = step_tree.aligned(parts, others)
    kept = [origin for origin in was if origin is not None]
    for gone in sorted({*range(len(parts))} - {*kept}, reverse=True):
        text = delete_step(text, (*path, gone))
    order = [sorted(kept).index(origin) for origin in kept]
    if order != sorted(order):
        expected = step_tree.with_changes(read_steps(text), path, {key: [parts[origin] for origin in kept]})
        text = _checked(text, _in_list(text, (*path, 0), lambda steps, _index: steps.in_order(order)), expected)
    for place, (origin, part) in enumerate(zip(was, others, strict=True)):
        if origin is None:
            text = add_step(text, (*path, place), part)
            continue
        before = parts[origin]
        changed = {name: part.get(name) for name in {**before, **part} if part.get(name) != before.get(name)}
        text = set_step(text, (*path, place), changed) if changed else text
    return text


@_keeping_line_ends
def add_step(text: str, path: Path, step: Mapping[str, Value]) -> str:
    """Put a new step before the one at `path`, or behind the last of its list."""
    return _checked(text, _put(text, path, new_piece(step)), step_tree.with_step(read_steps(text), path, step))


@_keeping_line_ends
def duplicate_step(text: str, path: Path) -> str:
    """Put a copy of a step behind it, comments included."""
    steps, behind = read_steps(text), (*path[:-1], path[-1] + 1)
    after = _in_list(text, path, lambda found, index: found.with_piece(index + 1, found.piece(index)))
    return _checked(text, after, step_tree.with_step(steps, behind, step_tree.step_at(steps, path)))


@_keeping_line_ends
def delete_step(text: str, path: Path) -> str:
    """Take a step away, and the comments that belong to it."""
    after = _in_list(text, path, lambda steps, index: steps.without(index))
    return _checked(text, after, step_tree.without_step(read_steps(text), path), keeps_comments=False)


@_keeping_line_ends
def move_step(text: str, path: Path, to: Path) -> str:
    """Put a step into another place.

    Args:
        text: The text.
        path: Which step.
        to: Where it is afterwards: a path that counts as if it was taken out.
    """
    if to == path:
        return text
    steps = read_steps(text)
    expected = step_tree.with_moved(steps, path, to)
    if path[:-1] != to[:-1] and (step_tree.is_part(steps, path) or step_tree.is_part(expected, to)):
        raise OperationError(KEY)
    for move in (_moved_within, _moved_over_edge, _carried):
        with suppress(OperationError, TOMLKitError):
            after = move(text, path, to)
            if after is not None:
                return _checked(text, after, expected)
    raise OperationError(KEY)


@_keeping_line_ends
def put_in_rounds(text: str, path: Path) -> str:
    """Put a step into a block of its own, which is done twice."""
    if step_tree.is_part(read_steps(text), path):
        raise OperationError(KEY)
    after = _in_list(text, path, lambda steps, index: steps.in_rounds(index, ROUNDS))
    return _checked(text, after, step_tree.in_rounds(read_steps(text), path, ROUNDS))


@_keeping_line_ends
def take_apart(text: str, path: Path) -> str:
    """Put the steps of a block in its place; what else it says is gone, but for its comments."""
    expected = step_tree.without_block(read_steps(text), path)
    for take in (step_blocks.without_block, _replaced_block):
        with suppress(OperationError, TOMLKitError):
            after = _at(text, path, take)
            if after is not None:
                return _checked(text, after, expected)
    raise OperationError(KEY)


def line_of_step(text: str, path: Path) -> int:
    """The line of a step, counted from 0; that of its header or its opening brace."""
    text = text.replace("\r\n", "\n")
    line = 0
    try:
        for index in path[:-1]:
            line += step_blocks.first_line_inside(text, index)
            text, _put_back = step_blocks.inside(text, index)
        return line + steps_of(text).line(path[-1])
    except (OperationError, LookupError):
        return line


def _checked(before: str, after: str, steps: list[Step], *, keeps_comments: bool = True) -> str:
    """A text, if it says what it is to say, with everything else as it was.

    Raises:
        OperationError: It does not.
    """
    head, found = _parts_of(after)
    lost = Counter(comments_of(document(before))) - Counter(comments_of(document(after))) if keeps_comments else None
    if found != steps or head != read_head(before) or lost:
        raise OperationError(KEY)
    return after


def _at(text: str, path: Path, operation: Callable[[str, int], str | None]) -> str | None:
    """Do something with the list that a step is in, as a text of its own."""
    index, *below = path
    if not below:
        return operation(text, index)
    inner, put_back = step_blocks.inside(text, index)
    after = _at(inner, tuple(below), operation)
    return None if after is None else put_back(after)


def _in_list(text: str, path: Path, operation: Callable[[StepList, int], str]) -> str:
    after = _at(text, path, lambda inner, index: operation(steps_of(inner), index))
    assert after is not None  # noqa: S101 - the operation gave a text
    return after


def _put(text: str, path: Path, piece: Piece) -> str:
    return _in_list(text, path, lambda steps, index: steps.with_piece(index, piece))


def _moved_within(text: str, path: Path, to: Path) -> str | None:
    """Move a step in its list."""
    if path[:-1] != to[:-1]:
        return None

    def reorder(steps: StepList, index: int) -> str:
        order = list(range(steps.count))
        order.insert(to[-1], order.pop(index))
        return steps.in_order(order)

    return _in_list(text, path, reorder)


def _moved_over_edge(text: str, path: Path, to: Path) -> str | None:
    """Let a step go into the block beside it or out of the one around it, so that nothing but headers changes."""
    if len(to) == len(path):
        return None
    by = 1 if to > path else -1
    if to != step_tree.shifted_path(read_steps(text), path, by):
        return None
    if len(to) > len(path):
        return _at(text, path, lambda inner, index: step_blocks.enter_block(inner, index, by))
    return _at(text, path[:-1], lambda inner, index: step_blocks.leave_block(inner, index, by))


def _carried(text: str, path: Path, to: Path) -> str:
    """Take a step out, and put it into another list, written as that one is."""
    pieces: list[Piece] = []

    def take(steps: StepList, index: int) -> str:
        pieces.append(steps.piece(index))
        return steps.without(index)

    return _put(_in_list(text, path, take), to, pieces[0])


def _replaced_block(text: str, index: int) -> str:
    """Put the steps of a block, however they are written, in its place."""
    around = steps_of(text)
    block = around.piece(index)
    inner, _put_back = step_blocks.inside(text, index)
    steps = steps_of(inner)
    pieces = [steps.piece(one) for one in range(steps.count)]
    if pieces:
        behind = block.behind if isinstance(block, BracedStep) else ""
        own = Counter(block.comments) - Counter(comment for piece in pieces for comment in piece.comments)
        above = [comment for comment in own.elements() if comment != behind.strip()]
        pieces[-1] = with_comments(pieces[-1], [], behind)
        pieces[0] = with_comments(pieces[0], above)
    for number, piece in enumerate(pieces, index + 1):
        text = steps_of(text).with_piece(number, piece)
    return steps_of(text).without(index)
