from __future__ import annotations

import errno
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Inside
from timer_app.analysis import Analysis, analyse

BROKEN = """\
# Mine, with a note.
name = "Mine"   # kept
[[steps]]
exercise = "wall-sqat"
marsk = "none"
foo = 3
"""
MENDED = """\
# Mine, with a note.
schema = 1
name = "Mine"   # kept
[[steps]]
exercise = "wall-squat"
marks = "none"
foo = 3
"""
CLEAN = 'schema = 1\nname = "Clean"\n[[steps]]\nrest = "5s"\n'


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_what_is_plain_is_mended_and_everything_else_stays(timer_app: Inside, mine: Path) -> None:
    mine.chmod(0o640)
    found = timer_app("lint", mine, "--fix")
    assert mine.read_text(encoding="utf-8") == MENDED
    assert stat.S_IMODE(mine.stat().st_mode) == 0o640
    assert found.err.splitlines() == [
        f"{mine}:1:1: Add schema = 1",
        f'{mine}:5:12: Change to "wall-squat"',
        f'{mine}:6:1: Change to "marks"',
    ]
    assert found.out.splitlines()[0] == f"{mine}:7:1: steps[0].foo: unknown key"
    assert found.out.splitlines()[-1] == "1 file: 1 error; 3 fixed"
    assert found.status == 1


@pytest.mark.parametrize(
    ("dose", "mended"),
    [
        ('hold = "30 sec"', 'hold = "30s"'),
        ('hold = "20-30 Sek."', 'hold = "20-30s"'),
        ('rest = "1,5 min"', 'rest = "1.5m"'),
        ('reps = "10 reps"', 'reps = "10"'),
        ('reps = "3 sets"', 'reps = "3 sets"'),  # the key may be what is wrong
    ],
)
def test_a_dose_with_its_unit_in_words_is_mended(timer_app: Inside, mine: Path, dose: str, mended: str) -> None:
    more = "" if dose.startswith("rest") else 'name = "Lean"\n'
    text = f'schema = 1\nname = "A"\n[[steps]]\n{more}{{}}\n'
    mine.write_text(text.format(dose), encoding="utf-8")
    timer_app("lint", mine, "--fix")
    assert mine.read_text(encoding="utf-8") == text.format(mended)


