"""Layouts: split screens for any number of pictures."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from timeline_nb.errors import TimelineError
from timeline_nb.timeline.model import Fit, Transform

__all__ = ["Cell", "ScreenLayout", "layout", "layout_names", "transform_in"]

MAX_CELLS: Final = 25


@dataclass(frozen=True)
class Cell:
    """The place of a picture, in shares of the screen.

    Args:
        left: Its left edge.
        top: Its top edge.
        width: Its width.
        height: Its height.
        fit: `fill` crops the picture to the cell, `fit` shows all of it.
    """

    left: float
    top: float
    width: float
    height: float
    fit: Fit = "fill"


@dataclass(frozen=True)
class ScreenLayout:
    """A split screen.

    Args:
        name: The rule and the number of cells, such as `grid-4`.
        cells: Bottom to top.
    """

    name: str
    cells: tuple[Cell, ...]


def _grid(count: int, aspect: float) -> list[Cell]:
    """Return cells of about the screen's aspect, wider ones in a short last row."""
    columns = max(1, min(count, round(math.sqrt(count * max(1.0, aspect / 1.78)))))
    if aspect < 1:
        columns = max(1, min(count, round(math.sqrt(count * aspect / 0.5625) / 1.34)))
    rows = math.ceil(count / columns)
    cells = []
    for row in range(rows):
        own = min(columns, count - row * columns)
        cells += [Cell(n / own, row / rows, 1 / own, 1 / rows) for n in range(own)]
    return cells


def _rows(count: int, _: float) -> list[Cell]:
    return [Cell(0, n / count, 1, 1 / count) for n in range(count)]


def _columns(count: int, _: float) -> list[Cell]:
    return [Cell(n / count, 0, 1 / count, 1) for n in range(count)]


def _one_big(count: int, aspect: float) -> list[Cell]:
    """Return a large cell with the others beside it, or below it on a tall screen."""
    small = count - 1
    share = 0.7 if small <= 4 else 0.6
    lanes = 1 if small <= 5 else 2 if small <= 12 else 3
    deep = math.ceil(small / lanes)
    cells = [Cell(0, 0, share, 1) if aspect >= 1 else Cell(0, 0, 1, share)]
    for n in range(small):
        lane, place = divmod(n, deep)
        own = min(deep, small - lane * deep)
        a, b = share + (1 - share) * lane / lanes, (1 - share) / lanes
        c, d = place / own, 1 / own
        cells.append(Cell(a, c, b, d) if aspect >= 1 else Cell(c, a, d, b))
    return cells


def _mirrored(count: int, aspect: float) -> list[Cell]:
    """Return the cells of `one_big`, mirrored."""
    return [
        Cell(1 - c.left - c.width, c.top, c.width, c.height)
        if aspect >= 1
        else Cell(c.left, 1 - c.top - c.height, c.width, c.height)
        for c in _one_big(count, aspect)
    ]


def _picture_in_picture(count: int, aspect: float) -> list[Cell]:
    """Return a full screen and small cells along its bottom, or a tall one's right."""
    small = count - 1
    gap = 0.03
    size = min(0.28, (1 - gap) / small - gap)
    cells = [Cell(0, 0, 1, 1)]
    for n in range(small):
        along = 1 - (size + gap) * (n + 1)
        if aspect >= 1:
            cells.append(Cell(along, 1 - size - gap, size, size))
        else:
            cells.append(Cell(1 - size - gap, along, size, size))
    return cells


def _diagonal(count: int, _: float) -> list[Cell]:
    """Return overlapping cells from the top left to the bottom right."""
    size = max(0.3, 1.6 / (count + 1))
    step = (1 - size) / (count - 1)
    return [Cell(n * step, n * step, size, size) for n in range(count)]


