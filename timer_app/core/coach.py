"""What the coach says and when: the lines of each kind of phase, before they are placed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from timer_app.core.draft import Draft, Line, Mark, Rank
from timer_app.core.exercise import CuePoint
from timer_app.core.phrases import Phrases
from timer_app.core.problems import Path
from timer_app.core.resolve import Beat, Work
from timer_app.core.texts import fill

SECOND_MS = 1_000
HALFWAY_FROM_MS = 20_000  # shorter holds need no word half way
LONG_REST_MS = 15_000  # from here on a rest says how long it is, and what comes next shortly before its end
NEXT_BEFORE_MS = 10_000
COUNT_EACH_UNTIL_S = 60  # a hold that is counted upward is counted in tens after a minute
OVERRUN_TENS = 30  # an overrun is counted for five minutes
WORDS_UNTIL_REP = 3  # then a tick says enough
AUTHOR_SLACK_MS = 1_500
_NEAR_MS = 3_000


@dataclass(frozen=True, slots=True)
class Turn:
    """One set on one side: what the placeholders of its texts stand for."""

    work: Work
    set: int
    side: str | None
    next_name: str
    round: int | None = None
    rounds: int | None = None

    def values(self, **more: object) -> Mapping[str, object]:
        """The placeholders' values."""
        unit_ms = self.work.unit_ms
        return {
            "name": self.work.name,
            "next": self.next_name,
            "set": self.set,
            "sets": self.work.sets,
            "side": self.side,
            "reps": self.work.count if self.work.kind == "reps" else None,
            "round": self.round,
            "rounds": self.rounds or (self.work.count if self.work.kind == "flow" else None),
            "seconds": None if unit_ms is None else unit_ms // SECOND_MS,
            "remaining": None if unit_ms is None else unit_ms // SECOND_MS,
            **more,
        }


