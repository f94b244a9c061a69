"""Lines: text break_lines to a width, in runs, in the order in which it is read."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from timeline_nb.effects.titles.fonts import Face, faces_for, loaded

__all__ = [
    "LetterStyle",
    "Run",
    "TextLine",
    "Typesetting",
    "break_lines",
    "letter_styles",
]

# Faces of colored bitmaps have one size; what is rasterize is scaled.
_BITMAP_PX: Final = 109.0


@dataclass(frozen=True)
class LetterStyle:
    """How letters differ from one another within a text.

    Args:
        italic: Leaning.
        bold: Heavy.
        underline: With a line below.
        strikeout: With a line through.
        color: `#rrggbb`, or `#rrggbbaa` with opacity.
    """

    italic: bool = False
    bold: bool = False
    underline: bool = False
    strikeout: bool = False
    color: str = "#ffffff"


@dataclass(frozen=True)
class Run:
    """Letters of one face and one letter_style.

    Args:
        text: The letters, in the order in which they are written.
        face: Their face.
        size: Of the face, in pixels.
        scale: By which what is rasterize is enlarged.
        width: Pixels, scaled.
        letter_style: Their appearance.
    """

    text: str
    face: Face
    size: float
    scale: float
    width: float
    letter_style: LetterStyle

    @property
    def needs_slant(self) -> bool:
        """Whether it is slanted when rasterize, as its face does not slant itself."""
        return self.letter_style.italic and not self.face.is_slanted and self.scale == 1


@dataclass(frozen=True)
class TextLine:
    """Runs from left to right.

    Args:
        runs: As they stand.
        width: Pixels.
        is_rtl: Whether it is read from the right.
    """

    runs: tuple[Run, ...]
    width: float
    is_rtl: bool


@dataclass(frozen=True)
class Typesetting:
    """What text is set in.

    Args:
        face: Of letters that are nothing special.
        size: Pixels.
        styles: Of each letter; all alike where there are none.
        faces: Of styles that have one of their own.
        substitute: Whether letters that no font has are set in `face`, as boxes, and
            words that are too wide are break_lines.
        most_rows: How many lines are set at most; 0 for all.
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
    """The letter_style of each letter; later spans lie over former ones.

    Args:
        text: The letters.
        whole: Where no span is.
        spans: First letter, the one behind the last, and pairs of names and values.
    """
    if not spans:
        return []
    found = [{**vars(whole)} for _ in text]
    for start, end, *looks in spans:
        for own in found[start:end]:
            own.update(looks)
    return [LetterStyle(**own) for own in found]


def break_lines(text: str, kind: Typesetting, width: float) -> list[TextLine]:
    """Text as lines no wider than so many pixels, where words let it.

    Raises:
        CompositionError: No font has some letter.
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
    """Where the rows of a paragraph begin and end, without the space between them."""
    start = end = begin
    word = begin
    while word <= stop:
        space = text.find(" ", word, stop)
        after = stop if space < 0 else space
        if word > start and _line(text, start, after, kind).width > width:
            yield start, end
            start = word
        while kind.substitute and after - start > 1 and start >= word:
            wide = _line(text, start, after, kind).width
            if wide <= width:
                break
            cut = min(max(1, int((after - start) * width / wide)), after - start - 1)
            yield start, start + cut
            start = word = start + cut
        end, word = after, after + 1
    yield start, stop


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
        # Each run is put in order by Raqm; runs of several faces are not.
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
        length = loaded(face.path, face.number, size).getlength(text)
    except OSError:
        scale = size / _BITMAP_PX
        length = loaded(face.path, face.number, _BITMAP_PX).getlength(text)
        return Run(text, face, _BITMAP_PX, scale, length * scale, letter_style)
    return Run(text, face, size, 1.0, length, letter_style)


def _reads_from_right(text: str) -> bool:
    """The direction of the first letter that has one (Unicode, annex 9: P2, P3)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"L", "R", "AL"}:
            return kind != "L"
    return False
