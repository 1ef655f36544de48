"""One file takes a session with its sounds along, and a file of a stranger's gets nowhere it should not."""

from __future__ import annotations

import io
import json
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.command_line import Inside
from tests.sharing import OWN_EXERCISES, write_own
from timer_app.core.diagnostics import FileFault
from timer_app.interchange import InterchangeError
from timer_app.interchange.archive import members
from timer_app.library import Library
from timer_app.sharing import ShareError
from timer_app.sharing.archive import MAX_FILES, holds_session, read_archive
from timer_app.system import paths

SESSION = """\
schema = 1
name = "With sounds"

[sound]
theme = "mine"
sounds = { end = "own/gong.wav" }
music = ["quiet"]

[recordings]
opening = "hello.wav"

[[steps]]
say = "Here we go."
recording = "own/go.wav"

[[steps]]
exercise = "toe-raise"
cues = [{ at = "start", sound = "own/gong.wav" }]

[[steps]]
session = "part"
"""
PART = """\
schema = 1
name = "Part"

[[steps]]
say = "Again."
recording = "hello.wav"
"""
RECORDED = OWN_EXERCISES.replace("reps = 12", 'reps = 12\nrecording = "voice.wav"')


@pytest.fixture
def archive(tmp_path: Path, timer_app: Inside, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a friend has shared who has sounds, music and recordings everywhere a session may name them."""
    out = tmp_path / "shared.zip"
    with monkeypatch.context() as there:
        there.setenv("TIMER_APP_CONFIG", str(tmp_path / "friend"))
        write_own({"with-sounds": SESSION, "part": PART}, RECORDED)
        tone = paths.shipped_sounds_dir() / "calm" / "tick.wav"
        for folder, name in (
            (paths.own_sessions_dir(), "own/gong.wav"),
            (paths.own_sessions_dir(), "own/go.wav"),
            (paths.own_sounds_dir(), "hello.wav"),
            (paths.own_sounds_dir(), "mine/start.wav"),
            (paths.own_music_dir(), "quiet/a.wav"),
            (paths.own_music_dir(), "quiet/b.wav"),
            (paths.own_exercises_dir(), "voice.wav"),
        ):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(tone, folder / name)
        found = timer_app("share", "with-sounds", "--to", "zip", "-o", out)
        assert (found.status, found.err) == (0, "")
    return out


def test_everything_comes_along_and_is_found(archive: Path, timer_app: Inside) -> None:
    found = timer_app("import", archive, "--yes")
    assert (found.status, found.err) == (0, "")
    library = Library.default()
    entry = library.find("with-sounds/with-sounds")
    session, problems = library.load(entry)
    assert problems == []
    media = library.media(session, entry.path.parent)
    assert len(media.music) == 2
    assert {"Here we go.", "Again."} < media.recordings.keys()
    assert library.find_sound("start", session.sound.theme, entry.path.parent, session.sound.sounds) == (
        entry.path.parent / session.sound.sounds["start"]
    )
    assert timer_app("check", entry.path, "--fast").status == 0
    files = {path: path.stat().st_mtime_ns for path in paths.config_dir().rglob("*")}
    again = timer_app("import", archive, "--yes")
    assert "Everything is there already" in again.out
    assert {path: path.stat().st_mtime_ns for path in paths.config_dir().rglob("*")} == files


def test_a_recording_of_exercises_in_two_languages_is_written_once(
    tmp_path: Path, timer_app: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "shared.zip"
    with monkeypatch.context() as there:
        there.setenv("TIMER_APP_CONFIG", str(tmp_path / "friend"))
        session = 'schema = 1\nname = "Both"\nsteps = [{ exercise = "toe-raise" }, { exercise = "fersen" }]\n'
        write_own({"both": session}, RECORDED)
        german = 'schema = 1\nlanguage = "de"\n[exercises.fersen]\nname = "Fersen heben"\nsay = "Hoch."\nreps = 5\n'
        folder = paths.own_exercises_dir()
        (folder / "german.toml").write_text(f'{german}recording = "voice.wav"\n', encoding="utf-8")
        shutil.copy(paths.shipped_sounds_dir() / "calm" / "tick.wav", folder / "voice.wav")
        assert timer_app("share", "both", "--to", "zip", "-o", out).status == 0
    found = timer_app("import", out, "--yes")
    assert (found.status, found.err) == (0, "")
    folder = paths.own_exercises_dir()
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "both-de.toml",
        "both-en.toml",
        "both/media/voice.wav",
    ]


@pytest.mark.usefixtures("archive")
def test_a_link_to_it_says_what_stays_and_works_without(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as there:
        there.setenv("TIMER_APP_CONFIG", str(tmp_path / "friend"))
        found = timer_app("share", "with-sounds", "--to", "link")
        assert "6 files stay here" in found.err
        assert "--to zip" in found.err
    assert timer_app("import", found.out.strip(), "--yes").status == 0
    assert Library.default().find("with-sounds/with-sounds").faults == 0


def test_an_archive_can_be_read_without_the_program(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = sorted(opened.namelist())
        assert json.loads(opened.read("timer-app.json")) == {
            "timer-app": "share",
            "format": 1,
            "session": "with-sounds.toml",
        }
    assert names == [
        "exercises/en.toml",
        "media/go.wav",
        "media/gong.wav",
        "media/hello.wav",
        "media/quiet/a.wav",
        "media/quiet/b.wav",
        "media/start.wav",
        "media/voice.wav",
        "sessions/part.toml",
        "timer-app.json",
        "with-sounds.toml",
    ]


Change = Callable[[zipfile.ZipFile], None]
HEAD = json.dumps({"timer-app": "share", "format": 1, "session": "x.toml"})
TOML = 'schema = 1\nname = "X"\nsteps = [{ say = "x" }]\n'


def made(change: Change, head: str = HEAD) -> io.BytesIO:
    """An archive as the program writes it, with something else in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("timer-app.json", head)
        archive.writestr("x.toml", TOML)
        change(archive)
    file.seek(0)
    return file


def named(name: str, content: bytes = b"x") -> Change:
    return lambda archive: archive.writestr(name, content)


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("media/a.wav")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def compressed(kind: int) -> Change:
    return lambda archive: archive.writestr("media/a.wav", b"x" * 100, compress_type=kind)


def encrypted(archive: zipfile.ZipFile) -> None:
    archive.writestr("media/a.wav", b"x")
    archive.infolist()[-1].flag_bits |= 1


@pytest.mark.parametrize(
    "name",
    [
        "../evil.toml", "/etc/evil.toml", "C:\\evil.toml", "media/../../evil.wav", "media\\evil.wav", "media/a.exe",
        "sessions/a/b/c/d/e.toml", "exercises/../x.toml", "media/con.wav", "sessions/aux.toml", "a.zip", "x.toml/y",
        "media/a.wav.sh", "Media/a.wav", "media/a b.wav", "media/ä.wav", "sub/x.toml", "media/.hidden.wav",
        f"media/{'a' * 300}.wav", "x.de.toml", "media/a\u202e.wav", "nul.toml", "settings.toml/", "phrases/en.toml",
    ],
)  # fmt: skip
def test_a_name_that_the_program_does_not_write_is_refused(name: str) -> None:
    with pytest.raises(ShareError, match="has something in it that no shared session has"):
        read_archive(made(named(name)))


@pytest.mark.parametrize("change", [link, compressed(zipfile.ZIP_LZMA), compressed(zipfile.ZIP_BZIP2), encrypted])
def test_what_is_no_plain_file_is_refused(change: Change) -> None:
    with pytest.raises(ShareError, match="a link, encrypted, or compressed in an unusual way"):
        read_archive(made(change))


def test_an_archive_that_unpacks_to_far_more_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timer_app.sharing.archive.MAX_BYTES", 1_000_000)
    with pytest.raises(ShareError, match="has more in it than it may"):
        read_archive(made(named("media/a.wav", b" " * 2_000_000)))
    with pytest.raises(ShareError, match="has more in it than it may"):
        read_archive(made(named("exercises/en.toml", b" " * 1_000_001)))
    with pytest.raises(ShareError, match="is larger than"):
        read_archive(io.BytesIO(b"PK\x03\x04" + b" " * 1_000_001))


def test_too_many_files_are_refused_before_their_list_is_read() -> None:
    def many(archive: zipfile.ZipFile) -> None:
        for number in range(MAX_FILES + 1):
            archive.writestr(f"media/{number}.wav", b"")

    with pytest.raises(ShareError, match=f"more than {MAX_FILES} files"):
        read_archive(made(many))


def test_an_end_that_counts_too_few_files_opens_no_list_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    many = crowded(1_000_000)
    monkeypatch.setattr("zipfile.ZipFile", lambda *_args: pytest.fail("the list was read"))
    with pytest.raises(ShareError, match=f"more than {MAX_FILES} files"):
        read_archive(io.BytesIO(many))
    with pytest.raises(InterchangeError, match="more than 1000 files"):
        members(many)


def crowded(list_bytes: int) -> bytes:
    """An archive whose usual end tells of one member, and the record before it, which is for larger ones, of many."""
    member = b"PK\x01\x02" + struct.pack("<4B4H3L5H2L", 20, 0, 20, *(0,) * 8, 1, *(0,) * 6) + b"a"  # of no bytes
    count = list_bytes // len(member)
    start = b"PK\x03\x04" + bytes(26)
    size = count * len(member)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, len(start))
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(start) + size, 1)
    return start + member * count + record + where + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46, 0, 0)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = made(named("x.toml", b'schema = 1\nname = "Y"\nsteps = [{ say = "y" }]\n'))
    with pytest.raises(ShareError, match="two files of the same name"):
        read_archive(file)


