"""Words and figures of the play screen: pure functions of a view."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

from timer_app.core.fields import duration_text
from timer_app.core.i18n import N_, _
from timer_app.core.player.controls import default_command
from timer_app.core.player.states import Command, Snapshot, State
from timer_app.core.timeline import Measure, Phase, Timeline
from timer_app.core.wording.doses import dose_origin_text, dose_text
from timer_app.core.wording.formatting import countdown_text, equipment_text, with_unit
from timer_app.core.wording.phases import (
    answer_range_text,
    capitalised,
    counted_rounds_text,
    position_text,
    question_text,
    set_and_side_text,
)
from timer_app.tui.key_bindings import first_key
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.answer_scale import MOST_NUMBERS

# Drawn in large letters, so a translation of any of these has at most nine.
_KIND_WORDS = {
    # i18n: drawn in large letters: nine at most
    "prepare": N_("PREPARE"),
    "work": N_("WORK"),
    "switch": N_("SWITCH"),
    "rest": N_("REST"),
    "say": N_("LISTEN"),
    "wait": N_("WAIT"),
    "measure": N_("ANSWER"),
}
_STATE_WORDS = {State.PAUSED: N_("PAUSED"), State.FINISHED: N_("DONE"), State.ABORTED: N_("ENDED")}
_GO_LABELS = {
    Command.PAUSE: N_("Pause"),
    Command.RESUME: N_("Go on"),
    Command.NEXT: N_("Go on"),
    Command.COUNT_REP: N_("Count"),
    Command.COUNT_ROUND: N_("Count"),
}
_MINUTE_S = 60


def remaining_seconds(remaining_ms: int) -> int:
    """The seconds shown for what is left: the last second is 1, and 0 is the end."""
    return -(-remaining_ms // 1_000)


def big_time(snapshot: Snapshot) -> str:
    """The big figure: time left, time gone, or reps; empty where there is nothing to count."""
    if snapshot.state is State.LEAD_IN:
        return str(remaining_seconds(snapshot.lead_in_ms))
    phase = snapshot.phase
    if phase.self_paced:
        more = "+" if phase.is_open_ended and phase.reps else ""
        return f"{_count_of_total(phase.reps_before + snapshot.counted_reps, phase.reps)}{more}"
    if phase.overrun or phase.counts_time:
        return f"{'+' if phase.overrun else ''}{countdown_text(snapshot.elapsed_ms // 1_000)}"
    if phase.rep is not None and phase.kind == "work":
        return _count_of_total(phase.rep, phase.reps)
    return _phase_time(snapshot)


def _count_of_total(count: int, total: int | None) -> str:
    return f"{count}/{total}" if total else str(count)


def _phase_time(snapshot: Snapshot) -> str:
    if snapshot.remaining_ms is None:
        return ""
    if snapshot.phase.count_up:
        return countdown_text(snapshot.elapsed_ms // 1_000)
    return countdown_text(remaining_seconds(snapshot.remaining_ms))


def next_change_ms(snapshot: Snapshot) -> int | None:
    """Milliseconds of the run until a figure on the screen changes; `None` while none does."""
    if snapshot.state is State.LEAD_IN:
        return _until_second(snapshot.lead_in_ms)
    if snapshot.state is State.WAITING:
        return 1_000 - snapshot.elapsed_ms % 1_000 if snapshot.phase.counts_time else None
    if snapshot.state is not State.RUNNING or snapshot.remaining_ms is None:
        return None
    if snapshot.phase.count_up:
        return 1_000 - snapshot.elapsed_ms % 1_000
    return _until_second(snapshot.remaining_ms)


def _until_second(remaining_ms: int) -> int:
    return (remaining_ms - 1) % 1_000 + 1


def visible_state(view: RunView) -> tuple[object, ...]:
    """All of a view that is visible: two views with the same visible state look the same."""
    snapshot = view.snapshot
    counts = (big_time(snapshot), phase_progress(snapshot), snapshot.counted_reps)
    run = (snapshot.state, snapshot.index, *counts, snapshot.repeats_set)
    lines = (remaining_line(view), hint(view, {}))
    return (*run, *lines, id(view.timeline), view.outcomes, view.volume, view.muted, view.has_sound)


def phase_word(view: RunView) -> str:
    """The one word for what to do now: `HOLD LEFT`, `SQUEEZE`, `REST`, `PAUSED`."""
    state, phase = view.snapshot.state, view.snapshot.phase
    if state in _STATE_WORDS:
        return _(_STATE_WORDS[state])
    if state is State.LEAD_IN:
        # i18n: drawn in large letters: nine at most
        return _("GET READY")
    if phase.part and not phase.word:
        return phase.part.upper()
    if phase.kind == "measure":
        asked = f"{phase.label} {phase.side or ''}".strip()
        return asked.upper() if cell_len(asked) <= _MOST_ASKED else _(_KIND_WORDS["measure"])
    if phase.kind != "work":
        return _(_KIND_WORDS[phase.kind])
    holds = view.step is not None and view.step.kind == "hold"
    word = phase.word.upper() or (_("HOLD") if holds else _(_KIND_WORDS["work"]))
    return f"{word} {phase.side.upper()}" if phase.side else word


def phase_style(view: RunView) -> str:
    """The style class of the phase, which sets its colour."""
    state = view.snapshot.state
    if state is State.PAUSED:
        return "paused"
    return "prepare" if state is State.LEAD_IN else view.snapshot.phase.kind


def detail_line(view: RunView) -> str:
    """The line below the exercise's name: which part of it runs, its dose, and what is needed for it."""
    again = _("this set comes once more") if view.snapshot.repeats_set else ""
    step, phase = view.step, view.snapshot.phase
    dose = dose_text(step.dose) if step else ""
    preparation = ("", "")
    if step and phase.kind == "prepare":
        preparation = (dose_origin_text(step.dose_origin), equipment_text(step.equipment))
    # Where the load is another one in each set, the dose has all of them.
    load = phase.load if step and step.dose and len(step.dose.loads) > 1 else ""
    done = counted_rounds_text(phase, view.snapshot.counted_reps)
    # "Rep 1 of 10" and "10 reps today" say it already.
    is_counted = phase.rep is not None and not (step and step.dose and step.dose.loads)
    is_said = is_counted or preparation[0].startswith(f"{dose} ")
    parts = (position_text(phase), done, load, f"({dose})" if dose and not is_said else "", *preparation, again)
    return "   ".join(part for part in parts if part)


