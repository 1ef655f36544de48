"""The steps of a session as cards: what each says in a line, and which of its keys a form can change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from timer_app.core.diagnostics import printable
from timer_app.core.fields import (
    DoseRange,
    NotationError,
    doses,
    duration_text,
    format_duration_ms,
    parse_duration_ms,
    without_placeholders,
)
from timer_app.core.i18n import N_, _
from timer_app.core.wording.doses import clock_dose_text, exercise_dose_text, range_text
from timer_app.core.wording.formatting import cell_len, count_text
from timer_app.tui.editor.step_tree import PART_KEYS, aligned, is_block
from timer_app.tui.editor.toml_text import written
from timer_app.tui.field_form import FormField, Texts
from timer_app.tui.widgets.text_layout import fit_to_width

if TYPE_CHECKING:
    from timer_app.core.session import Exercise
    from timer_app.tui.editor.step_operations import Value

Catalogue = Mapping[str, "Exercise"]

_KINDS: Final = ("steps", "session", "measure", "wait", "flow", "reps", "distance", "hold", "exercise", "rest", "say")
_DOSES: Final = ("hold", "reps", "distance")
_PARSERS: Final[Mapping[str, Callable[[object], DoseRange]]] = {
    "hold": doses.parse_hold_dose,
    "reps": doses.parse_reps_dose,
    "distance": doses.parse_distance_dose,
}
_TEXTS: Final = frozenset({"name", "say", "wait", "measure", "session", "sides", "load", "breath"})
_SWITCHES: Final[Mapping[str, bool]] = {"true": True, "false": False}
_TYPED: Final = frozenset({"name", "for"})  # what of a part is typed as words
_PARTS_IN_WORDS: Final = re.compile(r"[^\d,]+ \d")  # not `1 - 3 - 2`
_LONGEST = 60
_DOT = " · "
_LEAST_NAME = 8  # cells of it that are left beside a dose


_NAME = FormField("name", N_("Name"), N_("Wall squat"))
_SETS = FormField("sets", N_("Sets"), "2")
_SIDES = FormField(
    "sides",
    N_("Sides"),
    "",
    choices=(
        ("", N_("as usual")),
        ("each", N_("left then right")),
        ("both", N_("both at once")),
        ("left", N_("left only")),
        ("right", N_("right only")),
    ),
)
_ROUNDS = FormField("rounds", N_("Rounds"), "3")
_BETWEEN = FormField("rest", N_("Rest between sets"), "10s")
_SAID = FormField("say", N_("What is said"), N_("Keep your back on the wall."))
_DOSE_FIELDS: Final = {
    "hold": (FormField("hold", N_("Hold"), "30s, 20-30s"),),
    "reps": (FormField("reps", N_("Reps"), "10, 8-12"), FormField("tempo", N_("Tempo"), "1-1-2, free")),
    "distance": (FormField("distance", N_("Distance"), "400 m"),),
}
_BREATHS: Final = (
    ("", N_("as you like")),
    ("in", N_("breathe in")),
    ("out", N_("breathe out")),
    ("hold", N_("hold the breath")),
)
_BREATH_WORDS: Final = {
    "in": ("in", "inhale", "ein", "einatmen"),
    "out": ("out", "exhale", "aus", "ausatmen"),
    "hold": ("hold", "pause", "halten", "anhalten"),
}
PART_FIELDS: Final = (
    FormField("name", N_("Name"), N_("In")),
    FormField("for", N_("Length"), "4s, 4-6s"),
    FormField("breath", N_("Breath"), "", choices=_BREATHS),
    FormField("say", N_("What is said"), N_("Breathe in through your nose.")),
)
"""The keys of a part of a flow or a tempo that a form can change."""
NEW_PART: Final = {"name": N_("Part"), "for": "4s"}
"""What a part begins with."""
_FLOW_FIELDS: Final = (
    _NAME,
    FormField("flow", N_("Parts"), N_("in 4s, out 6s")),
    FormField("rounds", N_("Rounds"), "6, 4-8"),
    FormField("within", N_("Or for a time"), "5m"),
    _SETS,
    _SIDES,
    _BETWEEN,
    _SAID,
)
_OTHER_FIELDS: Final = {
    "steps": (
        FormField("name", N_("Name"), N_("Main part")),
        _ROUNDS,
        FormField("rest", N_("Rest between rounds"), "1m"),
        FormField("between", N_("Rest between steps"), "15s"),
        FormField("every", N_("A round begins every"), "1m"),
        FormField("within", N_("Time for all rounds"), "12m"),
        FormField("shuffle", N_("Order"), "", choices=(("", N_("as written")), ("true", N_("new each round")))),
        FormField("pick", N_("Picked by chance"), "3", N_("all of them")),
        FormField(
            "sides", N_("Sides of the round"), "", choices=(("", N_("of each step")), ("each", N_("left then right")))
        ),
    ),
    "rest": (FormField("rest", N_("Rest"), "20s"), _SAID),
    "say": (_SAID,),
    "wait": (FormField("wait", N_("What to do meanwhile"), N_("Fetch a mat.")),),
    "measure": (FormField("measure", N_("What is asked"), "pain"), _NAME, _SAID),
    "session": (FormField("session", N_("Session"), "desk-break"),),
}
NEW_STEPS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "hold": (N_("An exercise of your own, held for a time"), {"name": "Exercise", "hold": "30s"}),
    "reps": (N_("An exercise of your own, with reps"), {"name": "Exercise", "reps": 10}),
    "flow": (
        N_("An exercise of your own, with parts"),
        {"name": "Exercise", "rounds": 6, "flow": [{"name": "In", "for": "4s"}, {"name": "Out", "for": "6s"}]},
    ),
    "breath": (
        N_("A breathing exercise of your own"),
        {
            "name": "Breathing",
            "rounds": 6,
            "flow": [
                {"name": "In", "for": "4s", "breath": "in"},
                {"name": "Out", "for": "6s", "breath": "out"},
            ],
        },
    ),
    "say": (N_("Something the coach says"), {"say": "Well done."}),
    "rest": (N_("A rest"), {"rest": "30s"}),
    "wait": (N_("A wait until you go on"), {"wait": "Go on when you are ready."}),
    "measure": (N_("A question: pain from 0 to 10"), {"measure": "pain"}),
}
"""What can be added besides the exercises of the catalogue: what it is, and what it begins with."""


def kind_of(step: Mapping[str, Any]) -> str:
    """The key that says what a step is; empty where there is none."""
    return next((kind for kind in _KINDS if kind in step), "")


def fields_of(step: Mapping[str, Any], catalogue: Catalogue) -> tuple[FormField, ...]:
    """The keys of a step that a form can change; none of a step that is not understood."""
    kind = kind_of(step)
    used = catalogue.get(str(step.get("exercise", "")))
    dose = used.dose if kind == "exercise" and used else kind
    if dose == "flow":
        return _FLOW_FIELDS
    if dose in _DOSES:
        return (_NAME, *_DOSE_FIELDS[dose], _SETS, _SIDES, _BETWEEN, _SAID)
    return _OTHER_FIELDS.get(kind, ())


def first_field(step: Mapping[str, Any], fields: Sequence[FormField], usual: Mapping[str, str]) -> FormField:
    """The field to begin with: the rounds, or the name of what is the user's own, or else the dose."""
    if is_block(step) or "rounds" in usual:
        return next((field for field in fields if field.key == "rounds"), fields[0])
    return next((field for field in fields if field.key not in usual), fields[0])


