"""Ladders of variants in exercise files: faults have their place, and a faulty ladder is left out."""

from __future__ import annotations

from pathlib import Path

from tests.library_folders import Place, fault_lines

RUNGS = """schema = 1
[exercises.knee-push-up]
name = "Knee push-up"
say = "On your knees."
reps = 5
[exercises.push-up]
name = "Push-up"
say = "Straight."
reps = 5
variants = ["{first}", "push-up"]
"""


def test_a_ladder_of_exercises_of_other_files_has_no_faults(tmp_path: Path) -> None:
    place = Place(tmp_path)
    wall = 'schema = 1\n[exercises.wall-push-up]\nname = "W"\nsay = "W."\nreps = 3\n'
    place.write("wall.toml", wall, place.own_exercises)
    path = place.write("push.toml", RUNGS.format(first="wall-push-up"), place.own_exercises)
    library = place.library()
    assert library.check(path) == []
    assert library.catalogue["push-up"].variants == ("wall-push-up", "push-up")
    assert library.catalogue_problems == []


def test_an_unknown_rung_is_told_with_its_place_and_the_exercise_stays(tmp_path: Path) -> None:
    place = Place(tmp_path)
    path = place.write("push.toml", RUNGS.format(first="nee-push-up"), place.own_exercises)
    library = place.library()
    reported = '10:13: e exercises.push-up.variants[0]: there is no exercise "nee-push-up"'
    assert fault_lines(library.check(path)) == [reported]
    assert fault_lines(library.catalogue_problems) == [reported]
    assert library.check(path)[0].suggestion == "knee-push-up"
    assert library.catalogue["push-up"].variants == ()
