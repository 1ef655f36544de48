from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from timer_app.core.diagnostics.problems import FileFault
from timer_app.settings import store
from timer_app.settings.settings import Settings
from timer_app.settings.store import SettingValue, load_settings, write_setting
from timer_app.system.files import folder_lock

HAND_WRITTEN = """\
# My settings.

volume = 70   # the neighbours
latency_ms = 0
rate=  140

# Keys I can find with my eyes shut.
[keys]
pause = "space"  # big
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_key_that_is_there_changes_and_nothing_else_does(path: Path) -> None:
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    write_setting(path, "volume", 35)
    assert path.read_text(encoding="utf-8") == HAND_WRITTEN.replace("volume = 70 ", "volume = 35 ")


def test_a_new_key_stands_outside_of_the_tables(path: Path) -> None:
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    write_setting(path, "output", "file:my run.wav")
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line not in HAND_WRITTEN.splitlines()] == [
        'output = "file:my run.wav"'
    ]
    assert tomllib.loads(text)["output"] == "file:my run.wav"


def test_a_key_can_be_taken_out_so_that_its_default_holds(path: Path) -> None:
    path.write_text(HAND_WRITTEN, encoding="utf-8")
    write_setting(path, "rate", None)
    write_setting(path, "theme", None)
    assert path.read_text(encoding="utf-8") == HAND_WRITTEN.replace("rate=  140\n", "")


def test_the_file_and_its_folder_are_made_where_they_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "config" / "timer-app" / "settings.toml"
    write_setting(path, "latency_ms", 180)
    assert load_settings(path).settings == Settings(latency_ms=180)


@pytest.mark.parametrize("broken", ["volume = \n", 'a = 1\na = 2\nb = "x"', "[keys\n", "x = " + "[" * 99 + "]" * 99])
def test_a_broken_file_is_not_touched_and_its_place_is_told(path: Path, broken: str) -> None:
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(FileFault, match=r"settings\.toml:\d+:\d+"):
        write_setting(path, "volume", 35)
    assert path.read_text(encoding="utf-8") == broken


def test_a_file_that_is_no_text_is_not_touched(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFault, match="not UTF-8"):
        write_setting(path, "volume", 35)
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_what_cannot_be_written_is_told_and_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(HAND_WRITTEN, encoding="utf-8")

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileFault, match="cannot be written: no space left on device"):
        write_setting(path, "volume", 35)
    assert path.read_text(encoding="utf-8") == HAND_WRITTEN
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link_and_rights_stay_as_they_are(tmp_path: Path, path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text("volume = 1\n", encoding="utf-8")
    real.chmod(0o600)
    path.symlink_to(real)
    write_setting(path, "volume", 2)
    assert path.is_symlink()
    assert real.read_text(encoding="utf-8") == "volume = 2\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_others_can_no_longer_read_a_file_that_is_written_anew(path: Path) -> None:
    path.write_text("volume = 1\n", encoding="utf-8")
    path.chmod(0o644)
    write_setting(path, "volume", 2)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


WRITER = """
import sys
from pathlib import Path
from timer_app.settings.store import write_setting
for number in range(10):
    write_setting(Path(sys.argv[1]), f"{sys.argv[2]}{number}", number)
"""


def test_three_programs_that_write_at_once_lose_no_key(path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in "abc"]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written == {f"{name}{number}": number for name in "abc" for number in range(10)}
    assert list(path.parent.iterdir()) == [path]


def test_a_writer_that_another_one_keeps_waiting_gives_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "folder_lock", partial(folder_lock, timeout_s=0))
    path.write_text("volume = 1\n", encoding="utf-8")
    with folder_lock(path.parent), pytest.raises(FileFault, match="cannot be written: another timer-app has been"):
        write_setting(path, "volume", 2)
    assert path.read_text(encoding="utf-8") == "volume = 1\n"


def test_line_ends_of_another_system_and_a_mark_at_the_front_stay(path: Path) -> None:
    before = b"\xef\xbb\xbfvolume = 1 # a\r\n# b\r\n[keys]\r\n"
    path.write_bytes(before)
    write_setting(path, "volume", 2)
    assert path.read_bytes() == before.replace(b"= 1", b"= 2")


_KEYS = st.sampled_from(["volume", "voice", "sound", "level", "rate", "a-b", "x"])
_VALUES = st.one_of(st.integers(-(2**60), 2**60), st.booleans(), st.floats(allow_nan=False), st.text(max_size=12))
_COMMENTS = st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\x85"), max_size=12)


@st.composite
def _files(draw: st.DrawFn) -> str:
    """Keys, comments, blank lines, lists over several lines, and tables, as people write them."""
    lines: list[str] = []

    def some_lines(keys: set[str]) -> None:
        for key in sorted(keys):
            if draw(st.booleans()):
                lines.append(f"# {draw(_COMMENTS)}" if draw(st.booleans()) else "")
            value = tomli_w.dumps({"x": draw(_VALUES)}).removeprefix("x = ").rstrip("\n")
            value = f"[\n  {value}, # {draw(_COMMENTS)}\n]" if draw(st.booleans()) else value
            lines.append(f"{key} = {value}" + (f" # {draw(_COMMENTS)}" if draw(st.booleans()) else ""))

    some_lines(draw(st.sets(_KEYS)))
    for table in draw(st.lists(st.sampled_from(["keys", "sounds", "lexicon"]), unique=True)):
        lines.append(f"[{table}]")
        some_lines(draw(st.sets(_KEYS)))
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


@given(text=_files(), key=_KEYS, value=_VALUES)
def test_whatever_stands_in_a_file_only_the_one_key_changes(
    tmp_path_factory: pytest.TempPathFactory, text: str, key: str, value: SettingValue
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(text.encode())
    before: dict[str, Any] = tomllib.loads(text)
    write_setting(path, key, value)
    after = path.read_bytes().decode()
    assert tomllib.loads(after) == {**before, key: value}
    missing = [line for line in text.split("\n") if line.startswith("#") and line not in after]
    assert not missing
    write_setting(path, key, None)
    assert tomllib.loads(path.read_bytes().decode()) == {name: each for name, each in before.items() if name != key}
