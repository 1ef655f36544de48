"""`timer-app today`: shows what the active programme wants today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from timer_app.cli.commands.programme import NO_PROGRAMME, load_schedule, session_entries, today_lines
from timer_app.cli.options import AS_JSON, examples
from timer_app.cli.output import echo_json, echo_lines
from timer_app.cli.resources import active_programme
from timer_app.core.i18n import _

if TYPE_CHECKING:
    from timer_app.run.programme import Schedule


@click.command(epilog=examples("today", "today --json"))
@AS_JSON
def today(*, as_json: bool) -> None:
    """Show what the programme that you follow wants today."""
    schedule = load_schedule(active_programme())
    if as_json:
        echo_json(_as_json(schedule) if schedule else None)
    else:
        echo_lines(today_lines(schedule, session_entries()) if schedule else [_(NO_PROGRAMME)])


def _as_json(schedule: Schedule) -> dict[str, object]:
    programme = schedule.active_programme.programme
    return {
        "programme": schedule.active_programme.id,
        "name": programme.name,
        "from": schedule.active_programme.start.isoformat(),
        "until": schedule.last_day.isoformat(),
        "today": schedule.today.isoformat(),
        "week": schedule.week,
        "weeks": programme.length,
        "level": schedule.due.level if schedule.due else None,
        "due": list(schedule.due.sessions) if schedule.due else [],
        "entries": [
            {"session": entry.session, "at": f"{entry.at:%H:%M}" if entry.at else None, "done": is_done}
            for entry, is_done in schedule.entries
        ],
        "done": list(schedule.done),
        "left": list(schedule.remaining),
        "next": schedule.next_due.day.isoformat() if schedule.next_due else None,
        "streak": schedule.streak,
    }
