"""Reads the workouts of Just Another Workout Timer, exported (a backup) or shared (one workout)."""

from __future__ import annotations

from collections.abc import Iterator

from timer_app.core.fields import DoseRange
from timer_app.interchange.json_source import CALLED_REST, INTERNAL, NOTHING, ORDER, ZERO, Node, ledger
from timer_app.interchange.model import Block, Imported, ImportedSession, Rest, Step, Work, all_sessions, is_to_do
from timer_app.interchange.source import Source
from timer_app.interchange.texts import is_rest, rest_words

NAME = "jawt"
TITLE = "Just Another Workout Timer"

_DEFAULT_MS = 30_000


def sniff(source: Source) -> bool:
    """Whether it is a backup or a workout of that app."""
    root = source.json
    if root is None:
        return False
    workouts = root.find("workouts")
    if workouts is not None and isinstance(workouts.data, list):
        return not workouts.data or any(_is_workout(node) for node in workouts.data)
    return _is_workout(root)


def _is_workout(node: Node) -> bool:
    sets = node.find("sets")
    if sets is None or not isinstance(sets.data, list):
        return False
    return all(one.has("exercises") for one in sets.data if one.is_table)


def read(source: Source) -> Imported:
    """The workouts of a file, each a session."""
    root = source.json
    if root is None:
        return Imported()
    workouts = root.items("workouts") if root.has("workouts") else [root]
    return Imported(all_sessions(_session(workout, source) for workout in workouts), ledger(root))


def _session(workout: Node, source: Source) -> Iterator[ImportedSession]:
    name = workout.name("title", source.stem or TITLE)
    workout.number("version")
    workout.number("position")
    workout.lose(INTERNAL, "id")
    workout.change("position", ORDER)
    steps = tuple(step for one in workout.items("sets") for step in _set(one))
    if not is_to_do(steps):
        workout.refuse("title", NOTHING)
        return
    yield ImportedSession(name, steps, language=source.language)


def _set(node: Node) -> Iterator[Step]:
    node.lose(INTERNAL, "id")
    rounds = node.count("repetitions")
    steps = [
        step
        for number, exercise in enumerate(node.items("exercises"), 1)
        for step in _exercise(exercise, f"Exercise {number}")
    ]
    if rounds == 1:
        yield from steps
    elif steps:
        yield Block(tuple(steps), rounds=rounds)


def _exercise(node: Node, fallback: str) -> Iterator[Step]:
    node.lose(INTERNAL, "id")
    length_ms = node.milliseconds("duration", default_ms=_DEFAULT_MS)
    if not length_ms:
        node.forget(ZERO)
        return
    name = node.name("name", fallback)
    if is_rest(name):
        node.change("name", CALLED_REST)
        yield Rest(length_ms, rest_words(name))
    else:
        yield Work(name, (DoseRange(length_ms, length_ms),))
