"""The session that a new one starts from: a commented step of each kind, which checks clean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_DEFAULT_NAME = "My session"
_LONGEST_NAME = 60
_LONGEST_STEM = 40

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
        {
            "name": "Heel raise",
            "say": "Rise on your toes, and come down slowly.",
            "reps": "8-12",
            "tempo": "1-1-2",
            "tempo_starts": "lift",
        },
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
    defaults = (
        "\n# What holds for every step that says nothing else. A rest before a step is its time to get ready.\n"
        f'# fit = "clock" keeps every number as written; else phases grow for what is said.\n'
        f"[defaults]\n{_table(_DEFAULTS)}"
    )
    steps = (f"\n# {comment}\n[[steps]]\n{_table(step)}" for comment, step in _STEPS)
    return opening + head + defaults + "".join(steps)


def _table(values: Mapping[str, Any]) -> str:
    import tomli_w

    return tomli_w.dumps(values, indent=2)


def session_name(path: Path) -> str:
    """A session's name made from its file's: `desk-break.toml` is "Desk break"."""
    name = name_from_words(path.stem.replace("-", " ").replace("_", " "))
    return name[:1].upper() + name[1:]


def name_from_words(words: str) -> str:
    """A session's name made from what somebody typed or called a file."""
    from timer_app.core.fields import NotationError, clean_text

    words = words.replace("{", "{{").replace("}", "}}")[:_LONGEST_NAME]
    try:
        return clean_text(words)
    except NotationError:
        return _DEFAULT_NAME


def file_stem(name: str, otherwise: str) -> str:
    """What the file of a session is called, without its ending: "Desk break" is `desk-break`.

    Args:
        name: The session's name.
        otherwise: What it is called where no letter of the name can be part of it.
    """
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:_LONGEST_STEM].strip("-") or otherwise