def test_a_damaged_archive_is_told_in_a_line() -> None:
    data = made(named("media/a.wav", b"RIFF")).getvalue()
    for cut in range(len(data)):
        with pytest.raises(ShareError, match="damaged"):
            read_archive(io.BytesIO(data[:cut]))
        with suppress(ShareError, FileFault):  # no sign of some fields, such as times, is looked at
            read_archive(io.BytesIO(data[:cut] + b"\xff" + data[cut + 1 :]))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("{", "is no shared session"),
        ("[" * 100_000, "is no shared session"),
        (json.dumps({"timer-app": "share", "format": 2, "session": "x.toml"}), "newer version"),
        (json.dumps({"timer-app": "share", "format": 1, "session": "../x.toml"}), "is no shared session"),
    ],
)
def test_the_head_of_an_archive_is_believed_nothing(head: str, said: str) -> None:
    with pytest.raises(ShareError, match=said):
        read_archive(made(named("media/a.wav"), head))


def test_an_archive_of_routines_is_none_of_these(tmp_path: Path, timer_app: Inside) -> None:
    path = tmp_path / "routines.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("plan.txt", "Plan\nPlank 30s")
    with path.open("rb") as file:
        assert not holds_session(file)
    assert timer_app("import", path, "--yes").status == 0


def test_a_hostile_archive_leaves_nothing_behind(tmp_path: Path, timer_app: Inside) -> None:
    for number, change in enumerate(
        (named("../evil.toml"), link, named("exercises/en.toml", b"[exercises.x]\nname = 1"))
    ):
        path = tmp_path / f"{number}.zip"
        path.write_bytes(made(change).getvalue())
        before = sorted(tmp_path.rglob("*"))
        found = timer_app("import", path, "--yes")
        assert found.status == 1
        assert "Traceback" not in found.err
        assert [one for one in sorted(tmp_path.rglob("*")) if one.suffix == ".toml"] == []
        assert sorted(tmp_path.rglob("*.zip")) == [one for one in before if one.suffix == ".zip"]


def test_a_file_that_nothing_names_is_left_out(tmp_path: Path, timer_app: Inside) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(made(named("media/a.wav")).getvalue())
    found = timer_app("import", path, "--yes")
    assert (found.status, [one.name for one in paths.config_dir().rglob("*.wav")]) == (0, [])
    assert "no session and no exercise names this file" in found.out
