"""The doses of a session in words, with their ranges, as they stand on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from timer_app.core.compiler.contents import Exercise, Group
from timer_app.core.i18n import _, ngettext
from timer_app.core.wording.doses import amount_text, dose_text
from timer_app.core.wording.formatting import count_text, exact_length_text


def exercise_dose(exercise: Exercise) -> str:
    """`2 × 20 s to 30 s each side`: how much, from the low to the high end of its range."""
    low, high = exercise.work.dose, exercise.most.dose
    least, most = dose_text(low), dose_text(high)
    if least == most:
        return least
    amounts = [amount_text(dose.kind, dose.amount, dose.unit) for dose in (low, high)]
    is_amount_alone = replace(low, amount=high.amount) == high and amounts[0] in least
    if is_amount_alone:
        return least.replace(amounts[0], _range(*amounts), 1)
    return _("{low} to {high}").format(low=least, high=most)


def _range(low: str, high: str) -> str:
    """The two ends with a dash between them; the unit stands once where both have the same."""
    number, _blank, unit = low.partition(" ")
    other, _blank, other_unit = high.partition(" ")
    if unit == other_unit or (number.isdigit() and other.isdigit() and unit and other_unit):
        return f"{number}\N{EN DASH}{high}"
    return f"{low} \N{EN DASH} {high}"


def exercise_notes(exercise: Exercise) -> list[str]:
    """What belongs to a dose: its tempo or parts, and its rests."""
    work = exercise.work
    notes = []
    if work.parts and (work.has_tempo or work.kind == "flow"):
        parts = ", ".join(f"{part.name} {exact_length_text(part.duration_ms)}".strip() for part in work.parts)
        notes.append(parts if work.kind == "flow" else _("tempo: {parts}").format(parts=parts))
    if work.self_paced and not work.is_open:
        notes.append(_("at your own pace"))
    if work.sets > 1 and work.rest_ms:
        notes.append(_("rest {length} between sets").format(length=exact_length_text(work.rest_ms)))
    if len(work.sides) > 1 and work.switch_ms:
        notes.append(_("{length} to change sides").format(length=exact_length_text(work.switch_ms)))
    if work.overrun:
        notes.append(_("go on for as long as you like"))
    return notes


def group_notes(group: Group) -> list[str]:
    """How often the steps of a group are done, and what lies between them."""
    notes = list(_rounds(group))
    if group.rest_ms and group.most_rounds > 1:
        notes.append(_("rest {length} between rounds").format(length=exact_length_text(group.rest_ms)))
    if group.between_ms:
        notes.append(_("rest {length} between exercises").format(length=exact_length_text(group.between_ms)))
    if group.by_sides:
        notes.append(_("all on the left side, then all on the right"))
    if group.picks:
        some = ngettext("{count} of these, another one each time", "{count} of these, others each time", group.picks)
        notes.append(some.format(count=group.picks))
    if group.shuffled:
        notes.append(_("in any order"))
    return notes


def _rounds(group: Group) -> Iterator[str]:
    """How many rounds there are, and in what time."""
    time = exact_length_text(group.within_ms)
    if group.within_ms and not group.rounds:
        yield _("as many rounds as possible in {time}").format(time=time)
    elif group.most_rounds > 1 or group.every_ms or group.within_ms:
        rounds = count_text(group.most_rounds, "round")
        yield rounds if group.most_rounds == group.rounds else f"{group.rounds}\N{EN DASH}{rounds}"
        if group.within_ms:
            yield _("within {time}").format(time=time)
    if group.every_ms:
        yield _("a round begins every {time}").format(time=exact_length_text(group.every_ms))
