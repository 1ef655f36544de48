"""Reads circuits that stand on one line: in brackets, as intervals such as `40/20 x 8`, or by a clock (EMOM, AMRAP)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNT
from timer_app.interchange.amounts import TIME, written_ms
from timer_app.interchange.model import Block, Part, Rest, Step, Work, is_to_do
from timer_app.interchange.notation import BREATH_MS, WrittenDose, parse_line
from timer_app.interchange.texts import cleaned_name, is_rest, rest_words

_MAX_NESTED = 20
_HELD_REP_MS = 1_000
_HELD_SETS_MS = 15_000  # what is held so long is a set of its own
_MINUTE_MS = 60_000

_TIMES = re.compile(r"\s*[x×*]\s*(\d{1,4})")
# Of the innermost brackets only: any others would be looked through again from each of their beginnings.
_BRACKETS = re.compile(
    r"[\[({][^\[({\])}]*[\])}]\s*[x×*]\s*\d"  # rounds behind a bracket
    r"|\d\s*[x×*]\s*[\[({]"  # or before it
    r"|\[[^\[\]\d]*\d"  # or a number in square ones
)
_TIMES_BEFORE = re.compile(r"(\d{1,4})\s*[x×*]?\s*$")
_OPEN, _CLOSE = "[({", "])}"
_SHORT_TIME = rf"(?:{TIME}|\d{{1,3}})"
_WORK_WORD = r"(?:work|on|arbeit|belastung)\b"
_REST_WORD = r"(?:rest|off|pause|break|recovery|erholung)\b"
_ON = rf"(?:\(?(?:{_WORK_WORD}|hard|go)\)?)?"
_OFF = rf"\(?(?:of\s+)?{_REST_WORD}\)?"
# A name reaches to the first digit, so that there is one way to read it; the signs at its end are taken off later.
_INTERVALS = re.compile(
    rf"(?P<name>\D*)(?P<work>{_SHORT_TIME})\s*{_ON}\s*"
    rf"(?:/\s*(?P<slashed>{_SHORT_TIME})\s*(?:{_OFF})?|(?:[,;|+]|then|and)?\s*(?P<rest>{_SHORT_TIME})\s*{_OFF})"
    r"\s*(?:[,;:]|for)?\s*(?:[x×*]\s*(?P<times>\d{1,4})(?:\s*rounds?)?|(?P<rounds>\d{1,4})\s*(?:rounds?|times|sets|runden|x))"
    rf"(?:\s*[,;]?\s*(?P<sets>\d{{1,3}})\s*(?:sets?|sätze|serien)(?:\s*[,;]?\s*(?P<pause>{TIME})\s*(?:rest|pause|break)\b"
    r"[^,;\d]*)?)?\.?",
    re.IGNORECASE,
)
_TURNS = re.compile(
    rf"(?P<lead>(?:alternate|alternating|abwechselnd|im\s+wechsel)\s*:?\s*)?(?P<first>{TIME})\s*(?P<one>[^\d,;/]+?)\s*"
    rf"(?:\b(?:and|und|with)\b|[,/])\s*(?P<second>{TIME})\s*(?P<two>[^\d,;/]+?)\s*[,;]?\s*"
    rf"(?:(?:for|über|insgesamt)\s*(?P<total>{TIME})(?:\s*total)?|(?:for|[x×])?\s*(?P<times>\d{{1,4}})\s*(?:times|x|mal|rounds?|runden)?)\.?",
    re.IGNORECASE,
)
_ROUNDS_REST = re.compile(
    rf"(?:rest\s*:?\s*)?({TIME})\s*(?:of\s+)?(?:rest|pause|break)?\s*(?:between|zwischen)\s*(?:each\s+|den\s+)?"
    r"(?:rounds?|circuits?|runden|durchgängen)\b",
    re.IGNORECASE,
)
_WORK_TIME = re.compile(
    rf"({_SHORT_TIME})\s*(?:of\s+)?{_WORK_WORD}|\b{_WORK_WORD}\s*:?\s*({_SHORT_TIME})", re.IGNORECASE
)
_REST_TIME = re.compile(
    rf"({_SHORT_TIME})\s*(?:of\s+)?{_REST_WORD}|\b{_REST_WORD}\s*:?\s*({_SHORT_TIME})", re.IGNORECASE
)
_SLASHED = re.compile(
    rf"(?<![\d/])({_SHORT_TIME})\s*(?:{_WORK_WORD})?\s*/\s*({_SHORT_TIME})(?![\d/])\s*(?:{_REST_WORD})?", re.IGNORECASE
)
_ROUNDS = re.compile(
    r"(\d{1,4})\s*(?:x\s*)?(?:rounds?|runden|circuits?|durchgänge|sets|times)\b|[x×]\s*(\d{1,4})(?!\w)(?:\s*rounds?)?",
    re.IGNORECASE,
)
_MOST_WORDS = 3
_ROUNDS_OF = re.compile(
    rf"(?P<name>\D*)(?P<rounds>\d{{1,4}})\s*(?:[x×*]|rounds?(?:\s+of)?|times|sets\s+of)\s*"
    rf"(?P<work>{_SHORT_TIME})\s*{_ON}\s*(?:/|,|then|and)\s*(?P<rest>{_SHORT_TIME})\s*(?P<off>{_OFF})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    rf"(?:[^\d:]{{1,30}}:\s*)?(?:(?P<before>{TIME}|\d{{1,3}})\s*-?\s*(?:min(?:ute)?s?\s+)?)?"
    r"(?P<kind>emom|e(?P<every>[2-9])mom|amrap|every\s+minute(?:\s+on\s+the\s+minute)?)\b[\s:,x×–-]*"
    rf"(?:(?:for|in)\s+)?(?P<after>{TIME}|\d{{1,3}})?\s*(?:min(?:ute)?s?\b)?\s*[:,–-]?\s*(?P<more>.*)",
    re.IGNORECASE,
)


class Pace(NamedTuple):
    """How long each exercise of a circuit and the rest after it last, and how often the circuit is done."""

    name: str
    work_ms: int
    rest_ms: int
    rounds: int
    rounds_rest_ms: int

    def work(self, name: str) -> Work:
        """An exercise of the circuit."""
        return Work(name, (DoseRange(self.work_ms, self.work_ms),))

    def block(self, steps: tuple[Step, ...]) -> Block:
        """The circuit of these exercises."""
        return Block(steps, self.name, self.rounds, self.rounds_rest_ms or self.rest_ms, self.rest_ms)


def pace_of(text: str) -> Pace | None:
    """What a line such as `3 rounds, 40s work / 20s rest` says of the exercises below; `None` for any other line."""
    between, text = _taken(_ROUNDS_REST, text)
    both, rest = _taken(_SLASHED, text)
    if both:
        work_ms, rest_ms = written_ms(both[0]), written_ms(both[1])
    else:
        work, rest = _taken(_WORK_TIME, text)
        pause, rest = _taken(_REST_TIME, rest)
        work_ms, rest_ms = (written_ms(found[0]) if found else None for found in (work, pause))
    times, rest = _taken(_ROUNDS, rest)
    name = cleaned_name(re.sub(r"[\s,;:/–-]+", " ", rest).strip())[0]
    if not work_ms or not rest_ms or any(sign.isdigit() for sign in name) or len(name.split()) > _MOST_WORDS:
        return None
    rounds = int(times[0]) if times else 1
    if not 1 <= rounds <= MAX_COUNT:
        return None
    return Pace(name, work_ms, rest_ms, rounds, written_ms(between[0]) or 0 if between else 0)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[list[str], str]:
    """What a pattern finds in a text, and the text without it; nothing, and the text, if it finds nothing."""
    found = pattern.search(text)
    if found is None:
        return [], text
    return [one for one in found.groups() if one], f"{text[: found.start()]} {text[found.end() :]}"


@dataclass(frozen=True, slots=True)
class Clock:
    """A block that goes by a clock: each round on the minute, or as many rounds as possible.

    Attributes:
        name: What it is called.
        every_ms: How long after one round the next begins; 0 where one clock runs for all of them.
        rounds: How many rounds there are, with `every_ms`.
        within_ms: How long that clock runs.
        more: What follows on the line: what is done in each round.
    """

    name: str
    every_ms: int
    rounds: int
    within_ms: int
    more: str

    def block(self, steps: tuple[Step, ...], *, by_minutes: bool = False) -> Block:
        """The block of these steps; one without the clock where they are none that can go by it.

        Args:
            steps: What is done.
            by_minutes: Each of them has a minute of its own.
        """
        can_be_clocked = all(isinstance(step, Work | Rest) and not _is_open(step) for step in steps)
        if self.every_ms and by_minutes and len(steps) <= self.rounds and can_be_clocked:
            minutes = (Block((step,), every_ms=self.every_ms) for step in steps)
            return Block(tuple(minutes), self.name, self.rounds // len(steps))
        if self.every_ms:
            return Block(steps, self.name, self.rounds, every_ms=self.every_ms)
        return Block(steps, self.name, within_ms=self.within_ms if can_be_clocked else None)


def _is_open(step: Step) -> bool:
    return isinstance(step, Work) and not step.has_dose


def clock_of(text: str) -> Clock | None:
    """The clock that a line such as `EMOM 10 min: 10 burpees` or `AMRAP 12 min` names; `None` for any other line."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    written = found["before"] or found["after"] or ""
    total_ms = written_ms(f"{written} min" if written.isdigit() else written) or 0
    every_ms = int(found["every"] or 1) * _MINUTE_MS
    if found["kind"].lower() == "amrap":
        return Clock("AMRAP", 0, 1, total_ms, found["more"]) if total_ms else None
    rounds = total_ms // every_ms
    return Clock("EMOM", every_ms, rounds, 0, found["more"]) if 1 <= rounds <= MAX_COUNT else None


