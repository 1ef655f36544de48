"""Every fault of a file is told with its place, its key and what is allowed."""

from __future__ import annotations

import os
import time

import pytest

from tests.library.places import Place, check, fault_lines, write_wav

HEAD = 'schema = 1\nname = "Test"\n'
HOLD = HEAD + '[[steps]]\nname = "A"\nhold = "30s"\n'


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
        '[[steps]]\nname = "A"\nreps = 3\ntempo = "1-x"',
        '6:9: e steps[0].tempo: "1-x" is not a tempo',
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
    text, told, meant = FAULTS[fault]
    found = check(place, HEAD + text + "\n")
    assert fault_lines(found) == [told]
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
    assert (session.steps[0].name, warnings) == ("[red]x[/]", [])  # type: ignore[union-attr]


def test_a_sound_may_lie_beside_the_session_or_in_the_user_s_own_folder(place: Place) -> None:
    write_wav(place.own / "gong.wav")
    write_wav(place.sounds / "bells" / "far.wav")
    cues = '{ at = "5s", sound = "gong.wav" }, { at = "9s", sound = "bells/far.wav" }, { at = "1s", sound = "tick" }'
    assert check(place, HOLD + f"cues = [{cues}]\n") == []


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ("../x.wav", '"../x.wav" leads out of the folders for sounds'),
        ("/etc/x.wav", '"/etc/x.wav" leads out of the folders for sounds'),
        ("link.wav", 'there is no file "link.wav" inside the folders for sounds'),
        ("circle.wav", '"circle.wav" leads out of the folders for sounds'),
        ("gone.wav", 'there is no file "gone.wav" inside the folders for sounds'),
        ("folder.wav", 'there is no file "folder.wav" inside the folders for sounds'),
        ("pipe.wav", 'there is no file "pipe.wav" inside the folders for sounds'),
        ("text.wav", '"text.wav" cannot be played'),
        ("long.wav", '"long.wav" cannot be played'),
        ("text.mp3", 'there is no sound "text.mp3"'),
    ],
)
def test_a_sound_that_cannot_be_played_is_a_fault(sound: str, message: str, place: Place) -> None:
    write_wav(place.root / "x.wav")
    write_wav(place.own / "long.wav", 30_001)
    place.write("text.wav", "no sound")
    (place.own / "folder.wav").mkdir()
    (place.own / "link.wav").symlink_to(place.root / "x.wav")
    (place.own / "circle.wav").symlink_to(place.own / "circle.wav")
    os.mkfifo(place.own / "pipe.wav")
    told = fault_lines(check(place, HOLD + f'cues = [{{ at = "5s", sound = "{sound}" }}]\n'))
    if sound == "circle.wav":
        # Where a link leads that leads nowhere is told differently by different versions of Python.
        assert "circle.wav" in told[0]
    else:
        assert told == [f"6:30: e steps[0].cues[0].sound: {message}"]


OWN_SOUNDS = """schema = 1
name = "A"
steps = [{ name = "A", hold = "10s" }]

[sound.sounds]
"""


def test_a_file_may_take_the_place_of_a_sound(place: Place) -> None:
    write_wav(place.own / "gong.wav")
    write_wav(place.sounds / "bells" / "far.wav")
    path = place.write("test.toml", OWN_SOUNDS + 'start = "gong.wav"\nend = "bells/far.wav"\n')
    assert place.library().check(path) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('strat = "gong.wav"', '6:1: e sound.sounds.strat: there is no cue sound "strat"'),
        ('start = "gone.wav"', '6:9: e sound.sounds.start: there is no file "gone.wav" inside the folders for sounds'),
        ('start = "../x.wav"', '6:9: e sound.sounds.start: "../x.wav" leads out of the folders for sounds'),
        ('start = "text.wav"', '6:9: e sound.sounds.start: "text.wav" cannot be played'),
        ('start = "tick"', '6:9: e sound.sounds.start: "tick" is not a .wav file'),
        ("start = 1", "6:9: e sound.sounds.start: must be a text, not a whole number"),
    ],
)
def test_a_file_that_cannot_take_the_place_of_a_sound_is_a_fault(line: str, told: str, place: Place) -> None:
    write_wav(place.root / "x.wav")
    write_wav(place.own / "gong.wav")
    place.write("text.wav", "no sound")
    assert fault_lines(place.library().check(place.write("test.toml", f"{OWN_SOUNDS}{line}\n"))) == [told]


