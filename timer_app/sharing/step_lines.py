"""The steps of a session as plain lines, each with its dose: a preview of what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from timer_app.core.compiler.contents import Contents, Exercise, Group, Item, Rest, Words
from timer_app.core.i18n import _
from timer_app.core.wording.formatting import exact_length_text
from timer_app.sharing.doses_text import exercise_dose, exercise_notes, group_notes


def step_lines(contents: Contents) -> list[str]:
    """The steps of a session, those of a block further in; instructions and cues are left out."""
    return list(_lines(contents.items, ""))


def _lines(items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        match item:
            case Exercise():
                dose = ", ".join(filter(None, (exercise_dose(item), *exercise_notes(item))))
                yield f"{indent}{item.name}: {dose}" if dose else f"{indent}{item.name}"
            case Rest(lasts_ms=lasts_ms):
                yield f"{indent}{_('Rest {length}').format(length=exact_length_text(lasts_ms))}"
            case Words(text=text, waits=waits):
                yield f"{indent}“{text}”" + (f" ({_('waits')})" if waits else "")
            case Group():
                yield f"{indent}{', '.join((item.name or _('Block'), *group_notes(item)))}"
                yield from _lines(item.items, f"{indent}  ")
