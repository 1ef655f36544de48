"""The schema of sessions; authors read its descriptions in their editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from timer_app.core.constraints import DEFAULT_THEME, Company
from timer_app.core.diagnostics import meant_key, nearest
from timer_app.core.fields import NotationError
from timer_app.core.fields import types as f
from timer_app.core.fields.types import Strict
from timer_app.core.i18n import N_, _
from timer_app.core.player import MusicInRests
from timer_app.core.session import blocks
from timer_app.core.session import exercise as ex
from timer_app.core.session.exercise import DoseKey, Exercise, Voiced, WorkKeys
from timer_app.core.timeline.utterance import Manner

STEP_ALLOWED = N_("one of exercise, hold, reps, distance, flow, steps, session, rest, say, wait, measure")


def _catalogue(info: ValidationInfo) -> Mapping[str, Exercise] | None:
    found: Mapping[str, Exercise] | None = (info.context or {}).get("exercises")
    return found


class Prioritised(Strict):
    """A step that may be left out."""

    priority: f.Priority = Field(f.USUAL, description="What is left out first where not all is done; 2 if left out.")


class WorkStep(Prioritised, WorkKeys):
    """A step of work: what all its kinds share."""

    dose: ClassVar[DoseKey | None] = None
    refused_keys: ClassVar[frozenset[str]] = frozenset()
    exercise: f.Identifier | None = Field(None, description="The id of an exercise of the catalogue.")
    name: f.Name | None = Field(None, description="The name, where it is not the catalogue's.")

    @field_validator("exercise")
    @classmethod
    def _is_known(cls, value: str | None, info: ValidationInfo) -> str | None:
        catalogue = _catalogue(info)
        if value is None or catalogue is None or value in catalogue:
            return value
        raise NotationError(
            _('there is no exercise "{value}"').format(value=value),
            _("an id that `timer-app list --exercises` shows"),
            nearest(value, catalogue) or "",
        )

    @model_validator(mode="after")
    def _is_whole(self, info: ValidationInfo) -> Self:
        if self.recording is not None:
            ex.can_be_recorded(self.say)
        if self.exercise is None and self.name is None:
            raise PydanticCustomError(
                "name", _("this step has no name"), {"allowed": _("a name, or an exercise that has one")}
            )
        if self.dose is not None:
            ex.refuse_keys_of_other_doses(self, self.dose, _("a step with {dose}").format(dose=self.dose))
        used = (_catalogue(info) or {}).get(self.exercise or "")
        ex.refuse_other_sets(self, used)
        ex.refuse_contradictions(self, used)
        if self.figure is not None:
            self.figure.check_parts(ex.part_names(self) or (ex.part_names(used) if used else ()))
        return self


class HoldStep(WorkStep):
    """Hold a position for some time."""

    dose = "hold"
    refused_keys = ex.keys_of_other_doses("hold")
    hold: f.HoldDoses = Field(description="How long; a range grows with the level, and a list has one time a set.")

    _holds = field_validator("hold")(ex.above_zero)


class RepsStep(WorkStep):
    """Do something some number of times."""

    dose = "reps"
    refused_keys = ex.keys_of_other_doses("reps")
    reps: f.RepsDoses = Field(description="How often; a range grows with the level, and a list has one number a set.")


class DistanceStep(WorkStep):
    """Go some way at one's own pace."""

    dose = "distance"
    refused_keys = ex.keys_of_other_doses("distance")
    distance: f.DistanceDoses = Field(description="How far; a range grows with the level, a list has one a set.")


class FlowStep(WorkStep):
    """Go through named parts, some rounds."""

    dose = "flow"
    refused_keys = ex.keys_of_other_doses("flow")
    flow: ex.FlowParts = Field(description="The parts that alternate.")

    @model_validator(mode="after")
    def _has_rounds(self, info: ValidationInfo) -> Self:
        ex.refuse_other_rounds(self, (_catalogue(info) or {}).get(self.exercise or ""))
        return self


class ExerciseStep(WorkStep):
    """An exercise of the catalogue in its own dose."""

    exercise: f.Identifier = Field(description="The id of an exercise of the catalogue.")

    @model_validator(mode="after")
    def _fits_exercise(self, info: ValidationInfo) -> Self:
        used = (_catalogue(info) or {}).get(self.exercise)
        if used is not None:
            ex.refuse_keys_of_other_doses(
                self,
                used.dose,
                _('the exercise "{exercise}", which goes by {dose}').format(exercise=self.exercise, dose=used.dose),
            )
        return self


