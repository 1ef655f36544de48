"""Every fault of a session's file is told with its place, its key and what is allowed."""

from __future__ import annotations

import pytest

from tests.library_folders import HEAD, Place, check, fault_lines
from timer_app.core.session.model import HoldStep

FAULTS: dict[str, tuple[str, str, str]] = {
    # what is wrong: the lines after the head, where and what is told, what was meant
    "no duration": (
        '[[steps]]\nname = "A"\nhold = "abc"',
        '5:8: e steps[0].hold: "abc" is not a duration',
        "",
    ),
    "a range from high to low": (
        '[[steps]]\nname = "A"\nhold = "30-20s"',
        '5:8: e steps[0].hold: "30-20s" is a range from high to low',
        "20-30s",
    ),
    "a hold of no length": (
        '[[steps]]\nname = "A"\nhold = 0',
        "5:8: e steps[0].hold: a hold must take some time",
        "",
    ),
    "too many reps": ('[[steps]]\nname = "A"\nreps = 1001', "5:8: e steps[0].reps: 1001 is too many", ""),
    "no reps": ('[[steps]]\nname = "A"\nreps = 0', "5:8: e steps[0].reps: 0 is too few", ""),
    "an unknown key": (
        '[[steps]]\nname = "A"\nhold = "3s"\nside = "each"',
        "6:1: e steps[0].side: unknown key",
        "sides",
    ),
    "another word for a hold beside an instruction": (
        '[[steps]]\nname = "A"\nsay = "Stay."\nduration = 30\ncues = [{ at = "1/2", say = "Half." }]',
        "6:1: e steps[0].duration: unknown key",
        "hold",
    ),
    "another word for reps beside a rest": (
        '[[steps]]\nname = "A"\nrest = 20\nrepetitions = 10',
        "6:1: e steps[0].repetitions: unknown key",
        "reps",
    ),
    "a list of sets with a fault in it": (
        '[[steps]]\nname = "A"\nreps = [12, "many"]',
        '5:13: e steps[0].reps[1]: "many" is not a count',
        "",
    ),
    "sets that a list contradicts": (
        '[[steps]]\nname = "A"\nreps = [12, 10]\nsets = 3',
        "6:8: e steps[0].sets: reps lists 2 sets, and sets says otherwise",
        "",
    ),
    "a load without a unit": (
        '[[steps]]\nname = "A"\nreps = 5\nload = 20',
        "6:8: e steps[0].load: 20 does not say what it weighs",
        "20 kg",
    ),
    "an unknown key of the session": (
        'cautons = ["x"]\nsteps = [{ say = "x" }]',
        "3:1: e cautons: unknown key",
        "cautions",
    ),
    "an unknown key of the defaults": (
        '[defaults]\nrests = 3\n[[steps]]\nsay = "x"',
        "4:1: e defaults.rests: unknown key",
        "rest",
    ),
    "a step of no kind": (
        '[[steps]]\nname = "A"',
        "3:1: e steps[0]: this step has no key that says what it is",
        "",
    ),
    "a misspelt kind": ('[[steps]]\nname = "A"\nhodl = "3s"', "5:1: e steps[0].hodl: unknown key", "hold"),
    "two doses": (
        '[[steps]]\nname = "A"\nhold = "3s"\nreps = 3',
        '5:1: e steps[0].hold: does not go with "reps"',
        "",
    ),
    "a tempo for a hold": (
        '[[steps]]\nname = "A"\nhold = "3s"\ntempo = "1-2"',
        "6:1: e steps[0].tempo: tempo has no meaning for a step with hold, only for reps",
        "",
    ),
    "a tempo for an exercise that is held": (
        '[[steps]]\nexercise = "wall-squat"\ntempo = "1-2"',
        '5:1: e steps[0].tempo: tempo has no meaning for the exercise "wall-squat", which goes by hold, only for reps',
        "",
    ),
    "a tempo of letters": (
        '[[steps]]\nname = "A"\nreps = 3\ntempo = "1-y"',
        '6:9: e steps[0].tempo: "1-y" is not a tempo',
        "",
    ),
    "a part of no length": (
        '[[steps]]\nname = "A"\nreps = 3\ntempo = [{ name = "x", for = "0s" }]',
        "6:30: e steps[0].tempo[0].for: a part must take some time",
        "",
    ),
    "an unknown exercise": (
        '[[steps]]\nexercise = "wall-sqat"',
        '4:12: e steps[0].exercise: there is no exercise "wall-sqat"',
        "wall-squat",
    ),
    "an exercise by its name": (
        '[[steps]]\nexercise = "Wall Squat"',
        '4:12: e steps[0].exercise: "Wall Squat" is not an id',
        "wall-squat",
    ),
    "an unknown placeholder": (
        '[[steps]]\nsay = "Hello {nam}"',
        "4:7: e steps[0].say: unknown placeholder {nam}",
        "{name}",
    ),
    "a single brace": ('[[steps]]\nsay = "Hello }"', '4:7: e steps[0].say: has a single "}"', ""),
    "an escape character": (
        '[[steps]]\nsay = "Hello \\u001b[31m"',
        "4:7: e steps[0].say: has the control character U+001B",
        "",
    ),
    "a separator that counts as white space elsewhere": (
        '[[steps]]\nsay = "a\\u001cb"',
        "4:7: e steps[0].say: has the control character U+001C",
        "",
    ),
    "a character that turns the direction": (
        '[[steps]]\nname = "A\\u202eB"\nhold = 3',
        "4:8: e steps[0].name: has the control character U+202E",
        "",
    ),
    "a text of blanks": ('[[steps]]\nsay = "  "', "4:7: e steps[0].say: must not be empty", ""),
    "a text of which nothing is seen": ('[[steps]]\nsay = "\\u200b"', "4:7: e steps[0].say: must not be empty", ""),
    "a text of 1001 characters": (
        f'[[steps]]\nsay = "{"x" * 1001}"',
        "4:7: e steps[0].say: is too long: at most 1000 characters are allowed",
        "",
    ),
    "a name of 81 characters": (
        f'[[steps]]\nname = "{"x" * 81}"\nhold = 3',
        "4:8: e steps[0].name: is too long: at most 80 characters are allowed",
        "",
    ),
    "a unit of 13 characters": (
        '[[steps]]\nmeasure = "reach"\nunit = "centimetresss"',
        "5:8: e steps[0].unit: is too long: at most 12 characters are allowed",
        "",
    ),
    "misspelt sides": (
        '[[steps]]\nname = "A"\nhold = 3\nsides = "eech"',
        '6:9: e steps[0].sides: "eech" is not a choice of sides',
        "each",
    ),
    "three sides": (
        '[[steps]]\nname = "A"\nhold = 3\nsides = ["a", "b", "c"]',
        "6:9: e steps[0].sides: a list is not a choice of sides",
        "",
    ),
    "twice the same side": (
        '[[steps]]\nname = "A"\nhold = 3\nsides = ["a", "a"]',
        "6:9: e steps[0].sides: has the same name for both sides",
        "",
    ),
    "a cue at no place": (
        '[[steps]]\nname = "A"\nhold = 30\ncues = [{ at = "x", say = "y" }]',
        '6:16: e steps[0].cues[0].at: "x" is not a place in time',
        "",
    ),
    "a cue of which nothing is heard": (
        '[[steps]]\nname = "A"\nhold = 30\ncues = [{ at = "1/2" }]',
        "6:9: e steps[0].cues[0]: this cue has nothing to be heard",
        "",
    ),
    "a cue twice a second": (
        '[[steps]]\nname = "A"\nhold = 30\ncues = [{ at = "every 0.5s", sound = "tick" }]',
        '6:16: e steps[0].cues[0].at: "every 0.5s" is too often',
        "",
    ),
    "an unknown sound": (
        '[[steps]]\nname = "A"\nhold = 30\ncues = [{ at = "1/2", sound = "tik" }]',
        '6:31: e steps[0].cues[0].sound: there is no sound "tik"',
        "tick",
    ),
    "an unknown theme": (
        '[sound]\ntheme = "clam"\n[[steps]]\nsay = "x"',
        '4:9: e sound.theme: there is no sound theme "clam"',
        "calm",
    ),
    "a level above 1": ('level = 2\nsteps = [{ say = "x" }]', "3:9: e level: must be at most 1", ""),
    "a level that is no number": ('level = nan\nsteps = [{ say = "x" }]', "3:9: e level: must be at most 1", ""),
    "a level in words": ('level = "high"\nsteps = [{ say = "x" }]', "3:9: e level: must be a number, not a text", ""),
    "shares of reps": (
        '[[steps]]\nname = "Row"\nreps = 5\nmarks = "thirds"',
        "6:1: e steps[0].marks: marks has no meaning for a step with reps, only for hold",
        "",
    ),
    "shares of no name": (
        '[[steps]]\nname = "Row"\nhold = 30\nmarks = "third"',
        '6:9: e steps[0].marks: "third" is not allowed here',
        "thirds",
    ),
    "a time that is told too often": (
        '[defaults]\ntell_time = "every 2s"\n[[steps]]\nsay = "x"',
        '4:13: e defaults.tell_time: "every 2s" is too often',
        "",
    ),
    "half a second of a countdown": (
        '[defaults]\ncountdown = 1.5\n[[steps]]\nsay = "x"',
        "4:13: e defaults.countdown: must be a whole number, not 1.5",
        "",
    ),
    "an unknown language": (
        'language = "english!"\nsteps = [{ say = "x" }]',
        '3:12: e language: "english!" is not a language code',
        "",
    ),
    "no steps": ("", "1:1: e steps: is missing", ""),
    "an empty list of steps": ("steps = []", "3:9: e steps: must not be empty", ""),
    "steps in words": ('steps = "x"', "3:9: e steps: must be a list, not a text", ""),
    "a step in words": ('steps = ["x"]', "3:10: e steps[0]: must be a table, not a text", ""),
    "a flow without rounds": (
        '[[steps]]\nname = "A"\nflow = [{ name = "x", for = 3 }]',
        "3:1: e steps[0]: a flow needs its rounds",
        "",
    ),
    "a flow without parts": (
        '[[steps]]\nname = "A"\nrounds = 2\nflow = []',
        "6:8: e steps[0].flow: must not be empty",
        "",
    ),
    "a breath of no kind": (
        '[[steps]]\nname = "A"\nrounds = 2\nflow = [{ name = "x", for = 3, breath = "hodl" }]',
        '6:41: e steps[0].flow[0].breath: "hodl" is not allowed here',
        "hold",
    ),
    "sets of a rest": ('[[steps]]\nrest = "30s"\nsets = 3', '5:1: e steps[0].sets: does not go with "rest"', ""),
    "a range of answers from high to low": (
        '[[steps]]\nmeasure = "pain"\nrange = "10-0"',
        '5:9: e steps[0].range: "10-0" is a range from high to low',
        "",
    ),
    "a step without a name": ("[[steps]]\nhold = 3", "3:1: e steps[0]: this step has no name", ""),
    "a key twice": ('name = "x"', '3:1: e : "name" is there a second time', ""),
    "a bracket too few": (
        '[[steps]\nsay = "x"',
        '3:8: e : the name of a list of tables needs its closing "]]"',
        "",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_where_it_is_and_what_was_meant(fault: str, place: Place) -> None:
    text, reported, meant = FAULTS[fault]
    found = check(place, HEAD + text + "\n")
    assert fault_lines(found) == [reported]
    assert found[0].suggestion == meant


@pytest.mark.parametrize("schema", ["2", "0", "true", "1.0", '"1"'])
def test_another_schema_is_refused(schema: str, place: Place) -> None:
    (found,) = check(place, f'schema = {schema}\nname = "x"\nsteps = [{{ say = "x" }}]\n')
    assert (found.line, found.column, found.key, found.allowed) == (1, 10, "schema", "schema = 1")


def test_an_empty_file_lacks_everything(place: Place) -> None:
    assert fault_lines(check(place, "")) == [
        "1:1: e schema: is missing",
        "1:1: e name: is missing",
        "1:1: e steps: is missing",
    ]


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_text(place: Place) -> None:
    text = """
schema = 1
name = "Many faults"
langage = "en"

[[steps]]
rounds = "x"
steps = [
  { hold = "3s", name = "A", sides = 3 },
  { rest = "-1s" },
  { exercise = "row", tempo = [{ name = "pull", for = "1s" }, { nam = "back", for = "1s" }] },
]

[[steps]]
say = "Hello {you}"
"""
    assert fault_lines(check(place, text)) == [
        "4:1: e langage: unknown key",
        '7:10: e steps[0].rounds: "x" is not a count',
        "9:38: e steps[0].steps[0].sides: 3 is not a choice of sides",
        '10:12: e steps[0].steps[1].rest: a duration cannot be negative, "-1s" is',
        "11:63: e steps[0].steps[2].tempo[1].name: is missing",
        "11:65: e steps[0].steps[2].tempo[1].nam: unknown key",
        "15:7: e steps[1].say: unknown placeholder {you}",
    ]


def test_markup_is_text_like_any_other(place: Place) -> None:
    path = place.write("test.toml", HEAD + '[[steps]]\nname = "[red]x[/]"\nhold = 3\n')
    session, warnings = place.library().load(place.library().find(str(path)))
    (step,) = session.steps
    assert isinstance(step, HoldStep)
    assert (step.name, warnings) == ("[red]x[/]", [])


@pytest.mark.parametrize(
    ("dose", "own", "of_others"),
    [
        ("reps = 3", {"tempo", "reps"}, {"hold", "count", "overrun", "marks", "heads_up", "tell_time", "rounds"}),
        ("hold = 3", {"count", "overrun", "hold"}, {"tempo", "rounds", "reps", "flow"}),
    ],
)
def test_what_is_said_to_be_allowed_beside_a_dose_is_not_refused(
    place: Place, dose: str, own: set[str], of_others: set[str]
) -> None:
    (found,) = check(place, f'{HEAD}[[steps]]\nname = "A"\n{dose}\nfoo = 1\n')
    allowed = set(found.allowed.split(", "))
    assert own < allowed
    assert not of_others & allowed
