from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.texts import EXERCISES, HEAD, PATH, SHIPPED, analysed, errors, library
from timer_app.analysis import OutlineEntry, analyse
from timer_app.core.diagnostics import FileFault, parse_toml

SIGNS = "\"'[]{}=,.#\n\t \\“:-\N{BYTE ORDER MARK}\ud800\x00a9"
TWO_ROUNDS = f"""{HEAD}
[[steps]]
say = "Welcome."

[[steps]]
name = "Circuit"
rounds = 2
rest = "15s"
steps = [
  {{ exercise = "wall-squat" }},
  {{ name = "March", hold = "30s" }},  # on the spot
]
[[steps]]
rest = "20s"
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_it_finds_what_check_finds_and_the_timeline(path: Path) -> None:
    analysis = analyse(SHIPPED[path], path=path, library=library())
    assert not analysis.problems
    assert analysis.timeline is not None
    assert analysis.session == library().load(library().find(path.stem))[0]


def test_a_fault_has_its_line_and_there_is_no_timeline() -> None:
    analysis = analysed(f'{HEAD}[[steps]]\nexercise = "wall-sqat"\n')
    assert [(one.line, one.column, one.suggestion) for one in analysis.problems] == [(4, 12, "wall-squat")]
    assert analysis.session is None
    assert analysis.timeline is None
    assert errors(analysis) == [*analysis.problems]


def test_warnings_keep_nothing_from_being_played() -> None:
    analysis = analysed(f'{HEAD}[[steps]]\nname = "Plank"\nhold = "20s"\nsides = "both"\n')
    assert [(one.line, one.severity) for one in analysis.problems] == [(6, "warning")]
    assert analysis.timeline is not None


def test_a_text_that_is_not_saved_yet_is_checked_as_one_of_the_users() -> None:
    analysis = analyse("steps = [", path=None, library=library())
    assert [one.file for one in analysis.problems] == ["untitled.toml"]


def test_the_outline_says_when_each_step_is_done_and_how_long() -> None:
    analysis = analysed(TWO_ROUNDS)
    said, block, rest = analysis.outline
    squat, march = block.children
    assert [entry.kind for entry in (said, block, squat, march, rest)] == ["say", "steps", "exercise", "hold", "rest"]
    assert (block.name, squat.name, march.name) == ("Circuit", "Wall squat", "March")
    assert (block.line, block.end_line, squat.line, march.end_line, rest.line) == (6, 13, 11, 12, 14)
    assert said.start_ms is not None
    assert squat.start_ms == block.start_ms
    assert squat.duration_ms is not None
    assert block.duration_ms is not None
    assert march.duration_ms is not None
    # Two rounds and the rest between them.
    assert block.duration_ms > 2 * march.duration_ms + squat.duration_ms + 15_000
    assert analysis.timeline is not None
    assert rest.start_ms == (block.start_ms or 0) + block.duration_ms


def test_the_outline_of_a_broken_text_has_no_times() -> None:
    analysis = analysed(TWO_ROUNDS.replace('rest = "20s"', 'rest = "20s'))
    assert [entry.name for entry in analysis.outline] == ["Welcome.", "Circuit", "20s"]
    assert [entry.name for entry in analysis.outline[1].children] == ["Wall squat", "March"]
    assert {entry.start_ms for entry in analysis.outline} == {None}


def test_a_line_knows_the_phases_of_its_step_and_a_block_its_own_rests_too() -> None:
    analysis = analysed(TWO_ROUNDS)
    assert analysis.timeline is not None
    phases = analysis.timeline.phases
    march = analysis.phases_at(12)
    assert {phases[index].label for index in march if phases[index].kind == "work"} == {"March"}
    steps = {*march, *analysis.phases_at(11)}
    assert {phases[index].step for index in steps} == {1, 2}
    block = {*analysis.phases_at(6)}
    assert steps < block
    assert [(phases[index].kind, phases[index].step) for index in block - steps] == [("rest", None)]
    known = {index for line in range(len(analysis.lines)) for index in analysis.phases_at(line)}
    assert known == {*range(1, len(phases) - 1)}, "the opening and the end belong to no step"


def test_a_line_knows_its_step_and_exercise() -> None:
    analysis = analysed(TWO_ROUNDS)
    names = [entry.name if (entry := analysis.step_at(line)) else "" for line in range(len(analysis.lines))]
    assert names[:3] == ["", "", ""]
    assert names[3:6] == ["Welcome."] * 3
    assert names[6:11] == ["Circuit"] * 5
    assert names[11:14] == ["Wall squat", "March", "Circuit"]
    assert analysis.exercise_at(11) == "wall-squat"
    assert analysis.exercise_at(12) is None


def test_an_exercise_file_has_its_exercises() -> None:
    path, text = next((path, text) for path, text in EXERCISES.items() if path.stem == "wall")
    analysis = analyse(text, path=path, library=library())
    assert [entry.path[-1] for entry in analysis.outline] == ["wall-squat", "wall-shoulder-stretch"]
    line = analysis.lines.index('squat = { from = "lean", pelvis = [26, 24], arm = { angles = [-80, -50] } }')
    assert analysis.exercise_at(line) == "wall-squat"


def test_a_session_that_is_put_in_is_one_step_of_the_outline() -> None:
    analysis = analysed(f'{HEAD}[[steps]]\nsession = "desk-break"\n[[steps]]\nrest = "5s"\n')
    assert analysis.timeline is not None
    assert [(entry.name, entry.line) for entry in analysis.outline] == [("desk-break", 2), ("Rest", 4)]
    kinds = [(phase.kind, phase.step is None) for phase in analysis.timeline.phases]
    first = kinds.index(("say", False))
    assert kinds[-2:] == [("rest", False), ("say", True)]
    assert analysis.phases_at(2) == (*range(first, len(kinds) - 2),)
    assert (analysis.outline[0].duration_ms or 0) > 120_000


def _times(entries: tuple[OutlineEntry, ...]) -> list[tuple[int | None, int | None]]:
    return [one for entry in entries for one in ((entry.start_ms, entry.duration_ms), *_times(entry.children))]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A shipped text with some stretches left out, doubled, or replaced by signs that mean something."""
    text = draw(st.sampled_from([*SHIPPED.values(), *EXERCISES.values(), TWO_ROUNDS]))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(start + draw(st.sampled_from([0, 1, 1, 4, 40])), len(text))
        new = draw(st.one_of(st.text(SIGNS, max_size=4), st.just(text[start:end] * 2)))
        text = text[:start] + new + text[end:]
    return text


