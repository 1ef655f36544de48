"""What is shipped can be used as it is: sessions check clean, and doses are those that were published."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.core.compiling import heard
from timer_app.core.compiler.compile import compile_session
from timer_app.core.compiler.pools import APART_MS
from timer_app.core.compiler.unroll import flat_steps
from timer_app.core.fields.notation import DoseRange
from timer_app.core.session.exercise import Exercise, SetDoses
from timer_app.core.session.model import Session, WorkStep
from timer_app.core.timeline.model import Cue, Phase, Timeline
from timer_app.core.timeline.utterance import Utterance
from timer_app.library.library import Library
from timer_app.system import paths
from timer_app.system.files import toml_files

SESSIONS = sorted(path.stem for path in toml_files(paths.shipped_sessions_dir()))
LEVELS = (0.0, 0.5, 1.0)


@cache
def _library() -> Library:
    return Library.default()


@cache
def _session(name: str) -> Session:
    library = _library()
    return library.load(library.find(name))[0]


@cache
def _timeline(name: str, level: float) -> Timeline:
    session = _session(name)
    lengths = _library().estimated_lengths(session.sound.theme)
    return compile_session(session, _library().plan(session, lengths, level)).timeline


def _exercise(name: str) -> Exercise:
    return _library().catalogue[name]


def test_there_are_the_sessions_that_the_readme_promises() -> None:
    assert SESSIONS == [
        "cat-cow-mobility",
        "desk-break",
        "full-programme",
        "posture-check",
        "roller-and-prone",
        "seated-stretches",
        "upper-back-release",
        "wall-and-shoulders",
    ]


@pytest.mark.parametrize("name", SESSIONS)
def test_a_shipped_session_checks_clean_without_warnings(name: str) -> None:
    assert _library().check(paths.shipped_sessions_dir() / f"{name}.toml") == []


@pytest.mark.parametrize("path", toml_files(paths.shipped_sessions_dir() / "exercises"), ids=lambda path: path.stem)
def test_a_shipped_file_of_exercises_checks_clean_without_warnings(path: Path) -> None:
    assert _library().check(path) == []


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", SESSIONS)
def test_every_line_of_the_author_is_heard_at_every_level(name: str, level: float) -> None:
    session = _session(name)
    plan = _library().plan(session, _library().estimated_lengths(session.sound.theme), level)
    assert [missed for missed in compile_session(session, plan).dropped if missed.origin] == []


def _breaks_silence(cue: Cue) -> bool:
    return cue.kind == "speech" or cue.text != "tick"


def _longest_silence_ms(phase: Phase, spill_ms: int) -> int:
    """The longest time without a line or a tone that marks something; the last line before lasts `spill_ms` into it."""
    quiet_ms, longest_ms = max(0, spill_ms), 0
    for cue in filter(_breaks_silence, phase.cues):
        longest_ms = max(longest_ms, cue.offset_ms - quiet_ms)
        quiet_ms = max(quiet_ms, cue.end_ms)
    return max(longest_ms, (phase.duration_ms or 0) - quiet_ms)


@cache
def _timelines(name: str, language: str) -> list[Timeline]:
    """The session in a language at every level, each in several wordings."""
    library = Library.default(language)
    session = library.load(library.find(name))[0]
    lengths = library.estimated_lengths(session.sound.theme)
    plans = (replace(library.plan(session, lengths, level), wording=n) for level in LEVELS for n in range(3))
    return [compile_session(session, plan).timeline for plan in plans]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", SESSIONS)
def test_no_rest_hold_or_preparation_has_more_than_25_seconds_of_silence(name: str, language: str) -> None:
    for timeline in _timelines(name, language):
        for before, phase in pairwise(timeline.phases):
            spill_ms = max((cue.end_ms for cue in before.cues), default=0) - (before.duration_ms or 0)
            if phase.is_plain_hold or phase.kind in {"rest", "switch", "prepare"}:
                assert _longest_silence_ms(phase, spill_ms) <= 25_000, phase.label


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", SESSIONS)
def test_no_filler_and_no_reminder_is_said_twice_within_two_minutes(name: str, language: str) -> None:
    library = Library.default(language)
    said = library.phrases(language)
    pool = {*said.halfway, *said.encourage, *said.breathe, *said.company, *said.company_rest}
    pool.update(*(exercise.reminders or () for exercise in library.catalogue_in(language).values()))
    for timeline in _timelines(name, language):
        last_ms: dict[str, int] = {}
        for line in heard(timeline, "speech"):
            if line.cue.text in pool:
                assert line.at_ms - last_ms.get(line.cue.text, -APART_MS) >= APART_MS, line.cue.text
                last_ms[line.cue.text] = line.at_ms


@pytest.mark.parametrize("name", SESSIONS)
def test_every_shipped_session_says_the_cautions_before_it_starts(name: str) -> None:
    opening = _timeline(name, 0.0).phases[0]
    for word in (
        "not medical advice",
        "health professional",
        "Stop at once",
        "sharply",
        "tolerable",
        "never as hard as possible",
    ):
        assert word in opening.text
    spoken = " ".join(cue.text for cue in opening.cues if cue.kind == "speech")
    assert opening.text in spoken


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("desk-break", (4, 6)),
        ("posture-check", (5, 9)),
        ("cat-cow-mobility", (10, 16)),
        ("upper-back-release", (13, 19)),
        ("full-programme", (40, 60)),
    ],
)
def test_a_session_takes_about_as_long_as_its_summary_says(name: str, minutes: tuple[int, int]) -> None:
    least, most = minutes
    assert least * 60_000 <= _timeline(name, 0.0).total_ms <= most * 60_000


def test_every_exercise_of_the_catalogue_is_used_in_a_session() -> None:
    used = {
        leaf.step.exercise
        for name in SESSIONS
        for leaf in flat_steps(_session(name).steps)
        if isinstance(leaf.step, WorkStep)
    }
    assert set(_library().catalogue) <= used


class Published(NamedTuple):
    """A dose as the articles give it."""

    hold: tuple[int, int] | None = None
    reps: tuple[int, int] | None = None
    sets: int = 1
    sides: tuple[str, ...] = ()


BALL = Published(hold=(20, 30), sides=("left", "right"))
EACH_WAY = Published(reps=(10, 15), sides=("forward", "backward"))
PUBLISHED: dict[str, Published] = {
    "ball-upper-trapezius": BALL,
    "ball-levator-scapulae": BALL,
    "ball-rhomboids": BALL,
    "shoulder-blade-retraction": Published(reps=(10, 15)),
    "shoulder-blade-push-up": Published(reps=(7, 10)),
    "wall-squat": Published(hold=(30, 60)),
    "shoulder-circles": EACH_WAY,
    "arm-circles": EACH_WAY,
    "chest-stretch": Published(hold=(10, 15), sides=("left", "right")),
    "back-extension": Published(hold=(10, 15), sets=5),
}
# For these the articles give no figure, or only "a few"; what stands in the catalogue is the project's own choice.
CHOSEN = {
    "acupressure-mat-rest",
    "ball-gentle-pressure",
    "cat-cow",
    "foam-roller-extension",
    "heat-rest",
    "levator-scapulae-stretch",
    "neck-release",
    "overhead-arm-stretch",
    "posture-check-chest-back",
    "posture-check-head",
    "posture-check-neck",
    "posture-check-shoulders",
    "rhomboid-stretch",
    "scapular-squeeze",
    "slow-breathing",
    "spinal-balance-test",
    "spinal-extensors",
    "thoracic-rotation",
    "thoracic-side-bend",
    "trap-raise-t",
    "trap-raise-y",
    "trigger-point-press-test",
    "upper-trapezius-stretch",
    "wall-shoulder-stretch",
}


def _ends(dose: SetDoses | None, unit: int = 1) -> tuple[int, int] | None:
    assert not isinstance(dose, tuple), "no exercise of the catalogue lists its sets"
    return None if dose is None else (dose.low // unit, dose.high // unit)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_dose_stands_in_the_catalogue_as_it_was_published(name: str) -> None:
    found, published = _exercise(name), PUBLISHED[name]
    assert _ends(found.hold, 1_000) == published.hold
    assert _ends(found.reps) == published.reps
    assert _ends(found.sets or DoseRange(1, 1)) == (published.sets, published.sets)
    assert (found.sides or ()) == published.sides
    assert "Published dose" in (found.source or "")


def test_every_other_dose_is_marked_as_the_project_s_own_choice() -> None:
    catalogue = _library().catalogue
    assert set(catalogue) == set(PUBLISHED) | CHOSEN
    assert [name for name in sorted(CHOSEN) if "own" not in (catalogue[name].source or "")] == []


def test_a_few_seconds_and_a_few_minutes_are_three() -> None:
    tempo = _exercise("shoulder-blade-retraction").tempo
    assert isinstance(tempo, tuple)
    assert {part.name: part.lasts.low for part in tempo}["hold"] == 3_000
    for name in ("acupressure-mat-rest", "heat-rest"):
        assert _ends(_exercise(name).hold, 60_000) == (3, 3)
    breathing = _exercise("slow-breathing")
    assert sum(part.lasts.low for part in breathing.flow or ()) * (breathing.rounds or DoseRange(1, 1)).low == 180_000


def test_cat_and_cow_alternate_breathing_out_hard_and_in_deep() -> None:
    parts = _exercise("cat-cow").flow or ()
    assert [(part.name, part.lasts.low, part.breath) for part in parts] == [("Cat", 4_000, "out"), ("Cow", 4_000, "in")]


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_sessions_do_a_published_dose_in_full_on_each_side(name: str) -> None:
    published = PUBLISHED[name]
    low, high = published.hold or published.reps or (0, 0)
    for level, amount in ((0.0, low), (1.0, high)):
        done = _work_of(name, level)
        assert done
        for sides in done:
            assert len(sides) == published.sets * max(1, len(published.sides))
            assert set(sides) == {amount}


def _work_of(exercise: str, level: float) -> list[list[int]]:
    """For each time an exercise is done: the seconds or reps of every set and side."""
    found = []
    for name in SESSIONS:
        timeline = _timeline(name, level)
        for index, leaf in enumerate(flat_steps(_session(name).steps)):
            if not isinstance(leaf.step, WorkStep) or leaf.step.exercise != exercise:
                continue
            units: dict[int | None, dict[int, int]] = {}
            for phase in timeline.phases:
                if phase.kind == "work" and phase.step == index:
                    amount = phase.reps if phase.reps is not None else (phase.duration_ms or 0) // 1_000
                    units.setdefault(phase.round, {})[phase.unit] = amount
            found += [list(unit.values()) for unit in units.values()]
    return found


@pytest.mark.parametrize("name", sorted(PUBLISHED | dict.fromkeys(CHOSEN)))
def test_an_instruction_can_be_followed_by_somebody_who_only_listens(name: str) -> None:
    exercise = _exercise(name)
    words = f"{exercise.say} {exercise.begin or ''}"
    length_ms = _library().estimated_lengths("calm").speech(Utterance(words)).length_ms
    assert 6_000 <= length_ms <= 25_000
    assert exercise.source
    assert not any(mark in words for mark in "*_#<>/")
