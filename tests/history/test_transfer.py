from __future__ import annotations

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, in_areas
from timer_app.core.player.states import Command
from timer_app.history import stats
from timer_app.history.database import open_to_write
from timer_app.history.store import Store
from timer_app.history.transfer import ImportCounts, TransferError, export_lines, import_lines


def stores(tmp_path: Path) -> tuple[Store, Store]:
    here, there = (Store(tmp_path / name / "history.db") for name in ("here", "there"))
    for number, store in enumerate((here, here, there)):
        start = MORNING + timedelta(days=number)
        Performance(store.path, record_id=f"r{number}", start=start).whole()
    return here, there


def written(store: Store) -> list[str]:
    return store.query(lambda base: list(export_lines(base)))


def taken(store: Store, lines: list[str], busy: tuple[str, ...] = ()) -> ImportCounts:
    with closing(open_to_write(store.path)) as base:
        return import_lines(base, lines, busy)


def all_rows(store: Store) -> list[str]:
    """Everything in the file but the name of the machine."""
    dump = store.query(lambda base: sorted(base.iterdump()))
    return [line for line in dump if "INTO meta" not in line and 'INTO "meta"' not in line]


def test_two_histories_that_took_in_one_another_are_the_same(tmp_path: Path) -> None:
    here, there = stores(tmp_path)
    first, second = written(here), written(there)
    assert taken(here, second) == ImportCounts(1, 0, 0)
    assert taken(there, first) == ImportCounts(2, 0, 0)
    assert all_rows(here) == all_rows(there)
    assert len(here.entries()) == 3


def test_twice_is_the_same_as_once(tmp_path: Path) -> None:
    here, there = stores(tmp_path)
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
    assert {one.area for one in there.query(stats.answer_pairs)} == {"Neck", "Back"}


def test_the_later_state_of_a_record_wins_in_either_order(tmp_path: Path) -> None:
    here, there = stores(tmp_path)
    run = Performance(here.path, record_id="r9")
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(10_000)
    run.kept()
    early = written(here)
    run.after(20_000)
    run.close()
    late = written(here)
    assert taken(there, early).new == 3
    assert taken(there, late) == ImportCounts(0, 1, 2)
    assert taken(there, early) == ImportCounts(0, 0, 3)
    assert [one.work_ms for one in there.entries() if one.id == "r9"] == [22_000]


def test_a_record_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    here, there = stores(tmp_path)
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
    tmp_path: Path, number: int, change: object, reason: str
) -> None:
    here, _ = stores(tmp_path)
    lines = written(here)
    assert callable(change)
    lines[number - 1] = change(lines[number - 1])
    fresh = Store(tmp_path / "fresh" / "history.db")
    with pytest.raises(TransferError, match=reason) as caught:
        taken(fresh, lines)
    assert caught.value.line == number
    assert fresh.entries() == []


def test_what_lines_hold_is_plain_json_with_the_text_of_a_session_once(tmp_path: Path) -> None:
    here, _ = stores(tmp_path)
    head, first, second = map(json.loads, written(here))
    assert head == {"timer-app": "history", "format": 1}
    assert ("text" in first, "text" in second) == (True, False)
    assert len(first["steps"]) == 5
    assert len(first["sets"]) == 5
