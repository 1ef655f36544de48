"""Lays steps out as phases: which phases a step has, in which order, and what each shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from timer_app.core.compiler.coach import LONG_REST_MS, Coach, StepNames
from timer_app.core.compiler.draft import Draft, DraftLine, PhaseTemplate, Priority, Tone
from timer_app.core.compiler.resolve import Work
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.compiler.unroll import StepVisit
from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import fill_placeholders, without_placeholders
from timer_app.core.session import Phrases
from timer_app.core.session.model import Block, MeasureStep, RestStep, SayStep, Session, WaitStep, WorkStep
from timer_app.core.timeline import Measure, Phase, PhaseKind, SuggestionRule
from timer_app.core.timeline.utterance import Manner

PAIN = "pain"
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
        self._introduced: StepVisit | None = None  # work for which a rest was the time to get ready
        self._rested_ms = 0  # in the rests before the current visit
        self._carried: list[tuple[DraftLine, str]] = []  # lines that take no time of their own, each as shown
        self._manner = session.manner
        self._by_clock = session.defaults.fit == "clock"
        self._grows = coach.speaks and not self._by_clock
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
        visits = _said_before_rests(visits) if self._by_clock else visits
        self._final = _last_of_several(visits)
        names = self._upcoming_names(visits)
        for index, visit in enumerate(visits):
            self._manner = self._manner_of(visit)
            following = visits[index + 1] if index + 1 < len(visits) else None
            if visit.is_rest and following is not None and following.is_work:
                self._rest_before_work(visit, following, names[index + 1])
            else:
                self._lay_out_visit(visit, names[index])
            if visit.is_rest:
                self._rested_ms += self._rest_ms(visit)
            elif not self._carried:
                self._rested_ms = 0
            yield from self._made
            self._made.clear()
        self._manner = self._session.manner
        self._closing()
        yield from self._made

    def _manner_of(self, visit: StepVisit) -> Manner:
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
        said = [DraftLine(caution, Priority.INSTRUCTION) for caution in cautions]
        self._say_untimed(self._phrases.label_begin, opening, said, text=" ".join(cautions) or name)

    def _closing(self) -> None:
        """The last tone and a closing line."""
        done = self._phrases.done
        draft = self._say_untimed(self._phrases.label_done, self._own("done", done), [], text=done)
        draft.tones.append(Tone("finish", _FINISH_AFTER_MS if draft.tones else 0))

    def _say_untimed(self, label: str, own: DraftLine, said: Sequence[DraftLine], *, text: str) -> Draft:
        """What is said before the start or after the end, which by the clock is no part of the session's time.

        Args:
            label: Its label.
            own: The coach's line, for which nothing waits if it is not said.
            said: The author's lines, which are at least read.
            text: What is shown.
        """
        draft = self._say(label, [*([own] if self._coach.speaks else []), *said], text=text)
        if self._by_clock:
            ((make, length_ms),) = draft.templates
            draft.untimed, draft.templates = True, [PhaseTemplate(partial(make, untimed=True), length_ms)]
        return draft

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
            case None | RestStep():
                rest_ms = self._rest_ms(visit)
                draft = self._rest(visit, after, rest_ms)
                draft.lines += [*self._rest_lines(visit, after, rest_ms), *self._coach.what_is_next(rest_ms, after)]
            case SayStep() as step:
                self._say_step(step, visit, after)
            case WaitStep() as step:
                self._wait(step, visit, after)
            case MeasureStep() as step:
                self._measure(step, visit, after)
            case _:
                self._work(self._works[visit.path], visit, after)

    # Steps that are not work.

    def _rest_ms(self, visit: StepVisit) -> int:
        """How long a rest is."""
        return visit.step.rest.at(self._level) if isinstance(visit.step, RestStep) else visit.rest_ms

    def _rest_before_work(self, visit: StepVisit, work_visit: StepVisit, after: StepNames) -> None:
        """A rest that is the time to get ready for the work that follows, and the time that it lacks for that.

        Args:
            visit: The rest.
            work_visit: The work.
            after: What comes after the work.
        """
        work, rest_ms = self._works[work_visit.path], self._rest_ms(visit)
        context = self._set_context(work, work_visit, 1, work.side_sequence[0], after)
        names = StepNames(context.name, context.short)
        draft = self._rest(visit, names, rest_ms)
        rest_lines = self._rest_lines(visit, names, rest_ms)
        draft.retell = partial(self._retell, visit, names, len(draft.lines), len(rest_lines))
        lacking_ms = work.prepare_ms - self._rested_ms - rest_ms
        if lacking_ms > 0:
            unit = draft.templates[0].make.keywords["unit"]
            make = self._set_phase_template("prepare", context, work_visit, unit)
            draft.templates.append(PhaseTemplate(make, lacking_ms))
        draft.manner = self._manner_of(work_visit)
        draft.lines += rest_lines
        late = rest_ms >= LONG_REST_MS
        draft.lines += [line._replace(late=late) for line in self._introduction(context, work_visit, "rest")]
        draft.grows = self._grows and work.prepare_ms > 0
        draft.count_down(work.countdown)
        self._introduced = work_visit

    def _retell(self, visit: StepVisit, after: StepNames, first: int, count: int, draft: Draft) -> None:
        """Tell the length that a rest has in the end.

        Args:
            visit: The rest.
            after: What comes after it.
            first: The first of the lines about the rest itself.
            count: How many there are.
            draft: The rest.
        """
        ((make, length_ms),) = draft.templates
        rest_ms = length_ms or 0
        draft.lines[first : first + count] = self._rest_lines(visit, after, rest_ms)
        draft.templates = [PhaseTemplate(partial(make, text=self._rest_text(visit, after, rest_ms)), rest_ms)]

    def _rest_lines(self, visit: StepVisit, after: StepNames, rest_ms: int) -> list[DraftLine]:
        """What is said of a rest of that length itself."""
        step, manner = visit.step, self._manner_of(visit)
        if isinstance(step, RestStep) and step.say:
            said = self._fill_rest(step.say, visit, after, rest_ms)
            return [DraftLine(said, Priority.REST, origin=(*visit.path, "say"), manner=manner)]
        lines = [self._coach.rest(rest_ms)]
        if visit.begins_round:
            lines.append(self._coach.next_round(visit.round or 1, visit.rounds or 1))
        return [line._replace(manner=manner) for line in lines]

    def _rest_text(self, visit: StepVisit, after: StepNames, rest_ms: int) -> str:
        """What is shown of it."""
        step = visit.step
        return self._fill_rest(step.text or step.say or "", visit, after, rest_ms) if isinstance(step, RestStep) else ""

    def _fill_rest(self, text: str, visit: StepVisit, after: StepNames, rest_ms: int) -> str:
        seconds = rest_ms // 1_000
        return self._fill(text, visit, after, seconds=seconds, remaining=seconds)

    def _rest(self, visit: StepVisit, after: StepNames, rest_ms: int) -> Draft:
        text = self._rest_text(visit, after, rest_ms)
        make = self._phase_template("rest", self._phrases.label_rest, visit, text=text, up_next=after.full)
        return self._toned("rest", self._add(make, rest_ms))

    def _say_step(self, step: SayStep, visit: StepVisit, after: StepNames) -> None:
        said, shown = (self._fill(text, visit, after) for text in (step.say, step.text or step.say))
        line = DraftLine(said, Priority.INSTRUCTION, origin=(*visit.path, "say"))
        if self._by_clock:
            # A line has no time of its own: it is said at the beginning of what follows.
            self._carried.append((line._replace(manner=self._manner), shown))
        else:
            self._say(self._phrases.label_say, [line], visit, text=shown, up_next=after.full)

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
                context = self._set_context(work, visit, number, side, after)
                self._set(context, visit, self._lead_up(context, visit, is_first_side=index == 0))

    def _lead_up(self, context: SetContext, visit: StepVisit, *, is_first_side: bool) -> list[DraftLine]:
        """What comes before a set: preparation, a change of sides, or the rest after the previous set.

        Returns:
            What is left to be said over the first seconds of the set.
        """
        if not is_first_side:
            return self._switch(context, visit, [])
        return self._prepare(context, visit) if context.set == 1 else self._between_sets(context, visit)

    def _prepare(self, context: SetContext, visit: StepVisit) -> list[DraftLine]:
        work = context.work
        if visit is self._introduced:
            return []
        if not work.prepare_ms:
            return self._introduction(context, visit, "work")
        draft = self._add(self._set_phase_template("prepare", context, visit), work.prepare_ms)
        draft.lines += self._introduction(context, visit, "prepare")
        draft.grows = self._grows
        draft.count_down(work.countdown)
        return []

    def _introduction(self, context: SetContext, visit: StepVisit, during: PhaseKind) -> list[DraftLine]:
        last = self._coach.last_exercise() if visit is self._final else []
        origin = partial(_origin, visit)
        return [*last, *self._coach.introduction(context, origin, during, brief=visit.repeated)]

    def _switch(self, context: SetContext, visit: StepVisit, before: Sequence[DraftLine]) -> list[DraftLine]:
        """A change of sides, after what else is said in it."""
        switch_ms = context.work.switch_ms
        if not switch_ms:
            return [self._coach.now_side(context.side)]
        draft = self._toned("switch", self._add(self._set_phase_template("switch", context, visit), switch_ms))
        draft.lines += [*before, *self._coach.change_of_side(context)]
        draft.count_down(context.work.countdown)
        return []

    def _between_sets(self, context: SetContext, visit: StepVisit) -> list[DraftLine]:
        """The rest between two sets, which is also the time to change sides: it lasts as long as the longer of both."""
        work, next_set = context.work, self._coach.next_set(context)
        changes_side = len(work.sides) > 1
        if changes_side and (self._by_clock or work.rest_ms < work.switch_ms):
            rest_ms = work.rest_ms - work.switch_ms
            if rest_ms > 0:
                self._rest_before_set(context, visit, rest_ms).lines.append(next_set)
            return self._switch(context, visit, [next_set] if rest_ms <= 0 else [])
        sides = [self._coach.now_side(context.side)] if changes_side else []
        if not work.rest_ms:
            return sides
        draft = self._rest_before_set(context, visit, work.rest_ms)
        draft.lines += [next_set, *sides]
        draft.count_down(work.countdown)
        return []

    def _rest_before_set(self, context: SetContext, visit: StepVisit, rest_ms: int) -> Draft:
        make = self._set_phase_template("rest", context, visit, label=self._phrases.label_rest, up_next=context.name)
        draft = self._toned("set", self._add(make, rest_ms))
        draft.lines.append(self._coach.rest(rest_ms))
        return draft

    def _set(self, context: SetContext, visit: StepVisit, opening: Sequence[DraftLine]) -> None:
        """The work itself, as one unit, with what is said over its first seconds."""
        work, after = context.work, None
        make = self._set_phase_template("work", context, visit, up_next=context.next_name, word=work.label)
        if work.kind == "hold":
            draft = self._add(partial(make, count_up=work.count_up), work.count, is_work=True)
            self._coach.hold(draft, context)
            if work.overrun:
                after = self._add(partial(make, count_up=True, overrun=True), None, is_work=True)
                self._coach.overrun(after)
        elif work.self_paced:
            draft = self._add(partial(make, reps=work.count, self_paced=True), None, is_work=True)
            draft.tones.append(Tone("start"))
        else:
            draft = self._append(Draft(self._parts(make, context), is_work=True))
            self._coach.parts(draft, context)
        draft.lines += opening
        self._coach.author_cues(draft, context, _origin(visit, "cues"), after)

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
        self, kind: PhaseKind, context: SetContext, visit: StepVisit, unit: int | None = None, **more: Any
    ) -> partial[Phase]:
        """A phase of a set, in its own unit if no other is given; `more` are other fields of it."""
        values = {
            "label": context.name,
            "step": self._indices.get(visit.path),
            "unit": self._new_unit() if unit is None else unit,
            "text": context.fill(context.work.text or context.work.say),
            "set": context.set,
            "sets": context.work.sets,
            "side": context.side,
            "side_kind": context.side_kind,
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
        """Append a draft, and what was carried to it; the tone that ends work is heard at the very start of it."""
        draft.manner = self._manner
        self._take_carried(draft)
        if self._after_work and not draft.is_work:
            draft.tones.append(Tone("end"))
        self._after_work = draft.is_work
        self._made.append(draft)
        return draft

    def _take_carried(self, draft: Draft) -> None:
        """Let the lines that take no time of their own be said, and shown, at the beginning of a draft."""
        if not self._carried:
            return
        lines, texts = zip(*self._carried, strict=True)
        make, length_ms = draft.templates[0]
        shown = " ".join(filter(None, (*texts, make.keywords.get("text", ""))))
        draft.templates[0] = PhaseTemplate(partial(make, text=shown), length_ms)
        draft.lines += lines
        self._carried.clear()

    @staticmethod
    def _toned(sound: str, draft: Draft) -> Draft:
        """Let a phase begin with its tone, after the one that ends work, or with that one alone if time is short."""
        if not draft.tones:
            draft.tones.append(Tone(sound))
        elif (draft.length_ms or 0) >= _SECOND_TONE_FROM_MS:
            draft.tones.append(Tone(sound, _TONE_AFTER_MS))
        return draft


def _said_before_rests(visits: Sequence[StepVisit]) -> list[StepVisit]:
    """The same visits, with what is only said moved before the rest that it follows, in which it has time."""
    ordered: list[StepVisit] = []
    at = 0  # where what is said belongs
    for visit in visits:
        if isinstance(visit.step, SayStep):
            ordered.insert(at, visit)
            at += 1
        else:
            at = len(ordered) + (not visit.is_rest)
            ordered.append(visit)
    return ordered


def _last_of_several(visits: Sequence[StepVisit]) -> StepVisit | None:
    """The last visit with work; `None` if all work belongs to one step."""
    works = [visit for visit in visits if isinstance(visit.step, WorkStep)]
    return works[-1] if len({visit.path for visit in works}) > 1 else None


def suggestion_rules(step: MeasureStep) -> tuple[SuggestionRule, ...]:
    """What the answers to a question suggest."""
    return tuple(
        SuggestionRule(one.session, one.because, *(one.answer or (0.0, 0.0)), apart=one.apart) for one in step.suggest
    )


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


def _origin(visit: StepVisit, key: str) -> KeyPath:
    """Where in the file a key of a visit comes from: the step itself, or the name of its exercise."""
    own = isinstance(visit.step, WorkStep) and getattr(visit.step, key) is not None
    return (*visit.path, key if own else "exercise")