WARNINGS: dict[str, tuple[str, list[str]]] = {
    "a cue outside its phase": (
        HOLD + 'cues = [{ at = "40s", say = "Late." }]',
        ['6:9: w steps[0].cues[0]: "Late." will not be heard: it falls outside its phase'],
    ),
    "a cue over another, told once for all sets": (
        HOLD + 'sets = 3\ncues = [{ at = "5s", say = "Breathe all the way down." }, { at = "5s", say = "And up." }]',
        ['7:59: w steps[0].cues[1]: "And up." will not be heard: something else is being said there'],
    ),
    "a long instruction": (
        HOLD + f'say = "{"Wait and breathe. " * 30}"',
        ["6:7: w steps[0].say: takes about "],
    ),
    "no time to change sides": (
        HOLD + 'sides = "each"\nswitch = 0',
        ["7:10: w steps[0].switch: there is no time to change sides"],
    ),
    "no time to change sides by default": (
        'schema = 1\nname = "x"\n[defaults]\nswitch = 0\n[[steps]]\nname = "A"\nhold = 3\nsides = "each"',
        ["8:9: w steps[0].sides: there is no time to change sides"],
    ),
    "two rests in a row": (
        HEAD + '[[steps]]\nrounds = 2\nsteps = [{ name = "A", hold = 3 }, { rest = "20s" }]',
        ["5:45: w steps[0].steps[1].rest: the block rests for 10 s between its rounds as well: two rests in a row"],
    ),
    "a line longer than its part": (
        HEAD
        + '[[steps]]\nname = "A"\nrounds = 2\nflow = [{ name = "In", for = "1s", say = "All the way in, slowly." }]',
        ['6:42: w steps[0].flow[0].say: "All the way in, slowly." will not be heard: it is longer than its part'],
    ),
    "a language without words of the coach's own": (
        HEAD + 'language = "sv"\nsteps = [{ say = "Hej." }]',
        ['3:12: w language: the coach has no words of its own in "sv", and speaks English'],
    ),
}


@pytest.mark.parametrize("warning", WARNINGS)
def test_what_would_disappoint_is_a_warning(warning: str, place: Place) -> None:
    text, told = WARNINGS[warning]
    found = fault_lines(check(place, text + "\n"))
    assert len(found) == len(told)
    assert all(one.startswith(beginning) for one, beginning in zip(found, told, strict=True))


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


def test_a_missed_cue_of_an_exercise_is_told_at_the_exercise(place: Place) -> None:
    cue = 'cues = [{ at = "25s", say = "Soon." }]\n'
    place.write(
        "own.toml",
        f'schema = 1\n[exercises.plank]\nname = "Plank"\nsay = "Stay."\nhold = 30\n{cue}',
        place.own_exercises,
    )
    told = fault_lines(check(place, HEAD + '[[steps]]\nexercise = "plank"\nhold = 20\n'))
    assert told == ['4:12: w steps[0].exercise: "Soon." will not be heard: it falls outside its phase']


LIMITS: dict[str, tuple[str, str]] = {
    "blocks nested five deep": (
        "steps = [{ steps = [{ steps = [{ steps = [{ steps = [{ steps = [{ say = 'x' }] }] }] }] }] }]",
        "3:54: e steps[0].steps[0].steps[0].steps[0].steps[0]: blocks are nested more than 4 deep",
    ),
    "a bomb": (
        "steps = [{ rounds = 1000, rest = 0, steps = [{ rounds = 1000, rest = 0, steps = [{ say = 'x' }] }] }]",
        "3:10: e steps[0]: this step becomes 1,000,000 phases",
    ),
    "too long a session": (
        '[[steps]]\nname = "A"\nhold = "5h"\nsets = 5',
        "3:1: e steps[0]: this step takes more than 24 hours",
    ),
    "too long a session of many steps": (
        'steps = [{ rest = "9h" }, { rest = "9h" }, { rest = "9h" }]',
        "3:1: e steps: the session takes more than 24 hours",
    ),
    "too many cues": (
        '[[steps]]\nname = "A"\nhold = "10h"\ncues = [' + '{ at = "every 1s", sound = "tick" }, ' * 15 + "]",
        "3:1: e steps[0]: this step has up to 540,063 cues",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_would_grow_too_large_is_refused_at_once(limit: str, place: Place) -> None:
    text, told = LIMITS[limit]
    begun_s = time.process_time()
    assert fault_lines(check(place, HEAD + text + "\n")) == [told]
    assert time.process_time() - begun_s < 5  # a session of a million phases takes many times as long


@pytest.mark.parametrize(
    ("key", "entries", "most"),
    [("cautions", 21, 20), ("cues", 101, 100), ("equipment", 21, 20), ("steps", 1_001, 1_000)],
)
def test_lists_have_a_largest_length(key: str, entries: int, most: int, place: Place) -> None:
    entry = {"cues": '{ at = 1, sound = "tick" }', "steps": '{ say = "x" }'}.get(key, '"x"')
    values = f"{key} = [{', '.join([entry] * entries)}]\n"
    text = HEAD + values if key == "steps" else HOLD + values
    assert [found.message for found in check(place, text)] == [f"has too many entries: at most {most} are allowed"]


def test_a_file_full_of_faults_is_told_in_full_and_soon(place: Place) -> None:
    steps = "".join(f'[[steps]]\nname = "A"\nhold = "x{number}"\n' for number in range(900))
    assert len(check(place, HEAD + steps)) == 900
