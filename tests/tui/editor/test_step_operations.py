from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timer_app.tui.editor.step_operations import (
    OperationError,
    add_step,
    delete_step,
    duplicate_step,
    line_of_step,
    move_step,
    read_head,
    read_steps,
    set_head,
    set_step,
)

_COMMENT = re.compile(r"#c\d+")
WORDS = st.sampled_from(["Bücke dich", "a # b", "x", 'say "hi"', "{side}", "ゆっくり"])
VALUES = st.one_of(WORDS, st.integers(0, 90), st.booleans())
STEP = st.dictionaries(st.sampled_from(["say", "name", "hold", "sets", "exercise"]), VALUES, min_size=1, max_size=4)


class Numbers:
    """Comments that are all different."""

    def __init__(self) -> None:
        self.count = 0

    def comment(self, wanted: bool) -> str:
        self.count += wanted
        return f"#c{self.count}" if wanted else ""


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def session_texts(draw: st.DrawFn) -> str:
    """Texts of sessions with comments in every place, steps with headers or in braces, and tables between."""
    numbers = Numbers()
    steps = draw(st.lists(STEP, max_size=4))
    head = [numbers.comment(draw(st.booleans())), "schema = 1 " + numbers.comment(draw(st.booleans())), 'name = "N"']
    if draw(st.booleans()):
        lines = headers(draw, numbers, steps)
    elif draw(st.booleans()):
        lines = braces_in_rows(draw, numbers, steps)
    else:
        lines = ["steps = [" + ", ".join(map(braces, steps)) + "] " + numbers.comment(draw(st.booleans()))]
        head, lines = [*head, *lines], ["[sound]", 'theme = "calm"'] if draw(st.booleans()) else []
    text = "\n".join([*head, *lines]) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


def braces(step: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {written(value)}" for key, value in step.items()) + " }"


def braces_in_rows(draw: st.DrawFn, numbers: Numbers, steps: list[dict[str, Any]]) -> list[str]:
    lines = ["steps = [ " + numbers.comment(draw(st.booleans()))]
    for index, step in enumerate(steps):
        lines += [f"  {numbers.comment(True)}"] if draw(st.booleans()) else []
        lines += [""] if draw(st.booleans()) else []
        is_last = index == len(steps) - 1
        comma = "" if is_last and draw(st.booleans()) else ","
        lines.append(f"  {braces(step)}{comma} {numbers.comment(draw(st.booleans()))}")
    return [*lines, "]"]


def headers(draw: st.DrawFn, numbers: Numbers, steps: list[dict[str, Any]]) -> list[str]:
    lines = []
    for step in steps:
        lines += [""] if draw(st.booleans()) else []
        if draw(st.booleans()):
            lines += [f"{numbers.comment(True)}", ""]
        lines += [numbers.comment(True)] if draw(st.booleans()) else []
        lines.append("[[steps]] " + numbers.comment(draw(st.booleans())))
        for key, value in step.items():
            lines.append(f"{key} = {written(value)} {numbers.comment(draw(st.booleans()))}")
            lines += [numbers.comment(True)] if draw(st.booleans()) else []
        lines += ["[[steps.cues]]", 'at = "1/2"', f'say = "h" {numbers.comment(True)}'] if draw(st.booleans()) else []
    if draw(st.booleans()):
        lines += ["", numbers.comment(True), "[sound]", 'theme = "calm"']
    return lines


def data_of(text: str) -> dict[str, Any]:
    return tomllib.loads(text.replace("\r\n", "\n"))


def comments_of(text: str) -> list[str]:
    return sorted(_COMMENT.findall(text))


def assert_only_steps_differ(before: str, after: str, steps: list[Any]) -> None:
    assert read_steps(after) == steps
    assert read_head(after) == read_head(before)
    if "\r\n" in before:
        assert "\n" not in after.replace("\r\n", "")


@given(session_texts(), st.data())
def test_a_step_is_moved_with_its_keys_and_every_comment(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    if not steps:
        return
    index, to = (data.draw(st.integers(0, len(steps) - 1)) for _ in range(2))
    after = move_step(text, index, to)
    steps.insert(to, steps.pop(index))
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)


@given(session_texts(), st.data())
def test_a_step_is_added_without_a_change_elsewhere(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    index = data.draw(st.integers(0, len(steps)))
    after = add_step(text, index, {"exercise": "wall-squat", "sets": 2})
    steps.insert(index, {"exercise": "wall-squat", "sets": 2})
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)


@given(session_texts(), st.data())
def test_a_step_is_changed_and_no_other(text: str, data: st.DataObject) -> None:
    steps = read_steps(text)
    if not steps:
        return
    index = data.draw(st.integers(0, len(steps) - 1))
    after = set_step(text, index, {"hold": "25s", "sides": "each"})
    steps[index] |= {"hold": "25s", "sides": "each"}
    assert_only_steps_differ(text, after, steps)
    assert comments_of(after) == comments_of(text)
    taken_away = set_step(after, index, {"sides": None})
    del steps[index]["sides"]
    assert_only_steps_differ(text, taken_away, steps)
    assert comments_of(taken_away) == comments_of(text)


@given(session_texts(), st.data())
def test_a_step_that_is_copied_and_deleted_again_leaves_the_text_with_its_comments(
    text: str, data: st.DataObject
) -> None:
    steps = read_steps(text)
    if not steps:
        return
    index = data.draw(st.integers(0, len(steps) - 1))
    twice = duplicate_step(text, index)
    assert_only_steps_differ(text, twice, [*steps[: index + 1], steps[index], *steps[index + 1 :]])
    assert_only_steps_differ(text, delete_step(twice, index + 1), steps)
    assert set(comments_of(delete_step(twice, index + 1))) == set(comments_of(text))
    assert_only_steps_differ(text, delete_step(text, index), steps[:index] + steps[index + 1 :])


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
    assert move_step(text, 1, 0).splitlines() == [
        *("# Warm up", "", "# the second", "[[steps]]", 'say = "b"', "", "# Cool down", ""),
        *("# the first", "[[steps]]", 'say = "a"'),
    ]
    assert [line_of_step(text, index) for index in range(2)] == [3, 9]


@pytest.mark.parametrize("text", ["steps = [", "steps = 3", 'steps = ["a"]', "x = 1\nx = 2"])
def test_a_text_that_has_no_steps_to_change_is_refused(text: str) -> None:
    with pytest.raises(OperationError):
        add_step(text, 0, {"exercise": "wall-squat"})