class RestStep(Voiced):
    """A pause; none if it is zero."""

    rest: f.DurationDose = Field(description="How long.")
    company: Company | None = Field(None, description="How soon a long silence is broken by a few words.")
    say: f.Text | None = Field(None, description="Spoken at its start, in place of the coach's word.")
    recording: f.Recording | None = Field(None, description="A file that is played in place of speaking say.")
    text: f.Text | None = Field(None, description="Shown, where not what is spoken.")

    @model_validator(mode="after")
    def _is_the_same_each_time(self) -> Self:
        if self.recording is not None:
            ex.can_be_recorded(self.say)
        return self


class SayStep(Voiced):
    """Something the coach says; the session goes on when it is said."""

    say: f.Text = Field(description="The line.")
    recording: f.Recording | None = Field(None, description="A file that is played in place of speaking say.")
    text: f.Text | None = Field(None, description="The line as shown, where not as it is spoken.")

    @model_validator(mode="after")
    def _is_the_same_each_time(self) -> Self:
        if self.recording is not None:
            ex.can_be_recorded(self.say)
        return self


class WaitStep(Voiced):
    """Wait until the user goes on."""

    wait: f.Text = Field(description="What to do meanwhile, shown and spoken.")
    recording: f.Recording | None = Field(None, description="A file that is played in place of speaking wait.")

    @model_validator(mode="after")
    def _is_the_same_each_time(self) -> Self:
        if self.recording is not None:
            ex.can_be_recorded(self.wait, "wait")
        return self


class Suggestion(Strict):
    """A session that an answer suggests."""

    session: f.SessionId = Field(description="The session to train with, by its name in the list.")
    because: f.Text = Field(description="Why, shown in the summary; {side} stands for the side.")
    answer: f.Answers | None = Field(None, description="For which answer or range of answers.")
    apart: float | None = Field(
        None,
        gt=0,
        allow_inf_nan=False,
        description="For sides that are at least so far apart; {side} is the larger one.",
    )

    @model_validator(mode="after")
    def _is_for_something(self) -> Self:
        if (self.answer is None) == (self.apart is None):
            raise PydanticCustomError(
                "suggest", _("a suggestion needs one of answer and apart"), {"allowed": "answer = 1"}
            )
        return self


class Consequence(Strict):
    """Where the session goes on after an answer."""

    go: f.Name = Field(
        description='"end", "easier", "harder", or the name of a step that comes later (or the id of its exercise).'
    )
    answer: f.Answers | None = Field(None, description="For which answer or range of answers.")
    apart: float | None = Field(
        None, gt=0, allow_inf_nan=False, description="For sides that are at least so far apart."
    )

    @model_validator(mode="after")
    def _is_for_something(self) -> Self:
        if (self.answer is None) == (self.apart is None):
            said = _("what follows from an answer needs one of answer and apart")
            raise PydanticCustomError("then", said, {"allowed": 'answer = "6-10"'})
        return self


class MeasureStep(Prioritised, Voiced):
    """Ask for a number."""

    measure: f.Identifier = Field(description='What is measured: "pain" asks 0 to 10; other names are yours.')
    name: f.Name | None = Field(None, description="How it is called on the screen; for pain, the area.")
    say: f.Text | None = Field(None, description="The question, shown and spoken.")
    text: f.Text | None = Field(None, description="The question as shown, where not as it is spoken.")
    sides: f.Sides | None = Field(None, description="Asked once for each side.")
    unit: f.Unit | None = Field(None, description="Shown behind the number.")
    limits: f.MeasureRange | None = Field(None, alias="range", description="The smallest and the largest answer.")
    suggest: Annotated[tuple[Suggestion, ...], Field(max_length=20), BeforeValidator(f.as_tuple)] = Field(
        (), description="Sessions that answers suggest, named in the summary."
    )
    then: Annotated[tuple[Consequence, ...], Field(max_length=20), BeforeValidator(f.as_tuple)] = Field(
        (), description="Where the session goes on after some answers; the first that holds counts."
    )
    _written_name: str = PrivateAttr("")

    def model_post_init(self, _context: object) -> None:
        """Keep the name of the file, which a translation does not change."""
        self._written_name = self.name or ""

    @property
    def written_name(self) -> str:
        """The name as it is in the file, whatever language the step is translated into; empty for none."""
        return self._written_name


class SessionStep(Prioritised):
    """Another session in the place of this step."""

    session: f.SessionId = Field(description="The session, by its name in the list.")


