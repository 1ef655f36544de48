"""Files of exercises are checked like sessions."""

from __future__ import annotations

from tests.library_folders import Place, check, fault_lines


def test_faults_of_a_file_of_exercises_are_told_like_those_of_a_session(place: Place) -> None:
    text = """
schema = 1
[exercises.a]
name = "A"
say = "x"
[exercises.B]
name = "B"
say = "x"
hold = 3
[exercises.c]
name = "C"
say = "x"
reps = 3
souce = "x"
[exercises.d]
name = "D"
say = "x"
flow = [{ name = "x", for = 3 }]
"""
    assert fault_lines(check(place, text)) == [
        "3:1: e exercises.a: an exercise needs one dose; this one has none",
        '6:12: e exercises.B: "B" is not an id',
        "14:1: e exercises.c.souce: unknown key",
        "15:1: e exercises.d: a flow needs its rounds",
    ]


def test_a_file_of_exercises_is_warned_of_what_would_disappoint(place: Place) -> None:
    long = "Wait and breathe. " * 30
    text = f'schema = 1\n[exercises.a]\nname = "A"\nsay = "{long}"\nhold = 3\nsides = "each"\nswitch = 0\n'
    long_one, no_switch = fault_lines(check(place, text))
    assert long_one.startswith("4:7: w exercises.a.say: takes about ")
    assert no_switch == "7:10: w exercises.a.switch: there is no time to change sides"
