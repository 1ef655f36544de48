"""Lays steps out as phases: which phases a step has, in which order, and what each shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from timer_app.core.compiler.coach import Coach, StepNames
from timer_app.core.compiler.draft import Draft, DraftLine, PhaseTemplate, Priority, Tone
from timer_app.core.compiler.resolve import Work
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.compiler.unroll import StepVisit
from timer_app.core.diagnostics.problems import KeyPath
from timer_app.core.fields.template import fill_placeholders, without_placeholders
from timer_app.core.session.model import Block, MeasureStep, RestStep, SayStep, Session, WaitStep, WorkStep
from timer_app.core.session.phrases import Phrases
from timer_app.core.timeline.model import Measure, Phase, PhaseKind, SuggestionRule
from timer_app.core.timeline.utterance import Manner

PAIN = "pain"
PAIN_RANGE = (0.0, 10.0)
_TONE_AFTER_MS = 500  # the tone of a new set, of a rest or of a change of sides follows the one that ends work
_FINISH_AFTER_MS = 700
_SECOND_TONE_FROM_MS = 8_000  # a shorter phase has no time for a tone of its own after the one that ends work


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
        self,
        session: Session,
        coach: Coach,
        works: Mapping[KeyPath, Work],
        indices: Mapping[KeyPath, int],
        level: float,
    ) -> None:
        self._made: list[Draft] = []
        self._final: StepVisit | None = None
        self._after_work = False
        self._session = session
        self._coach = coach
        self._phrases = coach.phrases
        self._works = works
        self._indices = indices
        self._level = level
        self._unit = -1

    def drafts(self, visits: Sequence[StepVisit]) -> Iterator[Draft]:
        """The drafts of the whole session, each as soon as it is complete, so that a long one never lies here whole."""
        self._opening()
        self._final = _last_of_several(visits)
        for stop, upcoming in zip(visits, self._upcoming_names(visits), strict=True):
            yield from self._spoken(self._session.voice.manner)
            self._lay_out_visit(stop, upcoming)
            yield from self._spoken(self._manner(stop))
        self._closing()
        yield from self._spoken(self._session.voice.manner)

    def _spoken(self, manner: Manner) -> Iterator[Draft]:
        """What has been laid out since the last call, to be spoken in `manner`."""
        for draft in self._made:
            draft.apply_manner(manner)
            yield draft
        self._made.clear()

    def _manner(self, stop: StepVisit) -> Manner:
        """How the lines of a stop are spoken."""
        usual = self._session.voice.manner
        if stop.step is None or isinstance(stop.step, Block):
            return usual
        work = self._works.get(stop.path)
        return (stop.step.manner if work is None else work.manner).over(usual)

    def _opening(self) -> None:
        """The session's name and its cautions."""
        name, cautions = (
            without_placeholders(self._session.name),
            [without_placeholders(caution) for caution in self._session.cautions],
        )
        said = [fill_placeholders(self._phrases.opening, {"name": name}), *cautions]
        self._say(self._phrases.label_begin, said, text=" ".join(cautions) or name)

    def _closing(self) -> None:
        """The last tone and a closing line."""
        done = self._phrases.done
        draft = self._say(self._phrases.label_done, [done], text=done)
        draft.tones.append(Tone("finish", _FINISH_AFTER_MS if draft.tones else 0))

    def _upcoming_names(self, stops: Sequence[StepVisit]) -> list[StepNames]:
        """For every stop, how what comes after it is announced."""
        coming, after = StepNames(), []
        for stop in reversed(stops):
            after.append(coming)
            own = self._announced_names(stop)
            coming = coming if own is None else own
        return after[::-1]

    def _announced_names(self, stop: StepVisit) -> StepNames | None:
        """How a stop is announced; `None` for those that are not: rests and narration."""
        match stop.step:
            case None | RestStep() | SayStep():
                return None
            case WaitStep():
                return StepNames()
            case MeasureStep() as step:
                return StepNames(measure_name(step, self._phrases), measure_name(step, self._phrases))
        work = self._works[stop.path]
        turn = self._set_context(work, stop, 1, work.side_sequence[0], StepNames())
        return StepNames(turn.name, turn.short)

    def _set_context(self, work: Work, stop: StepVisit, number: int, side: str | None, after: StepNames) -> SetContext:
        return SetContext(
            work, number, self._phrases.side_name(side), after.full, stop.round, stop.rounds, work.side_kind(side)
        )

    def _lay_out_visit(self, stop: StepVisit, after: StepNames) -> None:
        match stop.step:
            case None:
                self._rest_between_rounds(stop, after)
            case RestStep() as step:
                self._rest_step(step, stop, after)
            case SayStep() as step:
                said, shown = (self._fill(text, stop, after) for text in (step.say, step.text or step.say))
                self._say(self._phrases.label_say, [said], stop, text=shown, up_next=after.full)
            case WaitStep() as step:
                self._wait(step, stop, after)
            case MeasureStep() as step:
                self._measure(step, stop, after)
            case _:
                self._work(self._works[stop.path], stop, after)

    # Steps that are no work.

    def _rest_between_rounds(self, stop: StepVisit, after: StepNames) -> None:
        draft = self._rest(stop, after, stop.rest_ms)
        number, rounds = stop.round or 1, stop.rounds or 1
        draft.lines += self._coach.rest_between_rounds(stop.rest_ms, after, number, rounds)

    def _rest_step(self, step: RestStep, stop: StepVisit, after: StepNames) -> None:
        rest_ms = step.rest.at(self._level)
        seconds = rest_ms // 1_000
        said, shown = (
            self._fill(text or "", stop, after, seconds=seconds, remaining=seconds)
            for text in (step.say, step.text or step.say)
        )
        draft = self._rest(stop, after, rest_ms, shown)
        draft.lines += self._coach.rest_step(rest_ms, after, said, (*stop.path, "say"))

    def _rest(self, stop: StepVisit, after: StepNames, rest_ms: int, text: str = "") -> Draft:
        make = self._phase_template("rest", self._phrases.label_rest, stop, text=text, up_next=after.full)
        return self._toned("rest", self._add(make, rest_ms))

    def _wait(self, step: WaitStep, stop: StepVisit, after: StepNames) -> None:
        text = self._fill(step.wait, stop, after)
        make = self._phase_template("wait", self._phrases.label_wait, stop, text=text, up_next=after.full)
        self._add(make, None).lines.append(DraftLine(text, Priority.INSTRUCTION))

    def _measure(self, step: MeasureStep, stop: StepVisit, after: StepNames) -> None:
        name = measure_name(step, self._phrases)
        question = step.say or _question(step, self._phrases)
        low, high = step.limits or (PAIN_RANGE if step.measure == PAIN else (None, None))
        for turn in step.sides or (None,):
            side = self._phrases.side_name(turn)
            said, shown = (
                self._fill(text, stop, after, name=name, side=side) for text in (question, step.text or question)
            )
            measure = Measure(
                step.measure,
                shown,
                low,
                high,
                without_placeholders(step.unit or ""),
                suggestion_rules(step),
                without_placeholders(step.name or ""),
            )
            make = self._phase_template("measure", name, stop, text=shown, side=side, measure=measure)
            draft = self._add(make, None)
            if side and "{side}" not in question:
                draft.lines.append(DraftLine(self._phrases.side_sentence(self._phrases.side_now, side), Priority.SIDE))
            draft.lines.append(DraftLine(said, Priority.INSTRUCTION))

    def _fill(self, text: str, stop: StepVisit, after: StepNames, **values: object) -> str:
        """A text of a step that is no work; its name is that of the session."""
        around = {
            "round": stop.round,
            "rounds": stop.rounds,
            "next": after.full,
            "name": without_placeholders(self._session.name),
        }
        return fill_placeholders(text, {**around, **values})

    def _say(
        self,
        label: str,
        said: Sequence[str],
        stop: StepVisit | None = None,
        *,
        text: str,
        up_next: str = "",
    ) -> Draft:
        """A phase that lasts as long as what is said in it."""
        draft = self._add(self._phase_template("say", label, stop, text=text, up_next=up_next), 0)
        draft.lines += [DraftLine(line, Priority.INSTRUCTION) for line in said]
        draft.grows = True
        return draft

    def _phase_template(self, kind: PhaseKind, label: str, stop: StepVisit | None, **more: Any) -> partial[Phase]:
        """A phase that is no work, in a unit of its own; `more` are fields of it."""
        if stop is not None:
            more |= {"round": stop.round, "rounds": stop.rounds}
        step = None if stop is None else self._indices.get(stop.path)
        return partial(Phase, kind, label, step=step, unit=self._new_unit(), **more)

    # Work.

    def _work(self, work: Work, stop: StepVisit, after: StepNames) -> None:
        for number in range(1, work.sets + 1):
            for index, side in enumerate(work.side_sequence):
                turn = self._set_context(work, stop, number, side, after)
                self._lead_up(turn, stop, is_first_side=index == 0)
                self._set(turn, stop)

    def _lead_up(self, turn: SetContext, stop: StepVisit, *, is_first_side: bool) -> None:
        """What comes before a set: getting ready, a change of sides, or the rest after the set before."""
        if not is_first_side:
            self._switch(turn, stop)
        elif turn.set == 1:
            self._prepare(turn, stop)
        else:
            self._rest_before_set(turn, stop)

    def _prepare(self, turn: SetContext, stop: StepVisit) -> None:
        draft = self._add(self._set_phase_template("prepare", turn, stop), turn.work.prepare_ms)
        if stop is self._final:
            draft.lines += self._coach.last_exercise()
        draft.lines += self._coach.introduction(turn, brief=stop.repeated)
        draft.grows = True
        draft.count_down(turn.work.countdown)

    def _switch(self, turn: SetContext, stop: StepVisit) -> None:
        switch_ms = turn.work.switch_ms
        if not switch_ms:
            return
        draft = self._toned("switch", self._add(self._set_phase_template("switch", turn, stop), switch_ms))
        draft.lines += self._coach.change_of_side(turn)
        draft.count_down(turn.work.countdown)

    def _rest_before_set(self, turn: SetContext, stop: StepVisit) -> None:
        rest_ms = turn.work.rest_ms
        if not rest_ms:
            return
        make = self._set_phase_template("rest", turn, stop, label=self._phrases.label_rest, up_next=turn.name)
        draft = self._toned("set", self._add(make, rest_ms))
        draft.lines += self._coach.rest_before_set(turn, rest_ms)
        draft.count_down(turn.work.countdown)

    def _set(self, turn: SetContext, stop: StepVisit) -> None:
        """The work itself, all of it one unit."""
        work, after = turn.work, None
        make = self._set_phase_template("work", turn, stop, up_next=turn.next_name)
        if work.kind == "hold":
            draft = self._add(partial(make, count_up=work.count_up), work.count, is_work=True)
            self._coach.hold(draft, turn)
            if work.overrun:
                after = self._add(partial(make, count_up=True, overrun=True), None, is_work=True)
                self._coach.overrun(after)
        elif work.self_paced:
            draft = self._add(partial(make, reps=work.count, self_paced=True), None, is_work=True)
            draft.tones.append(Tone("start"))
        else:
            draft = self._append(Draft(self._parts(make, turn), is_work=True))
            self._coach.parts(draft, turn)
        self._coach.author_cues(draft, turn, _cues_path(stop), after)

    @staticmethod
    def _parts(make: partial[Phase], turn: SetContext) -> list[PhaseTemplate]:
        """A phase for every part of every rep or round."""
        work, blanks = turn.work, []
        for moment in work.part_occurrences():
            part = moment.part
            shown = {"text": turn.fill_part(moment, part.say)} if part.say else {}
            numbered = work.count_as(moment.number)
            filled = partial(make, part=turn.fill_part(moment, part.name), breath=part.breath, **numbered, **shown)
            filled = partial(filled, part_number=part.number)
            blanks.append(PhaseTemplate(filled, part.duration_ms))
        return blanks

    def _set_phase_template(self, kind: PhaseKind, turn: SetContext, stop: StepVisit, **more: Any) -> partial[Phase]:
        """A phase of a set, in a unit of its own; `more` are other fields of it."""
        values = {
            "label": turn.name,
            "step": self._indices.get(stop.path),
            "unit": self._new_unit(),
            "text": turn.fill(turn.work.text or turn.work.say),
            "set": turn.set,
            "sets": turn.work.sets,
            "side": turn.side,
            "side_kind": turn.side_kind,
            "round": stop.round,
            "rounds": stop.rounds,
        }
        return partial(Phase, kind, **{**values, **more})

    # Bookkeeping.

    def _new_unit(self) -> int:
        self._unit += 1
        return self._unit

    def _add(self, make: partial[Phase], duration_ms: int | None, *, is_work: bool = False) -> Draft:
        """Append a phase."""
        return self._append(Draft([PhaseTemplate(make, duration_ms)], is_work))

    def _append(self, draft: Draft) -> Draft:
        """Append a draft; the end of work sounds at the very start of what follows it."""
        if self._after_work and not draft.is_work:
            draft.tones.append(Tone("end"))
        self._after_work = draft.is_work
        self._made.append(draft)
        return draft

    @staticmethod
    def _toned(sound: str, draft: Draft) -> Draft:
        """Let a phase begin with its tone, after the one that ends work, or with that one alone where time is short."""
        if not draft.tones:
            draft.tones.append(Tone(sound))
        elif (draft.length_ms or 0) >= _SECOND_TONE_FROM_MS:
            draft.tones.append(Tone(sound, _TONE_AFTER_MS))
        return draft


