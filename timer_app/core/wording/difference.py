"""What differs between two sessions: minutes, work on each muscle, steps with their doses, and spoken lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from timer_app.core.i18n import _
from timer_app.core.wording.doses import dose_text
from timer_app.core.wording.formatting import length_text

if TYPE_CHECKING:
    from timer_app.core.timeline import Timeline


@dataclass(frozen=True, slots=True)
class StepContent:
    """A step as it is compared.

    Attributes:
        name: What it is called.
        dose: What is done in the whole session, in words; empty for what is only said or waited for.
        depth: How many blocks it is nested in.
    """

    name: str
    dose: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class SessionContent:
    """What a session is made of.

    Attributes:
        name: Its name.
        total_ms: How long it takes, what waits counted as nothing.
        work_ms: How much of that is work.
        muscle_ms: How much of the work is for each muscle; an exercise for several counts for each of them.
        steps: Its steps in their order.
        lines: What is said in it, each line once, in order.
    """

    name: str
    total_ms: int
    work_ms: int
    muscle_ms: Mapping[str, int]
    steps: tuple[StepContent, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """From one session to another.

    Attributes:
        before: The one.
        after: The other.
        steps: Pairs of steps, in order: the same or changed, only before (the second is `None`), or only after.
        lines_lost: What is said in the one alone.
        lines_gained: What is said in the other alone.
    """

    before: SessionContent
    after: SessionContent
    steps: tuple[tuple[StepContent | None, StepContent | None], ...]
    lines_lost: tuple[str, ...]
    lines_gained: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return self.before == self.after


def session_content(timeline: Timeline, muscles: Mapping[str, Sequence[str]]) -> SessionContent:
    """What a compiled session is made of.

    Args:
        timeline: The session.
        muscles: The muscles that each exercise of the catalogue works on, by its id.
    """
    work: Counter[int] = Counter()
    for phase in timeline.phases:
        if phase.kind == "work" and phase.step is not None:
            work[phase.step] += phase.timed_ms
    muscle_ms: Counter[str] = Counter()
    for step, worked_ms in work.items():
        for muscle in muscles.get(timeline.steps[step].exercise, ()):
            muscle_ms[muscle] += worked_ms
    said = (cue.text for phase in timeline.phases for cue in phase.cues if cue.kind == "speech")
    steps = (StepContent(one.name, dose_text(one.whole_dose), one.depth) for one in timeline.steps if one.is_listed)
    return SessionContent(
        timeline.name,
        timeline.total_ms,
        sum(work.values()),
        dict(sorted(muscle_ms.items())),
        tuple(steps),
        tuple(dict.fromkeys(said)),
    )


def compare_sessions(before: SessionContent, after: SessionContent) -> Difference:
    """What differs between two sessions; steps are the same where their names are, in the order of both."""
    old, new = ([step.name for step in one.steps] for one in (before, after))
    pairs: list[tuple[StepContent | None, StepContent | None]] = []
    for tag, first, end, other_first, other_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(before.steps[first:end], after.steps[other_first:other_end], strict=True)
        else:
            pairs += [(step, None) for step in before.steps[first:end]]
            pairs += [(None, step) for step in after.steps[other_first:other_end]]
    known, wanted = set(before.lines), set(after.lines)
    return Difference(
        before,
        after,
        tuple(pairs),
        tuple(line for line in before.lines if line not in wanted),
        tuple(line for line in after.lines if line not in known),
    )


def content_lines(content: SessionContent) -> Iterator[str]:
    """A session as lines that tools which compare texts can compare."""
    yield f"{content.name}, {length_text(content.total_ms)}"
    yield _("Work: {length}").format(length=length_text(content.work_ms))
    for muscle, worked_ms in content.muscle_ms.items():
        yield f"  {muscle}: {length_text(worked_ms)}"
    yield _("Steps:")
    yield from (f"  {_step_text(step)}" for step in content.steps)
    yield _("Said:")
    yield from (f"  {line}" for line in content.lines)


def difference_lines(difference: Difference) -> Iterator[tuple[str, str]]:
    """The difference in words, each line after its sign: `-` lost, `+` gained, `~` changed, nothing for a heading."""
    if difference.is_empty:
        yield "", _("No difference.")
        return
    before, after = difference.before, difference.after
    if before.name != after.name:
        yield "~", _("Name: {before} -> {after}").format(before=before.name, after=after.name)
    for label, old_ms, new_ms in _lengths(before, after):
        if old_ms != new_ms:
            yield "~", _change_text(label, old_ms, new_ms)
    for old, new in difference.steps:
        if old is None and new is not None:
            yield "+", _step_text(new)
        elif new is None and old is not None:
            yield "-", _step_text(old)
        elif old is not None and new is not None and old.dose != new.dose:
            yield "~", f"{new.name}: {old.dose or '-'} -> {new.dose or '-'}"
    for sign, lines in (("-", difference.lines_lost), ("+", difference.lines_gained)):
        yield from ((sign, f"“{line}”") for line in lines)


def difference_to_dict(difference: Difference) -> dict[str, Any]:
    """The difference as plain data; lengths in milliseconds."""
    before, after = difference.before, difference.after
    return {
        "name": [before.name, after.name],
        "total_ms": [before.total_ms, after.total_ms],
        "work_ms": [before.work_ms, after.work_ms],
        "muscles_ms": {
            muscle: [before.muscle_ms.get(muscle, 0), after.muscle_ms.get(muscle, 0)]
            for muscle in sorted({*before.muscle_ms, *after.muscle_ms})
        },
        "steps": [
            {
                "name": (new or old or StepContent("", "")).name,
                "dose": [old.dose if old else None, new.dose if new else None],
                "change": "gained" if old is None else "lost" if new is None else "same" if old == new else "changed",
            }
            for old, new in difference.steps
        ],
        "lines_lost": list(difference.lines_lost),
        "lines_gained": list(difference.lines_gained),
    }


def _lengths(before: SessionContent, after: SessionContent) -> Iterator[tuple[str, int, int]]:
    yield _("Length"), before.total_ms, after.total_ms
    yield _("Work"), before.work_ms, after.work_ms
    for muscle in sorted({*before.muscle_ms, *after.muscle_ms}):
        yield muscle, before.muscle_ms.get(muscle, 0), after.muscle_ms.get(muscle, 0)


def _change_text(label: str, old_ms: int, new_ms: int) -> str:
    by = new_ms - old_ms
    return f"{label}: {length_text(old_ms)} -> {length_text(new_ms)} ({'+' if by > 0 else '-'}{length_text(abs(by))})"


def _step_text(step: StepContent) -> str:
    name = f"{'  ' * step.depth}{step.name}"
    return f"{name}: {step.dose}" if step.dose else name