_MOST_ASKED = 10  # cells of a word that is still large on a phone


def question_line(view: RunView, last: float | None) -> str:
    """What is asked, and what was answered last time where no scale marks it; empty where nothing is asked."""
    phase, measure = view.snapshot.phase, view.snapshot.question
    if measure is None:
        return ""
    asked = question_text(phase) if phase.text else measure.prompt
    if last is None or scale_of(measure) is not None:
        return asked
    return f"{asked}  {_('Last time: {answer}.').format(answer=with_unit(last, measure.unit))}"


def scale_of(measure: Measure | None) -> tuple[int, int] | None:
    """The smallest and the largest of a few whole numbers that a question is answered with; `None` for other ones."""
    if measure is None or measure.low is None or measure.high is None or measure.of_set in ("reps", "load"):
        return None
    low, high = int(measure.low), int(measure.high)
    is_whole = (low, high) == (measure.low, measure.high)
    return (low, high) if is_whole and high - low < MOST_NUMBERS else None


def hint(view: RunView, keys: Mapping[str, str]) -> str:
    """Which key to press, where the run does not go on by itself."""
    go_on, go = first_key("go_on", keys), first_key("go", keys)
    snapshot = view.snapshot
    if snapshot.state is State.PAUSED:
        paused = _("Press {key} to go on. Paused for {time}.").format(key=go, time=_elapsed_text(view.paused_s))
        return f"{paused} {_('The computer slept, or the program was stopped.')}" if view.slept else paused
    if (measure := snapshot.question) and snapshot.duration_ms is not None:
        text = (
            _("{number}, then {key}, or wait: {planned} as planned.")
            if measure.planned
            else _("{number}, then {key}, or wait: it goes on.")
        )
        return text.format(number=_wanted_number(measure), key=go_on, planned=measure.planned)
    if snapshot.state is not State.WAITING:
        counts = default_command(snapshot) is Command.COUNT_ROUND
        return _("Press {key} after each round.").format(key=go) if counts else ""
    if measure:
        return _answer_hint(measure, go_on)
    if snapshot.phase.kind == "work":
        return _work_hint(snapshot.phase, go, go_on)
    return _("Press {key} when you are ready.").format(key=go_on)


