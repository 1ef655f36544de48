"""Takes a link that was pasted into the list: shows what would be written, asks, and writes it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from textual.app import App

from timer_app.core.diagnostics import FileFault, printable
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.formatting import count_text, rough_text
from timer_app.interchange import ImportedFile, PlannedFile, write_planned
from timer_app.library import Library
from timer_app.sharing import Received, ShareError, receive
from timer_app.sharing.link import read_link
from timer_app.tui.dialogs import ConfirmScreen
from timer_app.tui.widgets.text_layout import joined_lines


async def offer_link(app: App[Any], library: Library, text: str) -> tuple[str, Path | None]:
    """Show what a link holds, and store it if the user says so; to be awaited in a worker.

    Args:
        app: Asks.
        library: The sessions and exercises that there are.
        text: The link.

    Returns:
        What to tell the user, and the file of the session that is there now; `None` for none.
    """
    try:
        found = await asyncio.to_thread(lambda: receive(library, Received(read_link(text))))
    except ShareError as error:
        return printable(str(error)), None
    except FileFault as fault:
        faults = count_text(len(fault.problems), "fault")
        told = _("What is shared has {faults}: {first}").format(faults=faults, first=fault.problems[0].headline)
        return printable(told), None
    session = next((file.path for file in found.files if file.kind == "session"), None)
    new = [file for file in found.files if file.status == "new"]
    if not new:
        return _("Everything is there already; nothing was written."), session
    question = _("Import “{name}”?").format(name=printable(without_placeholders(found.files[0].name)))
    answers = _("No, change nothing  (n)"), _("Yes, import it  (y)")
    if not await app.push_screen_wait(ConfirmScreen(question, _remark(found, new), answers)):
        return _("Nothing was written."), None
    try:
        await asyncio.to_thread(write_planned, new)
    except OSError as error:
        return printable(str(error)), None
    return ngettext("Wrote {count} file.", "Wrote {count} files.", len(new)).format(count=len(new)), session


def _remark(found: ImportedFile, new: list[PlannedFile]) -> str:
    """The files that would be written, and what is another one than was shared."""
    changes = (f"{entry.key}: {entry.shown_note}" for entry in found.ledger if entry.fate != "taken")
    return joined_lines([*map(_file_line, new), *changes])


def _file_line(file: PlannedFile) -> str:
    """`mornings.toml, 5 min`, `mornings.toml, 2 exercises`."""
    if file.kind == "exercises":
        count = int(file.name)
        what = ngettext("{count} exercise", "{count} exercises", count).format(count=count)
        return f"{file.path.name}, {what}"
    return f"{file.path.name}, {rough_text(file.length_ms)}"
