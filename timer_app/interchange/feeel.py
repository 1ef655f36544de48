"""Reads the workouts of Feeel, which know exercises by their number at wger and not by their name."""

from __future__ import annotations

from collections.abc import Iterator

from timer_app.core.fields import DoseRange
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import INTERNAL, NOTHING, ZERO, Node, ledger
from timer_app.interchange.model import Imported, ImportedSession, Rest, Step, Work
from timer_app.interchange.source import Source

NAME = "feeel"
TITLE = "Feeel"

NUMBERED = N_("the file has only the number of the exercise at wger; give it a name")
FIRST_BREAK = N_("there is no break before the first exercise")
TRANSLATIONS = N_("a translation is a file of its own")
CATEGORY = N_("a folder may stand for it")


def sniff(source: Source) -> bool:
    """Whether it is a workout of that app."""
    root = source.json
    return root is not None and root.has("fullWorkout")


def read(source: Source) -> Imported:
    """The workout of a file, as one session."""
    root = source.json
    whole = root.table("fullWorkout") if root is not None else None
    if root is None or whole is None:
        return Imported((), ledger(root) if root is not None else ())
    root.lose(INTERNAL, "feeelMetadataVersion", "exerciseDbImport")
    sessions = tuple(_session(whole, source))
    return Imported(sessions, ledger(root))


def _session(whole: Node, source: Source) -> Iterator[ImportedSession]:
    workout = whole.table("workout")
    if workout is None:
        return
    workout.lose(INTERNAL, "id", "type", "cachedLastUse")
    workout.lose(CATEGORY, "category")
    workout.lose(TRANSLATIONS, "translationJson")
    name = workout.name("title", source.stem or TITLE)
    countdown_ms = workout.milliseconds("countdownDuration")
    work_ms, break_ms = workout.milliseconds("exerciseDuration"), workout.milliseconds("breakDuration")
    ready: list[Step] = [Rest(countdown_ms, "Get ready")] if countdown_ms else []
    rows = whole.items("workoutExercises")
    rows.sort(key=lambda row: row.number("orderPosition"))
    steps = [step for row in rows for step in _exercise(row, work_ms, break_ms)]
    if steps and isinstance(steps[0], Rest):
        rows[0].change("breakDuration", FIRST_BREAK)
        steps = steps[1:]
    if not any(isinstance(step, Work) for step in steps):
        workout.refuse("title", NOTHING)
        return
    yield ImportedSession(name, (*ready, *steps), language=source.language)


def _exercise(row: Node, work_ms: int, break_ms: int) -> Iterator[Step]:
    row.lose(INTERNAL, "workoutId", "id")
    length_ms = row.milliseconds("exerciseDuration", default_ms=work_ms)
    rest_ms = row.milliseconds("breakDuration", default_ms=break_ms)
    if not length_ms:
        row.forget(ZERO)
        return
    number = row.identifier("exercise")
    row.change("exercise", NUMBERED)
    if rest_ms:
        yield Rest(rest_ms)
    yield Work(f"Exercise {number}", (DoseRange(length_ms, length_ms),))
