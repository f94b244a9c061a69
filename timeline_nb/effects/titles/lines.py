"""Lines: text broken to a width, in runs, in the order in which it is read."""

import unicodedata
from dataclasses import dataclass

from timeline_nb.effects.titles.fonts import Face, faces_for, loaded

__all__ = ["Line", "Run", "broken"]

# Faces of coloured bitmaps have one size; what is painted is scaled.
_BITMAP_PX = 109.0


@dataclass(frozen=True)
class Run:
    """Letters of one face.

    Args:
        text: The letters, in the order in which they are written.
        face: Their face.
        size: Of the face, in pixels.
        scale: By which what is painted is enlarged.
        width: Pixels, scaled.
    """

    text: str
    face: Face
    size: float
    scale: float
    width: float


@dataclass(frozen=True)
class Line:
    """Runs from left to right.

    Args:
        runs: As they stand.
        width: Pixels.
        is_rtl: Whether it is read from the right.
    """

    runs: tuple[Run, ...]
    width: float
    is_rtl: bool


def broken(text: str, face: Face, size: float, width: float) -> list[Line]:
    """Text as lines no wider than so many pixels, where words let it.

    Raises:
        CompositionError: No font has some letter.
    """
    lines = []
    for paragraph in text.split("\n"):
        row = ""
        for word in paragraph.split(" "):
            longer = f"{row} {word}" if row else word
            if row and _line(longer, face, size).width > width:
                lines.append(_line(row, face, size))
                row = word
            else:
                row = longer
        lines.append(_line(row, face, size))
    return lines


def _line(text: str, face: Face, size: float) -> Line:
    runs = [_run(part, own, size) for part, own in faces_for(text, face)]
    is_rtl = _reads_from_right(text)
    if is_rtl:
        # Each run is put in order by Raqm; runs of several faces are not.
        runs.reverse()
    return Line(tuple(runs), sum(run.width for run in runs), is_rtl)


def _run(text: str, face: Face, size: float) -> Run:
    try:
        length = loaded(face.path, face.number, size).getlength(text)
    except OSError:
        scale = size / _BITMAP_PX
        length = loaded(face.path, face.number, _BITMAP_PX).getlength(text)
        return Run(text, face, _BITMAP_PX, scale, length * scale)
    return Run(text, face, size, 1.0, length)


def _reads_from_right(text: str) -> bool:
    """The direction of the first letter that has one (Unicode, annex 9: P2, P3)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
