"""What a run goes by: its session, how it is compiled, and where what is compiled lies in what is run.

Both are the same until another version of the session is taken over in mid-run: what was done by then stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

from timer_app.core.compiler import CompileContext, Compiled, compile_session, fit_time, flat_steps
from timer_app.core.player.states import Snapshot
from timer_app.core.player.succession import Begun, Succession, succeed
from timer_app.core.session.model import Session
from timer_app.core.timeline import Timeline
from timer_app.run.sound_system import SoundChange
from timer_app.run.variants import beginnings, changed_variant, same_place


@dataclass(frozen=True, slots=True)
class SessionChange:
    """Another version of a session, compiled.

    Attributes:
        session: The session.
        fresh: What it is compiled with where nothing has been chosen yet.
        base: What the run was compiled with when this was made.
        context: What it is compiled with, with what had been chosen by then.
        compiled: The session, compiled so.
    """

    session: Session
    fresh: CompileContext
    base: CompileContext
    context: CompileContext
    compiled: Compiled


class RunChange(NamedTuple):
    """Another version of the session of a run.

    Attributes:
        session: What is done.
        sound: What it sounds like; `None` where that stays.
    """

    session: SessionChange
    sound: SoundChange | None


class VariantStep(NamedTuple):
    """Another variant of a step in what is run.

    Attributes:
        timeline: What is run with it.
        phase: The phase with which the run goes on, or in which it stays.
        begins_anew: The step begins anew there.
        step: The step, as the session has it.
        name: What is done in it now.
        succession: How what was run before lies in it; `None` where it has the same steps.
        context: What the session is compiled with from then on.
        compiled: The session, compiled so.
    """

    timeline: Timeline
    phase: int
    begins_anew: bool
    step: int
    name: str
    succession: Succession | None
    context: CompileContext
    compiled: Compiled


class Course:
    """Compiles the session of a run.

    Args:
        session: What is run.
        context: How it is compiled.
        open_steps_ms: Phases that wait for the user last so long; `None` lets them wait.
        max_ms: How long the session may take, as far as its priorities allow; `None` for any time.

    Attributes:
        session: The session as it was taken over last.
        context: How it is compiled now.
    """

    def __init__(
        self, session: Session, context: CompileContext, open_steps_ms: int | None, max_ms: int | None = None
    ) -> None:
        self.session = session
        self.context = context
        self._open_steps_ms = open_steps_ms
        self._max_ms = max_ms
        self._compiled = self._compile(session, context)
        self._succession: Succession | None = None

    def _compile(self, session: Session, context: CompileContext) -> Compiled:
        compiled = compile_session(session, context)
        if self._open_steps_ms is None:
            return compiled
        return replace(compiled, timeline=compiled.timeline.without_open_phases(self._open_steps_ms))

    @property
    def compiled(self) -> Compiled:
        """The session as it was compiled last, with the phases that are run."""
        succession = self._succession
        if succession is None:
            return self._compiled
        places = ((line, succession.place_of(phase)) for line, phase in self._compiled.candidates.items())
        candidates = {line: place for line, place in places if place is not None}
        return replace(self._compiled, timeline=succession.revised(self._compiled.timeline), candidates=candidates)

    def compile_again(self) -> Compiled:
        """The session with what is known of lengths now."""
        self._compiled = self._compile(self.session, self.context)
        return self.compiled

    @property
    def without_time(self) -> tuple[str, ...]:
        """The names of the steps for which there is no time."""
        steps = self._compiled.timeline.steps
        return tuple(dict.fromkeys(steps[index].name for index in sorted(self.context.no_time_for)))

    @property
    def planned_ms(self) -> int:
        """How long the session takes as it was taken over last, from its beginning to its end."""
        return self._compiled.timeline.total_ms

    def prepare(
        self, session: Session, context: CompileContext, run: Timeline, index: int, *, sounds_anew: bool = False
    ) -> SessionChange | None:
        """Compile another version of the session; it may be called in a thread.

        Args:
            session: The other version.
            context: What it is compiled with where nothing has been chosen yet.
            run: What is run.
            index: The phase in progress; -1 before the first.
            sounds_anew: It sounds otherwise.

        Returns:
            The change, or `None` where it is the same session with the same exercises and phrases.
        """
        base = self.context
        if session == self.session and _texts(context) == _texts(base) and not sounds_anew:
            return None
        carried = self._carried(session, context, run, index)
        return SessionChange(session, context, base, carried, self._compile(session, carried))

    def take_over(self, change: SessionChange, run: Timeline, now: Snapshot, begun: Begun) -> Succession:
        """Go on with another version of the session.

        Args:
            change: The other version.
            run: What is run.
            now: How the run looks.
            begun: What was begun, in whatever order.
        """
        context, compiled = change.context, change.compiled
        if change.base is not self.context:  # a variant was chosen meanwhile
            context = self._carried(change.session, change.fresh, run, now.index)
            compiled = self._compile(change.session, context)
        self.session, self.context, self._compiled = change.session, context, compiled
        is_planned = now.duration_ms == now.phase.duration_ms
        elapsed_ms = now.elapsed_ms if is_planned else None
        self._succession = succeed(run, now.index, self._compiled.timeline, begun, elapsed_ms)
        return self._succession

    def _carried(self, session: Session, fresh: CompileContext, run: Timeline, index: int) -> CompileContext:
        """What another version is compiled with: what was chosen holds on, and what comes fits into the time again."""
        carried = carry_over(self.session, self.context, session, fresh)
        if self._max_ms is None:
            return carried
        # With all that there was no time for before, it is seen what of the other version is still to come.
        chosen = carried.steps_left_out(session) - carried.no_time_for
        whole = self._compile(session, replace(carried, left_out=chosen, no_time_for=frozenset())).timeline
        rest = succeed(run, index, whole).rest
        begun = {phase.step for phase in whole.phases[:rest]}
        ahead = {phase.step for phase in whole.phases[rest:] if phase.step is not None} - begun
        passed = carried.no_time_for - ahead
        fitted = fit_time(session, replace(carried, left_out=chosen | passed), self._max_ms, ahead)
        return replace(fitted, no_time_for=fitted.no_time_for | passed)

    def change_variant(self, run: Timeline, now: Snapshot, by: int, begun: Begun, *, seeks: bool) -> VariantStep | str:
        """Do an easier or a harder variant of the exercise that is done now, from its beginning, or that comes next.

        Args:
            run: What is run.
            now: How the run looks.
            by: How many rungs harder; easier if negative.
            begun: What was begun, in whatever order.
            seeks: Pass over exercises that have no variants.

        Returns:
            What is run with it, or why there is none.
        """
        before, written = self._succession, run
        if before is not None:
            written = before.as_written(run, self._compiled.timeline.steps)
        change = changed_variant(self.context, written, now, by, seeks=seeks)
        if isinstance(change, str):
            return change
        compiled = self._compile(self.session, change.context)
        after, made = compiled.timeline, (change.context, compiled)
        name = after.steps[change.step].name
        if before is None:
            index, begins_anew = same_place(run, after, now.index, change.step)
            return VariantStep(after, index, begins_anew, change.step, name, None, *made)
        step = before.new_steps[change.step]
        begins_anew = now.phase.step == step
        begins = beginnings(run, step)
        index = begins[bisect_right(begins, now.index) - 1] if begins_anew else now.index
        succession = succeed(run, index - 1 if begins_anew else index, after, begun)
        return VariantStep(succession.timeline, index, begins_anew, change.step, name, succession, *made)

    def choose(self, variant: VariantStep) -> None:
        """Go by a variant from now on."""
        self.context, self._compiled, self._succession = variant.context, variant.compiled, variant.succession


def carry_over(old: Session, base: CompileContext, new: Session, fresh: CompileContext) -> CompileContext:
    """What a new version of a session is compiled with: what was chosen for a run of the old one holds on.

    Doses, variants and what is left out stay with the steps that are as they were. Others have them as the new version
    would have them by itself, and nothing else is left out.

    Args:
        old: The old version.
        base: What that is compiled with.
        new: The new version.
        fresh: What the new one would be compiled with.
    """
    same = dict(_same_steps(old, new))
    doses = {step: dose for step, dose in fresh.doses.items() if step not in same}
    doses |= {to: base.doses[at] for to, at in same.items() if at in base.doses}
    variants = {step: name for step, name in fresh.variants.items() if step not in same}
    variants |= {to: base.variants[at] for to, at in same.items() if at in base.variants}
    kept = frozenset(to for to, at in same.items() if base.left_out and at in base.left_out)
    return replace(
        base,
        catalogue=fresh.catalogue,
        phrases=fresh.phrases,
        languages=fresh.languages,
        level=fresh.level,
        doses=doses,
        variants=variants,
        left_out=None if base.left_out is None else kept,
        no_time_for=frozenset(to for to, at in same.items() if at in base.no_time_for),
    )


def _same_steps(old: Session, new: Session) -> Iterator[tuple[int, int]]:
    """The steps of a new version that are as they were in an old one, each with its index there."""
    old_keys, new_keys = ([repr(flat.step) for flat in flat_steps(one.steps)] for one in (old, new))
    for block in SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks():
        yield from ((block.b + number, block.a + number) for number in range(block.size))


def _texts(context: CompileContext) -> Mapping[str, object]:
    return {"catalogue": context.catalogue, "phrases": context.phrases, "languages": context.languages}