def _last_of_several(stops: Sequence[StepVisit]) -> StepVisit | None:
    """The last stop at which there is work; `None` where all work is that of one step."""
    works = [stop for stop in stops if isinstance(stop.step, WorkStep)]
    return works[-1] if len({stop.path for stop in works}) > 1 else None


def suggestion_rules(step: MeasureStep) -> tuple[SuggestionRule, ...]:
    """What the answers to a question suggest."""
    return tuple(
        SuggestionRule(one.session, one.because, *(one.answer or (0.0, 0.0)), apart=one.apart) for one in step.suggest
    )


def measure_name(step: MeasureStep, phrases: Phrases) -> str:
    """How a measure is called on the screen."""
    if step.name:
        return without_placeholders(step.name)
    return phrases.label_pain if step.measure == PAIN else step.measure.replace("-", " ").capitalize()


def _question(step: MeasureStep, phrases: Phrases) -> str:
    """What the coach asks where the session does not say."""
    if step.measure != PAIN:
        return phrases.ask
    # The name is that of an area, of which there may be several.
    return f"{{name}}: {phrases.ask_pain}" if step.name else phrases.ask_pain


def _cues_path(stop: StepVisit) -> KeyPath:
    """Where the cues of a step stand: at the name of its exercise where they are that one's."""
    own = isinstance(stop.step, WorkStep) and stop.step.cues is not None
    return (*stop.path, "cues" if own else "exercise")
