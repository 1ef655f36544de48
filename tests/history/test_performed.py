from __future__ import annotations

from pathlib import Path

import pytest

from tests.history.performing import MORNING, Performance, history, short
from timer_app.core.player.states import Command
from timer_app.history.store import Store
from timer_app.testing import hold, overrun, phase, rest, step, timeline


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return history(tmp_path)


def ask(store: Store, query: str) -> list[tuple[object, ...]]:
    return store.query(lambda base: [tuple(row) for row in base.execute(query)])


def test_where_nothing_was_done_nothing_is_told_and_no_file_is_made(store: Store) -> None:
    assert (store.entries(), store.recently_done(), store.unfinished(MORNING)) == ([], {}, [])
    assert not store.path.parent.exists()


def test_a_whole_session_is_a_record(store: Store) -> None:
    Performance(store.path).whole()
    (entry,) = store.entries()
    assert (entry.id, entry.session, entry.name, entry.ending) == ("a1", "short", "Short", "finished")
    assert entry.started == MORNING
    assert entry.started.utcoffset() == MORNING.utcoffset()
    assert (entry.work_ms, entry.reps, entry.pain_before, entry.pain_after) == (20_000 * 2 + 12_000 + 4_000, 10, 5, 3)
    assert store.recently_done() == {"short": MORNING}


def test_each_step_has_what_was_planned_beside_what_was_done(store: Store) -> None:
    Performance(store.path).whole()
    query = "SELECT exercise, planned_hold_ms, planned_reps, planned_sets, sides, held_ms, reps, sets FROM steps"
    assert ask(store, query) == [
        ("", None, None, 0, "[]", 0, 0, 0),
        ("wall-squat", 20_000, None, 2, "[]", 40_000, 0, 2),
        ("curl", None, 3, 2, '["left", "right"]', 12_000, 6, 2),
        ("push-up", None, 4, 1, "[]", 4_000, 4, 1),
        ("", None, None, 0, "[]", 0, 0, 0),
    ]


def test_each_set_has_its_side_and_when_it_began(store: Store) -> None:
    Performance(store.path).whole()
    query = 'SELECT exercise, "set", side, began_ms, held_ms, reps, done FROM sets ORDER BY number'
    assert ask(store, query) == [
        ("wall-squat", 1, "", 3_000, 20_000, 0, 1),
        ("wall-squat", 2, "", 28_000, 20_000, 0, 1),
        ("curl", 1, "left", 48_000, 6_000, 3, 1),
        ("curl", 1, "right", 54_000, 6_000, 3, 1),
        ("push-up", 1, "", 60_000, 4_000, 4, 1),
    ]


def test_what_is_under_way_is_there_with_the_seconds_that_are_over(store: Store) -> None:
    run = Performance(store.path)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(3_000 + 7_900)
    run.stored()
    assert ask(store, "SELECT held_ms, done FROM sets") == [(7_000, 0)]
    assert ask(store, "SELECT held_ms FROM steps WHERE number = 1") == [(7_000,)]
    assert [(entry.ending, entry.work_ms) for entry in store.entries()] == [("running", 7_000)]
    run.close()


def test_a_second_that_is_over_stays_so_while_a_run_is_paused_and_about_to_go_on(store: Store) -> None:
    run = Performance(store.path)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(3_000 + 7_900)
    for command in (Command.PAUSE, Command.RESUME):
        run.send(command)
        run.after(1_000)
        run.stored()
        assert ask(store, "SELECT held_ms FROM sets") == [(7_000,)]
    run.close()


def test_a_pause_is_kept_from_its_first_moment(store: Store) -> None:
    run = Performance(store.path)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(10_000)
    run.send(Command.PAUSE)
    run.stored()
    assert ask(store, "SELECT * FROM pauses") == [("a1", 0, 10_000, None)]
    run.after(60_000)
    run.send(Command.RESUME)
    run.after(4_000)
    run.stored()
    assert ask(store, "SELECT * FROM pauses") == [("a1", 0, 10_000, 73_000)]
    run.close()


