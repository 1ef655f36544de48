"""Handouts, PDF and Markdown: whole, in the session's language, and safe whatever a text says."""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.command_line import Inside
from tests.e2e.browser import chromium
from tests.sharing import SHIPPED, read_code
from timer_app.core.compiler import EstimatedLengths
from timer_app.core.compiler.contents import Contents, contents_of
from timer_app.core.i18n import current_language
from timer_app.library import Library
from timer_app.sharing.doses_text import exercise_dose, group_notes
from timer_app.sharing.handout import handout
from timer_app.sharing.link import read_link
from timer_app.sharing.markdown import escaped, markdown_text
from timer_app.sharing.pdf import paper_of

_VOID = ("meta", "circle", "polyline", "path", "rect", "br")


class Page(HTMLParser):
    """The elements and the texts of a page, each element closed where it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def contents_in(library: Library, name: str) -> Contents:
    session, _problems = library.load(library.find(name))
    return contents_of(session, library.plan(session, EstimatedLengths()))


def contents(tmp_path: Path, text: str) -> Contents:
    path = tmp_path / "try.toml"
    path.write_text(f"schema = 1\n{text}\n", encoding="utf-8")
    return contents_in(Library.default(), str(path))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", SHIPPED)
def test_a_handout_has_every_exercise_with_its_figure_and_needs_nothing_else(name: str, language: str) -> None:
    found = contents_in(Library.default(language), name)
    page = Page(handout(found, 600_000, "TIMER-APP:A1"))
    assert ("lang", language) in page.attributes
    shown = "\n".join(page.texts)
    exercises = list(found.exercises())
    assert all(exercise.name in shown for exercise in exercises)
    drawn = sum(1 for name_, value in page.attributes if (name_, value) == ("class", "figure"))
    assert drawn >= len(exercises)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(page.elements)
    assert not any(name_.startswith("on") or name_ in {"src", "href"} for name_, _value in page.attributes)
    assert current_language() == "en"


def test_a_text_of_a_strangers_is_never_more_than_a_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>&\\\"'<img src=x onerror=alert(1)>"
    text = f"""name = "{evil}"
summary = "{evil}"
cautions = ["{evil}"]
language = "en"
steps = [
  {{ say = "{evil}" }},
  {{ name = "{evil}", say = "{evil}", reps = 3, equipment = ["{evil}"], finish = "{evil}", cautions = ["{evil}"] }},
  {{ name = "{evil}", rounds = 2, steps = [{{ rest = "5s", say = "{evil}" }}] }},
]"""
    found = contents(tmp_path, text)
    page = Page(handout(found, 600_000))
    assert not {"script", "img"} & set(page.elements)
    assert not any(name.startswith("on") for name, _value in page.attributes)
    assert "<script>alert(1)</script>&\"'<img src=x onerror=alert(1)>" in page.texts
    assert "<" not in markdown_text(found, 600_000).replace("\\<", "")


@pytest.mark.e2e
def test_the_code_on_a_handout_is_read_by_a_camera_and_a_browser_prints_it(timer_app: Inside, tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    assert timer_app("share", "desk-break", "--to", "handout", "-o", out).status == 0
    with sync_playwright() as playwright, chromium(playwright) as browser:
        tab = browser.new_page(viewport={"width": 800, "height": 600}, device_scale_factor=3)
        tab.goto(out.as_uri())
        picture = tab.locator("svg.code").screenshot()
    assert read_link(read_code(picture)).name == "Desk break"
    found = timer_app("share", "desk-break", "--to", "pdf", "-o", tmp_path / "x.pdf")
    assert (found.status, found.err) == (0, "")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("environment", "paper"),
    [
        ({}, "A4"),
        ({"LANG": "de_DE.UTF-8"}, "A4"),
        ({"LANG": "en_US.UTF-8"}, "letter"),
        ({"LANG": "en_US.UTF-8", "LC_PAPER": "en_GB.UTF-8"}, "A4"),
        ({"LC_ALL": "C"}, "A4"),
    ],
)
def test_the_paper_is_that_of_where_one_lives(environment: dict[str, str], paper: str) -> None:
    assert paper_of(environment) == paper


@pytest.mark.parametrize(
    ("browser", "said"),
    [("", "a PDF needs a browser"), (sys.executable, "did not print"), ("/nowhere/chrome", "did not print")],
)
def test_where_nothing_prints_that_is_said_and_nothing_is_written(
    timer_app: Inside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: str, said: str
) -> None:
    monkeypatch.setattr("timer_app.sharing.pdf.find_browser", lambda: browser)
    found = timer_app("share", "desk-break", "--to", "pdf", "-o", tmp_path / "x.pdf")
    assert (found.status, found.out, list(tmp_path.glob("*.pdf"))) == (1, "", [])
    assert said in found.err


@pytest.mark.parametrize(
    ("dose", "said"),
    [
        ('hold = "20-30s"', "20\N{EN DASH}30 s"),
        ('hold = "50-70s", sets = 2', "2 × 50 s \N{EN DASH} 1:10"),
        ('reps = "8-12", sides = "each"', "8\N{EN DASH}12 reps each side"),
        ("reps = 1", "1 rep"),
        ('reps = ["8-10", 6]', "8, 6 reps to 10, 6 reps"),
        ('hold = "max"', "max"),
        ('distance = "400 m"', "400 m"),
    ],
)
def test_a_dose_is_told_with_its_range(tmp_path: Path, dose: str, said: str) -> None:
    (exercise,) = contents(tmp_path, f'name = "Try"\nsteps = [{{ name = "Squat", {dose} }}]').exercises()
    assert exercise_dose(exercise) == said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ('rounds = 3, rest = "60s"', ["3 rounds", "rest 1:00 between rounds"]),
        ('rounds = "2-4"', ["2\N{EN DASH}4 rounds", "rest 10 s between rounds"]),
        ('every = "90s", rounds = 4', ["4 rounds", "a round begins every 1:30"]),
        ('within = "12m"', ["as many rounds as possible in 12:00"]),
        (
            'sides = "each", between = "15s"',
            ["rest 15 s between exercises", "all on the left side, then all on the right"],
        ),
        ("pick = 1, shuffle = true", ["1 of these, another one each time", "in any order"]),
    ],
)
def test_what_holds_for_a_group_is_told_at_its_head(tmp_path: Path, keys: str, said: list[str]) -> None:
    steps = 'steps = [{ name = "A", hold = "5s" }, { name = "B", hold = "5s" }]'
    (group,) = contents(tmp_path, f'name = "Try"\nsteps = [{{ {keys}, {steps} }}]').items
    assert group_notes(group) == said  # type: ignore[arg-type]


def test_markdown_is_the_session_in_its_language(timer_app: Inside) -> None:
    found = timer_app("share", "wall-and-shoulders", "--to", "markdown", "--language", "de")
    assert (found.status, found.err) == (0, "")
    assert found.out.startswith("# Wand und Schultern\n")
    assert "    - **Wandsitz**: 30 s \N{EN DASH} 1:00" in found.out
    assert "Runden" in found.out
    as_json = timer_app("share", "wall-and-shoulders", "--to", "markdown", "--language", "de", "--json")
    assert json.loads(as_json.out)["text"] == found.out
    assert escaped("1. *a* <b> - c") == "1\\. \\*a\\* \\<b\\> - c"
