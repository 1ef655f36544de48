"""Characters that only disguise are refused in every name and text of every kind of file; joiners are letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.library_folders import Place
from timer_app.core.diagnostics import LocatedProblem, printable
from timer_app.settings import load_settings

# Every name and text that somebody may write stands in these marks.
FILES = {
    "session": """\
schema = 1
name = "«Morning»"
summary = "«Gentle»"
cautions = ["«Stop at once.»"]
[lexicon]
"«Squat»" = "«skwot»"
[defaults]
label = "«WORK»"
[[steps]]
name = "«Squat»"
short = "«Sq»"
say = "«Slide down.»"
label = "«HOLD»"
hold = "30s"
sides = ["«near»", "«far»"]
equipment = ["«wall»"]
cautions = ["«Not on bad knees.»"]
cues = [{ at = "1/2", say = "«Half way.»" }]
[[steps]]
name = "Breathe"
rounds = 2
flow = [{ name = "«In»", for = "4s", say = "«Now in.»" }, { name = "Out", for = "6s" }]
[[steps]]
say = "«Well done.»"
[[steps]]
wait = "«Fetch a mat.»"
[[steps]]
measure = "grip"
say = "«How strong?»"
unit = "«kg»"
""",
    "exercises": """\
schema = 1
[exercises.bend]
name = "«Bend»"
say = "«Bend slowly.»"
hold = "30s"
equipment = ["«wall»"]
""",
    "programme": """\
schema = 1
name = "«Month»"
summary = "«Four weeks»"
[[weeks]]
name = "«First»"
monday = "one"
""",
    "basic.de": """\
schema = 1
language = "de"
[texts]
"Wall squat" = "«Wandsitz»"
""",
}
HIDDEN = ["\u200b", "\ufeff", "\u2060", "\u00ad", "\ue000", "\U000f0000", "\u202a", "\u202e", "\u2066", "\u2069"]
MARKED = re.compile("«(.*?)»")
PLACES = [(kind, number) for kind, text in FILES.items() for number in range(len(MARKED.findall(text)))]


def problems(place: Place, kind: str, number: int, inside: str) -> tuple[list[LocatedProblem], int]:
    """The errors of a file with a character inside the text with that number, and the line of that text."""
    marks = list(MARKED.finditer(FILES[kind]))
    parts = iter(range(len(marks)))
    text = MARKED.sub(
        lambda found: f"{found[1][:1]}{inside if next(parts) == number else ''}{found[1][1:]}", FILES[kind]
    )
    folder = place.shipped / "exercises" if kind == "basic.de" else place.root / "elsewhere"
    place.write("one.toml", 'schema = 1\nname = "One"\n[[steps]]\nsay = "One."\n')
    found = place.library().check(place.write(f"{kind}.toml", text, folder))
    line = FILES[kind].count("\n", 0, marks[number].start()) + 1
    return [problem for problem in found if problem.severity == "error"], line


@pytest.mark.parametrize(("kind", "number"), PLACES)
def test_no_name_or_text_of_a_file_takes_a_character_that_disguises(place: Place, kind: str, number: int) -> None:
    hidden = HIDDEN[number % len(HIDDEN)]
    ((problem,), line) = problems(place, kind, number, hidden)
    assert (problem.line, problem.allowed) == (line, "letters, digits, punctuation")
    assert f"character U+{ord(hidden):04X}" in problem.message
    assert list(map(printable, problem.lines())) == problem.lines()


@pytest.mark.parametrize(("kind", "number"), PLACES)
def test_joiners_and_emoji_are_letters(place: Place, kind: str, number: int) -> None:
    letters = "\u200c\u200d🏋\ufe0f\u200d♀\ufe0f"
    found, _ = problems(place, kind, number, letters)
    assert [problem.render() for problem in found] == []


def test_settings_take_no_character_that_disguises(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'theme = "a\u200bb"\nvoice = "my\u200bvoice"\n[lexicon]\n"a\u200bb" = "c"\nd = "e\u202ef"\n', "utf-8"
    )
    loaded = load_settings(path)
    assert [problem.line for problem in loaded.problems] == [1, 2, 4, 5]
    assert not loaded.settings.lexicon
