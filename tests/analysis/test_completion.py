from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.test_analysis import mutations
from tests.analysis.texts import HEAD, analysed, labels, offered, written
from timer_app.analysis import completions, hover
from timer_app.core.constraints import KEY_NAMES
from timer_app.core.fields.template import PLACEHOLDERS


def test_exercises_are_offered_with_their_dose_and_instruction() -> None:
    squat, *_ = [one for one in offered(f"{HEAD}[[steps]]\nexercise = |") if one.label == "wall-squat"]
    assert squat.insert_text == '"wall-squat"'
    assert squat.detail == "Wall squat · 30 s to 1:00"
    assert "Back flat on the wall" in squat.documentation


def test_exercises_are_offered_in_the_language_of_the_text() -> None:
    (squat,) = offered(f'{HEAD}language = "de"\n[[steps]]\nexercise = "wandsitz|"')
    assert (squat.label, squat.detail) == ("wall-squat", "Wandsitz · 30 s to 1:00")
    assert "Rücken flach an der Wand" in squat.documentation
    assert offered(f'{HEAD}language = "xx"\n[[steps]]\nexercise = "wall-squat|"')[0].detail.startswith("Wall squat")


@pytest.mark.parametrize(
    ("marked", "line"),
    [
        ('[[steps]]\nexercise = "wall-s|"', 'exercise = "wall-squat"'),
        ('[[steps]]\nexercise = "wall-s|', 'exercise = "wall-squat"'),
        ("[[steps]]\nexercise = wall-s|", 'exercise = "wall-squat"'),
        ('[[steps]]\nexercise = "wall|-nothing" # mine', 'exercise = "wall-squat" # mine'),
        ('steps = [\n  { exercise = "w|" },\n  { rest = "5s" },\n]', '  { exercise = "wall-squat" },'),
        ('steps = [\n  { exercise = "w|\n  { rest = "5s" },\n]', '  { exercise = "wall-squat"'),
        ('steps = [\n  |\n  { rest = "5s" },\n]', '  { exercise = "wall-squat" }'),
    ],
)
def test_an_exercise_is_completed_in_every_form_and_where_the_text_is_broken(marked: str, line: str) -> None:
    assert written(HEAD + marked, "wall-squat") == line


@pytest.mark.parametrize(
    ("marked", "some", "none"),
    [
        ("|", {"schema", "[[steps]]", "[defaults]"}, {"hold"}),
        (f"{HEAD}[[steps]]\n|", {"exercise", "hold", "rest", "[[steps]]", "[[steps.cues]]"}, {"schema"}),
        (f'{HEAD}[[steps]]\nname = "A"\nhold = "20s"\n|', {"marks", "say", "sets"}, {"name", "hold", "tempo", "reps"}),
        (f'{HEAD}[[steps]]\nexercise = "wall-squat"\n|', {"hold", "marks"}, {"reps", "tempo", "rounds"}),
        (f'{HEAD}steps = [ {{ rest = "20s", | }} ]', {"say", "company"}, {"rest", "hold"}),
        (f'{HEAD}[[steps]]\nrounds = 2\nsteps = [ {{ name = "A", reps = 3, | }} ]', {"tempo"}, {"marks", "steps"}),
        (f'{HEAD}[[steps]]\nname = "A"\nhold = "20s"\ncues = [ {{ | }} ]', {"at", "say", "sound"}, {"hold"}),
        (f"{HEAD}[sound]\n|", {"theme", "music"}, {"steps"}),
        ("schema = 1\n[exercises.mine]\n|", {"say", "hold", "muscles"}, {"exercise"}),
        ('schema = 1\nname = "P"\n[[weeks]]\n|', {"monday", "repeat"}, {"steps"}),
    ],
)
def test_the_keys_of_the_table_are_offered_but_those_that_are_there(
    marked: str, some: set[str], none: set[str]
) -> None:
    found = set(labels(marked))
    assert some <= found
    assert not none & found


