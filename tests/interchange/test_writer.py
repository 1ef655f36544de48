"""What is written is what was read: rules that hold for every session of the neutral model."""

from __future__ import annotations

import string
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.compiling import PlainLengths, plan
from timer_app.core.compiler import compile_session
from timer_app.core.diagnostics import parse_toml, validate_source
from timer_app.core.fields import DoseRange, parse_duration_ms
from timer_app.core.fields.doses import parse_hold_dose, parse_reps_dose
from timer_app.core.fields.types import MAX_COUNT, MAX_DURATION_MS
from timer_app.core.session.model import Session
from timer_app.interchange import open_sources, plan_import, write_planned
from timer_app.interchange.catalogue import ExerciseNames
from timer_app.interchange.limits import fitted, length_ms
from timer_app.interchange.model import (
    Block,
    Cue,
    ImportedSession,
    Part,
    Rest,
    Say,
    Step,
    Wait,
    Work,
)
from timer_app.interchange.texts import cleaned, cleaned_name, slug
from timer_app.interchange.writer import FreePaths, session_text
from timer_app.library import Library
from timer_app.system import paths

names = st.text(string.ascii_letters + "äé漢 -'\"\\#=[]", min_size=1, max_size=20).map(
    lambda text: cleaned_name(f"a{text}")[0]
)
lengths_ms = st.integers(1, 600_000)


def ranges(values: st.SearchStrategy[int]) -> st.SearchStrategy[DoseRange]:
    ends = st.tuples(values, values).map(sorted)
    return ends.map(lambda both: DoseRange(both[0], both[1])) | values.map(lambda one: DoseRange(one, one))


def doses(values: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[DoseRange, ...]]:
    one = ranges(values) | values.map(lambda low: DoseRange(low, low, is_open=True))
    return one.map(lambda dose: (dose,)) | st.lists(one, min_size=2, max_size=3).map(tuple)


@st.composite
def works(draw: st.DrawFn) -> Work:
    work = Work(
        draw(names),
        rest_ms=draw(st.none() | lengths_ms),
        sides=draw(st.sampled_from(["", "each", "left", "right"])),
        switch_ms=draw(st.none() | lengths_ms),
        say=draw(st.just("") | names),
        load=draw(st.sampled_from(["", "20 kg", "bodyweight"])),
    )
    if draw(st.booleans()):
        work = replace(work, hold=draw(doses(lengths_ms)), overrun=draw(st.booleans()))
        work = replace(work, cues=draw(st.sampled_from([(), (Cue("start", "Go."), Cue("every 1s", sound="tick"))])))
    else:
        parts = st.lists(st.builds(Part, names, st.integers(500, 4_000)), min_size=1, max_size=3).map(tuple)
        work = replace(
            work, reps=draw(doses(st.integers(1, 30))), tempo=draw(st.sampled_from(["", "2-1-2", "free"]) | parts)
        )
    listed = max(len(work.hold), len(work.reps)) > 1
    return work if listed else replace(work, sets=draw(st.integers(1, 5)))


plain: st.SearchStrategy[Step] = (
    works() | st.builds(Rest, lengths_ms, st.just("") | names) | st.builds(Say, names) | st.builds(Wait, names)
)
steps: st.SearchStrategy[Step] = st.recursive(
    plain,
    lambda inner: st.builds(
        Block,
        st.lists(inner, min_size=1, max_size=3).map(tuple),
        st.just("") | names,
        st.integers(1, 4),
        st.just(0) | lengths_ms,
        st.none() | lengths_ms,
        st.booleans(),
    ),
    max_leaves=6,
)
sessions = st.builds(
    ImportedSession,
    names,
    st.lists(steps, min_size=1, max_size=4).map(tuple),
    st.just("") | names,
    st.sampled_from(["en", "de"]),
    rest_ms=st.sampled_from([0, 10_000]),
    switch_ms=st.sampled_from([0, 6_000]),
)


