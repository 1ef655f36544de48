"""The wheel and the editable install both find sessions, sounds and phrases."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import timer_app
from timer_app.library.library import Library
from timer_app.system import paths
library = Library.default()
print(timer_app.__file__)
print(paths.shipped_sessions_dir())
print(*library.ids())
print(len(library.catalogue), *sorted(library.sounds.themes))
print(library.phrases("en").rest)
"""

pytestmark = pytest.mark.e2e


def answers(cwd: Path, **env: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", ASK], check=True, capture_output=True, text=True, cwd=cwd, env={**os.environ, **env}
    )
    return done.stdout.splitlines()


def test_the_editable_install_finds_what_is_shipped(tmp_path: Path) -> None:
    where, sessions, ids, catalogue, rest = answers(tmp_path)
    assert Path(where).parent == ROOT / "timer_app"
    assert Path(sessions) == ROOT / "sessions"
    assert "upper-back-release" in ids.split()
    assert int(catalogue.split()[0]) > 30
    assert "calm" in catalogue.split()
    assert rest


def test_the_wheel_holds_what_is_shipped(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheels, target = tmp_path / "wheels", tmp_path / "installed"
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(wheels), str(ROOT)], check=True)
    (wheel,) = wheels.glob("*.whl")
    subprocess.run([*pip, "install", "--no-compile", "--no-deps", "--target", str(target), str(wheel)], check=True)
    installed = answers(tmp_path, PYTHONPATH=str(target))
    editable = answers(tmp_path)
    assert Path(installed[0]).is_relative_to(target)
    assert Path(installed[1]) == target / "timer_app" / "_data" / "sessions"
    assert installed[2:] == editable[2:]
    page = Path("timer_app", "web", "page")
    assert {path.name for path in (target / page).iterdir()} == {path.name for path in (ROOT / page).iterdir()}
