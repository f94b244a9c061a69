"""Requests of the handles and the texts on the picture.

A request that changes something is a draft if it has `draft_px`, the width of the
picture that is asked for: it is drawn with the change, and nothing is changed.
"""

from typing import Annotated, ClassVar, Literal, TypeAlias

from msgspec import Meta

from timeline_nb.widgets.answer import Answer
from timeline_nb.widgets.bounds import (
    Coordinate,
    Count,
    FrameNumber,
    Name,
    PathText,
    SizePx,
    Text,
)
from timeline_nb.widgets.request import Request
from timeline_nb.widgets.stage_answers import FontFile, StageView

__all__ = [
    "ChangeOnPicture",
    "CropRequest",
    "EditTextRequest",
    "FontFileRequest",
    "FontsRequest",
    "PinRequest",
    "PlaceOnPictureRequest",
    "StageRequest",
]

Factor: TypeAlias = Annotated[float, Meta(ge=1e-4, le=1e4)]
# Of a picture that no one wants to see all of.
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
PinShare: TypeAlias = Annotated[float, Meta(ge=-10, le=10)]
TextSize: TypeAlias = Annotated[float, Meta(ge=0.005, le=1)]


class StageRequest(Request, frozen=True, kw_only=True, tag="askStage"):
    """Return the places of the clips on a frame."""

    answered_by: ClassVar[type[Answer]] = StageView

    frame: FrameNumber


class FontsRequest(Request, frozen=True, kw_only=True, tag="askFonts"):
    """Send the font families there are."""


class FontFileRequest(Request, frozen=True, kw_only=True, tag="askFontFile"):
    """Return the file of a font, with which the browser sets the same lines."""

    answered_by: ClassVar[type[Answer]] = FontFile

    font: PathText
    bold: bool
    italic: bool


class ChangeOnPicture(Request, frozen=True, kw_only=True):
    """The fields of every change on the picture.

    Args:
        item: The id of the clip or subtitle.
        frame: The frame that is seen; what is animated gets a keyframe there.
        draft_px: The width of the picture to send, without changing anything; 0 to
            make the change.
        draft: A number that goes back with the draft.
    """

    item: Name
    frame: FrameNumber
    draft_px: SizePx = 0
    draft: Count = 0


class PlaceOnPictureRequest(
    ChangeOnPicture, frozen=True, kw_only=True, tag="placeOnPicture"
):
    """Scale and rotate an item about a point, then move it; in pixels."""

    dx: Coordinate = 0.0
    dy: Coordinate = 0.0
    factor: Factor = 1.0
    turn_deg: Coordinate = 0.0
    about_x: Coordinate = 0.0
    about_y: Coordinate = 0.0


class CropRequest(ChangeOnPicture, frozen=True, kw_only=True, tag="cropOnPicture"):
    """Cut off shares of a clip's sides."""

    left: Share
    top: Share
    right: Share
    bottom: Share


class PinRequest(ChangeOnPicture, frozen=True, kw_only=True, tag="pinOnPicture"):
    """Move a clip's corners, in shares of its picture from the left top one."""

    left_top: tuple[PinShare, PinShare]
    right_top: tuple[PinShare, PinShare]
    right_bottom: tuple[PinShare, PinShare]
    left_bottom: tuple[PinShare, PinShare]


class EditTextRequest(ChangeOnPicture, frozen=True, kw_only=True, tag="editText"):
    """Change the text or the style of a title or subtitle."""

    text: Text | None = None
    style: Name | None = None
    font: PathText | None = None
    size: TextSize | None = None
    bold: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    color: Name | None = None
    align: Literal["left", "center", "right", "start"] | None = None