def read_back(text: str) -> ImportedSession:
    """The session of a file in the neutral model, read without any of the program's writer."""
    data = tomllib.loads(text)
    defaults = data["defaults"]
    assert defaults["fit"] == "clock"
    prepare_ms, rest_ms, switch_ms = (parse_duration_ms(defaults[key]) for key in ("prepare", "rest", "switch"))
    return ImportedSession(
        data["name"],
        tuple(map(_step, data["steps"])),
        data.get("summary", ""),
        data["language"],
        prepare_ms=prepare_ms,
        rest_ms=rest_ms,
        switch_ms=switch_ms,
    )


def _step(step: dict[str, Any]) -> Step:
    def time(key: str) -> int | None:
        return parse_duration_ms(step[key]) if key in step else None

    if "steps" in step:
        inside = tuple(map(_step, step["steps"]))
        rounds = step.get("rounds", 1)
        return Block(
            inside, step.get("name", ""), rounds, time("rest") or 0, time("between"), step.get("shuffle", False)
        )
    if "hold" not in step and "reps" not in step:
        if "rest" in step:
            return Rest(time("rest") or 0, step.get("say", ""))
        return Say(step["say"]) if "say" in step else Wait(step["wait"])
    tempo = step.get("tempo", "")
    parts = (
        tempo if isinstance(tempo, str) else tuple(Part(part["name"], parse_duration_ms(part["for"])) for part in tempo)
    )
    return Work(
        step["name"],
        _doses(step.get("hold", []), parse_hold_dose),
        _doses(step.get("reps", []), parse_reps_dose),
        sets=step.get("sets", 1),
        rest_ms=time("rest"),
        sides=step.get("sides", ""),
        switch_ms=time("switch"),
        tempo=parts,
        load=step.get("load", ""),
        say=step.get("say", ""),
        overrun=step.get("overrun", False),
        cues=tuple(Cue(cue["at"], cue.get("say", ""), cue.get("sound", "")) for cue in step.get("cues", ())),
    )


def _doses(value: Any, parse: Any) -> tuple[DoseRange, ...]:
    found = [parse(one) for one in (value if isinstance(value, list) else [value])]
    return tuple(DoseRange(dose.low, dose.high, is_open=dose.is_open) for dose in found)


def as_written(session: ImportedSession) -> ImportedSession:
    """A session without what has no meaning in a file: a rest of one round, no rest between."""
    return replace(session, steps=tuple(map(_as_written, session.steps)))


def _as_written(step: Step) -> Step:
    if not isinstance(step, Block):
        return step
    rest_ms = step.rest_ms if step.rounds > 1 else 0
    return replace(step, steps=tuple(map(_as_written, step.steps)), rest_ms=rest_ms)


@given(sessions)
def test_what_is_written_reads_back_as_the_same_session(session: ImportedSession) -> None:
    whole, _ = fitted(session)
    if whole is not None:
        assert read_back(session_text(whole)) == as_written(whole)


@settings(max_examples=50)
@given(sessions)
def test_what_is_written_is_a_session_that_lasts_what_its_source_says(session: ImportedSession) -> None:
    whole, _ = fitted(session)
    if whole is None:
        return
    read, problems = validate_source(Session, parse_toml(session_text(whole), "x.toml"), {"exercises": {}})
    assert read is not None, problems
    timeline = compile_session(read, plan()).timeline
    if all(phase.duration_ms is not None for phase in timeline.phases):
        assert timeline.total_ms == length_ms(whole)


@given(st.text(max_size=300))
def test_any_text_becomes_one_that_sessions_may_have(text: str) -> None:
    for made in (cleaned_name(text)[0], cleaned(text)[0]):
        if made:
            steps = (Say(made),)
            found, problems = validate_source(Session, parse_toml(session_text(ImportedSession("a", steps)), "x"), {})
            assert found is not None, problems


