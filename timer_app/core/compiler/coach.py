"""What the coach says and when: the lines of each kind of phase, before they are placed.

A hold has the most of them: counts, the time left, the shares of it that are over, and the time past its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from timer_app.core.compiler.draft import Draft, DraftLine, Priority, Tone
from timer_app.core.compiler.placement import COUNT_STEPS, LATE_MS, is_counted
from timer_app.core.compiler.pools import (
    Fillers,
    ReservedWords,
    WordPools,
    add_change_reminder,
    add_rep_fillers,
    asks_something,
    directs_breath,
    rest_taken_ms,
)
from timer_app.core.compiler.resolve import CuePlacement, PartOccurrence, Work
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.constraints import DEFAULT_COMPANY, Company, Guidance, Verbosity
from timer_app.core.diagnostics import KeyPath
from timer_app.core.fields import fill_placeholders
from timer_app.core.fields.doses import distance_number
from timer_app.core.i18n import N_
from timer_app.core.session import Phrases
from timer_app.core.timeline import PhaseKind, breath_tone
from timer_app.core.timeline.dose import SetQuestion

SECOND_MS = 1_000
SHARE_FROM_MS = 10_000  # a hold is divided only into shares at least as long
COUNT_EACH_UNTIL_S = 60  # a hold that is counted upward is counted in tens after a minute
OVERRUN_TENS = 30  # an overrun is counted for five minutes
_NEAR_MS = 3_000
_SHARE_SLACK_MS = 1_500
_TIME_SLACK_MS = 500  # said later, a time left would no longer be true

# Above and below the line of each fraction, and the phrase that names it.
_SHARES: dict[str, tuple[tuple[int, int, str], ...]] = {
    "none": (),
    "halves": ((1, 2, "halfway"),),
    "thirds": ((1, 3, "one_third"), (2, 3, "two_thirds")),
    "quarters": ((1, 4, "one_quarter"), (1, 2, "halfway"), (3, 4, "three_quarters")),
}


def add_hold_cues(draft: Draft, work: Work, phrases: Phrases, pools: WordPools, *, explains: bool) -> None:
    """Add the lines and tones of a hold.

    Args:
        draft: The hold.
        work: The exercise.
        phrases: The coach's words.
        pools: Chooses among them.
        explains: Announce its shares in words as well as by tones.
    """
    draft.tones.append(Tone("start"))
    draft.count_down(work.countdown)
    times_left = list(_times_left(work, phrases))
    if work.count_up:
        # The count takes the place of the numbers counted down; the ticks stay.
        draft.lines[:] = [line for line in draft.lines if line.priority is not Priority.COUNTDOWN]
        draft.lines += _counted_up(work.count)
    else:
        times_ms = [work.count - (line.at_ms or 0) for line in times_left]
        _divide(draft, work, phrases, pools, times_ms if explains else None)
    draft.lines += times_left


def _times_left(work: Work, phrases: Phrases) -> Iterator[DraftLine]:
    """The warning before the end, and the time left at regular intervals, if the hold is long enough for them."""
    warned_ms, every_ms = work.heads_up_ms, work.tell_every_ms
    if 0 < warned_ms < work.count:
        yield _time_left("heads_up", Priority.HEADS_UP, warned_ms, phrases)
    for left_ms in range(every_ms, work.count, every_ms) if every_ms else ():
        # The warning says it already, and the countdown will.
        if left_ms != warned_ms and left_ms > work.countdown * SECOND_MS:
            yield _time_left("time_left", Priority.TIME_LEFT, left_ms, phrases)


def _time_left(key: str, priority: Priority, left_ms: int, phrases: Phrases) -> DraftLine:
    said = fill_placeholders(getattr(phrases, key), {"seconds": phrases.duration(left_ms)})
    return DraftLine(said, priority, left_ms, from_end=True, slack_ms=_TIME_SLACK_MS, language=phrases.language_of(key))


def _divide(draft: Draft, work: Work, phrases: Phrases, pools: WordPools, times_ms: list[int] | None) -> None:
    """Mark shares of a hold with a tone, and with a word unless a time is announced near it; `None` for tones alone."""
    shares = _SHARES[work.marks]
    if work.count < SHARE_FROM_MS * (len(shares) + 1):
        return
    for above, below, name in shares:
        at_ms = work.count * above // below
        if _speaks_near(work, at_ms):
            continue
        draft.tones.append(Tone("halfway", at_ms))
        if times_ms is not None and not any(abs(other_ms - at_ms) < _NEAR_MS for other_ms in times_ms):
            said, language = getattr(phrases, name), phrases.language_of(name)
            if not isinstance(said, str):
                said = pools.choose(said, draft.since_ms + at_ms)
            if said:
                draft.lines.append(DraftLine(said, Priority.SHARE, at_ms, slack_ms=_SHARE_SLACK_MS, language=language))


def _speaks_near(work: Work, at_ms: int) -> bool:
    """Whether a line of the author is near."""
    said = (placement.at_ms for placement in work.cue_placements if placement.cue.say and placement.at_ms is not None)
    return any(abs(said_ms - at_ms) < _NEAR_MS for said_ms in said)


def _counted_up(length_ms: int) -> Iterator[DraftLine]:
    for second in range(1, (length_ms - 1) // SECOND_MS + 1):
        if second <= COUNT_EACH_UNTIL_S or second % 10 == 0:
            yield DraftLine(str(second), Priority.SECONDS, second * SECOND_MS, on_beat=True)


def add_endless_hold_cues(draft: Draft, work: Work) -> None:
    """Add to a hold that lasts as long as one can the seconds that have passed: each tenth, or all if it counts up."""
    draft.tones.append(Tone("start"))
    length_ms = OVERRUN_TENS * 10 * SECOND_MS + 1
    if work.count_up:
        draft.lines += _counted_up(length_ms)
    else:
        draft.lines += _counted_tens()


def _counted_tens() -> Iterator[DraftLine]:
    for tens in range(1, OVERRUN_TENS + 1):
        yield DraftLine(str(10 * tens), Priority.SECONDS, tens * 10 * SECOND_MS, on_beat=True)


def add_overrun_cues(draft: Draft, phrases: Phrases) -> None:
    """Add to the time past the end of a hold that it is over, and how long ago every ten seconds."""
    draft.tones.append(Tone("end"))
    draft.lines.append(DraftLine(phrases.overrun, Priority.SETS, 0, language=phrases.language_of("overrun")))
    draft.lines += _counted_tens()


_BREATH_MS = 6_500  # a calm breath, in and out
_BREATHS_FOR_MS = (15_000, 60_000)  # holds that are told in breaths, too
_COUNTABLE_ROUNDS = 12
_TIMED_FROM_MS = 20_000  # flows that take less are told in rounds alone
_MINUTES_FROM_MS = 90_000
_ROUGH_MS, _ROUGH_LONG_MS = 10_000, 30_000  # to these the time of a flow is rounded
LONG_REST_MS = 15_000  # from here on a rest says how long it is, and what comes next shortly before its end
_NUMBER_MS = 1_200  # faster reps are counted in steps
_LAST_OF = 3  # with fewer reps, everyone knows which one is the last
_LAST_FROM_MS = 2_000
WORDS_UNTIL_REP = 3  # then a tick says enough
AUTHOR_SLACK_MS = 1_500
_WORD_AFTER_TICK_MS = 60
_OUTSIDE_MS = 10**13  # later than any phase ends, open ones included
_NO_TIME_BEFORE = N_("there is no rest before it, and no time to get ready")


class StepNames(NamedTuple):
    """What a step is called, in full and short; both empty for one without a name."""

    full: str = ""
    short: str = ""


def _from_end(line: DraftLine, length_ms: int) -> DraftLine:
    """The same line at the same moment of a draft of that length, counted from its end."""
    if line.from_end or line.at_ms is None:
        return line
    return line._replace(at_ms=length_ms - line.at_ms, from_end=True)


def _with_side(said: DraftLine, side: DraftLine | None, *, names_it: bool) -> list[DraftLine]:
    """A line of the author's with the side; where the line names it, the side alone is its shorter form."""
    if side is None:
        return [said]
    if not names_it or side.language or said.no_place:
        return [side, said]
    return [said._replace(shorter=(side.text,))]