class Coach:
    """Knows what is said in every kind of phase.

    Args:
        phrases: The words of the session's language.
    """

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def introduction(self, turn: Turn, *, brief: bool) -> list[Line]:
        """Before the first set: name, instruction, cautions, dose and side; only name and side when `brief`."""
        work, said = turn.work, self.phrases
        texts = [said.introduce]
        if not brief:
            texts += [work.say, *work.cautions, self._dose(work)]
        if len(work.sides) > 1 or (brief and work.sides):
            texts.append(said.side_first if len(work.sides) > 1 else said.side_now)
        return [Line(fill(text, turn.values()), Rank.INSTRUCTION) for text in texts if text]

    def _dose(self, work: Work) -> str:
        if work.kind == "hold":
            return "" if work.overrun else fill(self.phrases.hold_for, {"seconds": self.phrases.duration(work.count)})
        if work.kind == "flow":
            return fill(self.phrases.rounds_of, {"rounds": work.count})
        return self.phrases.reps_free if work.self_paced else self.phrases.reps_of

    def change_of_side(self, turn: Turn) -> list[Line]:
        """While the side is changed."""
        now = Line(fill(self.phrases.side_now, turn.values()), Rank.SIDE)
        # Where the author names directions or legs instead of sides, the name says it all.
        return [Line(self.phrases.switch, Rank.SIDE), now] if turn.work.has_left_and_right else [now]

    def rest_before_set(self, turn: Turn, rest_ms: int) -> list[Line]:
        """Between two sets of one exercise."""
        is_last = turn.set == turn.work.sets
        coming = self.phrases.last_set if is_last else self.phrases.next_set
        lines = [*self._rest(rest_ms), Line(fill(coming, turn.values()), Rank.SETS)]
        if len(turn.work.sides) > 1:
            lines.append(Line(fill(self.phrases.side_now, turn.values()), Rank.SIDE))
        return lines

    def rest_between(
        self,
        rest_ms: int,
        names: tuple[str, str],
        say: str = "",
        number: tuple[int, int] | None = None,
        origin: Path = (),
    ) -> list[Line]:
        """A rest that another exercise follows.

        Args:
            rest_ms: How long it is.
            names: What comes next, in full and short; empty texts for nothing.
            say: An author's line for the rest.
            number: The round that comes next, and how many there are.
            origin: Where the author's line stands.
        """
        lines = [Line(say, Rank.AUTHOR, origin=origin)] if say else self._rest(rest_ms)
        if number:
            text = self.phrases.last_round if number[0] == number[1] else self.phrases.next_round
            lines.append(Line(fill(text, {"round": number[0], "rounds": number[1]}), Rank.SETS))
        return lines + ([self._next(rest_ms, names)] if names[0] else [])

    def _rest(self, rest_ms: int) -> list[Line]:
        if rest_ms < LONG_REST_MS:
            return [Line(self.phrases.rest, Rank.SETS)]
        text = fill(self.phrases.rest_for, {"seconds": self.phrases.duration(rest_ms)})
        return [Line(text, Rank.SETS, shorter=(self.phrases.rest,))]

    def _next(self, rest_ms: int, names: tuple[str, str]) -> Line:
        text, short = (fill(self.phrases.next_is, {"name": name}) for name in names)
        shorter = (short,) if short != text else ()
        if rest_ms < LONG_REST_MS:
            return Line(text, Rank.NEXT, shorter=shorter)
        return Line(text, Rank.NEXT, NEXT_BEFORE_MS, from_end=True, slack_ms=AUTHOR_SLACK_MS, shorter=shorter)

    def hold(self, draft: Draft, turn: Turn) -> None:
        """What is heard in a hold: a count upward or a word half way, and the countdown to its end."""
        work, length_ms = turn.work, turn.work.count
        draft.marks.append(Mark("start"))
        draft.count_down(work.countdown)
        if work.count_up:
            # The count takes the place of the numbers counted down; the ticks stay.
            draft.lines[:] = list(_counted_up(length_ms))
        elif length_ms >= HALFWAY_FROM_MS and not _speaks_near(work, length_ms // 2):
            draft.marks.append(Mark("halfway", length_ms // 2))
            draft.lines.append(Line(self.phrases.halfway, Rank.HALFWAY, length_ms // 2, slack_ms=AUTHOR_SLACK_MS))

    def overrun(self, draft: Draft) -> None:
        """What is heard after zero: that it is over, and every ten seconds how long ago."""
        draft.lines.append(Line(self.phrases.overrun, Rank.SETS, 0))
        for tens in range(1, OVERRUN_TENS + 1):
            draft.lines.append(Line(str(10 * tens), Rank.COUNT, tens * 10 * SECOND_MS, on_beat=True))

    def rep_part(self, draft: Draft, part: Beat, rep: int, *, is_first_part: bool) -> None:
        """What is heard in a part of a rep: its number on the beat, then the part's word while it is new."""
        draft.marks.append(Mark("start" if rep == 1 and is_first_part else "tick"))
        if is_first_part:
            draft.lines.append(Line(str(rep), Rank.COUNT, 0, on_beat=True))
        if part.name and rep <= WORDS_UNTIL_REP:
            self._part_words(draft, part, Rank.PART)

    def flow_part(self, draft: Draft, part: Beat, number: int, *, is_first_part: bool) -> None:
        """What is heard in a part of a flow: its line in the first rounds, then its name."""
        draft.marks.append(Mark("start" if number == 1 and is_first_part else "tick"))
        self._part_words(draft, part if number <= WORDS_UNTIL_REP else Beat(part.name, part.duration_ms), Rank.PART)

    @staticmethod
    def _part_words(draft: Draft, part: Beat, rank: Rank) -> None:
        text, shorter = (part.say, (part.name,)) if part.say else (part.name, ())
        # The word follows its tick closely; waiting for the end of the tone would cost half of a short part.
        draft.lines.append(Line(text, rank, _WORD_AFTER_TICK_MS, slack_ms=SECOND_MS, shorter=shorter))

    def author_cues(self, drafts: list[Draft], turn: Turn, path: Path) -> None:
        """Put the author's cues where they belong in one set on one side, which may be several phases.

        Args:
            drafts: The phases of the set.
            turn: Which set it is.
            path: The key of the cues in the session file.
        """
        open_ended = any(draft.phase.is_open for draft in drafts)
        total_ms = _ENDLESS_MS if open_ended else sum(draft.phase.duration_ms or 0 for draft in drafts)
        for number, cue in enumerate(turn.work.cues):
            places = cue.at.offsets(total_ms) if not open_ended or cue.at.kind in {"start", "after"} else []
            for at_ms, from_end in places:
                _add_cue(_find(drafts, at_ms, from_end), cue, turn, (*path, number))
            if not places:
                # Placing will find it outside its phase, and say so.
                missed = fill(cue.say or cue.sound or "", turn.values())
                drafts[-1].lines.append(Line(missed, Rank.AUTHOR, _ENDLESS_MS, origin=(*path, number)))


_WORD_AFTER_TICK_MS = 60
_ENDLESS_MS = 10**12


def _counted_up(length_ms: int) -> Iterator[Line]:
    for second in range(1, (length_ms - 1) // SECOND_MS + 1):
        if second <= COUNT_EACH_UNTIL_S or second % 10 == 0:
            yield Line(str(second), Rank.COUNT, second * SECOND_MS, on_beat=True)


def _speaks_near(work: Work, at_ms: int) -> bool:
    """Whether the author says something about then."""
    places = (at for cue in work.cues if cue.say for at, _ in cue.at.offsets(work.count))
    return any(abs(at - at_ms) < _NEAR_MS for at in places)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a phase: its offset from the start, and whether it moves with the end."""

    draft: Draft
    offset_ms: int
    from_end: bool


def _find(drafts: list[Draft], at_ms: int, from_end: bool) -> _Spot:
    """The phase that holds the moment `at_ms` of a set, and the offset in it."""
    for draft in drafts[:-1]:
        length_ms = draft.phase.duration_ms
        if length_ms is None or at_ms < length_ms:
            return _Spot(draft, at_ms, from_end)
        at_ms -= length_ms
    return _Spot(drafts[-1], at_ms, from_end)


def _add_cue(spot: _Spot, cue: CuePoint, turn: Turn, origin: Path) -> None:
    duration_ms = spot.draft.phase.duration_ms or 0
    left_ms = duration_ms - spot.offset_ms
    at_ms = left_ms if spot.from_end else spot.offset_ms
    if cue.sound:
        spot.draft.marks.append(Mark(cue.sound, at_ms, spot.from_end))
    if cue.say:
        text = fill(cue.say, turn.values(remaining=left_ms // SECOND_MS if duration_ms else None))
        is_end = cue.at.kind == "end"
        spot.draft.lines.append(
            Line(text, Rank.AUTHOR, at_ms, spot.from_end, latest=is_end, slack_ms=AUTHOR_SLACK_MS, origin=origin)
        )
