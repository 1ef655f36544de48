from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import timer_app.tts.cache as cache_module
from timer_app.core.timeline.utterance import Utterance
from timer_app.tts.cache import SpeechCache, cache_key
from timer_app.tts.voice import Speech, silence

LINE = Utterance("Switch sides.", "en", 150, 50)
KEY = cache_key("espeak", "1.52.0", LINE)
WORDS = st.text('a",', max_size=2)
LINES = st.builds(Utterance, st.text(max_size=3), WORDS, st.integers(1, 2), st.integers(0, 1))
VOICED_LINES = st.tuples(WORDS, WORDS, LINES)


def numbered(number: int) -> str:
    return cache_key("espeak", "1.52.0", Utterance(f"Line {number}"))


def only_file(folder: Path) -> Path:
    [path] = folder.iterdir()
    return path


def same(first: Speech | None, second: Speech) -> bool:
    return first is not None and np.array_equal(first.samples, second.samples) and first.timing == second.timing


def test_what_was_put_is_got_back_at_once_and_by_the_next_run(tmp_path: Path, speech_of: Callable[..., Speech]) -> None:
    cache, speech = SpeechCache(tmp_path / "a" / "b"), speech_of()
    assert cache.get(KEY) is None
    assert cache.get_timing(KEY) is None
    cache.put(KEY, speech)
    for reader in (cache, SpeechCache(tmp_path / "a" / "b")):
        assert same(reader.get(KEY), speech)
        assert reader.get_timing(KEY) == speech.timing


@given(VOICED_LINES, VOICED_LINES)
def test_lines_have_one_key_only_where_they_are_equal(
    first: tuple[str, str, Utterance], second: tuple[str, str, Utterance]
) -> None:
    assert (cache_key(*first) == cache_key(*second)) == (first == second)


@given(VOICED_LINES)
def test_a_key_is_a_safe_file_name_whatever_the_text(voiced: tuple[str, str, Utterance]) -> None:
    assert len(cache_key(*voiced)) == 64
    assert set(cache_key(*voiced)) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("voice", "version", "line", "key"),
    [
        (
            "espeak",
            "1.52.0",
            Utterance("Switch sides."),
            "1df51b627b544160e4ef47ac373bd807a7d73d213d084b6e5453e95c6124d119",
        ),
        (
            "system",
            "2",
            Utterance("Kni-e beugen, über 90°.", "de", 160, 10),
            "60b12efa23b8091b2af963e5e2381e3f26871397a5cad109f443874605677a95",
        ),
        (
            "system",
            "2",
            Utterance("Kni-e beugen, über 90°.", "en-gb", 90, 10),
            "24b469d06bdb61e5a5fc1e7f66f1e612b081c461581408898a4470d8fa59872f",
        ),
    ],
)
def test_lines_that_earlier_versions_rendered_are_found(voice: str, version: str, line: Utterance, key: str) -> None:
    assert cache_key(voice, version, line) == key


@pytest.mark.parametrize(
    "other",
    [
        cache_key("system", "1.52.0", LINE),
        cache_key("espeak", "1.53.0", LINE),
        cache_key("espeak", "1.52.0", LINE._replace(language="en-us")),
        cache_key("espeak", "1.52.0", LINE._replace(rate=151)),
        cache_key("espeak", "1.52.0", LINE._replace(text="Switch sides")),
        cache_key("espeak", "1.52.0", LINE._replace(pitch=51)),
    ],
)
def test_a_line_that_sounds_different_is_not_mistaken_for_another(
    cache: SpeechCache, speech_of: Callable[..., Speech], other: str
) -> None:
    cache.put(KEY, speech_of())
    assert cache.get(other) is None
    assert cache.get_timing(other) is None


def test_a_new_way_of_shaping_lines_leaves_the_old_ones_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "SHAPING_VERSION", cache_module.SHAPING_VERSION + 1)
    assert cache_key("espeak", "1.52.0", LINE) != KEY


def test_nothing_is_created_before_the_first_write(tmp_path: Path) -> None:
    cache = SpeechCache(tmp_path / "speech")
    cache.get(KEY)
    cache.get_timing(KEY)
    assert not (tmp_path / "speech").exists()


@pytest.mark.parametrize("damage", [b"", b"junk", None])
def test_a_damaged_file_is_a_miss_and_is_replaced(
    tmp_path: Path, speech_of: Callable[..., Speech], damage: bytes | None
) -> None:
    SpeechCache(tmp_path).put(KEY, speech_of())
    path = only_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    cache = SpeechCache(tmp_path)
    assert cache.get_timing(KEY) is None
    assert cache.get(KEY) is None
    cache.put(KEY, speech_of())
    assert same(SpeechCache(tmp_path).get(KEY), speech_of())


