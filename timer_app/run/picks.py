"""Which steps of a session are done today: those chosen by chance, not those of last time; or as time allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from timer_app.core.i18n import _
from timer_app.core.wording.formatting import length_text
from timer_app.history.database import HistoryError
from timer_app.history.run_log import exercise_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from timer_app.core.session.model import Session
    from timer_app.core.timeline import Timeline
    from timer_app.history import Store
    from timer_app.run.options import RunOptions


def resolve_picks(options: RunOptions, session: Session, store: Store, session_id: str, today: date) -> RunOptions:
    """Options with what is left out of a session of which some steps are chosen by chance.

    The last record of the session decides, so that what is shown before a run is what the run does.

    Args:
        options: How to run the session.
        session: The session.
        store: The history; if it cannot be read, the day decides.
        session_id: The id of the session.
        today: The day.
    """
    from timer_app.core.compiler import picks
    from timer_app.core.session.model import WorkStep

    if options.left_out is not None or not any(picks.picks_of(session)):
        return options
    from timer_app.history.earlier_results import last_exercises

    try:
        record, done = store.query(lambda base: last_exercises(base, session_id))
    except HistoryError:
        record, done = "", frozenset[str]()
    chance = str(options.seed) if options.seed is not None else record or f"{session_id} {today}"
    left_out = picks.left_out_by_chance(
        session,
        chance,
        lambda flat_step: (
            isinstance(flat_step.step, WorkStep)
            and exercise_name(flat_step.step.exercise or "", flat_step.step.name or "") in done
        ),
    )
    return replace(options, left_out=left_out)


def left_out_notices(timeline: Timeline, max_ms: int | None) -> list[str]:
    """What the user should know of a session that was to take no longer than some time; nothing for any time."""
    if max_ms is None:
        return []
    length = length_text(timeline.total_ms)
    if timeline.total_ms > max_ms:
        text = _("It takes {time}: only what has priority 1 is left, and that is longer than asked for.")
        return [text.format(time=length)]
    names = dict.fromkeys(step.name for step in timeline.steps if step.is_left_out)
    if not names:
        return []
    return [_("Left out, so that it takes {time}: {names}.").format(time=length, names=", ".join(names))]


def left_out_anew(names: Sequence[str], before: Sequence[str], planned_ms: int, max_ms: int | None) -> list[str]:
    """What the user should know of a session that was changed in mid-run and fitted into its time again.

    Args:
        names: The steps for which there is no time.
        before: Those for which there was none.
        planned_ms: How long it takes.
        max_ms: How long it was to take; `None` for any time.
    """
    if max_ms is None:
        return []
    length, left_out = length_text(planned_ms), ", ".join(names)
    if planned_ms > max_ms:
        text = (
            _("It takes {time} now, longer than asked for, without {names}.")
            if names
            else _("It takes {time} now, longer than asked for.")
        )
        return [text.format(time=length, names=left_out)]
    if set(names) == set(before):
        return []
    if not names:
        return [_("Nothing is left out any more: it takes {time}.").format(time=length)]
    return [_("Left out, so that it takes {time}: {names}.").format(time=length, names=left_out)]
