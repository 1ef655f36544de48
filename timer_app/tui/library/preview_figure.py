"""The figure in the preview: does one exercise of the session after the other, for as long as somebody may watch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from timer_app.core.player import figure_at
from timer_app.core.player.states import Snapshot, State
from timer_app.tui.play.pacer import FRAME_MS
from timer_app.tui.play.view import RunView
from timer_app.tui.widgets.figure import CALM_FRAME_MS, FigureView

if TYPE_CHECKING:
    from textual.timer import Timer

    from timer_app.core.timeline import Timeline

_SCENE_MS = 6_000  # of one exercise, before the next
_OPEN_PHASE_MS = 4_000  # of a phase that has no length of its own
_WATCHED_MS = 90_000  # a list that is left alone needs no processor


class PreviewFigure(FigureView):
    """Moves by itself; with reduced motion it stands in the first pose of the first exercise."""

    def __init__(self, *, reduced: bool) -> None:
        super().__init__(id="preview-figure", reduced=reduced)
        self._timeline: Timeline | None = None
        self._scenes: list[list[int]] = []
        self._began_s = 0.0
        self._shown_ms = 0
        self._frame_ms = FRAME_MS
        self._frame_timer: Timer | None = None
        self.display = False

    @property
    def is_moving(self) -> bool:
        """Whether frames follow each other."""
        return self._frame_timer is not None

    def show(self, timeline: Timeline | None) -> None:
        """Begin with the first exercise of a session that has a figure; without any, nothing is shown.

        What is shown already goes on.
        """
        self._begin(timeline, list(scenes(timeline)) if timeline else [])

    def show_phases(self, timeline: Timeline | None, phases: list[int]) -> None:
        """Do what is done in some phases, over and over; without a figure in them, nothing is shown."""
        seen = [index for index in phases if timeline and figure_at(timeline, index) is not None]
        self._begin(timeline, [seen] if seen else [])

    def _begin(self, timeline: Timeline | None, scenes: list[list[int]]) -> None:
        if timeline is self._timeline and scenes == self._scenes:
            return
        self._timeline = timeline
        self._scenes = scenes
        self.display = bool(self._scenes)
        self._began_s = self._clock()
        self._stop()
        if not self._scenes:
            self.view = None
            return
        self._show_moment(0)
        if not self.reduced:
            self._frame_timer = self.set_interval(FRAME_MS / 1_000, self._show_frame)

    def _stop(self) -> None:
        if self._frame_timer is not None:
            self._frame_timer.stop()
            self._frame_timer = None

    def _show_frame(self) -> None:
        at_ms = round((self._clock() - self._began_s) * 1_000)
        if at_ms > _WATCHED_MS:
            self._stop()
        elif self.app.screen is self.screen and self.has_room and self._is_due(at_ms):
            self._show_moment(at_ms)

    def _is_due(self, at_ms: int) -> bool:
        """Whether it is time for another picture; who only breathes is drawn as seldom as in a run."""
        return at_ms // self._frame_ms != self._shown_ms // self._frame_ms

    def _show_moment(self, at_ms: int) -> None:
        if self._timeline is None:
            return
        self._shown_ms = at_ms
        scene = self._scenes[at_ms // _SCENE_MS % len(self._scenes)]
        index, elapsed_ms = moment_in(self._timeline, scene, at_ms % _SCENE_MS)
        phase = self._timeline.phases[index]
        # The time of the whole run is not drawn, and paused the figure does not go on by its own clock.
        snapshot = Snapshot(State.PAUSED, index, phase, elapsed_ms, None, phase.duration_ms, 0, 0, False, 0, 0)
        self.view = RunView(snapshot, self._timeline)
        self._frame_ms = CALM_FRAME_MS if self.is_calm else FRAME_MS


def scenes(timeline: Timeline) -> Iterator[list[int]]:
    """For each figure of a session the phases of work in which it is first seen."""
    seen: set[int] = set()
    work = (index for index, phase in enumerate(timeline.phases) if phase.kind == "work")
    for figure, indices in groupby(work, key=lambda index: figure_at(timeline, index)):
        if figure is not None and id(figure) not in seen:
            seen.add(id(figure))
            yield list(indices)


def moment_in(timeline: Timeline, scene: list[int], at_ms: int) -> tuple[int, int]:
    """The phase at a time of a scene, and how long it has run; behind its end the scene begins again."""
    lengths = [timeline.phases[index].duration_ms or _OPEN_PHASE_MS for index in scene]
    left_ms = at_ms % max(1, sum(lengths))
    for index, length_ms in zip(scene, lengths, strict=True):
        if left_ms < length_ms:
            return index, left_ms
        left_ms -= length_ms
    return scene[-1], 0
