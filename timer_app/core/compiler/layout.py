"""Lays steps out as phases: which phases a step has, in which order, and what each shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

from timer_app.core.compiler.coach import LONG_REST_MS, Coach, StepNames
from timer_app.core.compiler.draft import Draft, DraftLine, PhaseTemplate, Priority, Tone
from timer_app.core.compiler.limits import MAX_LAID_OUT_PHASES, MAX_LAID_OUT_UNITS
from timer_app.core.compiler.placement import LATE_MS
from timer_app.core.compiler.resolve import MAX_LAID_OUT_CUES, Work
from timer_app.core.compiler.rounds import begin_round
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.compiler.unroll import StepVisit, included_sessions
from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import fill_placeholders, without_placeholders
from timer_app.core.fields.doses import distance_text
from timer_app.core.fields.load import parse_load
from timer_app.core.i18n import N_
from timer_app.core.session import Phrases, area_key
from timer_app.core.session.model import (
    Block,
    IncludedSession,
    MeasureStep,
    RestStep,
    SayStep,
    Session,
    SessionStep,
    WaitStep,
    WorkStep,
)
from timer_app.core.timeline import JumpRule, Measure, Phase, PhaseKind, SideKind, SuggestionRule
from timer_app.core.timeline.dose import SetQuestion
from timer_app.core.timeline.utterance import Manner, Utterance

PAIN = "pain"
MAX_REPS = 1_000
PAIN_RANGE = (0.0, 10.0)
_TONE_AFTER_MS = 500  # the tone of a new set, of a rest or of a change of sides follows the one that ends work
_FINISH_AFTER_MS = 700
_NOTHING_BETWEEN = N_("there is nothing between its set and the next")
_SECOND_TONE_FROM_MS = 8_000  # a shorter phase has no time for a tone of its own after the one that ends work


class Layout:
    """Lays the visits of a session's steps out one after the other.

    Args:
        session: Whose steps they are.
        coach_for: Gives who speaks in a session, which may be one that is put in.
        works: Every step of work, filled in, by its path.
        indices: The position of every step in the step list, by its path.
        level: Where in every range the dose is taken, 0 to 1.
        jumps: Where answers lead, by the path of the question.
        keys: What the keys are called that somebody can press, by their placeholders.
        sketches: Only how long everything lasts is wanted: sets are not divided, and have no cues.

    Attributes:
        is_partial: There is more than is laid out; settled once all drafts are taken.
    """

    def __init__(  # noqa: PLR0913 - all that the phases depend on
        self,
        session: Session,
        coach_for: Callable[[Session], Coach],
        works: Mapping[KeyPath, Work],
        indices: Mapping[KeyPath, int],
        level: float,
        *,
        jumps: Mapping[KeyPath, tuple[JumpRule, ...]],
        keys: Mapping[str, str],
        sketches: bool = False,
    ) -> None:
        self._keys = keys
        self._sketches = sketches
        self._jumps = jumps
        self._made: list[Draft] = []
        self._final: StepVisit | None = None
        self._after_work = False
        self._introduced: StepVisit | None = None  # work for which a rest was the time to get ready
        self._rested_ms = 0  # in the rests before the current visit
        self._round_ms = 0  # since the current timed round began, at the least
        self._round_since_ms = 0  # when that was, as `Draft.since_ms`
        self._is_round_steady = True  # it takes no longer than that
        self._carried: list[tuple[DraftLine, str]] = []  # lines that take no time of their own, each as shown
        self._last: Draft | None = None
        self._passed_ms = 0  # before the last draft, at the least
        self._at_hand: tuple[str, ...] | None = None  # what the last work needed
        self._way_out: DraftLine | None = None  # of the set before, to be said in what follows
        self._coach_for = coach_for
        self._outer = session
        self._begin_session(session)
        self._works = works
        self._indices = indices
        self._level = level
        self._unit = -1
        self.is_partial = False
        self._phases = self._units = 0
        self._cues_left = MAX_LAID_OUT_CUES
        self._has_told_of_plan = False

    def _begin_session(self, session: Session | None) -> None:
        """Let what a session says hold for what follows; `None` is that of the file."""
        self._session = session or self._outer
        self._manner = self._usual = self._session.manner.over(self._outer.manner)
        self._by_clock = self._session.defaults.fit == "clock"
        self._coach = self._coach_for(self._session)
        self._phrases = self._coach.phrases
        self._grows = self._coach.speaks and not self._by_clock

    def drafts(
        self, visits: Sequence[StepVisit], picked: Sequence[str] = (), left_out: Sequence[str] = ()
    ) -> Iterator[Draft]:
        """The drafts of the whole session, each as soon as it is complete: a long session is never held whole.

        Args:
            visits: What is done, in order.
            picked: The names of what was chosen by chance.
            left_out: The names of what there is no time for.
        """
        self._opening(picked, left_out)
        yield from self._taken()
        visits = self._in_order_of_time(visits)
        self._final = _last_of_several(visits)
        names = self._upcoming_names(visits)
        for index, visit in enumerate(visits):
            if self._is_full():
                break
            self._begin_session(visit.home)
            self._manner = self._manner_of(visit)
            following = visits[index + 1] if index + 1 < len(visits) else None
            if visit.is_rest and following is not None and following.is_work:
                self._rest_before_work(visit, following, names[index + 1])
            else:
                self._lay_out_visit(visit, names[index], following)
            if visit.begins_round:
                begin_round(self._made)
            self._follow_round()
            if visit.is_rest:
                self._rested_ms += self._rest_ms(visit)
            elif not self._carried:
                self._rested_ms = 0
            yield from self._taken()
        self._begin_session(None)
        self._closing(has_farewell=bool(visits) and isinstance(visits[-1].step, SayStep))
        yield from self._taken()

    def _follow_round(self) -> None:
        """Note how far the current timed round has come with everything laid out since the last call."""
        for draft in self._made:
            if draft.begins_round:
                self._round_ms, self._round_since_ms, self._is_round_steady = 0, draft.since_ms, True
            self._round_ms += draft.length_ms or 0
            self._is_round_steady &= draft.length_ms is not None and not draft.grows

    def _is_full(self) -> bool:
        """Whether as much is laid out as may be, with something left."""
        full = self._phases >= MAX_LAID_OUT_PHASES or self._units >= MAX_LAID_OUT_UNITS
        self.is_partial |= full
        return full

    def _taken(self) -> Iterator[Draft]:
        """Everything laid out since the last call."""
        yield from self._made
        self._made.clear()

    def _in_order_of_time(self, visits: Sequence[StepVisit]) -> list[StepVisit]:
        """The same visits, with what by the clock is only said moved before the rest that it follows.

        There it has time. A timed round then begins with the first of its visits that has a time of its own.
        """
        ordered: list[StepVisit] = []
        said: list[StepVisit] = []
        for visit in visits:
            if self._takes_no_time(visit):
                said.append(visit)
                continue
            begins = visit.begins_round or any(one.begins_round for one in said)
            # Words that are all of a round are said in its own rest.
            self._insert_said(said, ordered, before_rest=not (begins and visit.every_ms))
            ordered.append(visit if visit.begins_round == begins else replace(visit, begins_round=begins))
        self._insert_said(said, ordered, before_rest=True)
        return ordered

    @staticmethod
    def _insert_said(said: list[StepVisit], ordered: list[StepVisit], *, before_rest: bool) -> None:
        at = len(ordered) - (before_rest and bool(ordered) and ordered[-1].is_rest)
        spoken = (one for one in said if isinstance(one.step, SayStep))  # cautions have been said by then
        ordered[at:at] = [replace(one, begins_round=False) for one in spoken]
        said.clear()

    def _takes_no_time(self, visit: StepVisit) -> bool:
        """Whether a visit has no time of its own by the clock."""
        if isinstance(visit.step, IncludedSession):
            return self._outer.defaults.fit == "clock"
        return isinstance(visit.step, SayStep) and (visit.home or self._outer).defaults.fit == "clock"

    def _manner_of(self, visit: StepVisit) -> Manner:
        """How the lines of a visit are spoken."""
        usual = self._usual
        if visit.step is None or isinstance(visit.step, Block | SessionStep):
            return usual  # a block has no voice of its own
        work = self._works.get(visit.path)
        return (visit.step.manner if work is None else work.manner).over(usual)

    def _opening(self, picked: Sequence[str], left_out: Sequence[str]) -> None:
        """The name, what is done today and what is not, and the cautions, by the clock those of sessions put in too."""
        name = without_placeholders(self._session.name)
        opening = self._own("opening", fill_placeholders(self._phrases.opening, {"name": name}))
        said = _cautions(self._session)
        for block in included_sessions(self._session.steps) if self._by_clock else ():
            manner = block.session.manner.over(self._usual)
            known = {line.text for line in said}
            said += [line._replace(manner=manner) for line in _cautions(block.session) if line.text not in known]
        today = [
            self._own(key, fill_placeholders(phrase, {"name": ", ".join(names)}))
            for key, phrase, names in (
                ("today", self._phrases.today, picked),
                ("left_out", self._phrases.left_out, left_out),
            )
            if names
        ]
        text = " ".join(line.text for line in (*today, *said)) or name
        said = [*today, *self._coach.cautions(said), *self._coach.tones_explained()]
        self._say_untimed(self._phrases.label_begin, opening, said, text=text)

    def _included_cautions(self, included: Session, after: StepNames) -> None:
        """The cautions of a session that is put in, at its beginning."""
        said = _cautions(included)
        text = " ".join(line.text for line in said)
        spoken = self._coach.cautions(said)
        self._say(without_placeholders(included.name), spoken, text=text, up_next=after.full)

    def _closing(self, *, has_farewell: bool) -> None:
        """The last tone and a closing line; no line after the author's own last words, unless it is recorded."""
        done = self._phrases.done
        own = None if has_farewell and not self._session.recordings.closing else self._own("done", done)
        label = self._phrases.label_done
        # By the clock, the last words themselves are said and shown here.
        text = done if own else "" if self._carried else label
        draft = self._say_untimed(label, own, [], text=text)
        draft.tones.append(Tone("finish", _FINISH_AFTER_MS if draft.tones else 0))

    def _say_untimed(self, label: str, own: DraftLine | None, said: Sequence[DraftLine], *, text: str) -> Draft:
        """What is said before the start or after the end, which by the clock is no part of the session's time.

        Args:
            label: Its label.
            own: The coach's line, for which nothing waits if it is not said; `None` for none.
            said: The author's lines, which are at least read.
            text: What is shown.
        """
        draft = self._say(label, [*([own] if own and self._coach.speaks else []), *said], text=text)
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
        self._begin_session(visit.home)
        match visit.step:
            case None | RestStep() | SayStep() | IncludedSession():
                return None
            case WaitStep():
                return StepNames()
            case MeasureStep() as step:
                return StepNames(measure_name(step, self._phrases), measure_name(step, self._phrases))
        work = self._work_of(visit)
        context = self._set_context(work, visit, 1, work.side_sequence[0], StepNames())
        return StepNames(context.name, context.short)

    def _set_context(self, work: Work, visit: StepVisit, number: int, side: str | None, after: StepNames) -> SetContext:
        return SetContext(
            work,
            number,
            self._phrases.side_name(side),
            after.full,
            visit.round,
            visit.rounds,
            work.side_kind(side),
            self._keys,
        )

    def _lay_out_visit(self, visit: StepVisit, after: StepNames, following: StepVisit | None) -> None:
        match visit.step:
            case None | RestStep():
                draft = self._rest(visit, after)
                draft.lines += self._rest_lines(visit, after, self._rest_ms(visit))
                names_next = following is None or not following.switch_ms
                coming = self._coach.what_is_next(self._rest_ms(visit), after) if names_next else []
                draft.lines += coming
                self._keep_company(draft, visit, draft.countdown, names_next=bool(coming) and not visit.every_ms)
                if visit.every_ms and visit.is_before_round:
                    draft.countdown = self._session.defaults.countdown
            case IncludedSession(session=included):
                self._included_cautions(included, after)
            case SayStep() as step:
                self._say_step(step, visit, after)
            case WaitStep() as step:
                self._wait(step, visit, after)
            case MeasureStep() as step:
                self._measure(step, visit, after)
            case _:
                self._work(self._work_of(visit), visit, after)

    def _work_of(self, visit: StepVisit) -> Work:
        """The work of a visit: on one side, where the whole sequence around it is."""
        return self._works[visit.path].on_side(visit.side)

    # Steps that are not work.

    def _rest_ms(self, visit: StepVisit) -> int:
        """How long a rest or a change of sides is; 0 for the rest of a timed round, whose length its end will tell."""
        if isinstance(visit.step, RestStep):
            return visit.step.rest.at(self._level)
        return 0 if visit.every_ms else visit.rest_ms + visit.switch_ms

    def _rest_before_work(self, visit: StepVisit, work_visit: StepVisit, after: StepNames) -> None:
        """A rest that is the time to get ready for the work that follows, and the time that it lacks for that.

        Args:
            visit: The rest, or a change of sides.
            work_visit: The work.
            after: What comes after the work.
        """
        work, rest_ms = self._work_of(work_visit), self._rest_ms(visit)
        names = self._announced_names(work_visit) or StepNames()
        self._begin_session(visit.home)
        self._manner = self._manner_of(visit)
        draft = self._rest(visit, names)
        rest_lines = self._rest_lines(visit, names, rest_ms)
        if not visit.every_ms and not visit.switch_ms:
            shown = draft.templates[0].make.keywords["text"]
            carried = shown.removesuffix(self._rest_text(visit, names, rest_ms)).strip()
            draft.retell = partial(self._retell, visit, names, len(draft.lines), len(rest_lines), carried)
        draft.lines += rest_lines
        # What follows is said as it is in the session of the work.
        self._begin_session(work_visit.home)
        context = self._set_context(work, work_visit, 1, work.side_sequence[0], after)
        is_on_time = visit.every_ms > 0 and visit.is_before_round  # whatever the time to get ready
        lacking_ms = work.prepare_ms - self._rested_ms - rest_ms
        if not is_on_time and (lacking_ms > 0 or visit.every_ms):
            unit = draft.templates[0].make.keywords["unit"]
            make = self._set_phase_template("prepare", context, work_visit, unit)
            draft.templates.append(PhaseTemplate(make, max(0, lacking_ms)))
        self._keep_company(draft, visit, work.countdown, names_next=True)
        draft.manner = self._manner_of(work_visit)
        late = rest_ms >= LONG_REST_MS or visit.every_ms > 0
        introduction = self._introduction(context, work_visit, "rest", names_side=not visit.switch_ms)
        move = self._coach.move(rest_ms, context, self._newly_needed(work))
        draft.lines += [line._replace(manner=draft.manner) for line in move] if late else []
        draft.lines += [line._replace(late=late) for line in introduction]
        draft.lines += [] if late else move
        draft.settle_ms = self._settle_ms(context, work_visit)
        draft.grows = self._grows and work.prepare_ms > 0 and not is_on_time
        if visit.every_ms:
            draft.countdown = work.countdown  # counted once its length is known
        else:
            draft.count_down(work.countdown)
        self._introduced = work_visit

    def _newly_needed(self, work: Work) -> list[str]:
        """What some work needs that the work before it did not; nothing for the first."""
        known = work.equipment if self._at_hand is None else self._at_hand
        return [without_placeholders(item) for item in work.equipment if item not in known]

    def _keep_company(self, draft: Draft, visit: StepVisit, countdown: int, *, names_next: bool) -> None:
        """Break the silence of a rest, at the end of which the next step is named or nothing is said but its count."""
        rest_ms = self._rest_ms(visit)
        told_ms = LATE_MS if names_next and (visit.every_ms or rest_ms >= LONG_REST_MS) else countdown * 1_000
        own = visit.step.company if isinstance(visit.step, RestStep) else None
        company = own or self._session.defaults.company
        if visit.every_ms:
            rest_ms = draft.lasts_ms = max(0, visit.every_ms - (0 if visit.begins_round else self._round_ms))
        if not visit.every_ms or visit.begins_round or self._is_round_steady:
            self._coach.keep_company(draft, rest_ms, company, told_ms=told_ms)
        else:
            self._coach.keep_company_in_round(draft, rest_ms, company, told_ms=told_ms)
            self._coach.postpone(self._round_since_ms, draft.since_ms + rest_ms)

    def _retell(  # noqa: PLR0913, PLR0917 - all that what is told depends on
        self, visit: StepVisit, after: StepNames, first: int, count: int, carried: str, draft: Draft
    ) -> None:
        """Tell the length that a rest has in the end.

        Args:
            visit: The rest.
            after: What comes after it.
            first: The first of the lines about the rest itself.
            count: How many there are.
            carried: What is shown of the lines that take no time of their own.
            draft: The rest.
        """
        current = self._session
        self._begin_session(visit.home)
        ((make, length_ms),) = draft.templates
        rest_ms = length_ms or 0
        draft.lines[first : first + count] = self._rest_lines(visit, after, rest_ms)
        text = " ".join(filter(None, (carried, self._rest_text(visit, after, rest_ms))))
        draft.templates = [PhaseTemplate(partial(make, text=text), rest_ms)]
        self._begin_session(current)

    def _rest_lines(self, visit: StepVisit, after: StepNames, rest_ms: int) -> list[DraftLine]:
        """What is said of a rest of that length itself."""
        step, manner = visit.step, self._manner_of(visit)
        said = self._fill_rest(step.say or "", visit, after, rest_ms) if isinstance(step, RestStep) else ""
        if said:
            return [DraftLine(said, Priority.REST, origin=(*visit.path, "say"), manner=manner)]
        lines = self._coach.next_round(visit.round or 1, visit.rounds or 1) if visit.is_before_round else []
        if visit.switch_ms:
            side = self._phrases.side_name(visit.side)
            lines += self._coach.change_of_sequence(side, (*visit.path, "sides"))
        else:
            lines = [*self._coach.rest(rest_ms), *lines]
        return [line._replace(manner=manner) for line in lines]

    def _rest_text(self, visit: StepVisit, after: StepNames, rest_ms: int) -> str:
        """What is shown of it."""
        step = visit.step
        return self._fill_rest(step.text or step.say or "", visit, after, rest_ms) if isinstance(step, RestStep) else ""

    def _fill_rest(self, text: str, visit: StepVisit, after: StepNames, rest_ms: int) -> str:
        seconds = rest_ms // 1_000
        return self._fill(text, visit, after, seconds=seconds, remaining=seconds)

    def _rest(self, visit: StepVisit, after: StepNames) -> Draft:
        """The phase of a rest, or of a change of sides after which a whole sequence comes once more."""
        if visit.switch_ms:
            shown = {"side": self._phrases.side_name(visit.side), "side_kind": cast("SideKind", visit.side)}
            make = self._phase_template("switch", self._phrases.label_switch, visit, up_next=after.full, **shown)
            return self._toned("switch", self._add(make, visit.switch_ms))
        text = self._rest_text(visit, after, self._rest_ms(visit))
        make = self._phase_template("rest", self._phrases.label_rest, visit, text=text, up_next=after.full)
        draft = self._toned("rest", self._add(make, visit.every_ms or self._rest_ms(visit)))
        draft.until_ms = visit.every_ms or None
        return draft

    def _say_step(self, step: SayStep, visit: StepVisit, after: StepNames) -> None:
        said, shown = (self._fill(text, visit, after) for text in (step.say, step.text or step.say))
        line = DraftLine(said, Priority.INSTRUCTION, origin=(*visit.path, "say"))
        if is_about_keys_alone(step, self._keys):
            return
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
        question = step.say or measure_question(step, self._phrases)
        low, high = step.limits or (PAIN_RANGE if step.measure == PAIN else (None, None))
        own_sides = (visit.side,) if step.sides is None else step.sides
        for side_key in own_sides or (None,):
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
                area_key(step.measure, step.written_name),
                self._jumps.get(visit.path, ()),
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
            **self._keys,
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
        # What needs nothing takes nothing away: the mat still lies there.
        self._at_hand = work.equipment or self._at_hand or ()
        for number in range(1, work.sets + 1):
            for index, side in enumerate(work.side_sequence):
                if self._is_full():
                    return
                context = self._set_context(work.of_set(number), visit, number, side, after)
                self._set(context, visit, self._lead_up(context, visit, is_first_side=index == 0))
                self._ask(context, visit)

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
        draft.settle_ms = self._settle_ms(context, visit)
        draft.grows = self._grows
        draft.count_down(work.countdown)
        return []

    def _introduction(
        self, context: SetContext, visit: StepVisit, during: PhaseKind, *, names_side: bool = True
    ) -> list[DraftLine]:
        last = self._coach.last_exercise() if visit is self._final else []
        said = self._coach.introduction(
            context,
            partial(_origin, visit),
            during,
            brief=visit.repeated,
            names_side=names_side,
            other_side=visit.is_other_side,
        )
        return [*last, *said]

    def _settle_ms(self, context: SetContext, visit: StepVisit) -> int:
        is_explained = not visit.repeated or (visit.is_other_side and context.work.second_side)
        return context.work.settle_ms if is_explained and self._coach.explains else 0

    def _switch(self, context: SetContext, visit: StepVisit, before: Sequence[DraftLine]) -> list[DraftLine]:
        """A change of sides, after what else is said in it."""
        work, origin = context.work, partial(_origin, visit)
        if not work.switch_ms:
            return [self._coach.now_side(context.side)]
        draft = self._toned("switch", self._add(self._set_phase_template("switch", context, visit), work.switch_ms))
        explained = context.set > 1 or visit.repeated
        draft.lines += [*before, *self._coach.change_of_side(context, origin, explained=explained)]
        draft.count_down(work.countdown)
        self._coach.remind_in_change(draft, context)
        if work.second_side and not explained and self._coach.explains:
            draft.grows, draft.settle_ms = self._grows, work.settle_ms
            draft.lines += self._coach.begin(context, origin) if draft.grows else []
        return []

    def _between_sets(self, context: SetContext, visit: StepVisit) -> list[DraftLine]:
        """The rest between two sets, which is also the time to change sides: it lasts as long as the longer of both."""
        work, next_set = context.work, self._coach.next_set(context, partial(_origin, visit))
        changes_side = len(work.sides) > 1
        if changes_side and (self._by_clock or work.rest_ms < work.switch_ms):
            rest_ms = work.rest_ms - work.switch_ms
            if rest_ms > 0:
                self._rest_before_set(context, visit, rest_ms).lines += next_set
            return self._switch(context, visit, next_set if rest_ms <= 0 else [])
        sides = [self._coach.now_side(context.side)] if changes_side else []
        if not work.rest_ms:
            return sides
        draft = self._rest_before_set(context, visit, work.rest_ms)
        draft.lines += [*next_set, *sides]
        draft.count_down(work.countdown)
        self._coach.keep_company(draft, work.rest_ms, work.company, told_ms=work.countdown * 1_000)
        return []

    def _rest_before_set(self, context: SetContext, visit: StepVisit, rest_ms: int) -> Draft:
        make = self._set_phase_template("rest", context, visit, label=self._phrases.label_rest, up_next=context.name)
        draft = self._toned("set", self._add(make, rest_ms))
        draft.lines += self._coach.rest(rest_ms)
        return draft

    def _set(self, context: SetContext, visit: StepVisit, opening: Sequence[DraftLine]) -> None:
        """The work itself, as one unit, with what is said over its first seconds."""
        work, after = context.work, None
        if self._sketches:
            self._sketch(work)
            self._await_way_out(context, visit)
            return
        make = self._set_phase_template("work", context, visit, up_next=context.next_name, word=work.label)
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
        elif work.kind == "rounds":
            clocked = partial(make, round=None, rounds=work.rounds or None, counts_rounds=True)
            draft = self._add(clocked, work.count, is_work=True)
            self._coach.hold(draft, context)
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
        draft.lines += opening
        if work.cues:
            most, wanted = self._cues_left, len(work.cue_placements)
            self._coach.author_cues(draft, context, _origin(visit, "cues"), after, most)
            self._cues_left = max(0, most - wanted)
            self.is_partial |= wanted > most or work.has_too_many_cues
        self._await_way_out(context, visit)

    def _await_way_out(self, context: SetContext, visit: StepVisit) -> None:
        """Let the way out of a set be said in what comes after it."""
        way_out = self._coach.finish(context, partial(_origin, visit))
        self._way_out = way_out and way_out._replace(manner=self._manner)

    def _sketch(self, work: Work) -> None:
        """A set in one phase, and one without an end where it goes on after that; what is said never lengthens it."""
        self._phases += max(0, work.count * len(work.parts) - 1)
        self._add(partial(Phase, "work", "", step=None, unit=self._new_unit()), work.unit_ms, is_work=True)
        if work.unit_ms is not None and (work.overrun or (work.parts and work.is_open)):
            self._add(partial(Phase, "work", "", step=None, unit=self._unit), None, is_work=True)

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
            is_planned = bool(measure.planned) and work.ask_ms is not None
            draft.lines += self._coach.question(key, is_planned=is_planned and not self._has_told_of_plan)
            self._has_told_of_plan |= is_planned

    @staticmethod
    def _parts(make: partial[Phase], context: SetContext) -> list[PhaseTemplate]:
        """A phase for every part of every rep or round."""
        work, templates = context.work, []
        for occurrence in context.occurrences:
            part = occurrence.part
            shown: dict[str, Any] = {"part": context.fill_part(occurrence, part.name), "part_number": part.number}
            if part.say:
                shown["text"] = context.fill_part(occurrence, part.say)
            filled = partial(make, breath=part.breath, **shown, **work.count_as(occurrence.number))
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
            "text": _shown_text(kind, context),
            "set": context.set,
            "sets": context.work.sets,
            "side": context.side,
            "side_kind": context.side_kind,
            "load": context.work.load,
            "effort": context.work.effort,
            "instruction": self._instruction(context, visit),
            "round": visit.round,
            "rounds": visit.rounds,
        }
        return partial(Phase, kind, **{**values, **more})

    def _instruction(self, context: SetContext, visit: StepVisit) -> Utterance | None:
        """What explains the exercise of a set to whoever asks."""
        text = _filled(context, context.work.say, context.work.begin)
        return Utterance.in_manner(text, self._manner_of(visit)) if text else None

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
        if self._last is not None:
            self._passed_ms += (self._last.length_ms or 0) if self._last.until_ms is None else self._last.lasts_ms
        draft.since_ms, self._last = self._passed_ms, draft
        if self._way_out is not None:
            no_place = _NOTHING_BETWEEN if draft.is_work else ""
            draft.lines.append(self._way_out._replace(no_place=no_place))
            self._way_out = None
        self._phases += len(draft.templates)
        self._units += 1
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


