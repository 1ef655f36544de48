"""Which lines of a session are recordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from timer_app.core.compiler.unroll import leaves
from timer_app.core.fields.template import fill, plain
from timer_app.core.session.exercise import Exercise
from timer_app.core.session.model import RestStep, SayStep, Session, Step, WaitStep, WorkStep
from timer_app.core.session.phrases import Phrases


class Recorded(NamedTuple):
    """The file of a line.

    Attributes:
        file: Its path, as its author says it.
        exercise: The exercise of the catalogue beside which it lies; empty for one beside the session.
    """

    file: str
    exercise: str = ""


def recordings(session: Session, catalogue: Mapping[str, Exercise], phrases: Phrases) -> dict[str, Recorded]:
    """The file of every line that is recorded, by the line as it is spoken; the first one where there are several.

    Args:
        session: Whose lines.
        catalogue: The exercises in its language.
        phrases: The coach's words in its language.
    """
    found: dict[str, Recorded] = {}
    for leaf in leaves(session.steps):
        for line, recorded in _of_step(leaf.step, catalogue):
            found.setdefault(plain(line), recorded)
    opening = fill(phrases.opening, {"name": plain(session.name)})
    for line, file in (opening, session.recordings.opening), (phrases.done, session.recordings.closing):
        if file:
            found.setdefault(line, Recorded(file))
    return found


def _of_step(step: Step, catalogue: Mapping[str, Exercise]) -> Iterator[tuple[str, Recorded]]:
    """The line of a step that is recorded, if it has one."""
    match step:
        case WaitStep(wait=said) | RestStep(say=said) | SayStep(say=said) | WorkStep(say=said):
            if said and step.recording:
                yield said, Recorded(step.recording)
    used = catalogue.get(step.exercise or "") if isinstance(step, WorkStep) and step.say is None else None
    if isinstance(step, WorkStep) and used and used.recording:
        yield used.say, Recorded(used.recording, step.exercise or "")
