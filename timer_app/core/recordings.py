"""Which lines of a session are recordings."""

from __future__ import annotations

from timer_app.core.flatten import leaves
from timer_app.core.model import RestStep, SayStep, Session, Step, WaitStep, WorkStep
from timer_app.core.texts import plain


def recordings(session: Session) -> dict[str, str]:
    """The file of every line that is recorded, by the line as it is spoken; the first one where there are several."""
    found: dict[str, str] = {}
    for leaf in leaves(session.steps):
        step = leaf.step
        said = _said(step)
        if said and (recording := getattr(step, "recording", None)):
            found.setdefault(plain(said), recording)
    return found


def _said(step: Step) -> str | None:
    """The line of a step that may be recorded."""
    match step:
        case RestStep(say=say) | SayStep(say=say) | WorkStep(say=say):
            return say
        case WaitStep(wait=wait):
            return wait
    return None