class Coach:
    """Chooses what is said in every kind of phase.

    Args:
        phrases: The coach's words, in the session's language.
        verbosity: How much it says. What it would say is the same for `brief` and `tones`.
        breath_tones: Parts with a breath sound as long as they last.
        asks: Somebody can answer the questions after a set.
        pools: Chooses among wordings.
        company: How soon a long silence is broken where the session does not say it.
        guidance: How much of a session that has been done before is still explained.
        times_done: How often that is; `None` where nobody knows.

    Attributes:
        phrases: Its words.
        speaks: Whether anything is said at all.
        explains: Whether it says how things are done, and where one stands.
    """

    def __init__(  # noqa: PLR0913 - all that decides what it says
        self,
        phrases: Phrases,
        verbosity: Verbosity = "full",
        *,
        breath_tones: bool = True,
        asks: bool = True,
        pools: WordPools | None = None,
        company: Company = DEFAULT_COMPANY,
        guidance: Guidance = "full",
        times_done: int | None = None,
    ) -> None:
        self.phrases = phrases
        self._pools = pools or WordPools()
        self._company = company
        self.asks = asks
        self.speaks = verbosity != "tones"
        self.explains = verbosity == guidance == "full"
        self._is_sparse = guidance == "sparse"
        self._times_done = times_done
        self._breath_tones = breath_tones

    def cautions(self, cautions: list[DraftLine]) -> list[DraftLine]:
        """What is said of a session's cautions: all of them, or a sentence to whoever has heard them."""
        if not cautions or not self._times_done or not self.speaks:
            return cautions
        return [self._own("cautions_short", self.phrases.cautions_short, Priority.INSTRUCTION)]

    def tones_explained(self) -> list[DraftLine]:
        """What the tones mean, before the first run."""
        if self._times_done != 0 or not self.explains:
            return []
        return [self._own("tones_explained", self.phrases.tones_explained, Priority.INSTRUCTION)]

    def last_exercise(self) -> list[DraftLine]:
        """Before the introduction of the last exercise of several."""
        return [] if self._is_sparse else [self._own("last_exercise", self.phrases.last_exercise, Priority.SESSION)]

    def _own(self, key: str, text: str, priority: Priority) -> DraftLine:
        """A line made from the phrase `key`."""
        return DraftLine(text, priority, language=self.phrases.language_of(key))

    def now_side(self, side: str | None) -> DraftLine:
        """Which side it is now."""
        return self._own("side_now", self.phrases.side_sentence(self.phrases.side_now, side), Priority.SIDE)

    def introduction(  # noqa: PLR0913 - all that is known of what has been said before
        self,
        context: SetContext,
        origin: Callable[[str], KeyPath],
        during: PhaseKind,
        *,
        brief: bool,
        names_side: bool = True,
        other_side: bool = False,
    ) -> list[DraftLine]:
        """Before the first set: name, side, instruction, dose, cautions, how to begin; less of it when `brief`.

        Args:
            context: The set.
            origin: The place in the session file from which a key of the step comes.
            during: Where it is said: in a rest, where the name is what comes next, in a phase to get ready, or over the
                first seconds of the work, where what is to be known before it has no place.
            brief: The exercise has been explained before.
            names_side: The side is not named already.
            other_side: It has been explained for the other side only.
        """
        work, said = context.work, self.phrases
        # In a borrowed sentence, the name would be in the mouth of another language.
        key = "next_is" if during == "rest" and not said.language_of("next_is") else "introduce"
        forms = [(getattr(said, key), context.name), (getattr(said, key), context.short)]
        if said.language_of(key) == said.language_of("introduce"):
            forms.append((said.introduce, context.short))
        filled = (fill_placeholders(sentence, {"name": name}) for sentence, name in dict.fromkeys(forms))
        text, *shorter = dict.fromkeys(filled)
        lines = [self._own(key, text, Priority.INSTRUCTION)._replace(shorter=tuple(shorter), origin=origin("name"))]
        no_place = _NO_TIME_BEFORE if during == "work" else ""
        side = self._side_before(context) if work.sides and names_side else None
        if brief or self._is_sparse:
            second = self._second_side(context, origin, side, no_place) if other_side else []
            lines += second or ([side] if side else [])
            lines += [] if other_side or during == "work" or self._is_sparse else self._short_dose(context)
        else:
            lines += self._instruction(context, origin, side, no_place)
            lines += self._dose(context, origin, no_place)
            lines += [line._replace(no_place=no_place) for line in self._cautions(context, origin)]
        if not brief or (other_side and work.second_side):
            lines += [line._replace(no_place=no_place) for line in self.begin(context, origin)]
        return lines

    def _side_before(self, context: SetContext) -> DraftLine:
        """The side with which an exercise begins."""
        key = "side_first" if len(context.work.sides) > 1 else "side_now"
        return self._own(
            key, self.phrases.side_sentence(getattr(self.phrases, key), context.side), Priority.INSTRUCTION
        )

    def _instruction(
        self, context: SetContext, origin: Callable[[str], KeyPath], side: DraftLine | None, no_place: str
    ) -> list[DraftLine]:
        """The side and the author's instruction; where that names the side, it is named only once."""
        work, text = context.work, context.fill(context.work.say)
        if not text or not self.explains:
            return [side] if side else []
        said = DraftLine(text, Priority.INSTRUCTION, origin=origin("say"), no_place=no_place)
        return _with_side(said, side, names_it="{side}" in work.say)

    @staticmethod
    def _cautions(context: SetContext, origin: Callable[[str], KeyPath]) -> Iterator[DraftLine]:
        """The author's cautions."""
        for number, caution in enumerate(context.work.cautions):
            path = origin("cautions")
            where = (*path, number) if path[-1:] == ("cautions",) else path
            yield DraftLine(context.fill(caution), Priority.INSTRUCTION, origin=where)

    def begin(self, context: SetContext, origin: Callable[[str], KeyPath]) -> list[DraftLine]:
        """The author's last words before the start."""
        text = context.fill(context.work.begin)
        if not text or not self.explains:
            return []
        return [DraftLine(text, Priority.INSTRUCTION, origin=origin("begin"), last=True)]

    def finish(self, context: SetContext, origin: Callable[[str], KeyPath]) -> DraftLine | None:
        """The author's way out of a set."""
        text = context.fill(context.work.finish)
        return DraftLine(text, Priority.AUTHOR, origin=origin("finish")) if text else None

    def _second_side(
        self, context: SetContext, origin: Callable[[str], KeyPath], side: DraftLine | None, no_place: str = ""
    ) -> list[DraftLine]:
        """The side, and what the author says on the second one in place of the instruction; nothing without that."""
        written = context.work.second_side
        text = context.fill(written)
        if not text or not self.explains:
            return []
        said = DraftLine(text, Priority.INSTRUCTION, origin=origin("second_side"), no_place=no_place)
        return _with_side(said, side, names_it="{side}" in written)

    def _short_dose(self, context: SetContext) -> list[DraftLine]:
        """How much is to be done, of an exercise that has been done before."""
        work = context.work
        return [] if work.kind in {"rounds", "flow"} else list(self._amount(context, in_full=False))

    def _dose(self, context: SetContext, origin: Callable[[str], KeyPath], no_place: str = "") -> Iterator[DraftLine]:
        """How much is to be done, unless that is obvious, with which load, and how hard."""
        if context.work.kind == "rounds":
            # Nothing tells the steps of the rounds again, so that whoever misses them is warned of it.
            for line in self._clock(context, origin, no_place):
                yield line if line.origin else line._replace(origin=origin("within"))
        else:
            yield from self._dose_of_set(context, origin)

    def _dose_of_set(self, context: SetContext, origin: Callable[[str], KeyPath]) -> Iterator[DraftLine]:
        """The same of a set that is not one clock for many rounds."""
        work = context.work
        # What an author lists for each set is told where it is not said.
        listed = origin(work.kind) if work.set_doses else ()
        yield from (line._replace(origin=listed) for line in self._amount(context))
        for key, value in (("load", work.load), ("rpe", work.rpe), ("rir", work.rir)):
            if value:
                said = fill_placeholders(getattr(self.phrases, key), {key: value})
                yield self._own(key, said, Priority.INSTRUCTION)._replace(origin=origin(key))

    def _amount(self, context: SetContext, *, in_full: bool = True) -> Iterator[DraftLine]:
        """How much is to be done; of holds and flows, `in_full` tells in breaths and in time what that is."""
        work = context.work
        if work.is_endless:
            key = "hold_max" if work.kind == "hold" else "reps_max"
            yield self._own(key, getattr(self.phrases, key), Priority.INSTRUCTION)
        elif work.kind == "distance":
            key, text = self.phrases.distance(distance_number(work.count, work.unit), work.unit)
            yield self._own(key, f"{text}.", Priority.INSTRUCTION)
        elif work.kind == "reps" and work.is_open:
            text = self.phrases.plural_text(self.phrases.reps_at_least, work.count)
            yield self._own("reps_at_least", context.fill(text), Priority.INSTRUCTION)
        elif work.kind == "hold":
            if not work.overrun:
                yield self._hold_time(work, in_full=in_full)
        elif work.kind == "flow":
            yield from self._rounds(work) if work.count > 1 or work.set_doses else ()
        elif work.count > 1 or work.set_doses:
            key = "reps_free" if work.self_paced else "reps_of"
            text = self.phrases.plural_text(getattr(self.phrases, key), work.count)
            yield self._own(key, context.fill(text), Priority.INSTRUCTION)

    def _hold_time(self, work: Work, *, in_full: bool) -> DraftLine:
        """How long a hold is, and about how many breaths that is where a breath or two more or less do not matter.

        Of what only has a name nobody knows whether one can breathe calmly in it: it may be burpees.
        """
        said, values = self.phrases, {"seconds": self.phrases.duration(work.count)}
        shortest_ms, longest_ms = _BREATHS_FOR_MS
        in_breaths = in_full and self.explains and work.say and shortest_ms <= work.count <= longest_ms
        if not in_breaths or directs_breath(work, said) or asks_something(work):
            return self._own("hold_for", fill_placeholders(said.hold_for, values), Priority.INSTRUCTION)
        values["breaths"] = said.plural_text(said.breath, round(work.count / _BREATH_MS))
        return self._own("hold_breaths", fill_placeholders(said.hold_breaths, values), Priority.INSTRUCTION)

    def _rounds(self, work: Work) -> Iterator[DraftLine]:
        """How many rounds a flow has, unless they are too many to count along, and how long they take."""
        said, length_ms = self.phrases, work.unit_ms or 0
        if work.count <= _COUNTABLE_ROUNDS or length_ms < _TIMED_FROM_MS:
            yield self._own("rounds_of", said.plural_text(said.rounds_of, work.count), Priority.INSTRUCTION)
        if length_ms >= _TIMED_FROM_MS:
            step_ms = _ROUGH_MS if length_ms < _MINUTES_FROM_MS else _ROUGH_LONG_MS
            about_ms = round(length_ms / step_ms) * step_ms
            key = "hold_for" if about_ms == length_ms else "about_time"
            time = {"seconds": said.duration(about_ms)}
            yield self._own(key, fill_placeholders(getattr(said, key), time), Priority.INSTRUCTION)

    def _clock(self, context: SetContext, origin: Callable[[str], KeyPath], no_place: str) -> Iterator[DraftLine]:
        """The steps of a block with one clock, and how many rounds of them are to be done in which time."""
        work, said = context.work, self.phrases
        if self.explains:
            for inner in work.round_steps:
                own = SetContext(inner, keys=context.keys)
                yield self._own("introduce", own.fill(said.introduce), Priority.INSTRUCTION)
                if inner.say:
                    where = origin("say")
                    yield DraftLine(own.fill(inner.say), Priority.INSTRUCTION, origin=where, no_place=no_place)
                yield from self._dose(own, origin)
        time = {"seconds": said.duration(work.count)}
        if work.rounds:
            text = said.plural_text(said.rounds_of, work.rounds)
            yield self._own("rounds_of", text, Priority.INSTRUCTION)
        key = "at_most" if work.rounds else "as_many_rounds"
        yield self._own(key, fill_placeholders(getattr(said, key), time), Priority.INSTRUCTION)

    def change_of_sequence(self, side: str | None, origin: KeyPath) -> list[DraftLine]:
        """During a change of sides after which a sequence comes once more; `origin` is the key that asks for it."""
        # The side, and the exercise with which the sequence begins, say more.
        switch = self._own("switch", self.phrases.switch, Priority.SETS)
        return [switch, self.now_side(side)._replace(origin=origin)]

    def change_of_side(
        self, context: SetContext, origin: Callable[[str], KeyPath], *, explained: bool
    ) -> list[DraftLine]:
        """During a change of sides; `explained` if this side, too, has been done before."""
        work = context.work
        now = self.now_side(context.side)
        second = [] if explained else self._second_side(context, origin, now)
        if second:
            return second
        # Where the author names directions or legs instead of sides, the name says it all, and so does a way out.
        if not work.has_left_and_right or work.finish:
            return [now]
        key = "release" if work.kind == "hold" else "switch"
        return [self._own(key, getattr(self.phrases, key), Priority.SWITCH), now]

    def remind_in_change(self, draft: Draft, context: SetContext) -> None:
        """Add one of the author's reminders to a change of sides on which the author says nothing else."""
        if self.speaks and not context.work.second_side:
            add_change_reminder(draft, context, self._pools)

    def next_set(self, context: SetContext, origin: Callable[[str], KeyPath]) -> list[DraftLine]:
        """Which set comes next, and its dose where it is another one; `origin` as for `introduction`."""
        key = "last_set" if context.set == context.work.sets else "next_set"
        if self._is_sparse:
            return []
        line = self._own(key, context.fill(getattr(self.phrases, key)), Priority.SETS)
        return [line, *(self._dose_of_set(context, origin) if context.work.set_doses else ())]

    def next_round(self, number: int, rounds: int) -> list[DraftLine]:
        """Before round `number` of `rounds`."""
        if self._is_sparse:
            return []
        key = "last_round" if number == rounds else "next_round"
        text = fill_placeholders(getattr(self.phrases, key), {"round": number, "rounds": rounds})
        return [self._own(key, text, Priority.SETS)]

    def rest(self, rest_ms: int) -> list[DraftLine]:
        """At the start of a rest of that length."""
        if self._is_sparse:
            return []
        if rest_ms < LONG_REST_MS or not self.explains:
            return [self._own("rest", self.phrases.rest, Priority.SETS)]
        text = fill_placeholders(self.phrases.rest_for, {"seconds": self.phrases.duration(rest_ms)})
        # Its shorter form is spoken in the same language.
        same = self.phrases.language_of("rest") == self.phrases.language_of("rest_for")
        return [self._own("rest_for", text, Priority.SETS)._replace(shorter=(self.phrases.rest,) if same else ())]

    def what_is_next(self, rest_ms: int, coming: StepNames) -> list[DraftLine]:
        """In a rest of that length: what comes after it, if that is not introduced in it."""
        if not coming.full:
            return []
        text, short = (fill_placeholders(self.phrases.next_is, {"name": name}) for name in coming)
        line = self._own("next_is", text, Priority.NEXT)._replace(shorter=(short,) if short != text else ())
        if rest_ms < LONG_REST_MS:
            return [line]
        return [line._replace(at_ms=LATE_MS, from_end=True, slack_ms=AUTHOR_SLACK_MS)]

    def move(self, rest_ms: int, context: SetContext, needed: Sequence[str]) -> list[DraftLine]:
        """In a rest of that length, before work for which something else is needed than before."""
        if not needed or self._is_sparse:
            return []
        said = self.phrases
        need = fill_placeholders(said.equipment, {"equipment": ", ".join(needed)})
        line = self._own("equipment", need, Priority.SETS)
        # In a long rest the name itself comes only shortly before the end, too late to move.
        if rest_ms >= LONG_REST_MS and said.language_of("next_is") == line.language:
            name = fill_placeholders(said.next_is, {"name": context.name})
            return [line._replace(text=f"{name} {need}", shorter=(need,), if_late_soon=need)]
        return [line]

    def hold(self, draft: Draft, context: SetContext) -> None:
        """Add the lines and tones of a hold, and what is said in its silence."""
        work, length_ms = context.work, draft.length_ms or 0
        add_hold_cues(draft, work, self.phrases, self._pools, explains=self.explains)
        if work.count_up or not self.speaks:
            return
        lines = (line for line in draft.lines if line.at_ms is not None)
        taken_ms = [length_ms - (line.at_ms or 0) if line.from_end else line.at_ms or 0 for line in lines]
        taken_ms += [place.at_ms for place in work.cue_placements if place.cue.say and place.at_ms is not None]
        inside_ms = [at_ms for at_ms in taken_ms if at_ms < length_ms]
        wordings = {*self.phrases.encourage, *self.phrases.breathe, *self.phrases.company, *work.reminders}
        for place in work.cue_placements:
            if place.cue.say in wordings and place.at_ms is not None:
                self._pools.note(place.cue.say, draft.since_ms + place.at_ms)
        fillers = Fillers(draft, self.phrases, self._pools.choose, inside_ms, length_ms)
        fillers.fill_hold(context, work.company or self._company, explains=self.explains)

    def keep_company(self, draft: Draft, rest_ms: int, company: Company | None, *, told_ms: int) -> None:
        """Add what is said in the silence of a long rest, the last `told_ms` of which tell what comes next."""
        if not self.explains:
            return
        self._fill_rest(draft, rest_ms, company, told_ms, self._pools.choose)

    def keep_company_in_round(self, draft: Draft, longest_ms: int, company: Company | None, *, told_ms: int) -> None:
        """Add the same to the rest of a timed round, which lasts as long as the round leaves: `longest_ms` at most."""
        if not self.explains:
            return
        words = ReservedWords(self._pools, draft.since_ms)
        # What may be said does not depend on how long the lines before it take, so it is chosen here.
        self._fill_rest(draft, longest_ms, company, told_ms, words.reserve)

        def refill(draft: Draft, rest_ms: int) -> None:
            kept = [line for line in draft.lines if line.priority is not Priority.COMPANY]
            draft.lines = []
            self._fill_rest(draft, rest_ms, company, told_ms, words.take)
            # As what comes next does: in a run the rest may turn out shorter, and they must not meet.
            draft.lines = [*kept, *(_from_end(line, rest_ms) for line in draft.lines)]

        draft.refill = refill

    def postpone(self, since_ms: int, until_ms: int) -> None:
        """Take into account that what it says in that time may come as late as at the end of it."""
        self._pools.postpone(since_ms, until_ms)

    def _fill_rest(
        self,
        draft: Draft,
        rest_ms: int,
        company: Company | None,
        told_ms: int,
        choose: Callable[[Sequence[str], int], str],
    ) -> None:
        fillers = Fillers(draft, self.phrases, choose, rest_taken_ms(rest_ms, told_ms), rest_ms)
        fillers.fill_rest(company or self._company)

    def endless_hold(self, draft: Draft, context: SetContext) -> None:
        """Add the lines and tones of a hold that lasts as long as one can."""
        add_endless_hold_cues(draft, context.work)

    def question(self, key: SetQuestion, *, is_planned: bool) -> list[DraftLine]:
        """What is asked after a set, and that it goes on as planned without an answer."""
        asked = f"ask_{key}"
        lines = [self._own(asked, getattr(self.phrases, asked), Priority.INSTRUCTION)]
        if is_planned:
            lines.append(self._own("as_planned", self.phrases.as_planned, Priority.INSTRUCTION))
        return lines

    def overrun(self, draft: Draft) -> None:
        """Add the lines and tones past the end of a hold."""
        add_overrun_cues(draft, self.phrases)

    def parts(self, draft: Draft, context: SetContext) -> None:
        """Add to reps and flows a tone for each part, the numbers of reps, and the words of the parts."""
        if context.work.kind == "reps" and self.speaks:
            add_rep_fillers(draft, context, self.phrases, self._pools, explains=self.explains)
        for occurrence in context.occurrences:
            draft.tones += self._tones(occurrence)
            is_early = occurrence.number <= WORDS_UNTIL_REP
            if context.work.kind == "flow":
                draft.lines.append(_part_words(occurrence, context, self.phrases, with_line=is_early and self.explains))
                continue
            if occurrence.part.name and is_early:
                draft.lines.append(_part_words(occurrence, context, self.phrases, with_line=self.explains))
        if context.work.kind == "reps":
            draft.lines += self._counted(context.work)

    def _counted(self, work: Work) -> Iterator[DraftLine]:
        """The number of each rep when it is done, and that the last one begins."""
        rep_ms, count = (work.unit_ms or 0) // max(1, work.count), work.count
        if count < 2:  # noqa: PLR2004 - a single rep needs no number
            return
        # Evenly, so that a number says how fast it goes even to those who do not hear all of them.
        step = next((step for step in COUNT_STEPS if step * rep_ms >= _NUMBER_MS), COUNT_STEPS[-1])
        for number in range(step, count, step):
            if is_counted(number, count, step):
                yield DraftLine(str(number), Priority.COUNT, number * rep_ms, on_beat=True)
        if count >= _LAST_OF and rep_ms >= _LAST_FROM_MS and not work.is_open:
            at_ms = (count - 1) * rep_ms
            yield self._own("last_rep", self.phrases.last_rep, Priority.SETS)._replace(
                at_ms=at_ms, slack_ms=rep_ms, deadline_ms=at_ms + rep_ms
            )
        # So the last number is the end: it is over when the set is.
        yield DraftLine(str(count), Priority.COUNT, as_late_as_possible=True)

    def _tones(self, occurrence: PartOccurrence) -> Iterator[Tone]:
        """A tone that goes with the breath of a part, or else a tick; the first part has that of the start as well."""
        part, at_ms = occurrence.part, occurrence.at_ms
        breath = breath_tone(part.breath, part.duration_ms) if self._breath_tones else None
        if not at_ms:
            yield Tone("start")
        if breath:
            yield Tone(breath, at_ms, length_ms=part.duration_ms)
        elif at_ms:
            yield Tone("tick", at_ms)

    def author_cues(
        self, draft: Draft, context: SetContext, origin: KeyPath, after: Draft | None = None, most: int | None = None
    ) -> None:
        """Add the author's cues to one set on one side.

        Args:
            draft: The set.
            context: Which set it is.
            origin: The key of the cues in the session file; the index of each is added if it is a list.
            after: The time past the end of a hold.
            most: How many may be added; `None` for all.
        """
        for placement in context.work.cue_placements[:most]:
            path = (*origin, placement.number) if origin[-1:] == ("cues",) else origin
            length_ms = draft.length_ms
            if placement.at_ms is None:
                # Placing finds it outside its phase, and says so.
                text = context.fill(placement.cue.say or placement.cue.sound or "")
                draft.lines.append(DraftLine(text, Priority.AUTHOR, _OUTSIDE_MS, origin=path))
            elif after is not None and length_ms is not None and placement.at_ms >= length_ms:
                _add_cue(after, placement, placement.at_ms - length_ms, context, path)
            else:
                _add_cue(draft, placement, placement.at_ms, context, path)


