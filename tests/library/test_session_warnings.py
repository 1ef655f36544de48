"""What would disappoint in a session is told as a warning."""

from __future__ import annotations

import pytest

from tests.library_folders import HEAD, HOLD, Place, check, fault_lines

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
    "both sides, where nothing else would happen": (
        HOLD + 'sides = "both"',
        ['6:9: w steps[0].sides: "both" is both sides at the same time, as it would be without sides'],
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
    text, reported = WARNINGS[warning]
    found = fault_lines(check(place, text + "\n"))
    assert len(found) == len(reported)
    assert all(one.startswith(beginning) for one, beginning in zip(found, reported, strict=True))


def test_a_missed_cue_of_an_exercise_is_told_at_the_exercise(place: Place) -> None:
    cue = 'cues = [{ at = "25s", say = "Soon." }]\n'
    place.write(
        "own.toml",
        f'schema = 1\n[exercises.plank]\nname = "Plank"\nsay = "Stay."\nhold = 30\n{cue}',
        place.own_exercises,
    )
    reported = fault_lines(check(place, HEAD + '[[steps]]\nexercise = "plank"\nhold = 20\n'))
    assert reported == ['4:12: w steps[0].exercise: "Soon." will not be heard: it falls outside its phase']


def test_both_sides_are_a_choice_where_the_exercise_has_sides(place: Place) -> None:
    place.own_exercises.mkdir(exist_ok=True)
    lunge = 'schema = 1\n[exercises.lunge]\nname = "Lunge"\nsay = "Step out."\nhold = 20\nsides = "each"\n'
    (place.own_exercises / "lunge.toml").write_text(lunge, encoding="utf-8")
    assert fault_lines(check(place, HEAD + '[[steps]]\nexercise = "lunge"\nsides = "both"\n')) == []
