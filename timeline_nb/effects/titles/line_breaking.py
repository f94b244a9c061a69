"""Line breaking and shaping: text as lines of runs in visual order."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, Final

from timeline_nb.effects.titles.fonts import Face, faces_for, length_px
from timeline_nb.errors import CompositionError

__all__ = [
    "LetterStyle",
    "Run",
    "TextLine",
    "Typesetting",
    "break_lines",
    "letter_styles",
]

# Color bitmap fonts have this one size; their letters are scaled.
_BITMAP_PX: Final = 109.0


@dataclass(frozen=True)
class LetterStyle:
    """The style of letters within a text.

    Args:
        italic: Whether they are italic.
        bold: Whether they are bold.
        underline: Whether a line is drawn below them.
        strikeout: Whether a line is drawn through them.
        color: `#rrggbb`, or `#rrggbbaa` with opacity.
    """

    italic: bool = False
    bold: bool = False
    underline: bool = False
    strikeout: bool = False
    color: str = "#ffffff"


@dataclass(frozen=True)
class Run:
    """Consecutive letters of one face and one style.

    Args:
        text: The letters in reading order.
        face: Their face.
        size: Size of the face, in pixels.
        scale: Factor by which the drawn letters are scaled.
        width: Width in pixels, after scaling.
        letter_style: Their style.
    """

    text: str
    face: Face
    size: float
    scale: float
    width: float
    letter_style: LetterStyle

    @property
    def needs_slant(self) -> bool:
        """Whether an upright face must be slanted to look italic."""
        return self.letter_style.italic and not self.face.is_slanted and self.scale == 1


@dataclass(frozen=True)
class TextLine:
    """One line of text: runs from left to right.

    Args:
        runs: Runs in visual order.
        width: Width in pixels.
        is_rtl: Whether the line is read from right to left.
    """

    runs: tuple[Run, ...]
    width: float
    is_rtl: bool


@dataclass(frozen=True)
class Typesetting:
    """The faces and styles that a text is set in.

    Args:
        face: Face of letters without a style of their own.
        size: Size in pixels.
        styles: Style of each letter; one for all, or none, if all are alike.
        faces: Faces of styles that have one of their own.
        substitute: Whether missing letters are drawn as boxes of `face`, and words
            wider than the line are broken.
        most_rows: The largest number of lines; 0 for no limit.
    """

    face: Face
    size: float
    styles: Sequence[LetterStyle] = ()
    faces: Mapping[LetterStyle, Face] | None = None
    substitute: bool = False
    most_rows: int = 0


def letter_styles(
    text: str, whole: LetterStyle, spans: Sequence[tuple[Any, ...]]
) -> list[LetterStyle]:
    """Return the style of each letter; later spans override earlier ones.

    Args:
        text: The text.
        whole: Style of letters in no span.
        spans: First letter, the letter after the last, and pairs of names and values.
    """
    if not spans:
        return []
    edges = {0, len(text)}
    for start, end, *_ in spans:
        edges |= {min(start, len(text)), min(end, len(text))}
    found: list[LetterStyle] = []
    for left, right in pairwise(sorted(edges)):
        own = {**vars(whole)}
        for start, end, *values in spans:
            if start <= left < end:
                own.update(values)
        found += [LetterStyle(**own)] * (right - left)
    return found


def break_lines(text: str, kind: Typesetting, width: float) -> list[TextLine]:
    """Break a text into lines of at most `width` pixels, at spaces.

    Raises:
        CompositionError: No installed font has some letter.
    """
    lines = []
    at = 0
    for paragraph in text.split("\n"):
        for start, end in _rows(text, at, at + len(paragraph), kind, width):
            lines.append(_line(text, start, end, kind))
            if kind.most_rows and len(lines) >= kind.most_rows:
                return lines
        at += len(paragraph) + 1
    return lines


def _rows(
    text: str, begin: int, stop: int, kind: Typesetting, width: float
) -> Iterator[tuple[int, int]]:
    """Yield the first letter and the end of each row, without spaces at the break."""
    ends = [place for place in range(begin, stop) if text[place] == " "] + [stop]
    start, word = begin, 0
    while word < len(ends):
        while kind.substitute and ends[word] - start > 1:
            wide = _line(text, start, ends[word], kind).width
            if wide <= width:
                break
            letters = ends[word] - start
            cut = min(max(1, int(letters * width / wide)), letters - 1)
            yield start, start + cut
            start += cut
        last = _last_that_fits(text, start, ends, word, kind, width)
        yield start, ends[last]
        start, word = ends[last] + 1, last + 1


def _last_that_fits(
    text: str,
    start: int,
    ends: Sequence[int],
    word: int,
    kind: Typesetting,
    width: float,
) -> int:
    """Return the number of the last word that a row takes, at least its first.

    Each measure shapes the row anew: a search takes few, where a row has many words.
    """
    fits, beyond, step = word, len(ends), 1
    while fits + 1 < beyond:
        tried = min(fits + step, beyond - 1)
        if _line(text, start, ends[tried], kind).width <= width:
            fits, step = tried, step * 2
        else:
            beyond, step = tried, max(1, (tried - fits) // 2)
    return fits


def _line(text: str, start: int, end: int, kind: Typesetting) -> TextLine:
    runs = []
    for letter_style, part in _parts(text, start, end, kind):
        face = (kind.faces or {}).get(letter_style, kind.face)
        runs += [
            _run(own, found, kind.size, letter_style)
            for own, found in faces_for(part, face, substitute=kind.substitute)
        ]
    is_rtl = _reads_from_right(text[start:end])
    if is_rtl:
        # Raqm orders letters within a run; runs of several faces are ordered here.
        runs.reverse()
    return TextLine(tuple(runs), sum(run.width for run in runs), is_rtl)


def _parts(
    text: str, start: int, end: int, kind: Typesetting
) -> Iterator[tuple[LetterStyle, str]]:
    if len(kind.styles) < end:
        yield (
            kind.styles[0] if kind.styles else LetterStyle(),
            text[start:end],
        )
        return
    at = start
    for letter_style, group in groupby(kind.styles[start:end]):
        length = sum(1 for _ in group)
        yield letter_style, text[at : at + length]
        at += length


def _run(text: str, face: Face, size: float, letter_style: LetterStyle) -> Run:
    try:
        length = length_px(face, size, text)
    except CompositionError:
        scale = size / _BITMAP_PX
        length = length_px(face, _BITMAP_PX, text)
        return Run(text, face, _BITMAP_PX, scale, length * scale, letter_style)
    return Run(text, face, size, 1.0, length, letter_style)


def _reads_from_right(text: str) -> bool:
    """Return whether the first strong letter is right-to-left (UAX 9, P2 and P3)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
