"""Words for phases and steps: which exercise, set, side, rep and round this is, and what may be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from timer_app.core.i18n import N_, _, ngettext
from timer_app.core.wording.formatting import exact_length_text, length_text, number_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from timer_app.core.timeline import Measure, Phase, StepInfo, Timeline


def set_text(phase: Phase) -> str:
    """`set 1 of 3`; empty where there is only one set."""
    if not phase.set or (phase.sets or 0) <= 1:
        return ""
    return _("set {number} of {total}").format(number=phase.set, total=phase.sets)


def rep_text(phase: Phase) -> str:
    """`rep 4 of 10`; empty where reps are not paced."""
    return _("rep {number} of {total}").format(number=phase.rep, total=phase.reps) if phase.rep and phase.reps else ""


def round_text(phase: Phase) -> str:
    """`round 1 of 3`; empty where there is only one round, or where the user counts them."""
    if not phase.round or (phase.rounds or 0) <= 1:
        return ""
    return _("round {number} of {total}").format(number=phase.round, total=phase.rounds)


def load_text(phase: Phase) -> str:
    """`, 20 kg, RPE 8`: with what and how hard, to follow the dose of a set; empty where neither is said."""
    return "".join(f", {text}" for text in (phase.load, phase.effort) if text)


def set_and_side_text(phase: Phase) -> str:
    """`set 1 of 3 · left`."""
    return " · ".join(filter(None, (set_text(phase), phase.side)))


def position_text(phase: Phase) -> str:
    """`Set 1 of 3 · left · rep 4 of 10 · round 1 of 3`; empty where the phase is none of these."""
    return capitalised(" · ".join(filter(None, (set_and_side_text(phase), rep_text(phase), round_text(phase)))))


def phase_label(phase: Phase, name: str = "", *, with_round: bool = True) -> str:
    """`Wall squat, left, set 1 of 3, round 1 of 3`.

    Args:
        phase: The phase.
        name: What it is called; its own label if empty.
        with_round: Whether the round is named.
    """
    parts = (name or phase.label, phase.side, set_text(phase), round_text(phase) if with_round else "")
    return ", ".join(filter(None, parts))


def with_length(text: str, phase: Phase) -> str:
    """`Wall squat  (30 s)`; without a length for a phase that waits, `(to the end of its round)` where that decides."""
    if phase.until_ms is not None:
        return f"{text}  ({_('to the end of the round')})"
    return f"{text}  ({length_text(phase.duration_ms)})" if phase.duration_ms else text


def part_text(phase: Phase, instruction: str) -> str:
    """`Cat: arch your back  (4 s)`: a part of a flow with its exact length."""
    return f"{with_instruction(phase.part, instruction)}  ({exact_length_text(phase.duration_ms or 0)})"


def with_instruction(name: str, instruction: str) -> str:
    """`Wall squat: back flat`; the name alone where the instruction only repeats it."""
    return f"{name}: {instruction}" if instruction and instruction != name else name


def counted_rounds_text(phase: Phase, counted: int) -> str:
    """`2 rounds done`, `2 of 5 rounds done`: the rounds counted by hand while one clock runs; else empty."""
    if not phase.counts_rounds:
        return ""
    if phase.rounds:
        text = ngettext("{counted} of {count} round done", "{counted} of {count} rounds done", phase.rounds)
        return text.format(counted=counted, count=phase.rounds)
    return ngettext("{count} round done", "{count} rounds done", counted).format(count=counted)


def picked_lines(timeline: Timeline) -> Iterator[str]:
    """`Today: Squat, Row`, `Left out: March`: where not all of a session is done."""
    if timeline.picked:
        yield _("Today: {names}").format(names=", ".join(timeline.picked))
    left_out = dict.fromkeys(step.name for step in timeline.steps if step.is_left_out)
    if left_out:
        yield _("Left out: {names}").format(names=", ".join(left_out))


def late_round_lines(timeline: Timeline) -> Iterator[str]:
    """`Round 3 begins 12 s late: the one before it takes 1:12.`, for each round that cannot begin by the clock."""
    from timer_app.core.compiler import late_rounds  # the list of sessions is drawn before it is loaded

    for late in late_rounds(timeline):
        rest = timeline.phases[late.phase]
        text = (
            _("What follows the last round begins {late} late: the one before it takes {length}.")
            if late.is_last
            else _("Round {number} begins {late} late: the one before it takes {length}.")
        )
        late_by, takes = exact_length_text(late.late_ms), length_text(late.round_ms)
        yield text.format(number=rest.round, late=late_by, length=takes)


def rest_text(phase: Phase, following: str) -> str:
    """What a rest says: the author's line, and what follows.

    Between sets the text is that of the exercise, which was shown before.
    """
    own = phase.text if phase.set is None else ""
    following = _("next: {name}").format(name=following) if phase.up_next else ""
    return " ".join(filter(None, (own, following))) or phase.label


def question_text(phase: Phase) -> str:
    """`Left: how far do you reach?`: a question with the side that it is about."""
    return f"{capitalised(phase.side)}: {phase.text}" if phase.side else phase.text


def answer_range_text(measure: Measure) -> str:
    """`0 to 10 cm`: what may be answered; empty where there is no lower or no upper limit."""
    if measure.low is None or measure.high is None:
        return ""
    unit = f" {measure.unit}" if measure.unit else ""
    limits = _("{low} to {high}").format(low=number_text(measure.low), high=number_text(measure.high))
    return f"{limits}{unit}"


# What both ends of a scale mean, by what is measured.
_ENDS = {
    "pain": (N_("no pain"), N_("worst imaginable")),
    "rpe": (N_("very easy"), N_("all you have")),
    "rir": (N_("none left"), N_("many left")),
}
_ANY_ENDS = (N_("least"), N_("most"))


def answer_end_words(measure: Measure) -> tuple[str, str]:
    """What the smallest and the largest answer mean; empty for a question that lists its answers itself."""
    if measure.is_choice:
        return "", ""
    low, high = _ENDS.get(measure.of_set or measure.key, _ANY_ENDS)
    return _(low), _(high)


def indented_name(step: StepInfo) -> str:
    """A step's name, indented by the blocks around it."""
    return f"{'  ' * step.depth}{step.name}"


def capitalised(text: str) -> str:
    """`text` with its first letter in upper case, and the others as they are."""
    return text[:1].upper() + text[1:]
