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
from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import fill_placeholders, without_placeholders
from timer_app.core.fields.doses import distance_text
from timer_app.core.fields.load import parse_load
from timer_app.core.session import Phrases
from timer_app.core.session.model import Block, MeasureStep, RestStep, SayStep, Session, WaitStep, WorkStep
from timer_app.core.timeline import Measure, Phase, PhaseKind, SuggestionRule
from timer_app.core.timeline.dose import SetQuestion
from timer_app.core.timeline.utterance import Manner

PAIN = "pain"
MAX_REPS = 1_000
PAIN_RANGE = (0.0, 10.0)
_TONE_AFTER_MS = 500  # the tone of a new set, of a rest or of a change of sides follows the one that ends work
_FINISH_AFTER_MS = 700
_SECOND_TONE_FROM_MS = 8_000  # a shorter phase has no time for a tone of its own after the one that ends work


class Layout:
    """Lays the visits of a session's steps out one after the other.

    Args:
        session: Whose steps they are.
        coach: Who speaks.
        works: Every step of work, filled in, by its path.
        indices: The position of every step in the step list, by its path.
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
        """The drafts of the whole session, each as soon as it is complete: a long session is never held whole."""
        self._opening()
        self._final = _last_of_several(visits)
        for visit, upcoming in zip(visits, self._upcoming_names(visits), strict=True):
            yield from self._spoken(self._session.manner)
            self._lay_out_visit(visit, upcoming)
            yield from self._spoken(self._manner(visit))
        self._closing()
        yield from self._spoken(self._session.manner)

    def _spoken(self, manner: Manner) -> Iterator[Draft]:
        """Everything laid out since the last call, to be spoken in `manner`."""
        for draft in self._made:
            draft.manner = manner
            yield draft
        self._made.clear()

    def _manner(self, visit: StepVisit) -> Manner:
        """How the lines of a visit are spoken."""
        usual = self._session.manner
        if visit.step is None or isinstance(visit.step, Block):
            return usual
        work = self._works.get(visit.path)
        return (visit.step.manner if work is None else work.manner).over(usual)

    def _opening(self) -> None:
        """The session's name and its cautions."""
        name, cautions = (
            without_placeholders(self._session.name),
            [without_placeholders(caution) for caution in self._session.cautions],
        )
        opening = self._own("opening", fill_placeholders(self._phrases.opening, {"name": name}))
        said = [opening, *(DraftLine(caution, Priority.INSTRUCTION) for caution in cautions)]
        self._say(self._phrases.label_begin, said, text=" ".join(cautions) or name)

    def _closing(self) -> None:
        """The last tone and a closing line."""
        done = self._phrases.done
        draft = self._say(self._phrases.label_done, [self._own("done", done)], text=done)
        draft.tones.append(Tone("finish", _FINISH_AFTER_MS if draft.tones else 0))

    def _upcoming_names(self, visits: Sequence[StepVisit]) -> list[StepNames]:
        """For every visit, how the next one is announced."""
        coming, after = StepNames(), []
        for visit in reversed(visits):
            after.append(coming)
            own = self._announced_names(visit)
            coming = coming if own is None else own
        return after[::-1]

    def _announced_names(self, visit: StepVisit) -> StepNames | None:
        """How a visit is announced; `None` for rests and narration, which are not."""
        match visit.step:
            case None | RestStep() | SayStep():
                return None
            case WaitStep():
                return StepNames()
            case MeasureStep() as step:
                return StepNames(measure_name(step, self._phrases), measure_name(step, self._phrases))
        work = self._works[visit.path]
        context = self._set_context(work, visit, 1, work.side_sequence[0], StepNames())
        return StepNames(context.name, context.short)

    def _set_context(self, work: Work, visit: StepVisit, number: int, side: str | None, after: StepNames) -> SetContext:
        return SetContext(
            work, number, self._phrases.side_name(side), after.full, visit.round, visit.rounds, work.side_kind(side)
        )

    def _lay_out_visit(self, visit: StepVisit, after: StepNames) -> None:
        match visit.step:
            case None:
                self._rest_between_rounds(visit, after)
            case RestStep() as step:
                self._rest_step(step, visit, after)
            case SayStep() as step:
                said, shown = (self._fill(text, visit, after) for text in (step.say, step.text or step.say))
                self._say(
                    self._phrases.label_say,
                    [DraftLine(said, Priority.INSTRUCTION)],
                    visit,
                    text=shown,
                    up_next=after.full,
                )
            case WaitStep() as step:
                self._wait(step, visit, after)
            case MeasureStep() as step:
                self._measure(step, visit, after)
            case _:
                self._work(self._works[visit.path], visit, after)

    # Steps that are not work.

    def _rest_between_rounds(self, visit: StepVisit, after: StepNames) -> None:
        draft = self._rest(visit, after, visit.rest_ms)
        number, rounds = visit.round or 1, visit.rounds or 1
        draft.lines += self._coach.rest_between_rounds(visit.rest_ms, after, number, rounds)

    def _rest_step(self, step: RestStep, visit: StepVisit, after: StepNames) -> None:
        rest_ms = step.rest.at(self._level)
        seconds = rest_ms // 1_000
        said, shown = (
            self._fill(text or "", visit, after, seconds=seconds, remaining=seconds)
            for text in (step.say, step.text or step.say)
        )
        draft = self._rest(visit, after, rest_ms, shown)
        draft.lines += self._coach.rest_step(rest_ms, after, said, (*visit.path, "say"))

    def _rest(self, visit: StepVisit, after: StepNames, rest_ms: int, text: str = "") -> Draft:
        make = self._phase_template("rest", self._phrases.label_rest, visit, text=text, up_next=after.full)
        return self._toned("rest", self._add(make, rest_ms))

    def _wait(self, step: WaitStep, visit: StepVisit, after: StepNames) -> None:
        text = self._fill(step.wait, visit, after)
        make = self._phase_template("wait", self._phrases.label_wait, visit, text=text, up_next=after.full)
        self._add(make, None).lines.append(DraftLine(text, Priority.INSTRUCTION))

    def _measure(self, step: MeasureStep, visit: StepVisit, after: StepNames) -> None:
        name = measure_name(step, self._phrases)
        question = step.say or _question(step, self._phrases)
        low, high = step.limits or (PAIN_RANGE if step.measure == PAIN else (None, None))
        for side_key in step.sides or (None,):
            side = self._phrases.side_name(side_key)
            said, shown = (
                self._fill(text, visit, after, name=name, side=side) for text in (question, step.text or question)
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
            make = self._phase_template("measure", name, visit, text=shown, side=side, measure=measure)
            draft = self._add(make, None)
            if side and "{side}" not in question:
                draft.lines.append(self._coach.now_side(side))
            own = DraftLine(said, Priority.INSTRUCTION)
            asked = "ask_pain" if step.measure == PAIN else "ask"
            draft.lines.append(own if step.say else self._own(asked, said))

    def _fill(self, text: str, visit: StepVisit, after: StepNames, **values: object) -> str:
        """A text of a step that is not work; `{name}` is the name of the session."""
        around = {
            "round": visit.round,
            "rounds": visit.rounds,
            "next": after.full,
            "name": without_placeholders(self._session.name),
        }
        return fill_placeholders(text, {**around, **values})

    def _say(
        self,
        label: str,
        said: Sequence[DraftLine],
        visit: StepVisit | None = None,
        *,
        text: str,
        up_next: str = "",
    ) -> Draft:
        """A phase that lasts as long as its lines."""
        draft = self._add(self._phase_template("say", label, visit, text=text, up_next=up_next), 0)
        draft.lines += said
        draft.grows = True
        return draft

    def _own(self, key: str, text: str) -> DraftLine:
        """A line made from the phrase `key` that is said first of all."""
        return DraftLine(text, Priority.INSTRUCTION, language=self._phrases.language_of(key))

    def _phase_template(self, kind: PhaseKind, label: str, visit: StepVisit | None, **more: Any) -> partial[Phase]:
        """A phase that is not work, in its own unit; `more` are other fields of it."""
        if visit is not None:
            more |= {"round": visit.round, "rounds": visit.rounds}
        step = None if visit is None else self._indices.get(visit.path)
        return partial(Phase, kind, label, step=step, unit=self._new_unit(), **more)

    # Work.

    def _work(self, work: Work, visit: StepVisit, after: StepNames) -> None:
        for number in range(1, work.sets + 1):
            for index, side in enumerate(work.side_sequence):
                context = self._set_context(work.of_set(number), visit, number, side, after)
                self._lead_up(context, visit, is_first_side=index == 0)
                self._set(context, visit)
                self._ask(context, visit)

    def _lead_up(self, context: SetContext, visit: StepVisit, *, is_first_side: bool) -> None:
        """The phase before a set: preparation, a change of sides, or the rest after the previous set."""
        if not is_first_side:
            self._switch(context, visit)
        elif context.set == 1:
            self._prepare(context, visit)
        else:
            self._rest_before_set(context, visit)

    def _prepare(self, context: SetContext, visit: StepVisit) -> None:
        draft = self._add(self._set_phase_template("prepare", context, visit), context.work.prepare_ms)
        if visit is self._final:
            draft.lines += self._coach.last_exercise()
        draft.lines += self._coach.introduction(context, brief=visit.repeated)
        draft.grows = True
        draft.count_down(context.work.countdown)

    def _switch(self, context: SetContext, visit: StepVisit) -> None:
        switch_ms = context.work.switch_ms
        if not switch_ms:
            return
        draft = self._toned("switch", self._add(self._set_phase_template("switch", context, visit), switch_ms))
        draft.lines += self._coach.change_of_side(context)
        draft.count_down(context.work.countdown)

    def _rest_before_set(self, context: SetContext, visit: StepVisit) -> None:
        rest_ms = context.work.rest_ms
        if not rest_ms:
            return
        make = self._set_phase_template("rest", context, visit, label=self._phrases.label_rest, up_next=context.name)
        draft = self._toned("set", self._add(make, rest_ms))
        draft.lines += self._coach.rest_before_set(context, rest_ms)
        draft.count_down(context.work.countdown)

    def _set(self, context: SetContext, visit: StepVisit) -> None:
        """The work itself, as one unit."""
        work, after = context.work, None
        make = self._set_phase_template("work", context, visit, up_next=context.next_name)
        if work.kind == "distance":
            draft = self._add(partial(make, distance=distance_text(work.count, work.unit)), None, is_work=True)
            draft.tones.append(Tone("start"))
        elif work.kind == "hold" and work.is_endless:
            draft = self._add(partial(make, count_up=True), None, is_work=True)
            self._coach.endless_hold(draft, context)
        elif work.kind == "hold":
            draft = self._add(partial(make, count_up=work.count_up), work.count, is_work=True)
            self._coach.hold(draft, context)
            if work.overrun:
                after = self._add(partial(make, count_up=True, overrun=True), None, is_work=True)
                self._coach.overrun(after)
        elif work.self_paced:
            reps = partial(make, reps=work.count or None, self_paced=True, is_open_ended=work.is_open)
            draft = self._add(reps, None, is_work=True)
            draft.tones.append(Tone("start"))
        else:
            draft = self._append(Draft(self._parts(make, context), is_work=True))
            self._coach.parts(draft, context)
            if work.is_open:
                more = partial(make, reps=work.count, self_paced=True, is_open_ended=True, reps_before=work.count)
                self._add(more, None, is_work=True)
        self._coach.author_cues(draft, context, _cues_path(visit), after)

    def _ask(self, context: SetContext, visit: StepVisit) -> None:
        """The questions after a set; reps that are open upward are asked for unless they were counted."""
        work = context.work
        if not self._coach.asks:
            return
        is_counted = work.kind == "reps" and work.is_open and "reps" not in work.ask
        asked: tuple[SetQuestion, ...] = ("reps", *work.ask) if is_counted else work.ask
        for key in asked:
            measure = set_question(key, work, self._phrases, unless_counted=is_counted and key == "reps")
            if measure is None:
                continue
            make = self._set_phase_template("measure", context, visit, text=measure.prompt, measure=measure)
            draft = self._add(make, work.ask_ms)
            draft.lines += self._coach.question(key, is_planned=bool(measure.planned) and work.ask_ms is not None)

    @staticmethod
    def _parts(make: partial[Phase], context: SetContext) -> list[PhaseTemplate]:
        """A phase for every part of every rep or round."""
        work, templates = context.work, []
        for occurrence in work.part_occurrences():
            part = occurrence.part
            shown = {"text": context.fill_part(occurrence, part.say)} if part.say else {}
            numbered = work.count_as(occurrence.number)
            filled = partial(
                make, part=context.fill_part(occurrence, part.name), breath=part.breath, **numbered, **shown
            )
            filled = partial(filled, part_number=part.number)
            templates.append(PhaseTemplate(filled, part.duration_ms))
        return templates

    def _set_phase_template(
        self, kind: PhaseKind, context: SetContext, visit: StepVisit, **more: Any
    ) -> partial[Phase]:
        """A phase of a set, in its own unit; `more` are other fields of it."""
        values = {
            "label": context.name,
            "step": self._indices.get(visit.path),
            "unit": self._new_unit(),
            "text": context.fill(context.work.text or context.work.say),
            "set": context.set,
            "sets": context.work.sets,
            "side": context.side,
            "side_kind": context.side_kind,
            "load": context.work.load,
            "effort": context.work.effort,
            "round": visit.round,
            "rounds": visit.rounds,
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
        """Append a draft; the tone that ends work is heard at the very start of the draft after it."""
        if self._after_work and not draft.is_work:
            draft.tones.append(Tone("end"))
        self._after_work = draft.is_work
        self._made.append(draft)
        return draft

    @staticmethod
    def _toned(sound: str, draft: Draft) -> Draft:
        """Let a phase begin with its tone, after the one that ends work, or with that one alone if time is short."""
        if not draft.tones:
            draft.tones.append(Tone(sound))
        elif (draft.length_ms or 0) >= _SECOND_TONE_FROM_MS:
            draft.tones.append(Tone(sound, _TONE_AFTER_MS))
        return draft


def _last_of_several(visits: Sequence[StepVisit]) -> StepVisit | None:
    """The last visit with work; `None` if all work belongs to one step."""
    works = [visit for visit in visits if isinstance(visit.step, WorkStep)]
    return works[-1] if len({visit.path for visit in works}) > 1 else None


def suggestion_rules(step: MeasureStep) -> tuple[SuggestionRule, ...]:
    """What the answers to a question suggest."""
    return tuple(
        SuggestionRule(one.session, one.because, *(one.answer or (0.0, 0.0)), apart=one.apart) for one in step.suggest
    )


_ANSWER_LIMITS: dict[SetQuestion, tuple[float, float | None]] = {
    "reps": (0, MAX_REPS),
    "load": (0, None),
    "rpe": (1, 10),
    "rir": (0, 10),
}


def set_question(key: SetQuestion, work: Work, phrases: Phrases, *, unless_counted: bool = False) -> Measure | None:
    """What is asked after a set of `work`; `None` where a number cannot answer it, such as for a red band."""
    load = parse_load(work.load) if work.load else None
    if key == "load" and load is not None and load.low is None:
        return None
    reps = f"{work.count}{'+' if work.is_open else ''}" if work.count else ""
    planned = {"reps": reps, "load": work.load, "rpe": work.rpe, "rir": work.rir}[key]
    unit = (load.unit if load else "kg") if key == "load" else ""
    prompt, (low, high) = getattr(phrases, f"ask_{key}"), _ANSWER_LIMITS[key]
    return Measure(key, prompt, low, high, unit, of_set=key, planned=planned, unless_counted=unless_counted)


def measure_name(step: MeasureStep, phrases: Phrases) -> str:
    """The name of a measure on the screen."""
    if step.name:
        return without_placeholders(step.name)
    return phrases.label_pain if step.measure == PAIN else step.measure.replace("-", " ").capitalize()


def _question(step: MeasureStep, phrases: Phrases) -> str:
    """What the coach asks if the session does not say."""
    if step.measure != PAIN:
        return phrases.ask
    # The name is that of an area, of which there may be several.
    return f"{{name}}: {phrases.ask_pain}" if step.name else phrases.ask_pain


def _cues_path(visit: StepVisit) -> KeyPath:
    """Where in the file the cues of a visit come from: the step itself, or the name of its exercise."""
    own = isinstance(visit.step, WorkStep) and visit.step.cues is not None
    return (*visit.path, "cues" if own else "exercise")