class Block(Prioritised):
    """Steps that are done one after the other, some rounds."""

    steps: Steps = Field(description="What is done in each round, in order.")
    name: f.Name | None = Field(None, description="Its name.")
    rounds: f.CountDose | None = Field(
        None, description="How often; once if left out. A range is a dose that grows with the level."
    )
    rest: f.Duration | None = Field(None, description="Rest between the rounds, never after the last.")
    between: f.Duration | None = Field(None, description="Rest between the steps, and between rounds without rest.")
    shuffle: bool = Field(False, description="A new order in each round; rests stay where they are.")
    pick: int | None = Field(None, ge=1, le=f.MAX_LIST, description="So many of its steps, chosen by chance.")
    every: f.Duration | None = Field(None, description="Each round begins so long after the one before it.")
    within: f.Duration | None = Field(
        None, description="As many rounds as possible in this time, or the rounds as fast as possible."
    )
    sides: Literal["each"] | None = Field(None, description="The whole sequence on the left, then on the right.")

    @model_validator(mode="after")
    def _goes_by_one_clock(self) -> Self:
        blocks.check_clock(self)
        blocks.check_pick(self.pick, sum(isinstance(step, Prioritised) for step in self.steps))
        return self


def _kind_of_step(value: object) -> str | None:
    """The kind that follows from the keys a step has; the first in this order that is there.

    `None` for a rest or a line beside another word for a dose: that is work, whose key is called otherwise here.
    """
    if isinstance(value, dict):
        found = next((key for key in STEP_KINDS if key in value), None)
        return None if found in {"rest", "say"} and _names_a_dose(value, STEP_KINDS[found]) else found
    return next((key for key, kind in STEP_KINDS.items() if isinstance(value, kind)), None)


def _names_a_dose(step: Mapping[str, object], kind: type[Strict]) -> bool:
    """Whether a key that this kind of step does not have means a dose."""
    strange = (key for key in step if key not in kind.model_fields)
    return any(meant_key(key, ex.DOSE_KEYS) in ex.DOSE_KEYS for key in strange)


STEP_KINDS: dict[str, type[Strict]] = {
    "steps": Block,
    "session": SessionStep,
    "measure": MeasureStep,
    "wait": WaitStep,
    "flow": FlowStep,
    "reps": RepsStep,
    "distance": DistanceStep,
    "hold": HoldStep,
    "exercise": ExerciseStep,
    "rest": RestStep,
    "say": SayStep,
}

Step = Annotated[
    Annotated[Block, Tag("steps")]
    | Annotated[SessionStep, Tag("session")]
    | Annotated[MeasureStep, Tag("measure")]
    | Annotated[WaitStep, Tag("wait")]
    | Annotated[FlowStep, Tag("flow")]
    | Annotated[RepsStep, Tag("reps")]
    | Annotated[DistanceStep, Tag("distance")]
    | Annotated[HoldStep, Tag("hold")]
    | Annotated[ExerciseStep, Tag("exercise")]
    | Annotated[RestStep, Tag("rest")]
    | Annotated[SayStep, Tag("say")],
    Discriminator(
        _kind_of_step,
        custom_error_type="step",
        custom_error_message=N_("this step has no key that says what it is"),
        custom_error_context={"allowed": STEP_ALLOWED},
    ),
]
Steps = Annotated[tuple[Step, ...], Field(max_length=f.MAX_LIST), BeforeValidator(f.filled_tuple)]


class Defaults(Strict):
    """What holds for every step that says nothing else."""

    fit: f.Fit = Field("words", description="Phases grow for what is said, or last by the clock; words if left out.")
    label: f.Name | None = Field(None, description="The big word during work; WORK or HOLD if left out.")
    prepare: f.Duration = Field(6_000, description="Time to get ready, a rest before it counted; 6 s if left out.")
    settle: f.Duration = Field(0, description="Silence between an instruction and the start; none if left out.")
    rest: f.Duration = Field(10_000, description="Rest between sets and between rounds; 10 s if left out.")
    switch: f.Duration = Field(6_000, description="Time to change sides; 6 s if left out.")
    company: Company | None = Field(None, description="How soon a long silence is broken by a few words.")
    countdown: f.Countdown = Field(3, description="How many last seconds are marked, 0 to 10; 3 if left out.")
    marks: f.Marks = Field("halves", description="Into which shares holds are divided; halves if left out.")
    heads_up: f.Duration = Field(0, description="A warning so long before the end of a hold; none if left out.")
    tell_time: f.TellTime = Field(0, description="How often in a hold the time left is told; never if left out.")
    tempo_starts: f.TempoStart | None = Field(
        None, description="With what tempos in numbers start: lift or lower; lift if left out."
    )
    ask: f.Ask = Field((), description="What is asked after each set: reps, load, rpe or rir; nothing if left out.")
    ask_for: f.AskFor = Field(10_000, description="How long such a question waits; 10 s if left out.")


