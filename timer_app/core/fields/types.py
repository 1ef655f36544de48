"""The values of files as pydantic types: durations, doses, positions, names and texts."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)

from timer_app.core.diagnostics import nearest, quoted
from timer_app.core.fields import doses, load, notation
from timer_app.core.fields.notation import CuePosition, DoseRange, NotationError
from timer_app.core.fields.template import clean_text
from timer_app.core.i18n import N_, _

SCHEMA_VERSION = 1
MAX_COUNT, MAX_DURATION_MS = notation.MAX_COUNT, notation.MAX_DURATION_MS
MAX_NAME = 80
MAX_TEXT = 1_000
MAX_LIST = 1_000
MAX_LISTED_SETS = 100
MAX_CUES = 100
MAX_PARTS = 20
MAX_FLOW_PARTS = 100
MAX_COUNTDOWN = 10
MAX_UNIT = 12
MAX_ASKED = 4
MAX_VOICE = 200
MIN_RATE, MAX_RATE = 80, 450
MAX_PITCH = 100
MAX_PATH = 200
MAX_MUSIC = 100

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")


class Strict(BaseModel):
    """A table of a file: no unknown keys, no silent conversions, unchangeable once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=False)


def _schema(types: list[str], description: str, **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": types if len(types) > 1 else types[0], "description": description, **more})


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        suggestion = "-".join(re.findall(r"[a-z0-9]+", value.lower()))
        raise NotationError(
            _("{value} is not an id").format(value=quoted(value)),
            _("small letters, digits and single hyphens, such as wall-squat"),
            suggestion,
        )
    return value


def _session_id(value: str) -> str:
    parts = value.split("/")
    if all(map(_ID.fullmatch, parts)):
        return value
    words = ("-".join(re.findall(r"[a-z0-9]+", part.lower())) for part in parts)
    allowed = _("a name that `timer-app list` shows, such as wake-up or morning/wake-up")
    raise NotationError(
        _("{value} is not the name of a session").format(value=quoted(value)), allowed, "/".join(filter(None, words))
    )


def _schema_version(value: object) -> int:
    # True and 1.0 are equal to 1, and are not what was meant.
    if type(value) is int and value == SCHEMA_VERSION:
        return value
    raise NotationError(
        _("this program cannot read schema {value}").format(value=quoted(value)),
        f"schema = {SCHEMA_VERSION}",
    )


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise NotationError(
            _("{value} is not a language code").format(value=quoted(value)), _('a code such as "en", "de" or "pt-BR"')
        )
    return value


def _measure_range(value: object) -> tuple[float, float]:
    found = (
        re.fullmatch(r"\s*(-?\d{1,6}(?:\.\d{1,3})?)\s*-\s*(-?\d{1,6}(?:\.\d{1,3})?)\s*", value)
        if isinstance(value, str)
        else None
    )
    if not found:
        raise NotationError(
            _("{value} is not a range of numbers").format(value=quoted(value)), _('two numbers such as "0-10"')
        )
    low, high = float(found[1]), float(found[2])
    if low >= high:
        raise NotationError(
            _("{value} is a range from high to low").format(value=quoted(value)), _('two numbers such as "0-10"')
        )
    return low, high


def _answers(value: object) -> tuple[float, float]:
    """The answers meant by `1`, `"1"` or `"1-3"`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value), float(value)
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,6}(?:\.\d{1,3})?\s*", value):
        return float(value), float(value)
    return _measure_range(value)


def filled_tuple(value: object) -> object:
    """Like `as_tuple`, for a list that must have something in it.

    Raises:
        NotationError: It is empty.
    """
    if value == []:
        raise NotationError(_("must not be empty"))
    return as_tuple(value)


def as_tuple(value: object) -> object:
    """TOML has lists; what is read is never changed, so it is kept as a tuple."""
    return tuple(value) if isinstance(value, list) else value


Duration = Annotated[
    int,
    PlainValidator(notation.parse_duration_ms),
    _schema(["number", "string"], notation.DURATION_ALLOWED, examples=["30s", "1:30"]),
]
DurationDose = Annotated[
    DoseRange,
    PlainValidator(notation.parse_duration_dose),
    _schema(["number", "string"], notation.DURATION_DOSE_ALLOWED, examples=["20-30s"]),
]
CountDose = Annotated[
    DoseRange,
    PlainValidator(notation.parse_count_dose),
    _schema(["integer", "string"], notation.COUNT_DOSE_ALLOWED, examples=["10-15"]),
]


HoldDose = Annotated[
    DoseRange,
    PlainValidator(doses.parse_hold_dose),
    _schema(["number", "string"], doses.HOLD_ALLOWED, examples=["20-30s"]),
]
RepsDose = Annotated[
    DoseRange,
    PlainValidator(doses.parse_reps_dose),
    _schema(["integer", "string"], doses.REPS_ALLOWED, examples=["10-15", "8+"]),
]
DistanceDose = Annotated[
    DoseRange,
    PlainValidator(doses.parse_distance_dose),
    _schema(["string"], doses.DISTANCE_ALLOWED, examples=["400 m"]),
]


def _listed(value: object) -> str:
    return "sets" if isinstance(value, list | tuple) else "each"


# A dose of each set, or one for all of them.
_SETS = (Field(max_length=MAX_LISTED_SETS), BeforeValidator(filled_tuple))
HoldDoses = Annotated[
    Annotated[Annotated[tuple[HoldDose, ...], *_SETS], Tag("sets")] | Annotated[HoldDose, Tag("each")],
    Discriminator(_listed),
]
RepsDoses = Annotated[
    Annotated[Annotated[tuple[RepsDose, ...], *_SETS], Tag("sets")] | Annotated[RepsDose, Tag("each")],
    Discriminator(_listed),
]
DistanceDoses = Annotated[
    Annotated[Annotated[tuple[DistanceDose, ...], *_SETS], Tag("sets")] | Annotated[DistanceDose, Tag("each")],
    Discriminator(_listed),
]
Load = Annotated[
    str,
    PlainValidator(load.checked_load),
    _schema(["string"], load.LOAD_ALLOWED, examples=["20 kg"], maxLength=load.MAX_LOAD),
]
Loads = Annotated[
    Annotated[Annotated[tuple[Load, ...], *_SETS], Tag("sets")] | Annotated[Load, Tag("each")],
    Discriminator(_listed),
]
Increment = Annotated[
    str, PlainValidator(load.checked_increment), _schema(["string"], load.INCREMENT_ALLOWED, examples=["2.5 kg"])
]
Rpe = Annotated[str, PlainValidator(load.checked_rpe), _schema(["number", "string"], load.RPE_ALLOWED, examples=[8])]
Rir = Annotated[str, PlainValidator(load.checked_rir), _schema(["number", "string"], load.RIR_ALLOWED, examples=[2])]


def _ask_for(value: object) -> int:
    """How long a question waits, in milliseconds; 0 for until it is answered."""
    if value == "wait":
        return 0
    try:
        length_ms = notation.parse_duration_ms(value)
    except NotationError as error:
        raise NotationError(error.reason, ASK_FOR_ALLOWED, error.suggestion) from None
    if length_ms < MIN_ASK_MS:
        raise NotationError(_("{value} is too short to answer").format(value=quoted(value)), ASK_FOR_ALLOWED)
    return length_ms


MIN_ASK_MS = 3_000
ASK_FOR_ALLOWED = N_('three seconds or more, such as "10s", or "wait" to wait for an answer')
AskFor = Annotated[int, PlainValidator(_ask_for), _schema(["number", "string"], ASK_FOR_ALLOWED, examples=["10s"])]
Asked = Literal["reps", "load", "rpe", "rir"]
Ask = Annotated[tuple[Asked, ...], Field(max_length=MAX_ASKED), BeforeValidator(as_tuple)]
PositionInPhase = Annotated[
    CuePosition,
    PlainValidator(notation.parse_cue_position),
    _schema(["number", "string"], notation.CUE_POSITION_ALLOWED, examples=["1/2", "-10s"]),
]
MeasureRange = Annotated[
    tuple[float, float],
    PlainValidator(_measure_range),
    _schema(["string"], 'the smallest and the largest answer, such as "0-10"', examples=["0-10"]),
]
Answers = Annotated[
    tuple[float, float],
    PlainValidator(_answers),
    _schema(["number", "string"], 'an answer, or a range of answers such as "6-10"', examples=["6-10"]),
]
SchemaVersion = Annotated[
    int, PlainValidator(_schema_version), WithJsonSchema({"const": SCHEMA_VERSION, "type": "integer"})
]
Name = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(clean_text)]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(clean_text)]
Unit = Annotated[str, Field(max_length=MAX_UNIT), AfterValidator(clean_text)]
Identifier = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_identifier)]
SessionId = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_session_id)]
Language = Annotated[str, AfterValidator(_language)]
Level = Annotated[float, Field(ge=0, le=1)]
Countdown = Annotated[int, Field(ge=0, le=MAX_COUNTDOWN)]
Rate = Annotated[int, Field(ge=MIN_RATE, le=MAX_RATE)]
Pitch = Annotated[int, Field(ge=0, le=MAX_PITCH)]


def _session_voice(value: str, info: ValidationInfo) -> str:
    check = (info.context or {}).get("check_voice")
    if check is not None:
        check(value)
    return value


VoiceName = Annotated[str, Field(max_length=MAX_VOICE), AfterValidator(clean_text), AfterValidator(_session_voice)]
Lexicon = Annotated[dict[Name, Text], Field(max_length=MAX_LIST)]
Texts = Annotated[tuple[Text, ...], Field(max_length=20), BeforeValidator(as_tuple)]
Names = Annotated[tuple[Name, ...], Field(max_length=20), BeforeValidator(as_tuple)]
Breath = Literal["in", "out", "hold"]
Count = Literal["down", "up"]
Marks = Literal["none", "halves", "thirds", "quarters"]
TempoStart = Literal["lift", "lower"]
Fit = Literal["words", "clock"]
TellTime = Annotated[
    int,
    PlainValidator(notation.parse_tell_time),
    _schema(["string"], notation.TELL_TIME_ALLOWED, examples=["every 30s"]),
]
PRIORITY_ALLOWED = N_('1 (always), 2 (usual), 3 (left out before others), or "optional" (left out first)')


def _priority(value: object) -> int:
    """The rank of a priority: the higher, the sooner a step is left out."""
    if type(value) is int and value in (1, 2, 3):
        return value
    if value == "optional":
        return OPTIONAL
    suggestion = "optional" if isinstance(value, str) and nearest(value, ["optional"]) else ""
    raise NotationError(_("{value} is not a priority").format(value=quoted(value)), PRIORITY_ALLOWED, suggestion)


ALWAYS, USUAL, OPTIONAL = 1, 2, 4
Priority = Annotated[
    int,
    PlainValidator(_priority),
    WithJsonSchema({"enum": [1, 2, 3, "optional"], "description": PRIORITY_ALLOWED}),
]
CUE_SOUNDS = ("start", "end", "tick", "halfway", "set", "switch", "rest", "finish")


def _cue_sound(value: str) -> str:
    if value not in CUE_SOUNDS:
        suggestion = nearest(value, CUE_SOUNDS) or ""
        raise NotationError(
            _("there is no cue sound {value}").format(value=quoted(value)), ", ".join(CUE_SOUNDS), suggestion
        )
    return value


def _sound_file(value: str, info: ValidationInfo) -> str:
    check = (info.context or {}).get("check_sound_file")
    if check is not None:
        check(value)
    return value


def _music(value: str, info: ValidationInfo) -> str:
    check = (info.context or {}).get("check_music")
    if check is not None:
        check(value)
    return value


def _recording(value: str, info: ValidationInfo) -> str:
    check = (info.context or {}).get("check_recording")
    if check is not None:
        check(value)
    return value


SoundFile = Annotated[str, Field(min_length=1, max_length=MAX_PATH), AfterValidator(_sound_file)]
MusicPath = Annotated[str, Field(min_length=1, max_length=MAX_PATH), AfterValidator(_music)]
Recording = Annotated[str, Field(min_length=1, max_length=MAX_PATH), AfterValidator(_recording)]
Percent = Annotated[int, Field(ge=0, le=100)]
OwnSounds = dict[Annotated[str, AfterValidator(_cue_sound)], SoundFile]


def _sides(value: object) -> tuple[str, ...]:
    """The sides as names, in order; empty for an exercise that takes both at once."""
    if isinstance(value, str) and value in SIDE_WORDS:
        return SIDE_WORDS[value]
    if isinstance(value, list) and len(value) == 2 and all(isinstance(side, str) for side in value):  # noqa: PLR2004 - two sides
        names = tuple(_side_name(side) for side in value)
        if names[0] != names[1]:
            return names
        raise NotationError(_("has the same name for both sides"), SIDES_ALLOWED)
    suggestion = _sides_meant(value) if isinstance(value, str) else ""
    raise NotationError(_("{value} is not a choice of sides").format(value=quoted(value)), SIDES_ALLOWED, suggestion)


def _sides_meant(value: str) -> str:
    """The word for the sides that a text names, such as `left-right` or `both sides`; empty where it names none."""
    words = re.findall(r"[a-z]+", value.casefold())
    if "".join(word for word in words if word not in ("and", "then")) in _ONE_AFTER_THE_OTHER:
        return "each"
    return next((word for word in words if word in SIDE_WORDS), None) or nearest(value, SIDE_WORDS) or ""


def _side_name(side: str) -> str:
    if len(side) > MAX_NAME:
        raise NotationError(_("has a name of more than {most} characters").format(most=MAX_NAME), SIDES_ALLOWED)
    return clean_text(side)


SIDE_WORDS: dict[str, tuple[str, ...]] = {
    "both": (),
    "each": ("left", "right"),
    "left": ("left",),
    "right": ("right",),
}
_ONE_AFTER_THE_OTHER = ("leftright", "rightleft", "lr", "rl")
SIDES_ALLOWED = N_(
    '"each" (one after the other), "both" (at the same time), "left", "right", or two names such as '
    '["forward", "backward"]'
)
Sides = Annotated[
    tuple[str, ...],
    PlainValidator(_sides),
    WithJsonSchema(
        {
            "description": SIDES_ALLOWED,
            "anyOf": [
                {"enum": list(SIDE_WORDS)},
                {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
            ],
        }
    ),
]
