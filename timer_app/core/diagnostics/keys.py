"""Guesses which key was meant: knows how other programs call things, and offers only what the table would take."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from timer_app.core.diagnostics.problems import LETTERS_PER_SLIP, count_slips, folded_name, quoted
from timer_app.core.i18n import N_, _

# What is meant, best first, and what people call it elsewhere.
_ELSEWHERE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("hold",), "duration time work seconds secs sec minutes mins min length work-time hold-time on for"),
    (("reps",), "rep repetition repetitions"),
    (("sets", "rounds"), "set series serie"),
    (("rounds", "sets"), "repeat repeats times round circuits cycles laps loops"),
    (("within",), "amrap cap time-cap timecap"),
    (("every",), "emom interval on-the-minute"),
    (("pick",), "choose any-of"),
    (("rest",), "break pause recover recovery rest-time off"),
    (("between", "rest"), "rest-between gap transition transitions"),
    (("say", "summary"), "desc description note notes comment comments instruction instructions hint tip speech speak"),
    (("summary",), "purpose goal about subtitle"),
    (("sides",), "side left right both left-right each-side per-side both-sides bilateral unilateral"),
    (("load",), "weight weights kg lb lbs kilos"),
    (("increment",), "progression increase step-size"),
    (("rpe",), "effort intensity exertion"),
    (("rir",), "reserve reps-in-reserve"),
    (("name",), "title label heading"),
    (("steps",), "exercises intervals items sequence workout activities"),
    (("prepare",), "prep get-ready warning lead-in delay"),
    (("tempo",), "cadence pace speed"),
    (("equipment",), "gear tools"),
    (("language",), "lang locale"),
    (("shuffle",), "random randomize randomise"),
    (("measure",), "ask question"),
    (("cautions",), "warnings contraindications"),
)
_MEANT: dict[str, tuple[str, ...]] = {word: meant for meant, words in _ELSEWHERE for word in words.split()}
# What to do about a thing that has no key.
_INSTEAD: dict[str, str] = {
    "load": N_('a load belongs to a step of work, such as reps = 10 with load = "20 kg"'),
}
_SHORTEST_BEGINNING = 3
_LONGEST_COMPARED = 32


def meant_key(key: str, options: Collection[str], present: Collection[str] = ()) -> str:
    """The key that was probably meant; empty where none is likely.

    Args:
        key: What was written.
        options: The keys that may stand there.
        present: Those that already do: another word for one of them is no reason to write it twice.
    """
    named = _named(key, options)
    if named:
        return "" if named in present else named
    if folded_name(key) in _MEANT:
        return ""  # a word for what has no place here is not a slip of the fingers
    return _misspelt(folded_name(key), options)


def unknown_key_message(key: str, options: Collection[str], present: Collection[str]) -> str:
    """Says that a key is unknown, and what stands for it where no other key can be offered."""
    named = _named(key, options)
    if named and named in present:
        return _("unknown key: that is {named}, which is here already").format(named=quoted(named))
    instead = "" if named else next((_INSTEAD.get(meant, "") for meant in _MEANT.get(folded_name(key), ())), "")
    return f"{_('unknown key')}: {_(instead)}" if instead else _("unknown key")


def _named(key: str, options: Collection[str]) -> str:
    """What a word from elsewhere is called here; empty where there is no such word, or no such key in this table."""
    return next((meant for meant in _MEANT.get(folded_name(key), ()) if meant in options), "")


def _misspelt(written: str, options: Iterable[str]) -> str:
    if len(written) > _LONGEST_COMPARED:
        return ""
    folded = {folded_name(option): option for option in options}
    allowed = max(len(written) // LETTERS_PER_SLIP, 1)
    likely = (option for option in folded if abs(len(option) - len(written)) <= allowed)
    near = min(((count_slips(written, option), option) for option in likely), default=(allowed + 1, ""))
    if near[0] <= allowed:
        return folded[near[1]]
    begun = [option for option in folded if option.startswith(written)]
    return folded[begun[0]] if len(begun) == 1 and len(written) >= _SHORTEST_BEGINNING else ""
