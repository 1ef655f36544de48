"""Reads the timers of OpenHIIT, in its present form and in that of versions before 2.0."""

from __future__ import annotations

from collections.abc import Iterator

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNT
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import (
    COLOUR,
    HALF,
    INTERNAL,
    MAX_VALUES,
    NOTHING,
    ORDER,
    SOUNDS,
    ZERO,
    Node,
    ledger,
    parse_json,
)
from timer_app.interchange.model import (
    Block,
    Imported,
    ImportedSession,
    InterchangeError,
    Rest,
    Step,
    Work,
    all_sessions,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned_name

NAME = "openhiit"
TITLE = "OpenHIIT"

_MAX_EXERCISES = MAX_COUNT  # as many work intervals as there may be
_MAX_NUMBERED = 20  # exercises that get a number as their name beside others that have one
_READY_MS = 10_000
_NEW, _OLD = "timeSettings", "exerciseTime"
_EMBEDDED = ("timeSettings", "soundSettings", "activities", "exercises")

COUNTED = N_("follows from the steps")
DISPLAY = N_("times are always shown in minutes and seconds")
NOT_NAMED = N_("there are {count} work intervals; those without a name are numbered")
NO_BREAK = N_("there is only one round, so there is no break")
EMBEDDED = N_("the text in it is not JSON, so it is left out")
TOO_MANY = N_("has more than {most} exercises")


def sniff(source: Source) -> bool:
    """Whether it is a list of such timers, or one of them."""
    root = source.json
    if root is None:
        return False
    timers = root.data if isinstance(root.data, list) else [root]
    return bool(timers) and any(_is_timer(node) for node in timers)


def _is_timer(node: Node) -> bool:
    return node.has(_NEW) or node.has(_OLD) or node.has("numExercises", "exercises")


def read(source: Source) -> Imported:
    """The timers of a file, each a session."""
    root = source.json
    if root is None:
        return Imported()
    timers = root.elements() if isinstance(root.data, list) else [root]
    left = MAX_VALUES
    for timer in timers:
        for key in _EMBEDDED:
            left -= _embedded(timer, key, left)
    return Imported(all_sessions(_session(timer, source) for timer in timers), ledger(root))


def _embedded(node: Node, key: str, most: int) -> int:
    """Put in the place of a text the JSON that it holds, as if that stood there; gives how many values that are."""
    found = node.find(key)
    if found is None or not isinstance(found.data, str):
        return 0
    if not found.data.strip():
        found.mark("taken")
        found.data = None
        return 0
    try:
        return found.put(parse_json(found.data, most))
    except InterchangeError:
        found.mark("lost", EMBEDDED)
        return 0


def _session(timer: Node, source: Source) -> Iterator[ImportedSession]:
    is_new = timer.has(_NEW)
    name_key = "name" if is_new else "title"
    name = timer.name(name_key, source.stem or TITLE)
    timer.lose(INTERNAL, "id")
    timer.lose(COLOUR, "color", "colorInt")
    timer.lose(ORDER, "timerIndex", "workoutIndex")
    timer.lose(DISPLAY, "showMinutes")
    times = timer.table(_NEW) if is_new else timer
    has_half = _sounds(timer)
    names_key, count_key = ("activities", "activeIntervals") if is_new else ("exercises", "numExercises")
    names = _names(timer, names_key)
    count = timer.count(count_key, max(1, len(names)))
    if count < len(names):
        timer.change(count_key, NOT_NAMED, count=len(names))
    count = max(count, len(names))
    if len(names) < count and (found := timer.find(count_key if names else names_key)) and found.fate != "changed":
        found.mark("changed", NOT_NAMED, count=count)
    steps = tuple(_steps(times, names, count, is_new=is_new)) if times is not None else ()
    if not any(isinstance(step, Work | Block) for step in steps):
        timer.refuse(name_key, NOTHING)
        return
    _check_sums(timer)
    yield ImportedSession(name, steps, language=source.language, marks="halves" if has_half else "none")


def _sounds(timer: Node) -> bool:
    """Whether the half is marked; all other sounds are the coach's own."""
    has_half = timer.flag("halfwayMark")
    timer.lose(SOUNDS, "completeSound", *(f"{kind}Sound" for kind in ("work", "rest", "halfway", "end", "countdown")))
    sounds = timer.table("soundSettings")
    if sounds is None:
        return has_half
    sounds.lose(INTERNAL, "id", "timerId")
    half = sounds.raw("halfwaySound").strip().lower()
    if half and half != "none":
        sounds.change("halfwaySound", HALF)
        has_half = True
    for key in ("workSound", "restSound", "endSound", "countdownSound", "breakSound"):
        sounds.lose(SOUNDS, key)
    return has_half


def _names(timer: Node, key: str) -> list[str]:
    found = []
    for number, node in enumerate(timer.items(key, tables=False)[:_MAX_EXERCISES], 1):
        name, reason = cleaned_name(node.own_text())
        if reason:
            node.mark("changed", reason)
        found.append(name or f"Work {number}")
    rest = timer.items(key, tables=False)[_MAX_EXERCISES:]
    for node in rest:
        node.mark("lost", TOO_MANY, most=_MAX_EXERCISES)
    return found


def _steps(times: Node, names: list[str], count: int, *, is_new: bool) -> Iterator[Step]:
    if is_new:
        times.lose(INTERNAL, "id", "timerId")
    work_ms = times.milliseconds("workTime" if is_new else _OLD)
    rest_ms, break_ms = times.milliseconds("restTime"), times.milliseconds("breakTime")
    warm_ms, cool_ms = times.milliseconds("warmupTime"), times.milliseconds("cooldownTime")
    ready_ms = times.milliseconds("getReadyTime", default_ms=_READY_MS if is_new else 0)
    times.lose(SOUNDS, "halfTime")
    # How often it starts again; the app moves old timers over in the same way.
    rounds = 1 + times.count("restarts" if is_new else "iterations", 0, least=0)
    if ready_ms:
        yield Rest(ready_ms, "Get ready")
    if warm_ms:
        yield _work("Warm up", warm_ms)
    if not work_ms:
        times.change("workTime" if is_new else _OLD, ZERO)
    else:
        if rounds == 1 and break_ms:
            times.change("breakTime", NO_BREAK)
        yield _circuit(names, count, (work_ms, rest_ms, break_ms), min(rounds, MAX_COUNT))
    if cool_ms:
        yield _work("Cool down", cool_ms)


def _circuit(names: list[str], count: int, lengths_ms: tuple[int, int, int], rounds: int) -> Block:
    """The work of a timer; without names one exercise that is numbered by its rounds."""
    work_ms, rest_ms, break_ms = lengths_ms
    if names:
        works: tuple[Step, ...] = tuple(_work(name, work_ms) for name in names)
        more = count - len(names)
        if more <= _MAX_NUMBERED:
            works += tuple(_work(f"Work {number}", work_ms) for number in range(len(names) + 1, count + 1))
        else:
            works += (_numbered(more, work_ms, rest_ms),)
        return Block(works, "", rounds, break_ms if rounds > 1 else 0, rest_ms or None)
    once = _numbered(count, work_ms, rest_ms)
    return once if rounds == 1 else Block((once,), "", rounds, break_ms)


def _numbered(count: int, work_ms: int, rest_ms: int) -> Block:
    """Work without names, as rounds: written one by one, a few bytes could ask for very much."""
    return Block((_work("Work {round}", work_ms),), "", count, rest_ms)


def _work(name: str, length_ms: int) -> Work:
    return Work(name, (DoseRange(length_ms, length_ms),))


def _check_sums(timer: Node) -> None:
    """Note that the sums in a timer follow from its times."""
    for key in ("totalTime", "intervals"):
        timer.number(key)
        timer.change(key, COUNTED)
