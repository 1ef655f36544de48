"""How well a session is known: how often it has been done lately, which decides how much of it is still explained."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from timer_app.history.database import HistoryError
from timer_app.history.run_log import sha256

if TYPE_CHECKING:
    from timer_app.history import Store
    from timer_app.run.options import RunOptions

BREAK = timedelta(weeks=3)  # after so long without a session, it is explained again


def resolve_familiarity(options: RunOptions, store: Store, session_id: str, text: str, today: date) -> RunOptions:
    """Options with how often a session has been done since the last break or change, and with the wordings of today.

    They are returned unchanged where that is set.

    Args:
        options: How to run the session.
        store: The history; if it cannot be read, everything is explained.
        session_id: The id of the session.
        text: The text of its file.
        today: The day.
    """
    if options.times_done is not None:
        return options
    from timer_app.history.earlier_results import performances_of

    try:
        count, performances = store.query(lambda base: performances_of(base, session_id))
    except HistoryError:
        return options
    times_done, before, text_hash = 0, today, sha256(text)
    for day, one_hash in performances:
        if before - day > BREAK or one_hash != text_hash:
            break
        times_done, before = times_done + 1, day
    return replace(options, times_done=times_done, wording=zlib.crc32(f"{session_id} {count}".encode()))