def usual_of(step: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    """What holds for keys of a step that are left out: the name, the instruction and the rounds of its exercise."""
    used = catalogue.get(str(step.get("exercise", "")))
    if used is None:
        return {}
    usual = {"name": used.name, "say": used.say}
    if used.flow is not None:
        usual["flow"] = ", ".join(f"{part.name} {_range(part.lasts, format_duration_ms)}" for part in used.flow)
        usual["rounds"] = _range(used.rounds, str) if used.rounds else ""
    return usual


def texts_of(step: Mapping[str, Any], fields: Sequence[FormField]) -> Texts:
    """What a form shows of a step, by its keys."""
    texts = {field.key: field_text(step.get(field.key)) for field in fields}
    return {**texts, "shuffle": ""} if step.get("shuffle") is False else texts


def _range(dose: DoseRange, text: Callable[[int], str]) -> str:
    return "-".join(map(text, dict.fromkeys((dose.low, dose.high))))


def field_text(value: Any) -> str:
    """A value of a step as it is shown in a form: parts by their names and times, other lists as TOML."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return _parts_in_words(value) or written(value)


def _parts_in_words(value: Any) -> str:
    """`cat 4s, cow 4s`; empty where that would be read as something else."""
    if not isinstance(value, list) or not all(isinstance(one, dict) and one.keys() >= _TYPED for one in value):
        return ""
    words = ", ".join(f"{one['name']} {one['for']}" for one in value)
    return words if field_value("flow", words) == [{key: one[key] for key in ("name", "for")} for one in value] else ""


def field_values(texts: Texts, step: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Value | None]:
    """What somebody typed into a form as values, by their keys; `None` for nothing.

    Parts keep what cannot be typed as words: those of the step, or else those of its exercise.
    """
    values = {key: field_value(key, text) for key, text in texts.items()}
    for key in PART_KEYS:
        parts = values.get(key)
        if isinstance(parts, list) and not texts[key].strip().startswith("["):
            before = _parts_of(step, key, catalogue)
            is_breath = any(isinstance(part, dict) and "breath" in part for part in before)
            values[key] = [_breathed(part) if is_breath else part for part in _with_rest(parts, before)]
    return values


def _breathed(part: dict[str, Any]) -> dict[str, Any]:
    """A part of a breathing exercise, with the way to breathe that its name says."""
    word = str(part["name"]).casefold().removeprefix("breathe ").split(" ")[0]
    breath = next((breath for breath, words in _BREATH_WORDS.items() if word in words), None)
    return part if breath is None or "breath" in part else {**part, "breath": breath}


def _parts_of(step: Mapping[str, Any], key: str, catalogue: Catalogue) -> list[Any]:
    """The parts of a step, or of the exercise that it uses."""
    if key in step:
        return step[key] if isinstance(step[key], list) else []
    parts = getattr(catalogue.get(str(step.get("exercise", ""))), key, None)
    return [part.model_dump(exclude_none=True, exclude={"lasts"}) for part in parts] if isinstance(parts, tuple) else []


def _with_rest(typed: list[dict[str, Any]], parts: list[Any]) -> list[dict[str, Any]]:
    """Parts with what else those said that they were before."""
    known = [part if isinstance(part, dict) else {} for part in parts]
    origins = [known[was] if was is not None else {} for was in aligned(known, typed)]
    kept = ({key: value for key, value in one.items() if key not in _TYPED} for one in origins)
    return [{**part, **rest} for part, rest in zip(typed, kept, strict=True)]


def field_value(key: str, text: str) -> Value | None:
    """What somebody typed into a form as a value; `None` for nothing."""
    text = text.strip()
    is_pace = key == "tempo" and not text.startswith("[") and not _PARTS_IN_WORDS.match(text)
    if not text or key in _TEXTS or is_pace:
        return text or None
    if key == "shuffle":
        return _SWITCHES.get(text, text)
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    if text.startswith("["):
        try:
            found: Value = tomllib.loads(f"x = {text}")["x"]
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return text
        return found
    return [_part(one) for one in text.split(",") if one.strip()] if key in PART_KEYS else text


def _part(words: str) -> dict[str, str | int]:
    """A part in words; one without a time lacks it."""
    name, _space, lasts = words.strip().rpartition(" ")
    if not name:
        return {"name": lasts}
    return {"name": name.strip(), "for": int(lasts[:9]) if lasts.isascii() and lasts.isdecimal() else lasts}


def card_text(step: Mapping[str, Any], catalogue: Catalogue, planned: str = "") -> str:
    """A step in a line: its name, its dose, and what else a form can change.

    Args:
        step: Its data, right or wrong.
        catalogue: The exercises by their id.
        planned: The dose in words, as it is compiled; empty where that is not known.
    """
    kind = kind_of(step)
    if kind == "steps":
        return _DOT.join(filter(None, (_said(step.get("name", _("Block"))), *_rounds(step))))
    if kind in ("say", "wait"):
        return f"“{_said(step[kind])}”"
    if kind == "rest":
        return _DOT.join(filter(None, (_("Rest"), _dose_words("hold", step["rest"]))))
    if kind in ("measure", "session"):
        label = _("Question") if kind == "measure" else _("Session")
        return f"{label}: {_said(step.get('name', step[kind]))}"
    used = catalogue.get(str(step.get("exercise", "")))
    name = step.get("name") or (used.name if used else step.get("exercise", _("a step without a kind")))
    usual = exercise_dose_text(used) if used else ""
    return _DOT.join(filter(None, (_said(name), planned or _dose(step) or usual)))


def fit_card(text: str, width: int) -> str:
    """The text of a card in a line: where it is too long, its name is cut, as half a dose would be another one."""
    name, dot, dose = text.partition(_DOT)
    room = width - cell_len(dot + dose)
    if not dot or cell_len(text) <= width:
        return fit_to_width(text, width).rstrip()
    return (
        f"{fit_to_width(name, room).rstrip()}{dot}{dose}" if room >= _LEAST_NAME else fit_to_width(name, width).rstrip()
    )


def part_text(part: Mapping[str, Any]) -> str:
    """A part of a flow or a tempo in a line: its name, its length, its breath, and what is said."""
    lasts = _dose_words("hold", part["for"]) if "for" in part else "…"
    breath = field_text(part.get("breath"))
    label = _(dict(_BREATHS[1:]).get(breath, "")) or _said(breath)
    said = f"“{_said(part['say'])}”" if "say" in part else ""
    return _DOT.join(filter(None, (_said(part.get("name", "…")), lasts, label, said)))


def _rounds(block: Mapping[str, Any]) -> Iterator[str]:
    """How often a block is done, and by which clock."""
    rounds = block.get("rounds")
    try:
        if "within" in block:
            yield clock_dose_text(rounds if isinstance(rounds, int) else 0, parse_duration_ms(block["within"]))
        elif rounds is not None:
            yield count_text(rounds, "round") if isinstance(rounds, int) else _rounds_words(rounds)
        if "every" in block:
            yield _("every {time}").format(time=duration_text(parse_duration_ms(block["every"])))
    except NotationError:
        yield "…"
    if block.get("shuffle") is True:
        yield _("shuffled")
    if "pick" in block:
        yield _("{count} by chance").format(count=_said(block["pick"]))
    if "sides" in block:
        yield _said(block["sides"])
    if not block["steps"]:
        yield _("no steps yet")


def _dose(step: Mapping[str, Any]) -> str:
    key = next((key for key in _DOSES if key in step), "")
    dose = _dose_words(key, step[key]) if key else _rounds_words(step["rounds"]) if "rounds" in step else ""
    sets = f"{_said(step['sets'])} × {dose}".rstrip(" ×") if "sets" in step else dose
    return f"{sets}, {_said(step['sides'])}" if "sides" in step else sets


def _rounds_words(rounds: Any) -> str:
    return _("{rounds} rounds").format(rounds=_said(rounds))


def _dose_words(key: str, value: Any) -> str:
    """A dose as it is said elsewhere, or as it is written where that is no dose."""
    parse = _PARSERS[key]
    try:
        said = ", ".join(range_text(key, parse(one)) for one in (value if isinstance(value, list) else [value]))
    except NotationError:
        return _said(value)
    return _("{amounts} reps").format(amounts=said) if key == "reps" else said


def _said(value: Any) -> str:
    return printable(without_placeholders(field_text(value)), _LONGEST)