def intervals(text: str) -> list[Step]:
    """The block that a line such as `Tabata: 20s work / 10s rest x 8` names; nothing for any other line."""
    found = _INTERVALS.fullmatch(text)
    if found is None:
        found = _ROUNDS_OF.fullmatch(text)
        if found is None or not (found["off"] or "/" in text):
            return []
        rest, rounds = found["rest"], found["rounds"]
    else:
        rest, rounds = found["slashed"] or found["rest"], found["times"] or found["rounds"]
    work_ms, rest_ms = written_ms(found["work"]), written_ms(rest)
    if not work_ms or not rest_ms or not 1 <= int(rounds) <= MAX_COUNT:
        return []
    if "/" not in text and found.re is _ROUNDS_OF and found["work"].strip().isdigit():
        return []  # "4 x 15, 45 s rest" are reps
    name = cleaned_name(found["name"].strip(" :-–"))[0]
    block = Block((Work(name or "Work", (DoseRange(work_ms, work_ms),)), Rest(rest_ms)), name, int(rounds))
    sets = int(found["sets"] or 1) if found.re is _INTERVALS else 1
    if sets == 1:
        return [block]
    return [Block((replace(block, name=""),), name, sets, written_ms(found["pause"] or "") or 0)]


def turns(text: str) -> list[Step]:
    """The block that a line such as `Alternate 60 s jog and 90 s walk for 20 min` names; nothing for any other line."""
    found = _TURNS.fullmatch(text)
    if found is None or not (found["lead"] or (found["times"] and "/" in text)):
        return []
    first_ms, second_ms = written_ms(found["first"]), written_ms(found["second"])
    names = [cleaned_name(found[key].strip(" .:-–"))[0] for key in ("one", "two")]
    if not first_ms or not second_ms or not all(names):
        return []
    total_ms = written_ms(found["total"] or "") or 0
    rounds = int(found["times"]) if found["times"] else total_ms // (first_ms + second_ms)
    if not 1 <= rounds <= MAX_COUNT:
        return []
    works = (Work(name, (DoseRange(ms, ms),)) for name, ms in zip(names, (first_ms, second_ms), strict=True))
    return [Block(tuple(works), "", rounds)]


