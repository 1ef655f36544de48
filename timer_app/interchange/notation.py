"""What a line says of an exercise: sets with times or reps, rest, sides, tempo, load and effort."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from timer_app.core.fields import DoseRange, NotationError, parse_tempo
from timer_app.core.fields import load as loads
from timer_app.core.fields.types import MAX_COUNT
from timer_app.core.i18n import N_
from timer_app.interchange.amounts import (
    COUNT_RANGE,
    TIME_RANGE,
    WAIT_WORDS,
    written_hold,
    written_load,
    written_ms,
    written_reps,
)
from timer_app.interchange.spelling import spelled_out, without_frequency

BREATH_MS, MINUTE_MS = 6_000, 60_000
_MIN_METRES = 100  # "10 m" are ten minutes, "400 m" a distance
_DISTANCE = re.compile(
    r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(km|kilomet(?:er|re)s?|mi|miles?|yd|yards?|met(?:er|re)s?|m)(?![a-zA-Zäöüß])",
    re.IGNORECASE,
)

_LEFT_RIGHT = r"(?:links|li\.?|re(?:chts|\.)?)\s*(?:/|und|&|\+)\s*(?:rechts|re\.?|li(?:nks|\.)?)(?:\s+je(?:weils)?)?"
_SIDES = re.compile(
    r"\b(?:(?:on\s+|for\s+)?(?:each|every|per|both|either)\s+(?:sides?|legs?|arms?|feet|foot|hands?|hips?|knees?|"
    r"ankles?|shoulders?|directions?|way)|e/s|l\s*/\s*r|r\s*/\s*l|left\s+(?:and|&|then|\+)\s+right|"
    r"(?:left\s*/\s*right|right\s*/\s*left)(?:\s+each)?|"
    rf"{_LEFT_RIGHT}|(?:je|pro|jede|auf\s+jeder|beide|beiden)\s+(?:seiten?|beine?|arme?|richtung|hand|fuß)|"
    r"beidseit(?:ig|s)|bds\.?|ea\.?(?:\s+(?:sides?|legs?|arms?|way))?|"
    r"(?<!hold )(?<!between )(?<!after )each(?!\s+(?:rep|set|exercise)))(?!\w)|/\s*(?:side|leg|arm|seite|bein)\b",
    re.IGNORECASE,
)
_TEMPO = re.compile(
    r"(?:@|\btempo\s*:?\s*|\bin\s+tempo\s+)\s*((?:\d{1,2}(?:[.]\d)?|x)(?:\s*[-–/]\s*(?:\d{1,2}(?:[.]\d)?|x)){1,3}|[0-9x]{4})"
    r"(?![\w%])",
    re.IGNORECASE,
)
_UP_AND_DOWN = re.compile(
    r"(\d)\s*s(?:ec)?\.?\s*(?:up|lift|hoch|auf)\b\W+(?:(\d)\s*s(?:ec)?\.?\s*(?:hold|pause|halten)\b\W+)?"
    r"(\d)\s*s(?:ec)?\.?\s*(?:down|lower|ab|runter)\b",
    re.IGNORECASE,
)
_RPE = re.compile(
    r"(?:@\s*|\brpe\s*:?\s*@?)(\d{1,2}(?:\.5)?(?:\s*-\s*\d{1,2}(?:\.5)?)?)(?![.\w])(?!\s*(?:kg|lb|%|\d|x))",
    re.IGNORECASE,
)
_RIR = re.compile(r"\b(?:rir\s*:?\s*(\d{1,2}(?:-\d{1,2})?)|(\d{1,2}(?:-\d{1,2})?)\s*rir)\b", re.IGNORECASE)
_LOAD = re.compile(
    r"(?:@|\bwith\b|\bmit\b|\bat\b)?\s*(\d{1,4}(?:[.,]\d{1,2})?\s*(?:kgs?|lbs?|pounds?)\b|\d{1,3}\s*%(?:\s*(?:of\s+)?1rm)?|"
    r"\bbody\s?weight\b|\bbw\b)",
    re.IGNORECASE,
)
_REST = re.compile(
    rf"\b(?:with\s+|then\s+)?(?:(?:rest|pause|break|recovery|recover|rst|erholung|ruhe)\s*(?:for|of|von|periods?|between(?:\s+sets)?)?\s*[:=]?\s*"
    rf"({TIME_RANGE}|\d{{1,3}})(?![\w:])|({TIME_RANGE})\s*(?:of\s+)?(?:(?:easy|jog|walk|active)\s+)?"
    r"(?:(?:rest|pause|break|recovery|erholung|ruhe)\b|(?<=(?:easy|.jog|walk)\s)between\b))"
    r"(?:\s*(?:between|btwn|in between|zwischen|each)\b[^,;()]*)?",
    re.IGNORECASE,
)
_HELD = re.compile(
    rf"(?:\b(?:hold|holding|held|pause|halten)\s*(?:for|each|it|the)?\s*({TIME_RANGE}|\d{{1,2}})"
    rf"|(?:\b[x×]\s+)?(?<![\w.,:-])({TIME_RANGE})\s*(?:holds?|gehalten|anhalten|halten))"
    r"(?:\s*counts?\b)?(?:\s*(?:each|per rep|(?:at|in)\s+(?:the\s+)?(?:top|bottom|end)|oben|unten))?(?!\w)",
    re.IGNORECASE,
)
_SETS = r"(?:sets?|sätzen?|sätze|satz|rounds?|runden?|serien?|series|durchgänge?n?|times|mal)"
_REPS = r"(?:reps?|repetitions?|wdh|wiederholung(?:en)?|wh|times|mal|steps|schritte|stück|stk|x)"
_OF = r"(?:of|mit\s+je|à|zu|von|mit|x|×|,|:)?"
_BY = r"\s*[x×*·]\s*"
_SETS_BY_TIME = re.compile(rf"(?<![\w.,:])(\d{{1,3}}){_BY}({TIME_RANGE})(\+?)", re.IGNORECASE)
_SETS_BY_REPS = re.compile(
    rf"(?<![\w.,:])(\d{{1,3}}){_BY}({COUNT_RANGE}(?:\s*\+)?|{WAIT_WORDS}|f(?!\w))(?!\s*(?:kg|lb)|[\w:])(?:\s*{_REPS}\b)?",
    re.IGNORECASE,
)
_SETS_OF_TIME = re.compile(rf"(?<!\w)(\d{{1,3}})\s*{_SETS}\s*{_OF}\s*({TIME_RANGE})", re.IGNORECASE)
_SETS_OF_REPS = re.compile(
    rf"(?<!\w)(\d{{1,3}})\s*{_SETS}\s*{_OF}\s*({COUNT_RANGE}\+?|{WAIT_WORDS})(?![\w:])(?:\s*{_REPS}\b)?",
    re.IGNORECASE,
)
_REPS_BY_SETS = re.compile(
    rf"(?<!\w)({COUNT_RANGE})\s*{_REPS}\s*(?:,|x|×|for|in)?\s*(\d{{1,3}})\s*{_SETS}\b", re.IGNORECASE
)
_TIME_BY_SETS = re.compile(
    rf"(?:\bhold\s+(?:for\s+)?)?(?<![\w.,:])({TIME_RANGE})[\s;,)]*"
    rf"(?:[x×]\s*(?=\d{{1,3}}(?![\w:]))|(?=\d{{1,3}}\s*(?:times|mal)\b))(\d{{1,3}})(?:\s*{_SETS}\b)?",
    re.IGNORECASE,
)
_COUNT_BY_SETS = re.compile(
    rf"(?<![\w.,:])({COUNT_RANGE})\s*(?:{_REPS}\b)?[\s;]*\)\s*[x×]\s*(\d{{1,3}})(?![\w:])", re.IGNORECASE
)
_MAX_BY_SETS = re.compile(
    rf"\b({WAIT_WORDS})\s*[,;]?\s*(?:[x×]\s*(\d{{1,3}})(?![\w:])|(\d{{1,3}})\s*{_SETS}\b)", re.IGNORECASE
)
_SET_RANGE = re.compile(
    r"(?<![\w.,:/-])(\d{1,2})\s*[-–]\s*\d{1,2}(?=\s*(?:[x×]\s*\d|(?:sets?|sätze|serien?)\b))", re.IGNORECASE
)
_BREATHS = re.compile(
    rf"(?<![\w.,:])({COUNT_RANGE})\s*(?:(?:deep|slow|tiefe|ruhige)\s+)?(?:breaths?|atemzüge?n?)\b", re.IGNORECASE
)
_WAYS = re.compile(
    r"\b(?:carry|carries|kraul\w*|freestyle|sprints?|crawls?|sled|shuttles?|swim|schwimmen|tragen|lunges|ausfallschritte)\b",
    re.IGNORECASE,
)
_SETS_BY_DISTANCE = re.compile(rf"(?<![\w.,:])(\d{{1,3}}){_BY}{_DISTANCE.pattern}", re.IGNORECASE)
# "400 m" are metres, whatever is meant by "10 m".
_METRES = re.compile(r"\d{3,}\s*m", re.IGNORECASE)
_LABELLED = (
    (re.compile(r"\bs(?:ets?|ätze)\s*[:=]\s*(\d{1,3})(?!\w)", re.IGNORECASE), r"\1 sets"),
    (re.compile(rf"\b{_REPS}\s*[:=]\s*({COUNT_RANGE})(?!\w)", re.IGNORECASE), r"\1 reps"),
    (re.compile(r"\b(?:hold|time|duration|dauer)\s*[:=]\s*(?=\d)", re.IGNORECASE), "hold "),
)
_LISTED = re.compile(r"(?<![\w./,:-])(\d{1,3}(?:\s*[/,]\s*\d{1,3}\+?){2,11})(?![\w:/])")
_ONLY_SETS = re.compile(
    r"(?<!\w)(?:(\d{1,3})\s*(?:sets?|sätze|serien?|durchgänge)\b|[x×]\s*(\d{1,3})\s*(?:sets?|sätze|serien?)\b)",
    re.IGNORECASE,
)
_ONLY_REPS = re.compile(
    rf"(?<![\w.,:])(?:({COUNT_RANGE}\+?)\s*(?:(?:slow|controlled|full|langsame)\s+)?{_REPS}\b|[x×]\s*({COUNT_RANGE}\+?)(?![\w:]))|\(({COUNT_RANGE})\)\s*$",
    re.IGNORECASE,
)
_ONLY_MAX = re.compile(rf"\b{WAIT_WORDS}\b", re.IGNORECASE)
_ONLY_TIME = re.compile(rf"(?<![\w.,:])(?:for\s+|hold\s+(?:for\s+)?)?({TIME_RANGE})(\s*\+)?", re.IGNORECASE)
_FIRST_NUMBER = re.compile(r"(?:^|(?<=:\s))(\d{1,4}(?:\s?[-–]\s?\d{1,4})?)\s+(?=[a-zA-Zäöü])")
_PART_WORDS = ("week", "weeks", "woche", "wochen", "phase", "level", "stage", "part", "teil", "block", "day", "tag")
# A number behind such a word counts nothing.
_NO_PART = "".join(rf"(?<!\b{word})" for word in _PART_WORDS)
_LAST_NUMBER = re.compile(
    rf"(?<=[a-zA-Zäöüß):]){_NO_PART}(?:\s+[-–—])?\s+(\d{{1,4}}(?:\s?[-–]\s?\d{{1,4}})?)$", re.IGNORECASE
)
_MOST_MINUTES = 120
_SHORT_MS = 20_000  # a shorter time beside reps is how long each is held, a longer one the rest
_LONE_TIME = re.compile(rf"(?:^|[;,(])\s*({TIME_RANGE})\s*\)?\s*(?=$|[;,])", re.IGNORECASE)
_MOST_SETS = 40  # more are a load without its unit, as in "135x5"

GUESSED = N_("{number} is taken as the number of reps")
FEWER_SETS = N_("the lower number of sets is taken: {sets}")
BREATHS = N_("a breath is taken to last {seconds} s")
LOAD_OR_SETS = N_("{number} is too much for sets; a load needs its unit, such as 60 kg")
FREQUENCY = N_("how often a day or a week is not part of a session: {often}")


@dataclass(frozen=True, slots=True)
class WrittenDose:
    """What a line says besides its name.

    Attributes:
        name: What is left of the line.
        hold: How long.
        reps: How often.
        distance: How far.
        sets: How many sets; 0 where the line does not say.
        rest_ms: The rest that it names; `None` for none.
        sides: `each`, or empty.
        tempo: The tempo.
        load: The load.
        rpe: The effort.
        rir: The reps in reserve.
        held_ms: How long each rep is held; 0 for not.
        held_most_ms: How long at most, where that is a range.
        in_breaths: The reps are breaths.
        often: How often a day or a week; no part of the dose.
        changes: The reasons why something is not taken as it is written, each with what its placeholders stand for.
        oddity: The reason why the line is rather not understood, and what its placeholder stands for.
    """

    name: str
    hold: tuple[DoseRange, ...] = ()
    reps: tuple[DoseRange, ...] = ()
    distance: str = ""
    sets: int = 0
    rest_ms: int | None = None
    sides: str = ""
    tempo: str = ""
    load: str = ""
    rpe: str = ""
    rir: str = ""
    held_ms: int = 0
    held_most_ms: int = 0
    in_breaths: bool = False
    often: str = ""
    changes: tuple[tuple[str, Mapping[str, object]], ...] = ()
    oddity: tuple[str, Mapping[str, object]] | None = None

    @property
    def has_dose(self) -> bool:
        """Whether the line says how much is to be done."""
        return bool(self.hold or self.reps or self.distance)

    @property
    def says_how(self) -> bool:
        """Whether the line says anything of how it is to be done."""
        return self.has_dose or bool(self.sets or self.rest_ms is not None or self.sides or self.tempo or self.held_ms)


@lru_cache(maxsize=256)
def parse_line(line: str) -> WrittenDose:
    """What a line such as `Wall squat 5x30s, rest 20` says."""
    rest, often = without_frequency(spelled_out(" ".join(line.split()).rstrip(": ")))
    for pattern, plain in _LABELLED:
        rest = pattern.sub(plain, rest)
    dose = WrittenDose("", often=often)
    if often:
        dose = _changed(dose, FREQUENCY, often=often)
    if found := _SET_RANGE.search(rest):
        rest = f"{rest[: found.start()]}{found[1]}{rest[found.end() :]}"
        dose = _changed(dose, FEWER_SETS, sets=found[1])
    rest, dose = _effects(rest, dose)
    if (found := _BREATHS.search(rest)) and (breaths := written_reps(found[1])):
        rest, dose = _only_sets(_without(found), dose)
        dose = _changed(replace(dose, reps=(breaths,), in_breaths=True), BREATHS, seconds=BREATH_MS // 1_000)
    else:
        rest, dose = _amounts(rest, dose)
    rest, dose = _lone_time(*_sets_of_sets(rest, dose))
    return replace(dose, name=_tidied(rest))


def _sets_of_sets(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    """`10 x 10 s, 3 sets`: ten reps that are held, three times."""
    found = _ONLY_SETS.search(rest)
    if found is None or not dose.hold or dose.sets <= 1 or not 1 <= int(found[1] or found[2]) <= MAX_COUNT:
        return rest, dose
    reps, hold = DoseRange(dose.sets, dose.sets), dose.hold[0]
    held = replace(
        dose, hold=(), reps=(reps,), sets=int(found[1] or found[2]), held_ms=hold.low, held_most_ms=hold.high
    )
    return _without(found), held


def _lone_time(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    """A time that stands by itself beside reps: how long each is held, or the rest between the sets."""
    found = _LONE_TIME.search(rest) if dose.reps and not dose.held_ms and not dose.in_breaths else None
    time = written_hold(found[1]) if found else None
    if found is None or time is None:
        return rest, dose
    if dose.sets > 1 and dose.rest_ms is None and time.low >= _SHORT_MS:
        return _without(found), replace(dose, rest_ms=time.high)
    if dose.sets <= 1 and time.low <= MINUTE_MS and not dose.reps[0].is_open:
        return _without(found), replace(dose, held_ms=time.low, held_most_ms=time.high)
    return rest, dose


def merged(doses: Iterable[WrittenDose]) -> WrittenDose:
    """What several sentences or lines say of one exercise."""
    whole = WrittenDose("")
    for dose in doses:
        whole = replace(
            whole,
            hold=whole.hold or dose.hold,
            reps=whole.reps or dose.reps,
            distance=whole.distance or dose.distance,
            sets=whole.sets or dose.sets,
            rest_ms=dose.rest_ms if whole.rest_ms is None else whole.rest_ms,
            sides=whole.sides or dose.sides,
            held_ms=whole.held_ms or dose.held_ms,
            held_most_ms=whole.held_most_ms or dose.held_most_ms,
            in_breaths=whole.in_breaths or dose.in_breaths,
            tempo=whole.tempo or dose.tempo,
            load=whole.load or dose.load,
        )
    if whole.hold and whole.reps:
        whole = replace(whole, held_ms=whole.hold[0].low, held_most_ms=whole.hold[0].high, hold=())
    return whole


def _changed(dose: WrittenDose, reason: str, **details: object) -> WrittenDose:
    return replace(dose, changes=(*dose.changes, (reason, details)))


def _without(found: re.Match[str]) -> str:
    """The text in which something was found, without that."""
    return f"{found.string[: found.start()]} ; {found.string[found.end() :]}"


def _effects(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    """Sides, tempo, rest, load and effort."""
    found = _SIDES.search(rest)
    if found:
        rest = _without(found)
        dose = replace(dose, sides="each")
    found = _TEMPO.search(rest)
    if found and (tempo := _tempo(found[1])):
        rest = _without(found)
        dose = replace(dose, tempo=tempo)
    if (
        not dose.tempo
        and (found := _UP_AND_DOWN.search(rest))
        and (tempo := _tempo(f"{found[1]}-{found[2] or 0}-{found[3]}"))
    ):
        rest = _without(found)
        dose = replace(dose, tempo=tempo)
    found = _REST.search(rest)
    if found and (rest_ms := _longest_ms(found[1] or found[2])) is not None:
        rest = _without(found)
        dose = replace(dose, rest_ms=rest_ms)
    found = _LOAD.search(rest)
    if found and (load := written_load(found[1])):
        rest = _without(found)
        dose = replace(dose, load=load)
    found = _RIR.search(rest)
    if found and (rir := _effort(found[1] or found[2], loads.checked_rir)):
        rest = _without(found)
        dose = replace(dose, rir=rir)
    found = _RPE.search(rest)
    if found and not dose.rir and (rpe := _effort(found[1], loads.checked_rpe)):
        rest = _without(found)
        dose = replace(dose, rpe=rpe)
    return rest, dose


def _longest_ms(text: str) -> int | None:
    """The time that a text names, or the longer end of a range of times."""
    found = written_ms(text)
    dose = written_hold(text) if found is None else None
    return dose.high if dose else found


def _tempo(text: str) -> str:
    tempo = re.sub(r"\s*[-–/]\s*", "-", text.strip()).upper()
    try:
        parse_tempo(tempo)
    except NotationError:
        return ""
    return tempo


def _effort(text: str, checked: Callable[[str], str]) -> str:
    try:
        return checked(re.sub(r"\s+", "", text))
    except NotationError:
        return ""


def _amounts(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    """Sets with times or reps, or one of them alone."""
    is_way = bool(_WAYS.search(rest))
    if (found := _SETS_BY_DISTANCE.search(rest)) and (
        distance := _long_distance(found[2], found[3], is_way=is_way or _is_too_long(found[1], found[2]))
    ):
        rest = _without(found)
        return rest, replace(dose, distance=distance, sets=max(1, int(found[1])))
    if (found := _MAX_BY_SETS.search(rest)) and int(found[2] or found[3]):
        open_reps = (DoseRange(0, 0, is_open=True),)
        return _without(found), replace(dose, reps=open_reps, sets=int(found[2] or found[3]))
    for pattern, is_time, turned in (
        (_SETS_BY_TIME, True, False),
        (_SETS_OF_TIME, True, False),
        (_SETS_BY_REPS, False, False),
        (_SETS_OF_REPS, False, False),
        (_TIME_BY_SETS, True, True),
        (_REPS_BY_SETS, False, True),
        (_COUNT_BY_SETS, False, True),
    ):
        for found in pattern.finditer(rest):
            sets, amount = (found[2], found[1]) if turned else (found[1], found[2])
            is_open = is_time and pattern is _SETS_BY_TIME and bool(found[3])
            one = written_hold(amount, is_open=is_open) if is_time else written_reps(amount)
            if one is None or not 1 <= int(sets) <= MAX_COUNT or (is_time and _METRES.fullmatch(amount.strip())):
                continue
            if pattern is _SETS_BY_REPS and int(sets) > _MOST_SETS:
                return rest, replace(dose, reps=(one,), oddity=(LOAD_OR_SETS, {"number": sets}))
            rest = _without(found)
            rest, dose = _held(rest, dose) if not is_time else (rest, dose)
            dose = replace(dose, hold=(one,)) if is_time else replace(dose, reps=(one,))
            return rest, replace(dose, sets=int(sets))
    listing = _LISTED.search(rest)
    if listing and (listed := _listed_reps(listing[1])):
        rest = _without(listing)
        return rest, replace(dose, reps=listed, sets=len(listed))
    return _single_amount(rest, dose)


def _listed_reps(text: str) -> tuple[DoseRange, ...]:
    listed = [written_reps(one) for one in re.split(r"\s*[/,]\s*", text)]
    return tuple(one for one in listed if one is not None) if all(listed) else ()


def _only_sets(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    found = _ONLY_SETS.search(rest)
    if found and 1 <= int(found[1] or found[2]) <= MAX_COUNT:
        return _without(found), replace(dose, sets=int(found[1] or found[2]))
    return rest, dose


def _single_amount(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    rest, dose = _only_sets(rest, dose)
    found = _ONLY_REPS.search(rest)
    if found and (reps := written_reps(found[1] or found[2] or found[3])):
        rest = _without(found)
        rest, dose = _held(rest, dose)
        return rest, replace(dose, reps=(reps,))
    found = _DISTANCE.search(rest)
    if found and (distance := _long_distance(found[1], found[2], is_way=bool(_WAYS.search(rest)))):
        rest = _without(found)
        return rest, replace(dose, distance=distance)
    for found in _ONLY_TIME.finditer(rest):
        hold = written_hold(found[1], is_open=bool(found[2]))
        if hold is not None:
            rest = _without(found)
            return rest, replace(dose, hold=(hold,))
    found = _ONLY_MAX.search(rest)
    if found:
        rest = _without(found)
        return rest, replace(dose, reps=(DoseRange(0, 0, is_open=True),))
    return _bare_number(rest, dose)


def _bare_number(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    """A number without a unit, before or after the name: so many reps."""
    text = _tidied(rest)
    found = _FIRST_NUMBER.search(text) or _LAST_NUMBER.search(text)
    reps = written_reps(found[1]) if found else None
    if found is None or reps is None:
        return rest, dose
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    if found.re is _LAST_NUMBER:
        dose = _changed(dose, GUESSED, number=found[1])
    rest, dose = _held(rest, dose)
    return rest, replace(dose, reps=(reps,))


def _held(rest: str, dose: WrittenDose) -> tuple[str, WrittenDose]:
    found = _HELD.search(rest)
    held = written_hold(found[1] or found[2]) if found else None
    if not found or not held or held.low > MINUTE_MS:
        return rest, dose
    return _without(found), replace(dose, held_ms=held.low, held_most_ms=held.high)


def _is_too_long(sets: str, minutes: str) -> bool:
    """Whether so many sets of so many minutes are too much to be minutes."""
    return int(sets) * Decimal(minutes.replace(",", ".")) > _MOST_MINUTES


def _long_distance(number: str, unit: str, *, is_way: bool) -> str:
    """A distance as sessions write it; empty for what are rather minutes, unless it is a way that is gone."""
    is_short = not is_way and unit.lower() == "m" and Decimal(number.replace(",", ".")) < _MIN_METRES
    return "" if is_short else _distance(number, unit.lower())


def _distance(number: str, unit: str) -> str:
    short = "m" if unit.startswith("met") or unit == "m" else unit[:2] if unit[:2] in ("km", "mi") else "yd"
    short = "km" if unit.startswith("kilo") else short
    amount = Decimal(number.replace(",", "."))
    if not 0 < amount <= 1_000 * (1_000 if short == "m" else 1):
        return ""
    return f"{amount.normalize():f} {short}"


_WRAPPED = re.compile(r"\([^()]*\)")
_LEFT_OVER = re.compile(r"\(\s*[;,\s]*\)|\[\s*[;,\s]*\]")
_EDGES = " \t;,:.-–—|/@+=*•·"


def _tidied(text: str) -> str:
    """What is left of a line once all amounts are taken out of it."""
    text = _LEFT_OVER.sub(" ", text)
    text = re.sub(r"\s*;(?:\s*[;,:|@+=-])*\s*", " ; ", text)
    halves = text.split(";")
    pieces = [half.strip(_EDGES if half.count("(") == half.count(")") else _EDGES + "()[]") for half in halves]
    pieces = [re.sub(r"(?:^|\s|:\s)(?:w|je)$", "", piece) for piece in pieces]  # what is left of "w/ 30 s rest"
    words = [piece for piece in pieces if piece and piece.casefold() not in _FILLERS]
    tidy = re.sub(r"\s+", " ", ", ".join(words).replace(", (", " (")).strip()
    return tidy[1:-1].strip() if _WRAPPED.fullmatch(tidy) else tidy


_FILLERS = frozenset(
    ("of", "for", "x", "and", "then", "sec", "reps", "sets", "each", "with", "per", "à", "je", "hold", "do", "und")
) | {"total", "insgesamt", "halten", "wiederholen", "in", "all", "at", "mit je", "perform", "between sets", "am", "pro"}