def test_without_fix_nothing_is_written(timer_app: Inside, mine: Path) -> None:
    before = mine.stat()
    assert timer_app("lint", mine).status == 1
    assert (mine.stat().st_mtime_ns, mine.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(("text", "status"), [(CLEAN, 0), (CLEAN + 'company = "none"\nsay = "{x}"\n', 1)])
def test_the_status_says_whether_anything_is_wrong(timer_app: Inside, mine: Path, text: str, status: int) -> None:
    mine.write_text(text, encoding="utf-8")
    assert timer_app("lint", mine).status == status
    assert timer_app("lint", mine, "--json", "--fix").status == status


def test_a_warning_counts_here_but_not_in_check(timer_app: Inside, mine: Path) -> None:
    mine.write_text(CLEAN + '[[steps]]\nname = "A"\nhold = "20s"\nsides = "both"\n', encoding="utf-8")
    assert timer_app("check", mine, "--fast").status == 0
    found = timer_app("lint", mine, "--json")
    assert found.status == 1
    assert [problem["severity"] for problem in json.loads(found.out)] == ["warning"]


def test_line_ends_a_mark_at_the_start_and_a_link_are_kept(timer_app: Inside, mine: Path) -> None:
    mine.write_bytes(("\N{BYTE ORDER MARK}" + BROKEN.replace("\n", "\r\n")).encode())
    link = mine.with_name("link.toml")
    link.symlink_to(mine)
    timer_app("lint", link, "--fix")
    assert mine.read_bytes() == ("\N{BYTE ORDER MARK}" + MENDED.replace("\n", "\r\n")).encode()
    assert link.is_symlink()


def test_slips_are_mended_one_after_the_other(timer_app: Inside, mine: Path) -> None:
    mine.write_text('schema = 1\nname = “Mine”\n[steps]]\nhold: 20s\nname = "A\n', encoding="utf-8")
    assert timer_app("lint", mine, "--fix").status == 0
    assert mine.read_text(encoding="utf-8") == 'schema = 1\nname = "Mine"\n[[steps]]\nhold = "20s"\nname = "A"\n'


def test_many_slips_of_one_kind_are_mended_without_looking_at_the_file_for_each(
    timer_app: Inside, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = '[[steps]]\nname = "A"\nhold = "5s"\nmarsk = "none"\n'
    mine.write_text('name = "Mine"\n' + step * 60, encoding="utf-8")
    analysed: list[str] = []

    def count(text: str, **more: Any) -> Analysis:
        analysed.append(text)
        return analyse(text, **more)

    monkeypatch.setattr("timer_app.analysis.analyse", count)
    found = timer_app("lint", mine, "--fix")
    assert (found.status, found.out) == (0, "1 file: no faults; 61 fixed\n")
    assert found.err.splitlines()[-1] == f'{mine}:242:1: Change to "marks"'
    assert mine.read_text(encoding="utf-8") == 'schema = 1\nname = "Mine"\n' + step.replace("marsk", "marks") * 60
    assert len(analysed) == 3


def test_many_slips_are_mended_at_once_where_their_tables_lack_something_else(
    timer_app: Inside, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.write_text('schema = 1\nname = "Mine"\n' + '[[steps]]\nhodl = "5s"\nmarsk = "none"\n' * 60, encoding="utf-8")
    analysed: list[str] = []

    def count(text: str, **more: Any) -> Analysis:
        analysed.append(text)
        return analyse(text, **more)

    monkeypatch.setattr("timer_app.analysis.analyse", count)
    assert timer_app("lint", mine, "--fix").out.splitlines()[-1].endswith("; 120 fixed")
    assert mine.read_text(encoding="utf-8").count('hold = "5s"\nmarks = "none"') == 60
    assert len(analysed) < 8


def test_a_file_without_an_end_is_not_looked_at_for_each_slip_and_another_call_goes_on(
    timer_app: Inside, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.write_text(
        "# A note without an end.\n" * 30_000 + "".join(f"k{n} = “a”\n" for n in range(40)), encoding="utf-8"
    )
    analysed: list[int] = []

    def count(text: str, **more: Any) -> Analysis:
        analysed.append(len(text))
        return analyse(text, **more)

    monkeypatch.setattr("timer_app.analysis.analyse", count)
    first = timer_app("lint", mine, "--fix").out.splitlines()[-1]
    assert first == "1 file: 1 error; 6 fixed"
    assert sum(analysed) < 6_000_000
    assert timer_app("lint", mine, "--fix").out.splitlines()[-1] == first
    assert mine.read_text(encoding="utf-8").count('"a"') == 12


def test_of_two_slips_of_the_same_key_one_is_mended(timer_app: Inside, mine: Path) -> None:
    head = 'schema = 1\nname = "Mine"\n[[steps]]\nname = "A"\nhold = "5s"\n'
    mine.write_text(f'{head}marsk = "none"\nmakrs = "none"\n', encoding="utf-8")
    assert timer_app("lint", mine, "--fix").out.splitlines()[-1] == "1 file: 1 error; 1 fixed"
    assert mine.read_text(encoding="utf-8") == f'{head}marks = "none"\nmakrs = "none"\n'


def test_a_file_that_cannot_be_written_is_told_in_a_line(
    timer_app: Inside, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("timer_app.system.files.sync_file", full)
    found = timer_app("lint", mine, "--fix")
    assert found.err == f"timer-app lint: {mine} cannot be written: No space left on device\n"
    assert [path.name for path in mine.parent.glob("*.toml*")] == ["mine.toml"]
    assert mine.read_text(encoding="utf-8") == BROKEN


def test_a_file_that_is_not_there_is_told_as_check_tells_it(timer_app: Inside, tmp_path: Path) -> None:
    name = tmp_path / "nowhere.toml"
    assert timer_app("lint", name, "--fix").out == timer_app("check", name, "--fast").out.replace(
        "; lengths are estimated", ""
    )
