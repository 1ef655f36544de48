"""A session as a handout: one page of HTML with figures, doses and instructions, to be printed or sent as it is.

It needs nothing from anywhere else, runs no script, and lets none run. All texts are those of the session, in its
language, and so are the words around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from timer_app.core.compiler.contents import Contents, Exercise, Group, Item, Rest, Words
from timer_app.core.fields import without_placeholders
from timer_app.core.figures import key_poses
from timer_app.core.i18n import _, texts_in
from timer_app.core.wording.formatting import equipment_text, exact_length_text, rough_text
from timer_app.sharing.codes import code_svg
from timer_app.sharing.doses_text import exercise_dose, exercise_notes, group_notes
from timer_app.sharing.figure_svg import figure_svg

_STYLE = Path(__file__).with_name("handout.css")
# Nothing is loaded and nothing runs, whatever a text of a stranger's says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def handout(contents: Contents, length_ms: int, code: str = "") -> str:
    """A session as a page of HTML.

    Args:
        contents: The session.
        length_ms: How long it takes.
        code: What the QR code holds; empty for none.
    """
    with texts_in(contents.language):
        return "".join(_Handout(contents, length_ms, code).page())


@dataclass
class _Handout:
    contents: Contents
    length_ms: int
    code: str
    number: int = 0
    drawn: set[str] = field(default_factory=set)

    def page(self) -> Iterator[str]:
        """The page, piece by piece."""
        contents = self.contents
        yield f'<!doctype html>\n<html lang="{escape(contents.language)}">\n<head>\n<meta charset="utf-8">\n'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        yield f"<title>{escape(contents.name)}</title>\n"
        yield f"<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        yield from self._header()
        if contents.cautions:
            yield f'<section class="cautions">{_paragraphs(contents.cautions)}</section>\n'
        yield f"<main>{''.join(self._items(contents.items))}</main>\n</body>\n</html>\n"

    def _header(self) -> Iterator[str]:
        contents = self.contents
        yield f"<header><div><h1>{escape(contents.name)}</h1>"
        if contents.summary:
            yield f"<p>{escape(contents.summary)}</p>"
        facts = (rough_text(self.length_ms), equipment_text(contents.equipment))
        yield f'<p class="facts">{escape(" · ".join(filter(None, facts)))}</p></div>'
        if self.code:
            words = _("This code holds the session: scan it and import it into timer-app to be guided.")
            yield f'<div class="code-box">{code_svg(self.code)}{escape(words)}</div>'
        yield "</header>\n"

    def _items(self, items: Sequence[Item]) -> Iterator[str]:
        yield "<ol>"
        for item in items:
            yield f"<li>{''.join(self._item(item))}</li>\n"
        yield "</ol>"

    def _item(self, item: Item) -> Iterator[str]:
        match item:
            case Exercise():
                yield from self._exercise(item)
            case Rest(lasts_ms=lasts_ms, text=text):
                rest = _("Rest {length}").format(length=exact_length_text(lasts_ms))
                yield f'<p class="rest">{escape(". ".join(filter(None, (rest, text))))}</p>'
            case Words(text=text):
                yield f'<p class="words">{escape(text)}</p>'
            case Group():
                yield from self._group(item)

    def _group(self, group: Group) -> Iterator[str]:
        yield '<section class="group">'
        if group.name:
            yield f"<h2>{escape(group.name)}</h2>"
        if notes := group_notes(group):
            yield f'<p class="notes">{escape(", ".join(notes))}</p>'
        if group.cautions:
            yield f'<div class="cautions">{_paragraphs(group.cautions)}</div>'
        yield from self._items(group.items)
        yield "</section>"

    def _exercise(self, exercise: Exercise) -> Iterator[str]:
        self.number += 1
        figures = "".join(self._figures(exercise))
        yield f'<div class="exercise{"" if figures else " plain"}">'
        if figures:
            yield f'<div class="figures">{figures}</div>'
        yield f'<div><h3><span class="number">{self.number}</span>{escape(exercise.name)}</h3>'
        yield f'<p class="dose">{escape(exercise_dose(exercise))}</p>'
        if notes := exercise_notes(exercise):
            yield f'<p class="notes">{escape(", ".join(notes))}</p>'
        # How it is done, and how it ends, stands where it comes first.
        if exercise.name not in self.drawn:
            texts = (exercise.instruction, without_placeholders(exercise.work.finish))
            yield _paragraphs([" ".join(filter(None, texts))])
            yield "".join(
                f'<p class="caution">{escape(without_placeholders(caution))}</p>' for caution in exercise.work.cautions
            )
        self.drawn.add(exercise.name)
        yield "</div></div>"

    @staticmethod
    def _figures(exercise: Exercise) -> Iterator[str]:
        if (figure := exercise.work.figure) is not None:
            yield from (figure_svg(figure, pose, exercise.name) for pose in key_poses(figure))


def _paragraphs(texts: Sequence[str] | Iterator[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
