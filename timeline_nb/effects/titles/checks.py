"""Texts looked over before they are painted: how high they are, and what is missing."""

from collections.abc import Iterable, Iterator
from typing import Any

from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import values_of
from timeline_nb.effects.titles.appearance import (
    MOST_LETTERS,
    appearance_of,
    plain_text,
)
from timeline_nb.effects.titles.fonts import find_face, lacking, letter_name, loaded
from timeline_nb.effects.titles.lines import broken
from timeline_nb.effects.titles.raster import type_of
from timeline_nb.errors import CompositionError
from timeline_nb.timeline.model import Effect

__all__ = ["text_faults", "text_height"]

_SHOWN = 3


def text_height(text: str, style: dict[str, Any], size: tuple[int, int]) -> float:
    """How high a text is when it is broken, as a share of the picture.

    Args:
        text: With line breaks.
        style: Parameters of `title`.
        size: Width and height of the picture, in pixels.

    Raises:
        CompositionError: A parameter makes no sense, or a font or letter is missing.
    """
    spec = find("title", "generator")
    values = values_of(spec, Effect(kind="title", parameters=style)).at(0)
    look = appearance_of(values, size)
    kind = type_of(text, look)
    rows = len(broken(plain_text(text)[:MOST_LETTERS], kind, look.width))
    high = sum(loaded(kind.face.path, kind.face.number, look.size).getmetrics())
    pad = look.box_padding if look.box_color[7:] != "00" else 0.0
    return (high * (1 + (rows - 1) * look.line_spacing) + 2 * pad) / size[1]


def text_faults(
    texts: Iterable[tuple[str, dict[str, Any]]],
) -> Iterator[tuple[int, str]]:
    """What cannot be painted of texts as they ask for it.

    Args:
        texts: Each with its parameters of `title`.

    Yields:
        The number of the text, from 0, and what is painted instead.
    """
    told: set[str] = set()
    for number, (text, style) in enumerate(texts):
        font = str(style.get("font", "DejaVu Sans"))
        try:
            face = find_face(font)
        except CompositionError:
            face = find_face(font, substitute=True)
            if font not in told:
                told.add(font)
                yield number, f"there is no font {font!r}: {face.family!r} is taken"
        missing = lacking(plain_text(text)[:MOST_LETTERS], face)
        if missing:
            named = ", ".join(map(letter_name, missing[:_SHOWN]))
            more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            yield number, f"no font here has {named}{more}: boxes are painted"
        if len(text) > MOST_LETTERS:
            yield number, f"has {len(text):,} letters: {MOST_LETTERS:,} are painted"