def _part_words(occurrence: PartOccurrence, context: SetContext, phrases: Phrases, *, with_line: bool) -> DraftLine:
    """The word of a part, or its line, which has to end before the part does."""
    part = occurrence.part
    name, line = context.fill_part(occurrence, part.name), context.fill_part(occurrence, part.say) if with_line else ""
    at_ms = occurrence.at_ms + _WORD_AFTER_TICK_MS
    return DraftLine(
        line or name,
        Priority.PART,
        at_ms,
        follows_tone=True,
        slack_ms=SECOND_MS,
        deadline_ms=occurrence.at_ms + part.duration_ms,
        shorter=(name,) if line else (),
        language="" if line else phrases.tempo_language(part.name),
    )


def _add_cue(draft: Draft, placement: CuePlacement, at_ms: int, context: SetContext, origin: KeyPath) -> None:
    cue, length_ms = placement.cue, draft.length_ms
    is_end = cue.at.kind == "end"
    left_ms = None if length_ms is None else length_ms - at_ms
    cue_ms = left_ms if placement.from_end and left_ms is not None else at_ms
    if cue.sound:
        draft.tones.append(Tone(cue.sound, cue_ms, placement.from_end, ends_with_phase=is_end))
    text = context.fill(cue.say or "", **_placeholder_values(context.work, at_ms, left_ms))
    if text:
        draft.lines.append(
            DraftLine(
                text,
                Priority.AUTHOR,
                cue_ms,
                placement.from_end,
                as_late_as_possible=is_end,
                slack_ms=AUTHOR_SLACK_MS,
                origin=origin,
            )
        )


def _placeholder_values(work: Work, at_ms: int, left_ms: int | None) -> dict[str, object]:
    """The values of placeholders at a moment of a set."""
    remaining = None if left_ms is None else left_ms // SECOND_MS
    if not work.parts:
        return {"remaining": remaining}
    number = min(at_ms * work.count // (work.unit_ms or 1), work.count - 1) + 1
    return {"remaining": remaining, **work.count_as(number)}
