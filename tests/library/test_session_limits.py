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
        "3:1: e steps[0]: this step has up to 540,063 cues",
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
