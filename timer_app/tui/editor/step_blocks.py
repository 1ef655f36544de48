"""What is in a step as a list of its own, and steps that go over the edge of a block with nothing else touched."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import NamedTuple

from timer_app.tui.editor.step_lists import HeadedSteps, Rows, items_of, steps_of
from timer_app.tui.editor.step_pieces import KEY, OperationError, nested, unnested
from timer_app.tui.editor.step_tree import inner_key
from timer_app.tui.editor.toml_text import (
    comments_of,
    document,
    ended_lines_of,
    key_of,
    lines_of,
    pair_of,
    pairs_of,
    spliced,
    tables_of,
    text_of,
    value_of,
    without_comments,
)


def inside(text: str, index: int) -> tuple[str, Callable[[str], str]]:
    """The steps of a block, or the parts of a step, as a text of their own, and what puts another in its place.

    Args:
        text: The text.
        index: Which of its steps that is.

    Raises:
        OperationError: They are written in a way that no operation can change.
    """
    steps, key = steps_of(text), _key_inside(text, index)
    if isinstance(steps, HeadedSteps):
        lines, (_first, head, end) = ended_lines_of(text), steps.rows[index]
        before, after = "".join(lines[: head + 1]), "".join(lines[end:])
        body = _without_empty_list(_renamed(unnested("".join(lines[head + 1 : end])), key, KEY))
        return body, lambda other: before + nested(_renamed(_with_empty_list(other), KEY, key)) + after
    whole = steps.text
    pair = pair_of(items_of(whole)[index], key)
    if pair is None:
        raise OperationError(KEY)
    array = value_of(pair)
    begin = f"{KEY} = "

    def put_back(other: str) -> str:
        return spliced(whole, array.start_byte, array.end_byte, other.removeprefix(begin).removesuffix("\n"))

    return begin + text_of(array), put_back


def first_line_inside(text: str, index: int) -> int:
    """The line of a text with which begins what `inside` makes of it."""
    steps = steps_of(text)
    if isinstance(steps, HeadedSteps):
        return steps.rows[index].head + 1
    pair = pair_of(items_of(text)[index], _key_inside(text, index))
    if pair is None:
        raise OperationError(KEY)
    return int(value_of(pair).start_point.row)


def _key_inside(text: str, index: int) -> str:
    """The key of what is in a step; that of steps where nothing is."""
    return inner_key(tomllib.loads(text)[KEY][index]) or KEY


def _renamed(body: str, key: str, other: str) -> str:
    """The keys of a step where that of its list is another one, so that parts are changed as steps are.

    Raises:
        OperationError: There is such a key already, or that of the list is written in another way, such as in quotes.
    """
    if key == other:
        return body
    root = document(body)
    keys = [without_comments(node)[0] for node in (*pairs_of(root), *tables_of(root))]
    for node in reversed(keys):
        name = node
        while name.type == "dotted_key":
            name = without_comments(name)[0]
        if text_of(name) == key:
            body = spliced(body, name.start_byte, name.end_byte, other)
        elif text_of(name).strip("\"'") in {key, other}:
            raise OperationError(key)
    return body


def _without_empty_list(body: str) -> str:
    """The keys of a block without `steps = []`, if that has a row for itself: then its steps can have headers."""
    pair = pair_of(document(body), KEY)
    lines = lines_of(body)
    if pair is not None and lines[pair.start_point.row].strip() == f"{KEY} = []":
        del lines[pair.start_point.row]
    return "".join(lines)


def _with_empty_list(body: str) -> str:
    """The keys of a block with `steps = []`, if it has no steps."""
    root = document(body)
    heads = [key_of(table) for table in tables_of(root)]
    pairs = pairs_of(root)
    if any(key_of(pair)[0] == KEY for pair in pairs) or any(head[0] == KEY for head in heads):
        return body
    lines, row = ended_lines_of(body), pairs[-1].end_point.row + 1 if pairs else 0
    return "".join([*lines[:row], f"{KEY} = []\n", *lines[row:]])


def enter_block(text: str, index: int, by: int) -> str | None:
    """Let a step with a header become the first or the last one of the block behind or before it.

    Nothing but headers changes, and what has to change places.

    Args:
        text: The text.
        index: Which step.
        by: 1 for the first of the block behind it, -1 for the last of the one before it.

    Returns:
        The other text; `None` where not all of them have headers.
    """
    text = _open_block(text, index + by)
    block = _headed_block(text, index + by)
    if block is None:
        return None
    lines, (first, _head, end) = ended_lines_of(text), block.around.rows[index]
    step = nested("".join(lines[first:end]))
    if by < 0:
        return "".join([*lines[:first], step, *lines[end:]])
    start = block.rows.first
    own, gap = lines[start : block.own_end], lines[end:start]
    return "".join([*lines[:first], *own, *gap, step, *lines[block.own_end :]])


def leave_block(text: str, index: int, by: int) -> str | None:
    """Let the first or the last step of a block, which has a header, be the one before or behind the block.

    Args:
        text: The text.
        index: Which step the block is.
        by: 1 for the last of its steps, -1 for the first.

    Returns:
        The other text; `None` where not all of them have headers.
    """
    block = _headed_block(text, index)
    if block is None or not block.inner.count:
        return None
    lines, offset = ended_lines_of(text), block.rows.head + 1
    first, _head, end = block.inner.rows[-1 if by > 0 else 0]
    step = unnested("".join(lines[offset + first : offset + end]))
    start = block.rows.first
    if by > 0:
        after = "".join([*lines[: offset + first], step, *lines[offset + end :]])
    else:
        own, gap = lines[start : block.own_end], lines[block.own_end : offset + first]
        after = "".join([*lines[:start], step, *gap, *own, *lines[offset + end :]])
    body, put_back = inside(after, index if by > 0 else index + 1)
    return put_back(body)


def without_block(text: str, index: int) -> str | None:
    """Let the steps of a block, which have headers, take its place; its comments stay.

    Returns:
        The other text; `None` where not all of them have headers.
    """
    block = _headed_block(text, index)
    if block is None or not block.inner.count:
        return None
    lines, offset = ended_lines_of(text), block.rows.head + 1
    first = offset + block.inner.rows[0].first
    own = "".join(lines[block.rows.first : first])
    comments = [f"{comment}\n" for comment in comments_of(document(own))]
    kept = [*comments, "\n"] if comments else []
    steps = unnested("".join(lines[first : block.rows.end]))
    return "".join([*lines[: block.rows.first], *kept, steps, *lines[block.rows.end :]])


class _HeadedBlock(NamedTuple):
    """A block in a list whose steps have headers, and so have its own.

    Attributes:
        around: The list.
        rows: The rows of the block.
        own_end: Where its own keys end.
        inner: Its steps; their rows count from the one behind its header.
    """

    around: HeadedSteps
    rows: Rows
    own_end: int
    inner: HeadedSteps


def _headed_block(text: str, index: int) -> _HeadedBlock | None:
    around = steps_of(text)
    if not isinstance(around, HeadedSteps):
        return None
    lines, rows = ended_lines_of(text), around.rows[index]
    inner = steps_of(unnested("".join(lines[rows.head + 1 : rows.end])))
    if not isinstance(inner, HeadedSteps):
        return None
    own_end = rows.head + 1 + inner.rows[0].first if inner.count else rows.end
    while not lines[own_end - 1].strip():
        own_end -= 1
    return _HeadedBlock(around, rows, own_end, inner)


def _open_block(text: str, index: int) -> str:
    """Take `steps = []` out of a block with a header, so that its steps can have headers."""
    steps = steps_of(text)
    if not isinstance(steps, HeadedSteps):
        return text
    lines, (_first, head, end) = ended_lines_of(text), steps.rows[index]
    body = _without_empty_list(unnested("".join(lines[head + 1 : end])))
    return "".join([*lines[: head + 1], nested(body), *lines[end:]])