def test_a_pause_in_the_lead_in_of_a_pause_is_part_of_it(store: Store) -> None:
    run = Performance(store.path, timeline(step("Lean", hold(10_000))))
    run.send(Command.START)
    run.after(2_000)
    for _ in range(2):
        run.send(Command.PAUSE)
        run.after(10_000)
        run.send(Command.RESUME)
        run.after(1_000)
    run.after(2_000)
    run.stored()
    assert ask(store, "SELECT * FROM pauses") == [("a1", 0, 2_000, 26_000)]
    assert ask(store, "SELECT paused_ms FROM records") == [(24_000,)]
    run.close()


def test_a_set_that_was_cut_short_and_one_done_once_more_are_told_apart(store: Store) -> None:
    run = Performance(store.path, timeline(step("Lean", hold(10_000), hold(10_000))))
    run.send(Command.START)
    run.after(4_000)
    run.send(Command.NEXT)
    run.send(Command.AGAIN)
    run.after(26_000)
    run.close()
    query = "SELECT unit, held_ms, done, repeated FROM sets ORDER BY number"
    assert ask(store, query) == [(0, 4_000, 0, 0), (1, 10_000, 1, 0), (1, 10_000, 1, 1)]
    assert ask(store, "SELECT held_ms, sets, skipped, repeated FROM steps") == [(24_000, 2, 1, 1)]


def test_a_hold_that_goes_past_zero_is_one_set(store: Store) -> None:
    run = Performance(store.path, timeline(step("Plank", (hold(10_000), overrun()))))
    run.send(Command.START)
    run.after(15_000)
    run.send(Command.NEXT)
    run.close()
    assert ask(store, "SELECT planned_hold_ms, held_ms, done FROM sets") == [(10_000, 15_000, 1)]


def test_the_rounds_of_a_flow_are_one_set(store: Store) -> None:
    parts = [phase("work", 3_000, part=part, round=number, rounds=2) for number in (1, 2) for part in ("Cat", "Cow")]
    run = Performance(store.path, timeline(step("Cat-cow", parts, kind="flow")))
    run.send(Command.START)
    run.after(12_000)
    run.close()
    assert ask(store, "SELECT planned_hold_ms, held_ms, done FROM sets") == [(12_000, 12_000, 1)]
    assert ask(store, "SELECT planned_rounds FROM steps") == [(2,)]


def test_the_text_of_a_session_is_kept_once_however_often_it_is_done(store: Store) -> None:
    for record_id in ("a1", "a2"):
        Performance(store.path, record_id=record_id).whole()
    assert ask(store, "SELECT count(*) FROM texts JOIN records ON records.text_sha256 = texts.sha256") == [(2,)]
    assert ask(store, "SELECT count(*) FROM texts") == [(1,)]
    assert len(store.entries()) == 2


def test_a_run_in_which_nothing_was_done_leaves_no_record(store: Store) -> None:
    run = Performance(store.path)
    run.send(Command.START)
    run.send(Command.ABORT)
    run.close()
    assert store.entries() == []


def test_a_session_without_work_is_kept_when_it_came_to_its_end(store: Store) -> None:
    run = Performance(store.path, timeline(step("Breathe", rest(1_000), kind="rest")))
    run.send(Command.START)
    run.after(1_000)
    run.close()
    assert [entry.ending for entry in store.entries()] == ["finished"]


def test_answering_once_more_replaces_the_answer(store: Store) -> None:
    run = Performance(store.path, short())
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.send(Command.BACK)
    run.send(Command.ANSWER, value=6)
    run.stored()
    assert ask(store, "SELECT phase, key, value FROM answers") == [(0, "pain", 6.0)]
    run.close()


def test_the_same_rows_are_not_put_in_again(store: Store) -> None:
    run = Performance(store.path)
    run.send(Command.START)
    run.send(Command.ANSWER, value=5)
    run.after(8_000)
    run.rows.clear()
    run.after(10_000)
    assert len(run.rows) <= 3 * 10
    run.close()
