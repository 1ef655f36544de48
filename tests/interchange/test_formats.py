"""What each format means: the traps of its files, one by one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interchange import fates, imported, read, session_of, steps_of
from timer_app.core.fields import DoseRange
from timer_app.interchange import plan_import
from timer_app.interchange.limits import length_ms
from timer_app.interchange.model import Block, Rest, Wait, Work
from timer_app.interchange.source import Source
from timer_app.library import Library


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.default()


def seconds(*intervals: dict[str, Any], **timer: Any) -> str:
    return json.dumps({"name": "T", "type": 3, "intervals": list(intervals), **timer})


def hold(ms: int) -> tuple[DoseRange, ...]:
    return (DoseRange(ms, ms),)


class TestSeconds:
    def test_a_split_interval_is_half_the_time_on_each_side(self, library: Library) -> None:
        text = seconds({"name": "Lean", "duration": 45, "split": True, "splitRest": 10})
        (step,) = steps_of(text, library, "x.seconds")
        assert step == {"name": "Lean", "hold": "22.5s", "sides": "each", "switch": "10s"}
        assert length_ms(session_of(text)) == 55_000

    def test_an_interval_of_no_time_is_left_out_with_the_rest_around_it(self) -> None:
        text = seconds({"name": "A", "duration": 10}, {"name": "B", "duration": 0}, intervalRest={"duration": 5})
        assert session_of(text).steps == (Work("A", hold(10_000)),)
        assert {fate for fate, _ in fates(read(text).ledger, "intervals[1].name")} == {"lost"}

    def test_a_file_with_nothing_to_do_gives_no_session_and_says_so(self) -> None:
        found = read(seconds({"name": "A", "duration": 0}))
        assert found.sessions == ()
        assert fates(found.ledger, "name") == [("lost", "has nothing to do, so there is no session")]

    def test_no_rest_follows_the_last_interval_or_the_last_set(self) -> None:
        text = seconds(
            {"name": "A", "duration": 10},
            {"name": "B", "duration": 20},
            numberOfSets=3,
            intervalRest={"duration": 5},
            setRest={"duration": 60},
        )
        assert length_ms(session_of(text)) == (3 * (10 + 5 + 20) + 2 * 60) * 1_000

    def test_rests_lie_beside_intervals_that_are_rests_too(self) -> None:
        text = seconds({"name": "A", "duration": 10}, {"duration": 7, "rest": True}, intervalRest={"duration": 5})
        assert session_of(text).steps == (Work("A", hold(10_000)), Rest(5_000), Rest(7_000))

    @pytest.mark.parametrize(("duration", "step"), [(0, Wait("Go")), (30, Work("Go", hold(30_000), overrun=True))])
    def test_an_indefinite_interval_lasts_until_the_user_goes_on(self, duration: int, step: Work | Wait) -> None:
        assert session_of(seconds({"name": "Go", "duration": duration, "indefinite": True})).steps == (step,)

    def test_a_random_order_is_shuffled_and_said(self) -> None:
        text = seconds({"name": "A", "duration": 10}, {"name": "B", "duration": 10}, random=True)
        (block,) = session_of(text).steps
        assert isinstance(block, Block)
        assert block.shuffle
        assert [fate for fate, _ in fates(read(text).ledger, "random")] == ["changed"]

    @pytest.mark.parametrize(("sets", "name"), [(1, "Set 2"), (4, "Set {round}")])
    def test_the_round_in_a_name_is_a_placeholder_where_there_are_rounds(self, sets: int, name: str) -> None:
        text = seconds({"name": "A", "duration": 1}, {"name": "Set $(round)", "duration": 1}, numberOfSets=sets)
        steps = session_of(text).steps
        works = steps[0].steps if isinstance(steps[0], Block) else steps
        assert isinstance(works[1], Work)
        assert works[1].name == name

    def test_braces_in_a_name_are_no_placeholders(self) -> None:
        assert session_of(seconds({"name": "{x} $(round)", "duration": 1})).steps == (Work("{{x}} 1", hold(1_000)),)

    def test_a_set_rest_called_warm_up_is_a_rest(self) -> None:
        text = seconds({"name": "A", "duration": 1}, numberOfSets=2, setRest={"name": "Warm Up", "duration": 9})
        assert session_of(text).steps == (Block((Work("A", hold(1_000)),), "", 2, 9_000),)

    def test_folders_deeper_than_the_list_reads_keep_the_outer_ones(self, library: Library) -> None:
        text = seconds({"name": "A", "duration": 1})
        for number in range(6):
            text = json.dumps({"name": f"F{number}", "items": [json.loads(text)]})
        from timer_app.interchange import open_sources, plan_import

        (found,) = plan_import(library, open_sources("deep.seconds", text.encode())).imported
        assert found.files[0].path.as_posix().endswith("sessions/f5/f4/f3/t.toml")
        assert [entry.value for entry in found.ledger if "folders" in entry.reason] == ["F5/F4/F3/F2/F1/F0"]


class TestJustAnotherWorkoutTimer:
    def test_both_wrappers_give_the_same_session(self, library: Library) -> None:
        backup, shared = imported("Backup.json", library), imported("shared-workout.json", library)
        assert backup.files[0].session == shared.files[0].session

    def test_latin_1_is_read_and_said(self, library: Library) -> None:
        found = imported("Backup.json", library)
        assert found.files[0].name == "Rücken & Bauch"
        assert found.ledger[0].note == "the file is not UTF-8; read as Latin-1"

    def test_an_exercise_called_like_a_rest_is_one(self, library: Library) -> None:
        session = imported("shared-workout.json", library).files[0].session
        assert session is not None
        assert session.steps == (
            Block((Work("Kniebeuge", hold(30_000)), Rest(15_000)), "", 3),
            Work("Dehnen", hold(30_000)),
        )


class TestOpenHiit:
    def test_restarts_breaks_and_names_that_are_missing(self, library: Library) -> None:
        session = imported("exported_openhiit_timers.json", library).files[0].session
        assert session is not None
        works = tuple(Work(name, hold(30_000)) for name in ("Squat", "Lunge", "Work 3"))
        assert session.steps == (
            Rest(10_000, "Get ready"),
            Block(works, "", 2, 60_000, 10_000),
            Work("Cool down", hold(45_000)),
        )
        assert session.marks == "halves"

    def test_old_timers_have_their_exercises_in_a_text(self, library: Library) -> None:
        session = imported("openhiit-old.json", library).files[0].session
        assert session is not None
        works = (Work("Push-up", hold(40_000)), Work("Plank", hold(40_000)))
        assert session.steps == (
            Rest(10_000, "Get ready"),
            Work("Warm up", hold(5_000)),
            Block(works, between_ms=20_000),
        )

    def test_exercises_without_names_are_numbered_rounds(self) -> None:
        times = {"workTime": 20, "restTime": 10, "breakTime": 60, "getReadyTime": 0, "restarts": 2}
        session = session_of(json.dumps([{"name": "Tabata", "timeSettings": times, "activeIntervals": 8}]))
        once = Block((Work("Work {round}", hold(20_000)),), "", 8, 10_000)
        assert session.steps == (Block((once,), "", 3, 60_000),)
        assert length_ms(session) == (3 * (8 * 20 + 7 * 10) + 2 * 60) * 1_000

    def test_a_broken_text_inside_is_lost_and_said(self) -> None:
        timer = {"name": "A", "timeSettings": {"workTime": 5}, "activeIntervals": 1, "soundSettings": "{broken"}
        found = read(json.dumps([timer]))
        assert len(found.sessions) == 1
        assert fates(found.ledger, "[0].soundSettings") == [("lost", "the text in it is not JSON, so it is left out")]


class TestTimerMachine:
    def test_loops_groups_and_what_steps_do(self, library: Library) -> None:
        (file,) = imported("timer-machine-2024-01-01.json", library).files
        assert file.path.as_posix().endswith("sessions/physio/shoulder.toml")
        assert file.session is not None
        first, block = file.session.steps
        assert first == Work("Get going", hold(5_000))
        assert isinstance(block, Block)
        assert block.rounds == 2
        pull, rest, twice = block.steps
        assert isinstance(pull, Work)
        assert (pull.hold, pull.marks, pull.countdown) == (hold(40_500), "halves", 5)
        assert pull.cues[0].say == "{name}, round {round} of {rounds}, ends at Then {next}"
        assert rest == Rest(10_000)
        assert isinstance(twice, Block)
        held = twice.steps[0]
        assert isinstance(held, Work)
        assert held.overrun
        assert held.cues[0].sound == "tick"

    @pytest.mark.parametrize(
        ("label", "said"),
        [
            ("$step_name $loop", "{name} {round}"),
            ("{step_name}: {timer_loop} of {timer_loop_total}", "{name}: {round} of {rounds}"),
            ("{SDuration} seconds, then {SNameNext}", "{seconds} seconds, then {next}"),
            ("{GTotalLoop}", "{rounds}"),
            ("{TElapsed%} {OClockTime} {mine}", "{{mine}}"),
        ],
    )
    def test_variables_of_three_generations_become_placeholders(self, label: str, said: str) -> None:
        step = {"label": "A", "length": 9_000, "behaviour": [{"type": "VOICE", "label": label}]}
        (block,) = session_of(json.dumps({"name": "T", "loop": 2, "steps": [step]})).steps
        assert isinstance(block, Block)
        assert isinstance(block.steps[0], Work)
        assert block.steps[0].cues[0].say == said

    def test_what_a_step_does_not_do_here_is_lost_and_said(self) -> None:
        behaviours = [
            {"type": "HALF", "label": "half"},
            {"type": "VOICE", "label": "One."},
            {"type": "VOICE", "label": "Two."},
            {"type": "VOICE", "label": "x" * 999},
        ]
        held, still = ({"label": name, "length": 9_000, "behaviour": behaviours} for name in ("Pull", "Rest"))
        text = json.dumps({"name": "T", "loop": 1, "folderId": 7, "steps": [held, still, {"loop": 9, "steps": []}]})
        found = read(text)
        pull, rest = found.sessions[0].steps
        assert isinstance(pull, Work)
        assert (pull.marks, pull.cues[0].say, rest) == ("halves", "One. Two.", Rest(9_000, "One. Two."))
        lost = [entry.key for entry in found.ledger if entry.fate == "lost"]
        assert lost == [
            "folderId",
            *("steps[0].behaviour[0].label", "steps[0].behaviour[3].label"),
            *(f"steps[1].behaviour[{key}" for key in ("0].type", "0].label", "3].label")),
            "steps[2].loop",
        ]

    def test_groups_deeper_than_blocks_may_be_are_written_out(self, library: Library) -> None:
        steps: list[dict[str, Any]] = [{"label": "A", "length": 1_000}]
        for number in range(7):
            steps = [{"name": f"G{number}", "loop": 2, "steps": steps}]
        text = json.dumps({"name": "Deep", "loop": 1, "steps": steps})
        (file,) = [one for one in _files(text, library) if one.session]
        assert file.session is not None
        assert length_ms(file.session) == 2**7 * 1_000


def _files(text: str, library: Library) -> Any:
    from timer_app.interchange import open_sources, plan_import

    return plan_import(library, open_sources("x.json", text.encode())).files


class TestFeeel:
    def test_breaks_lie_before_exercises_in_their_order(self, library: Library) -> None:
        session = imported("Seven_1.feeel", library).files[0].session
        assert session is not None
        assert session.steps == (
            Rest(5_000, "Get ready"),
            Work("Exercise 91", hold(30_000)),
            Rest(10_000),
            Work("Exercise 345", hold(45_000)),
        )


class TestWger:
    def test_days_are_sessions_and_units_decide_what_a_number_is(self, library: Library) -> None:
        push, run = imported("routine.json", library).files
        assert push.session is not None
        assert run.session is not None
        first, superset = push.session.steps
        assert isinstance(first, Work)
        assert (first.reps, first.sets, first.load, first.rir, first.rest_ms, first.say) == (
            (DoseRange(8, 12),),
            4,
            "40 kg",
            "2",
            90_000,
            "Slow",
        )
        assert isinstance(superset, Block)
        assert (superset.rounds, superset.rest_ms) == (3, 60_000)
        assert [isinstance(step, Work) and (step.hold, step.reps) for step in superset.steps] == [
            (hold(30_000), ()),
            ((), (DoseRange(0, 0, is_open=True),)),
        ]
        assert run.session.steps == (Work("Exercise 9", distance="5 km"),)

    def test_a_day_of_rest_is_lost_with_its_name(self, library: Library) -> None:
        ledger = imported("routine.json", library).ledger
        assert [entry.fate for entry in ledger if entry.value == "Off"] == ["lost"]


class TestLiftoscript:
    def test_sets_timers_and_supersets(self, library: Library) -> None:
        files = {file.path.parent.name + "/" + file.path.stem: file.session for file in _sessions(library)}
        day = files["week-1/day-a"]
        assert day is not None
        squat, plank, *_ = day.steps
        assert isinstance(squat, Work)
        assert (squat.reps, squat.sets, squat.load, squat.rpe, squat.rest_ms) == (
            (DoseRange(5, 5),),
            3,
            "60 kg",
            "8",
            120_000,
        )
        assert squat.say == "Brace before you lift"
        assert plank == Work("Plank", hold(30_000), sets=3, rest_ms=45_000)
        assert sum(isinstance(step, Block) for step in day.steps) == 1

    def test_an_exercise_of_several_weeks_is_in_the_later_ones_too(self, library: Library) -> None:
        later = next(file.session for file in _sessions(library) if file.path.parent.name == "week-2")
        assert later is not None
        assert [step.name for step in later.steps if isinstance(step, Work)] == ["Front Squat", *["Bench Press"] * 2]


def _sessions(library: Library) -> Any:
    return imported("program.liftoscript", library).files


class TestTables:
    def test_columns_in_any_order_and_another_language(self) -> None:
        text = "Pause;Übung;Sätze;Wdh;Dauer\n30;Kniebeuge;3;12;\n;Stütz;2;;45\n"
        assert session_of(text, "Plan.csv").steps == (
            Work("Kniebeuge", reps=(DoseRange(12, 12),), sets=3, rest_ms=30_000),
            Work("Stütz", hold(45_000), sets=2),
        )

    def test_a_table_in_markdown(self) -> None:
        text = "| Exercise | Sets | Reps | Rest |\n|:---|---|---:|---|\n| Squat | 3 | 8-12 | 90s |\n| Plank | 1 | | |\n"
        assert session_of(text, "Plan.md").steps == (
            Work("Squat", reps=(DoseRange(8, 12),), sets=3, rest_ms=90_000),
            Work("Plank"),
        )

    def test_one_without_a_column_for_names_that_is_said_to_be_one_has_its_rows_lost(self, library: Library) -> None:
        source = Source("plan.csv", "side,colour\nleft,red\n")
        (found,) = plan_import(library, [source], "csv").imported
        assert found.files == ()
        assert [entry.note for entry in found.ledger if entry.line == 2 and not entry.key] == [
            "the row has no name and no dose"
        ]

    def test_a_column_for_the_session_makes_several(self) -> None:
        found = read("day,name,time\nMon,A,10\nTue,B,0:20\nMon,C,1m\n", "x.csv").sessions
        assert {session.name: [step.name for step in session.steps if isinstance(step, Work)] for session in found} == {
            "Mon": ["A", "C"],
            "Tue": ["B"],
        }


class TestExerciseLists:
    def test_a_list_gives_exercises_with_a_dose_that_is_said(self, library: Library) -> None:
        found = imported("free-exercise-db.json", library)
        (file,) = found.files
        assert "[exercises.90-90-hamstring]" in file.text
        assert 'hold = "30s"' in file.text
        assert "recommended" not in file.text
        assert any('hold = "30s" is written' in entry.note for entry in found.ledger)

    def test_an_exercise_of_the_catalogue_is_not_replaced(self, library: Library) -> None:
        (file,) = imported("free-exercise-db.json", library).files
        assert "chest-stretch" in library.catalogue
        assert "[exercises.chest-stretch]" not in file.text

    def test_wger_names_the_authors(self, library: Library) -> None:
        (file,) = imported("wger-exercises.json", library).files
        assert 'source = "wger.de, by A. B., CC."' in file.text
        assert 'say = "Lie on one side. Lift your hips & hold."' in file.text
