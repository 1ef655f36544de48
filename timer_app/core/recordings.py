"""Which lines of a session are recordings."""

from __future__ import annotations

from timer_app.core.flatten import leaves
from timer_app.core.model import SayStep, Session, WorkStep
from timer_app.core.texts import plain


def recordings(session: Session) -> dict[str, str]:
    """The file of every line that is recorded, by the line as it is spoken; the first one where there are several."""
    found: dict[str, str] = {}
    for leaf in leaves(session.steps):
        step = leaf.step
        if isinstance(step, SayStep | WorkStep) and step.recording and step.say:
            found.setdefault(plain(step.say), step.recording)
    return found
