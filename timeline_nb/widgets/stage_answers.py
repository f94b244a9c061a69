"""Answers about the clips on the picture: their places, texts and fonts."""

from typing import Literal, TypeAlias

import msgspec

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.refusal import Text

__all__ = [
    "FontFile",
    "Fonts",
    "StageDraft",
    "StageLayer",
    "StageText",
    "StageView",
]

# The first row of a matrix, then the second: x is a*u + b*v + c.
Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Place: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Place, Place, Place, Place]


class StageText(msgspec.Struct, frozen=True, rename="camel"):
    """A text on the picture, and how it is set; lengths are pixels of the picture.

    Args:
        text: The text, with line breaks.
        font: Family, or the path of a file.
        size: Size of the letters, as a share of the picture's height.
        matrix: From pixels of the text's box to pixels of the picture.
        box_px: Width and height of the text with its box.
        letters_px: Size of the letters.
        line_px: Distance between lines.
        high_px: Height of one line.
        pad_px: Space between the text and the edge of its box.
        wrap_px: Width at which lines are broken.
    """

    text: str
    font: str
    size: float
    bold: bool
    italic: bool
    underline: bool
    color: str
    align: str
    matrix: Matrix
    box_px: Place
    letters_px: float
    line_px: float
    high_px: float
    pad_px: float
    wrap_px: float


class StageLayer(msgspec.Struct, frozen=True, rename="camel"):
    """A clip on the picture; places are pixels of the picture, of its full size.

    Args:
        item: The id of the clip or subtitle.
        name: Its name.
        track: The name of its track.
        type: What it is.
        locked: Whether its track is locked.
        matrix: From shares of the whole source to the picture.
        corners: Of what is visible: left top, right top, right bottom, left bottom.
        place: What moves: the clip's center, or the anchor of a text.
        scale: Factor of its size; of a text, size of its letters in pixels.
        rotation_deg: Clockwise degrees.
        crop: Shares cut off by the effect `crop`: left, top, right, bottom.
        pin: Corners of the effect `perspective`, in shares of the source.
        takes_effects: Whether it can be cropped and pinned.
        text: Its text, if it is one.
    """

    item: str
    name: str
    track: str
    type: Literal["clip", "title", "subtitle"]
    locked: bool
    matrix: Matrix
    corners: Corners
    place: Place
    scale: float
    rotation_deg: float
    crop: tuple[float, float, float, float]
    pin: Corners
    takes_effects: bool
    text: StageText | None


class StageView(Answer, frozen=True, kw_only=True, tag="stage"):
    """The clips on a frame, bottom to top."""

    frame: int
    width: int
    height: int
    layers: list[StageLayer]


class StageDraft(Answer, frozen=True, kw_only=True, tag="stageDraft"):
    """A frame with a change that is not made yet: a JPEG, or what is wrong."""

    number: int
    layers: list[StageLayer]
    problem: Text = ""


class Fonts(Answer, frozen=True, kw_only=True, tag="fonts"):
    """The font families of the machine that draws, and the named styles of texts."""

    families: list[str]
    styles: list[str]


class FontFile(Answer, frozen=True, kw_only=True, tag="fontFile"):
    """A font file, as a buffer; empty where it cannot be sent."""
