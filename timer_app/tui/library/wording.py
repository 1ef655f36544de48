"""What the list says beside its sessions: how to fill an empty list or mend a file, and when one was last done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from timer_app.core.diagnostics import printable
from timer_app.core.i18n import _
from timer_app.tui.key_bindings import first_key
from timer_app.tui.library.filter import relative_date

if TYPE_CHECKING:
    from timer_app.library import SessionEntry
    from timer_app.tui.library.filter import SessionActivity


def empty_list_text(words: str, limits: str, keys: Mapping[str, str]) -> str:
    """Why no session is shown, and how to see some.

    Args:
        words: What the list is filtered by.
        limits: By what else, in words.
        keys: The user's own keys.
    """
    if not words and not limits:
        return _("There are no sessions.\n\n{how}").format(how=own_session_text(keys))
    criteria = " ".join(part for part in (f"“{words}”" if words else "", f"({limits})" if limits else "") if part)
    text = _(
        "No session fits {criteria}.\n\n{clear} shows all of them again. {find} also finds exercises, settings "
        "and commands."
    )
    return text.format(criteria=criteria, clear=first_key("clear", keys), find=first_key("palette", keys))


def own_session_text(keys: Mapping[str, str]) -> str:
    """How to make a session of one's own."""
    text = _("Make a session of your own: {new} writes one to start from, {edit} edits a copy of the marked one.")
    return text.format(new=first_key("new", keys), edit=first_key("edit", keys))


def faults_remark(path: Path, keys: Mapping[str, str], *, is_followed: bool) -> str:
    """What to do with a file that has faults.

    Args:
        path: The file.
        keys: The user's own keys.
        is_followed: The list reads files again by itself when they change.
    """
    file, edit = printable(str(path)), first_key("edit", keys)
    if is_followed:
        text = _(
            "This file has faults, so it cannot be started. {edit} opens it in the editor. Or mend {path} elsewhere; "
            "what you save is read at once."
        )
        return text.format(path=file, edit=edit)
    text = _(
        "This file has faults, so it cannot be started. {edit} opens it in the editor. Or mend {path} elsewhere, then "
        "press {again}."
    )
    return text.format(path=file, edit=edit, again=first_key("reload", keys))


def session_remark(entry: SessionEntry, activity: SessionActivity, now: datetime) -> str:
    """What a session is for, whether it is due, and when it was last done."""
    done = activity.last_done(entry.id)
    last = _("Last done {when}.").format(when=relative_date(done, now)) if done else ""
    due = (activity.due or {}).get(entry.id, "")
    return "\n".join(part for part in (entry.summary, due, last) if part)
