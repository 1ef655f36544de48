"""What would grow too large is refused, soon and in full."""

from __future__ import annotations

import time

import pytest

from tests.library_folders import HEAD, HOLD, Place, check, fault_lines

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
        "3:1: e steps[0]: this step has up to 543,063 cues",
    ),
}


@pytest.mark.parametrize("limit", LIMITS)
def test_what_would_grow_too_large_is_refused_at_once(limit: str, place: Place) -> None:
    text, reported = LIMITS[limit]
    begun_s = time.process_time()
    assert fault_lines(check(place, HEAD + text + "\n")) == [reported]
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


def test_of_very_many_faults_the_first_thousand_are_told_and_the_others_counted(place: Place) -> None:
    steps = "".join(f'[[steps]]\nholdd = "{number}s"\n' for number in range(3_000))
    found = check(place, HEAD + steps)
    assert [one.line for one in found] == list(range(4, 2_006, 2))
    assert (found[-2].message, found[-1].message) == ("unknown key", "and 2,000 more, which are not listed")


def test_of_very_many_warnings_the_first_thousand_are_told_and_the_others_counted(place: Place) -> None:
    cues = ", ".join(['{ at = 1, say = "Now." }'] * 100)
    steps = "".join(f'[[steps]]\nname = "S{number}"\nhold = "20s"\ncues = [{cues}]\n' for number in range(20))
    found = check(place, HEAD + steps)
    assert {one.severity for one in found} == {"warning"}
    assert len(found) == 1_001
    assert found[-1].message.endswith(" more, which are not listed")


COSTLY = """
[[steps]]
name = "h"
hold = "23h"
rest = "0"
cues = [
    { at = "every 1s", say = "x {remaining}" },
    { at = "every 1s", say = "x {remaining}" },
    { at = "every 1s", say = "x {remaining}" },
    { at = "every 1s", say = "x {remaining}" },
]
"""


def test_a_few_lines_that_ask_for_hundreds_of_thousands_of_cues_are_checked_soon(place: Place) -> None:
    begun_s = time.process_time()
    found = fault_lines(check(place, HEAD + COSTLY))
    assert time.process_time() - begun_s < 5  # laid out in full, it takes many times as long
    assert found[0] == "4:1: w steps[0]: this step has 331,200 cues of its own: only the first 20,000 are heard"
