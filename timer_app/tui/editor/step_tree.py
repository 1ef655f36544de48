"""The steps of a session as a tree, blocks with theirs inside, and what operations make of it.

A path leads to a step: its place among the steps of the session, then that among the steps of the block, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

Path = tuple[int, ...]
Step = dict[str, Any]
Steps = list[Step]
_KEY = "steps"


def is_block(step: Mapping[str, Any]) -> bool:
    """Whether a step has steps."""
    inner = step.get(_KEY)
    return isinstance(inner, list) and all(isinstance(one, dict) for one in inner)


def paths_of(steps: Sequence[Mapping[str, Any]], above: Path = ()) -> Iterator[Path]:
    """The paths to all steps in the order of the text, a block before its steps."""
    for index, step in enumerate(steps):
        yield (*above, index)
        if is_block(step):
            yield from paths_of(step[_KEY], (*above, index))


def is_deeper_than(steps: Sequence[Mapping[str, Any]], most: int) -> bool:
    """Whether more blocks than that are in one another."""
    waiting = [(step, 0) for step in steps]
    while waiting:
        step, depth = waiting.pop()
        if depth > most:
            return True
        waiting += [(one, depth + 1) for one in (step[_KEY] if is_block(step) else ())]
    return False


def list_at(steps: Steps, path: Path) -> Steps:
    """The list in which the step of a path is, or would be.

    Raises:
        LookupError: There is none.
    """
    for index in path[:-1]:
        step = steps[index]
        if not is_block(step):
            raise LookupError(path)
        steps = step[_KEY]
    return steps


def step_at(steps: Steps, path: Path) -> Step:
    """The step of a path.

    Raises:
        LookupError: There is none.
    """
    return list_at(steps, path)[path[-1]]


def nearest_path(steps: Steps, path: Path) -> Path:
    """The path itself where there is such a step, or else that of the one before, or of the block around it."""
    while path:
        try:
            around = list_at(steps, path)
        except LookupError:
            path = path[:-1]
            continue
        if around:
            return (*path[:-1], min(path[-1], len(around) - 1))
        path = path[:-1]
    return (0,)


def place_to_add(steps: Steps, path: Path) -> Path:
    """Where a new step goes while one is marked: behind it, or as the last one into a block."""
    if not steps:
        return (0,)
    step = step_at(steps, path)
    return (*path, len(step[_KEY])) if is_block(step) else (*path[:-1], path[-1] + 1)


def shifted_path(steps: Steps, path: Path, by: int) -> Path | None:
    """Where a step goes that is moved up or down by one; `None` at both ends.

    It goes into blocks, and out of the one around it; but a block goes past others.

    Args:
        steps: The steps.
        path: Which step; the result counts as if it was taken out.
        by: -1 for up, 1 for down.
    """
    *_above, index = path
    around = list_at(steps, path)
    next_to = index + by
    if 0 <= next_to < len(around):
        neighbour = around[next_to]
        if not is_block(neighbour) or is_block(around[index]):
            return (*path[:-1], next_to)
        return (*path[:-1], index, 0) if by > 0 else (*path[:-1], next_to, len(neighbour[_KEY]))
    if len(path) == 1:
        return None
    return (*path[:-2], path[-2] + (by > 0))


def dropped_path(steps: Steps, path: Path, onto: Path) -> Path | None:
    """Where a step goes that is dropped on another one: to its row, so into a block if it comes from above.

    Args:
        steps: The steps.
        path: Which step; the result counts as if it was taken out.
        onto: The other one.

    Returns:
        The place; `None` in the step itself.
    """
    level = len(path) - 1
    if onto[: level + 1] == path:
        return None
    is_below = onto > path
    target = step_at(steps, onto)
    if len(onto) > level and onto[:level] == path[:level] and onto[level] > path[level]:
        onto = (*onto[:level], onto[level] - 1, *onto[level + 1 :])
    if not is_below:
        return onto
    if is_block(target) and not is_block(step_at(steps, path)):
        return (*onto, 0)
    return (*onto[:-1], onto[-1] + 1)


# What operations make of the steps; each gives other ones.


def with_changes(steps: Steps, path: Path, changes: Mapping[str, Any]) -> Steps:
    """A step has other values, and not the keys whose value is `None`."""
    steps = deepcopy(steps)
    step = step_at(steps, path)
    for key, value in changes.items():
        if value is None:
            step.pop(key, None)
        else:
            step[key] = value
    return steps


def with_step(steps: Steps, path: Path, step: Mapping[str, Any]) -> Steps:
    """There is one more step."""
    steps = deepcopy(steps)
    list_at(steps, path).insert(path[-1], dict(deepcopy(step)))
    return steps


def without_step(steps: Steps, path: Path) -> Steps:
    """There is one step less."""
    steps = deepcopy(steps)
    del list_at(steps, path)[path[-1]]
    return steps


def with_moved(steps: Steps, path: Path, to: Path) -> Steps:
    """A step is in another place, which counts as if it was taken out."""
    return with_step(without_step(steps, path), to, step_at(steps, path))


def in_rounds(steps: Steps, path: Path, rounds: int) -> Steps:
    """A step is in a block of its own."""
    steps = deepcopy(steps)
    around = list_at(steps, path)
    around[path[-1]] = {"rounds": rounds, _KEY: [around[path[-1]]]}
    return steps


def without_block(steps: Steps, path: Path) -> Steps:
    """The steps of a block are in its place."""
    steps = deepcopy(steps)
    around = list_at(steps, path)
    around[path[-1] : path[-1] + 1] = around[path[-1]][_KEY]
    return steps
