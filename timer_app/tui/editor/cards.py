"""The steps of a session as cards: what each says in a line, and which of its keys a form can change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import tomlkit

from timer_app.core.diagnostics import printable
from timer_app.core.fields import without_placeholders
from timer_app.core.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from timer_app.core.session import Exercise
    from timer_app.tui.editor.step_operations import Value

Catalogue = Mapping[str, "Exercise"]

_KINDS: Final = ("steps", "session", "measure", "wait", "flow", "reps", "distance", "hold", "exercise", "rest", "say")
_DOSES: Final = ("hold", "reps", "distance")
_TEXTS: Final = frozenset({"name", "say", "wait", "measure", "session", "sides", "load", "tempo"})
_LONGEST = 60


class FormField(NamedTuple):
    """A key of a step that a form can change.

    Attributes:
        key: The key.
        label: What it is called there.
        example: What may stand in it.
    """

    key: str
    label: str
    example: str


_NAME = FormField("name", N_("Name"), N_("Wall squat"))
_SETS = FormField("sets", N_("Sets"), "2")
_SIDES = FormField("sides", N_("Sides"), "each")
_BETWEEN = FormField("rest", N_("Rest between sets"), "10s")
_SAID = FormField("say", N_("What is said"), N_("Keep your back on the wall."))
_DOSE_FIELDS: Final = {
    "hold": (FormField("hold", N_("Hold"), "30s, 20-30s"),),
    "reps": (FormField("reps", N_("Reps"), "10, 8-12"), FormField("tempo", N_("Tempo"), "1-1-2, free")),
    "distance": (FormField("distance", N_("Distance"), "400 m"),),
}
_OTHER_FIELDS: Final = {
    "rest": (FormField("rest", N_("Rest"), "20s"), _SAID),
    "say": (_SAID,),
    "wait": (FormField("wait", N_("What to do meanwhile"), N_("Fetch a mat.")),),
    "measure": (FormField("measure", N_("What is asked"), "pain"), _NAME, _SAID),
    "session": (FormField("session", N_("Session"), "desk-break"),),
}
NEW_STEPS: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "hold": (N_("An exercise of your own, held for a time"), {"name": "Exercise", "hold": "30s"}),
    "reps": (N_("An exercise of your own, with reps"), {"name": "Exercise", "reps": 10}),
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
    """The keys of a step that a form can change; none of a block, a flow or a step that is not understood."""
    kind = kind_of(step)
    used = catalogue.get(str(step.get("exercise", "")))
    dose = used.dose if kind == "exercise" and used else kind
    if dose in _DOSES:
        return (_NAME, *_DOSE_FIELDS[dose], _SETS, _SIDES, _BETWEEN, _SAID)
    return _OTHER_FIELDS.get(kind, ())


def usual_of(step: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    """What holds for keys of a step that are left out: the name and the instruction of its exercise."""
    used = catalogue.get(str(step.get("exercise", "")))
    return {"name": used.name, "say": used.say} if used else {}


def field_text(value: Any) -> str:
    """A value of a step as it is shown in a form; lists as TOML."""
    if value is None:
        return ""
    return value if isinstance(value, str) else tomlkit.item(value).as_string()


def field_value(key: str, text: str) -> Value | None:
    """What somebody typed into a form as a value; `None` for nothing."""
    text = text.strip()
    if not text or key in _TEXTS:
        return text or None
    if text.isascii() and text.isdecimal():
        return int(text[:9])
    if text.startswith("["):
        try:
            found: Value = tomllib.loads(f"x = {text}")["x"]
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return text
        return found
    return text


def card_text(step: Mapping[str, Any], catalogue: Catalogue, planned: str = "") -> str:
    """A step in a line: its name, its dose, and what else a form can change.

    Args:
        step: Its data, right or wrong.
        catalogue: The exercises by their id.
        planned: The dose in words, as it is compiled; empty where that is not known.
    """
    kind = kind_of(step)
    if kind == "steps":
        inside = step["steps"] if isinstance(step["steps"], list) else []
        count = ngettext("{count} step", "{count} steps", len(inside)).format(count=len(inside))
        rounds = _("{rounds} rounds").format(rounds=_said(step["rounds"])) if "rounds" in step else ""
        return " · ".join(filter(None, (_said(step.get("name", _("Block"))), rounds, count, _("in the text"))))
    if kind in ("say", "wait"):
        return f"“{_said(step[kind])}”"
    if kind == "rest":
        return " · ".join(filter(None, (_("Rest"), _said(step["rest"]))))
    if kind in ("measure", "session"):
        label = _("Question") if kind == "measure" else _("Session")
        return f"{label}: {_said(step.get('name', step[kind]))}"
    used = catalogue.get(str(step.get("exercise", "")))
    name = step.get("name") or (used.name if used else step.get("exercise", _("a step without a kind")))
    return " · ".join(filter(None, (_said(name), planned or _dose(step), _("in the text") if kind == "flow" else "")))


def _dose(step: Mapping[str, Any]) -> str:
    dose = next((_said(step[key]) for key in _DOSES if key in step), "")
    sets = f"{_said(step['sets'])} × {dose}".rstrip(" ×") if "sets" in step else dose
    return f"{sets}, {_said(step['sides'])}" if "sides" in step else sets


def _said(value: Any) -> str:
    return printable(without_placeholders(field_text(value)), _LONGEST)
