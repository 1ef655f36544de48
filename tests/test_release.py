"""A release is held against what git tracks: these are the rules for what belongs in the wheel and in the sdist."""

from __future__ import annotations

from tests.scripts import load_script

TRACKED = [
    ".ci/run",
    ".gitignore",
    "README.md",
    "scripts/release.py",
    "sessions/exercises/ball.toml",
    "sounds/calm/end.wav",
    "tests/test_release.py",
    "timer_app/phrases/en.toml",
]
release = load_script("release")


def test_the_wheel_has_the_package_with_its_data_inside_it_and_no_tests() -> None:
    expected = release.expected_in_wheel(TRACKED, "timer_app-1.0.dist-info")
    assert {name for name in expected if ".dist-info" not in name} == {
        "timer_app/phrases/en.toml",
        "timer_app/_data/sessions/exercises/ball.toml",
        "timer_app/_data/sounds/calm/end.wav",
    }
    assert "timer_app-1.0.dist-info/licenses/LICENSE" in expected


def test_the_sdist_has_the_whole_source_without_the_dotfiles_of_the_repository() -> None:
    expected = release.expected_in_sdist(TRACKED, "timer_app-1.0")
    left_out = [name for name in TRACKED if f"timer_app-1.0/{name}" not in expected]
    assert left_out == [".ci/run"]
    assert "timer_app-1.0/PKG-INFO" in expected


def test_a_file_that_is_missing_and_one_too_many_are_both_reported() -> None:
    assert release.differences("the wheel", {"a", "b"}, {"b", "c"}) == [
        "the wheel lacks a",
        "the wheel should not contain c",
    ]


def test_lines_have_to_be_printed_in_their_order() -> None:
    assert release.first_missing(["one", "two"], "one\ntwo\n") is None
    assert release.first_missing(["two", "one"], "one\ntwo\n") == "one"
    assert release.first_missing(["same", "same"], "same\n") == "same"
