"""A session as Markdown: for notes, wikis and messages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from timer_app.core.compiler.contents import Contents, Exercise, Group, Item, Rest, Words
from timer_app.core.i18n import _, texts_in
from timer_app.core.wording.formatting import equipment_text, exact_length_text, rough_text
from timer_app.sharing.doses_text import exercise_dose, exercise_notes, group_notes

# Whatever means something in Markdown, or would be taken for a tag; at the start of a line also what makes a list.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_START = re.compile(r"^(\d+)([.)])|^([-+])")


def markdown_text(contents: Contents, length_ms: int) -> str:
    """A session as Markdown.

    Args:
        contents: The session.
        length_ms: How long it takes.
    """
    with texts_in(contents.language):
        return "\n".join(_lines(contents, length_ms)) + "\n"


def _lines(contents: Contents, length_ms: int) -> list[str]:
    lines = [f"# {escaped(contents.name)}", ""]
    if contents.summary:
        lines += [escaped(contents.summary), ""]
    facts = [rough_text(length_ms), equipment_text(contents.equipment)]
    lines += [escaped(" · ".join(filter(None, facts))), ""]
    lines += [f"> {escaped(caution)}" for caution in contents.cautions]
    lines += [""] if contents.cautions else []
    return [*lines, *_items(contents.items, "")]


def escaped(text: str) -> str:
    """A text of somebody's as Markdown shows it: as it is."""
    return _START.sub(_escaped_start, _SIGNS.sub(r"\\\1", text))


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}"


def _items(items: Sequence[Item], indent: str) -> Iterator[str]:
    for item in items:
        match item:
            case Exercise():
                yield from _exercise(item, indent)
            case Rest(lasts_ms=lasts_ms, text=text):
                rest = _("Rest {length}").format(length=exact_length_text(lasts_ms))
                yield f"{indent}- {escaped(': '.join(filter(None, (rest, text))))}"
            case Words(text=text, waits=waits):
                yield f"{indent}- {'☐ ' if waits else ''}*{escaped(text)}*"
            case Group():
                name = f"**{escaped(item.name or _('Block'))}**"
                yield f"{indent}- {', '.join((name, *map(escaped, group_notes(item))))}"
                yield from (f"{indent}    > {escaped(caution)}" for caution in item.cautions)
                yield from _items(item.items, f"{indent}    ")


def _exercise(exercise: Exercise, indent: str) -> Iterator[str]:
    dose = ", ".join((exercise_dose(exercise), *exercise_notes(exercise)))
    yield f"{indent}- **{escaped(exercise.name)}**: {escaped(dose)}"
    if exercise.instruction:
        yield f"{indent}    {escaped(exercise.instruction)}"
