"""Random timelines and random users, for rules that hold for every run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from timer_app.core.player.events import CueDue, Event
from timer_app.core.player.player import Player
from timer_app.core.player.states import Command, IllegalTransitionError
from timer_app.core.timeline.model import Cue, LeadIn, Phase, PhaseKind, Timeline
from timer_app.testing import Step, lead_in, line, measure, overrun, phase, self_paced, sound, step, timeline

_DURATIONS = st.sampled_from([0, 1, 40, 700, 1_000, 3_000, 7_000])
_CLOSED_KINDS: list[PhaseKind] = ["prepare", "work", "switch", "rest", "say"]


@st.composite
def cues(draw: st.DrawFn, duration_ms: int) -> tuple[Cue, ...]:
    """Cues inside a phase; its lines fit and do not overlap, as the compiler places them."""
    if duration_ms == 0:
        return ()
    ticks = draw(st.lists(st.integers(0, duration_ms - 1), max_size=3))
    made = [sound(at_ms, f"tick {n}", from_end=draw(st.booleans())) for n, at_ms in enumerate(ticks)]
    free_ms = 0
    for n in range(draw(st.integers(0, 2))):
        if free_ms >= duration_ms:
            break
        at_ms = draw(st.integers(free_ms, duration_ms - 1))
        length_ms = draw(st.integers(1, duration_ms - at_ms))
        made.append(line(at_ms, f"line {n}", length_ms=length_ms, from_end=draw(st.booleans())))
        free_ms = at_ms + length_ms
    return tuple(sorted(made, key=lambda cue: cue.offset_ms))


@st.composite
def closed_phases(draw: st.DrawFn) -> Phase:
    duration_ms = draw(_DURATIONS)
    return phase(draw(st.sampled_from(_CLOSED_KINDS)), duration_ms, *draw(cues(duration_ms)))


@st.composite
def rep_sets(draw: st.DrawFn) -> list[Phase]:
    count, parts = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    return [
        replace(phase("work", duration_ms, *draw(cues(duration_ms))), rep=rep, reps=count, part=f"part {part}")
        for rep in range(1, count + 1)
        for part in range(parts)
        for duration_ms in [draw(_DURATIONS)]
    ]


@st.composite
def open_parts(draw: st.DrawFn) -> Phase | list[Phase]:
    reminders = draw(cues(5_000))
    kind = draw(st.sampled_from(["wait", "measure", "self-paced", "overrun"]))
    if kind == "overrun":
        duration_ms = draw(_DURATIONS)
        return [phase("work", duration_ms, *draw(cues(duration_ms))), overrun(*reminders)]
    if kind == "self-paced":
        return self_paced(draw(st.integers(1, 3)), *reminders)
    return replace(measure() if kind == "measure" else phase("wait", None), cues=reminders)


@st.composite
def lead_ins(draw: st.DrawFn) -> LeadIn:
    duration_ms = draw(st.sampled_from([0, 500, 3_000]))
    return lead_in(duration_ms, *draw(cues(duration_ms)))


@st.composite
def timed_rounds(draw: st.DrawFn) -> Phase:
    """The beginning of a round of fixed length, the rest at its end, or one clock for all rounds."""
    made = draw(closed_phases())
    match draw(st.sampled_from(["begins", "rests", "counts"])):
        case "begins":
            return replace(made, kind="work", begins_round=True)
        case "rests":
            return replace(made, kind="rest", until_ms=draw(st.sampled_from([0, 2_000, 9_000])))
    return replace(made, kind="work", counts_rounds=True, rounds=draw(st.sampled_from([None, 1, 2])))


_PARTS = st.one_of(closed_phases(), closed_phases(), rep_sets(), open_parts(), timed_rounds())


@st.composite
def steps(draw: st.DrawFn) -> Step:
    return step("Step", *draw(st.lists(_PARTS, min_size=1, max_size=3)))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    parts = draw(st.lists(steps(), min_size=1, max_size=4))
    return timeline(*parts, resume=draw(lead_ins()), again=draw(lead_ins()))


@dataclass(frozen=True)
class Press:
    """What a user does `after_ms` of doing nothing."""

    after_ms: int
    command: Command
    amount: int = 0
    value: float | None = None


_AMOUNTS = {
    Command.ADD_TIME: st.sampled_from([-10_000, -1_000, -1, 0, 1, 900, 10_000]),
    Command.JUMP: st.integers(-1, 4),
}


@st.composite
def presses(draw: st.DrawFn) -> Press:
    after_ms = draw(st.one_of(st.sampled_from([0, 1, 500, 1_000, 3_000]), st.integers(0, 6_000)))
    command = draw(st.sampled_from(list(Command)))
    amount = draw(_AMOUNTS.get(command, st.just(0)))
    value = draw(st.one_of(st.none(), st.integers(-1, 11))) if command is Command.ANSWER else None
    return Press(after_ms, command, amount, value)


def users() -> st.SearchStrategy[list[Press]]:
    """What somebody does who starts the run and then presses this and that."""
    return st.lists(presses(), max_size=14).map(lambda later: [Press(0, Command.START), *later])


def obey(player: Player, press: Press, now_ms: int) -> list[Event]:
    """Send a command; what fell due before it even if it is refused."""
    try:
        return player.send(press.command, now_ms, press.amount, press.value)
    except IllegalTransitionError as refusal:
        return refusal.due_events


def run(player: Player, user: list[Press], tail_ms: int = 30_000) -> list[Event]:
    """Everything that happens if the player is asked only when the user does something, and once at the end."""
    now_ms, reported = 0, []
    for press in user:
        now_ms += press.after_ms
        reported += obey(player, press, now_ms)
    return reported + player.advance(now_ms + tail_ms)


def cues_of(events: list[Event]) -> list[CueDue]:
    return [event for event in events if isinstance(event, CueDue)]
