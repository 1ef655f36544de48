"""Sessions to start from: a gallery of presets, and intervals of work and rest made of a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timer_app.core.fields import format_duration_ms

_FOLDER = Path(__file__).parents[1] / "presets"
_MAX_NAMES = 40  # characters of the exercises that make the name of a session
_HEADER = "# A session of timer-app. `timer-app check` lists its mistakes, `timer-app run` starts it.\n"


def preset_names() -> list[str]:
    """The names of the presets, in the order of the alphabet."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def preset_summaries() -> dict[str, str]:
    """What each preset is, by its name."""
    import tomllib

    return {name: str(tomllib.loads(preset_text(name))["summary"]) for name in preset_names()}


def preset_text(name: str) -> str:
    """The text of a preset as a session file.

    Raises:
        KeyError: There is no preset of that name.
    """
    if name not in preset_names():
        raise KeyError(name)
    return _HEADER + (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def interval_text(names: Sequence[str], work_ms: int, rest_ms: int, rounds: int, prepare_ms: int) -> str:
    """A session of intervals as a file, every time as it is given.

    Args:
        names: The exercises of a round, one after another, with braces doubled; there is a rest after each but the very
            last.
        work_ms: How long each lasts.
        rest_ms: How long a rest lasts; 0 for none.
        rounds: How many rounds.
        prepare_ms: The time to get ready before the first.
    """
    import tomli_w

    work = format_duration_ms(work_ms)
    shown = names[0]
    for index, name in enumerate(names[1:], 1):
        longer = f"{shown}, {name}"
        shown = longer if len(longer) <= _MAX_NAMES else f"{shown} +{len(names) - index}"
        if shown != longer:
            break
    block: dict[str, Any] = {"name": "Intervals", "rounds": rounds, "rest": _duration(rest_ms)}
    if len(names) > 1:
        block["between"] = _duration(rest_ms)
    block["steps"] = [{"name": name, "hold": work} for name in names]
    document = {
        "schema": 1,
        "name": shown,
        "summary": f"{rounds} × {work} of work, {format_duration_ms(rest_ms)} of rest",
        # Without a rest nothing but work follows work, so the time to get ready is a step of its own.
        "defaults": {"fit": "clock", "prepare": 0, "label": "WORK"},
        "steps": [*([{"rest": _duration(prepare_ms)}] if prepare_ms else []), block],
    }
    return _HEADER + tomli_w.dumps(document, indent=2)


def exercises_text(name: str, exercises: Sequence[str]) -> str:
    """A session of exercises of the catalogue, each with its own dose, as a file.

    Args:
        name: The session's name, with braces doubled.
        exercises: Their ids, in the order in which they are done.
    """
    import tomli_w

    document = {
        "schema": 1,
        "name": name,
        "defaults": {"prepare": "6s", "rest": "10s"},
        "steps": [{"exercise": exercise} for exercise in exercises],
    }
    return _HEADER + tomli_w.dumps(document, indent=2)


def _duration(length_ms: int) -> str | int:
    return format_duration_ms(length_ms) if length_ms else 0
