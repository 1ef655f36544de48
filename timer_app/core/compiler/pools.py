"""Chooses among wordings, and what is said in the silence of long work and rests.

What is chosen follows from a seed, so that live runs and exports say the same. Moments are those of the plan: a session
takes at least as long as the phases before a line, so that what is far enough apart here is so when it is heard.
"""

from __future__ import annotations

import random
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from timer_app.core.compiler.draft import Draft, DraftLine, Priority
from timer_app.core.compiler.resolve import Work
from timer_app.core.compiler.set_context import SetContext
from timer_app.core.constraints import Company
from timer_app.core.fields import fill_placeholders
from timer_app.core.session import Phrases

_SECOND_MS = 1_000
APART_MS = 120_000  # no wording is said again within this time
_SLACK_MS = 2_500  # so much later a line may be said than planned
_CLEAR_MS = 4_000  # to whatever else is said: a line, and some silence
# From how long on work has one reminder, two, or three of them, and when: as shares of its length.
_REMINDERS: tuple[tuple[int, tuple[float, ...]], ...] = (
    (120_000, (0.15, 0.4, 0.7)),
    (60_000, (0.22, 0.6)),
    (12_000, (0.3,)),
)
_BREATHE_FROM_MS = 45_000
_BREATHE_AT = 0.42
ENCOURAGE_FROM_MS = 30_000
_LAST_THIRD = 2 / 3
_ENCOURAGE_AT = 0.8
_NEAR_END_MS = 20_000  # in long work it is said no earlier before the end
_TIMES_FROM_MS = 75_000  # in a shorter silence the time left is not told to keep company
_HALF_MINUTE_MS = 30_000
_MINUTE_MS = 60_000
_SILENCE_MS: dict[Company, int] = {"often": 15_000, "some": 25_000}
_REST_SAID_MS = 1_500  # how long it takes to say that a rest begins
_CHANGE_SAID_MS = 3_500  # how long a change of sides and its tones take to tell
_LINE_MS = 2_500  # about how long any other line takes, and a reminder at the least with the silence around it
_REP_CLEAR_MS = 700  # after the number of a rep
_REP_FROM_MS = 4_000  # a faster rep leaves no time for a sentence


