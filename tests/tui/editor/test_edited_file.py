from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from timer_app.core.diagnostics import FileFault
from timer_app.system.paths import own_sessions_dir, shipped_sessions_dir
from timer_app.tui.editor.edited_file import EditedFile, new_file, own_copy_of
from timer_app.tui.editor.own_editor import open_elsewhere, own_editor


def test_the_version_that_was_opened_stays_beside_the_file_however_often_it_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("one", encoding="utf-8")
    edited = EditedFile(path)
    assert edited.read() == "one"
    for text in ("two", "three"):
        edited.save(text)
    assert (path.read_text(encoding="utf-8"), edited.backup.read_text(encoding="utf-8")) == ("three", "one")
    assert edited.backup.name == "mine.toml~"


def test_what_others_made_of_the_file_is_noticed_and_kept_when_it_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("one", encoding="utf-8")
    edited = EditedFile(path)
    edited.read()
    edited.save("two")
    assert edited.others_version() is None
    path.write_text("theirs", encoding="utf-8")
    assert edited.others_version() == "theirs"
    edited.save("three")
    assert edited.backup.read_text(encoding="utf-8") == "theirs"
    path.unlink()
    assert edited.others_version() is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither modes nor links for everybody")
def test_a_file_keeps_its_mode_and_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_text("one", encoding="utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    edited = EditedFile(link)
    edited.read()
    edited.save("two")
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == "two"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert stat.S_IMODE(edited.backup.stat().st_mode) == 0o640


def test_a_file_that_cannot_be_written_leaves_the_draft(tmp_path: Path) -> None:
    edited = EditedFile(tmp_path / "missing" / "mine.toml")
    edited.keep_draft("typed")
    with pytest.raises(OSError, match="No such file"):
        edited.save("typed")
    found = EditedFile(edited.path).find_draft("")
    assert found is not None
    assert found.text == "typed"


def test_a_draft_is_offered_until_it_is_saved_or_no_other_text(tmp_path: Path) -> None:
    edited = EditedFile(tmp_path / "mine.toml")
    edited.keep_draft("typed")
    assert edited.find_draft("typed") is None
    edited.save("typed")
    assert edited.find_draft("") is None
    assert not edited.draft_file.exists()


@pytest.mark.parametrize("content", ["", "[]", '{"text": 3}', "\\x00", '{"text": "a'])
def test_a_draft_that_is_broken_is_none(tmp_path: Path, content: str) -> None:
    edited = EditedFile(tmp_path / "mine.toml")
    edited.keep_draft("typed")
    edited.draft_file.write_text(content, encoding="utf-8")
    assert edited.find_draft("") is None


def test_a_copy_of_a_shipped_session_appears_when_it_is_saved_with_its_translations() -> None:
    edited = own_copy_of(shipped_sessions_dir() / "desk-break.toml")
    text = edited.read()
    assert (edited.is_new, edited.path) == (True, own_sessions_dir() / "desk-break.toml")
    assert not edited.path.exists()
    edited.save(text)
    assert sorted(path.name for path in own_sessions_dir().iterdir()) == ["desk-break.de.toml", "desk-break.toml"]
    assert not edited.backup.exists()


def test_a_shipped_session_that_was_taken_away_meanwhile_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="there is no such file"):
        own_copy_of(tmp_path / "desk-break.toml").read()


def test_a_new_file_takes_no_name_that_is_there() -> None:
    first = new_file("mine", "text")
    first.save(first.read())
    assert new_file("mine", "").path.name == "mine-2.toml"
    assert json.loads(json.dumps(first.read())) == "text"


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"EDITOR": "nano"}, ["nano"]),
        ({"EDITOR": "nano", "VISUAL": "code --wait"}, ["code", "--wait"]),
        ({"EDITOR": " "}, None),
        ({"EDITOR": "it's"}, ["it's"]),
    ],
)
def test_the_editor_of_the_user_is_found(environment: dict[str, str], command: list[str] | None) -> None:
    assert own_editor(environment) == command


def test_an_editor_that_cannot_be_started_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor-anywhere")
    assert "no-such-editor-anywhere" in open_elsewhere(tmp_path)
    monkeypatch.setenv("EDITOR", "true")
    assert open_elsewhere(tmp_path) == ""
