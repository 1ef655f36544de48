"""The session that `timer-app new` writes: one step of each kind, with a word on each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomli_w

_HEADER: dict[str, Any] = {
    "summary": "One step of each kind, to change as you like",
    "cautions": ["Stop at once if something hurts sharply."],
}
_DEFAULTS: dict[str, Any] = {"prepare": "6s", "rest": "10s"}
_STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Something the coach says.", {"say": "Welcome. Find a wall and a little floor."}),
    (
        "A hold: some time, here on each side, twice. A range grows with --level.",
        {
            "name": "Side stretch",
            "say": "Raise one arm and lean away from it. This is the {side} side.",
            "hold": "20-30s",
            "sides": "each",
            "sets": 2,
            "cues": [{"at": "1/2", "say": "Half way. Keep breathing."}],
        },
    ),
    (
        'Reps at a tempo: lift, hold, lower, in seconds. tempo = "free" leaves the pace to you.',
        {"name": "Heel raise", "say": "Rise on your toes, and come down slowly.", "reps": "8-12", "tempo": "1-1-2"},
    ),
    (
        "A flow: parts that alternate, for some rounds.",
        {
            "name": "Slow breathing",
            "rounds": 3,
            "flow": [
                {"name": "In", "for": "4s", "breath": "in"},
                {"name": "Out", "for": "6s", "breath": "out"},
            ],
        },
    ),
    (
        "A block: steps repeated for some rounds. The exercise comes from the catalogue, with its own dose.",
        {
            "name": "Circuit",
            "rounds": 2,
            "rest": "15s",
            "steps": [{"exercise": "wall-squat"}, {"name": "March on the spot", "hold": "30s"}],
        },
    ),
    ("A step that waits for you.", {"wait": "Sit down, and go on when you are ready."}),
    ("A question: a number from 0 to 10.", {"measure": "pain"}),
)


def starter_text(name: str) -> str:
    """The text of a new session called `name`; it checks clean."""
    opening = (
        "# A session of timer-app. `timer-app check` lists its mistakes, `timer-app run` starts it.\n"
        '# Durations are written 30, "30s", "1:30" or as a range, "20-30s".\n'
    )
    head = _table({"schema": 1, "name": name, **_HEADER})
    defaults = f"\n# What holds for every step that says nothing else.\n[defaults]\n{_table(_DEFAULTS)}"
    steps = (f"\n# {comment}\n[[steps]]\n{_table(step)}" for comment, step in _STEPS)
    return opening + head + defaults + "".join(steps)


def _table(values: Mapping[str, Any]) -> str:
    return tomli_w.dumps(values, indent=2)