def work_of(name: str, dose: WrittenDose) -> Work:
    """The work that a line describes."""
    hold, reps, sets = dose.hold, dose.reps, 1 if len(dose.reps) > 1 else max(1, dose.sets)
    tempo: str | tuple[Part, ...] = dose.tempo if reps else ""
    if dose.held_ms and len(reps) == 1 and not tempo:
        if dose.held_ms >= _HELD_SETS_MS and reps[0].low:
            sets = min(sets * reps[0].low, MAX_COUNT)
            hold, reps = (DoseRange(dose.held_ms, max(dose.held_ms, dose.held_most_ms)),), ()
        else:
            tempo = (Part("lift", _HELD_REP_MS), Part("hold", dose.held_ms), Part("lower", _HELD_REP_MS))
    if dose.in_breaths and reps and not tempo:
        tempo = (Part("in", BREATH_MS // 2, "in"), Part("out", BREATH_MS // 2, "out"))
    if reps and not tempo and any(one.is_open for one in reps):
        tempo = "free"
    work = Work(name, hold, reps, dose.distance, sets, sides=dose.sides, tempo=tempo)
    rest_ms = dose.rest_ms if max(sets, len(reps)) > 1 else None
    return replace(work, rest_ms=rest_ms, load=dose.load, rpe=dose.rpe, rir=dose.rir)


def bracketed(text: str) -> list[Step]:
    """The steps of a line with circuits in brackets, such as `10s ready, [1m work, 30s rest]x5`."""
    if not _BRACKETS.search(text):
        return []
    try:
        steps, end = _sequence(text, 0, 0)
    except ValueError:
        return []
    if end < len(text) or not is_to_do(steps) or not any(isinstance(step, Block) for step in steps):
        return []
    return steps


def _sequence(text: str, at: int, depth: int) -> tuple[list[Step], int]:
    """The steps from a position to the bracket that ends them, or to the end of the line.

    Raises:
        ValueError: Something in it is not understood; nobody is told the message.
    """
    if depth > _MAX_NESTED:
        raise ValueError(text)
    steps: list[Step] = []
    piece = ""
    while at < len(text):
        sign = text[at]
        if sign in _OPEN and _is_circuit(text, at):
            before = _TIMES_BEFORE.search(piece)
            rounds = int(before[1]) if before and re.search(r"[x×*]\s*$", piece) else 0
            _add_piece(steps, piece[: before.start()] if rounds and before else piece)
            inside, at = _sequence(text, at + 1, depth + 1)
            if at >= len(text) or text[at] not in _CLOSE:
                raise ValueError(text)
            at += 1
            after = _TIMES.match(text, at)
            if after:
                rounds, at = int(after[1]), after.end()
            if not 1 <= max(1, rounds) <= MAX_COUNT:
                raise ValueError(text)
            if inside:
                steps.append(Block(tuple(inside), rounds=max(1, rounds)))
            piece = ""
        elif sign in _CLOSE and depth and not _closes_words(piece):
            _add_piece(steps, piece)
            return steps, at
        elif sign in ",;" and not text[at + 1 : at + 2].isdigit():
            _add_piece(steps, piece)
            piece, at = "", at + 1
        else:
            piece, at = piece + sign, at + 1
    _add_piece(steps, piece)
    return steps, at


def _is_circuit(text: str, at: int) -> bool:
    """Whether a bracket encloses steps, and not a word such as in `10s (Get ready)`."""
    if text[at] == "[":
        return True
    end = text.find(_CLOSE[_OPEN.index(text[at])], at)
    inside = text[at + 1 : end if end >= 0 else len(text)]
    return "(" in inside or "," in inside or any(sign.isdigit() for sign in inside)


def _closes_words(piece: str) -> bool:
    return any(piece.count(begin) > piece.count(end) for begin, end in zip(_OPEN, _CLOSE, strict=True))


def _add_piece(steps: list[Step], piece: str) -> None:
    piece = piece.strip(" \t,;+&")
    if not piece:
        return
    dose = parse_line(piece)
    if dose.rest_ms is not None and not dose.has_dose:
        last = steps[-1] if steps else None
        if isinstance(last, Work) and last.sets > 1 and last.rest_ms is None:
            steps[-1] = replace(last, rest_ms=dose.rest_ms)
        elif dose.rest_ms:
            steps.append(Rest(dose.rest_ms))
        return
    name, _ = cleaned_name(dose.name)
    if not dose.has_dose:
        raise ValueError(piece)
    if dose.hold and is_rest(name) and dose.sets <= 1:
        steps.append(Rest(dose.hold[0].low, rest_words(name)))
    elif dose.hold and _is_ready(name):
        steps.append(Rest(dose.hold[0].low, name))
    else:
        steps.append(work_of(name or "Work", dose))


def rests_between(steps: Sequence[Step], rest_ms: int) -> tuple[Step, ...]:
    """The steps with a rest before each exercise that follows another one without any."""
    if not rest_ms:
        return tuple(steps)
    spaced: list[Step] = []
    is_due = False
    for step in steps:
        if isinstance(step, Work | Block) and is_due:
            spaced.append(Rest(rest_ms))
        is_due = isinstance(step, Work | Block) or (is_due and not isinstance(step, Rest))
        spaced.append(step)
    return tuple(spaced)


def _is_ready(name: str) -> bool:
    words = name.casefold().split()
    return bool(words) and words[-1] in {"ready", "prepare", "bereit"} and len(words) <= 3  # noqa: PLR2004 - "Get ready"
