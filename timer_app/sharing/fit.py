"""A session as a FIT workout, which watches and their apps take: written by fit-tool, which comes with an extra."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from fit_tool.fit_file_builder import FitFileBuilder
from fit_tool.profile import profile_type as fit
from fit_tool.profile.messages.file_id_message import FileIdMessage
from fit_tool.profile.messages.workout_message import WorkoutMessage
from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage

from timer_app.sharing.watch_steps import Repeat, WatchStep, Workout, cut

MAX_DESCRIPTION: Final = 250  # bytes; a text of FIT has 255 at most


class _Known(NamedTuple):
    """An exercise that watches know.

    Attributes:
        category: Its category.
        name: Its number there; `None` for any of the category.
    """

    category: fit.ExerciseCategory
    name: Any = None


_WARM_UP, _SQUAT = fit.ExerciseCategory.WARM_UP, fit.ExerciseCategory.SQUAT
_SHOULDERS, _BACK = fit.ExerciseCategory.SHOULDER_STABILITY, fit.ExerciseCategory.HYPEREXTENSION
# Those of the bundled catalogue that are the same exercise there; others stay without a picture of the watch's.
_BY_ID: Final = {
    "cat-cow": _Known(_WARM_UP, fit.WarmUpExerciseName.CAT_CAMEL),
    "thoracic-rotation": _Known(_WARM_UP, fit.WarmUpExerciseName.THORACIC_ROTATION),
    "thoracic-side-bend": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_SIDE),
    "arm-circles": _Known(_WARM_UP, fit.WarmUpExerciseName.ARM_CIRCLES),
    "shoulder-circles": _Known(_WARM_UP, fit.WarmUpExerciseName.SHOULDER_CIRCLES),
    "levator-scapulae-stretch": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_LEVATOR_SCAPULAE),
    "upper-trapezius-stretch": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_NECK),
    "neck-release": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_NECK),
    "chest-stretch": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_PECTORAL),
    "wall-shoulder-stretch": _Known(_WARM_UP, fit.WarmUpExerciseName.STRETCH_WALL_CHEST_AND_SHOULDER),
    "rhomboid-stretch": _Known(_WARM_UP, fit.WarmUpExerciseName.UPPER_BACK_STRETCH),
    "foam-roller-extension": _Known(_WARM_UP, fit.WarmUpExerciseName.BACK_ROLL_FOAM_ROLLER),
    "wall-squat": _Known(_SQUAT, fit.SquatExerciseName.BODY_WEIGHT_WALL_SQUAT),
    "trap-raise-t": _Known(_SHOULDERS, fit.ShoulderStabilityExerciseName.FLOOR_T_RAISE),
    "trap-raise-y": _Known(_SHOULDERS, fit.ShoulderStabilityExerciseName.FLOOR_Y_RAISE),
    "back-extension": _Known(_BACK, fit.HyperextensionExerciseName.SPINE_EXTENSION),
    "spinal-extensors": _Known(_BACK, fit.HyperextensionExerciseName.SPINE_EXTENSION),
    "shoulder-blade-retraction": _Known(fit.ExerciseCategory.SHRUG, fit.ShrugExerciseName.SCAPULAR_RETRACTION),
    "scapular-squeeze": _Known(fit.ExerciseCategory.SHRUG, fit.ShrugExerciseName.SCAPULAR_RETRACTION),
}
# What the name of any exercise says of its kind, the more special ones first.
_BY_WORDS: Final = tuple(
    (re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE), _Known(category))
    for words, category in (
        ("push[- ]?up|press[- ]?up", fit.ExerciseCategory.PUSH_UP),
        ("pull[- ]?up|chin[- ]?up", fit.ExerciseCategory.PULL_UP),
        ("sit[- ]?up", fit.ExerciseCategory.SIT_UP),
        ("calf raise", fit.ExerciseCategory.CALF_RAISE),
        ("glute bridge|hip raise|hip thrust", fit.ExerciseCategory.HIP_RAISE),
        ("plank", fit.ExerciseCategory.PLANK),
        ("crunch|crunche", fit.ExerciseCategory.CRUNCH),
        ("deadlift", fit.ExerciseCategory.DEADLIFT),
        ("lunge", fit.ExerciseCategory.LUNGE),
        ("squat", _SQUAT),
        ("row", fit.ExerciseCategory.ROW),
    )
)
# What FIT can say: seconds from the end of 1989 on, in four bytes. The clock of a computer may be set to anything.
_EARLIEST_MS: Final = 631_065_600_000
_LATEST_MS: Final = _EARLIEST_MS + (2**32 - 2) * 1_000


def fit_of(workout: Workout, created_ms: int) -> bytes:
    """A workout as FIT.

    Args:
        workout: The workout.
        created_ms: When it is made, in milliseconds since 1970; with the workout's own number it is unlike any other.
    """
    steps = list(_messages(workout))
    builder = FitFileBuilder(auto_define=True)
    builder.add(_file_id(workout, created_ms))
    builder.add(_head(workout, len(steps)))
    builder.add_all(steps)
    return bytes(builder.build().to_bytes())


def _file_id(workout: Workout, created_ms: int) -> FileIdMessage:
    message = FileIdMessage()
    message.type = fit.FileType.WORKOUT
    message.manufacturer = fit.Manufacturer.DEVELOPMENT.value
    message.product = 0
    message.serial_number = zlib.crc32(repr(workout).encode()) or 1  # zero means that there is none
    message.time_created = min(_LATEST_MS, max(_EARLIEST_MS, created_ms))
    return message


def _head(workout: Workout, count: int) -> WorkoutMessage:
    message = WorkoutMessage()
    message.workout_name = workout.name
    if workout.description:
        message.workout_description = cut(workout.description, MAX_DESCRIPTION)
    message.sport = fit.Sport.TRAINING
    is_strength = any(step.kind == "reps" or step.kilograms for step in workout.each_step)
    message.sub_sport = fit.SubSport.STRENGTH_TRAINING if is_strength else fit.SubSport.FLEXIBILITY_TRAINING
    message.num_valid_steps = count
    return message


def _messages(workout: Workout) -> Iterator[WorkoutStepMessage]:
    """The steps, each repeat after what it repeats."""
    number = 0
    for step in workout.steps:
        if not isinstance(step, Repeat):
            yield _step(step, number)
            number += 1
            continue
        first = number
        for one in step.steps:
            yield _step(one, number)
            number += 1
        yield _repeat(first, step.times, number)
        number += 1


def _repeat(first: int, times: int, number: int) -> WorkoutStepMessage:
    message = WorkoutStepMessage()
    message.message_index = number
    message.duration_type = fit.WorkoutStepDuration.REPEAT_UNTIL_STEPS_CMPLT
    message.duration_value = first
    message.target_value = times
    return message


def _step(step: WatchStep, number: int) -> WorkoutStepMessage:
    message = WorkoutStepMessage()
    message.message_index = number
    message.workout_step_name = step.name
    if step.notes:
        message.notes = step.notes
    message.intensity = fit.Intensity.REST if step.is_rest else fit.Intensity.ACTIVE
    message.target_type = fit.WorkoutStepTarget.OPEN
    match step.kind:
        case "time":
            message.duration_type = fit.WorkoutStepDuration.TIME
            message.duration_time = step.amount / 1_000
        case "distance":
            message.duration_type = fit.WorkoutStepDuration.DISTANCE
            message.duration_distance = step.amount / 1_000
        case "reps":
            message.duration_type = fit.WorkoutStepDuration.REPS
            message.duration_reps = step.amount
        case "open":
            message.duration_type = fit.WorkoutStepDuration.OPEN
    known = None if step.is_rest else _known(step.exercise)
    if known is not None:
        message.exercise_category = known.category.value
        if known.name is not None:
            message.exercise_name = known.name.value
    if step.kilograms:
        message.exercise_weight = step.kilograms
    return message


def _known(exercise: str) -> _Known | None:
    """What watches know an exercise as."""
    words = exercise.replace("-", " ")
    return _BY_ID.get(exercise) or next((known for pattern, known in _BY_WORDS if pattern.search(words)), None)
