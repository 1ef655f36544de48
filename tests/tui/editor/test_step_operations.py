from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.tui.editor.step_texts import PART, WORDS, comments_of, session_texts
from timer_app.tui.editor.step_operations import (
    OperationError,
    add_step,
    delete_step,
    duplicate_step,
    line_of_step,
    move_step,
    put_in_rounds,
    read_head,
    read_steps,
    set_head,
    set_step,
    take_apart,
)
from timer_app.tui.editor.step_tree import (
    PART_KEYS,
    Path,
    aligned,
    dropped_path,
    inner_key,
    is_block,
    is_part,
    paths_of,
    shifted_path,
    step_at,
)

few = settings(max_examples=settings().max_examples * 3 // 4)  # each has to be written first
DEEP = "".join(f"[[{'.'.join(['steps'] * depth)}]]\n" for depth in range(1, 30))
FLOW: list[Any] = [{"name": "cat", "for": "4s"}, {"name": "cow", "for": 4}]


def data_of(text: str) -> dict[str, Any]:
    return tomllib.loads(text.replace("\r\n", "\n"))


def around(steps: list[dict[str, Any]], path: Path) -> list[dict[str, Any]]:
    for index in path[:-1]:
        steps = steps[index][inner_key(steps[index])]
    return steps


def some_path(data: st.DataObject, steps: list[dict[str, Any]], *, kind: str = "") -> Path:
    """The path to a step or a part, or to a `step`, to a `block`, or to a step with `parts`."""
    fits: dict[str, Callable[[Path], bool]] = {
        "step": lambda path: not is_part(steps, path),
        "block": lambda path: is_block(step_at(steps, path)),
        "parts": lambda path: inner_key(step_at(steps, path)) in PART_KEYS,
    }
    paths = [path for path in paths_of(steps) if not kind or fits[kind](path)]
    assume(paths)
    return data.draw(st.sampled_from(paths))


def assert_only_steps_differ(before: str, after: str, steps: list[Any]) -> None:
    assert read_steps(after) == steps
    assert read_head(after) == read_head(before)
    if "\r\n" in before:
        assert "\n" not in after.replace("\r\n", "")


@few
@given(session_texts(), st.data())
def test_a_step_is_moved_into_and_out_of_blocks_with_its_keys_and_every_comment(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    path = some_path(data, steps)
    by = data.draw(st.sampled_from([-1, 1, None]))
    to = dropped_path(steps, path, some_path(data, steps)) if by is None else shifted_path(steps, path, by)
    assume(to is not None)
    assert to is not None
    after = move_step(text, path, to)
    moved = around(steps, path).pop(path[-1])
    around(steps, to).insert(to[-1], moved)
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)


@few
@given(session_texts(is_tidy=True), st.data())
def test_a_step_that_is_moved_and_moved_back_leaves_the_text_as_it_was(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    path = some_path(data, steps)
    assume(not is_block(step_at(steps, path)) and (len(path) == 1 or len(around(steps, path)) > 1))
    by = data.draw(st.sampled_from([-1, 1]))
    to = shifted_path(steps, path, by)
    assume(to is not None)
    assert to is not None
    after = move_step(text, path, to)
    assert shifted_path(read_steps(after), to, -by) == path
    assert move_step(after, to, path) == text


@few
@given(session_texts(), st.data())
def test_a_step_is_put_into_rounds_and_they_are_taken_apart_again(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    path = some_path(data, steps, kind="step")
    after = put_in_rounds(text, path)
    expected = deepcopy(steps)
    around(expected, path)[path[-1]] = {"rounds": 2, "steps": [step_at(steps, path)]}
    assert_only_steps_differ(text, after, expected)
    assert_only_steps_differ(text, take_apart(after, path), steps)
    assert comments_of(after) == comments_of(take_apart(after, path)) == comments_of(text)


@few
@given(session_texts(), st.data())
def test_the_steps_of_a_block_take_its_place_and_every_comment_stays(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    path = some_path(data, steps, kind="block")
    after = take_apart(text, path)
    around(steps, path)[path[-1] : path[-1] + 1] = step_at(steps, path)["steps"]
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)


@few
@given(session_texts(), st.data())
def test_a_step_is_added_anywhere_without_a_change_elsewhere(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    places = [(), *(path for path in paths_of(steps) if inner_key(step_at(steps, path)))]
    above = data.draw(st.sampled_from(places))
    new_steps: list[dict[str, Any]] = [{"exercise": "wall-squat", "sets": 2}, {"name": "Cat", "flow": FLOW}]
    step = FLOW[0] if is_part(steps, (*above, 0)) else data.draw(st.sampled_from(new_steps))
    inside = around(steps, (*above, 0))
    path = (*above, data.draw(st.integers(0, len(inside))))
    after = add_step(text, path, step)
    inside.insert(path[-1], step)
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)


@few
@given(session_texts(), st.data())
def test_a_step_is_changed_and_no_other(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    path = some_path(data, steps)
    step = step_at(steps, path)
    changes: dict[str, Any] = {"hold": "25s", "sides": "each", **({} if "flow" in step else {"flow": FLOW})}
    after = set_step(text, path, changes)
    step |= changes
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)
    taken_away = set_step(after, path, {"sides": None})
    del step["sides"]
    assert_only_steps_differ(text, taken_away, steps)
    assert comments_of(taken_away) == comments_of(text)


@few
@given(session_texts(), st.data())
def test_parts_that_are_typed_anew_are_changed_one_by_one_and_keep_their_comments(
    text: str, data: st.DataObject
) -> None:
    steps = read_steps(text)
    path = some_path(data, steps, kind="parts")
    key = inner_key(step_at(steps, path))
    parts = step_at(steps, path)[key]
    others = data.draw(st.permutations([*parts, *data.draw(st.lists(PART, max_size=2))]))
    others = [data.draw(st.one_of(st.just(part), PART)) for part in others[data.draw(st.integers(0, 1)) :]]
    kept = {index for index in aligned(parts, others) if index is not None}
    after = set_step(text, path, {key: others})
    step_at(steps, path)[key] = others
    assert_only_steps_differ(text, after, steps)
    assert not Counter(comments_of(after)) - Counter(comments_of(text))
    if len(kept) == len(parts):
        assert comments_of(after) == comments_of(text)


@few
@given(session_texts(), st.data())
def test_a_step_that_is_copied_and_deleted_again_leaves_the_text_with_its_comments(
    text: str, data: st.DataObject
) -> None:
    steps = read_steps(text)
    path = some_path(data, steps)
    behind = (*path[:-1], path[-1] + 1)
    twice = duplicate_step(text, path)
    inside = around(steps, path)
    assert_only_steps_differ(text, delete_step(twice, behind), steps)
    assert not Counter(comments_of(text)) - Counter(comments_of(delete_step(twice, behind)))
    inside.insert(behind[-1], deepcopy(inside[path[-1]]))
    assert_only_steps_differ(text, twice, steps)
    del inside[path[-1] : path[-1] + 2]
    assert_only_steps_differ(text, delete_step(delete_step(twice, path), path), steps)


@few
@given(session_texts(), st.data())
def test_the_line_of_a_step_is_the_one_on_which_it_stands(text: str, data: st.DataObject) -> None:
    path = some_path(data, read_steps(text))
    marked = set_step(text, path, {"hold": "marked"}).replace("\r\n", "\n").split("\n")
    line = line_of_step("\n".join(marked), path)
    stands_there = marked[line].lstrip()
    assert stands_there.startswith(("[[steps", "{", "steps = [{")) or "[{" in stands_there
    assert any('hold = "marked"' in row for row in marked[line:])


@few
@given(session_texts(), st.sampled_from(["name", "summary"]), st.one_of(WORDS, st.none()))
def test_the_head_of_a_session_is_changed_and_nothing_else(text: str, key: str, value: str | None) -> None:
    after = set_head(text, key, value)
    expected = {**data_of(text), key: value}
    assert data_of(after) == {name: one for name, one in expected.items() if one is not None}
    assert comments_of(after) == comments_of(text)


def test_a_comment_above_a_step_goes_with_it_and_one_that_stands_apart_stays() -> None:
    text = "\n".join(
        [
            *("# Warm up", "", "# the first", "[[steps]]", 'say = "a"', "", "# Cool down", ""),
            *("# the second", "[[steps]]", 'say = "b"', ""),
        ]
    )
    assert move_step(text, (1,), (0,)).splitlines() == [
        *("# Warm up", "", "# the second", "[[steps]]", 'say = "b"', "", "# Cool down", ""),
        *("# the first", "[[steps]]", 'say = "a"'),
    ]
    assert [line_of_step(text, (index,)) for index in range(2)] == [3, 9]


def test_a_step_with_a_header_goes_into_a_list_in_brackets_and_back() -> None:
    text = "\n".join(
        [
            *("[[steps]]", "rounds = 3", "steps = [", '  { exercise = "wall-squat" },', "]", ""),
            *("# slowly", "[[steps]]", 'exercise = "cat-cow"  # on all fours', 'voice.language = "en"', ""),
        ]
    )
    inside = move_step(text, (1,), (0, 1))
    assert inside.splitlines()[3:] == [
        *('  { exercise = "wall-squat" },', "  # slowly", "  # on all fours"),
        *('  { exercise = "cat-cow", voice.language = "en" },', "]"),
    ]
    assert read_steps(move_step(inside, (0, 1), (1,))) == read_steps(text)


@pytest.mark.parametrize("text", ["steps = [", "steps = 3", 'steps = ["a"]', "x = 1\nx = 2", DEEP])
def test_a_text_that_has_no_steps_to_change_is_refused(text: str) -> None:
    with pytest.raises(OperationError):
        add_step(text, (0,), {"exercise": "wall-squat"})


def test_what_is_written_as_nobody_thought_of_is_refused() -> None:
    with pytest.raises(OperationError):
        take_apart('[[steps]]\nrounds = 2\n[["steps".steps]]\nsay = "a"\n', (0,))
