"""The steps of a session as a tree, blocks with theirs inside, and what operations make of it.

A path leads to a step: its place among the steps of the session, then that among the steps of the block, and so on. The
parts of a flow or a tempo are in it as the steps are in a block, but stay there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from timer_app.core.diagnostics import KeyPath

Path = tuple[int, ...]
Step = dict[str, Any]
Steps = list[Step]
_KEY = "steps"
PART_KEYS: Final = ("flow", "tempo")
"""The keys whose values may be lists of parts."""


def is_block(step: Mapping[str, Any]) -> bool:
    """Whether a step has steps."""
    return _is_list_of_tables(step.get(_KEY))


def inner_key(step: Mapping[str, Any]) -> str:
    """The key of what is in a step: its steps, or its parts; empty where nothing is."""
    return next((key for key in (_KEY, *PART_KEYS) if _is_list_of_tables(step.get(key))), "")


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def paths_of(steps: Sequence[Mapping[str, Any]], above: Path = ()) -> Iterator[Path]:
    """The paths to all steps and parts in the order of the text, those inside behind what they are in."""
    for index, step in enumerate(steps):
        yield (*above, index)
        key = inner_key(step)
        if key == _KEY:
            yield from paths_of(step[_KEY], (*above, index))
        elif key:
            yield from ((*above, index, part) for part in range(len(step[key])))


def keys_of(steps: Steps, path: Path) -> KeyPath:
    """Where a step or a part stands in the data, such as `steps`, 1, `flow`, 0."""
    keys: list[str | int] = []
    for level in range(1, len(path) + 1):
        keys += [_key_at(steps, path[:level]), path[level - 1]]
    return tuple(keys)


def is_part(steps: Steps, path: Path) -> bool:
    """Whether a path leads to a part of a step, not to a step."""
    return _key_at(steps, path) != _KEY


def _key_at(steps: Steps, path: Path) -> str:
    """The key of the list in which a path ends."""
    return inner_key(step_at(steps, path[:-1])) if len(path) > 1 else _KEY


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
        key = inner_key(step)
        if not key:
            raise LookupError(path)
        steps = step[key]
    return steps


def step_at(steps: Steps, path: Path) -> Step:
    """The step or the part of a path.

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
    """Where a new step or part goes while one is marked: behind it, or as the last one into a block."""
    if not steps:
        return (0,)
    step = step_at(steps, path)
    return (*path, len(step[_KEY])) if is_block(step) else (*path[:-1], path[-1] + 1)


def shifted_path(steps: Steps, path: Path, by: int) -> Path | None:
    """Where a step goes that is moved up or down by one; `None` at both ends.

    It goes into blocks, and out of the one around it; but a block goes past others, and a part stays in its step.

    Args:
        steps: The steps.
        path: Which step; the result counts as if it was taken out.
        by: -1 for up, 1 for down.
    """
    *_above, index = path
    around = list_at(steps, path)
    next_to = index + by
    if is_part(steps, path):
        return (*path[:-1], next_to) if 0 <= next_to < len(around) else None
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
        The place; `None` in the step itself, and for a part outside of its own.
    """
    if is_part(steps, path):
        return onto if onto[:-1] == path[:-1] else None
    if is_part(steps, onto):
        onto = onto[:-1]
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


def aligned(parts: Steps, others: Steps) -> list[int | None]:
    """Which of some parts each of the others was: one of its name, or where there are as many, the one in its place."""
    found: list[int | None] = []
    for other in others:
        alike = [i for i, part in enumerate(parts) if _name(part) == _name(other) and i not in found]
        found.append(alike[0] if alike else None)
    if len(parts) == len(others):
        return [i if was is None and i not in found else was for i, was in enumerate(found)]
    return found


def _name(part: Mapping[str, Any]) -> str:
    """The name of a part, whether it has capital letters or not."""
    return str(part.get("name", "")).casefold()


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
