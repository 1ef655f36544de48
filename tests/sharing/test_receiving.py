"""What is received becomes files of one's own, after a look at them, and replaces nothing."""

from __future__ import annotations

import io
import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.command_line import Inside
from tests.sharing import OWN_SESSION, library_of, write_own
from timer_app.library import Library
from timer_app.sharing import Bundle, pack
from timer_app.sharing.link import make_link
from timer_app.system import paths


def link_of(folder: Path, name: str = "mornings") -> str:
    """The link that somebody else makes."""
    library = library_of(folder)
    return make_link(pack(library, library.find(name)).bundle)


@pytest.fixture
def link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A link from somebody with a session and exercises of their own."""
    with monkeypatch.context() as there:
        there.setenv("TIMER_APP_CONFIG", str(tmp_path / "friend"))
        write_own()
    return link_of(tmp_path / "friend")


def own_files() -> dict[str, str]:
    root = paths.config_dir()
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.rglob("*.toml")}


def test_a_link_becomes_a_session_that_runs(timer_app: Inside, link: str) -> None:
    preview = timer_app("import", link, "--dry-run")
    assert (preview.status, own_files()) == (0, {})
    assert "mornings.toml" in preview.out
    assert "2 exercises" in preview.out
    assert timer_app("import", link, "--yes").status == 0
    assert sorted(own_files()) == ["exercises/mornings.toml", "sessions/mornings.toml"]
    library = Library.default()
    session, problems = library.load(library.find("mornings"))
    assert (session.name, problems, library.find("mornings").faults) == ("Mornings", [], 0)
    assert "toe-raise" in library.catalogue
    again = timer_app("import", link, "--yes")
    assert "Everything is there already" in again.out
    assert len(own_files()) == 2


def test_nobody_is_asked_for_nothing(timer_app: Inside, link: str) -> None:
    found = timer_app("import", link)
    assert (found.status, own_files()) == (2, {})
    assert "--yes answers it" in found.err


def test_a_message_with_a_link_is_read_from_standard_input(
    timer_app: Inside, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(f"Hi!\n\n{link}\n\nBye".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert timer_app("import", "-", "--yes").status == 0
    assert "sessions/mornings.toml" in own_files()


def test_names_that_are_taken_stay_what_they_are(timer_app: Inside, link: str) -> None:
    mine = 'schema = 1\n[exercises.toe-raise]\nname = "Mine"\nsay = "Do."\nhold = "5s"\n'
    write_own({"mornings": 'schema = 1\nname = "Other"\nsteps = [{ exercise = "toe-raise" }]\n'}, mine)
    before = own_files()
    found = timer_app("import", link, "--yes")
    assert found.status == 0
    assert "toe-raise-2" in found.out
    after = own_files()
    assert {path: after[path] for path in before} == before
    assert tomllib.loads(after["sessions/mornings-2.toml"])["steps"][0] == {"exercise": "toe-raise-2"}
    assert list(tomllib.loads(after["exercises/mornings.toml"])["exercises"]) == ["toe-raise-2", "towel-row"]
    library = Library.default()
    assert library.load(library.find("mornings-2"))[1] == []
    timer_app("import", link, "--yes")
    assert own_files() == after


def test_a_bundled_session_that_is_shared_is_there_already(timer_app: Inside) -> None:
    library = Library.default()
    found = timer_app("import", make_link(pack(library, library.find("desk-break")).bundle), "--yes")
    assert (found.status, own_files()) == (0, {})
    assert "there already" in found.out


def test_what_has_faults_is_not_stored(timer_app: Inside) -> None:
    session = {"schema": 1, "name": "Bad", "steps": [{"exercise": "wall-sqat"}, {"name": "X", "hold": "30 parsecs"}]}
    found = timer_app("import", make_link(Bundle(session, {}, {})), "--yes")
    assert (found.status, own_files()) == (1, {})
    assert "bad.toml" in found.err
    assert "wall-squat" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    "session",
    [
        {},
        {"name": ["x"]},
        {"schema": 1, "name": "Plank \x1b[2J", "steps": [{"say": "x"}]},
        {"schema": 1, "name": "M", "sound": {"music": "/etc"}, "steps": [{"say": "x"}]},
        {"schema": 1, "name": "M", "steps": [{"say": "x", "recording": "../../x.wav"}]},
        {"schema": 1, "name": "M", "voice": {"name": "piper:/etc/passwd"}, "steps": [{"say": "x"}]},
        {"schema": 1, "name": "M", "steps": "x", "defaults": []},
    ],
)
def test_what_strangers_put_into_a_session_is_a_fault_like_any_other(
    timer_app: Inside, session: dict[str, object]
) -> None:
    found = timer_app("import", make_link(Bundle(session, {}, {})), "--yes")
    assert (found.status, own_files()) == (1, {})
    assert found.err
    assert "\x1b" not in found.out + found.err
    assert "Traceback" not in found.err


def test_a_session_named_by_another_one_comes_with_it(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = 'schema = 1\nname = "All"\n[[steps]]\nsession = "mornings"\n'
    with monkeypatch.context() as there:
        there.setenv("TIMER_APP_CONFIG", str(tmp_path / "friend"))
        write_own({"all": more, "mornings": OWN_SESSION})
    link = link_of(tmp_path / "friend", "all")
    write_own({"mornings": 'schema = 1\nname = "Mine"\nsteps = [{ say = "x" }]\n'}, "schema = 1\nexercises = {}\n")
    assert timer_app("import", link, "--yes").status == 0
    files = own_files()
    assert tomllib.loads(files["sessions/all/all.toml"])["steps"] == [{"session": "mornings"}]
    assert tomllib.loads(files["sessions/all/mornings.toml"])["name"] == "Mornings"
    assert "Mine" in files["sessions/mornings.toml"]
    library = Library.default()
    assert library.find("all/all").faults == 0
    timer_app("import", link, "--yes")
    assert own_files() == files


def test_a_shared_link_is_told_as_json(timer_app: Inside, link: str) -> None:
    (told,) = json.loads(timer_app("import", link, "--dry-run", "--json").out)
    assert (told["format"], [file["kind"] for file in told["files"]]) == ("shared", ["session", "exercises"])
