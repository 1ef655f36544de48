"""Reads routines as people write them: a line for each exercise, circuits in brackets, a pasted handout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from timer_app.core.i18n import N_
from timer_app.interchange.model import (
    MAX_COUNT,
    PREPARE_MS,
    REST_MS,
    SWITCH_MS,
    Block,
    Imported,
    ImportedSession,
    LedgerEntry,
    Part,
    Remark,
    Rest,
    Say,
    Step,
    Work,
    is_to_do,
)
from timer_app.interchange.notation import WrittenDose, parse_line
from timer_app.interchange.source import Source
from timer_app.interchange.texts import cleaned, cleaned_name, is_rest, rest_words

NAME = "text"
TITLE = "text"

_MAX_LINE = 2_000
_MAX_LINES = 20_000
_MAX_NESTED = 20
_SHORT_WORDS = 6
_HELD_REP_MS = 1_000

NOT_UNDERSTOOD = N_("is not understood; it is a comment in the file")
TITLE_LINE = N_("is the name of the session")
SUMMARY_LINE = N_("is what the list says of the session")
SAID = N_("is said as the instruction of {name}")
SAID_ALONE = N_("is said")
HEADING = N_("is the name of a block")
ROUNDS = N_("what follows is done in {rounds} rounds")
GUESSED = N_("{number} is taken for so many reps")
HELD = N_("each rep is held for {seconds} s")
ADDED = N_(
    "no time to get ready is written: {prepare} s are added before each exercise, {rest} s between sets without a rest"
)
UNNAMED = N_("has no name; it is called {name}")
LEFT_OVER = N_("the bracket has no end")

_BULLET = re.compile(r"^\s*(?:[-*•·‣◦▪–—+]|\(?\d{1,2}[.)](?!\d)|\(?[a-zA-Z][.)])\s+")  # noqa: RUF001 - what is pasted
_CHECKBOX = re.compile(r"^\s*\[[ xX]?\]\s+")
_MARKDOWN = re.compile(r"^\s*(#{1,6})\s+|\*\*|__|`")
_RULE = re.compile(r"^[\s\-_=*~#.]+$")
_ROUNDS = re.compile(
    r"(?:^|[\s(,:-])(?:[x×]\s*)?(\d{1,4})\s*(?:[x×]\s*)?(?:rounds?|runden|circuits?|laps?|times\s+through|durchgänge)\b(?:\s*(?:of|for|:))?"
    r"|\brepeat\s*(?:[x×]\s*)?(\d{1,4})(?:\s*[x×]|\s*times)?",
    re.IGNORECASE,
)
_TIMES = re.compile(r"^\s*[x×*]\s*(\d{1,4})")
_TIMES_BEFORE = re.compile(r"(\d{1,4})\s*[x×*]?\s*$")
_OPEN, _CLOSE = "[({", "])}"


@dataclass
class _Heading:
    """A line that begins a block."""

    name: str
    rounds: int
    rest_ms: int
    steps: list[Step] = field(default_factory=list)


@dataclass
class _Reader:
    """What is known while the lines are read."""

    source: Source
    entries: list[LedgerEntry] = field(default_factory=list)
    name: str = ""
    summary: str = ""
    steps: list[Step] = field(default_factory=list)
    heading: _Heading | None = None
    is_spaced: bool = False
    """Blank lines stand between all lines, so that they end nothing."""
    pending: tuple[int, str] | None = None
    """A line that may be the name of an exercise, whose dose comes in the next line."""

    def note(self, line: int, text: str, fate: str, reason: str = "", **details: object) -> None:
        shown = text.strip()[:120]
        self.entries.append(LedgerEntry(line, shown, "", fate, reason, details))  # type: ignore[arg-type]

    @property
    def here(self) -> list[Step]:
        return self.steps if self.heading is None else self.heading.steps


def sniff(source: Source) -> bool:
    """Any text may be a routine."""
    return bool(source.text.strip())


def read(source: Source) -> Imported:
    """The routine that a text describes, as one session."""
    reader = _Reader(source, is_spaced=_is_spaced(source.text))
    for number, raw in enumerate(source.text.split("\n")[:_MAX_LINES], 1):
        _line(reader, number, raw[:_MAX_LINE])
    _settle(reader)
    _close_heading(reader)
    steps = tuple(reader.steps)
    if not is_to_do(steps):
        return Imported((), tuple(reader.entries))
    fallback, _ = cleaned_name(source.stem.replace("-", " ").replace("_", " "))
    name = reader.name or fallback or "Imported"
    session = ImportedSession(name, steps, reader.summary, source.language)
    if not _is_timed(steps):
        session = replace(session, prepare_ms=PREPARE_MS, rest_ms=REST_MS, switch_ms=SWITCH_MS)
        reader.note(0, name, "changed", ADDED, prepare=PREPARE_MS // 1_000, rest=REST_MS // 1_000)
    return Imported((session,), tuple(sorted(reader.entries, key=lambda entry: entry.line)))


def _is_spaced(text: str) -> bool:
    lines = text.strip().split("\n")
    filled = sum(bool(line.strip()) for line in lines)
    return len(re.findall(r"\n\s*\n", text.strip())) > (filled - 1) // 2


def _is_timed(steps: tuple[Step, ...]) -> bool:
    """Whether all work is plain intervals: then the author has written every second, and nothing is added."""
    for step in steps:
        if isinstance(step, Block) and not _is_timed(step.steps):
            return False
        if isinstance(step, Work) and (not step.hold or step.sets > 1 or step.sides):
            return False
    return True


def _line(reader: _Reader, number: int, raw: str) -> None:
    text, level = _bare(raw)
    if not text or _RULE.match(raw):
        if raw.strip():
            reader.note(number, raw, "taken")
        elif reader.pending is not None:
            _settle(reader)
        if not raw.strip() and not reader.is_spaced and reader.heading is not None and reader.heading.steps:
            _close_heading(reader)
        return
    if level:
        _settle(reader)
        _title(reader, number, text)
        return
    if rounds := _rounds_of(text):
        _settle(reader)
        _open_heading(reader, number, text, *rounds)
        return
    if text.endswith(":") and not parse_line(text[:-1]).has_dose:
        _settle(reader)
        _title(reader, number, text.rstrip(": "))
        return
    if any(sign in text for sign in "[(") and (steps := _bracketed(text)):
        _settle(reader)
        reader.here.extend(steps)
        reader.note(number, raw, "taken")
        return
    _items(reader, number, text)


def _bare(raw: str) -> tuple[str, int]:
    """A line without bullet and markdown, and the level of the heading that it is; 0 for none."""
    found = _MARKDOWN.match(raw)
    level = len(found[1]) if found and found[1] else 0
    text = _MARKDOWN.sub("", raw)
    text = _CHECKBOX.sub("", _BULLET.sub("", text))
    return re.sub(r"\s+", " ", text.replace("\t", " ")).strip(), level


def _title(reader: _Reader, number: int, text: str) -> None:
    name, _ = cleaned_name(text)
    if not name:
        reader.note(number, text, "lost", NOT_UNDERSTOOD)
    elif not reader.name and not reader.steps and reader.heading is None:
        reader.name = name
        reader.note(number, text, "taken", TITLE_LINE)
    else:
        _close_heading(reader)
        reader.heading = _Heading(name, 1, 0)
        reader.note(number, text, "taken", HEADING)


def _rounds_of(text: str) -> tuple[str, int, int] | None:
    """The name, the rounds and the rest of a line that only says how often what follows is done."""
    found = _ROUNDS.search(text)
    if found is None:
        return None
    rounds = int(found[1] or found[2])
    rest = f"{text[: found.start()]} ; {text[found.end() :]}"
    dose = parse_line(rest)
    if dose.has_dose or dose.sets or not 1 <= rounds <= MAX_COUNT or len(dose.name.split()) > _SHORT_WORDS:
        return None
    return dose.name.strip(" :,-"), rounds, dose.rest_ms or 0


def _open_heading(reader: _Reader, number: int, text: str, name: str, rounds: int, rest_ms: int) -> None:  # noqa: PLR0913, PLR0917 - the parts of one line
    if reader.heading is not None and reader.heading.steps and text.lower().startswith(("repeat", "x")):
        # "Repeat 3 times" below a list means the list above.
        reader.heading.rounds, reader.heading.rest_ms = rounds, rest_ms
        reader.note(number, text, "taken", ROUNDS, rounds=rounds)
        _close_heading(reader)
        return
    if text.lower().startswith("repeat") and reader.steps and reader.heading is None:
        reader.steps[:] = [Block(tuple(reader.steps), "", rounds, rest_ms)]
        reader.note(number, text, "taken", ROUNDS, rounds=rounds)
        return
    if reader.heading is not None and not reader.heading.steps:
        name = name or reader.heading.name
    _close_heading(reader)
    reader.heading = _Heading(cleaned_name(name)[0], rounds, rest_ms)
    reader.note(number, text, "taken", ROUNDS, rounds=rounds)


def _close_heading(reader: _Reader) -> None:
    heading, reader.heading = reader.heading, None
    if heading is not None and heading.steps:
        reader.steps.append(Block(tuple(heading.steps), heading.name, heading.rounds, heading.rest_ms))


def _settle(reader: _Reader) -> None:
    """Give the line that may have been the name of an exercise its place."""
    if reader.pending is None:
        return
    number, text = reader.pending
    reader.pending = None
    name, _ = cleaned_name(text)
    if not name:
        reader.note(number, text, "lost", NOT_UNDERSTOOD)
    elif not reader.name and not reader.steps and reader.heading is None:
        reader.name = name
        reader.note(number, text, "taken", TITLE_LINE)
    else:
        reader.here.append(Work(name))
        reader.note(number, text, "taken")


def _items(reader: _Reader, number: int, text: str) -> None:
    """A line with one exercise, or with several of them between commas."""
    pieces = _pieces(text)
    doses = [parse_line(piece) for piece in pieces]
    if len(pieces) > 1 and all(_stands_alone(dose) for dose in doses):
        _settle(reader)
        for piece, dose in zip(pieces, doses, strict=True):
            _dose(reader, number, piece, dose)
        return
    dose = parse_line(text)
    if dose.has_dose or (dose.rest_ms is not None and not dose.name):
        _dose(reader, number, text, dose)
    else:
        _words(reader, number, text, dose)


def _pieces(text: str) -> list[str]:
    """A line cut at commas and semicolons that are not part of a number."""
    return [
        piece.strip()
        for piece in re.split(r"[,;](?!\d)\s*|\s+(?:then|dann)\s+|\s*(?:→|->|=>)\s*", text)
        if piece.strip()
    ]


def _stands_alone(dose: WrittenDose) -> bool:
    return (dose.has_dose and bool(dose.name)) or (dose.rest_ms is not None and not dose.name and not dose.has_dose)


def _dose(reader: _Reader, number: int, text: str, dose: WrittenDose) -> None:
    """Put the exercise of a line into the session."""
    if dose.rest_ms is not None and not dose.has_dose:
        _settle(reader)
        _rest(reader, number, text, dose.rest_ms)
        return
    name = dose.name
    if not name and reader.pending is not None:
        _, name = reader.pending
        reader.note(reader.pending[0], name, "taken")
        reader.pending = None
    _settle(reader)
    fallback = f"Exercise {sum(isinstance(step, Work) for step in reader.here) + 1}"
    shown, reason = cleaned_name(name)
    if dose.hold and dose.sets <= 1 and not dose.hold[0].is_open and is_rest(shown) and not dose.reps:
        _rest(reader, number, text, dose.hold[0].low, rest_words(shown))
        return
    work = _work(shown or fallback, dose)
    reader.here.append(work)
    if dose.rest_ms and dose.sets <= 1:
        reader.here.append(Rest(dose.rest_ms))
    if not shown:
        reader.note(number, text, "changed", UNNAMED, name=fallback)
    elif dose.guesses:
        reader.note(number, text, "changed", GUESSED, number=", ".join(dose.guesses))
    elif dose.held_ms:
        reader.note(number, text, "changed", HELD, seconds=f"{dose.held_ms / 1_000:g}")
    else:
        reader.note(number, text, "changed" if reason else "taken", reason)


def _rest(reader: _Reader, number: int, text: str, rest_ms: int, say: str = "") -> None:
    """A rest; after an exercise of several sets that names none it is that between the sets."""
    last = reader.here[-1] if reader.here else None
    if isinstance(last, Work) and last.sets > 1 and last.rest_ms is None and not say:
        reader.here[-1] = replace(last, rest_ms=rest_ms)
    elif rest_ms:
        reader.here.append(Rest(rest_ms, say))
    reader.note(number, text, "taken")


def _work(name: str, dose: WrittenDose) -> Work:
    tempo: str | tuple[Part, ...] = dose.tempo if dose.reps else ""
    if dose.held_ms and dose.reps and not dose.tempo:
        tempo = (Part("lift", _HELD_REP_MS), Part("hold", dose.held_ms), Part("lower", _HELD_REP_MS))
    if dose.reps and not tempo and any(one.is_open for one in dose.reps):
        tempo = "free"
    sets = 1 if len(dose.reps) > 1 else max(1, dose.sets)
    return Work(
        name,
        dose.hold,
        dose.reps,
        dose.distance,
        sets,
        dose.rest_ms if max(sets, len(dose.reps)) > 1 else None,
        dose.sides,
        None,
        tempo,
        dose.load,
        dose.rpe,
        dose.rir,
    )


def _words(reader: _Reader, number: int, text: str, dose: WrittenDose) -> None:
    """A line without a dose: the name of the session or of an exercise, an instruction, or nothing that is known."""
    words = len(text.split())
    has_digits = any(sign.isdigit() for sign in text)
    is_sentence = text.endswith((".", "!", "?")) or words > _SHORT_WORDS
    if has_digits and not is_sentence and (dose.sets or dose.load or dose.rest_ms is not None):
        _settle(reader)
        reader.here.append(Remark(text))
        reader.note(number, text, "lost", NOT_UNDERSTOOD)
    elif is_sentence:
        _sentence(reader, number, text)
    else:
        _settle(reader)
        reader.pending = (number, text)


def _sentence(reader: _Reader, number: int, text: str) -> None:
    if reader.pending is not None and not reader.name and not reader.steps and reader.heading is None:
        _settle(reader)
    _settle(reader)
    said, _ = cleaned(text)
    last = reader.here[-1] if reader.here else None
    if not said:
        reader.note(number, text, "lost", NOT_UNDERSTOOD)
    elif isinstance(last, Work) and len(last.say) + len(said) < 1_000:  # noqa: PLR2004 - what a text may have
        reader.here[-1] = replace(last, say=f"{last.say} {said}".strip())
        reader.note(number, text, "taken", SAID, name=last.name)
    elif not reader.steps and reader.heading is None and not reader.summary:
        reader.summary = said
        reader.note(number, text, "taken", SUMMARY_LINE)
    elif len(said) <= 600:  # noqa: PLR2004 - longer ones nobody listens to
        reader.here.append(Say(said))
        reader.note(number, text, "taken", SAID_ALONE)
    else:
        reader.here.append(Remark(text))
        reader.note(number, text, "lost", NOT_UNDERSTOOD)


def _bracketed(text: str) -> list[Step]:
    """The steps of a line with circuits in brackets, such as `10s ready, [1m work, 30s rest]x5`."""
    if not re.search(r"[\[({][^\])}]*[\])}]\s*[x×*]\s*\d|\d\s*[x×*]\s*[\[({]|\[[^\]]*\d[^\]]*\]", text):
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
        ValueError: Something in it is not understood.
    """
    if depth > _MAX_NESTED:
        raise ValueError(LEFT_OVER)
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
                raise ValueError(LEFT_OVER)
            at += 1
            after = _TIMES.match(text[at:])
            if after:
                rounds, at = int(after[1]), at + after.end()
            if not 1 <= max(1, rounds) <= MAX_COUNT:
                raise ValueError(NOT_UNDERSTOOD)
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
        raise ValueError(NOT_UNDERSTOOD)
    if dose.hold and is_rest(name) and dose.sets <= 1:
        steps.append(Rest(dose.hold[0].low, rest_words(name)))
    elif dose.hold and _is_ready(name):
        steps.append(Rest(dose.hold[0].low, name))
    else:
        steps.append(_work(name or "Work", dose))


def _is_ready(name: str) -> bool:
    words = name.casefold().split()
    return bool(words) and words[-1] in {"ready", "prepare", "bereit"} and len(words) <= 3  # noqa: PLR2004 - "Get ready"