def _wanted_number(measure: Measure) -> str:
    """What may be typed."""
    if limits := answer_range_text(measure):
        return limits
    return _("A number of {unit}").format(unit=measure.unit) if measure.unit else _("A number")


def _work_hint(phase: Phase, go: str, go_on: str) -> str:
    """Which key to press in work that the user ends."""
    if phase.self_paced:
        text = (
            _("Press {count_key} after each rep, {key} to end the set.")
            if phase.is_open_ended
            else _("Press {count_key} after each rep, {key} when you are done.")
        )
        return text.format(count_key=go, key=go_on)
    if phase.distance:
        return _("Press {key} when you are there.").format(key=go_on)
    if phase.overrun:
        return _("The time is reached. Stay as long as you like, then press {key}.").format(key=go_on)
    return _("As long as you can, then press {key}.").format(key=go_on)


def _elapsed_text(seconds: int) -> str:
    """How long a pause has lasted; in whole minutes once it is long, so that an idle screen is seldom redrawn."""
    return f"{seconds} s" if seconds < _MINUTE_S else f"{seconds // _MINUTE_S} min"


def big_hint(view: RunView, keys: Mapping[str, str]) -> str:
    """How to go on, short enough to be drawn large; empty where the run goes on by itself."""
    snapshot = view.snapshot
    if snapshot.state is State.PAUSED:
        return _goes_on_text(first_key("go", keys))
    if snapshot.state is State.WAITING and snapshot.phase.kind == "wait":
        return _goes_on_text(first_key("go_on", keys))
    return ""


def _goes_on_text(key: str) -> str:
    # i18n: drawn in large letters, so it has to be short
    return _("{key}: go on").format(key=key).upper()


def _answer_hint(measure: Measure, key: str) -> str:
    """What may be typed, which key sends it, and what that key does alone."""
    limits = answer_range_text(measure)
    if measure.planned:
        text = (
            _("{limits}, then {key}; {key} alone is as planned.")
            if limits
            else _("Type a number and press {key}; {key} alone is as planned.")
        )
    else:
        text = (
            _("{limits}, then {key}; {key} alone passes it over.")
            if limits
            else _("Type a number and press {key}; {key} alone passes it over.")
        )
    return text.format(limits=limits, key=key)


def sound_line(view: RunView) -> str:
    """The volume, in a word or two."""
    if not view.has_sound:
        return _("No sound")
    return _("Muted") if view.muted else _("Volume {percent} %").format(percent=view.volume)


def remaining_line(view: RunView) -> str:
    """How much of the session is left, and when it will end."""
    return remaining_lines(view)[0]


def remaining_lines(view: RunView) -> tuple[str, ...]:
    """The same with shorter forms for less room, the longest first.

    The end is given by the wall clock; it is the earliest possible where steps wait for the user.
    """
    seconds = remaining_seconds(view.snapshot.session_remaining_ms)
    time = f"{countdown_text(seconds)}{' s' if seconds < _MINUTE_S else ''}"
    left = _("{time} left").format(time=time)
    if view.ends_at is None:
        return (left,)
    at = f"{view.ends_at:%H:%M}"
    ends = f"{left} · {_('ends at {time}').format(time=at)}"
    if not view.has_open_phases_left:
        return (ends, left)
    return (f"{left} · {_('ends at {time} or later').format(time=at)}", ends, left)


def go_label(view: RunView) -> str:
    """What the main key does now."""
    return _(_GO_LABELS[default_command(view.snapshot)])


def phase_progress(snapshot: Snapshot) -> float:
    """How much of the phase is done, from 0 to 1, by whole seconds, or by reps where the user counts them."""
    phase = snapshot.phase
    if phase.self_paced and phase.reps:
        return min(1.0, snapshot.counted_reps / phase.reps)
    if snapshot.duration_ms is None:
        return 1.0 if phase.overrun else 0.0
    if not snapshot.duration_ms:
        return 1.0
    # It changes together with the big figure, so that both are drawn at once.
    return max(0.0, 1.0 - remaining_seconds(snapshot.remaining_ms or 0) * 1_000 / snapshot.duration_ms)