@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=5).map(tuple))
def test_no_name_leads_out_of_the_folder_of_sessions(name: str, folder: tuple[str, ...]) -> None:
    session = ImportedSession(name, (Rest(1),), folder=folder)
    file = FreePaths(Path("/nowhere/sessions"), Path("/nowhere/exercises")).session(session, "")
    inside = file.path.relative_to("/nowhere/sessions")
    assert len(inside.parts) <= 4
    assert all(
        part.strip("-") and set(part) <= set(string.ascii_lowercase + string.digits + "-")
        for part in inside.with_suffix("").parts
    )
    assert inside.suffix == ".toml"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("../../etc/passwd", "etc-passwd"), ("CON", "con-session"), ("ß Ü", "ss-ue"), ("漢字", "imported")],
)
def test_a_file_is_named_by_letters_that_every_system_takes(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_the_limits_are_those_of_sessions() -> None:
    for rounds, length, is_allowed in ((MAX_COUNT, MAX_DURATION_MS, True), (MAX_COUNT + 1, 1_000, False)):
        steps = (Block((Rest(1),), rounds=rounds), Rest(length))
        found, _ = validate_source(Session, parse_toml(session_text(ImportedSession("a", steps)), "x"), {})
        assert (found is not None) is is_allowed


class TestFiles:
    @staticmethod
    def write(*texts: str) -> list[Path]:
        found = plan_import(
            Library.default(), [one for text in texts for one in open_sources("plan.txt", text.encode())]
        )
        write_planned(found.files)
        return [file.path for file in found.files]

    def test_a_name_that_is_taken_gets_a_number(self) -> None:
        first, second, third = self.write("Plank 30s", "Plank 40s", "Plank 50s")
        assert [path.name for path in (first, second, third)] == ["plan.toml", "plan-2.toml", "plan-3.toml"]

    def test_a_bundled_session_is_not_hidden(self) -> None:
        (path,) = self.write("# Desk break\nPlank 30s")
        assert path.name == "desk-break-2.toml"

    def test_a_file_that_appears_in_the_meantime_is_not_replaced(self) -> None:
        found = plan_import(Library.default(), open_sources("plan.txt", b"Plank 30s"))
        path = paths.own_sessions_dir() / "plan.toml"
        path.parent.mkdir(parents=True)
        path.write_text("mine", encoding="utf-8")
        with pytest.raises(FileExistsError) as raised:
            write_planned(found.files)
        assert (raised.value.filename, raised.value.filename2) == (str(path), None)
        assert path.read_text(encoding="utf-8") == "mine"
        assert list(path.parent.iterdir()) == [path]


@pytest.fixture(scope="module")
def exercise_names() -> ExerciseNames:
    library = Library.default()
    return ExerciseNames(library.catalogue, [library.catalogue_in("de")])


class TestCatalogue:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Wall squat", "wall-squat"),
            ("WALL SQUATS", "wall-squat"),
            ("wall-sit", "wall-squat"),
            ("Cat-Cow (slow)", "cat-cow"),
            ("Levator scapulae stretch", "levator-scapulae-stretch"),
            ("Squat", ""),
            ("", ""),
        ],
    )
    def test_exercises_are_found_by_their_names(self, exercise_names: ExerciseNames, name: str, expected: str) -> None:
        assert exercise_names.find(name) == expected

    def test_every_exercise_is_found_by_its_own_names(self, exercise_names: ExerciseNames) -> None:
        library = Library.default()
        for language in ("en", "de"):
            for key, exercise in library.catalogue_in(language).items():
                assert exercise_names.find(exercise.name) == key

    def test_a_step_keeps_its_dose_where_the_exercise_has_another(self, exercise_names: ExerciseNames) -> None:
        session = ImportedSession("a", (Work("Back extension", (DoseRange(30_000, 30_000),)),))
        text = session_text(exercise_names.joined(session), exercise_names)
        (step,) = tomllib.loads(text)["steps"]
        assert step == {"exercise": "back-extension", "hold": "30s", "sets": 1, "rest": 0}
        found, _ = validate_source(Session, parse_toml(text, "x"), {"exercises": Library.default().catalogue})
        assert found is not None
        library = Library.default()
        phases = compile_session(found, library.plan(found, PlainLengths())).timeline.phases
        assert sum(phase.duration_ms or 0 for phase in phases[1:-1]) == 30_000