class Sound(Strict):
    """How the session sounds."""

    theme: f.Identifier = Field(DEFAULT_THEME, description="The set of cue sounds; calm if left out.")
    sounds: f.OwnSounds = Field({}, description="Files in place of single sounds: WAV files beside the session.")
    music: Annotated[tuple[f.MusicPath, ...], Field(max_length=f.MAX_MUSIC), BeforeValidator(f.as_tuple)] = Field(
        (), description="Music: MP3, FLAC, OGG or WAV files, or folders of them."
    )
    music_volume: f.Percent = Field(30, description="Loudness of the music in percent; 30 if left out.")
    music_in_rests: MusicInRests = Field("quieter", description="What becomes of the music in rests.")

    @field_validator("theme")
    @classmethod
    def _is_known(cls, value: str, info: ValidationInfo) -> str:
        themes = (info.context or {}).get("themes")
        if themes is None or value in themes:
            return value
        raise NotationError(
            _('there is no sound theme "{value}"').format(value=value),
            ", ".join(sorted(themes)),
            nearest(value, themes) or "",
        )


class SessionVoice(ex.Speaking):
    """Who speaks in a session, and how."""

    name: f.VoiceName | None = Field(None, description="The voice, such as espeak, system or one that you added.")


class CoachRecordings(Strict):
    """Recordings of what the coach says of its own in every session."""

    opening: f.Recording | None = Field(None, description="A file in place of the line with the session's name.")
    closing: f.Recording | None = Field(None, description="A file that is played in place of the last words.")


class Session(Strict):
    """A session file."""

    schema_version: f.SchemaVersion = Field(alias="schema", description="The version of this format: 1.")
    name: f.Name = Field(description="The session's name.")
    summary: f.Text | None = Field(None, description="One line for the list of sessions.")
    language: f.Language = Field("en", description="The language of the texts, which the voice speaks; en if left out.")
    level: f.Level | None = Field(
        None, description="Where in every range the dose is taken: 0 for the low end, 1 for the high end."
    )
    cautions: f.Texts = Field((), description="Shown and spoken before the start.")
    defaults: Defaults = Field(Defaults(), description="What holds for every step that says nothing else.")
    sound: Sound = Field(Sound(), description="How the session sounds.")
    voice: SessionVoice = Field(SessionVoice(), description="Who speaks, and how.")
    recordings: CoachRecordings = Field(CoachRecordings(), description="Files in place of the coach's own words.")
    lexicon: f.Lexicon = Field({}, description="Words that the voice gets wrong, each with its spelling for the voice.")
    steps: Steps = Field(description="What is done, in order.")

    @property
    def manner(self) -> Manner:
        """How its lines are spoken, where a step does not say otherwise."""
        return Manner(self.voice.rate, self.voice.pitch, self.language)


class IncludedSession(Block):
    """A session that another one names, in the place of its `SessionStep`; files have no such step.

    What the session says of defaults, language, cautions and voice holds for its steps; but where the one around it
    goes by the clock, it does too.
    """

    session_id: str
    session: Session

    @classmethod
    def of(cls, step: SessionStep, session: Session) -> IncludedSession:
        """Put a session in the place of the step that names it."""
        session = with_one_fit(session)
        own = {
            "session_id": step.session,
            "session": session,
            **step.model_dump(include={"priority"}, exclude_unset=True),
        }
        return cls.model_construct(steps=session.steps, name=session.name, rounds=None, rest=None, **own)


def with_one_fit(session: Session) -> Session:
    """A session, with all that are put into it by the clock if it is: otherwise it would not last what is written."""
    if session.defaults.fit != "clock":
        return session
    return session.model_copy(update={"steps": tuple(map(_by_the_clock, session.steps))})


def _by_the_clock(step: Step) -> Step:
    if isinstance(step, IncludedSession):
        defaults = step.session.defaults.model_copy(update={"fit": "clock"})
        session = with_one_fit(step.session.model_copy(update={"defaults": defaults}))
        return step.model_copy(update={"session": session, "steps": session.steps})
    if isinstance(step, Block):
        return step.model_copy(update={"steps": tuple(map(_by_the_clock, step.steps))})
    return step


Block.model_rebuild()
Session.model_rebuild()
IncludedSession.model_rebuild()