def session_progress(view: RunView) -> float:
    """How much of the session is done, from 0 to 1."""
    total_ms = view.snapshot.session_elapsed_ms + view.snapshot.session_remaining_ms
    return view.snapshot.session_elapsed_ms / total_ms if total_ms else 1.0


# The kinds of phase in which the person does something: what "next" may name.
_ACTIVITY_KINDS = ("work", "measure", "wait")
# These belong to what follows them.
_LEAD_IN_KINDS = ("prepare", "switch")
_BREAK_KINDS = ("rest", "say")


def instruction(view: RunView) -> str:
    """The instruction, unless it only repeats the name; in a rest, that of what comes next."""
    phase = view.snapshot.phase
    if phase.kind == "measure":
        return ""  # the question has a place of its own
    if phase.text and phase.text != phase.label:
        return phase.text
    following = next_activity(view.timeline, view.snapshot.index)
    if phase.kind != "rest" or following is None or following.text == following.label:
        return ""
    return following.explanation


def next_line(view: RunView) -> str:
    """What comes next: its name, and below it its dose and equipment."""
    following = next_activity(view.timeline, view.snapshot.index)
    if following is None:
        return _end_line(view)
    return "\n".join(
        line for line in (_next_text(_phase_title(view.timeline, following)), _next_details(view, following)) if line
    )


def _end_line(view: RunView) -> str:
    """What comes after the last activity: a last rest or words of the author, the closing words, or nothing."""
    timeline = view.timeline
    at = timeline.next_unit(view.snapshot.index)
    if at is None:
        return _("Nothing comes after this.")
    step = timeline.phases[at].step
    return _("The end comes next.") if step is None else _next_text(timeline.steps[step].name)


def _next_text(name: str) -> str:
    return _("Next: {name}").format(name=name)


def next_activity(timeline: Timeline, index: int) -> Phase | None:
    """The first phase of the next activity after that of phase `index`; `None` after the last."""
    at: int | None = index
    if timeline.phases[index].kind in _LEAD_IN_KINDS:
        at = _next_activity_index(timeline, index)
    at = None if at is None else _next_activity_index(timeline, at)
    return None if at is None else timeline.phases[at]


def _next_activity_index(timeline: Timeline, index: int) -> int | None:
    """The first phase of an activity after the unit of phase `index`."""
    at = timeline.next_unit(index)
    while at is not None and not _is_activity(timeline.phases[at]):
        at = timeline.next_unit(at)
    return at


def _is_activity(phase: Phase) -> bool:
    """Whether a phase is something to do; a question about a set belongs to the set."""
    return phase.kind in _ACTIVITY_KINDS and not (phase.measure and phase.measure.of_set)


def _phase_title(timeline: Timeline, phase: Phase) -> str:
    """The name of a phase; a step that waits is named by what it asks for."""
    return timeline.steps[phase.step].name if phase.kind == "wait" and phase.step is not None else phase.label


def _next_details(view: RunView, following: Phase) -> str:
    """Set and side, if the exercise goes on; otherwise the dose and equipment of the next one."""
    here = view.snapshot.phase
    if following.step is None:
        return ""
    if following.step == here.step:
        return capitalised(" · ".join(filter(None, (set_and_side_text(following), _phase_length_text(following)))))
    step = view.timeline.steps[following.step]
    needed = equipment_text(step.equipment) if here.kind in _BREAK_KINDS else ""
    # A rest is the time to get ready, in which it is explained why the dose is what it is.
    origin = dose_origin_text(step.dose_origin) if here.kind == "rest" else ""
    return " · ".join(filter(None, (dose_text(step.dose) or _phase_length_text(following), needed, origin)))


def _phase_length_text(phase: Phase) -> str:
    """How long a phase lasts; empty for one that waits and for parts."""
    if phase.duration_ms is None or phase.part:
        return ""
    return duration_text(remaining_seconds(phase.duration_ms) * 1_000)
