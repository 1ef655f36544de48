"""The schema of exercises, and the keys that exercises share with steps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from timer_app.core.constraints import Company
from timer_app.core.diagnostics import quoted
from timer_app.core.fields import DoseRange, NotationError, NumberedTempo, parse_tempo, without_placeholders
from timer_app.core.fields import types as f
from timer_app.core.fields.load import parse_load
from timer_app.core.fields.types import Strict
from timer_app.core.figures import FigureKeys
from timer_app.core.i18n import _
from timer_app.core.timeline.utterance import DEFAULT_MANNER, Manner

DoseKey = Literal["hold", "reps", "flow", "distance"]
DOSE_KEYS: tuple[DoseKey, ...] = ("hold", "reps", "flow", "distance")
# What may be listed, one a set.
LISTED_KEYS = ("hold", "reps", "distance", "load")
# Which keys of a step have a meaning for which dose.
DOSE_EXTRAS: dict[DoseKey, tuple[str, ...]] = {
    "hold": ("count", "overrun", "marks", "heads_up", "tell_time"),
    "reps": ("tempo", "tempo_starts"),
    "flow": ("rounds", "within"),
    "distance": (),
}


class CuePoint(Strict):
    """Something to be heard at a place in each work phase of a step."""

    at: f.PositionInPhase = Field(description="Where in the phase.")
    say: f.Text | None = Field(None, description="The line to speak.")
    sound: f.Name | None = Field(None, description="The cue sound to play, by name, or a WAV file beside the session.")

    @field_validator("sound")
    @classmethod
    def _known_sound(cls, value: str | None, info: ValidationInfo) -> str | None:
        check = (info.context or {}).get("check_sound")
        if value is not None and check is not None:
            check(value)
        return value

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if self.say is None and self.sound is None:
            raise PydanticCustomError(
                "cue", _("this cue has nothing to be heard"), {"allowed": _("say, sound, or both")}
            )
        return self


class Part(Strict):
    """A named part of a flow or of a rep."""

    name: f.Name = Field(description="The word shown, and spoken where there is time.")
    lasts: f.DurationDose = Field(alias="for", description="How long it lasts.")
    say: f.Text | None = Field(None, description="Spoken in the first rounds, where there is time.")
    breath: f.Breath | None = Field(None, description="Which way to breathe in it.")

    @field_validator("lasts")
    @classmethod
    def _takes_time(cls, value: DoseRange) -> DoseRange:
        if value.low <= 0:
            raise NotationError(_("a part must take some time"), _('a time such as "3s"'))
        return value


def _paced(value: object) -> object:
    return value if value == "free" else parse_tempo(value)


Parts = Annotated[tuple[Part, ...], Field(max_length=f.MAX_PARTS), BeforeValidator(f.filled_tuple)]
FlowParts = Annotated[tuple[Part, ...], Field(max_length=f.MAX_FLOW_PARTS), BeforeValidator(f.filled_tuple)]
Cues = Annotated[tuple[CuePoint, ...], Field(max_length=f.MAX_CUES), BeforeValidator(f.as_tuple)]
Paced = Annotated[
    NumberedTempo | Literal["free"],
    PlainValidator(_paced),
    WithJsonSchema(
        {
            "type": "string",
            "description": '"free" for self-paced, seconds a part such as "1-3-2", or "30X0"',
            "examples": ["1-3-2", "30X0", "free"],
        }
    ),
]
Tempo = Annotated[
    Annotated[Parts, Tag("parts")] | Annotated[Paced, Tag("paced")],
    Discriminator(lambda value: "parts" if isinstance(value, list | tuple) else "paced"),
]


class Speaking(Strict):
    """How something is spoken."""

    rate: f.Rate | None = Field(None, description="Words a minute.")
    pitch: f.Pitch | None = Field(None, description="How high: 0 is low, 50 usual, 100 high.")


class StepSpeaking(Speaking):
    """How the lines of a step are spoken."""

    language: f.Language | None = Field(None, description="The language of the step's texts.")

    @property
    def manner(self) -> Manner:
        """The same for those who speak."""
        return Manner(self.rate, self.pitch, self.language or "")


class Voiced(Strict):
    """What may be spoken in a manner of its own."""

    voice: StepSpeaking | None = Field(None, description="How it is spoken, where not as usual.")

    @property
    def manner(self) -> Manner:
        """How it is spoken."""
        return DEFAULT_MANNER if self.voice is None else self.voice.manner


class WorkKeys(Voiced):
    """What an exercise and every step of work may say besides the dose."""

    short: f.Name | None = Field(None, description="A shorter name, for narrow places and quick announcements.")
    label: f.Name | None = Field(None, description="The big word during the work, where not WORK or HOLD.")
    say: f.Text | None = Field(None, description="The instruction, spoken before the work starts.")
    recording: f.Recording | None = Field(None, description="A file that is played in place of speaking say.")
    text: f.Text | None = Field(None, description="The instruction as shown, where not as it is spoken.")
    settle: f.Duration | None = Field(None, description="Silence after the instruction, before begin; 0 for none.")
    begin: f.Text | None = Field(None, description="The last words before the start, such as what to do at the tone.")
    finish: f.Text | None = Field(None, description="The way out, spoken right after the tone that ends a set.")
    reminders: f.Texts | None = Field(None, description="Reminders of form, one of which is spoken during the work.")
    company: Company | None = Field(None, description="How soon a long silence is broken by a few words.")
    second_side: f.Text | None = Field(None, description="Spoken on the second side in place of the instruction.")
    sides: f.Sides | None = Field(None, description="Full time for each side, or one after the other of two names.")
    sets: f.CountDose | None = Field(None, description="How many sets.")
    rest: f.Duration | None = Field(None, description="Rest between the sets.")
    switch: f.Duration | None = Field(None, description="Time to change sides.")
    prepare: f.Duration | None = Field(None, description="Time to get ready, a rest before it counted; 0 for none.")
    countdown: f.Countdown | None = Field(None, description="How many last seconds are marked before start and end.")
    cues: Cues | None = Field(None, description="What is heard during the work.")
    cautions: f.Texts | None = Field(None, description="Spoken and shown when the exercise is introduced.")
    equipment: f.Names | None = Field(None, description="What is needed.")
    count: f.Count | None = Field(None, description="Count a hold down to its end, or upward aloud.")
    overrun: bool | None = Field(None, description="Let a hold pass zero and count on until the user moves on.")
    marks: f.Marks | None = Field(None, description="Into which shares a hold is divided, by tones and words.")
    heads_up: f.Duration | None = Field(None, description="A warning so long before the end of a hold; 0 for none.")
    tell_time: f.TellTime | None = Field(None, description="How often in a hold the time left is told.")
    tempo: Tempo | None = Field(None, description="The parts of a rep.")
    tempo_starts: f.TempoStart | None = Field(None, description="With what a tempo in numbers starts: lift or lower.")
    rounds: f.CountDose | None = Field(None, description="How often a flow goes through its parts.")
    within: f.DurationDose | None = Field(None, description="For how long, in whole rounds: instead of rounds.")
    load: f.Loads | None = Field(None, description="What is lifted, worn or pulled; a list has one load a set.")
    increment: f.Increment | None = Field(None, description="By how much the load grows at once.")
    rpe: f.Rpe | None = Field(None, description="How hard a set is to be, from 1 to 10.")
    rir: f.Rir | None = Field(None, description="How many reps are to be left in reserve at the end of a set.")
    ask: f.Ask | None = Field(None, description="What is asked after each set: reps, load, rpe or rir.")
    ask_for: f.AskFor | None = Field(None, description="How long a question after a set waits before it goes on.")
    figure: FigureKeys | None = Field(None, description="A drawn person who does it along.")


def can_be_recorded(say: str | None, key: str = "say") -> None:
    """See that a line is the same each time it is said.

    Raises:
        PydanticCustomError: It is missing, or has placeholders.
    """
    if say is None:
        said = _("a recording needs the line that it stands for")
        raise PydanticCustomError(
            "recording", said, {"allowed": _("say besides it, which is shown"), "key": "recording"}
        )
    if without_placeholders(say) != say.replace("{{", "{").replace("}}", "}"):
        said = _("a line with placeholders cannot be recorded: it is another one each time")
        raise PydanticCustomError(
            "recording", said, {"allowed": _("a {key} without placeholders").format(key=key), "key": key}
        )


SetDoses = DoseRange | tuple[DoseRange, ...]
"""The dose of every set, or that of each."""


def above_zero(value: SetDoses | None) -> SetDoses | None:
    """A hold must take some time.

    Raises:
        NotationError: It takes none.
    """
    each = value if isinstance(value, tuple) else () if value is None else (value,)
    if any(dose.low <= 0 and not dose.is_open for dose in each):
        raise NotationError(_("a hold must take some time"), _('a time such as "30s"'))
    return value


def listed_sets(step: WorkKeys, exercise: Exercise | None = None) -> dict[str, int]:
    """How many sets each list of a step is for, by its key; a list of its exercise holds unless the step has a dose.

    Args:
        step: The step, or an exercise.
        exercise: The exercise that the step uses; `None` for none.
    """
    # Not every kind of step has all keys, and for one that is not there pydantic's `getattr` is slow.
    given = vars(step)
    own = {key: value for key in LISTED_KEYS if (value := given.get(key)) is not None}
    base = {} if exercise is None else {key: vars(exercise).get(key) for key in LISTED_KEYS}
    if own.keys() & set(DOSE_KEYS) or given.get("flow"):
        base = {key: value for key, value in base.items() if key not in DOSE_KEYS}
    return {key: len(value) for key, value in (base | own).items() if isinstance(value, tuple)}


def refuse_other_sets(step: WorkKeys, exercise: Exercise | None = None) -> None:
    """See that its lists are for as many sets as it has.

    Raises:
        PydanticCustomError: They are not.
    """
    lists = listed_sets(step, exercise)
    if not lists:
        return
    first, count = next(iter(lists.items()))
    if other := next((key for key, length in lists.items() if length != count), None):
        said = _("{other} lists {lists} sets, and {first} lists {count}").format(
            other=other, lists=lists[other], first=first, count=count
        )
        raise PydanticCustomError("sets", said, {"allowed": _("lists of the same length"), "key": other})
    if step.sets is not None and (step.sets.low, step.sets.high) != (count, count):
        said = _("{first} lists {count} sets, and sets says otherwise").format(first=first, count=count)
        raise PydanticCustomError(
            "sets", said, {"allowed": _("no sets, or sets = {count}").format(count=count), "key": "sets"}
        )


def joined_keys(keys: Iterable[str]) -> str:
    """Some keys in a sentence: `reps and hold`."""
    return reduce(lambda first, second: _("{first} and {second}").format(first=first, second=second), keys)


def keys_of_other_doses(dose: DoseKey) -> frozenset[str]:
    """The keys that have a meaning only for other doses."""
    return frozenset(key for other, keys in DOSE_EXTRAS.items() if other != dose for key in keys)


def refuse_keys_of_other_doses(model: WorkKeys, dose: DoseKey, where: str) -> None:
    """See that no key of another kind of dose was given.

    Raises:
        PydanticCustomError: One was.
    """
    strange = {key: other for other, keys in DOSE_EXTRAS.items() for key in keys if other != dose}
    given = [key for key in strange if getattr(model, key) is not None]
    if given:
        text = (
            _("{given} has no meaning for {where}, only for {belonging}")
            if len(given) == 1
            else _("{given} have no meaning for {where}, only for {belonging}")
        )
        belonging = joined_keys(dict.fromkeys(strange[key] for key in given))
        said = text.format(given=joined_keys(given), where=where, belonging=belonging)
        raise PydanticCustomError("stranger", said, {"key": given[0], "part": "key"})


def refuse_contradictions(step: WorkKeys, exercise: Exercise | None = None) -> None:
    """See that its load can grow by its increment, that it has one target for the effort, and asks what it has.

    Raises:
        PydanticCustomError: It does not.
    """
    dose = step.dose if isinstance(step, Exercise) else getattr(step, "dose", None) or (exercise and exercise.dose)
    if dose and dose != "reps" and "reps" in (step.ask or ()):
        said = _("there are no reps to ask for in a {dose}").format(dose=dose)
        raise PydanticCustomError("ask", said, {"allowed": "load, rpe, rir", "key": "ask"})
    if step.rpe is not None and step.rir is not None:
        said = _("rpe and rir are two ways to say the same")
        raise PydanticCustomError("effort", said, {"allowed": _("one of them"), "key": "rir"})
    increment = step.increment or (exercise.increment if exercise else None)
    load = step.load if step.load is not None else exercise.load if exercise else None
    loads = [parse_load(one) for one in (load if isinstance(load, tuple) else [load] if load else [])]
    key = "increment" if step.increment else "load" if step.load else "exercise"
    if increment is None:
        if any(one.is_range for one in loads):
            said = _("a range of loads needs its increment")
            raise PydanticCustomError(
                "increment", said, {"allowed": _('increment = "2.5 kg", for example'), "key": key}
            )
        return
    if not loads:
        raise PydanticCustomError("increment", _("there is no load to grow"), {"allowed": 'load = "20 kg"', "key": key})
    unit = parse_load(increment).unit
    if other := next((one for one in loads if one.unit != unit), None):
        said = _("a load of {other} cannot grow by {increment}").format(other=quoted(str(other)), increment=increment)
        raise PydanticCustomError("increment", said, {"allowed": _("the same unit in both"), "key": key})


def refuse_other_rounds(flow: WorkKeys, exercise: Exercise | None = None) -> None:
    """See that a flow has either its rounds or a time.

    Raises:
        PydanticCustomError: It has neither, or both.
    """
    rounds_allowed = {"allowed": _('rounds = 6, or within = "5m", for example')}
    if flow.rounds is not None and flow.within is not None:
        said = _("a flow goes by its rounds or by a time")
        raise PydanticCustomError("rounds", said, {"allowed": _("one of rounds and within"), "key": "within"})
    base = (exercise.rounds, exercise.within) if exercise else (None, None)
    if not any(value is not None for value in (flow.rounds, flow.within, *base)):
        raise PydanticCustomError("rounds", _("a flow needs its rounds"), rounds_allowed)
    if flow.within is not None and not flow.within.low:
        raise PydanticCustomError("rounds", _("a flow must take some time"), {**rounds_allowed, "key": "within"})


def part_names(work: WorkKeys) -> tuple[str, ...]:
    """The names of the parts of its flow or tempo; none where it has none with names."""
    parts = getattr(work, "flow", None) or work.tempo
    return tuple(part.name for part in parts) if isinstance(parts, tuple) else ()


class Exercise(WorkKeys):
    """An exercise of the catalogue; exactly one of hold, reps, distance and flow is its dose."""

    name: f.Name = Field(description="Its name, as shown and spoken.")
    say: f.Text = Field(description="The instruction, written to be heard.")
    hold: f.HoldDoses | None = Field(None, description="How long to hold; a list has one time a set.")
    reps: f.RepsDoses | None = Field(None, description="How often to do it; a list has one number a set.")
    distance: f.DistanceDoses | None = Field(None, description="How far to go; a list has one distance a set.")
    flow: FlowParts | None = Field(None, description="The parts that alternate.")
    muscles: f.Names = Field((), description="What it works on.")
    source: f.Text | None = Field(None, description="Where the dose comes from.")
    variants: Annotated[tuple[f.Identifier, ...], Field(max_length=20), BeforeValidator(f.as_tuple)] = Field(
        (), description="A ladder of exercises, the easiest first, this one among them; declared by one of them."
    )

    _holds = field_validator("hold")(above_zero)

    @property
    def dose(self) -> DoseKey:
        """Which of the dose keys it has."""
        return next(key for key in DOSE_KEYS if getattr(self, key) is not None)

    @model_validator(mode="after")
    def _one_dose(self) -> Self:
        given = [key for key in DOSE_KEYS if getattr(self, key) is not None]
        if len(given) != 1:
            said = (
                _("an exercise needs one dose; this one has {keys}").format(keys=joined_keys(given))
                if given
                else _("an exercise needs one dose; this one has none")
            )
            allowed = _("exactly one of hold, reps, flow, distance")
            raise PydanticCustomError("dose", said, {"allowed": allowed})
        if given == ["flow"]:
            refuse_other_rounds(self)
        if self.recording is not None:
            can_be_recorded(self.say)
        refuse_keys_of_other_doses(self, given[0], _("an exercise with {given}").format(given=given[0]))
        refuse_other_sets(self)
        refuse_contradictions(self)
        if self.figure is not None:
            self.figure.check_parts(part_names(self))
        return self


Exercises = dict[f.Identifier, Exercise]


class ExerciseFile(Strict):
    """A file of exercises."""

    schema_version: f.SchemaVersion = Field(alias="schema", description="The version of this format: 1.")
    language: f.Language = Field("en", description="The language of the texts; en if left out.")
    exercises: Exercises = Field(description="The exercises, by their id.")