@pytest.mark.parametrize(
    ("marked", "some"),
    [
        ('[[steps]]\nname = "A"\nhold = "20s"\nmarks = |', {'"none"', '"halves"'}),
        ('[[steps]]\nname = "A"\nhold = "20s"\nmarks = "|"', {"none", "halves"}),
        ('[[steps]]\nname = "A"\nhold = "20s"\noverrun = |', {"true", "false"}),
        ('[[steps]]\nname = "A"\nhold = "20s"\nsay = "Now {|"', {"side", "set", "key:again"}),
        ('[[steps]]\nname = "A"\nhold = "20s"\ncues = [{ at = "1/2", sound = "|" }]', {"tick", "halfway"}),
        ('[sound]\ntheme = "|', {"calm", "gym"}),
        ('[[steps]]\nsession = "|', {"desk-break"}),
        ('[[steps]]\nmeasure = "pain"\nthen = [{ go = "|", answer = 1 }]', {"end", "easier"}),
        ('[[steps]]\nmeasure = "pain"\nname = "|"', {"Neck", "Shoulder"}),
        ('[[steps]]\nname = "A"\nhold = "20s"\nequipment = ["|"]', {"wall", "ball"}),
        ("language = |", {"en", "de"}),
        ("[|", {"[[steps]]", "[defaults]"}),
        ('[[steps]]\nexercise = "wall-squat"\nhold = |', {'"30s-1:00"'}),
        ('[[steps]]\nname = "A"\nhold = "20s"\ncues = [|]', {'{ at = "1/2" }'}),
    ],
)
def test_the_values_of_a_key_are_offered(marked: str, some: set[str]) -> None:
    assert some <= set(labels(HEAD + marked))


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("[[|", "[[steps]]"),
        ("[[steps]]\nex|", "exercise"),
        ("steps = [\n  re|\n]", '{ rest = "20s" }'),
        ("[[steps]]\nrounds = 3\nst|", "steps"),
        ("[[steps]]\nexercise = squat|", "wall-squat"),
    ],
)
def test_what_is_typed_decides_what_comes_first(marked: str, first: str) -> None:
    assert labels(HEAD + marked)[0] == first


def test_a_placeholder_is_written_with_its_brace() -> None:
    marked = HEAD + '[[steps]]\nname = "A"\nhold = "20s"\nsay = "On your {si|} side"'
    assert written(marked, "side") == 'say = "On your {side} side"'
    assert labels(marked) == ["side"]


def test_each_placeholder_that_a_text_may_have_is_offered() -> None:
    found = labels(f'{HEAD}[[steps]]\nname = "A"\nhold = "20s"\nsay = "Turn {{|}}."')
    assert set(found) == {*PLACEHOLDERS, *(f"key:{name}" for name in KEY_NAMES)}


def test_nothing_is_offered_where_nothing_is_known() -> None:
    assert labels(f"{HEAD}# exercise = |") == []
    assert labels(f'{HEAD}summary = "|"') == []
    assert labels(f'{HEAD}[[steps]]\nrest = "5s" |') == []


@settings(max_examples=40)
@given(mutations(), st.data())
def test_completions_and_hovers_are_there_at_every_place_of_every_text(text: str, data: st.DataObject) -> None:
    analysis = analysed(text)
    line = data.draw(st.integers(0, len(analysis.lines) - 1))
    written_line = analysis.lines[line]
    column = data.draw(st.integers(0, len(written_line)))
    for one in completions(analysis, line, column):
        assert 0 <= one.start_column <= column <= max(one.end_column, column)
        assert one.end_column <= len(written_line)
    if found := hover(analysis, line, column):
        assert found.start_column <= found.end_column <= len(analysis.lines[found.line])
    # Past the end of a line or of the text is as good as at its end.
    assert completions(analysis, line, len(written_line) + 5) == completions(analysis, line, len(written_line))
    completions(analysis, len(analysis.lines) + 5, 0)
    hover(analysis, -1, -1)


@pytest.mark.parametrize(
    "text",
    ["a." * 3_000 + "a = 1", f"[{'a.' * 3_000}a]\nb = 1", "x = { " + "a." * 3_000 + "a = 1 }", "x = { a.a.a = " * 900],
)
def test_a_key_of_thousands_of_parts_stops_nothing(text: str) -> None:
    analysis = analysed(text)
    begun_s = time.process_time()
    for line, written_line in enumerate(analysis.lines):
        for column in (0, len(written_line) // 2, len(written_line)):
            completions(analysis, line, column)
            hover(analysis, line, column)
    assert time.process_time() - begun_s < 1  # a header that was read with all of its parts took longer


def test_a_key_is_completed_at_once_behind_a_long_text() -> None:
    analysis = analysed(f'{HEAD}steps = [{{ say = "{"a" * 200_000}", ')
    begun_s = time.process_time()
    assert "voice" in {one.label for one in completions(analysis, 2, len(analysis.lines[2]))}
    assert time.process_time() - begun_s < 5  # looked for from every sign of the text, it takes minutes
