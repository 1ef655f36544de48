"""Reads the files of Seconds (`.seconds`): folders of timers, circuits, and circuits of circuits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from timer_app.core.fields import DoseRange
from timer_app.core.i18n import N_
from timer_app.interchange.json_source import COLOUR, INTERNAL, MUSIC, NOTHING, OVERRUNS, SOUNDS, ZERO, Node, ledger
from timer_app.interchange.model import (
    Block,
    Imported,
    ImportedSession,
    Rest,
    Step,
    Wait,
    Work,
    all_sessions,
    is_to_do,
)
from timer_app.interchange.source import Source
from timer_app.interchange.texts import rest_words

NAME = "seconds"
TITLE = "Seconds"

_ROUND = "$(round)"
_EXPORT = "Exported Items"

HEALTH = N_("there is no health app to tell")
OVERRUN = N_("a session ends at its end")
DUCKED = N_("music is always quieter while the coach speaks")
SPLIT = N_("each half gets half the time; hold = {whole} would be the whole time for each side")
NO_SPLIT = N_("not split, so there is nothing between halves")
SHUFFLED = N_("shuffled in each round; --seed repeats an order")
WAITS = N_("waits until you go on")
GROUPED = N_("all sets of one interval come before the next interval")
REST_NAMED = N_("a rest between steps is announced in the coach's own words")
LAST_REST = N_("nothing follows it, so there is no rest")
ROUND = N_("replaced by the number of the round")
NUMBER = N_("replaced by the number of the interval, {number}")

_LOST = {
    COLOUR: ("color",),
    MUSIC: ("music",),
    SOUNDS: ("soundScheme", "vibration"),
    INTERNAL: ("identifier", "lastPerformedTimeInterval", "hasBeenUsed"),
    HEALTH: ("activity",),
}


def sniff(source: Source) -> bool:
    """Whether it is a file of Seconds."""
    root = source.json
    if root is None:
        return False
    if isinstance(root.data, list):
        return bool(root.data) and any(_is_timer(node) for node in root.data)
    folders = [root.find("items"), root.find("packs")]
    return _is_timer(root) or any(node is not None and isinstance(node.data, list) for node in folders)


def read(source: Source) -> Imported:
    """The timers of a file, each a session."""
    root = source.json
    if root is None:
        return Imported()
    tops = root.elements() if isinstance(root.data, list) else [root]
    # A file of a version that knows alerts at the half has the key for each interval, or the app marks no half at all.
    marks = "none" if '"halfwayAlert"' in source.text else ""
    return Imported(all_sessions(_sessions(top, (), source, marks) for top in tops), ledger(root))


def _is_timer(node: Node) -> bool:
    inside = node.find("intervals") or node.find("timers")
    if inside is None or not isinstance(inside.data, list):
        return False
    first = next((one for one in inside.data if one.is_table), None)
    return first is None or first.has("duration") or _is_timer(first)


def _note_common(node: Node) -> None:
    for reason, keys in _LOST.items():
        node.lose(reason, *keys)
    node.number("type")
    node.raw("_type")


def _sessions(node: Node, folder: tuple[str, ...], source: Source, marks: str) -> Iterator[ImportedSession]:
    if _is_timer(node) or node.has("intervals") or node.has("timers"):
        yield from _timer_session(node, folder, source, marks)
        return
    _note_common(node)
    name = node.name("name", "") if node.has("name") else ""
    inner = (*folder, name) if name and name != _EXPORT else folder
    for key in ("packs", "items"):
        for item in node.items(key):
            yield from _sessions(item, inner, source, marks)


def _timer_session(node: Node, folder: tuple[str, ...], source: Source, marks: str) -> Iterator[ImportedSession]:
    name = node.name("name", source.stem or TITLE)
    summary = node.text("notes")
    steps = tuple(_timer_steps(node, is_inner=False))
    if not is_to_do(steps):
        node.refuse("name", NOTHING)
        return
    yield ImportedSession(name, steps, summary, source.language, folder, marks=marks)


def _timer_steps(node: Node, *, is_inner: bool) -> Iterator[Step]:
    """What a timer does: its warm-up, its circuit or its circuits, its cool-down."""
    _note_common(node)
    if is_inner and node.has("name"):
        node.name("name", "")
    node.lose(INTERNAL, "notes") if is_inner else None
    if node.flag("overrun"):
        node.change("overrun", OVERRUN)
    yield from _single(node, "warmup", "Warm up")
    timers = node.find("timers")
    if timers is not None and isinstance(timers.data, list):
        yield from _compound(node)
    else:
        yield from _circuit(node)
    yield from _single(node, "cooldown", "Cool down")


def _single(node: Node, key: str, fallback: str) -> Iterator[Step]:
    found = node.table(key)
    if found is not None:
        yield from _interval(found, fallback, 1, in_rounds=False)


def _compound(node: Node) -> Iterator[Step]:
    rounds = node.count("numberOfSets")
    blocks = [step for timer in node.items("timers") for step in _inner_block(timer)]
    between_ms = _rest_ms(node, "timerRest", is_used=len(blocks) > 1)
    rest_ms = _rest_ms(node, "circuitRest", is_used=rounds > 1)
    is_shuffled = _is_shuffled(node)
    if blocks:
        yield Block(tuple(_spread(blocks, between_ms)), "", rounds, rest_ms, shuffle=is_shuffled)


def _inner_block(timer: Node) -> Iterator[Step]:
    name = timer.name("name", "")
    steps = list(_timer_steps(timer, is_inner=True))
    if len(steps) == 1 and isinstance(steps[0], Block):
        yield replace(steps[0], name=name)
    elif is_to_do(steps):
        yield Block(tuple(steps), name)


def _circuit(node: Node) -> Iterator[Step]:
    rounds = node.count("numberOfSets")
    in_rounds = rounds > 1
    intervals = node.items("intervals")
    steps = [
        step
        for number, interval in enumerate(intervals, 1)
        for step in _interval(interval, f"Interval {number}", number, in_rounds=in_rounds)
    ]
    between_ms = _rest_ms(node, "intervalRest", is_used=len(steps) > 1)
    rest_ms = _rest_ms(node, "setRest", is_used=rounds > 1)
    is_shuffled = _is_shuffled(node)
    if not steps:
        return
    works = [step for step in steps if isinstance(step, Work)]
    if node.flag("group") and rounds > 1 and len(works) == len(steps):
        node.change("group", GROUPED)
        grouped = [replace(work, sets=rounds, rest_ms=between_ms) for work in works]
        yield Block(tuple(_spread(grouped, rest_ms)), shuffle=is_shuffled)
    elif rounds == 1 and not is_shuffled:
        yield from _spread(steps, between_ms)
    elif len(works) == len(steps):
        yield Block(tuple(steps), "", rounds, rest_ms, between_ms or None, is_shuffled)
    else:
        yield Block(tuple(_spread(steps, between_ms)), "", rounds, rest_ms, shuffle=is_shuffled)


def _spread(steps: Sequence[Step], between_ms: int) -> Iterator[Step]:
    """Steps with a rest between any two."""
    for index, step in enumerate(steps):
        if index and between_ms:
            yield Rest(between_ms)
        yield step


def _is_shuffled(node: Node) -> bool:
    is_shuffled = node.flag("random")
    if is_shuffled:
        node.change("random", SHUFFLED)
    return is_shuffled


def _rest_ms(node: Node, key: str, *, is_used: bool) -> int:
    """The length of one of the rests of a timer."""
    found = node.table(key)
    if found is None:
        return 0
    length_ms = found.milliseconds("duration")
    if not length_ms or not is_used:
        found.forget(LAST_REST if length_ms else ZERO)
        return 0
    _note_common(found)
    for key_of_rest in ("rest", "split", "indefinite", "halfwayAlert"):
        found.flag(key_of_rest)
    found.milliseconds("splitRest")
    found.raw("name")
    found.change("name", REST_NAMED)
    found.lose(DUCKED, "ducked")
    return length_ms


def _interval(node: Node, fallback: str, number: int, *, in_rounds: bool) -> Iterator[Step]:
    length_ms = node.milliseconds("duration")
    is_endless = node.flag("indefinite")
    if not length_ms and not is_endless:
        node.forget(ZERO)
        return
    _note_common(node)
    if node.find("ducked") is not None:
        node.flag("ducked")
        node.change("ducked", DUCKED)
    placeholder = "{round}" if in_rounds else str(number)
    is_rest = node.flag("rest")
    name = node.name("name", "Rest" if is_rest else fallback, {_ROUND: placeholder})
    if _ROUND in node.raw("name"):
        node.change("name", ROUND if in_rounds else NUMBER, number=number)
    has_halves, halves_rest_ms = node.flag("split"), node.milliseconds("splitRest")
    is_marked = node.flag("halfwayAlert")
    if halves_rest_ms and (not has_halves or is_rest):
        node.refuse("splitRest", NO_SPLIT)
    if is_endless and not length_ms:
        node.change("indefinite", WAITS)
        yield Wait(name)
    elif is_rest and not is_endless:
        yield Rest(length_ms, rest_words(name))
    else:
        if is_endless:
            node.change("indefinite", OVERRUNS)
        work = Work(name, (DoseRange(length_ms, length_ms),), overrun=is_endless)
        work = replace(work, marks="halves") if is_marked else work
        if has_halves:
            half_ms = length_ms // 2
            node.change("split", SPLIT, whole=f'"{length_ms / 1_000:g}s"')
            work = replace(work, hold=(DoseRange(half_ms, half_ms),), sides="each", switch_ms=halves_rest_ms)
        yield work
