from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.test_analysis import mutations
from tests.analysis.texts import HEAD, analysed, errors, library
from timer_app.analysis import analyse, apply_edits, fixes

STEP = f'{HEAD}[[steps]]\nname = "A"\nhold = "20s"\n'


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (f'{HEAD}[[steps]]\nexercise = "wall-sqat"', f'{HEAD}[[steps]]\nexercise = "wall-squat"'),
        (f'{HEAD}[[steps]]\nname = "A"\nduration = "20s"', f'{HEAD}[[steps]]\nname = "A"\nhold = "20s"'),
        (f'{STEP}mark = "none"', f'{STEP}marks = "none"'),
        (f'{STEP}marks = "halfs"', f'{STEP}marks = "halves"'),
        (f'{STEP}say = "Turn {{sde}}."', f'{STEP}say = "Turn {{side}}."'),
        (f"{HEAD}[[steps]]\nrest = “20s”", f'{HEAD}[[steps]]\nrest = "20s"'),
        (f'{HEAD}[[steps]]\nrest = "20s”', f'{HEAD}[[steps]]\nrest = "20s"'),
        (f"{STEP}say = “Don’t rush.”", f'{STEP}say = "Don’t rush."'),
        (f"{STEP}say = “[[now”", f'{STEP}say = "[[now"'),
        (f"{HEAD}[[steps]]\nrest = 20s # short", f'{HEAD}[[steps]]\nrest = "20s" # short'),
        (f"{STEP}overrun = True", f"{STEP}overrun = true"),
        (f'{HEAD}[[steps]]\nrest: "20s"', f'{HEAD}[[steps]]\nrest = "20s"'),
        (f'{HEAD}[[steps]]\nrest = "20s', f'{HEAD}[[steps]]\nrest = "20s"'),
        (f'{HEAD}[steps]]\nrest = "20s"', f'{HEAD}[[steps]]\nrest = "20s"'),
        (f'{HEAD}steps = [{{ rest = "20s", }}]', f'{HEAD}steps = [{{ rest = "20s" }}]'),
        (
            f'{HEAD}cautions = ["A.",, , "B."]\n[[steps]]\nrest = 3',
            f'{HEAD}cautions = ["A.", "B."]\n[[steps]]\nrest = 3',
        ),
        (f"{HEAD}[[steps]]\nrest = 2,5", f"{HEAD}[[steps]]\nrest = 2.5"),
        (f'{STEP}heads up = "5s"', f'{STEP}heads_up = "5s"'),
        ('# mine\nname = "A"\n[[steps]]\nrest = 3', '# mine\nschema = 1\nname = "A"\n[[steps]]\nrest = 3'),
        ("schema = 1\n[[steps]]\nrest = 3", 'schema = 1\nname = "Mine"\n[[steps]]\nrest = 3'),
        (f"{HEAD}steps = [{{ rest = 3, foo = 1 }}]", f"{HEAD}steps = [{{ rest = 3 }}]"),
        (f"{HEAD}steps = [{{ foo = 1, rest = 3 }}]", f"{HEAD}steps = [{{ rest = 3 }}]"),
        (f'{STEP}hold = "30s"', STEP),
        (f"{HEAD}foo = [\n  1,\n]\n[[steps]]\nrest = 3", f"{HEAD}[[steps]]\nrest = 3"),
    ],
)
def test_the_first_fix_mends_the_text(text: str, fixed: str) -> None:
    analysis = analysed(text)
    (fix, *_) = fixes(analysis)
    assert apply_edits(analysis.text, fix.edits) == fixed
    assert not errors(analysed(fixed))


def test_a_key_that_is_there_twice_is_removed_or_left_whatever_it_is_called() -> None:
    assert [(fix.title, fix.is_sure) for fix in fixes(analysed("True = 1\nTrue = 2"))] == [('Remove "True"', False)]


def test_a_line_is_put_in_behind_a_comment_that_ends_the_text() -> None:
    analysis = analysed("# A session of mine")
    (fix,) = (fix for fix in fixes(analysis) if fix.is_sure)
    assert apply_edits(analysis.text, fix.edits) == "# A session of mine\nschema = 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{'1' * 200_000} = 1,5\n",
        f'"{" " * 200_000}" : 5\n',
        "\n" * 200_000 + 'name = "A"\n[[steps]]\nrest = 3',
    ],
    ids=["comma", "colon", "schema"],
)
def test_a_slip_in_a_long_text_is_mended_at_once(text: str) -> None:
    analysis = analysed(text)
    begun_s = time.process_time()
    (fix,) = (fix for fix in fixes(analysis) if fix.is_sure)
    assert time.process_time() - begun_s < 5  # looked for from every sign, it takes a minute and more
    assert not {one.message for one in analysed(apply_edits(text, fix.edits)).problems} & {fix.problem.message}


def test_of_two_slips_the_one_that_can_only_say_what_the_step_does_is_mended_first() -> None:
    text = f'{HEAD}[[steps]]\nexercice = "wall-squat"\nstes = 2\n'
    for _slip in range(2):
        (fix,) = (fix for fix in fixes(analysed(text)) if fix.is_sure)
        text = apply_edits(text, fix.edits)
    assert text == f'{HEAD}[[steps]]\nexercise = "wall-squat"\nsets = 2\n'


def test_a_key_does_not_become_one_that_is_there_already() -> None:
    found = fixes(analysed(f'{STEP}marks = "none"\nmakrs = "none"\n'))
    assert [(fix.title, fix.is_sure) for fix in found] == [('Remove "makrs"', False)]


def test_fixes_are_those_of_a_line() -> None:
    analysis = analysed(f'{STEP}mark = "none"\nfoo = 3\n')
    assert [fix.title for fix in fixes(analysis, 5)] == ['Change to "marks"', 'Remove "mark"']
    assert [fix.title for fix in fixes(analysis, 6)] == ['Remove "foo"']
    assert fixes(analysis, 0) == ()


def test_only_what_can_mean_nothing_else_is_sure() -> None:
    sure = {fix.title: fix.is_sure for fix in fixes(analysed(f'{STEP}mark = "none"\nweight = "5 kg"\nfoo = 3'))}
    assert sure == {
        'Change to "marks"': True,
        'Remove "mark"': False,
        'Change to "load"': False,
        'Remove "weight"': False,
        'Remove "foo"': False,
    }


def test_the_faults_of_an_original_are_not_mended_in_its_translation(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f'{STEP}marks = "halfs"\n')
    text = 'schema = 1\nlanguage = "de"\n[texts]\n"A" = "B"\n'
    analysis = analyse(text, path=tmp_path / "mine.de.toml", library=library())
    assert analysis.kind == "translation"
    assert analysis.problems
    assert fixes(analysis) == ()


@settings(max_examples=40)
@given(mutations(), st.data())
def test_what_was_meant_takes_its_problem_away(text: str, data: st.DataObject) -> None:
    analysis = analysed(text)
    found = [fix for fix in fixes(analysis) if fix.problem.suggestion or fix.is_sure]
    if not found:
        return
    fix = data.draw(st.sampled_from(found))
    after = analysed(apply_edits(analysis.text, fix.edits))
    problem = fix.problem
    same = [
        one
        for one in after.problems
        if (one.line, one.key, one.message) == (problem.line, problem.key, problem.message)
    ]
    assert not [one for one in same if one.column == problem.column], (fix.title, problem.headline)
