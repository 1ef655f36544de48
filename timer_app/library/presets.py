"""Sessions to start from: a gallery of presets, and intervals of work and rest made of a few numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from timer_app.core.constraints import MAX_INTERVAL_NAMES, MAX_INTERVAL_ROUNDS
from timer_app.core.fields import NotationError, clean_text, duration_text, format_duration_ms
from timer_app.core.i18n import _
from timer_app.library.starter import file_stem
from timer_app.system import paths
from timer_app.system.files import atomic_write, make_private_folder

_FOLDER = Path(__file__).parents[1] / "presets"
PREPARE_MS = 10_000  # before intervals, where nobody says how long
_TIME_TO_SAY_MS = 5_000  # shorter, "Get ready" might find no room beside the countdown
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
        "summary": f"{rounds} × {duration_text(work_ms)} of work, {duration_text(rest_ms)} of rest",
        # Without a rest nothing but work follows work, so the time to get ready is a step of its own.
        "defaults": {"fit": "clock", "prepare": 0, "label": "WORK"},
        "steps": [*([_preparation(prepare_ms)] if prepare_ms else []), block],
    }
    return _HEADER + tomli_w.dumps(document, indent=2)


def _preparation(length_ms: int) -> dict[str, Any]:
    """The step in which somebody gets ready; the coach says so where there is time for it."""
    said = {"say": "Get ready."} if length_ms >= _TIME_TO_SAY_MS else {}
    return {"rest": _duration(length_ms), **said}


def checked_interval_text(names: str, work_ms: int, rest_ms: int, rounds: int, prepare_ms: int = PREPARE_MS) -> str:
    """A session of intervals as `interval_text` makes it, of what somebody typed.

    Args:
        names: The exercises of a round with commas between them; empty for one called "Work".
        work_ms: How long each lasts.
        rest_ms: How long a rest lasts.
        rounds: How many rounds.
        prepare_ms: The time to get ready.

    Raises:
        NotationError: Something of it cannot be in a session; the message says what.
    """
    if work_ms <= 0:
        raise NotationError(_("work needs a time, such as 30"))
    if not 1 <= rounds <= MAX_INTERVAL_ROUNDS:
        raise NotationError(_("there may be 1 to {most} rounds").format(most=MAX_INTERVAL_ROUNDS))
    escaped = names.replace("{", "{{").replace("}", "}}")
    # The file says that it is in English.
    exercises = [clean_text(part) for part in escaped.split(",") if part.strip()] or ["Work"]
    if len(exercises) > MAX_INTERVAL_NAMES:
        raise NotationError(_("a round has at most {most} exercises").format(most=MAX_INTERVAL_NAMES))
    return interval_text(exercises, work_ms, rest_ms, rounds, prepare_ms)


def keep_intervals(text: str) -> Path:
    """Write intervals among the files that the program keeps, so that a run is in the history and can be resumed.

    Raises:
        OSError: They cannot be written.
    """
    from hashlib import sha256

    path = paths.data_dir() / "intervals" / f"intervals-{sha256(text.encode()).hexdigest()[:12]}.toml"
    make_private_folder(path.parent)
    with atomic_write(path) as stream:
        stream.write(text.encode())
    return path


def save_intervals(text: str, name: str) -> Path:
    """Write intervals as a session of the user's own, under a name that is not taken.

    Args:
        text: The session.
        name: What its file is named after.

    Raises:
        OSError: It cannot be written.
    """
    stem = file_stem(name, "intervals")
    folder = paths.own_sessions_dir()
    make_private_folder(folder)
    path, number = folder / f"{stem}.toml", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.toml"
    with atomic_write(path) as stream:
        stream.write(text.encode())
    return path


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