@settings(max_examples=40)
@given(mutations())
def test_no_text_is_too_broken_to_be_analysed(text: str) -> None:
    analysis = analyse(text, path=PATH, library=library())
    try:
        parse_toml(text, "")
    except FileFault:
        assert errors(analysis)
    assert (analysis.timeline is None) or not errors(analysis)
    for entry in analysis.outline:
        assert 0 <= entry.line <= entry.end_line < len(analysis.lines)
    for line in range(0, len(analysis.lines), 7):
        assert {*analysis.phases_at(line)} <= {*range(len(analysis.timeline.phases) if analysis.timeline else 0)}
        analysis.exercise_at(line)
    if analysis.timeline is not None:
        total_ms = analysis.timeline.total_ms
        assert all(0 <= (start or 0) + (length or 0) <= total_ms for start, length in _times(analysis.outline))


def test_line_ends_and_a_mark_at_the_start_change_nothing() -> None:
    changed = "\N{BYTE ORDER MARK}" + TWO_ROUNDS.replace("\n", "\r\n")
    assert analysed(changed).outline == analysed(TWO_ROUNDS).outline


def test_a_text_of_megabytes_is_refused_at_once() -> None:
    analysis = analysed("#" * 2_000_000)
    assert [re.sub(r"\d.*KB", "", one.message) for one in analysis.problems] == ["is larger than "]
