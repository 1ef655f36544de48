from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.command_line import Inside
from timer_app.audio.base import AudioError
from timer_app.audio.calibration import LatencyEstimate
from timer_app.audio.process_sink import Sink
from timer_app.cli import calibrate as calibrating
from timer_app.cli.calibrate import KeyPress, collect_taps, key_presses, result_lines, rounded_ms
from timer_app.cli.errors import CommandError
from timer_app.core.player.clock import machine_ms


class Person:
    """Sits at a clock that stands until a key is waited for, hears the beat late, and taps along."""

    def __init__(self, late_ms: float = 180.0, key: str = " ") -> None:
        self.late_ms, self.key = late_ms, key
        self.now_ms = 1_000.0
        self.heard_ms: list[float] = []
        self.tapped = 0
        self.latency_ms, self.trouble, self.closed = 150, cast("str | None", None), False
        self.shown = 0

    def schedule(self, _content: str, at_ms: float) -> None:
        self.heard_ms.append(at_ms + self.late_ms)

    def close(self) -> None:
        self.closed = True

    def read_key(self, limit_ms: float) -> KeyPress | None:
        until_ms = self.now_ms + limit_ms
        if self.tapped < len(self.heard_ms) and self.heard_ms[self.tapped] <= until_ms:
            self.now_ms = max(self.now_ms, self.heard_ms[self.tapped])
            self.tapped += 1
            return KeyPress(self.key, self.now_ms)
        self.now_ms = until_ms
        return None

    def show(self) -> None:
        self.shown += 1

    def listen(self) -> LatencyEstimate | None:
        return collect_taps(cast("Sink", self), self.read_key, self.show, lambda: self.now_ms)


@pytest.mark.parametrize("key", [" ", "\r", "\n"])
def test_who_taps_with_what_is_heard_learns_how_late_that_is(key: str) -> None:
    person = Person(180, key)
    assert person.listen() == LatencyEstimate(180, 0, 16, 0)
    assert person.closed
    assert person.shown == 20
    assert len(person.heard_ms) == 20


def test_other_keys_are_no_taps_and_too_few_taps_tell_nothing() -> None:
    person = Person(180, "x")
    with pytest.raises(CommandError, match="at least 8 taps that keep to the beat are needed, there were 0 taps"):
        person.listen()
    assert person.closed


def test_q_gives_up() -> None:
    person = Person(180, "q")
    assert person.listen() is None
    assert person.closed


def test_sound_that_is_lost_ends_it_with_the_reason() -> None:
    person = Person()
    person.trouble = "the sound device stopped answering; the session goes on silently"
    with pytest.raises(AudioError, match=r"^the sound device stopped answering$"):
        person.listen()
    assert person.closed


@pytest.mark.parametrize(
    ("offset_ms", "expected"), [(-80, 0), (0, 0), (24, 0), (26, 30), (184, 180), (186, 190), (9_999, 2_000)]
)
def test_the_setting_is_a_whole_ten_and_nothing_where_nobody_would_notice(offset_ms: float, expected: int) -> None:
    assert rounded_ms(LatencyEstimate(offset_ms, 5, 16, 0)) == expected


def test_the_words_tell_how_sure_it_is() -> None:
    sure = result_lines(LatencyEstimate(183.4, 11.6, 14, 2))
    assert sure[0] == (
        "You tapped 183 ms after the tick, give or take 12 ms (14 taps, 2 left out for being far from the others)."
    )
    assert "keyboard" in sure[-1]
    unsure = result_lines(LatencyEstimate(-12, 55, 9, 0))
    assert unsure[0] == "You tapped 12 ms before the tick, give or take 55 ms (9 taps)."
    assert "not sure" in unsure[1]
    assert "latency_ms = 0 is right" in unsure[2]


def test_without_a_terminal_it_is_refused(timer_app: Inside) -> None:
    found = timer_app("sounds", "--calibrate")
    assert found.status == 2
    assert found.out == ""
    assert "needs a terminal" in found.err


def test_a_result_is_written_only_when_that_is_wanted(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "config" / "settings.toml"
    for answer, text in ((False, None), (True, "latency_ms = 180\n")):
        monkeypatch.setattr("click.confirm", lambda *_words, answer=answer, **_more: answer)
        assert calibrating._offer_to_save(["words"], 180) == 0
        assert (path.read_text(encoding="utf-8") if path.exists() else None) == text
    assert "Nothing was written." in capsys.readouterr().out


def test_settings_that_are_broken_are_told_and_not_touched(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / "config" / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("volume = \n", encoding="utf-8")
    monkeypatch.setattr("click.confirm", lambda *_words, **_more: True)
    with pytest.raises(CommandError, match=r"settings\.toml:1:"):
        calibrating._offer_to_save(["words"], 180)
    assert path.read_text(encoding="utf-8") == "volume = \n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The keyboard's end of a terminal, and the program's."""
    keyboard, program = pty.openpty()
    yield keyboard, program
    os.close(keyboard)
    os.close(program)


def test_keys_come_one_by_one_with_their_moment_and_what_is_not_read_is_forgotten(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    before = termios.tcgetattr(program)
    with key_presses(program) as read_key:
        assert read_key(10) is None
        begun_ms = machine_ms()
        os.write(keyboard, b" \rx")
        presses = [press for press in (read_key(2_000), read_key(2_000)) if press]
        assert [press.key for press in presses] in ([" ", "\r"], [" ", "\n"])
        assert all(begun_ms <= press.at_ms <= machine_ms() for press in presses)
    assert termios.tcgetattr(program) == before
    with key_presses(program) as read_key:
        assert read_key(50) is None
