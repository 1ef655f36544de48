from __future__ import annotations

import json
import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.history.performing import MORNING, Performance, in_areas
from timer_app.core.constraints import MAX_NOTE
from timer_app.core.player.states import Command
from timer_app.history import stats
from timer_app.history.database import HistoryError, open_to_write
from timer_app.history.store import Store
from timer_app.history.transfer import ImportCounts, TransferError, export_lines, import_lines


@pytest.fixture(scope="module")
def performed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs in a history here, and a later one in another there."""
    folder = tmp_path_factory.mktemp("performed")
    for number, name in enumerate(("here", "here", "there")):
        start = MORNING + timedelta(days=number)
        Performance(folder / name / "history.db", record_id=f"r{number}", start=start).whole()
    return folder


@pytest.fixture
def stores(performed: Path, tmp_path: Path) -> tuple[Store, Store]:
    """Those two histories, to be changed."""
    for name in ("here", "there"):
        shutil.copytree(performed / name, tmp_path / name)
    return Store(tmp_path / "here" / "history.db"), Store(tmp_path / "there" / "history.db")


def written(store: Store) -> list[str]:
    return store.query(lambda base: list(export_lines(base)))


def taken(store: Store, lines: list[str], busy: tuple[str, ...] = ()) -> ImportCounts:
    with closing(open_to_write(store.path)) as base:
        return import_lines(base, lines, busy)


def all_rows(store: Store) -> list[str]:
    """Everything in the file but the name of the machine."""
    dump = store.query(lambda base: sorted(base.iterdump()))
    return [line for line in dump if "INTO meta" not in line and 'INTO "meta"' not in line]


def test_two_histories_that_took_in_one_another_are_the_same(stores: tuple[Store, Store]) -> None:
    here, there = stores
    first, second = written(here), written(there)
    assert taken(here, second) == ImportCounts(1, 0, 0)
    assert taken(there, first) == ImportCounts(2, 0, 0)
    assert all_rows(here) == all_rows(there)
    assert len(here.entries()) == 3


def test_a_note_goes_with_its_record_and_the_later_one_wins(stores: tuple[Store, Store]) -> None:
    here, there = stores
    (newest, *_) = here.entries()
    here.write_note(newest.id, "Slept badly, \N{HEAVY BLACK HEART}\n", MORNING)
    taken(there, written(here))
    there.write_note(newest.id, "Slept well", MORNING)
    assert taken(here, written(there)).changed == 1
    assert [store.full_record(newest.id).note for store in (here, there)] == ["Slept well"] * 2  # type: ignore[union-attr]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=MAX_NOTE + 5))
def test_whatever_was_typed_into_a_note_can_be_exported_and_imported(stores: tuple[Store, Store], note: str) -> None:
    here, there = stores
    (newest, *_) = here.entries()
    here.write_note(newest.id, note, MORNING)
    taken(there, written(here))


def test_a_note_is_kept_as_one_short_line(stores: tuple[Store, Store]) -> None:
    here, there = stores
    (newest, *_) = here.entries()
    here.write_note(newest.id, "x" * 2_000, MORNING)
    whole = here.full_record(newest.id)
    assert whole is not None
    assert len(whole.note) == MAX_NOTE
    with pytest.raises(HistoryError, match="not in the history"):
        there.write_note("nobody", "lost", MORNING)


def test_twice_is_the_same_as_once(stores: tuple[Store, Store]) -> None:
    here, there = stores
    lines = written(there)
    taken(here, lines)
    before = all_rows(here)
    assert taken(here, lines) == ImportCounts(0, 0, 1)
    assert all_rows(here) == before


def test_answers_of_an_older_version_are_taken_in_with_the_areas_that_their_names_tell(tmp_path: Path) -> None:
    here, there = (Store(tmp_path / name / "history.db") for name in ("here", "there"))
    in_areas(here.path)
    head, line = map(json.loads, written(here))
    for answer in line["answers"]:
        del answer["area"]
    taken(there, [json.dumps(head), json.dumps(line)])
    assert there.query(stats.answer_pairs) == here.query(stats.answer_pairs)
    assert {one.area for one in there.query(stats.answer_pairs)} == {"neck", "back"}


def test_the_later_state_of_a_record_wins_in_either_order(stores: tuple[Store, Store]) -> None:
    here, there = stores
    run = Performance(here.path, record_id="r9")
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(10_000)
    run.stored()
    early = written(here)
    run.after(20_000)
    run.close()
    late = written(here)
    assert taken(there, early).new == 3
    assert taken(there, late) == ImportCounts(0, 1, 2)
    assert taken(there, early) == ImportCounts(0, 0, 3)
    assert [one.work_ms for one in there.entries() if one.id == "r9"] == [22_000]


def test_a_record_that_is_being_written_is_left_alone(stores: tuple[Store, Store]) -> None:
    here, there = stores
    assert taken(here, written(there), busy=("r2",)) == ImportCounts(0, 0, 1)


@pytest.mark.parametrize(
    ("number", "change", "reason"),
    [
        (1, lambda _: "[]", "no object"),
        (1, lambda _: "{}", "does not say"),
        (1, lambda line: line.replace('"format":1', '"format":9'), "format 9"),
        (3, lambda _: "junk", "no object"),
        (3, lambda line: line[:-40], "no object"),
        (3, lambda _: "{}", "'record' is missing"),
        (3, lambda line: line.replace('"ending":"finished"', '"ending":"won"'), "ending"),
        (3, lambda line: line.replace('"held_ms":20000', '"held_ms":"long"', 1), "held_ms"),
        (3, lambda line: line.replace('"held_ms":20000', '"x y":1', 1), "no name of a column"),
        (3, lambda line: line.replace('"held_ms":20000', '"strange":1', 1), "no column"),
        (3, lambda line: line.replace('"id":"r1"', '"id":"../r1"'), "letters, digits"),
        (3, lambda line: line.replace('"spent_ms":', '"spent_ms":9999999999999999999999'), "too large"),
        (3, lambda line: line.replace('"started_ms":', '"started_ms":[],"x":'), "record"),
    ],
)
def test_of_a_file_with_a_faulty_line_nothing_is_taken_in(
    stores: tuple[Store, Store], tmp_path: Path, number: int, change: object, reason: str
) -> None:
    here, _ = stores
    lines = written(here)
    assert callable(change)
    lines[number - 1] = change(lines[number - 1])
    fresh = Store(tmp_path / "fresh" / "history.db")
    with pytest.raises(TransferError, match=reason) as caught:
        taken(fresh, lines)
    assert caught.value.line == number
    assert fresh.entries() == []


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is exported of one record."""
    store = Store(tmp_path_factory.mktemp("exported") / "history.db")
    Performance(store.path).whole()
    return written(store)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A history that stays empty, as nothing is ever taken in."""
    return Store(tmp_path_factory.mktemp("fresh") / "history.db")


BEYOND = 2**63 - 1


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        ("records started_ms", 10**15, "started_ms is too large"),
        ("records started_ms", -1, "started_ms is too small"),
        ("records zone_min", 1440, "zone_min is too large: -1,439 to 1,439"),
        ("records day", 10**9, "day is too large"),
        ("records day", 20, "day 20 is not the day"),
        ("records work_ms", BEYOND, "work_ms is too large"),
        ("records changed_ms", BEYOND, "changed_ms is too large"),
        ("records options", "{", "options is no JSON"),
        ("records options", "[" * 50_000, "options is no JSON"),
        ("records options", "[]", "options must be an object"),
        ("records options", '{"level": NaN}', "options level must be a number"),
        ("records options", '{"doses": {"x": 1}}', 'options doses has "x"'),
        ("records options", '{"doses": {"1": {"amounts": 5}}}', "options doses must be a whole number"),
        ("records options", '{"doses": {"1": {"amounts": 5, "loads": []}}}', "options doses must have a list of loads"),
        ("records options", '{"doses": {"1": {"amounts": 5, "loads": ["20"]}}}', "options doses is no load"),
        ("sets load", "20", "load is no load"),
        ("sets planned_load", "\n", "planned_load has the control character"),
        ("sets rpe", 11, "rpe is too large: 0 to 10"),
        ("records options", '{"verbosity": "loud"}', "options verbosity must be one of"),
        ("records name", "\x1b]0;pwn\x07X", r"name has the control character U\+001B"),
        ("records name", 7, "name must be a text, not 7"),
        ("records name", "\ud800", "name has half of a character"),
        ("records session", "\x1b[2J", "session has the control character"),
        ("records reps", True, "reps must be a whole number"),
        ("records path", "x" * 5_000, "path is too long"),
        ("steps day", -(10**9), "day is too small"),
        ("steps sides", '{"a": 1}', "sides must be a list"),
        ("sets done", 2, "done is too large: 0 to 1"),
        ("answers value", float("nan"), "value must be a number"),
        ("answers value", float("inf"), "value must be a number"),
    ],
)
def test_a_value_that_no_run_writes_is_refused_with_its_line(
    exported: list[str], fresh: Store, place: str, value: object, reason: str
) -> None:
    found = json.loads(exported[1])
    table, column = place.split()
    row = found["record"] if table == "records" else found[table][0]
    row[column] = value
    with pytest.raises(TransferError, match=f"{table}: {reason}") as caught:
        taken(fresh, [exported[0], "", json.dumps(found)])
    assert caught.value.line == 3
    assert fresh.entries() == []


@pytest.mark.parametrize(
    ("key", "value"), [("text", 5), ("text", "\ud800"), ("record", []), ("steps", {}), ("sets", [1])]
)
def test_a_line_of_another_form_is_refused(exported: list[str], fresh: Store, key: str, value: object) -> None:
    faulty = json.dumps({**json.loads(exported[1]), key: value})
    with pytest.raises(TransferError, match="is no whole record"):
        taken(fresh, [exported[0], faulty])


def test_what_another_file_calls_a_running_record_of_this_computer_is_not_offered_to_be_resumed(tmp_path: Path) -> None:
    here = Store(tmp_path / "history.db")
    run = Performance(here.path, record_id="r9")
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.stored()
    lines = written(here)
    run.close()
    here.forget(["r9"])
    taken(here, lines)
    assert here.unfinished(run.wall()) == []
    assert [one.ending for one in here.entries() if one.id == "r9"] == ["broken off"]


def test_work_that_an_earlier_version_counted_without_its_time_is_taken_in_with_it(
    exported: list[str], tmp_path: Path
) -> None:
    found = json.loads(exported[1])
    found["record"]["spent_ms"] = 0
    there = Store(tmp_path / "history.db")
    taken(there, [exported[0], json.dumps(found)])
    assert [one.active_ms for one in there.entries()] == [found["record"]["work_ms"]]


def test_what_lines_hold_is_plain_json_with_the_text_of_a_session_once(stores: tuple[Store, Store]) -> None:
    here, _ = stores
    head, first, second = map(json.loads, written(here))
    assert head == {"timer-app": "history", "format": 1}
    assert ("text" in first, "text" in second) == (True, False)
    assert len(first["steps"]) == 5
    assert len(first["sets"]) == 5