def _top_strip(count: int, _: float) -> list[Cell]:
    """Return a large cell with the others in a row above it."""
    small = count - 1
    high = 0.25 if small <= 6 else 0.18
    strip = [Cell(n / small, 0, 1 / small, high) for n in range(small)]
    return [Cell(0, high, 1, 1 - high), *strip]


def _center(count: int, _: float) -> list[Cell]:
    """Return a cell in the center, over a grid of the others."""
    return [*_grid(count - 1, 1.78)[: count - 1], Cell(0.25, 0.25, 0.5, 0.5)]


_RULES: Final[dict[str, tuple[Callable[[int, float], list[Cell]], int]]] = {
    "grid": (_grid, MAX_CELLS),
    "rows": (_rows, 6),
    "columns": (_columns, 6),
    "one_big": (_one_big, MAX_CELLS),
    "one_big_mirrored": (_mirrored, MAX_CELLS),
    "picture_in_picture": (_picture_in_picture, 6),
    "diagonal": (_diagonal, 6),
    "top_strip": (_top_strip, 9),
    "center": (_center, MAX_CELLS),
}


def layout_names(count: int | None = None) -> list[str]:
    """Return the names of all layouts, or of those for a number of pictures.

    Example:
        >>> tl.layout_names(2)
        ['grid-2', 'rows-2', 'columns-2', 'one_big-2', 'one_big_mirrored-2',
        'picture_in_picture-2', 'diagonal-2', 'top_strip-2', 'center-2']
    """
    numbers = range(2, MAX_CELLS + 1) if count is None else [count]
    return [
        f"{rule}-{n}"
        for rule, (_, most) in _RULES.items()
        for n in numbers
        if 2 <= n <= most
    ]


def layout(name: str, *, aspect: float = 16 / 9, gap: float = 0.0) -> ScreenLayout:
    """Return a layout by its name.

    Args:
        name: A rule and a number of pictures: `grid-4`, `one_big-6`.
        aspect: Width over height of the screen.
        gap: Between pictures and around them, in shares of the screen's height.

    Raises:
        TimelineError: There is no such layout.
    """
    rule, _, number = name.rpartition("-")
    known = _RULES.get(rule)
    count = int(number) if number.isdecimal() else 0
    if known is None or not 2 <= count <= known[1]:
        names = ", ".join(f"{r}-2 to {r}-{most}" for r, (_, most) in _RULES.items())
        raise TimelineError(f"there is no layout {name!r}; there are {names}")
    cells = [_inset(cell, gap, aspect) for cell in known[0](count, aspect)]
    return ScreenLayout(name, tuple(cells))


def _inset(cell: Cell, gap: float, aspect: float) -> Cell:
    across, down = gap / aspect / 2, gap / 2
    return Cell(
        cell.left + across,
        cell.top + down,
        cell.width - 2 * across,
        cell.height - 2 * down,
        cell.fit,
    )


def transform_in(
    cell: Cell, size: tuple[int, int], canvas: tuple[int, int]
) -> Transform:
    """Return the transform that puts a picture in its cell.

    Args:
        cell: The cell.
        size: Width and height of the picture, in pixels.
        canvas: Width and height of the screen, in pixels.
    """
    wide, high = cell.width * canvas[0], cell.height * canvas[1]
    across, down = wide / size[0], high / size[1]
    crop = (0.0, 0.0, 0.0, 0.0)
    factor = min(across, down)
    if cell.fit == "fill":
        factor = max(across, down)
        cut_x = max(0.0, (1 - wide / (size[0] * factor)) / 2)
        cut_y = max(0.0, (1 - high / (size[1] * factor)) / 2)
        crop = (cut_x, cut_y, cut_x, cut_y)
    kept = (size[0] * (1 - 2 * crop[0]), size[1] * (1 - 2 * crop[1]))
    whole = min(canvas[0] / kept[0], canvas[1] / kept[1])
    return Transform(
        position=(cell.left + cell.width / 2, cell.top + cell.height / 2),
        scale=factor / whole,
        crop=crop,
    )