def is_about_keys_alone(step: SayStep, keys: Mapping[str, str]) -> bool:
    """Whether nothing is left of what is said where nobody can press the keys that it names."""
    return "{key:" in step.say and not fill_placeholders(step.say, keys)


def _cautions(session: Session) -> list[DraftLine]:
    return [DraftLine(without_placeholders(caution), Priority.INSTRUCTION) for caution in session.cautions]


def _last_of_several(visits: Sequence[StepVisit]) -> StepVisit | None:
    """The last visit with work; `None` if all work belongs to one step."""
    works = [visit for visit in visits if visit.is_work]
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


def measure_question(step: MeasureStep, phrases: Phrases) -> str:
    """What the coach asks if the session does not say."""
    if step.measure != PAIN:
        return phrases.ask
    # The name is that of an area, of which there may be several.
    return f"{{name}}: {phrases.ask_pain}" if step.name else phrases.ask_pain


def _shown_text(kind: PhaseKind, context: SetContext) -> str:
    """What is read in a phase of a set: how to get into the exercise before it, and in a hold what is held."""
    work = context.work
    if work.text:
        return context.fill(work.text)
    if kind == "work":
        # Where there are words for the start, the others are about what comes before it, such as a spot to be found.
        return context.fill((work.kind == "hold" and work.begin) or work.say)
    return _filled(context, (kind == "switch" and work.second_side) or work.say, work.begin)


def _filled(context: SetContext, *texts: str) -> str:
    """Texts of the author's one after the other, filled in."""
    return " ".join(context.fill(text) for text in texts if text)


def _origin(visit: StepVisit, key: str) -> KeyPath:
    """Where in the file a key of a visit comes from: the step itself, the name of its exercise, or the one clock."""
    if isinstance(visit.step, Block):
        return (*visit.path, "within")
    own = isinstance(visit.step, WorkStep) and getattr(visit.step, key, None) is not None
    return (*visit.path, key if own else "exercise")
