"""Widgets that cache the lines they have drawn: Textual asks for all of them at every change nearby."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Self

from rich.style import Style
from textual.cache import LRUCache
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_ROW_CACHE_SIZE = 512  # a picture of twenty rows eight times a second repeats most of them in every breath


class CachedWidget(Widget):
    """Draws only the lines that were reported as changed.

    The compositor puts together every widget that shares a container with one that changed, line by line; that costs
    several times what the change itself does. Name it last among the bases of a class: style sheets follow the first.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._cached_strips: list[Strip] = []
        self._cached_crop: Region | None = None
        self._stale_regions: set[Region] = set()
        self._row_cache: LRUCache[tuple[int, Hashable], Strip] = LRUCache(_ROW_CACHE_SIZE)
        self._own_style: Style | None = None

    @property
    def own_style(self) -> Style:
        """The widget's own colours; they are looked for once, not once a line."""
        if self._own_style is None:
            self._own_style = self.rich_style
        return self._own_style

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw these regions of the content anew, or all."""
        if regions and not layout:
            self._stale_regions.update(regions)
        else:
            self._invalidate_cache()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Take the new colours."""
        super().notify_style_update()
        self._invalidate_cache()

    def row_cache_key(self, y: int) -> Hashable | None:  # noqa: ARG002 - those that know it ask for the row
        """What row `y` of the content shows, as a cache key; `None` if it must not be cached."""
        return None

    def render_lines(self, crop: Region) -> list[Strip]:
        if crop != self._cached_crop:
            self._cached_strips, self._cached_crop = super().render_lines(crop), crop
            self._row_cache.clear()
        elif self._stale_regions:
            self._render_stale_rows(crop)
        self._stale_regions.clear()
        return self._cached_strips

    def _render_stale_rows(self, crop: Region) -> None:
        offset = self.content_offset
        lines = Region.from_union([region.translate(offset) for region in self._stale_regions]).line_span
        rows = range(max(lines[0], crop.y), min(lines[1], crop.bottom))
        if not rows:
            return
        looks = [self.row_cache_key(y - offset.y) for y in rows]
        known = [None if look is None else self._row_cache.get((y, look)) for y, look in zip(rows, looks, strict=True)]
        strips = [strip for strip in known if strip is not None]
        if len(strips) < len(rows):
            strips = super().render_lines(Region(crop.x, rows.start, crop.width, len(rows)))
            for y, look, strip in zip(rows, looks, strips, strict=True):
                if look is not None:
                    self._row_cache[y, look] = strip
        self._cached_strips[rows.start - crop.y : rows.stop - crop.y] = strips

    def _invalidate_cache(self) -> None:
        self._cached_crop = None
        self._own_style = None


class CachedHorizontal(Horizontal, CachedWidget):
    """A row of widgets."""


class CachedVertical(Vertical, CachedWidget):
    """A column of widgets."""
