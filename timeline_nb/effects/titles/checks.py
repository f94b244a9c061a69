"""Checks of texts before they are drawn: height, missing fonts and letters."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from timeline_nb.core.and_more import and_more
from timeline_nb.core.near_names import suggestion
from timeline_nb.effects.catalog import find
from timeline_nb.effects.spec import stored, values_of
from timeline_nb.effects.titles.appearance import (
    MOST_LETTERS,
    appearance_of,
    plain_text,
)
from timeline_nb.effects.titles.fonts import (
    DEFAULT,
    faces_for,
    find_face,
    letter_name,
    loaded,
    missing_letters,
)
from timeline_nb.effects.titles.line_breaking import break_lines
from timeline_nb.effects.titles.raster import check_raster, typesetting_of
from timeline_nb.effects.titles.styles import SUBTITLE_STYLES
from timeline_nb.errors import CompositionError
from timeline_nb.i18n import Message
from timeline_nb.timeline.model import Effect

__all__ = [
    "check_size",
    "check_style",
    "check_text",
    "named_style",
    "text_faults",
    "text_height",
]

_MOST_NAMED = 3


def check_text(text: str, style: Mapping[str, Any]) -> None:
    """Check that a text can be drawn in its font.

    Args:
        text: The text.
        style: Parameters of `title`; with `substitute` another font or a box stands in.

    Raises:
        CompositionError: There is no such font, or no font has some letter.
    """
    if style.get("substitute", False):
        return
    face = find_face(style.get("font", DEFAULT))
    faces_for(plain_text(text), face)


def check_size(parameters: Mapping[str, Any], size: tuple[int, int]) -> None:
    """Check that a title is no larger than what can be drawn.

    Args:
        parameters: Parameters of `title`.
        size: Width and height of the picture, in pixels.

    Raises:
        CompositionError: It is too large; what may be made smaller is named.
    """
    effect = Effect(kind="title", parameters=dict(parameters))
    values = values_of(find("title", "generator"), effect).at(0)
    text = plain_text(values["text"])
    if values["substitute"]:
        text = text[:MOST_LETTERS]
    check_raster(text, appearance_of(values, size))


def named_style(name: str) -> dict[str, Any]:
    """Return a copy of one of `SUBTITLE_STYLES`.

    Raises:
        CompositionError: There is no such style; the nearest names are given.
    """
    if name not in SUBTITLE_STYLES:
        raise CompositionError(
            f"there is no subtitle style {name!r}{suggestion(name, SUBTITLE_STYLES)}"
        )
    return dict(SUBTITLE_STYLES[name])


def check_style(style: Mapping[str, Any] | str) -> dict[str, Any]:
    """Return a style of titles or subtitles, checked, in the form that projects keep.

    Args:
        style: Parameters of `title`, or the name of one of `SUBTITLE_STYLES`.

    Raises:
        CompositionError: There is no such style, parameter or font; or a value is of
            the wrong type or out of range.
    """
    if isinstance(style, str):
        return named_style(style)
    effect = Effect(kind="title", parameters=dict(style))
    checked = stored(find("title", "generator"), effect).parameters
    check_text("", checked)
    return checked


def text_height(text: str, style: dict[str, Any], size: tuple[int, int]) -> float:
    """Return the height of a text after line breaking, as a share of the picture's.

    Args:
        text: The text, with line breaks.
        style: Parameters of `title`.
        size: Width and height of the picture, in pixels.

    Raises:
        CompositionError: A parameter is wrong, or a font or letter is missing.
    """
    spec = find("title", "generator")
    values = values_of(spec, Effect(kind="title", parameters=style)).at(0)
    appearance = appearance_of(values, size)
    kind = typesetting_of(text, appearance)
    rows = len(break_lines(plain_text(text)[:MOST_LETTERS], kind, appearance.width))
    high = sum(loaded(kind.face, appearance.size).getmetrics())
    pad = appearance.box_padding if appearance.box_color[7:] != "00" else 0.0
    return (high * (1 + (rows - 1) * appearance.line_spacing) + 2 * pad) / size[1]


def text_faults(
    texts: Iterable[tuple[str, dict[str, Any]]],
) -> Iterator[tuple[int, str]]:
    """Yield what cannot be drawn as asked: missing fonts and letters, long texts.

    Args:
        texts: Texts, each with its parameters of `title`.

    Yields:
        The number of the text, from 0, and what is drawn instead.
    """
    reported: set[str] = set()
    for number, (text, style) in enumerate(texts):
        font = str(style.get("font", "DejaVu Sans"))
        try:
            face = find_face(font)
        except CompositionError:
            face = find_face(font, substitute=True)
            if font not in reported:
                reported.add(font)
                used = Message(
                    "there is no font {font}: {family} is used",
                    font=repr(font),
                    family=repr(face.family),
                )
                yield number, used
        missing = missing_letters(plain_text(text)[:MOST_LETTERS], face)
        if missing:
            yield number, _boxes_drawn(missing)
        if len(text) > MOST_LETTERS:
            whole = Message(
                "has {letters} letters: only {most} are drawn",
                letters=f"{len(text):,}",
                most=f"{MOST_LETTERS:,}",
            )
            yield number, whole


def _boxes_drawn(missing: list[str]) -> Message:
    shown = ", ".join(map(letter_name, missing[:_MOST_NAMED]))
    named = and_more(shown, len(missing) - _MOST_NAMED)
    return Message("no font here has {named}: boxes are drawn", named=named)
