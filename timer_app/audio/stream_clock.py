"""Maps moments to frames of a stream: learnt from when a device asks for blocks, or exact for an export."""

from __future__ import annotations

from collections import deque
from typing import Final

_WINDOW_MS: Final = 10_000
NOTICE_MS: Final = 2_000
_JUMP_MS: Final = 20.0
_LEARN_MS: Final = 1_000.0
_LEARNT_MS: Final = 600.0
_MAX_DRIFT: Final = 250e-6
_SETTLE_MS: Final = 150.0
_GAP_MS: Final = 1_500.0


class ExactStreamClock:
    """The clock of a stream that is asked for exactly on time, from frame 0 at moment 0 on.

    Args:
        rate: Frames a second.
    """

    is_stable = is_learnt = True
    origin_ms = 0.0

    def __init__(self, rate: int) -> None:
        self._rate = rate

    def observe(self, now_ms: float, frames: int) -> None:
        """There is nothing to learn."""

    def restart(self) -> None:
        """Nothing was learnt."""

    def frame_at(self, at_ms: float) -> int:
        """The frame that is pulled at `at_ms`."""
        return round(at_ms * self._rate / 1000)


class StreamClock:
    """Ties the frames of a stream to the caller's clock.

    A device asks for a block when it has room, or later when the computer is busy, never earlier. The earliest moments
    therefore lie on a straight line, `origin_ms + frame / rate`, and all the others above it. The line is learnt in the
    first second. Later it moves by at most 0.25 ms a second: that follows the drift between any two clocks, and cues
    that lie close together keep their distance although some devices ask up to 10 ms early or late. A stream that ran
    dry lies above the line for good: after `notice_ms` of that the line is moved there.

    Args:
        rate: Frames a second.
        notice_ms: A device that asks often may be noticed sooner than after the usual two seconds.
    """

    def __init__(self, rate: int, notice_ms: float = NOTICE_MS) -> None:
        self._rate, self._notice_ms = rate, notice_ms
        self._observations: deque[tuple[float, float]] = deque()
        self._first_ms = self._last_ms = 0.0
        self._observation_count = 0
        self._has_settled = False
        self.origin_ms = 0.0
        self.jumps = 0

    @property
    def is_stable(self) -> bool:
        """Whether the burst is over with which a device fills its buffer."""
        return self._has_settled

    @property
    def is_learnt(self) -> bool:
        """Whether the line has been learnt for long enough to lie still."""
        return self._has_settled and self._last_ms - self._first_ms >= _LEARNT_MS

    def restart(self) -> None:
        """Learn the line anew: the device has thrown away what it held, and fills its buffer once more."""
        self._observation_count, self._has_settled = 0, False

    def observe(self, now_ms: float, frames: int) -> None:
        """The device asks for a block at `now_ms`, and had `frames` frames before it."""
        if not self._observation_count or now_ms - self._last_ms > _GAP_MS:
            self._begin(now_ms)
        passed_ms, self._last_ms = now_ms - self._last_ms, now_ms
        self._observation_count += 1
        if not self._has_settled and now_ms - self._first_ms >= _SETTLE_MS:
            # In the burst frames were asked for before there was room for them: such moments are not on the line.
            self._observations.clear()
            self._has_settled = True
        origin_ms = now_ms - frames * 1000 / self._rate
        self._observations.append((now_ms, origin_ms))
        self._forget_before(now_ms - _WINDOW_MS)
        self._move(now_ms, origin_ms, passed_ms)

    def frame_at(self, at_ms: float) -> int:
        """The frame that is pulled at `at_ms`, for a device that asks as early as it can."""
        return round((at_ms - self.origin_ms) * self._rate / 1000)

    def _begin(self, now_ms: float) -> None:
        self._observations.clear()
        self._first_ms = self._last_ms = now_ms
        self._observation_count, self._has_settled = 0, False

    def _move(self, now_ms: float, origin_ms: float, passed_ms: float) -> None:
        newest = min(origin for at_ms, origin in self._observations if at_ms >= now_ms - self._notice_ms)
        if now_ms - self._first_ms < _LEARN_MS:
            self.origin_ms = newest
        elif origin_ms < self.origin_ms - _JUMP_MS:
            self._jump(now_ms, origin_ms)
        elif newest > self.origin_ms + _JUMP_MS:
            self._jump(now_ms - self._notice_ms, newest)
        else:
            earliest = min(origin for _, origin in self._observations)
            most = passed_ms * _MAX_DRIFT
            self.origin_ms += min(most, max(-most, earliest - self.origin_ms))

    def _jump(self, since_ms: float, origin_ms: float) -> None:
        self._forget_before(since_ms)
        self.origin_ms = origin_ms
        self.jumps += 1

    def _forget_before(self, moment_ms: float) -> None:
        while self._observations and self._observations[0][0] < moment_ms:
            self._observations.popleft()