def test_damaged_samples_behind_a_sound_header_are_a_miss(tmp_path: Path, speech_of: Callable[..., Speech]) -> None:
    SpeechCache(tmp_path).put(KEY, speech_of())
    path = only_file(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    cache = SpeechCache(tmp_path)
    assert cache.get_timing(KEY) is not None
    assert cache.get(KEY) is None
    path.unlink()
    assert cache.get_timing(KEY) is None


def test_a_folder_that_cannot_be_made_leaves_the_lines_in_memory(
    tmp_path: Path, speech_of: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MEMORY_BYTES", 1)
    (tmp_path / "file").write_text("in the way")
    cache = SpeechCache(tmp_path / "file" / "speech")
    speeches = [speech_of(seed=n) for n in range(5)]
    for n, speech in enumerate(speeches):
        cache.put(numbered(n), speech)
    for n, speech in enumerate(speeches):
        assert same(cache.get(numbered(n)), speech)
        assert cache.get_timing(numbered(n)) == speech.timing


def test_a_full_disk_leaves_no_half_file_and_the_line_in_memory(
    tmp_path: Path, speech_of: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    cache = SpeechCache(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        cache.put(KEY, speech_of())
    assert list(tmp_path.iterdir()) == []
    assert same(cache.get(KEY), speech_of())
    cache.put(KEY, speech_of())
    assert same(SpeechCache(tmp_path).get(KEY), speech_of())


def test_lines_used_longest_ago_are_dropped_when_the_folder_is_full(
    tmp_path: Path, speech_of: Callable[..., Speech]
) -> None:
    cache = SpeechCache(tmp_path, max_bytes=10 * 4_100)
    for n in range(10):
        cache.put(numbered(n), speech_of())
    for n, path in enumerate(tmp_path / (numbered(n) + ".speech") for n in range(10)):
        os.utime(path, (1_000 + n, 1_000 + n))
    SpeechCache(tmp_path).get(numbered(0))
    cache.put(numbered(10), speech_of())
    left = SpeechCache(tmp_path)
    assert left.get_timing(numbered(0)) is not None
    assert left.get_timing(numbered(1)) is None
    assert left.get_timing(numbered(10)) is not None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 10 * 4_100


def test_the_limit_counts_what_earlier_runs_left(tmp_path: Path, speech_of: Callable[..., Speech]) -> None:
    SpeechCache(tmp_path).put(numbered(1), speech_of(50_000))
    os.utime(only_file(tmp_path), (1_000, 1_000))
    SpeechCache(tmp_path, max_bytes=20_000).put(numbered(2), speech_of(100))
    assert SpeechCache(tmp_path).get_timing(numbered(1)) is None
    assert SpeechCache(tmp_path).get_timing(numbered(2)) is not None


def test_writes_never_finished_are_tidied_away_but_fresh_ones_and_strange_files_stay(
    tmp_path: Path, speech_of: Callable[..., Speech]
) -> None:
    for name in ("old.part", "new.part", "notes.txt"):
        (tmp_path / name).write_bytes(b"half")
    long_ago = time.time() - 86_400
    os.utime(tmp_path / "old.part", (long_ago, long_ago))
    os.utime(tmp_path / "notes.txt", (long_ago, long_ago))
    SpeechCache(tmp_path).put(KEY, speech_of())
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"new.part", "notes.txt", f"{KEY}.speech"}


def test_memory_is_bounded_and_the_disk_has_the_rest(
    tmp_path: Path, speech_of: Callable[..., Speech], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "MEMORY_BYTES", 20_000)
    cache = SpeechCache(tmp_path)
    for n in range(20):
        cache.put(numbered(n), speech_of(1_000, seed=n))
    assert sum(speech.samples.nbytes for speech in cache._recent.values()) <= 20_000
    assert cache._recent_bytes == sum(speech.samples.nbytes for speech in cache._recent.values())
    assert all(same(cache.get(numbered(n)), speech_of(1_000, seed=n)) for n in range(20))


def test_a_line_of_silence_is_remembered_as_one(cache: SpeechCache) -> None:
    cache.put(KEY, silence())
    found = cache.get(KEY)
    assert found is not None
    assert found.length_ms == 0


@pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX")
def test_what_is_said_is_for_its_user_alone_to_read(tmp_path: Path, speech_of: Callable[..., Speech]) -> None:
    SpeechCache(tmp_path).put(KEY, speech_of())
    assert stat.S_IMODE(only_file(tmp_path).stat().st_mode) == 0o600


def test_many_threads_may_put_and_get_at_once(tmp_path: Path, speech_of: Callable[..., Speech]) -> None:
    cache, wrong = SpeechCache(tmp_path, max_bytes=60_000), list[int]()

    def use(first: int) -> None:
        for n in range(first, first + 30):
            cache.put(numbered(n % 10), speech_of(seed=n % 10))
            found = cache.get(numbered(n % 10))
            if not same(found, speech_of(seed=n % 10)):
                wrong.append(n)

    threads = [threading.Thread(target=use, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
