"""Reads programs in Liftoscript: the static part (names, sets, timers, supersets, weeks); its scripts are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from timer_app.core.fields import DoseRange
from timer_app.core.fields.types import MAX_COUNT
from timer_app.core.i18n import N_
from timer_app.interchange.amounts import written_load, written_reps
from timer_app.interchange.model import (
    NOT_UNDERSTOOD,
    PREPARE_MS,
    SUPERSET,
    SWITCH_MS,
    Block,
    Fate,
    Imported,
    ImportedSession,
    LedgerEntry,
    Remark,
    Step,
    Work,
    all_sessions,
    superset,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned, cleaned_name

NAME = "liftoscript"
TITLE = "Liftoscript"

_MAX_WEEKS = 52
_SNIFFED = 50_000  # characters that tell the format
_REST_MS = 60_000
_MAX_SAID = 600

WEEK = N_("a week is a folder")
DAY = N_("a day is a session")
DESCRIPTION = N_("said as the instruction of the next exercise")
NO_NEXT = N_("no exercise follows that it would be said with")
PRIVATE = N_("a private comment")
SCRIPT = N_("scripts are not supported; doses progress from run to run by themselves")
WARM_UP_SETS = N_("warm-up sets are not imported")
TEMPLATE = N_("a template, not an exercise of the day")
LADDER = N_("{used} is done; the other variations are left out")
AUTO = N_("a session goes on by itself anyway")
ASSUMED = N_("no timer given: {rest} s of rest between sets")

_LOST_KEYS = {"progress": SCRIPT, "update": SCRIPT, "warmup": WARM_UP_SETS}

_SETS = re.compile(r"(?P<sets>\d{1,3})\s*x\s*(?P<reps>\d{1,4}(?:-\d{1,4})?\+?)(?!\w)", re.IGNORECASE)
_TIMER = re.compile(
    r"(?<![\w.])(?P<set>\d{1,4}s\+?|\?)?\|(?P<rest>\d{1,4}s|\?)(?!\w)|(?<![\w.])(?P<only>\d{1,4})s(?P<open>\+?)(?![\w|])"
)
_RPE = re.compile(r"@(\d{1,2}(?:\.5)?)(?!\d)\+?")
_WEIGHT = re.compile(r"(?<![\w.])(\d{1,4}(?:\.\d{1,2})?\s*(?:kg|lb)|\d{1,3}(?:\.\d)?%)(?!\w)\+?", re.IGNORECASE)
_WEEKS = re.compile(r"\[([\d,\s-]{1,40})\]")
_LABEL = re.compile(r"^[\w .-]{1,30}:\s*(?=[A-Za-z])")
_KEYS = ("progress", "update", "warmup", "superset", "id", "used", "section")
_EXERCISE = re.compile(r"[^/#]{2,80}/\s*[^/]")
_SLASHED = re.compile(r"\w\s+/\s*(?:\d+\s*x|used|progress|\d+(?:kg|lb|s|%))")


@dataclass
class _Line:
    """An exercise of a day."""

    works: list[Work]
    superset: str = ""
    weeks: tuple[int, ...] = ()
    number: int = 0


@dataclass
class _Day:
    """A day of a week, with its exercises and comments."""

    name: str
    week: int
    items: list[_Line | Remark] = field(default_factory=list)


@dataclass
class _Program:
    """What is known while the lines are read."""

    entries: list[LedgerEntry] = field(default_factory=list)
    weeks: list[str] = field(default_factory=list)
    days: list[_Day] = field(default_factory=list)
    known: dict[str, list[Work]] = field(default_factory=dict)
    # Those of `known` by their name without the equipment behind a comma, the first of each.
    near: dict[str, str] = field(default_factory=dict)
    words: list[tuple[int, str]] = field(default_factory=list)

    def note(self, line: int, text: str, fate: Fate, reason: str = "", **details: object) -> None:
        self.entries.append(LedgerEntry(line, text.strip()[:120], "", fate, reason, details))


def sniff(source: Source) -> bool:
    """Whether it is such a program: exercises with their sets between slashes."""
    if source.json is not None:
        return False
    lines = Source("", source.text[:_SNIFFED]).lines
    return any(_SETS.search(line) and _EXERCISE.match(line) and _SLASHED.search(line) for line in lines)


def read(source: Source) -> Imported:
    """The days of a program, each a session in the folder of its week."""
    program = _Program()
    script_from = 0
    for number, raw in enumerate(source.lines, 1):
        if script_from:
            program.note(number, raw, "lost", SCRIPT)
            script_from = 0 if "~}" in raw else script_from
            continue
        if "{~" in raw and "~}" not in raw.split("{~", 1)[1]:
            script_from = number
        _line(program, number, raw)
    for number, words in program.words:
        program.note(number, words, "lost", NO_NEXT)
    sessions = all_sessions([_sessions(program, source)])
    return Imported(sessions, tuple(sorted([*program.entries, *source.unread], key=lambda entry: entry.line)))


def _line(program: _Program, number: int, raw: str) -> None:
    text = raw.strip()
    if not text or text.startswith("```"):
        return
    if text.startswith("///"):
        program.note(number, text, "lost", PRIVATE)
    elif text.startswith("//"):
        program.words.append((number, text))
    elif text.startswith("##"):
        program.days.append(
            _Day(cleaned_name(text.lstrip("# "))[0] or f"Day {len(program.days) + 1}", len(program.weeks))
        )
        program.note(number, text, "taken", DAY)
    elif text.startswith("#"):
        program.weeks.append(cleaned_name(text.lstrip("# "))[0] or f"Week {len(program.weeks) + 1}")
        program.note(number, text, "taken", WEEK)
    else:
        _exercise_line(program, number, text)


def _exercise_line(program: _Program, number: int, text: str) -> None:
    sections = _sections(text)
    head, weeks = _head(sections[0])
    if not program.days:
        program.days.append(_Day("Day 1", len(program.weeks)))
    day = program.days[-1]
    name = _variation(program, number, head)
    keys = {key: value for section in sections[1:] for key, value in [_key(section)] if key}
    plain = [section for section in sections[1:] if not _key(section)[0]]
    works = _works(name, plain) or _reused(program, name, plain)
    for key, value in keys.items():
        if reason := _LOST_KEYS.get(key):
            program.note(number, f"{key}: {value}", "lost", reason)
    if not name or not works:
        day.items.append(Remark(text))
        program.note(number, text, "lost", NOT_UNDERSTOOD)
        return
    program.known[name.casefold()] = works
    program.near.setdefault(name.casefold().split(",")[0], name.casefold())
    if keys.get("used", "").strip().lower() == "none":
        program.note(number, text, "lost", TEMPLATE)
        return
    if program.words:
        said, cut = cleaned(" ".join(words.lstrip("/ ") for _number, words in program.words), _MAX_SAID)
        works = [replace(works[0], say=said), *works[1:]]
        for line, words in program.words:
            program.note(line, words, "changed", cut or DESCRIPTION)
        program.words.clear()
    superset = keys.get("superset", "").strip()
    day.items.append(_Line(works, superset, weeks, number))
    _note_exercise(program, number, text, works, superset)


def _reused(program: _Program, name: str, plain: Sequence[str]) -> list[Work]:
    """The sets of an exercise whose line takes them from another one, or from its own earlier line."""
    other = next((section[3:].split("[")[0].strip() for section in plain if section.startswith("...")), "")
    key = other.casefold() if other.casefold() in program.known else program.near.get(other.casefold(), name.casefold())
    known = program.known.get(key, [])
    return [replace(work, name=name) for work in known]


def _note_exercise(program: _Program, number: int, text: str, works: Sequence[Work], superset: str) -> None:
    has_timer = any(work.rest_ms is not None for work in works)
    if superset:
        program.note(number, text, "changed", SUPERSET)
    elif re.search(r"/[^:]*\bauto\b", text):
        program.note(number, text, "changed", AUTO)
    elif not has_timer and sum(work.sets for work in works) > 1:
        program.note(number, text, "changed", ASSUMED, rest=_REST_MS // 1_000)
    else:
        program.note(number, text, "taken")


def _sections(text: str) -> list[str]:
    """A line cut at its slashes, those in brackets left alone."""
    cuts, depth = [-1], 0
    for at, sign in enumerate(text):
        depth += (sign in "({") - (sign in ")}")
        if sign == "/" and depth <= 0:
            cuts.append(at)
    return [text[begin + 1 : end].strip() for begin, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _key(section: str) -> tuple[str, str]:
    key, colon, value = section.partition(":")
    return (key.strip().lower(), value.strip()) if colon and key.strip().lower() in _KEYS else ("", "")


def _head(text: str) -> tuple[str, tuple[int, ...]]:
    """What names the exercise, and in which weeks it is done."""
    found = _WEEKS.search(text)
    weeks: list[int] = []
    for part in found[1].split(",") if found else ():
        first, dash, last = part.strip().partition("-")
        if first.strip().isdigit():
            end = int(last) if dash and last.strip().isdigit() else int(first)
            weeks += range(int(first), min(end, _MAX_WEEKS) + 1)
    return _WEEKS.sub("", text).strip(), tuple(weeks[:_MAX_WEEKS])


def _variation(program: _Program, number: int, head: str) -> str:
    """The name of the exercise; of a ladder of variations, the one that is marked, or the first."""
    variations = [one.strip() for one in head.split("|") if one.strip()]
    used = next((one for one in variations if one.startswith("!")), variations[0] if variations else "")
    name, _ = cleaned_name(_LABEL.sub("", used.lstrip("! ")).replace(",", ", ").replace(",  ", ", "))
    if len(variations) > 1:
        program.note(number, head, "changed", LADDER, used=name)
    return name


def _works(name: str, sections: Sequence[str]) -> list[Work]:
    """A piece of work for each group of sets, with what the other sections say of all of them."""
    whole = " / ".join(section for section in sections if not _SETS.search(section))
    groups = [group for section in sections for group in section.split(",") if _SETS.search(group)]
    return [work for group in groups for work in [_work(name, group, whole)] if work is not None]


def _work(name: str, group: str, whole: str) -> Work | None:
    found = _SETS.search(group)
    reps = written_reps(found["reps"]) if found else None
    if found is None or reps is None or not 1 <= int(found["sets"]) <= MAX_COUNT:
        return None
    rest = group[found.end() :]
    work = Work(name, reps=(reps,), sets=int(found["sets"]))
    timer = _TIMER.search(rest) or _TIMER.search(whole)
    if timer:
        if timer["rest"] and timer["rest"] != "?":
            work = replace(work, rest_ms=int(timer["rest"][:-1]) * 1_000)
        if timer["only"]:
            work = replace(work, rest_ms=int(timer["only"]) * 1_000)
        if timer["set"] and timer["set"] != "?" and (hold_ms := int(timer["set"].rstrip("s+")) * 1_000):
            work = replace(work, hold=(DoseRange(hold_ms, hold_ms, is_open=timer["set"].endswith("+")),), reps=())
    if weight := _WEIGHT.search(rest) or _WEIGHT.search(whole):
        work = replace(work, load=written_load(weight[1]))
    rpe = _RPE.search(rest) or _RPE.search(whole)
    if rpe and 1 <= float(rpe[1]) <= 10:  # noqa: PLR2004 - the scale
        work = replace(work, rpe=f"{float(rpe[1]):g}")
    return replace(work, tempo="free") if work.reps else work


def _sessions(program: _Program, source: Source) -> Iterator[ImportedSession]:
    repeated: dict[tuple[str, int], list[_Line]] = {}
    for day in program.days:
        lines = [item for item in day.items if isinstance(item, _Line)]
        here = {line.works[0].name for line in lines}
        late = [line for line in repeated.get((day.name, day.week), ()) if line.works[0].name not in here]
        for line in lines:
            for number in dict.fromkeys(line.weeks):
                repeated.setdefault((day.name, number), []).append(line)
        steps = tuple(_steps([*day.items, *late]))
        if not any(isinstance(step, Work | Block) for step in steps):
            continue
        week = program.weeks[day.week - 1] if len(program.weeks) > 1 and day.week else ""
        folder = tuple(filter(None, (source.title, week)))
        yield ImportedSession(day.name, steps, "", source.language, folder, PREPARE_MS, _REST_MS, SWITCH_MS)


def _steps(items: Sequence[_Line | Remark]) -> Iterator[Step]:
    groups: dict[str, list[_Line]] = {}
    for item in items:
        if isinstance(item, _Line) and item.superset:
            groups.setdefault(item.superset, []).append(item)
    for item in items:
        if isinstance(item, Remark):
            yield item
        elif len(group := groups.get(item.superset, [item])) == 1:
            yield from item.works
        elif item is group[0]:
            yield superset([work for line in group for work in line.works], _REST_MS)
