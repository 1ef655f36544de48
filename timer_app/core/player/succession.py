"""The rule by which a run takes over another version of its session while it goes on.

What has begun stays as it is, with the phase in progress, which only counts by the other version: set 1 of 3 where it
was set 1 of 2. All that follows comes from the other version, from the place on where the run stands: in the same set
of the same step if that has both still, or else behind what was done before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from timer_app.core.timeline import Cue, Measure, Phase, StepInfo, Timeline

_TELL_WHAT_COMES = ("rest", "prepare", "switch")
_UNDER_WAY_MS: Final = 500  # what is heard within it is with the device already


class Begun(NamedTuple):
    """What has been begun, in whatever order.

    Attributes:
        steps: The steps, by their indices.
        units: The units of their sets.
    """

    steps: Collection[int] = ()
    units: Collection[int] = ()


_NOTHING = Begun()


@dataclass(frozen=True, slots=True)
class Succession:
    """What a run goes on with.

    Attributes:
        timeline: What is run from now on; up to the phase in progress it has the phases of before.
        steps: Where each step of before is in its list of steps; `None` for one that is gone.
        phases: Where each phase of before is; `None` for one that is gone.
        index: The phase in progress; -1 before the first.
        rest: The phase of the other version that follows it; as many as it has where nothing does.
        new_steps: Where each step of the other version is.
        new_units: The units of the phases that follow, by those that they have in the other version.
    """

    timeline: Timeline
    steps: tuple[int | None, ...]
    phases: tuple[int | None, ...]
    index: int
    rest: int
    new_steps: Mapping[int, int]
    new_units: Mapping[int, int]

    @property
    def steps_left(self) -> int:
        """How many steps are still to be begun or gone on with; rests do not count."""
        ahead = {phase.step for phase in self.timeline.phases[self.index + 1 :] if phase.step is not None}
        return sum(self.timeline.steps[step].kind != "rest" for step in ahead)

    def place_of(self, phase: int) -> int | None:
        """Where a phase of the other version is; `None` for one that is not run any more."""
        return None if phase < self.rest else phase - self.rest + self.index + 1

    def revised(self, new: Timeline) -> Timeline:
        """The same with the other version as it is now: with the same phases, but better lengths."""
        ahead = (_moved(phase, self.new_steps, self.new_units[phase.unit]) for phase in new.phases[self.rest :])
        return replace(new, phases=(*self.timeline.phases[: self.index + 1], *ahead), steps=self.timeline.steps)

    def as_written(self, timeline: Timeline, steps: tuple[StepInfo, ...]) -> Timeline:
        """What is run with the steps of the other version, where phases of other steps have none.

        Args:
            timeline: What is run.
            steps: The steps of the other version.
        """
        written = {moved: step for step, moved in self.new_steps.items()}
        phases = tuple(
            phase if phase.step is None else replace(phase, step=written.get(phase.step)) for phase in timeline.phases
        )
        return replace(timeline, phases=phases, steps=steps)


def succeed(
    old: Timeline, index: int, new: Timeline, begun: Begun = _NOTHING, elapsed_ms: int | None = None
) -> Succession:
    """Let a run of `old` go on with `new`.

    Args:
        old: What is run.
        index: The phase in progress; -1 before the first.
        new: The other version.
        begun: What was begun besides the phases up to `index`, as before a jump back.
        elapsed_ms: How much of the phase in progress is over: what it tells of what comes is told of `new` then. `None`
            leaves it as it is.
    """
    match = _matching_steps(old.steps, new.steps)
    old_keys = _place_keys(old, match)
    new_places = {key: place for place, key in enumerate(_place_keys(new, range(len(new.steps))))}
    here = new_places.get(old_keys[index]) if index >= 0 else None
    rest = _rest_from(old, old_keys, index, new, new_places)
    done, ahead = old.phases[: index + 1], new.phases[rest:]

    reached = {phase.step for phase in done if phase.step is not None}
    merged = _merged(match, len(new.steps), reached.union(begun.steps))
    of_old = {at: number for number, (at, _) in enumerate(merged) if at is not None}
    of_new = {to: number for number, (_, to) in enumerate(merged) if to is not None}
    before = {new_places[key]: old.phases[at].unit for at, key in enumerate(old_keys) if key in new_places}
    going_on = {}
    if here is not None and ahead and ahead[0].unit == new.phases[here].unit:
        going_on[ahead[0].unit] = old.phases[index].unit
    free = max((*(phase.unit for phase in old.phases), *begun.units), default=-1) + 1
    known = [before.get(place) for place in range(rest, len(new.phases))]
    units = _new_units(ahead, known, going_on, {phase.unit for phase in done}, free)

    phases = [_moved(phase, of_old, phase.unit) for phase in done]
    if here is not None:
        phases[-1] = _with_new_counts(phases[-1], new.phases[here])
    if here is not None and elapsed_ms is not None:
        coming = _moved(new.phases[here], of_new, phases[-1].unit)
        phases[-1] = _with_new_words(phases[-1], coming, elapsed_ms + _UNDER_WAY_MS)
    phases += [_moved(phase, of_new, units[phase.unit]) for phase in ahead]
    steps = _step_infos(merged, old, new, reached.union(begun.steps), {phase.step for phase in ahead})
    offset = index + 1 - rest
    behind = {key: place + offset for key, place in new_places.items() if place >= rest}
    moved_phases = [at if at <= index else behind.get(key) for at, key in enumerate(old_keys)]
    return Succession(
        replace(new, phases=tuple(phases), steps=steps),
        tuple(map(of_old.get, range(len(old.steps)))),
        tuple(moved_phases),
        index,
        rest,
        of_new,
        units,
    )


def _matching_steps(old: Sequence[StepInfo], new: Sequence[StepInfo]) -> list[int | None]:
    """For each step of `old` that of `new` which is the same.

    In the same place, a step of the user's own words may have another name.
    """
    names, new_names = list(map(_identity, old)), list(map(_identity, new))
    if names == new_names:  # nothing is to be looked for
        return list(range(len(old)))
    match: list[int | None] = [None] * len(old)
    for what, first, end, new_first, new_end in SequenceMatcher(None, names, new_names, autojunk=False).get_opcodes():
        is_edited = what == "replace" and end - first == new_end - new_first
        for at, to in zip(range(first, end), range(new_first, new_end), strict=False):
            if what == "equal" or (is_edited and _is_reworded(old[at], new[to])):
                match[at] = to
    return match


def _identity(step: StepInfo) -> tuple[str, str]:
    return step.kind, step.exercise or step.unfilled or step.name


def _is_reworded(old: StepInfo, new: StepInfo) -> bool:
    return old.kind == new.kind and not old.exercise and not new.exercise


def _place_keys(timeline: Timeline, steps: Sequence[int | None]) -> list[Hashable]:
    """What each phase is recognised by in another version: its step, visit, set, side, rep and part.

    Args:
        timeline: The phases.
        steps: What stands for each step; `None` where the other version does not have it.
    """
    keys: list[Hashable] = [()] * len(timeline.phases)
    seen: Counter[Hashable] = Counter()
    for at, place in _stepped_places(timeline, steps):
        keys[at] = (*place, seen[place])
        seen[place] += 1
    following: Hashable = "closing"
    for at in reversed(range(len(keys))):
        if timeline.phases[at].step is None:
            keys[at] = ("before", following, timeline.phases[at].kind)
            following = keys[at]
        else:
            following = keys[at]
    for at, phase in enumerate(timeline.phases):
        if phase.step is not None:
            break
        keys[at] = ("opening", at, phase.kind)
    return keys


def _stepped_places(timeline: Timeline, steps: Sequence[int | None]) -> Iterator[tuple[int, tuple[Hashable, ...]]]:
    visits: Counter[int] = Counter()
    before: Phase | None = None
    sets: set[tuple[int | None, str | None]] = set()
    for at, phase in enumerate(timeline.phases):
        if phase.step is not None:
            is_flow = timeline.steps[phase.step].kind == "flow"
            if _begins_visit(before, phase, sets, is_flow=is_flow):
                visits[phase.step] += 1
                sets = set()
            sets.add((phase.set, phase.side))
            step = steps[phase.step]
            name: Hashable = ("gone", phase.step) if step is None else step
            side = phase.side_kind or phase.side
            round_number = phase.round if is_flow else None
            yield (
                at,
                (name, visits[phase.step], phase.kind, phase.set, side, round_number, phase.rep, phase.part_number),
            )
        before = phase


def _begins_visit(
    before: Phase | None, phase: Phase, sets: Collection[tuple[int | None, str | None]], *, is_flow: bool
) -> bool:
    """Whether a step is done anew with a phase, as in the next round of its block."""
    if before is None or before.step != phase.step:
        return True
    if (before.set, before.side) != (phase.set, phase.side):
        return (phase.set, phase.side) in sets
    was, now = before.round or 0, phase.round or 0
    return now < was if is_flow else now != was


def _rest_from(
    old: Timeline, old_keys: Sequence[Hashable], index: int, new: Timeline, new_places: Mapping[Hashable, int]
) -> int:
    """The first phase of `new` that has not begun yet."""
    reached = next((at for at in range(index, -1, -1) if old_keys[at] in new_places), None)
    if reached is None:
        return 0
    rest = new_places[old_keys[reached]] + 1
    if reached < index and old.phases[index].kind == "rest":
        while rest < len(new.phases) and new.phases[rest].kind == "rest":  # one is going on
            rest += 1
    return rest


def _merged(match: Sequence[int | None], new_count: int, begun: Collection[int]) -> list[tuple[int | None, int | None]]:
    """The list of steps: those of the other version, and in their places those of before that were begun.

    Each is the index of before and that in the other version. There are never fewer than before: a record that is
    written has a row for each. What was never begun and is gone comes last where a row has to be filled.
    """
    merged: list[tuple[int | None, int | None]] = []
    gone: list[tuple[int | None, int | None]] = []
    first = 0
    for at, to in enumerate(match):
        if to is None:
            (merged if at in begun else gone).append((at, None))
            continue
        merged += [(None, other) for other in range(first, to)]
        merged.append((at, to))
        first = to + 1
    merged += [(None, other) for other in range(first, new_count)]
    return merged + gone[: max(0, len(match) - len(merged))]


def _step_infos(
    merged: Sequence[tuple[int | None, int | None]],
    old: Timeline,
    new: Timeline,
    begun: Collection[int],
    ahead: Collection[int | None],
) -> tuple[StepInfo, ...]:
    """What is shown of each step: as it was done where nothing more comes of it; left out where it is not done."""
    has_phases = {phase.step for phase in new.phases}

    def info(at: int | None, to: int | None) -> StepInfo:
        if at is not None and at in begun and to not in ahead:
            return old.steps[at]
        if to is None:
            return replace(old.steps[at or 0], is_left_out=True)
        is_passed = to in has_phases and to not in ahead
        return replace(new.steps[to], is_left_out=True) if is_passed else new.steps[to]

    return tuple(info(at, to) for at, to in merged)


def _new_units(
    ahead: Sequence[Phase], known: Sequence[int | None], going_on: Mapping[int, int], taken: set[int], free: int
) -> dict[int, int]:
    """The units of what follows: those of before for the same sets, and new ones for others.

    Args:
        ahead: What follows.
        known: The unit that each of these phases had before; `None` for one that was not there.
        going_on: The unit of the set in progress, by its number in the other version.
        taken: The units of what has been done.
        free: The first number that was never that of a unit.
    """
    units = dict(going_on)
    for phase, before in zip(ahead, known, strict=True):
        if phase.unit not in units:
            units[phase.unit] = free if before is None or before in taken else before
            free += units[phase.unit] == free
            taken.add(units[phase.unit])
    return units


def _moved(phase: Phase, steps: Mapping[int, int], unit: int) -> Phase:
    """A phase with its step, and those to which its answers lead, where they are now."""
    step = None if phase.step is None else steps.get(phase.step)
    measure = _moved_measure(phase.measure, steps)
    if (step, unit) == (phase.step, phase.unit) and measure is phase.measure:
        return phase
    return replace(phase, step=step, unit=unit, measure=measure)


def _moved_measure(measure: Measure | None, steps: Mapping[int, int]) -> Measure | None:
    if measure is None or all(rule.step is None or steps.get(rule.step) == rule.step for rule in measure.jumps):
        return measure
    jumps = [
        rule if rule.step is None else replace(rule, step=steps[rule.step])
        for rule in measure.jumps
        if rule.step is None or rule.step in steps
    ]
    return replace(measure, jumps=tuple(jumps))


def _with_new_counts(phase: Phase, new: Phase) -> Phase:
    """The phase in progress with how many sets, rounds and paced reps there are in the other version."""
    if phase.counts_rounds or new.counts_rounds:  # there, the number ends the phase
        return phase
    sets = phase.sets if phase.set is None else new.sets
    rounds = phase.rounds if phase.round is None else new.rounds
    reps = phase.reps if phase.rep is None else new.reps
    return replace(phase, sets=sets, rounds=rounds, reps=reps)


def _with_new_words(phase: Phase, new: Phase, from_ms: int) -> Phase:
    """A rest in progress that tells from some moment on of what comes in the other version."""
    is_timed = phase.duration_ms is not None and phase.duration_ms == new.duration_ms
    if phase.kind not in _TELL_WHAT_COMES or not is_timed or phase == new:
        return phase
    heard = tuple(cue for cue in phase.cues if cue.offset_ms <= from_ms)
    free_ms = max((cue.end_ms for cue in heard if cue.kind == "speech"), default=0)
    coming = tuple(cue for cue in new.cues if cue.offset_ms > from_ms and _has_room(cue, free_ms))
    return replace(new, cues=(*heard, *coming), begins_round=phase.begins_round, until_ms=phase.until_ms)


def _has_room(cue: Cue, free_ms: int) -> bool:
    return cue.kind != "speech" or cue.offset_ms >= free_ms
