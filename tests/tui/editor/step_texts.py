"""Texts of sessions with comments in every place; steps, blocks and parts in all ways to write them; tables between."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from timer_app.tui.editor.step_tree import inner_key

_COMMENT = re.compile(r"#c\d+")
WORDS = st.sampled_from(["Bücke dich", "a # b", "x", 'say "hi"', "{side}", "ゆっくり"])
VALUES = st.one_of(WORDS, st.integers(0, 90), st.booleans())
_PLAIN = st.dictionaries(st.sampled_from(["say", "name", "hold", "sets", "exercise"]), VALUES, min_size=1, max_size=4)
PART = st.dictionaries(st.sampled_from(["name", "for", "say", "breath"]), VALUES, min_size=1, max_size=3)
_WITH_PARTS = st.builds(
    lambda keys, key, parts: {**keys, key: parts},
    *(_PLAIN, st.sampled_from(["flow", "tempo"]), st.lists(PART, min_size=1, max_size=3)),
)
STEP = st.one_of(_PLAIN, _PLAIN, _WITH_PARTS)
BLOCK_KEYS = st.dictionaries(st.sampled_from(["name", "rounds", "rest"]), VALUES, max_size=2)


def _blocks(steps: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    inner = st.lists(steps, min_size=1, max_size=3)
    return st.builds(lambda keys, inside: {**keys, "steps": inside}, BLOCK_KEYS, inner)


STEPS = st.lists(st.recursive(STEP, _blocks, max_leaves=5), max_size=4)


class Writer:
    """Writes steps, each list in one of the ways that there are.

    Args:
        draw: Decides.
        is_tidy: There are no comments apart from steps, nor blank lines but one between steps with headers. All lists
            are written in one way, or there are no comments.
    """

    def __init__(self, draw: st.DrawFn, *, is_tidy: bool) -> None:
        self._draw = draw
        self._is_tidy = is_tidy
        self._comments = 0
        self._way = draw(st.sampled_from(["headers", "rows", "mixed"])) if is_tidy else ""
        self._is_plain = self._way == "mixed"

    def _chance(self) -> bool:
        return self._draw(st.booleans())

    def comment(self, wanted: bool | None = None) -> str:
        """A comment that is like no other, or none."""
        self._comments += 1
        is_wanted = self._chance() if wanted is None else wanted
        return f"#c{self._comments}" if is_wanted and not self._is_plain else ""

    def _is_way(self, way: str) -> bool:
        """Whether a list is written in this way."""
        return self._chance() if self._way in {"", "mixed"} else self._way == way

    def _comment_row(self, indent: str = "") -> list[str]:
        return [f"{indent}{self.comment(True)}"] if not self._is_plain and self._chance() else []

    def _wild(self) -> bool:
        return not self._is_tidy and self._chance()

    def session(self, steps: list[dict[str, Any]]) -> str:
        head = [self.comment(), f"schema = 1 {self.comment()}", 'name = "N"', ""]
        tail = ["", *self._comment_row(), "[sound]", 'theme = "calm"'] if self._chance() else []
        lines = self._headed(steps, "steps") if self._is_way("headers") or not steps else [*self._list(steps, "")]
        text = "\n".join([*head, *lines, *tail]) + (
            "\n" if self._is_tidy else self._draw(st.sampled_from(["", "\n\n"]))
        )
        return text.replace("\n", "\r\n") if self._chance() else text

    def _headed(self, steps: list[dict[str, Any]], prefix: str) -> list[str]:
        lines: list[str] = []
        for number, step in enumerate(steps):
            if number or self._wild():
                lines += [""] if self._is_tidy or self._chance() else []
            lines += [self.comment(True), ""] if self._wild() else []
            lines += self._comment_row()
            lines.append(f"[[{prefix}]] {self.comment()}".rstrip())
            lines += self._pairs(step)
            key = inner_key(step)
            if key:
                # Headers of parts are gone where a step comes back from a list in brackets.
                if self._is_way("headers") and not (self._is_plain and key != "steps"):
                    lines += ["", *self._headed(step[key], f"{prefix}.{key}")]
                else:
                    lines += self._list(step[key], "", key)
            elif not prefix.endswith(("flow", "tempo")) and not self._is_plain and self._chance():
                lines += [f"[[{prefix}.cues]]", 'at = "1/2"', f'say = "h" {self.comment()}']
        return lines

    def _pairs(self, step: dict[str, Any]) -> list[str]:
        lines = []
        for key, value in step.items():
            if not isinstance(value, list):
                lines.append(f"{key} = {written(value)} {self.comment()}".rstrip())
                lines += [self.comment(True)] if self._wild() else []
        return lines

    def _list(self, steps: list[dict[str, Any]], indent: str, key: str = "steps") -> list[str]:
        return f"{indent}{key} = {self._brackets(steps, indent)}".split("\n")

    def _brackets(self, steps: list[dict[str, Any]], indent: str) -> str:
        if not self._is_way("rows"):
            return f"[{', '.join(self._braces(step, None) for step in steps)}]"
        lines = [f"[ {self.comment(self._wild())}".rstrip()]
        further = f"{indent}  "
        for index, step in enumerate(steps):
            lines += self._comment_row(further)
            lines += [""] if self._wild() else []
            comma = "" if index == len(steps) - 1 and self._wild() else ","
            lines.append(f"{further}{self._braces(step, further)}{comma} {self.comment()}".rstrip())
        return "\n".join([*lines, f"{indent}]"])

    def _braces(self, step: dict[str, Any], indent: str | None) -> str:
        """A step in braces; what is in it in one row where there is no indent."""
        pairs = [f"{key} = {written(value)}" for key, value in step.items() if not isinstance(value, list)]
        if key := inner_key(step):
            row = f"[{', '.join(self._braces(one, None) for one in step[key])}]"
            pairs.append(f"{key} = {row if indent is None else self._brackets(step[key], indent)}")
        return f"{{ {', '.join(pairs)} }}"


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@st.composite
def session_texts(draw: st.DrawFn, *, is_tidy: bool = False) -> str:
    """Texts of sessions."""
    return Writer(draw, is_tidy=is_tidy).session(draw(STEPS))


def comments_of(text: str) -> list[str]:
    return sorted(_COMMENT.findall(text))
