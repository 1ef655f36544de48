from __future__ import annotations

import time
import tracemalloc
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.audio.music_files import Steady, pieces_of, tone, write_music
from timer_app.audio.base import MIX_RATE, AudioError, Samples
from timer_app.audio.music import CROSSFADE_MS, Playlist, ReadAhead

FADE = CROSSFADE_MS * MIX_RATE // 1_000
LIMIT_S = 10


def _levels(*lengths_s: float) -> dict[Path, Samples]:
    """Tracks that are told apart by their level: 0.1, 0.2, and so on."""
    levels = enumerate(lengths_s, 1)
    return {Path(str(n)): np.full(round(s * MIX_RATE), n / 10, np.float32) for n, s in levels}


def _playlist(tracks: dict[Path, Samples], piece: int = 16_384) -> Playlist:
    return Playlist(list(tracks), lambda path: pieces_of(tracks[path], piece))


def test_tracks_follow_each_other_and_begin_again_after_the_last() -> None:
    heard = _playlist(_levels(10, 20)).read(60 * MIX_RATE)
    # 10 s, of which 3 s fade into the 20 s that follow, of which 3 s fade into the 10 s again.
    for at_s, level in ((1, 0.1), (6.9, 0.1), (10.1, 0.2), (23.9, 0.2), (27.1, 0.1), (30.9, 0.1), (34.1, 0.2)):
        assert heard[round(at_s * MIX_RATE)] == np.float32(level), at_s


def test_a_crossfade_has_no_gap_and_no_jump() -> None:
    heard = _playlist(_levels(10, 10)).read(30 * MIX_RATE)
    assert heard.min() >= np.float32(0.1)
    assert np.abs(np.diff(heard)).max() < 1e-5


def test_a_single_track_fades_into_itself() -> None:
    heard = _playlist(_levels(8)).read(20 * MIX_RATE)
    assert heard[6 * MIX_RATE + MIX_RATE // 2] == pytest.approx(0.1 * 2**0.5, rel=1e-3)
    assert heard[9 * MIX_RATE] == np.float32(0.1)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.lists(st.integers(1, 200_000), min_size=1, max_size=6),
    st.sampled_from([1_000, 16_384, 300_000]),
)
@settings(max_examples=25, deadline=None)
def test_what_is_heard_does_not_depend_on_how_it_is_read(lengths_s: list[int], reads: list[int], piece: int) -> None:
    tracks = _levels(*lengths_s)
    wanted = _playlist(tracks).read(sum(reads))
    playlist = _playlist(tracks, piece)
    assert np.array_equal(np.concatenate([playlist.read(count) for count in reads]), wanted)
    assert np.isfinite(wanted).all()


def test_a_file_that_cannot_be_played_is_left_out_and_told_once(tmp_path: Path) -> None:
    (tmp_path / "junk.mp3").write_bytes(b"junk" * 1_000)
    good = write_music(tmp_path / "good.wav", tone(4.0))
    playlist = Playlist([tmp_path / "junk.mp3", good, tmp_path / "missing.ogg"])
    assert np.abs(playlist.read(30 * MIX_RATE)).max() > 0.4
    assert [fault.partition(": ")[0] for fault in playlist.faults] == [
        str(tmp_path / "junk.mp3"),
        str(tmp_path / "missing.ogg"),
    ]


def test_a_list_without_music_is_silence_and_comes_to_an_end(tmp_path: Path) -> None:
    assert not Playlist([]).read(1_000).any()
    assert not Playlist([tmp_path / "missing.ogg"]).read(1_000).any()
    empty = Playlist([Path("a")], lambda _: iter([np.zeros(0, np.float32)]))
    assert not empty.read(1_000).any()
    assert empty.faults == ["a: holds no sound"]


def test_nothing_is_heard_of_a_closed_list() -> None:
    playlist = _playlist(_levels(10))
    playlist.read(100)
    playlist.close()
    assert not playlist.read(1_000).any()


def test_an_hour_of_music_does_not_sit_in_memory(tmp_path: Path) -> None:
    hour = write_music(tmp_path / "hour.wav", tone(1.0, rate=44_100), 44_100)
    header = bytearray(hour.read_bytes()[:44])
    size = 3_600 * 44_100 * 2
    header[4:8] = (36 + size).to_bytes(4, "little")
    header[40:44] = size.to_bytes(4, "little")
    with hour.open("wb") as file:
        file.write(header)
        file.truncate(44 + size)  # an hour that takes no room on the disk
    tracemalloc.start()
    try:
        playlist = Playlist([hour])
        for _ in range(120):
            assert len(playlist.read(MIX_RATE // 2)) == MIX_RATE // 2
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert playlist.faults == []
    assert peak < 12_000_000


def test_reading_ahead_gives_the_same_music() -> None:
    source = Steady()
    ahead = ReadAhead(source)
    until_s = time.monotonic() + LIMIT_S
    while source.taken < 3 * MIX_RATE and time.monotonic() < until_s:
        time.sleep(0.01)
    heard = [ahead.read(count) for count in (1, 10_000, 777, 60_000)]
    ahead.close()
    assert np.array_equal(np.concatenate(heard), Steady().read(70_778))


def test_reading_ahead_stops_at_some_seconds_and_gives_the_source_back() -> None:
    source = Steady(0.5)
    ahead = ReadAhead(source)
    until_s = time.monotonic() + LIMIT_S
    while source.taken < 3 * MIX_RATE and time.monotonic() < until_s:
        time.sleep(0.01)
    assert source.taken < 4 * MIX_RATE
    ahead.close()
    while not source.closed and time.monotonic() < until_s:
        time.sleep(0.01)
    assert source.closed


def test_reading_ahead_never_waits_for_a_slow_disk() -> None:
    class Stuck(Steady):
        def read(self, n_frames: int) -> Samples:
            time.sleep(0.5)
            return super().read(n_frames)

    ahead = ReadAhead(Stuck(0.5))
    began_s = time.monotonic()
    assert not ahead.read(100).any()
    assert time.monotonic() - began_s < 0.4
    ahead.close()


def test_an_error_of_a_track_is_no_error_of_the_list() -> None:
    def refuse(path: Path) -> NoReturn:
        raise AudioError(f"{path}: no")

    playlist = Playlist([Path("a")], refuse)
    assert not playlist.read(10).any()
    assert playlist.faults == ["a: no"]
