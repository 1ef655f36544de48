"""A session as a TCX workout: for watches and programs that are too old for FIT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from timer_app.core.i18n import N_, _
from timer_app.interchange import LedgerEntry
from timer_app.sharing.bundle import ShareError
from timer_app.sharing.watch_steps import Repeat, WatchStep, Workout

_NAMESPACE: Final = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE: Final = f"{{{_XSI}}}type"
MAX_NAME: Final = 15
MAX_STEPS: Final = 20
MAX_REPEATS: Final = 99
REPS = N_("TCX knows no reps: the step ends when you press the lap button, and its name says how many")
NO_NOTES = N_("TCX has no notes for a step: the instruction is not there")


def tcx_of(workout: Workout) -> tuple[bytes, tuple[LedgerEntry, ...]]:
    """A workout as TCX, and what became of what TCX cannot say.

    Args:
        workout: The workout.

    Raises:
        ShareError: It has more steps than TCX takes.
    """
    ledger = list(workout.ledger)
    register_namespace("", _NAMESPACE)
    register_namespace("xsi", _XSI)
    root = Element(_tag("TrainingCenterDatabase"))
    inside = SubElement(SubElement(root, _tag("Workouts")), _tag("Workout"), {"Sport": "Other"})
    SubElement(inside, _tag("Name")).text = _short(workout.name)
    numbers = iter(range(1, MAX_STEPS + 1))
    for step in workout.steps:
        if not isinstance(step, Repeat):
            _fill(_numbered(inside, "Step", "Step_t", numbers, workout), step)
            continue
        # More repeats than one may have follow in others.
        for done in range(0, step.times, MAX_REPEATS):
            repeat = _numbered(inside, "Step", "Repeat_t", numbers, workout)
            SubElement(repeat, _tag("Repetitions")).text = str(min(MAX_REPEATS, step.times - done))
            for child in step.steps:
                _fill(_numbered(repeat, "Child", "Step_t", numbers, workout), child)
    if any(step.kind == "reps" for step in workout.each_step):
        ledger.append(LedgerEntry(0, "", "", "changed", REPS))
    if any(step.notes for step in workout.each_step):
        ledger.append(LedgerEntry(0, "", "", "lost", NO_NOTES))
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True), tuple(ledger)


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _numbered(parent: Element, name: str, kind: str, numbers: Iterator[int], workout: Workout) -> Element:
    number = next(numbers, None)
    if number is None:
        raise ShareError(
            _("{name} has more than the {most} steps that TCX takes; --to fit takes more").format(
                name=workout.name, most=MAX_STEPS
            )
        )
    element = SubElement(parent, _tag(name), {_TYPE: kind})
    SubElement(element, _tag("StepId")).text = str(number)
    return element


def _fill(element: Element, step: WatchStep) -> None:
    name = f"{step.amount} {step.name}" if step.kind == "reps" else step.name
    SubElement(element, _tag("Name")).text = _short(name)
    if step.kind == "time":
        duration = SubElement(element, _tag("Duration"), {_TYPE: "Time_t"})
        SubElement(duration, _tag("Seconds")).text = str(max(1, round(step.amount / 1_000)))
    elif step.kind == "distance":
        duration = SubElement(element, _tag("Duration"), {_TYPE: "Distance_t"})
        SubElement(duration, _tag("Meters")).text = str(max(1, round(step.amount / 1_000)))
    else:
        SubElement(element, _tag("Duration"), {_TYPE: "UserInitiated_t"})
    SubElement(element, _tag("Intensity")).text = "Resting" if step.is_rest else "Active"
    SubElement(element, _tag("Target"), {_TYPE: "None_t"})


def _short(name: str) -> str:
    return name[:MAX_NAME].strip() or "Workout"
