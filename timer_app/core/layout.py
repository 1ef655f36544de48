"""Steps become phases: which intervals a step has, in which order, and what each shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from timer_app.core.coach import Coach, Turn
from timer_app.core.draft import Draft, Line, Mark, Rank
from timer_app.core.flatten import Stop
from timer_app.core.model import MeasureStep, RestStep, SayStep, Session, WaitStep, WorkStep
from timer_app.core.problems import Path
from timer_app.core.resolve import Work
from timer_app.core.texts import fill
from timer_app.core.timeline import Measure, Phase, PhaseKind

PAIN = "pain"
PAIN_RANGE = (0.0, 10.0)
_SET_AFTER_MS = 500  # the tone of a new set follows the one that ends the old
_FINISH_AFTER_MS = 700


@dataclass(frozen=True, slots=True)
class Names:
    """What a step is called, in full and short; both empty for one without a name."""

    full: str = ""
    short: str = ""


class Layout:
    """Lays stops out one after the other.

    Args:
        session: Whose stops they are.
        coach: Who speaks.
        works: Every step of work, filled in, by its path.
        indices: The place of every step in the step list, by its path.
        level: Where in every range the dose is taken, 0 to 1.
    """

    def __init__(
        self, session: Session, coach: Coach, works: Mapping[Path, Work], indices: Mapping[Path, int], level: float
    ) -> None:
        self.drafts: list[Draft] = []
        self._session = session
        self._coach = coach
        self._phrases = coach.phrases
        self._works = works
        self._indices = indices
        self._level = level
        self._unit = -1

    def opening(self) -> None:
        """The session's name and its cautions."""
        name, cautions = self._session.name, self._session.cautions
        draft = self._add(
            Phase("say", self._phrases.label_begin, 0, None, self._new_unit(), text=" ".join(cautions) or name)
        )
        self._speak(draft, [fill(self._phrases.opening, {"name": name}), *cautions])

    def closing(self) -> None:
        """The last tone and a closing line."""
        done = self._phrases.done
        draft = self._add(Phase("say", self._phrases.label_done, 0, None, self._new_unit(), text=done))
        draft.marks.append(Mark("finish", _FINISH_AFTER_MS if draft.marks else 0))
        self._speak(draft, [done])

    def lay_out(self, stops: Sequence[Stop]) -> None:
        """Every stop, each knowing what comes after it."""
        names = [self._names(stop) for stop in stops]
        following = Names()
        after: list[Names] = []
        for own in reversed(names):
            after.append(following)
            following = own or following
        for stop, upcoming in zip(stops, reversed(after), strict=True):
            self._stop(stop, upcoming)

    def _names(self, stop: Stop) -> Names | None:
        """How a stop is announced; `None` for those that are not: rests and narration."""
        match stop.step:
            case None | RestStep() | SayStep():
                return None
            case WaitStep():
                return Names()
            case MeasureStep() as step:
                return Names(measure_name(step), measure_name(step))
        work = self._works[stop.path]
        return Names(work.name, work.short)

    def _stop(self, stop: Stop, after: Names) -> None:
        match stop.step:
            case None:
                self._rest_between_rounds(stop, after)
            case RestStep() as step:
                self._rest_step(step, stop, after)
            case SayStep() as step:
                self._say(step, stop, after)
            case WaitStep() as step:
                self._wait(step, stop, after)
            case MeasureStep() as step:
                self._measure(step, stop, after)
            case _:
                self._work(self._works[stop.path], stop, after)

    # Steps that are no work.

    def _rest_between_rounds(self, stop: Stop, after: Names) -> None:
        draft = self._rest(stop, after, stop.rest_ms)
        number = (stop.round or 1, stop.rounds or 1)
        draft.lines += self._coach.rest_between(stop.rest_ms, (after.full, after.short), number=number)

    def _rest_step(self, step: RestStep, stop: Stop, after: Names) -> None:
        rest_ms = step.rest.at(self._level)
        said = fill(
            step.say or "",
            {"next": after.full, "seconds": rest_ms // 1_000, "remaining": rest_ms // 1_000, **_where(stop)},
        )
        draft = self._rest(stop, after, rest_ms, said)
        draft.lines += self._coach.rest_between(rest_ms, (after.full, after.short), said, origin=(*stop.path, "say"))

    def _rest(self, stop: Stop, after: Names, rest_ms: int, text: str = "") -> Draft:
        phase = Phase(
            "rest",
            self._phrases.label_rest,
            rest_ms,
            self._step_of(stop),
            self._new_unit(),
            text=text,
            up_next=after.full,
        )
        return self._add(_in_round(phase, stop))

    def _say(self, step: SayStep, stop: Stop, after: Names) -> None:
        text = fill(step.say, {"next": after.full, **_where(stop)})
        phase = Phase(
            "say", self._phrases.label_say, 0, self._step_of(stop), self._new_unit(), text=text, up_next=after.full
        )
        self._speak(self._add(_in_round(phase, stop)), [text])

    def _wait(self, step: WaitStep, stop: Stop, after: Names) -> None:
        text = fill(step.wait, {"next": after.full, **_where(stop)})
        phase = Phase(
            "wait", self._phrases.label_wait, None, self._step_of(stop), self._new_unit(), text=text, up_next=after.full
        )
        self._add(_in_round(phase, stop)).lines.append(Line(text, Rank.INSTRUCTION))

    def _measure(self, step: MeasureStep, stop: Stop, after: Names) -> None:
        name = measure_name(step)
        question = step.say or (self._phrases.ask_pain if step.measure == PAIN else self._phrases.ask)
        limits = step.limits or (PAIN_RANGE if step.measure == PAIN else None)
        low, high = limits or (None, None)
        for turn in step.sides or (None,):
            side = self._phrases.side(turn)
            text = fill(question, {"name": name, "next": after.full, "side": side, **_where(stop)})
            measure = Measure(step.measure, text, low, high, step.unit or "")
            phase = Phase(
                "measure", name, None, self._step_of(stop), self._new_unit(), text=text, side=side, measure=measure
            )
            draft = self._add(_in_round(phase, stop))
            if side and "{side}" not in question:
                draft.lines.append(Line(fill(self._phrases.side_now, {"side": side}), Rank.SIDE))
            draft.lines.append(Line(text, Rank.INSTRUCTION))

    # Work.

    def _work(self, work: Work, stop: Stop, after: Names) -> None:
        for number in range(1, work.sets + 1):
            for side in work.turns:
                turn = Turn(work, number, self._phrases.side(side), after.full, stop.round, stop.rounds)
                self._lead_up(turn, stop, is_first_side=side == work.turns[0])
                self._set(turn, stop)

    def _lead_up(self, turn: Turn, stop: Stop, *, is_first_side: bool) -> None:
        """What comes before a set: getting ready, a change of sides, or the rest after the set before."""
        if not is_first_side:
            self._switch(turn, stop)
        elif turn.set == 1:
            self._prepare(turn, stop)
        elif turn.work.rest_ms:
            self._rest_before_set(turn, stop)

    def _prepare(self, turn: Turn, stop: Stop) -> None:
        lines = self._coach.introduction(turn, brief=stop.repeated)
        draft = self._add(self._phase("prepare", turn, stop, turn.work.prepare_ms))
        draft.lines += lines
        draft.grows = True
        draft.count_down(turn.work.countdown)

    def _switch(self, turn: Turn, stop: Stop) -> None:
        if not turn.work.switch_ms:
            return
        draft = self._add(self._phase("switch", turn, stop, turn.work.switch_ms))
        draft.lines += self._coach.change_of_side(turn)
        draft.count_down(turn.work.countdown)

    def _rest_before_set(self, turn: Turn, stop: Stop) -> None:
        phase = self._phase("rest", turn, stop, turn.work.rest_ms)
        draft = self._add(replace(phase, label=self._phrases.label_rest, up_next=turn.work.name))
        draft.marks.append(Mark("set", _SET_AFTER_MS if draft.marks else 0))
        draft.lines += self._coach.rest_before_set(turn, turn.work.rest_ms)
        draft.count_down(turn.work.countdown)

    def _set(self, turn: Turn, stop: Stop) -> None:
        """The work itself, all of it one unit."""
        self._new_unit()
        first = len(self.drafts)
        if turn.work.kind == "hold":
            self._hold(turn, stop)
        elif turn.work.self_paced:
            phase = replace(self._phase("work", turn, stop, None), reps=turn.work.count, self_paced=True)
            self._add(phase).marks.append(Mark("start"))
        else:
            self._parts(turn, stop)
        self._coach.author_cues(self.drafts[first:], turn, self._cues_path(stop))

    def _hold(self, turn: Turn, stop: Stop) -> None:
        phase = self._phase("work", turn, stop, turn.work.count)
        draft = self._add(replace(phase, count_up=turn.work.count_up))
        self._coach.hold(draft, turn)
        if turn.work.overrun:
            over = self._add(replace(phase, duration_ms=None, count_up=True, overrun=True))
            over.marks.append(Mark("end"))
            self._coach.overrun(over)

    def _parts(self, turn: Turn, stop: Stop) -> None:
        work = turn.work
        for number in range(1, work.count + 1):
            for part in work.parts:
                is_first = part is work.parts[0]
                phase = replace(self._phase("work", turn, stop, part.duration_ms), part=part.name, breath=part.breath)
                if work.kind == "reps":
                    draft = self._add(replace(phase, rep=number, reps=work.count))
                    self._coach.rep_part(draft, part, number, is_first_part=is_first)
                else:
                    said = fill(part.say, turn.values(round=number, rounds=work.count))
                    text = said or phase.text
                    draft = self._add(replace(phase, round=number, rounds=work.count, text=text))
                    self._coach.flow_part(draft, replace(part, say=said), number, is_first_part=is_first)

    def _phase(self, kind: PhaseKind, turn: Turn, stop: Stop, duration_ms: int | None) -> Phase:
        """A phase of a set; work goes on in the unit of the set, everything else has its own."""
        work = turn.work
        return Phase(
            kind,
            work.name,
            duration_ms,
            self._step_of(stop),
            self._unit if kind == "work" else self._new_unit(),
            text=fill(work.say, turn.values()),
            up_next=turn.next_name if kind == "work" else "",
            set=turn.set,
            sets=work.sets,
            side=turn.side,
            round=stop.round,
            rounds=stop.rounds,
        )

    # Bookkeeping.

    def _step_of(self, stop: Stop) -> int | None:
        return self._indices.get(stop.path)

    def _cues_path(self, stop: Stop) -> Path:
        """Where the cues of a step stand: at the step itself where they are its exercise's."""
        own = isinstance(stop.step, WorkStep) and stop.step.cues is not None
        return (*stop.path, "cues") if own else stop.path

    def _new_unit(self) -> int:
        self._unit += 1
        return self._unit

    @staticmethod
    def _speak(draft: Draft, texts: Sequence[str]) -> None:
        """A phase that lasts as long as what is said in it."""
        draft.lines += [Line(text, Rank.INSTRUCTION) for text in texts]
        draft.grows = True

    def _add(self, phase: Phase) -> Draft:
        """Append a phase; the end of work sounds at the very start of what follows it."""
        draft = Draft(phase)
        if self.drafts and self.drafts[-1].phase.kind == "work" and phase.kind != "work":
            draft.marks.append(Mark("end"))
        self.drafts.append(draft)
        return draft


def measure_name(step: MeasureStep) -> str:
    """How a measure is called on the screen."""
    return step.name or step.measure.replace("-", " ").capitalize()


def _where(stop: Stop) -> dict[str, int | None]:
    return {"round": stop.round, "rounds": stop.rounds}


def _in_round(phase: Phase, stop: Stop) -> Phase:
    return replace(phase, round=stop.round, rounds=stop.rounds)
