from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.player_run import Run
from tests.scripts import load_script
from timer_app.core.player.states import (
    TIMED_TRANSITIONS,
    TRANSITIONS,
    Command,
    IllegalTransitionError,
    RunPosition,
    State,
    allowed_targets,
)
from timer_app.core.timeline.model import Timeline
from timer_app.testing import hold, measure, overrun, prepare, reps, rest, self_paced, step, timeline, wait

ROOT = Path(__file__).parents[3]


def in_state(state: State) -> Run:
    """A run that has come to `state` in its hold, or where it waits, at a self-paced set."""
    run = Run(timeline(hold(9_000), rest(5_000), self_paced(3)), started=state is not State.READY)
    match state:
        case State.RUNNING:
            run.after(1_000)
        case State.WAITING:
            run.after(15_000)
        case State.PAUSED | State.LEAD_IN:
            run.after(1_000)
            run.press(Command.PAUSE)
            if state is State.LEAD_IN:
                run.press(Command.RESUME)
        case State.FINISHED:
            run.press(Command.FINISH)
        case State.ABORTED:
            run.press(Command.ABORT)
        case State.READY:
            pass
    assert run.state is state
    return run


FORBIDDEN = [(state, command) for state in State for command in Command if command not in TRANSITIONS[state]]


@pytest.mark.parametrize(("state", "command"), FORBIDDEN)
def test_a_move_that_is_not_in_the_table_is_refused_and_changes_nothing(state: State, command: Command) -> None:
    run = in_state(state)
    observed, ahead = run.observed, run.player.upcoming(0, 60_000)
    with pytest.raises(IllegalTransitionError) as refusal:
        run.player.send(command, run.now_ms, 1, 5.0)
    assert refusal.value.command is command
    assert refusal.value.state is state
    assert refusal.value.due_events == []
    assert run.observed == observed
    assert run.player.upcoming(0, 60_000) == ahead


@pytest.mark.parametrize(("state", "command"), FORBIDDEN)
def test_a_refusal_is_one_plain_line_that_names_command_and_state(state: State, command: Command) -> None:
    with pytest.raises(IllegalTransitionError) as refusal:
        allowed_targets(state, command)
    assert str(refusal.value) == f"Not now: “{command}” — the run is {state}."


# Questions after a set go on by themselves.
TIMED = replace(measure(), duration_ms=1_000)
WORLDS = [
    timeline(prepare(1_000), hold(1_000), step("Twice", rest(1_000), hold(1_000))),
    timeline([hold(1_000), overrun()], rest(1_000), self_paced(1), measure()),
    timeline(self_paced(2), hold(1_000), wait(), self_paced(1)),
    timeline(wait(), reps(2, 500), wait()),
    timeline(hold(1_000), measure(), hold(1_000), wait(), hold(1_000)),
    timeline(hold(1_000), self_paced(1), wait()),
    # A question inside a set is nothing that a session file can ask for, but a timeline can.
    timeline([self_paced(None), measure()], hold(1_000)),
    timeline([hold(1_000), measure()]),
    timeline([self_paced(1), hold(1_000)], measure(), wait()),
    timeline(step("One", self_paced(1), rest(1_000)), step("Two", hold(1_000))),
    timeline(hold(1_000), TIMED, hold(1_000), TIMED, wait()),
    timeline([hold(1_000), TIMED], TIMED),
    timeline(hold(1_000, counts_rounds=True, rounds=1), wait()),
    timeline(hold(1_000, counts_rounds=True, rounds=2)),
]
ASKED = {Command.ADD_TIME: (-10_000, 10_000), Command.JUMP: (0, 1)}
Press = tuple[Command, int]


def moves_in(world: Timeline, depth: int, *, midway: bool = False) -> set[tuple[State, Command, State]]:
    """Every move that happens in the runs of `world` with up to `depth` commands, each pressed at once or later."""
    found: set[tuple[State, Command, State]] = set()
    known: set[str] = set()
    frontier: list[tuple[Press | int, ...]] = [()]
    for _ in range(depth):
        grown = []
        for path in frontier:
            for action in actions():
                run = Run(world, started=False, start=RunPosition(1) if midway else None)
                for past in path:
                    do(run, past)
                before = run.state
                if do(run, action) and not isinstance(action, int):
                    found.add((before, action[0], run.state))
                mark = repr((run.observed, run.player.next_change_ms() is None))
                if mark not in known:
                    known.add(mark)
                    grown.append((*path, action))
        frontier = grown
    return found


def actions() -> list[Press | int]:
    pressed: list[Press | int] = [(command, amount) for command in Command for amount in ASKED.get(command, (0,))]
    return [*pressed, 500, 1_000]


def do(run: Run, action: Press | int) -> bool:
    if isinstance(action, int):
        run.after(action)
        return True
    try:
        run.press(action[0], action[1], 5.0)
    except IllegalTransitionError:
        return False
    return True


def test_every_move_of_the_table_can_happen_and_no_other_does() -> None:
    drawn = {(state, command, to) for state, row in TRANSITIONS.items() for command, tos in row.items() for to in tos}
    happened = set().union(*(moves_in(world, 5) for world in WORLDS), moves_in(WORLDS[0], 2, midway=True))
    assert happened == drawn


def test_what_is_over_stays_over() -> None:
    for state in (State.FINISHED, State.ABORTED):
        assert TRANSITIONS[state] == {}
        assert state not in TIMED_TRANSITIONS
        run = in_state(state)
        assert run.player.state.is_over
        assert run.after(100_000) == []


def test_every_state_but_the_last_ones_can_be_left_for_good() -> None:
    for state in set(State) - {State.FINISHED, State.ABORTED}:
        assert Command.ABORT in TRANSITIONS[state]


def test_the_drawn_page_shows_the_table_as_it_is() -> None:
    page = (ROOT / "docs" / "player.md").read_text(encoding="utf-8")
    assert load_script("draw_moves").redrawn(page) == page, "run `python scripts/draw_moves.py`"
    for state, row in TRANSITIONS.items():
        for command, targets in row.items():
            assert all(f"{state.name} --> {target.name}" in page for target in targets if target is not state)
            assert f"| {command}" in page