class WordPools:
    """Chooses one of several wordings, none of them twice within two minutes.

    Args:
        seed: The same one gives the same choices; 0 takes the wordings in the order of the phrase file.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._orders: dict[tuple[str, ...], dict[str, int]] = {}
        self._said_ms: dict[str, list[int]] = {}

    def choose(self, wordings: Sequence[str], at_ms: int) -> str:
        """The wording that has not been said for the longest time; empty if all have been said within two minutes.

        Args:
            wordings: Of which one is said.
            at_ms: When, from the beginning of the session.
        """
        order = self._order(tuple(wordings))
        oldest_first = sorted(order, key=lambda one: (self._said_ms.get(one, [-1])[-1], order[one]))
        chosen = next((one for one in oldest_first if self._is_free(one, at_ms)), "")
        if chosen:
            self.note(chosen, at_ms)
        return chosen

    def note(self, wording: str, at_ms: int) -> None:
        """Let a wording that somebody else says at `at_ms` count as said."""
        insort(self._said_ms.setdefault(wording, []), at_ms)

    def postpone(self, since_ms: int, until_ms: int) -> None:
        """Let everything chosen for `since_ms` and later count as said right before `until_ms`: it may be that late."""
        for said_ms in self._said_ms.values():
            first = bisect_left(said_ms, since_ms)
            if first < len(said_ms):
                said_ms[first:] = [max(since_ms, until_ms - 1)]

    def _is_free(self, wording: str, at_ms: int) -> bool:
        said_ms = self._said_ms.get(wording, [])
        at = bisect_left(said_ms, at_ms)
        return all(abs(other_ms - at_ms) >= APART_MS + _SLACK_MS for other_ms in said_ms[max(0, at - 1) : at + 1])

    def _order(self, wordings: tuple[str, ...]) -> dict[str, int]:
        if wordings not in self._orders:
            shuffled = list(dict.fromkeys(wordings))
            if self._seed:
                random.Random(f"{self._seed} {shuffled}").shuffle(shuffled)  # noqa: S311 - no secret
            self._orders[wordings] = {one: index for index, one in enumerate(shuffled)}
        return self._orders[wordings]


def directs_breath(work: Work, phrases: Phrases) -> bool:
    """Whether the author says how to breathe in it, so that the coach says nothing of it."""
    # In a language in which the coach does not know words about breathing, the author may have written any.
    if any(part.breath for part in work.parts) or phrases.language_of("breath_words"):
        return True
    cues = (cue.say or "" for cue in work.cues)
    parts = (text for part in work.parts for text in (part.name, part.say))
    texts = (work.name, work.label, work.say, work.begin, work.finish, work.second_side, *work.reminders, *cues, *parts)
    said = " ".join(texts).lower()
    return any(stem in said for stem in phrases.breath_words)


def asks_something(work: Work) -> bool:
    """Whether the author asks something during the work, which is then there to look at oneself."""
    return any((cue.say or "").rstrip().endswith(("?", "？")) for cue in work.cues)


class Fillers:
    """Fills the silence of one draft with lines from pools.

    Args:
        draft: Work or a rest.
        phrases: The coach's words.
        choose: Chooses one of several wordings for a moment of the session; empty for none.
        taken_ms: When something else is said, from the start of the draft.
        length_ms: How long the draft is.
    """

    def __init__(
        self,
        draft: Draft,
        phrases: Phrases,
        choose: Callable[[Sequence[str], int], str],
        taken_ms: Iterable[int],
        length_ms: int,
    ) -> None:
        self._draft = draft
        self._phrases = phrases
        self._choose = choose
        self._taken_ms = sorted({0, *taken_ms, length_ms})
        self._length_ms = length_ms

    def fill_hold(self, context: SetContext, company: Company, *, explains: bool) -> None:
        """Reminders of form, breath, encouragement, and company where it is still silent for long."""
        work, length_ms = context.work, self._length_ms
        self.remind(context)
        may_breathe = not directs_breath(work, self._phrases)
        if explains:
            if length_ms >= ENCOURAGE_FROM_MS and not asks_something(work):
                least_ms = int(_LAST_THIRD * length_ms)
                wanted_ms = max(int(_ENCOURAGE_AT * length_ms), length_ms - _NEAR_END_MS)
                self._say_near("encourage", self._phrases.encourage, wanted_ms, least_ms)
            if length_ms >= _BREATHE_FROM_MS and may_breathe and work.kind == "hold":
                self._say_near("breathe", self._phrases.breathe, int(_BREATHE_AT * length_ms))
        if company != "none" and work.kind == "hold" and explains:
            if not work.tell_every_ms:
                self._tell_times()
            more = (("breathe", self._phrases.breathe),) if may_breathe else ()
            self._keep_company((("company", self._phrases.company), *more), _SILENCE_MS[company])

    def fill_rest(self, company: Company) -> None:
        """Company in a long rest."""
        if company != "none":
            self._tell_times()
            pools = ("company_rest", self._phrases.company_rest), ("company", self._phrases.company)
            self._keep_company(pools, _SILENCE_MS[company])

    def remind(self, context: SetContext) -> None:
        """The author's reminders, as many as the length asks for."""
        reminders = list(filter(None, map(context.fill, context.work.reminders)))
        shares = next((shares for from_ms, shares in _REMINDERS if self._length_ms >= from_ms), ())
        for share in shares if reminders else ():
            self._say_near("", reminders, int(share * self._length_ms))

    def _say_near(self, key: str, wordings: Sequence[str], wanted_ms: int, least_ms: int = 0) -> None:
        """Say a wording in the quiet moment nearest to `wanted_ms`, but not before `least_ms`."""
        quiet = ((max(before + _CLEAR_MS, least_ms), after - _CLEAR_MS) for before, after in pairwise(self._taken_ms))
        moments = [min(max(wanted_ms, from_ms), to_ms) for from_ms, to_ms in quiet if from_ms <= to_ms]
        if moments:
            self._say(key, wordings, min(moments, key=lambda at_ms: abs(at_ms - wanted_ms)), Priority.REMINDER)

    def _tell_times(self) -> None:
        """The time that is left, half a minute and whole minutes before the end."""
        if self._length_ms < _TIMES_FROM_MS:
            return
        for left_ms in (_HALF_MINUTE_MS, *range(_MINUTE_MS, self._length_ms - _HALF_MINUTE_MS, _MINUTE_MS)):
            at_ms = self._length_ms - left_ms
            if all(abs(at_ms - other_ms) >= _CLEAR_MS for other_ms in self._taken_ms):
                key, said = "half_minute_left", self._phrases.half_minute_left
                if left_ms != _HALF_MINUTE_MS:
                    key = "time_left"
                    said = fill_placeholders(self._phrases.time_left, {"seconds": self._phrases.duration(left_ms)})
                line = DraftLine(said, Priority.COMPANY, left_ms, from_end=True, slack_ms=500)
                self._draft.lines.append(line._replace(language=self._phrases.language_of(key)))
                self._taken_ms = sorted([*self._taken_ms, at_ms])

    def _keep_company(self, pools: Sequence[tuple[str, Sequence[str]]], silence_ms: int) -> None:
        """A line wherever it would be silent for longer than that."""
        for before_ms, after_ms in list(pairwise(self._taken_ms)):
            lines = -(-(after_ms - before_ms) // silence_ms) - 1
            for number in range(1, lines + 1):
                at_ms = before_ms + (after_ms - before_ms) * number // (lines + 1)
                any(self._say(key, wordings, at_ms, Priority.COMPANY) for key, wordings in pools)

    def _say(self, key: str, wordings: Sequence[str], at_ms: int, priority: Priority) -> bool:
        text = self._choose(wordings, self._draft.since_ms + at_ms)
        if text:
            language = self._phrases.language_of(key) if key else ""
            self._draft.lines.append(DraftLine(text, priority, at_ms, slack_ms=_SLACK_MS, language=language))
            self._taken_ms = sorted([*self._taken_ms, at_ms])
        return bool(text)


class ReservedWords:
    """Wordings for a rest of which only the greatest length is known when they are chosen; all are for its start.

    Args:
        pools: Chooses among wordings.
        since_ms: When the rest starts at the earliest, from the beginning of the session.
    """

    def __init__(self, pools: WordPools, since_ms: int) -> None:
        self._pools = pools
        self._since_ms = since_ms
        self._reserved: list[str] = []

    def reserve(self, wordings: Sequence[str], _at_ms: int) -> str:
        """Choose one of several wordings."""
        text = self._pools.choose(wordings, self._since_ms)
        self._reserved += [text] if text else []
        return text

    def take(self, wordings: Sequence[str], _at_ms: int) -> str:
        """The first of several wordings that is reserved and has not been taken; empty for none."""
        text = next((one for one in self._reserved if one in wordings), "")
        if text:
            self._reserved.remove(text)
        return text


def rest_taken_ms(length_ms: int, told_ms: int) -> Iterator[int]:
    """When something is said in a rest of that length, the last `told_ms` of which tell what comes next."""
    yield min(_REST_SAID_MS, length_ms)
    yield max(0, length_ms - told_ms)


def add_change_reminder(draft: Draft, context: SetContext, pools: WordPools) -> None:
    """A reminder for the side that comes, after all else that is told in a change of sides, if it is long enough.

    Args:
        draft: The change, with its lines.
        context: The set after it.
        pools: Chooses among the reminders.
    """
    others = sum(line.priority not in {Priority.SIDE, Priority.SWITCH, Priority.COUNTDOWN} for line in draft.lines)
    at_ms = _CHANGE_SAID_MS + others * _LINE_MS
    deadline_ms = (draft.length_ms or 0) - draft.countdown * _SECOND_MS
    if deadline_ms - at_ms < _LINE_MS:
        return
    text = pools.choose(list(filter(None, map(context.fill, context.work.reminders))), draft.since_ms + at_ms)
    if text:
        line = DraftLine(text, Priority.REMINDER, at_ms, slack_ms=_SLACK_MS, deadline_ms=deadline_ms)
        draft.lines.append(line)


def add_rep_fillers(draft: Draft, context: SetContext, phrases: Phrases, pools: WordPools, *, explains: bool) -> None:
    """A reminder, and encouragement in the last third, between the numbers of a long set of slow reps."""
    work, length_ms = context.work, context.work.unit_ms or 0
    rep_ms = length_ms // max(1, work.count)
    if length_ms < ENCOURAGE_FROM_MS or rep_ms < _REP_FROM_MS:
        return

    def say(key: str, wordings: Sequence[str], share: float) -> None:
        rep = min(int(share * work.count), work.count - 2)
        at_ms = rep * rep_ms + _REP_CLEAR_MS
        text = pools.choose(wordings, draft.since_ms + at_ms) if rep > 0 else ""
        if text:
            language = phrases.language_of(key) if key else ""
            deadline_ms = (rep + 1) * rep_ms - _REP_CLEAR_MS
            line = DraftLine(text, Priority.REMINDER, at_ms, slack_ms=rep_ms, deadline_ms=deadline_ms)
            draft.lines.append(line._replace(language=language))

    if work.reminders:
        say("", list(filter(None, map(context.fill, work.reminders))), 0.4)
    if explains:
        say("encourage", phrases.encourage, _LAST_THIRD + 0.05)
